"""Dice: standard draws for every uncertain number, each from its own stream, or chosen by hand.

A stream belongs to a seed, an address and a page of 256 worlds, never to a place in a list or to the
number of worlds asked for. So world w of a seed is the same in a run of a hundred and of a million,
on one worker or on many; a new member leaves the others' dice alone; and two what-ifs differ by the
change, not by the dice: a page always throws all of its dice.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from sim import arithmetic, streams
from sim.arrays import PAGE, REAL, Reals
from sim.errors import RequestError

REMEMBERED = 64
"""Throws kept for the next what-if of a seed: of twelve thousand worlds; thirty members take 25 MB."""

TOGETHER = 32
"""Pages whose streams are seeded together."""

FIRST, FEW = 48, 4
"""Throws are kept of the first pages, and where few are asked for: what a long run throws comes once."""


class Dice(Protocol):
    """Standard draws, wherever they come from: normals, and uniforms between -1 and 1."""

    @property
    def shown(self) -> slice:
        """Which columns are the worlds that count."""

    def normals(self, addresses: Sequence[str], rows: int) -> Reals:
        """(addresses, rows, D) standard normals."""

    def both(self, addresses: Sequence[str]) -> Reals:
        """(addresses, 2, D): one standard normal and one uniform for each world."""


@dataclass(frozen=True)
class PagedDice:
    """Draws for a run of worlds of a seed, in whole pages."""

    seed: int
    first: int
    stop: int

    @property
    def shown(self) -> slice:
        """Which columns of the pages are the worlds asked for."""
        offset = self.first % PAGE
        return slice(offset, offset + self.stop - self.first)

    def normals(self, addresses: Sequence[str], rows: int) -> Reals:
        """(addresses, rows, D); an address's first rows do not depend on how many there are."""
        return _thrown(self.seed, tuple(addresses), self._pages(), rows, 0)

    def both(self, addresses: Sequence[str]) -> Reals:
        """(addresses, 2, D): one standard normal and one uniform for each world."""
        return _thrown(self.seed, tuple(addresses), self._pages(), 1, 1)

    def _pages(self) -> range:
        return range(self.first // PAGE, -(-self.stop // PAGE))


@dataclass(frozen=True)
class NoDice:
    """The world of central values: every draw is zero."""

    dtype: Any

    @property
    def shown(self) -> slice:
        """The only column."""
        return slice(0, 1)

    def normals(self, addresses: Sequence[str], rows: int) -> Reals:
        """(addresses, rows, 1) zeros."""
        return np.zeros((len(addresses), rows, 1), self.dtype)

    def both(self, addresses: Sequence[str]) -> Reals:
        """(addresses, 2, 1) zeros."""
        return np.zeros((len(addresses), 2, 1), self.dtype)


@dataclass(frozen=True)
class GivenDice:
    """Draws that somebody has chosen, for D worlds; whatever is not given is zero, the central value.

    given {stream: (rows, D)}: of a member, clause or item its standard normals in order; of an
    assumption one row, whose values stand for the normal and for the uniform between -1 and 1 alike.
    """

    given: Mapping[str, Reals]
    count: int

    @property
    def shown(self) -> slice:
        """All worlds that were given; the rest of the last page is filled with central ones."""
        return slice(0, self.count)

    def normals(self, addresses: Sequence[str], rows: int) -> Reals:
        """(addresses, rows, D) what was given, zeros elsewhere."""
        chosen = np.zeros((len(addresses), rows, -(-self.count // PAGE) * PAGE), REAL)
        for place, address in enumerate(addresses):
            values = self.given.get(address)
            if values is not None:
                chosen[place, : len(values), : self.count] = values[:rows]
        return chosen

    def both(self, addresses: Sequence[str]) -> Reals:
        """(addresses, 2, D): what was given, twice."""
        return np.repeat(self.normals(addresses, 1), 2, axis=1)


def checked_seed(seed: int) -> int:
    """A seed is a whole number at or above zero; zero is a seed."""
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        raise RequestError(f"the seed is {seed}; write a whole number at or above 0")
    return int(seed)


def generator(seed: int, address: str) -> np.random.Generator:
    """Dice of one's own for a seed and a purpose, for what is no number of a scenario."""
    sequence = np.random.SeedSequence(_entropy(checked_seed(seed), address, 0))
    return np.random.Generator(np.random.SFC64(sequence))


def _thrown(
    seed: int, addresses: tuple[str, ...], pages: range, normals: int, uniforms: int
) -> Reals:
    """Normals, then uniforms between -1 and 1, for nobody to write on. (addresses, rows, D)."""
    kept = pages.stop <= FIRST and len(pages) <= FEW
    throw = _remembered if kept else _throw
    return throw(seed, addresses, pages, normals, uniforms)


def _throw(
    seed: int, addresses: tuple[str, ...], pages: range, normals: int, uniforms: int
) -> Reals:
    thrown = np.empty((len(addresses), normals + uniforms, len(pages), PAGE), REAL)
    states = np.stack([_begun(seed, addresses, p // TOGETHER)[p % TOGETHER] for p in pages])
    if arithmetic.loaded():
        arithmetic.compiled().throw(states, normals, thrown)
    else:
        _throw_one_by_one(states, normals, thrown)
    thrown.flags.writeable = False
    return thrown.reshape(len(addresses), normals + uniforms, len(pages) * PAGE)


def _throw_one_by_one(states: NDArray[np.uint64], normals: int, thrown: Reals) -> None:
    bits = np.random.SFC64(0)
    dice = np.random.Generator(bits)
    for column, begun in enumerate(states):
        for rows, state in zip(thrown, begun):
            bits.state = streams.as_state(state)
            rows[:normals, column] = dice.standard_normal((normals, PAGE), REAL)
            rest = rows[normals:, column]
            rest[...] = 2 * dice.random(rest.shape, REAL) - 1


@functools.lru_cache(64)
def _begun(seed: int, addresses: tuple[str, ...], group: int) -> NDArray[np.uint64]:
    """The states with which the streams of a group of pages begin. (TOGETHER, addresses, 4)."""
    pages = range(group * TOGETHER, (group + 1) * TOGETHER)
    return streams.states([_entropy(seed, address) for address in addresses], pages)


_remembered = functools.lru_cache(REMEMBERED)(_throw)


@functools.lru_cache(4096)
def _entropy(seed: int, address: str, *page: int) -> NDArray[np.uint32]:
    """What a stream is seeded with, but for its page where that is left out."""
    key = int.from_bytes(address.encode())
    return np.concatenate([_words(number) for number in (seed, key, *page)])


def _words(number: int) -> NDArray[np.uint32]:
    """A whole number as `SeedSequence` cuts it up."""
    count = max(1, -(-number.bit_length() // 32))
    return np.frombuffer(number.to_bytes(4 * count, "little"), "<u4").astype(np.uint32)
