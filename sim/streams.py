"""The states of many streams of dice at once, bit for bit as NumPy seeds them one by one.

A block of worlds needs hundreds of streams, and NumPy takes as long to seed one as to throw its dice.
Here the last steps of seeding, which differ between the pages of an address, run over all of them
together. Source: NumPy's `SeedSequence` and `SFC64`, whose streams NumPy promises to keep; the first
after O'Neill (2015), Developing a seed_seq Alternative, the second after Doty-Humphrey, PractRand.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint32]
Longs = NDArray[np.uint64]

POOL, WARM_UP, WORDS = 4, 12, 6
"""Words of a pool; steps before the first number; words that seed SFC64: three long ones."""

START_IN, TIMES_IN = 0x43B0D7E5, 0x931E8875
START_OUT, TIMES_OUT = 0x8B51F9DD, 0x58F38DED
LEFT, RIGHT = np.uint32(0xCA01F9DD), np.uint32(0x4973F715)
HALF_WORD = np.uint32(16)


def states(entropies: Sequence[Words], last: Sequence[int]) -> Longs:
    """The states of SFC64 seeded with each entropy and one more word. -> (L, S, 4).

    entropies: of at least four words each; last: words below 2³².
    """
    assert all(len(entropy) >= POOL for entropy in entropies)  # else the last word belongs into it
    pools = [np.random.SeedSequence(entropy).pool for entropy in entropies]
    taken = [_taken(len(entropy)) for entropy in entropies]
    mixed = _stirred(
        np.array(pools, np.uint32).reshape(-1, POOL),
        np.array(taken, np.uint32).reshape(-1, POOL + 1),
        np.array(last, np.uint32),
    )
    return _warmed_up(_drawn(mixed))


@functools.cache
def _taken(words: int) -> Words:
    """The multipliers of the next word of entropy, after a pool that was made of so many."""
    done = POOL + POOL * (POOL - 1) + POOL * (words - POOL)
    return _powers(START_IN, TIMES_IN, done + POOL + 1)[done:]


def _powers(start: int, times: int, count: int) -> Words:
    return np.array([start * pow(times, n, 2**32) % 2**32 for n in range(count)], np.uint32)


TAKEN_OUT = _powers(START_OUT, TIMES_OUT, WORDS + 1)[:, None]


def _stirred(pools: Words, taken: Words, last: Words) -> Words:
    """Pools after one more word. (S, 4), (S, 5), (L,) -> (S, 4, L)."""
    word = (last ^ taken[:, :POOL, None]) * taken[:, 1:, None]
    word ^= word >> HALF_WORD
    mixed = LEFT * pools[..., None] - RIGHT * word
    mixed ^= mixed >> HALF_WORD
    return mixed


def _drawn(pools: Words) -> Longs:
    """The long words that seed a stream. (S, 4, L) -> (S, 3, L)."""
    words = (pools[:, np.arange(WORDS) % POOL] ^ TAKEN_OUT[:-1]) * TAKEN_OUT[1:]
    words ^= words >> HALF_WORD
    low, high = words[:, 0::2].astype(np.uint64), words[:, 1::2].astype(np.uint64)
    return low | high << np.uint64(32)


def _warmed_up(seeds: Longs) -> Longs:
    """SFC64 after its first steps. (S, 3, L) -> (L, S, 4)."""
    one, other, third = np.ascontiguousarray(seeds.transpose(1, 2, 0))
    for count in range(1, WARM_UP + 1):
        drawn = one + other + np.uint64(count)
        one = other ^ other >> np.uint64(11)
        other = third + (third << np.uint64(3))
        third = (third << np.uint64(24) | third >> np.uint64(40)) + drawn
    counter = np.full_like(one, WARM_UP + 1)
    return np.stack([one, other, third, counter], axis=-1)


def as_state(state: Longs) -> Any:
    """What an SFC64 takes for its state, nothing of it used yet. (4,)."""
    return {
        "bit_generator": "SFC64",
        "state": {"state": state},
        "has_uint32": 0,
        "uinteger": 0,
    }
