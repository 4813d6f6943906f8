"""How far each member could go along with a clause, and who is the first to stop it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim import appraisal, exact, tactics
from sim.outlook import outlook
from sim.scenario import Scenario


@dataclass(frozen=True)
class Ceiling:
    """The highest level that a member can live with: after consultation, and by its own appraisal.

    Infinite where nothing ever hurts. binding: whether the alliance's limit is this member's.
    """

    member: str
    expressed: float
    own: float
    binding: bool


@dataclass(frozen=True)
class Ceilings:
    """The ceilings of a clause at the centre of all assumptions, the lowest first.

    Of the members that have a say. tabled: the level on the table; least: the level below which the text
    is the status quo in other words; survivable: the highest level that the rule adopts.
    """

    clause: str
    tabled: float
    least: float
    survivable: float
    members: tuple[Ceiling, ...]


def ceilings(scenario: Scenario, clause: str) -> Ceilings:
    """Everybody's ceiling on a clause, exact, as the negotiation opens."""
    seen, place = outlook(scenario), list(scenario.clauses).index(clause)
    resolve = seen.worlds.resolve
    motive, curvature = seen.expressed()
    level, expressed, binding = exact.survivable(seen.rule, motive, curvature, resolve[:, None])
    own = [
        appraisal.ceiling(appraisal.motive(trust, held)[place], held.divisible[place], patience)
        for trust, held, patience in zip(seen.trust, seen.stakes, resolve)
    ]
    rows = [
        Ceiling(iso, float(heard[place, 0]), float(alone[0]), bool(binds[place, 0]))
        for iso, heard, alone, binds, speaks in zip(
            scenario.seats, expressed, own, binding, seen.present
        )
        if speaks
    ]
    row = scenario.clauses[clause]
    return Ceilings(
        clause=clause,
        tabled=_tabled(row.level, row.least, scenario.proposer.opening),
        least=row.least,
        survivable=float(level[place, 0]),
        members=tuple(sorted(rows, key=lambda ceiling: ceiling.expressed)),
    )


def _tabled(level: float, least: float, opening: float) -> float:
    """The level of a clause as the negotiation opens."""
    draft = np.array([[level]])
    return float(tactics.tabled(draft, np.array([least]), np.float64(opening))[0, 0])
