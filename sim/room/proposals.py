"""What a facilitator may put next after a text has fallen: the same at a level that could pass."""

from __future__ import annotations

from collections.abc import Mapping

from sim.room.events import MODEL, SILENT, SUPPORT
from sim.room.mind import Minds
from sim.room.verdict import Verdict, Voice, adopts
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
    """Whether by the model a text stands where another has been decided on."""
    return adopts(scenario, found.rule, answers(minds, found, levels))


def answers(minds: Minds, found: Verdict, levels: Mapping[str, float]) -> dict[str, str]:
    """What every member would say of a text after another, by what it said of that and by the model.

    Who blocked the other, and whom the model plays, say what the model says. Other people say what they
    said, but their support goes with the model's: who wants a text need not want what is left of it.
    """
    before, now = minds.stances(found.text.put.levels), minds.stances(levels)

    def said(voice: Voice) -> str:
        iso = voice.member
        if voice.by == MODEL or iso in found.blockers:
            return now[iso]
        gone = before[iso] == SUPPORT != now[iso]
        return SILENT if voice.stance == SUPPORT and gone else voice.stance

    return {voice.member: said(voice) for voice in found.voices}
