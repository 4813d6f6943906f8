"""Where the verdict on a clause tips: curves over one dial, maps over two, and exactly over cohesion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from sim import appraisal, consultation, tactics
from sim.analysis.dials import Dial
from sim.arrays import MEMBERS, WORLDS, Counts, Reals
from sim.outcome import Outcome, wilson
from sim.outlook import Outlook, outlook
from sim.rules import SLACK
from sim.scenario import Scenario

HALF = 0.5
"""A clause tips where it survives in as many worlds as it falls in."""

GRID, ZOOMS = 513, 3
"""Cohesion is looked through in so many steps, and so often more closely: to a hundred-millionth."""

# What is kept of a run --------------------------------------------------------------------------


@dataclass(frozen=True)
class Share:
    """A share of worlds with the 95 % interval of the dice."""

    survival: float
    low: float
    high: float


@dataclass(frozen=True)
class Survivors:
    """In how many of its worlds each clause was adopted: all that a curve keeps of a run."""

    worlds: int
    adopted: Mapping[str, int]

    def share(self, clause: str) -> Share:
        """How often a clause survives."""
        count = self.adopted[clause]
        return Share(count / self.worlds, *wilson(count, self.worlds))


def survivors(outcome: Outcome) -> Survivors:
    """What a curve or a map keeps of an outcome."""
    counts = outcome.tally.adopted.tolist()
    return Survivors(outcome.worlds, dict(zip(outcome.scenario.clauses, counts)))


# Over one dial ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Point:
    """What becomes of a clause at one setting; no share where the setting fits no scenario."""

    at: float
    share: Share | None


@dataclass(frozen=True)
class Crossing:
    """Where survival passes one half, and whether it rises there."""

    at: float
    rises: bool


@dataclass(frozen=True)
class Curve:
    """Survival of a clause over the settings of a dial."""

    dial: Dial
    clause: str
    points: tuple[Point, ...]

    @property
    def crossings(self) -> tuple[Crossing, ...]:
        """All settings at which survival passes one half, interpolated."""
        return tuple(
            _crossing(one.at, one.share.survival, other.at, other.share.survival)
            for one, other in pairwise(self.points)
            if one.share and other.share
            if (one.share.survival >= HALF) != (other.share.survival >= HALF)
        )

    @property
    def tipping(self) -> Crossing | None:
        """The crossing nearest to where the scenario stands; None where survival never crosses."""
        start = self.dial.low if self.dial.here is None else self.dial.here
        return min(self.crossings, key=lambda crossing: abs(crossing.at - start), default=None)

    @property
    def range(self) -> tuple[float, float]:
        """The least and the largest survival on the curve."""
        shares = [point.share.survival for point in self.points if point.share] or [0.0]
        return min(shares), max(shares)


def _crossing(at: float, before: float, then: float, after: float) -> Crossing:
    way = (HALF - before) / (after - before)
    return Crossing(at + way * (then - at), rises=after > before)


def curve(
    dial: Dial, clause: str, settings: Sequence[float], found: Sequence[Survivors | None]
) -> Curve:
    """The curve of a clause through what was found at each setting."""
    shares = _shares(clause, found)
    return Curve(dial, clause, tuple(Point(at, share) for at, share in zip(settings, shares)))


# Over two dials ---------------------------------------------------------------------------------

Place = tuple[float, float]


@dataclass(frozen=True)
class OutcomeMap:
    """Survival of a clause over the settings of two dials; no share where both fit no scenario."""

    across: Dial
    up: Dial
    clause: str
    cells: Mapping[Place, Share | None]

    @property
    def here(self) -> Place | None:
        """Where the scenario stands, if that is on the map."""
        if self.across.here is None or self.up.here is None:
            return None
        return self.across.here, self.up.here


def places(across: Dial, up: Dial, count: int) -> list[Place]:
    """The settings of a map of so many by so many cells, row by row."""
    return [(x, y) for y in up.settings(count) for x in across.settings(count)]


def changes(across: Dial, up: Dial, place: Place) -> dict[str, Any]:
    """What a place on a map means for `with_changes`."""
    return across.changes(place[0]) | up.changes(place[1])


def outcome_map(
    across: Dial,
    up: Dial,
    clause: str,
    places: Sequence[Place],
    found: Sequence[Survivors | None],
) -> OutcomeMap:
    """The map of a clause from what was found at each place."""
    return OutcomeMap(across, up, clause, dict(zip(places, _shares(clause, found))))


def _shares(clause: str, found: Sequence[Survivors | None]) -> list[Share | None]:
    return [None if each is None else each.share(clause) for each in found]


# Exactly, over cohesion -------------------------------------------------------------------------


@dataclass(frozen=True)
class LastVeto:
    """The member whose objection is the last to fade as cohesion grows, and where it does.

    again: where, with still more cohesion, somebody is drawn into objecting; None where nobody is.
    """

    clause: str
    member: str
    cohesion: float
    again: float | None


def silent_from(scenario: Scenario, clause: str) -> float | None:
    """The cohesion at which the last veto on a clause as tabled falls silent; see `last_veto`."""
    last = last_veto(scenario, clause)
    return None if last is None else last.cohesion


def last_veto(scenario: Scenario, clause: str) -> LastVeto | None:
    """At which cohesion, above the scenario's, the last veto on a clause as tabled falls silent.

    Exact, at the centre of all assumptions; where the rule tolerates objections, the last that is one
    too many; a clause needs silence on the one that it hangs on as well. None where the clause meets
    no veto as it is, or meets one up to full cohesion; where silence is no consent; and where there is
    more than one round or stage, in which levels and trust would move.
    """
    if scenario.process.rounds > 1 or len(scenario.stages) > 1:
        return None
    seen = outlook(scenario)
    if seen.rule.tolerates is None:
        return None
    here = np.array([scenario.assumptions.cohesion.value])
    margin, _ = _objection(scenario, seen, clause, here)
    silent = None if margin[0] >= 0 else _turn(scenario, seen, clause, float(here[0]))
    if silent is None:
        return None
    _, last = _objection(scenario, seen, clause, np.array([silent[0]]))
    again = _turn(scenario, seen, clause, silent[1])
    who = list(scenario.seats)[last[0]]
    return LastVeto(clause, who, silent[1], None if again is None else again[1])


def _turn(
    scenario: Scenario, seen: Outlook, clause: str, start: float
) -> tuple[float, float] | None:
    """The first cohesion above `start` at which objection turns to silence or back: before, after."""
    low, high = start, 1.0
    for _ in range(ZOOMS):
        grid = np.linspace(low, high, GRID)
        silent = _objection(scenario, seen, clause, grid)[0] >= 0
        turned = silent != silent[0]
        if not turned.any():
            return None
        first = int(np.argmax(turned))
        low, high = float(grid[first - 1]), float(grid[first])
    return low, high


def _objection(
    scenario: Scenario, seen: Outlook, clause: str, cohesion: Reals
) -> tuple[Reals, Counts]:
    """The first objection too many: how far it is from silence, below 0 if raised, and whose it is.

    (D,) cohesion -> (D,) and (D,) places of members.
    """
    distance = _distance(scenario, seen, clause, cohesion)[seen.present]
    ranked = np.argsort(distance, axis=MEMBERS, kind="stable")[seen.rule.tolerates]
    margins = np.take_along_axis(distance, ranked[None], axis=MEMBERS)[0]
    worst = np.argmin(margins, axis=0)[None]
    seats = np.flatnonzero(seen.present)
    who = np.take_along_axis(ranked, worst, axis=0)[0]
    return np.take_along_axis(margins, worst, axis=0)[0], seats[who]


def _distance(scenario: Scenario, seen: Outlook, clause: str, cohesion: Reals) -> Reals:
    """How far members are from breaking the silence on a clause and on what it hangs on.

    (D,) cohesion -> (M, 1 or 2, D); of a package, on the whole.
    """
    views = consultation.consult(_views(scenario, seen, len(cohesion)), cohesion, seen.voices)
    patience = seen.worlds.resolve[:, None] + SLACK
    if scenario.stages[0].kind == "package":
        return tactics.bundled(views, seen.worlds.logroll) + patience
    host = scenario.clauses[clause].tabled_with
    ids = list(scenario.clauses)
    return views[:, [ids.index(name) for name in (clause, host) if name]] + patience


def _views(scenario: Scenario, seen: Outlook, worlds: int) -> Reals:
    """Own appraisals of the clauses as tabled, the same in so many worlds. (M, C, D)."""
    rows = scenario.clauses.values()
    draft, least = (np.array([getattr(row, name) for row in rows]) for name in ("level", "least"))
    level = tactics.tabled(draft[:, None], least, np.float64(scenario.proposer.opening))
    views = [appraisal.appraise(trust, held, level) for trust, held in zip(seen.trust, seen.stakes)]
    return np.repeat(np.stack(views), worlds, axis=WORLDS)
