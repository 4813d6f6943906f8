"""What a smaller text would have saved, in words."""

from __future__ import annotations

from collections.abc import Iterator

from sim.room import told
from sim.room.called import clause, short, who
from sim.room.events import OBJECT
from sim.room.findings import Debated, Debrief
from sim.room.support import hears_objections, lacking
from sim.room.verdict import adopts
from sim.story import listed, member_name

LIMITS = (
    "By the limits of the model's members in the place of those who broke the silence; people may have "
    "others."
)


def saving(found: Debrief) -> Iterator[str]:
    """For every text that fell: what blockers could have lived with, or at what level it had support."""
    for text in found.texts:
        if not text.adopted:
            yield f"{short(found, text)}: {_saved(found, text)}"


def _saved(found: Debrief, text: Debated) -> str:
    if text.missing is None:
        return f"{_unsupported(found, text)}; by the model it would have stood {_where(text)}."
    blockers = _blockers(found, text)
    if text.spare:
        blockers = (
            f"{text.missing} of the {len(text.blockers)} that broke the silence, which is enough,"
        )
    if not text.bearable:
        none = f"{blockers} could have lived with no smaller version of it."
        few = f"too few of the {len(text.blockers)} that broke the silence could have lived with less."
        return few if text.spare else none
    return f"{blockers} could have lived with {_lower(found, text)}{_still(found, text)}."


def _blockers(found: Debrief, text: Debated) -> str:
    return who(found, [one for one in text.said if one.member in text.blockers])


def _unsupported(found: Debrief, text: Debated) -> str:
    """Who broke the silence on a text that lacked support."""
    support = "what was missing is support"
    if not text.by(OBJECT):
        return f"nobody broke the silence; {support}"
    if not text.blockers:
        passed = who(found, text.by(OBJECT))
        return f"{passed} broke the silence, which this rule passes over; {support}"
    broke = f"{_blockers(found, text)} broke the silence"
    if hears_objections(found.scenario, text.rule):
        return f"{broke}, but support was missing as well"
    return f"{broke}, which counts here as no support"


def _where(text: Debated) -> str:
    """At which level a text that lacked support would have won it by the model."""
    if not text.passing:
        return "at no lower level"
    if dict(text.passing) == dict(text.levels):
        return "as it was put"
    low, high = min(text.passing.values()), max(text.passing.values())
    return f"at {told.share(low)}{f' to {told.share(high)}' if low < high else ''} of the text"


def _lower(found: Debrief, text: Debated) -> str:
    """The text with which its blockers could have lived, and whose limit that is."""
    if dict(text.bearable) == dict(text.levels):
        return "it as it was put"
    if len(text.levels) > 1:
        left = [clause(name, level) for name, level in text.bearable.items()]
        return f"{listed(left)} alone"
    level = next(iter(text.bearable.values()))
    tight = sorted(text.ceilings, key=lambda iso: text.ceilings[iso])[text.spare]
    limit = (
        f"; {member_name(found.scenario, tight)} sets the limit" if len(text.blockers) > 1 else ""
    )
    return f"it {told.level(level)}{limit}"


def _still(found: Debrief, text: Debated) -> str:
    """Why that text would have fallen as well, by the model; nothing where it would have stood."""
    if adopts(found.scenario, text.rule, text.then):
        return ""
    why = lacking(found.scenario, text.rule, text.then) or "others would break the silence on it"
    return f"; it would have fallen all the same: {why}"
