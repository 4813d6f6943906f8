"""Simulated participants: what they would say, each reading the treaty in a world of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from sim import appraisal
from sim.arrays import Reals
from sim.outlook import outlook
from sim.room.events import OBJECT, RESERVE, SILENT, SUPPORT
from sim.room.mind import Minds, after
from sim.scenario import Scenario
from sim.worlds import draw

HARSHEST = (OBJECT, RESERVE, SILENT, SUPPORT)
"""What a bloc does is what the hardest of its members would do."""

NAMES = (
    *("Ada", "Bela", "Cleo", "Dario", "Edda", "Femi", "Goran", "Hanna", "Idris", "Jana", "Karim"),
    *("Lena", "Milan", "Nora", "Otto", "Petra", "Quinn", "Rosa", "Sami", "Tove", "Umar", "Vera"),
    *("Wim", "Xenia", "Yusuf", "Zoe"),
)


def name(place: int) -> str:
    """What a simulated participant is called.

    >>> name(0), name(27)
    ('Ada', 'Bela 2')
    """
    again, first = divmod(place, len(NAMES))
    return NAMES[first] + (f" {again + 1}" if again else "")


@dataclass(frozen=True)
class Reading:
    """How one participant reads the treaty: heard with what others say, own without.

    losses (M, C): the interest of each member that a clause hurts most, as its place.
    """

    heard: Minds
    own: Minds
    losses: Reals
    interests: tuple[str, ...]
    least: Mapping[str, float]

    def answer(self, members: Iterable[str], levels: Mapping[str, float]) -> tuple[str, str]:
        """What the seat of these members says of a text, and why."""
        said = [self._one(iso, levels) for iso in members]
        return min(said, key=lambda one: HARSHEST.index(one[0]))

    def _one(self, iso: str, levels: Mapping[str, float]) -> tuple[str, str]:
        stance, alone = self.heard.stances(levels)[iso], self.own.stances(levels)[iso]
        if stance == OBJECT:
            return OBJECT, self._why(iso, levels, alone)
        if stance == SILENT and alone == OBJECT:
            return RESERVE, self._hurt(iso, levels)
        return stance, ""

    def _why(self, iso: str, levels: Mapping[str, float], alone: str) -> str:
        """A reason of the short list: the treaty goes too far, others cannot accept it, it hurts."""
        clause = next(iter(levels))
        if len(levels) == 1 and self.heard.ceilings(clause)[iso] >= self.least[clause]:
            return "too_far"
        return self._hurt(iso, levels) if alone == OBJECT else "solidarity"

    def _hurt(self, iso: str, levels: Mapping[str, float]) -> str:
        """The interest that the worst clause of a text hurts most."""
        worst = int(self.own.views(levels)[self.own.members.index(iso)].argmin())
        column = self.own.clauses.index(list(levels)[worst])
        return self.interests[int(self.losses[self.own.members.index(iso), column])]


def readings(
    scenario: Scenario, injects: Iterable[str], *, people: int, seed: int
) -> list[Reading]:
    """How so many participants read the treaty once these things have happened.

    Participant n reads it in world n of the seed, whatever happens, so that it stays itself.
    """
    now = after(scenario, injects)
    seen = outlook(now, draw(now, seed, 0, people))
    shown = seen.worlds.shown
    alone = np.stack(
        [appraisal.motive(trust, held) for trust, held in zip(seen.trust, seen.stakes)]
    )
    divisible = np.stack([held.divisible for held in seen.stakes])
    motive, curvature = seen.expressed()
    hurt = np.einsum(
        "mkd,mkd,kcd->mckd", seen.worlds.weight, seen.worlds.exposure, seen.worlds.cost
    )
    losses = hurt.argmax(axis=2)
    made = []
    for world in range(shown.start, shown.stop):
        heard = Minds(
            members=tuple(now.seats),
            clauses=tuple(now.clauses),
            motive=motive[:, :, world],
            curvature=curvature[:, :, world],
            resolve=seen.worlds.resolve[:, world],
            logroll=float(seen.worlds.logroll[world]),
        )
        own = replace(heard, motive=alone[:, :, world], curvature=divisible[:, :, world])
        least = {clause: row.least for clause, row in now.clauses.items()}
        made.append(Reading(heard, own, losses[:, :, world], tuple(now.interests), least))
    return made
