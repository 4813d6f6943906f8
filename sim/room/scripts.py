"""Workshops from the first word to the debrief: a scenario's own, and computed ones for all others.

A computed script looks for the lesson of a scenario: a text that stands, one that a few stop and most
want, the same at a level at which it stands, one that nearly everybody stops, and everything as one
text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sim.errors import RequestError, alternatives, did_you_mean
from sim.room import told
from sim.room.council import Council
from sim.room.mind import after
from sim.room.seats import Seating, usual
from sim.scenario import Scenario
from sim.scenario.room import Act, Script

LENGTHS = {"short": 20, "half": 45, "long": 90}
"""Minutes of the scripts that every scenario has."""

TITLES = {
    "short": "Twenty minutes",
    "half": "Three quarters of an hour",
    "long": "An hour and a half",
}

READING = {"short": 2.0, "half": 5.0, "long": 8.0}
"""Minutes in which delegations read their cards."""

DEBRIEF = 0.25
"""The share of the time that is kept for talking about it afterwards."""

READ = "Read your card; show it to nobody. What must you prevent, what do you want, who may help?"
CORRIDOR = "Leave your seats and talk: what would {who} need? Then I put it lower."
STOPPED, SILENT = "those who stopped it", "those who would not support it"
LAST = (
    "Lay the phones down. Who stopped what, and why? Would you sign what is left? The debrief shows "
    "where you decided otherwise than the model: who was right?"
)


def names(scenario: Scenario) -> tuple[str, ...]:
    """The scripts by which a scenario can be played: its own, or the computed ones."""
    return tuple(scenario.room.scripts) or tuple(LENGTHS)


def script(scenario: Scenario, name: str) -> Script:
    """A scenario's own script of that name, or a computed one where it has none at all.

    Raises RequestError for an unknown name.
    """
    if name not in names(scenario):
        known = names(scenario)
        hint = did_you_mean(name, known) or alternatives(known)
        raise RequestError(f"{scenario.name} has no script `{name}`. {hint}".rstrip())
    return scenario.room.scripts.get(name) or _computed(scenario, name)


# A computed one ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Plan:
    """The texts of a computed script, each None where the scenario has none of its kind.

    easy: it stands as tabled, the most wanted of these; disputed: it falls and few stop it, if possible
    one that stands at a lower level, and where nothing falls that on which most break the silence;
    hopeless: of the others that fall that with the lowest ceiling.
    """

    easy: str | None
    disputed: str | None
    hopeless: str | None


def plan(council: Council) -> Plan:
    """Which clauses a computed script puts."""
    clauses = list(council.tabled)
    stand = [name for name in clauses if council.stands(name, council.tabled[name])]
    fall = sorted((name for name in clauses if name not in stand), key=council.resistance)
    easy = max(stand, key=lambda name: (council.wanted(name), council.lowest(name)), default=None)
    resisted = [name for name in stand if council.objectors(name) and name != easy]
    lowered = [name for name in fall if _passing(council, name)]
    most = sorted(resisted, key=lambda name: -len(council.objectors(name)))
    disputed = next(iter(lowered or fall or most), None)
    rest = [name for name in fall if name != disputed]
    return Plan(
        easy=easy,
        disputed=disputed,
        hopeless=min(rest, key=council.lowest, default=None),
    )


def _passing(council: Council, clause: str) -> float | None:
    """The highest level, in twentieths or its least, at which a clause stands; None without one."""
    least = council.scenario.clauses[clause].least
    levels = [step / 20 for step in range(20, 0, -1) if step / 20 > least] + [least]
    return next((level for level in levels if council.stands(clause, level)), None)


def _computed(scenario: Scenario, name: str) -> Script:
    minutes = LENGTHS[name]
    talks = list(_talks(Council(scenario), longer=name != "short"))
    start, end = READING[name] + 1, minutes * (1 - DEBRIEF)
    each = (end - start) / max(len(talks), 1)
    acts = [Act(minute=0, say=_welcome(scenario)), Act(minute=1, say=READ)]
    for number, talk in enumerate(talks):
        acts += _staged(talk, start + number * each, each)
    acts.append(Act(minute=_half(end), say=LAST))
    seating: Seating = "blocs" if scenario.room.blocs and name == "short" else usual(scenario)
    return Script(title=TITLES[name], minutes=minutes, seating=seating, acts=tuple(acts))


def _welcome(scenario: Scenario) -> str:
    rule = told.consent(scenario, scenario.rule.name)
    return f"{scenario.about.title}. {scenario.about.question} You are the council. {rule}"


@dataclass(frozen=True)
class _Talk:
    """A text that is put, what is said before, and what has happened by then."""

    say: str
    clauses: tuple[str, ...]
    level: float | None = None
    inject: str | None = None


def _talks(council: Council, *, longer: bool) -> Iterator[_Talk]:
    found, injects = plan(council), list(council.scenario.room.injects)[: 1 if longer else 0]
    if found.easy:
        yield _Talk("We begin with a text that asks little.", (found.easy,))
    if found.disputed:
        yield _Talk("Now one in which more is at stake. Talk first.", (found.disputed,))
        later = Council(after(council.scenario, injects)) if injects else council
        for inject in injects:
            yield _Talk("The same text again, after the news.", (found.disputed,), inject=inject)
        level = _passing(later, found.disputed)
        if level and level < council.tabled[found.disputed]:
            who = STOPPED if later.stoppers(found.disputed) else SILENT
            yield _Talk(CORRIDOR.format(who=who), (found.disputed,), level)
    if longer and found.hopeless:
        yield _Talk("A text that some of you have waited for.", (found.hopeless,))
    if len(council.tabled) > 1 and (longer or council.scenario.process.kind == "package"):
        yield _Talk("At last everything as one text: take it or leave it.", tuple(council.tabled))


def _staged(talk: _Talk, minute: float, length: float) -> list[Act]:
    """A text from what is said before it to the reveal."""
    before = _half(length * 0.4)
    seconds = max(30, min(180, round(length * 0.3) * 60))
    talks = Act(
        minute=_half(minute),
        do="talk",
        say=talk.say,
        clauses=talk.clauses,
        level=talk.level,
        seconds=round(before * 60),
    )
    acts = [talks]
    if talk.inject:
        acts.insert(0, Act(minute=_half(minute), do="inject", inject=talk.inject))
    opened = _half(minute) + before
    gavel = opened + _half(seconds / 60)
    put = Act(minute=opened, do="put", clauses=talk.clauses, level=talk.level, seconds=seconds)
    return [*acts, put, Act(minute=gavel, do="gavel"), Act(minute=gavel + 0.5, do="reveal")]


def _half(minutes: float) -> float:
    """Rounded to half minutes, as people look at a clock."""
    return round(minutes * 2) / 2
