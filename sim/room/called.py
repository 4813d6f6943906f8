"""How the texts of a debrief and those who spoke on them are called."""

from __future__ import annotations

from collections.abc import Iterable

from sim.room import told
from sim.room.events import MODEL
from sim.room.findings import Debated, Debrief, Said
from sim.story import member_name, rule_title


def short(found: Debrief, text: Debated) -> str:
    """A text by its place, clauses and rule, if that is another: for the beginning of a line."""
    other = other_rule(found, text)
    return f"{text.place}. {what(text)}" + (f" ({other})" if other else "")


def what(text: Debated) -> str:
    """A text by its clauses, where they are few, and its level, if it is not as drafted."""
    which, levels = _which(text, few=3), set(text.levels.values())
    if levels == {1.0}:
        return which
    return f"{which} {told.level(levels.pop())}" if len(levels) == 1 else f"{which}, lowered"


def head(text: Debated) -> str:
    """A text as the head of a column: its place, its clauses, the level if it is not as drafted."""
    which, levels = _which(text, few=2), set(text.levels.values())
    lowered = [told.share(level) for level in levels if level < 1]
    level = f" {lowered[0]}" if len(levels) == len(lowered) == 1 else ""
    return f"{text.place}. {which}{level}"


def _which(text: Debated, few: int) -> str:
    return " + ".join(text.levels) if len(text.levels) <= few else f"{len(text.levels)} clauses"


def who(found: Debrief, said: Iterable[Said]) -> str:
    """Members as delegations where people spoke for them; those of the model are counted."""
    said = list(said)
    titles = {record.seat: record.title for record in found.records}
    people = list(dict.fromkeys(titles[one.seat] for one in said if one.by != MODEL))
    model = [member_name(found.scenario, one.member) for one in said if one.by == MODEL]
    return told.voiced(people, model)


def other_rule(found: Debrief, text: Debated) -> str:
    """The rule that a text was put under, where it is another than the room's own."""
    own = found.scenario.rule.name
    return rule_title(found.scenario, text.rule) if text.rule != own else ""


def clause(name: str, level: float) -> str:
    """A clause by its id, and its level, if it is not as drafted."""
    return name if level >= 1 else f"{name} {told.level(level)}"
