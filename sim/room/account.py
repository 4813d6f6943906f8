"""A debrief in words and tables, for a terminal, a page and a report alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sim.room import told
from sim.room.called import clause, other_rule, short, what, who
from sim.room.events import MODEL, OBJECT, RESERVE
from sim.room.findings import HARDER, SAME, SOFTER, Debated, Debrief, Moment, Said
from sim.room.saving import LIMITS, saving
from sim.story import FEW, counted, listed, rule_meaning, rule_title
from sim.story.page import Grid, Heading, Items, Paragraph, Part

BESIDE = "People beside the model"

READING = (
    "Level: how far a text goes; 0 is the status quo, 1 the draft. Harder: who breaks the silence where "
    "the model would not; where a rule counts support, also who keeps silent where the model would "
    "support. A delegation is counted once, and its model breaks the silence where it would for any of "
    "its members."
)

BROKE, HELD = ("broke the silence", "would not have"), ("did not break the silence", "would have")
WITHHELD, GAVE = ("did not support it", "would have"), ("supported it", "would not have")
PARTED = (BROKE, HELD, WITHHELD, GAVE)
"""What people did and what their model would have done, where these are not the same."""

NOTE = (
    "The model is at the centre of its assumptions, after the same events. It is no yardstick of "
    "what is right: where people differ from it, ask why."
)


def parts(found: Debrief) -> Iterator[Part]:
    """The whole account, from how it ended to what each delegation did."""
    yield from (Paragraph(line) for line in summary(found))
    yield Heading("Minute by minute")
    yield Paragraph(own_rule(found))
    yield timeline(found)
    if not found.texts:
        return
    yield Heading("Who broke the silence, and why")
    yield from _or(blocking(found), "Nobody ever broke the silence.")
    yield Heading(BESIDE)
    yield from beside(found)
    yield Heading("What a smaller text would have saved")
    yield Paragraph(LIMITS)
    yield from _or(saving(found), "No text fell, so there was nothing to save.")
    yield Heading("The same voices under other rules")
    yield Paragraph("What each rule would have made of it, had the same been said.")
    yield elsewhere(found)
    yield Heading("Delegation by delegation")
    yield from delegations(found)
    yield Heading("How to read this")
    yield Paragraph(READING)


def _or(lines: Iterable[str], none: str) -> Iterator[Part]:
    said = tuple(lines)
    yield Items(said) if said else Paragraph(none)


# How it ended --------------------------------------------------------------------------------------


def title(found: Debrief) -> str:
    """What is looked back at."""
    return f"{found.scenario.about.title}: the debrief of room {found.code}"


def summary(found: Debrief) -> Iterator[str]:
    """Who played, how long it took, what stands, and what the model alone would have let stand."""
    decided = "1 text was" if len(found.texts) == 1 else f"{len(found.texts)} texts were"
    time = minutes(found.minutes)
    yield f"{_played(found)} {decided} decided in {time}. {_standing(found)}"
    if found.texts:
        yield _alone(found)


def _played(found: Debrief) -> str:
    """How many people came, how many seats they played, and whether the model played the rest."""
    people = "1 person" if found.people == 1 else f"{found.people} people"
    if not found.texts:
        return f"{people} came."
    seats = sum(record.played > 0 for record in found.records)
    model = any(one.by == MODEL for text in found.texts for one in text.said)
    every = seats == len(found.records)
    rest = "for seats while nobody sat there" if every else "for everybody else"
    spoke = f"; the model spoke {rest}" if model else ""
    return f"{people} came and played {seats or 'none'} of {counted(len(found.records), 'seat')}{spoke}."


def _standing(found: Debrief) -> str:
    stands = [clause(name, level) for name, level in found.stands.items()]
    if not stands:
        return "Nothing stands."
    return f"At the end {listed(stands)} {'stands' if len(stands) == 1 else 'stand'}."


def _alone(found: Debrief) -> str:
    """Which of the same texts would have stood among the model's members alone, text by text.

    The end of the day would mislead: of a clause put at several levels it shows one alone.
    """
    one = len(found.texts) == 1
    return f"The model's members alone would {_would_one(found) if one else _would(found)}."


def _would_one(found: Debrief) -> str:
    """What the model would have done with the only text."""
    (text,) = found.texts
    if text.model_adopted:
        return "have let it stand too" if text.adopted else "have let it stand"
    return "not have let it stand" if text.adopted else "not have let it stand either"


def _would(found: Debrief) -> str:
    """Which of several texts the model would have let stand, beside those that stood."""
    fates = [(text.adopted, text.model_adopted) for text in found.texts]
    model = [would for _, would in fates]
    if all(did == would for did, would in fates):
        return (
            "have let the same texts stand" if any(model) else "have let none of them stand either"
        )
    if all(model) or not any(model):
        return f"have let {'all' if all(model) else 'none'} of them stand"
    more = _texts(text for text in found.texts if text.model_adopted and not text.adopted)
    less = _texts(text for text in found.texts if text.adopted and not text.model_adopted)
    if not more:
        return f"not have let {less} stand"
    too = " as well" if (True, True) in fates else ""
    return f"have let {more} stand{too}" + (f", but not {less}" if less else "")


def _texts(texts: Iterable[Debated]) -> str:
    """Texts inside a sentence, by place and clauses where they are few; nothing for none."""
    named = [f"text {text.place} ({what(text)})" for text in texts]
    if len(named) > FEW:
        return counted(len(named), "text")
    return listed(named) if named else ""


def minutes(number: float) -> str:
    """A time in whole minutes.

    >>> minutes(.2), minutes(1.2), minutes(41.7)
    ('less than a minute', '1 minute', '42 minutes')
    """
    return "less than a minute" if number < 0.5 else counted(round(number), "minute")


def own_rule(found: Debrief) -> str:
    """The room's own rule and what it takes; other rules are named where a text was put under one."""
    own = found.scenario.rule.name
    title, meaning = rule_title(found.scenario, own), rule_meaning(found.scenario, own)
    others = any(text.rule != own for text in found.texts)
    more = " Where a text was put under another rule, that is named." if others else ""
    return f"The rule of the room: {title}. {meaning}{more}"


def timeline(found: Debrief) -> Grid:
    """What happened when."""
    puts = [moment.text for moment in found.moments if moment.what == "put"]
    places = {number: place for place, number in enumerate(puts, 1)}
    rows = tuple(
        (clock(moment.minute), said)
        for moment in found.moments
        if (said := _moment(found, moment, places.get(moment.text, 0)))
    )
    return Grid(("Time", "What happened"), rows, frozenset({0}), frozenset({1}))


def clock(minutes: float) -> str:
    """A time since the opening, as a clock shows it.

    >>> clock(0), clock(12.5), clock(90)
    ('0:00', '12:30', '90:00')
    """
    whole, seconds = divmod(round(minutes * 60), 60)
    return f"{whole}:{seconds:02}"


def _moment(found: Debrief, moment: Moment, place: int) -> str:
    """One moment; a gavel goes without saying where the reveal follows."""
    match moment.what:
        case "opened":
            return "The room opens."
        case "put":
            return f"Text {place} is put: {told.text(found.scenario, moment.levels)}."
        case "gavelled":
            shown = any(text.number == moment.text for text in found.texts)
            return "" if shown else f"The gavel falls on text {place}; it is not revealed."
        case "revealed":
            text = next(text for text in found.texts if text.number == moment.text)
            other = other_rule(found, text)
            under = f" under the rule “{other}”" if other else ""
            said = {one.member: one.stance for one in text.said}
            fate = told.fate(found.scenario, text.rule, text.adopted, said, under)
            return f"Text {place} {fate}{_broken(found, text)}."
        case "injected":
            return f"{found.scenario.room.injects[moment.name].title}."
    about = f" about {told.text(found.scenario, moment.levels)}" if moment.levels else ""
    return f"Talks{about}: {clock(moment.seconds / 60)}."


def _broken(found: Debrief, text: Debated) -> str:
    """Who broke the silence: whom the rule hears, and then whom it passes over."""
    heard = [one for one in text.by(OBJECT) if one.member in text.blockers]
    spoken = {one.seat for one in heard if one.by != MODEL}
    passed = [one for one in text.by(OBJECT) if one not in heard and one.seat not in spoken]
    said = f"; {who(found, heard)} broke the silence" if heard else ""
    if not passed:
        return said
    too = " too" if heard else ""
    return f"{said}; {who(found, passed)} broke the silence{too}, which the rule passes over"


# Who and why ---------------------------------------------------------------------------------------


def blocking(found: Debrief) -> Iterator[str]:
    """For every text on which somebody broke the silence or reserved its position: who, and why."""
    for text in found.texts:
        for stance in (OBJECT, RESERVE):
            if text.by(stance):
                said = f"{short(found, text)}: {who(found, text.by(stance))} {told.DONE[stance]}."
                yield f"{said} {_why(found, text, stance)}".strip()


def _why(found: Debrief, text: Debated, stance: str) -> str:
    known = told.every_reason(found.scenario)
    given = text.reasons(stance)
    if not given:
        return ""
    why = [f"{known.get(reason, reason)} ({number})" for reason, number in given.items()]
    return f"Reasons: {'; '.join(why)}."


# Beside the model ----------------------------------------------------------------------------------


def beside(found: Debrief) -> Iterator[Part]:
    """How often people did what the model would have done in their place, and where they parted."""
    counts = found.beside
    total = sum(counts.values())
    if not total:
        yield Paragraph("Nobody played.")
        return
    yield Paragraph(
        f"In {counts[SAME]} of {counted(total, 'answer')} people did what the model would have done in "
        f"their place; in {counts[HARDER]} they were harder, in {counts[SOFTER]} softer. {NOTE}"
    )
    rows = tuple(
        (
            short(found, text),
            *("stands" if stood else "falls" for stood in (text.adopted, text.model_adopted)),
            *(str(text.beside()[way]) for way in (SAME, HARDER, SOFTER)),
        )
        for text in found.texts
    )
    headers = ("Text", "People", "Model", "Same", "Harder", "Softer")
    yield Grid(headers, rows, frozenset({3, 4, 5}), frozenset({0}))
    lines = tuple(parted(found))
    if lines:
        yield Items(lines)


def parted(found: Debrief) -> Iterator[str]:
    """Texts on which people and their model parted, over the silence or over support."""
    for text in found.texts:
        would = {one.seat for one in text.said if one.model == OBJECT}
        ways = {one: _way(one, one.seat in would) for one in text.said if one.played}
        for did, model in PARTED:
            some = [one for one, way in ways.items() if way == (did, model)]
            if some:
                place = "its place" if len({one.seat for one in some}) == 1 else "their place"
                yield f"{short(found, text)}: {who(found, some)} {did}; in {place} the model {model}."


def _way(said: Said, would_break: bool) -> tuple[str, str] | None:
    """How somebody and its model parted, if they did.

    A delegation has one voice: its model breaks the silence where it would for any of its members.
    """
    broke = said.stance == OBJECT
    if broke != would_break:
        return BROKE if broke else HELD
    return {HARDER: WITHHELD, SOFTER: GAVE}.get(said.beside)


# What if -------------------------------------------------------------------------------------------


def elsewhere(found: Debrief) -> Grid:
    """Under which rules the same voices would have carried each text."""
    rows = tuple(
        (short(found, text), _rules(found, text, True), _rules(found, text, False))
        for text in found.texts
    )
    return Grid(("Text", "It would stand", "It would fall"), rows, folds=frozenset({0, 1, 2}))


def _rules(found: Debrief, text: Debated, stands: bool) -> str:
    names = [rule for rule, adopted in text.elsewhere.items() if adopted == stands]
    return "; ".join(rule_title(found.scenario, rule) for rule in names) or "–"


# Delegations ---------------------------------------------------------------------------------------


def delegations(found: Debrief) -> Iterator[Part]:
    """What each delegation did, and how often that is what the model would have done."""
    rows = tuple(
        (
            record.title,
            *map(str, (record.spoke, record.broke, record.reserved, record.supported)),
            str(record.changes),
            f"{record.alike} of {record.played}",
        )
        for record in sorted(found.records, key=lambda record: record.title)
        if record.played
    )
    headers = ("Delegation", "Spoke", "Broke", "Reserved", "Supported", "Changed", "As model")
    if rows:
        yield Grid(headers, rows, frozenset(range(1, 7)), frozenset({0}))
    empty = [record.title for record in found.records if not record.played]
    if empty:
        yield Paragraph(f"Nobody played {listed(empty)}.")
