"""What happens in a room as sentences, for the board, the desk, phones and the debrief alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sim import rules
from sim.palette import BLUE, ORANGE
from sim.palette import SILENT as GREY
from sim.room.events import (
    MODEL,
    OBJECT,
    RESERVE,
    SILENT,
    SUPPORT,
    Ballot,
    Closed,
    Entry,
    Gavelled,
    Injected,
    Locked,
    Passed,
    Put,
    Revealed,
    Timed,
)
from sim.room.state import State
from sim.room.support import lacking
from sim.room.verdict import Verdict, Voice
from sim.scenario import Clause, Scenario
from sim.story import (
    FEW,
    counted,
    listed,
    member_name,
    practice,
    proposer_name,
    rule_meaning,
    rule_title,
)

DONE = {
    SUPPORT: "supported",
    SILENT: "stayed silent",
    RESERVE: "acquiesced with a reservation",
    OBJECT: "broke the silence",
}
"""What a delegation has done, as a roll call says it of one country and of several alike."""

LOOKS = {
    SUPPORT: (BLUE, "✓"),
    SILENT: (GREY, "–"),
    RESERVE: ("#7a3b8f", "≈"),
    OBJECT: (ORANGE, "✕"),
}
"""The ground that white letters stand on, and the glyph, of what a delegation does."""

DRAFTED = "as drafted"


def share(value: float) -> str:
    """A level as a bare number.

    >>> share(.75), share(1)
    ('.75', '1')
    """
    return f"{value:.2g}".removeprefix("0")


def level(value: float) -> str:
    """A level in words.

    >>> level(1), level(.75)
    ('as drafted', 'at .75 of the text')
    """
    return DRAFTED if value >= 1 else f"at {share(value)} of the text"


def drafted(clause: Clause) -> str:
    """What a clause says, and whether there is less of it to be had."""
    return f"{clause.text} It is all or nothing." if clause.least == 1 else clause.text


def lowered(before: Mapping[str, float], now: Mapping[str, float]) -> str:
    """At which levels a text is put again.

    >>> lowered({"a": 1, "b": 1}, {"a": .5, "b": .5}), lowered({"a": 1, "b": 1}, {"a": .5, "b": .8})
    ('at .5 of the text', 'at .5 of the text, but for what cannot go so low')
    >>> lowered({"a": 1, "b": .5}, {"a": .75, "b": .25})
    'with a at .75 and b at .25'
    """
    low, high = min(now.values()), max(now.values())
    if low == high:
        return level(high)
    if len({*before.values()}) == 1:
        return f"{level(low)}, but for what cannot go so low"
    if len(now) > FEW:
        return "with every clause lower"
    return "with " + listed([f"{name} at {share(value)}" for name, value in now.items()])


def text(scenario: Scenario, levels: Mapping[str, float]) -> str:
    """A text that is put, by the titles of its clauses: one, a few, or so many."""
    names = list(levels)
    if len(names) == 1:
        return f"{names[0]} {scenario.clauses[names[0]].title}, {level(levels[names[0]])}"
    said = {level(value) for value in levels.values()}
    at = said.pop() if len(said) == 1 else "at several levels"
    if len(names) == len(scenario.clauses):
        return f"{_whole(scenario)}, {at}"
    which = f" ({listed(names)})" if len(names) <= FEW else ""
    return f"{counted(len(names), 'clause')} as one text{which}, {at}"


def _whole(scenario: Scenario) -> str:
    """All clauses together: a treaty has articles, a resolution or a package of sanctions has none."""
    articles = any(row.article for row in scenario.clauses.values())
    return "The whole treaty as one text" if articles else "The whole text"


def reasons(scenario: Scenario) -> dict[str, str]:
    """Why a delegation may break the silence or reserve its position: a short list, no free text."""
    known, harmed = every_reason(scenario), _harmed(scenario)
    idle = {name for name in scenario.interests if name not in harmed}
    idle |= {"trust"} if scenario.at_its_word else set()
    return {name: said for name, said in known.items() if name not in idle}


def every_reason(scenario: Scenario) -> dict[str, str]:
    """All reasons that were ever on the list, since logs of former days may give them."""
    interests = {
        name: f"It harms us: {interest.title[:1].lower()}{interest.title[1:]}"
        for name, interest in scenario.interests.items()
    }
    known = practice(scenario)
    ally = "An ally" if known and known.body == "NATO" else "A member"
    return interests | {
        "trust": f"We do not trust {proposer_name(scenario)} to keep it",
        "too_far": "It goes too far; a smaller step would do",
        "solidarity": f"{ally} that is more exposed cannot accept it",
        "consultation": "We were not consulted enough",
    }


def _harmed(scenario: Scenario) -> set[str]:
    """Interests on which some member may lose.

    Where the proposer may break its word, it may fail in what it promises too: then also gains count.
    """
    sides = ("cost",) if scenario.at_its_word else ("cost", "gain")
    clauses, seats = scenario.clauses.values(), scenario.seats.values()
    return {
        name
        for name in scenario.interests
        if any(getattr(row, side)[name].value for row in clauses for side in sides)
        and any(row.weight[name].value * row.exposure[name].value for row in seats)
    }


def delegation(scenario: Scenario, state: State, voice: Voice) -> str:
    """Who spoke: the delegation, or the member whom nobody but the model plays."""
    if voice.seat and voice.by != MODEL:
        return state.seats[voice.seat].title
    return member_name(scenario, voice.member)


def moment(scenario: Scenario, state: State, found: Verdict) -> str:
    """What the reveal shows, in a few short sentences: who broke the silence, and what became of it."""
    heard, passed = _objecting(scenario, state, found)
    said = []
    if heard:
        said.append(f"{_who(heard)} broke the silence.")
        if _one_is_enough(found):
            said.append("One is enough." if len(heard) == 1 else "One would have been enough.")
    if passed:
        too = " too" if heard else ""
        said.append(f"{_who(passed)} broke the silence{too}, which this rule passes over.")
    return " ".join([*(said or ["Nobody broke the silence."]), _outcome(scenario, found)])


def _objecting(
    scenario: Scenario, state: State, found: Verdict
) -> tuple[dict[str, bool], dict[str, bool]]:
    """Who broke the silence, and whether the model plays it: whom the rule hears, and the others."""
    heard: dict[str, bool] = {}
    passed: dict[str, bool] = {}
    for voice in found.voices:
        if voice.stance == OBJECT:
            place = heard if voice.member in found.blockers else passed
            place[delegation(scenario, state, voice)] = voice.by == MODEL
    return heard, {name: played for name, played in passed.items() if name not in heard}


def _who(names: Mapping[str, bool]) -> str:
    people = [name for name, played in names.items() if not played]
    return voiced(people, [name for name in names if name not in people])


def voiced(people: Sequence[str], model: Sequence[str]) -> str:
    """Delegations that people play and members that the model plays, by name where they are few."""
    if len(people) + len(model) <= FEW:
        return listed(sorted([*people, *model]))
    named = sorted(people) if len(people) <= FEW else [counted(len(people), "delegation")]
    played = [f"{counted(len(model), 'member')} played by the model"] if model else []
    return listed([*named, *played])


def _one_is_enough(found: Verdict) -> bool:
    return found.missing not in (None, 0) and rules.one_is_enough(found.rule)


def _outcome(scenario: Scenario, found: Verdict) -> str:
    """Whether the text stands, and by what, where that does not go without saying."""
    plain = _one_is_enough(found) and found.blockers
    silent = found.adopted and not found.blockers and found.rule == "consensus"
    by = "" if plain or silent else f" under the rule “{rule_title(scenario, found.rule)}”"
    return f"The text {fate(scenario, found.rule, found.adopted, found.stances, by)}."


def fate(
    scenario: Scenario, rule: str, adopted: bool, said: Mapping[str, str], by: str = ""
) -> str:
    """Whether a text stands, by which rule, and in numbers what support it lacked."""
    if adopted:
        return f"stands{by}"
    short = lacking(scenario, rule, said)
    return f"falls{by}" + (f": {short}" if short else "")


def consent(scenario: Scenario, rule: str) -> str:
    """What silence means under a rule and what a text needs, in a line."""
    if rule == "consensus":
        return "Silence is consent: the text stands unless somebody breaks the silence."
    return f"{rule_title(scenario, rule)}. {rule_meaning(scenario, rule)}"


def act(scenario: Scenario, state: State, entry: Entry) -> str:
    """An act of the facilitator, named so that one knows what taking it back means."""
    match entry.event:
        case Put(levels=levels):
            few = len(levels) <= FEW
            return (
                f"the putting of {listed(list(levels)) if few else counted(len(levels), 'clause')}"
            )
        case Gavelled():
            return "the gavel"
        case Revealed():
            return "the reveal"
        case Injected(name):
            return f"“{scenario.room.injects[name].title}”"
        case Locked(seat, locked):
            return f"the {'locking' if locked else 'unlocking'} of {state.seats[seat].title}"
        case Passed():
            return "the last step in the script"
        case Closed(closed):
            return f"the {'closing' if closed else 'reopening'} of the room"
        case Timed(seconds=seconds):
            return "the clock for talks" if seconds else "the stopping of the clock"
        case Ballot(seat=seat):
            return f"what was typed in for {state.seats[seat].title}"
    raise ValueError(f"{entry.event} is no act of the facilitator")
