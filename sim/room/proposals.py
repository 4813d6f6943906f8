"""What a facilitator may put next after a text has fallen: the same at a level that could pass."""

from __future__ import annotations

from collections.abc import Mapping

from sim import rules
from sim.room.events import MODEL
from sim.room.mind import Minds, heard
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
    """The text at the highest level at which by the model it would stand.

    Every clause is lowered by the same share, in hundredths, and none below its least level. None where
    no such level is left, and where by the model it would have stood to begin with.
    """
    if would_stand(scenario, minds, levels, found):
        return None
    for hundredths in range(99, 0, -1):
        lower = {
            name: max(round(level * hundredths / 100, 2), scenario.clauses[name].least)
            for name, level in levels.items()
        }
        if would_stand(scenario, minds, lower, found):
            return lower
    return None


def would_stand(
    scenario: Scenario, minds: Minds, levels: Mapping[str, float], found: Verdict
) -> bool:
    """Whether a text stands if who blocked the last one says of it what the model says.

    So do the members that the model plays: a lower text may lose support as well as objections. All
    others are taken to say what they said.
    """
    said = minds.stances(levels)
    stances = (
        said[voice.member] if voice.by == MODEL or voice.member in found.blockers else voice.stance
        for voice in found.voices
    )
    rule = rules.named(found.rule, scenario.table)
    return bool(rule.adopts(heard(stances))[0, 0])
