"""Dice: many streams seeded at once are those that NumPy seeds one by one."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim import dice, streams
from sim.arrays import PAGE

words = st.lists(st.integers(0, 2**32 - 1), min_size=4, max_size=12)


@given(st.lists(words, min_size=1, max_size=4), st.lists(st.integers(0, 2**32 - 1), min_size=1))
def test_streams_begin_where_numpy_lets_them_begin(entropies, last):
    sequences = [np.random.SeedSequence(np.array(each, np.uint32)) for each in entropies]
    found = streams.states(sequences, last)
    for row, entropy in zip(found, entropies):
        for state, word in zip(row, last):
            whole = np.random.SeedSequence(np.array([*entropy, word], np.uint32))
            np.testing.assert_array_equal(state, np.random.SFC64(whole).state["state"]["state"])


def test_dice_are_those_of_a_generator_of_their_own():
    seed, address, page = 5, "members.POL", 3
    stream = dice.generator(seed, address)  # that of page 0
    first = dice.PagedDice(seed, 0, PAGE).normals([address], 4)[0]
    np.testing.assert_array_equal(first, stream.standard_normal((4, PAGE), np.float32))
    later = dice.PagedDice(seed, page * PAGE, (page + 1) * PAGE).normals([address, "clauses.x"], 4)
    among = dice.PagedDice(seed, 0, (page + 9) * PAGE).normals(["clauses.x", address], 4)
    np.testing.assert_array_equal(later[0], among[1, :, page * PAGE : (page + 1) * PAGE])
    assert not (later[0] == first).any()


def test_thrown_dice_are_for_nobody_to_write_on():
    thrown = dice.PagedDice(0, 0, 1).both(["assumptions.trust"])
    assert not thrown.flags.writeable
