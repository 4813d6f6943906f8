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

from sim.arrays import PAGE, REAL, WORLDS, Reals
from sim.errors import RequestError

REMEMBERED = 1024
"""Pages of dice kept for the next what-if of the same seed: those of some two thousand worlds, 12 MB."""


class Dice(Protocol):
    """Standard draws, wherever they come from: normals, and uniforms between -1 and 1."""

    @property
    def shown(self) -> slice:
        """Which columns are the worlds that count."""

    def normals(self, addresses: Sequence[str], rows: int) -> Reals:
        """(addresses, rows, D) standard normals."""

    def both(self, address: str) -> Reals:
        """(2, D): one standard normal and one uniform for each world."""


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
        pages = self._pages()
        thrown = np.empty((len(addresses), rows, len(pages), PAGE), REAL)
        for place, address in enumerate(addresses):
            for column, page in enumerate(pages):
                thrown[place, :, column] = _normals(self.seed, address, page, rows)
        return thrown.reshape(len(addresses), rows, -1)

    def both(self, address: str) -> Reals:
        """(2, D): one standard normal and one uniform for each world."""
        pages = [_both(self.seed, address, page) for page in self._pages()]
        return np.concatenate(pages, axis=WORLDS)

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

    def both(self, address: str) -> Reals:
        """(2, 1) zeros."""
        return np.zeros((2, 1), self.dtype)


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

    def both(self, address: str) -> Reals:
        """(2, D): what was given, twice."""
        return np.repeat(self.normals([address], 1)[0], 2, axis=0)


def checked_seed(seed: int) -> int:
    """A seed is a whole number at or above zero; zero is a seed."""
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        raise RequestError(f"the seed is {seed}; write a whole number at or above 0")
    return int(seed)


def _stream(seed: int, address: str, page: int) -> np.random.Generator:
    key = int.from_bytes(address.encode())
    entropy = np.concatenate([_words(seed), _words(key), _words(page)])
    return np.random.Generator(np.random.SFC64(np.random.SeedSequence(entropy)))


def generator(seed: int, address: str) -> np.random.Generator:
    """Dice of one's own for a seed and a purpose, for what is no number of a scenario."""
    return _stream(checked_seed(seed), address, 0)


@functools.lru_cache(4096)
def _words(number: int) -> NDArray[np.uint32]:
    """A whole number as `SeedSequence` cuts it up, which takes it a third of the time so."""
    count = max(1, -(-number.bit_length() // 32))
    return np.frombuffer(number.to_bytes(4 * count, "little"), "<u4").astype(np.uint32)


@functools.lru_cache(REMEMBERED)
def _normals(seed: int, address: str, page: int, rows: int) -> Reals:
    """Standard normals of one page, for nobody to write on. (rows, PAGE)."""
    return _stream(seed, address, page).standard_normal((rows, PAGE), dtype=REAL)


@functools.lru_cache(REMEMBERED)
def _both(seed: int, address: str, page: int) -> Reals:
    """One standard normal and one uniform, for nobody to write on. (2, PAGE)."""
    stream = _stream(seed, address, page)
    normal = stream.standard_normal((1, PAGE), dtype=REAL)
    return np.concatenate([normal, 2 * stream.random((1, PAGE), dtype=REAL) - 1])
