"""One number of one member moved: the smallest move that flips a clause, for every member and number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim import belief
from sim.analysis.cells import Progress, adding
from sim.analysis.flips import Way, closed_in, first_steps, most_worlds, way
from sim.analysis.turned import EVERY, Knob, knob
from sim.analysis.verdicts import Verdicts, at_centre, judge, needed, said_once
from sim.arrays import Bools
from sim.constants import LARGEST
from sim.scenario import Scenario

INSIDE = 1e-9
"""A trust must lie within its bounds, not on them."""

NUMBERS = ("trust", "resolve", "weight", "exposure")
"""What of a member is moved."""


@dataclass(frozen=True)
class Move:
    """The smallest change of one number that flips the clause, all else at the centre.

    address: of the number, or of all weights (exposures) of a member with `*` for the interest; `start`
    is then 1 and `to` the factor that multiplies them. to: where the number must go, on the far side of
    the tipping point; None where no value that a scenario may have flips the clause.
    """

    member: str
    number: str
    interest: str | None
    address: str
    start: float
    to: float | None

    @property
    def size(self) -> float:
        """The change in proportion to the number, by which moves are ordered; infinite for none."""
        if self.to is None or not self.start:
            return np.inf
        return abs(self.to - self.start) / self.start


@dataclass(frozen=True)
class Moves:
    """Every member's numbers, and which move of which flips the clause.

    stands: whether the clause survives as it is, at the centre. exact: the negotiation has one round,
    and members' views follow in double precision; else the central world was played over and over.
    """

    scenario: Scenario
    clause: str
    stands: bool
    exact: bool
    all: tuple[Move, ...]

    @property
    def flipping(self) -> tuple[Move, ...]:
        """The moves that flip it, the smallest in proportion first."""
        able = [move for move in self.all if move.to is not None]
        return tuple(sorted(able, key=lambda move: move.size))

    def frame(self) -> pd.DataFrame:
        """One row a number; `to` is empty where no value flips the clause."""
        return pd.DataFrame([vars(move) for move in self.all])

    def as_json(self) -> list[dict[str, Any]]:
        """The moves that flip the clause, the smallest first."""
        return [vars(move) for move in self.flipping]


def moves(scenario: Scenario, clause: str, *, progress: Progress | None = None) -> Moves:
    """The smallest move of each number of each member that flips a clause.

    Members are moved one at a time: trust, resolve, each weight and exposure that bears on the clause,
    and all weights or exposures together. Every value is looked at that a scenario may have; of two
    tipping points, one up and one down, the nearer counts. `progress` is told how many worlds have been
    judged, and of about how many.
    """
    rows = needed(scenario, clause)
    names = [list(scenario.clauses)[row] for row in rows]
    knobs = [knob(scenario, address) for address in _addresses(scenario, names)]
    ways = [each for place, one in enumerate(knobs) for each in _ways(scenario, place, one)]
    judged = judge(scenario, knobs, rows, adding(progress, most_worlds(ways)))
    steps = first_steps(judged, ways, _stands)
    places = np.flatnonzero(~np.isnan(steps.after[0]))
    pairs = np.stack([np.zeros_like(places), places])
    parts = closed_in(judged, ways, _stands, steps, pairs)
    nearest: dict[int, float] = {}
    for place, part in zip(places.tolist(), parts):
        number, to = ways[place].knob, float(ways[place].at(part))
        start = knobs[number].start
        if abs(to - start) < abs(nearest.get(number, np.inf) - start):
            nearest[number] = to
    stands = bool(at_centre(scenario, rows).adopted[0, 0])
    found = tuple(_move(one, nearest.get(place)) for place, one in enumerate(knobs))
    return Moves(scenario, clause, stands, said_once(scenario), found)


def _stands(found: Verdicts) -> Bools:
    return found.adopted[:1]


def _addresses(scenario: Scenario, clauses: list[str]) -> Iterator[str]:
    """The numbers that bear on some clauses; a proposer taken at its word leaves trust no part."""
    rows = [scenario.clauses[name] for name in clauses]
    costs = [k for k in scenario.interests if any(row.cost[k].value for row in rows)]
    touched = [
        k for k in scenario.interests if k in costs or any(row.gain[k].value for row in rows)
    ]
    for iso in scenario.seats:
        yield from [f"members.{iso}.trust"] * (not scenario.at_its_word)
        yield f"members.{iso}.resolve"
        yield from (f"members.{iso}.weight.{k}" for k in (*touched, EVERY))
        if not scenario.spatial:
            yield from (f"members.{iso}.exposure.{k}" for k in (*costs, EVERY))


def _ways(scenario: Scenario, place: int, one: Knob) -> Iterator[Way]:
    """Up and down, as far as a scenario may go."""
    for limit in _limits(scenario, one):
        if limit != one.start:
            yield way(place, one.start, limit)


def _limits(scenario: Scenario, one: Knob) -> tuple[float, float]:
    _, iso, number, *_ = one.parts
    if number == "trust":
        low, high = belief.bounds(scenario.keep, scenario.assumptions.pretext.value)
        return low + INSIDE, high - INSIDE
    if not one.factor:
        return 0.0, LARGEST
    largest = max(value.value for value in getattr(scenario.seats[iso], number).values())
    return 0.0, LARGEST / largest if largest else 1.0


def _move(one: Knob, to: float | None) -> Move:
    _, iso, number, *interest = one.parts
    return Move(iso, number, interest[0] if interest else None, one.address, one.start, to)
