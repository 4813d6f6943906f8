"""Dice: many streams seeded at once are those that NumPy seeds one by one."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim import dice, streams, ziggurat
from sim.arithmetic import compiled
from sim.arrays import PAGE

words = st.lists(st.integers(0, 2**32 - 1), min_size=4, max_size=12)


@given(st.lists(words, min_size=1, max_size=4), st.lists(st.integers(0, 2**32 - 1), min_size=1))
def test_streams_begin_where_numpy_lets_them_begin(entropies, last):
    found = streams.states([np.array(each, np.uint32) for each in entropies], last)
    for states, word in zip(found, last):
        for state, entropy in zip(states, entropies):
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


def test_compiled_dice_are_numpys_bit_for_bit():
    """A million and a half of them: some hundred from the tail, some ten thousand refused."""
    addresses, rows, pages = 40, 36, 4
    entropies = [np.array([9, n, 0, 0], np.uint32) for n in range(addresses)]
    states = streams.states(entropies, range(pages))
    thrown = np.empty((addresses, rows, pages, PAGE), np.float32)
    compiled().throw(states, rows - 1, thrown)
    bits = np.random.SFC64(0)
    for page, begun in enumerate(states):
        for address, state in enumerate(begun):
            bits.state = streams.as_state(state)
            own = np.random.Generator(bits)
            normals = own.standard_normal((rows - 1, PAGE), np.float32)
            assert thrown[address, :-1, page].tobytes() == normals.tobytes()
            uniforms = 2 * own.random(PAGE, np.float32) - 1
            assert thrown[address, -1, page].tobytes() == uniforms.tobytes()
    assert (np.abs(thrown) > ziggurat.EDGE).sum() > 100


def test_where_there_is_nothing_to_throw_nothing_is_thrown():
    assert dice.PagedDice(0, 0, 1).normals([], 3).shape == (0, 3, PAGE)
