"""What a sweep asks: which numbers take which values, and the cells that these make."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.constants import MOST
from sim.dice import checked_seed
from sim.errors import OnevetoError, RequestError, ScenarioError, short
from sim.outcome import versions
from sim.scenario import Scenario, locate, parse, sha256, spelled, with_changes
from sim.scenario.address import MEMBERSHIP, WORDS, places
from sim.scenario.mistakes import spell
from sim.scenario.ranges import spread
from sim.worlds import checked_count

EXAMPLE = "assumptions.trust=-2:2:41 or rule=consensus,majority"

LONGEST = 1_000_000
"""Values of one address; more is a typing error."""

CHECKED = 64
"""Cells that are tried before a sweep begins, some ten milliseconds each."""

FEW = 16
"""Values of an address that are all tried, with the first of the others."""

PART_CELLS, PART_WORLDS, PARTS = 1000, 2**20, 16
"""The largest part, in cells and, if it has several, in worlds; and about how many parts at least."""


@dataclass(frozen=True)
class Vary:
    """A number of the scenario, or a word, and the values that it takes one after the other."""

    address: str
    values: tuple[Any, ...]


@dataclass(frozen=True)
class Plan:
    """Every combination of the values, each played in the same worlds of the seed.

    Cells are numbered from 0 with the last of the varies changing fastest, as digits do. A part is a
    number of cells in a row that become one file.
    """

    scenario: Scenario
    varies: tuple[Vary, ...]
    worlds: int
    seed: int

    @property
    def cells(self) -> int:
        """How many combinations there are."""
        return math.prod(len(vary.values) for vary in self.varies)

    @property
    def part_cells(self) -> int:
        """Cells of every part but the last; the same wherever and by however many it is played."""
        few = -(-self.cells // PARTS)
        return max(1, min(PART_CELLS, PART_WORLDS // self.worlds, few))

    @property
    def parts(self) -> int:
        """How many files it becomes."""
        return -(-self.cells // self.part_cells)

    def cells_of(self, part: int) -> range:
        """The cells of a part."""
        return range(part * self.part_cells, min((part + 1) * self.part_cells, self.cells))

    def values(self, cell: int) -> dict[str, Any]:
        """What a cell changes, by address."""
        found = {}
        for vary in reversed(self.varies):
            cell, place = divmod(cell, len(vary.values))
            found[vary.address] = vary.values[place]
        return dict(reversed(found.items()))

    def scenario_of(self, cell: int) -> Scenario:
        """The scenario of a cell.

        Raises RequestError when its values do not fit.
        """
        values = self.values(cell)
        try:
            return with_changes(self.scenario, values)
        except OnevetoError as error:
            problem = error.problems[0] if isinstance(error, ScenarioError) else str(error)
            raise RequestError(f"the cell {short(spelled(values), 120)}: {problem}") from None

    def seats(self, cell: int) -> list[str]:
        """Who sits at the table in a cell."""
        varied = any(vary.address in MEMBERSHIP for vary in self.varies)
        return list((self.scenario_of(cell) if varied else self.scenario).seats)

    def check(self) -> None:
        """Try the cells of a small sweep; of a large one the outermost, and every value of a short list.

        Raises RequestError for the first whose values do not fit.
        """
        for cell in self._tried():
            self.scenario_of(cell)

    def _tried(self) -> Iterable[int]:
        if self.cells <= CHECKED:
            return range(self.cells)
        ends = itertools.product(*(sorted({0, len(vary.values) - 1}) for vary in self.varies))
        alone = (
            tuple(place if other is vary else 0 for other in self.varies)
            for vary in self.varies
            for place in range(len(vary.values))
            if len(vary.values) <= FEW
        )
        chosen = [*itertools.islice(alone, CHECKED), *itertools.islice(ends, CHECKED)]
        return dict.fromkeys(self._number(places) for places in chosen)

    def _number(self, digits: Iterable[int]) -> int:
        """The cell of these places in the lists of values."""
        cell = 0
        for vary, digit in zip(self.varies, digits):
            cell = cell * len(vary.values) + digit
        return cell

    def manifest(self) -> dict[str, Any]:
        """Enough to run the same sweep again, and nothing of when, where and by how many it was run."""
        return {
            "schema": 1,
            "scenario": self.scenario.name,
            "sha256": sha256(self.scenario),
            "seed": self.seed,
            "worlds": self.worlds,
            "rule": self.scenario.rule.name,
            "process": self.scenario.process.kind,
            "levers": self.scenario.changes,
            "varies": [{"address": v.address, "values": list(v.values)} for v in self.varies],
            "cells": self.cells,
            "part_cells": self.part_cells,
            "versions": versions(),
        }


def plan(
    scenario: Scenario,
    varies: Mapping[str, Sequence[Any]] | Iterable[str],
    *,
    worlds: int,
    seed: int,
) -> Plan:
    """What to vary, as values by address or as typed: `assumptions.trust=-2:2:41`.

    Raises RequestError for what cannot be varied so.
    """
    seed, worlds = checked_seed(seed), checked_count("worlds", worlds)
    if isinstance(varies, Mapping):
        read = [_checked(Vary(key, _given(key, values))) for key, values in varies.items()]
    else:
        read = [typed(scenario, text) for text in varies]
    if not read:
        raise RequestError(f"nothing varies; write --vary ADDRESS=VALUES, as {EXAMPLE}")
    _each_once(scenario, read)
    asked = Plan(scenario, tuple(read), worlds, seed)
    if asked.cells > MOST:
        raise RequestError(f"that makes {asked.cells:,} cells; no more than {MOST:,} can be played")
    return asked


def typed(scenario: Scenario, text: str) -> Vary:
    """`ADDRESS=LOW:HIGH:COUNT`, both ends included, or `ADDRESS=VALUE,VALUE`.

    Where a scenario has a word, as the rule, a colon belongs to it: `rule=consensus,only:USA`.
    """
    address, equals, values = (part.strip() for part in text.partition("="))
    if not equals or not address or not values:
        raise RequestError(f"`{text}` varies nothing; write ADDRESS=VALUES, as {EXAMPLE}")
    if ":" in values and not _holds_words(scenario, address):
        return Vary(address, spread(address, values, most=LONGEST).values)
    return _checked(Vary(address, tuple(_listed(address, values))))


def _holds_words(scenario: Scenario, address: str) -> bool:
    """Whether words are found at an address, not numbers.

    Raises RequestError when it names nothing.
    """
    if address in MEMBERSHIP:
        return True
    return all(spell(place) in WORDS for place in locate(scenario, address))


def _listed(address: str, text: str) -> Iterator[Any]:
    for word in text.split(","):
        if not word.strip():
            raise RequestError(f"`{address}={short(text, 60)}` has an empty place between commas")
        yield parse(f"{address}={word}")[1]


def _given(address: str, values: Any) -> tuple[Any, ...]:
    """The values of an address, each a plain one.

    Raises RequestError for one value alone, and for a word, which is no list of its letters.
    """
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise RequestError(f"{address} is to take {values!r}; write a list, as [{values!r}]")
    return tuple(map(_plain, values))


def _plain(value: Any) -> Any:
    """A number of NumPy as one of Python."""
    return value.item() if isinstance(value, np.generic) else value


def _checked(vary: Vary) -> Vary:
    """The same, looked through.

    Raises RequestError for values that are none, and for the same twice.
    """
    if not vary.values:
        raise RequestError(f"{vary.address} is to take no values; write at least one")
    if len(vary.values) > LONGEST:
        raise RequestError(f"{vary.address} has too many values; write no more than {LONGEST:,}")
    seen: set[Any] = set()
    for value in vary.values:
        one = value if isinstance(value, int | float | str) else str(value)
        if isinstance(one, float) and not math.isfinite(one):
            raise RequestError(f"{vary.address} is to be {one}, which is no number")
        if one in seen:
            twice = spelled({vary.address: value})
            raise RequestError(f"`{twice}` is asked twice; write every value once")
        seen.add(one)
    return vary


def _each_once(scenario: Scenario, varies: Sequence[Vary]) -> None:
    """An address that a later one covers would change nothing.

    Raises RequestError for it, for one that was set, and for an address that names nothing.
    """
    for vary in varies:
        _holds_words(scenario, vary.address)
        if vary.address in scenario.changes:
            raise RequestError(f"{vary.address} is set and varies; set it or let it vary")
    for first, second in itertools.combinations(varies, 2):
        if {*places(scenario, first.address)} <= {*places(scenario, second.address)}:
            same = first.address == second.address
            what = "twice" if same else f"and {second.address} too, which covers it"
            raise RequestError(f"{first.address} varies {what}; vary it once")
