"""Two what-ifs on the same worlds: which clauses flip, in how many worlds, and because of whom."""

from __future__ import annotations

import functools
import operator
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim import ensemble
from sim.arrays import WORLDS, Bools, Counts, Reals
from sim.council import Council
from sim.errors import RequestError
from sim.outcome import Outcome, Tally, wilson
from sim.rules import OBJECT
from sim.scenario import Scenario


@dataclass(frozen=True)
class Change:
    """What became of one clause; shares of worlds, the 95 % interval that of the difference.

    survival, delivered and the median level where adopted: in the first and in the second what-if.
    won, lost: where only the second, only the first what-if adopts it. by_silence, by_objection: the
    members that stopped or began to object in those worlds, and in which share of them. before,
    after: 5th, 50th and 95th percentile of the least willing member's margin.
    """

    clause: str
    survival: tuple[float, float]
    delivered: tuple[float, float]
    level: tuple[float | None, float | None]
    won: float
    lost: float
    interval: tuple[float, float]
    by_silence: Mapping[str, float]
    by_objection: Mapping[str, float]
    before: tuple[float, float, float]
    after: tuple[float, float, float]

    @property
    def effect(self) -> float:
        """How much more often the clause survives in the second what-if."""
        return self.survival[1] - self.survival[0]


@dataclass(frozen=True)
class Comparison:
    """Two scenarios on the same worlds of a seed, clause by clause."""

    first: Scenario
    second: Scenario
    seed: int
    worlds: int
    changes: Mapping[str, Change]

    def as_json(self) -> dict[str, Any]:
        """The comparison as JSON sees it."""
        sides = {
            name: {"scenario": side.name, "levers": side.changes}
            for name, side in (("first", self.first), ("second", self.second))
        }
        clauses = [vars(row) | {"effect": row.effect} for row in self.changes.values()]
        return {
            "schema": 1,
            **sides,
            "seed": self.seed,
            "worlds": self.worlds,
            "clauses": clauses,
        }


def compare(first: Scenario, second: Scenario, *, worlds: int = 2000, seed: int = 0) -> Comparison:
    """Play both on the same worlds; clauses and members that only one of them has are left out.

    Raises RequestError when they have no clause in common.
    """
    _common_clauses(first, second)
    return between(*(play(side, worlds=worlds, seed=seed) for side in (first, second)))


@dataclass(frozen=True)
class Played:
    """A what-if played: what came out, and what was decided in every single world.

    objections: who objected, of those whose objection counts, eight worlds to a byte, (M, C, D/8); the
    others (C, D), silences how many of these would have had to fall silent, margin that of the least
    willing member.
    """

    outcome: Outcome
    adopted: Bools
    delivered: Bools
    level: Reals
    silences: Counts
    objections: NDArray[np.uint8]
    margin: Reals

    @property
    def scenario(self) -> Scenario:
        """What was played."""
        return self.outcome.scenario

    @property
    def objects(self) -> Bools:
        """Who objected, of those whose objection counts. (M, C, D)."""
        return np.unpackbits(self.objections, axis=WORLDS, count=self.outcome.worlds).view(bool)

    def among(self, members: list[str], clauses: list[str]) -> Played:
        """The same worlds, of these members and clauses only."""
        seats = _places(self.scenario.seats, members)
        rows = _places(self.scenario.clauses, clauses)
        alike = ("adopted", "delivered", "level", "silences", "margin")
        tables = {name: getattr(self, name)[rows] for name in alike}
        return replace(self, objections=self.objections[np.ix_(seats, rows)], **tables)


def play(scenario: Scenario, *, worlds: int = 2000, seed: int = 0, start: int = 0) -> Played:
    """Play a scenario and keep what was decided in every world: of the flagship some 280 bytes each.

    `start` leaves out the worlds before; then it is a part, to be joined with them.
    """
    blocks = list(ensemble.read(scenario, seed, worlds, _look, start=start))
    return _joined(scenario, seed, blocks)


def joined(parts: Sequence[Played]) -> Played:
    """Parts of a what-if as one; all but the last must hold eight worlds or a multiple."""
    if len(parts) == 1:
        return parts[0]
    first = parts[0].outcome
    blocks = [(part.outcome.tally, *list(vars(part).values())[1:]) for part in parts]
    return _joined(first.scenario, first.seed, blocks)


def _joined(scenario: Scenario, seed: int | None, blocks: Sequence[tuple[Any, ...]]) -> Played:
    """Tallies added up, tables side by side."""
    tallies, *tables = zip(*blocks)
    total = functools.reduce(operator.add, tallies)
    whole = (np.concatenate(parts, axis=WORLDS) for parts in tables)
    return Played(Outcome(scenario, seed, total), *whole)


def _look(council: Council) -> tuple[Tally | NDArray[Any], ...]:
    found = council.decisions()
    heard = found.stopping[:, None, None]  # whose objection counts
    objects = (found.stance == OBJECT) & heard
    delivered = found.adopted & found.kept
    packed = np.packbits(objects, axis=WORLDS)  # blocks but the last are of whole bytes
    tables = found.adopted, delivered, found.tabled, found.silences, packed, council.margin()
    return Tally.of(found), *tables


def between(first: Played, second: Played) -> Comparison:
    """What two what-ifs that were played on the same worlds of a seed have decided otherwise.

    Raises RequestError when they have no clause in common, or were not played on the same worlds.
    """
    one, other = first.outcome, second.outcome
    if one.seed is None or (one.seed, one.worlds) != (other.seed, other.worlds):
        raise RequestError("two what-ifs can be compared on the same worlds only")
    clauses = _common_clauses(one.scenario, other.scenario)
    members = [iso for iso in one.scenario.seats if iso in other.scenario.seats]
    sides = first.among(members, clauses), second.among(members, clauses)
    changes = {name: _change(*sides, c, name, members) for c, name in enumerate(clauses)}
    return Comparison(one.scenario, other.scenario, one.seed, one.worlds, changes)


def _common_clauses(first: Scenario, second: Scenario) -> list[str]:
    clauses = [name for name in first.clauses if name in second.clauses]
    if not clauses:
        raise RequestError(f"{first.name} and {second.name} have no clause in common")
    return clauses


def _places(table: Iterable[str], names: list[str]) -> list[int]:
    order = list(table)
    return [order.index(name) for name in names]


def _change(first: Played, second: Played, place: int, name: str, members: list[str]) -> Change:
    stood, stands = first.adopted[place], second.adopted[place]
    objected, objects = first.objects[:, place], second.objects[:, place]
    won, lost = stands & ~stood, stood & ~stands
    return Change(
        clause=name,
        survival=(float(stood.mean()), float(stands.mean())),
        delivered=(float(first.delivered[place].mean()), float(second.delivered[place].mean())),
        level=(_median(first.level[place], stood), _median(second.level[place], stands)),
        won=float(won.mean()),
        lost=float(lost.mean()),
        interval=_paired(
            *(int(cell.sum()) for cell in (stood & stands, lost, won, ~(stood | stands)))
        ),
        by_silence=_who(members, objected & ~objects, won),
        by_objection=_who(members, objects & ~objected, lost),
        before=_spread(first.margin[place]),
        after=_spread(second.margin[place]),
    )


def _paired(both: int, lost: int, won: int, neither: int) -> tuple[float, float]:
    """The 95 % interval of a difference between paired shares; covers the dice, not the assumptions.

    Source: Newcombe (1998), Improved confidence intervals for the difference between binomial
    proportions based on paired data, Statistics in Medicine 17(22), 2635-2650, method 10.
    """
    worlds = both + lost + won + neither
    before, after = both + lost, both + won
    effect = (won - lost) / worlds
    (low, high), (low_after, high_after) = wilson(before, worlds), wilson(after, worlds)
    down, up = before / worlds - low, high - before / worlds
    down_after, up_after = after / worlds - low_after, high_after - after / worlds
    tied = _correlation(both, lost, won, neither)
    below = down_after**2 - 2 * tied * down_after * up + up**2
    above = up_after**2 - 2 * tied * up_after * down + down**2
    return effect - max(below, 0) ** 0.5, effect + max(above, 0) ** 0.5


def _correlation(both: int, lost: int, won: int, neither: int) -> float:
    """Of the two outcomes over worlds, corrected for continuity where it is positive."""
    margins = (both + lost) * (won + neither) * (both + won) * (lost + neither)
    if not margins:
        return 0.0
    product = both * neither - lost * won
    worlds = both + lost + won + neither
    corrected = max(product - worlds / 2, 0) if product > 0 else product
    return float(corrected / margins**0.5)


def _who(members: list[str], moved: Bools, where: Bools) -> dict[str, float]:
    """Members that moved, by the share of the flipped worlds in which they did, the first most."""
    flipped = int(where.sum())
    counts = np.count_nonzero(moved & where, axis=WORLDS)
    pairs = [(iso, int(n) / flipped) for iso, n in zip(members, counts) if n]
    return dict(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))


def _median(level: Reals, adopted: Bools) -> float | None:
    """The level in the middle of the worlds in which a clause is adopted, as it was typed."""
    return round(float(np.median(level[adopted])), 6) if adopted.any() else None


def _spread(margin: Reals) -> tuple[float, float, float]:
    low, middle, high = np.percentile(margin.astype(float), (5, 50, 95))
    return float(low), float(middle), float(high)
