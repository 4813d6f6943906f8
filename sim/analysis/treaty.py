"""How far a treaty could have gone: zones of agreement, and the best that all could accept.

Everything is exact, in float64, in the central world, after consultation. What a clause is worth to
the proposer is taken to be what it asks: its largest cost on any interest, a judgement that callers can
replace.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from sim import exact, tactics
from sim.analysis.package import Package, best_package
from sim.arrays import INTERESTS, Bools, Counts, Reals
from sim.errors import RequestError
from sim.outlook import Outlook, outlook
from sim.scenario import Scenario, load

SHORT = 1e-6
"""A level that falls short of `least` by less is the solver's rounding."""


@dataclass(frozen=True)
class Zone:
    """The levels of one clause on which proposer and members could meet.

    ceiling: the highest level that the rule adopts, infinite where nothing is refused; binding: whose
    limit that is; low and high: from what the proposer would settle for to the ceiling, at most 1.
    """

    clause: str
    ceiling: float
    binding: tuple[str, ...]
    low: float
    high: float

    @property
    def empty(self) -> bool:
        """Whether the ceiling lies below what the proposer would settle for."""
        return self.high < self.low


@dataclass(frozen=True)
class Treaties:
    """The best treaties that a scenario allows: clause by clause, as one package, and in earnest.

    Levels are in the order of the clauses. alone: each clause as far as it survives by itself, 0 below
    its least level. package: one text that no member with a say objects to. earnest: such a text
    without clauses below their least level, found by dropping the furthest below, one after the other;
    there may be a better one, but none worth more than the package.
    """

    scenario: Scenario
    logroll: float
    value: Reals  # (C,)
    least: Reals  # (C,)
    zones: tuple[Zone, ...]
    alone: Reals  # (C,)
    package: Package
    earnest: Reals  # (C,)
    seats: tuple[str, ...]  # members with a say
    one_veto: bool  # whether the rule, too, asks that none of them objects

    @property
    def binding(self) -> dict[str, float]:
        """Who writes the package's ceiling, and the worth of a unit more of its resolve."""
        pairs = zip(self.seats, self.package.multipliers.tolist())
        return {iso: price for iso, price in pairs if price > 0}

    @property
    def in_other_words(self) -> tuple[str, ...]:
        """Clauses of the package below their least level: the status quo in other words."""
        levels = self.package.levels
        below = (levels > SHORT) & (levels < self.least - SHORT)
        return tuple(name for name, short in zip(self.scenario.clauses, below) if short)

    def worth(self, levels: Reals) -> float:
        """What a treaty is worth to the proposer."""
        return float(self.value @ levels)

    def as_json(self) -> dict[str, Any]:
        """The treaties as JSON sees them; no limit is null."""
        return {
            "schema": 1,
            "scenario": self.scenario.name,
            "rule": self.scenario.rule.name,
            "levers": self.scenario.changes,
            "logroll": self.logroll,
            "alone": {"value": self.worth(self.alone)},
            "package": {
                "primal": self.package.primal,
                "dual": self.package.dual,
                "gap": self.package.gap,
                "binding": {iso: _finite(price) for iso, price in self.binding.items()},
                "in_other_words": list(self.in_other_words),
            },
            "earnest": {"value": self.worth(self.earnest)},
            "clauses": [self._clause(place) for place in range(len(self.zones))],
        }

    def _clause(self, place: int) -> dict[str, Any]:
        zone = self.zones[place]
        return {
            "id": zone.clause,
            "title": self.scenario.clauses[zone.clause].title,
            "value": float(self.value[place]),
            "least": float(self.least[place]),
            "ceiling": _finite(zone.ceiling),
            "binding": list(zone.binding),
            "zone": None if zone.empty else [zone.low, zone.high],
            "alone": float(self.alone[place]),
            "package": float(self.package.levels[place]),
            "earnest": float(self.earnest[place]),
        }


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None


def zones(scenario: Scenario | str | Path, *, floor: float | None = None) -> tuple[Zone, ...]:
    """The zone of possible agreement of each clause, [max(floor, least), ceiling].

    floor: the share of the tabled level below which the proposer does not go; where it is left out, that
    of its true type, raised by its audience.
    Where silence is no consent, levels inside a zone can fail: too little to be worth supporting.

    Raises RequestError for a floor that is no level.
    """
    scenario = scenario if isinstance(scenario, Scenario) else load(scenario)
    return _zones(scenario, outlook(scenario), floor)


def best_treaties(
    scenario: Scenario | str | Path,
    *,
    logroll: float | None = None,
    floor: float | None = None,
    value: Sequence[float] | None = None,
) -> Treaties:
    """The best treaties for the proposer that its counterparts would let stand.

    logroll: how far good clauses of a package pay for bad ones, the scenario's own where it is left
    out; floor as for `zones`; value: what each clause is worth to the proposer.

    Raises RequestError for numbers out of range, OnevetoError where the best package is not proven.
    """
    scenario = scenario if isinstance(scenario, Scenario) else load(scenario)
    seen = outlook(scenario)
    found = _zones(scenario, seen, floor)
    least = np.array([clause.least for clause in scenario.clauses.values()])
    worth = seen.worlds.cost.max(axis=INTERESTS)[:, 0] if value is None else np.array(value, float)
    roll = scenario.assumptions.logroll.value if logroll is None else logroll
    motive, curvature = (table[seen.present, :, 0] for table in seen.expressed())
    hosts = _hosts(scenario)
    # Levels as shares of what is tabled, so that nobody gets more than was asked.
    tabled = np.array([clause.level for clause in scenario.clauses.values()])
    council = (motive * tabled, curvature * tabled**2, seen.worlds.resolve[seen.present, 0])
    package = best_package(*council, worth * tabled, logroll=roll)
    earnest = _in_earnest(package.levels, council, worth * tabled, least / tabled, hosts, roll)
    return Treaties(
        scenario=scenario,
        logroll=roll,
        value=worth,
        least=least,
        zones=found,
        alone=clause_by_clause(np.array([zone.ceiling for zone in found]), tabled, least, hosts),
        package=replace(package, levels=package.levels * tabled),
        earnest=earnest * tabled,
        seats=_named(scenario, seen.present),
        one_veto=seen.rule.tolerates == 0,
    )


def clause_by_clause(ceiling: Reals, tabled: Reals, least: Reals, hosts: Counts) -> Reals:
    """Each clause as far as it survives by itself, and not without the one it hangs on.

    ceiling, tabled, least, hosts (C,): the place of the clause that each hangs on, or its own -> (C,).
    """
    levels = np.minimum(ceiling, tabled)
    stands = levels >= least
    return np.where(stands & stands[hosts], levels, 0)


def _hosts(scenario: Scenario) -> Counts:
    ids = list(scenario.clauses)
    return np.array([ids.index(row.tabled_with or name) for name, row in scenario.clauses.items()])


def _zones(scenario: Scenario, seen: Outlook, floor: float | None) -> tuple[Zone, ...]:
    if floor is not None and not 0 <= floor <= 1:
        raise RequestError(f"the floor is {floor:g}; it must lie between 0 and 1, as levels do")
    resolve = seen.worlds.resolve[:, None]
    ceilings, _, binding = exact.survivable(seen.rule, *seen.expressed(), resolve)
    limits = ceilings[:, 0].tolist()
    lowest = _floor(scenario, seen) if floor is None else floor
    return tuple(
        Zone(
            clause=name,
            ceiling=limit,
            binding=_named(scenario, binding[:, place, 0]),
            low=max(lowest * clause.level, clause.least),
            high=min(limit, clause.level),
        )
        for place, ((name, clause), limit) in enumerate(zip(scenario.clauses.items(), limits))
    )


def _floor(scenario: Scenario, seen: Outlook) -> float:
    """How far the proposer of the scenario would come down."""
    worlds = seen.worlds
    return float(tactics.floor(worlds.floor, worlds.audience, scenario.proposer.publicity)[0])


def _named(scenario: Scenario, members: Bools) -> tuple[str, ...]:
    return tuple(iso for iso, named in zip(scenario.seats, members) if named)


def _in_earnest(
    levels: Reals,
    council: tuple[Reals, Reals, Reals],
    value: Reals,
    least: Reals,
    hosts: Counts,
    logroll: float,
) -> Reals:
    """A package in which every clause reaches its least level: the furthest below falls first."""
    motive, curvature, resolve = council
    kept = np.ones(len(levels), bool)
    while (kept & (levels < least - SHORT)).any():
        kept[np.argmin(np.where(kept, levels / least, np.inf))] = False
        kept &= kept[hosts]
        package = best_package(
            motive[:, kept], curvature[:, kept], resolve, value[kept], logroll=logroll
        )
        levels = np.zeros(len(levels))
        levels[kept] = package.levels
    return levels
