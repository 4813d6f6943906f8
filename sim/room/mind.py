"""What the model's members would say in the room, at the centre of all assumptions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim import exact, rules, tactics
from sim.arrays import Reals
from sim.outlook import outlook
from sim.room.events import OBJECT, SILENT, SUPPORT
from sim.rules import Stance, Stances
from sim.scenario import Scenario, with_changes

SAID = {Stance.OBJECT: OBJECT, Stance.ACQUIESCE: SILENT, Stance.SUPPORT: SUPPORT}
HEARD = {OBJECT: Stance.OBJECT, SUPPORT: Stance.SUPPORT}
"""What stances are called in the room, and the other way; a reservation is kept in silence."""


def heard(said: Iterable[str]) -> Stances:
    """What a rule hears of what all members say, in the order of the roster. -> (M, 1, 1)."""
    stances = [HEARD.get(stance, Stance.ACQUIESCE) for stance in said]
    return np.array(stances, np.int8)[:, None, None]


@dataclass(frozen=True)
class Minds:
    """The members of a scenario after what has happened in the room.

    views: what every clause is worth to every member is motive·x − curvature·x²; (M, C) each, with
    resolve (M,), in weight units; logroll is how far a package's good clauses pay for its bad ones.
    """

    members: tuple[str, ...]
    clauses: tuple[str, ...]
    motive: Reals
    curvature: Reals
    resolve: Reals
    logroll: float

    def stances(self, levels: Mapping[str, float]) -> dict[str, str]:
        """What every member says of a text: one clause, or several as a package."""
        views = self.views(levels)
        if len(levels) > 1:
            views = tactics.bundled(views[..., None], np.array([self.logroll]))[..., 0]
        said = rules.stance(views[:, 0], self.resolve)
        return {iso: SAID[Stance(one)] for iso, one in zip(self.members, said.tolist())}

    def views(self, levels: Mapping[str, float]) -> Reals:
        """What the clauses of a text are worth to every member. (M, clauses of the text)."""
        rows = [self.clauses.index(name) for name in levels]
        level = np.array(list(levels.values()))
        return (self.motive[:, rows] - self.curvature[:, rows] * level) * level

    def ceilings(self, clause: str) -> dict[str, float]:
        """The highest level of a clause that each member can live with; infinite where any will do."""
        row = self.clauses.index(clause)
        limits = exact.ceilings(
            self.motive[:, row : row + 1, None],
            self.curvature[:, row : row + 1, None],
            self.resolve[:, None, None],
        )
        return dict(zip(self.members, limits[:, 0, 0].tolist()))


def after(scenario: Scenario, injects: Iterable[str]) -> Scenario:
    """The scenario as it stands once these things have happened."""
    changes: dict[str, Any] = {}
    for name in injects:
        changes |= scenario.room.injects[name].set
    return with_changes(scenario, changes) if changes else scenario


def minds(scenario: Scenario, injects: Iterable[str] = ()) -> Minds:
    """The members' minds after the injects, each by its name, in the order in which they happened."""
    seen = outlook(after(scenario, injects))
    motive, curvature = seen.expressed()
    return Minds(
        members=tuple(scenario.seats),
        clauses=tuple(scenario.clauses),
        motive=motive[:, :, 0],
        curvature=curvature[:, :, 0],
        resolve=seen.worlds.resolve[:, 0],
        logroll=float(seen.worlds.logroll[0]),
    )
