"""What a facilitator may put next after a text has fallen: the same at a level that could pass."""

from __future__ import annotations

from collections.abc import Mapping

from sim.room.events import OBJECT
from sim.room.mind import Minds
from sim.room.verdict import Verdict
from sim.scenario import Scenario

STEPS = (0.75, 0.5, 0.25)
"""Levels that are put for want of better ones."""


def plain_step(scenario: Scenario, levels: Mapping[str, float]) -> dict[str, float] | None:
    """The text a step lower; None where no clause of it has a lower one that still means something."""
    lower = {name: _below(level, scenario.clauses[name].least) for name, level in levels.items()}
    return lower if lower != dict(levels) else None


def _below(level: float, least: float) -> float:
    return next((step for step in STEPS if least <= step < level), level)


def passing(
    scenario: Scenario, minds: Minds, levels: Mapping[str, float], found: Verdict
) -> dict[str, float] | None:
    """The text at the highest level at which by the model enough of its blockers keep silent.

    Every clause is lowered by the same share, in hundredths, and none below its least level. None where
    no such level is left, and where the model would not have them object to begin with.
    """
    if not resisted(minds, levels, found):
        return None
    for hundredths in range(99, 0, -1):
        lower = {
            name: max(round(level * hundredths / 100, 2), scenario.clauses[name].least)
            for name, level in levels.items()
        }
        if not resisted(minds, lower, found):
            return lower
    return None


def resisted(minds: Minds, levels: Mapping[str, float], found: Verdict) -> bool:
    """Whether too many of those who blocked a text would break the silence on this one, by the model."""
    said = minds.stances(levels)
    return sum(said[iso] == OBJECT for iso in found.blockers) > found.spare
