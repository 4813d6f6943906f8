"""What a workshop leaves behind: what was put and decided, by whom and why, beside the model.

Only what everybody has seen: of a text that is not revealed nothing is told but that it was put.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from sim.room.events import (
    DESK,
    OBJECT,
    RESERVE,
    SILENT,
    SUPPORT,
    Ballot,
    Entry,
    Gavelled,
    Injected,
    Put,
    Revealed,
    Timed,
)
from sim.room.findings import HARDER, SAME, SOFTER, Debated, Debrief, Moment, Record, Said
from sim.room.mind import Minds, minds
from sim.room.proposals import answers, passing, would_stand
from sim.room.state import State, Text, apply, kept, replay, undoable
from sim.room.verdict import (
    NOBODY,
    PHONE,
    Verdict,
    Voice,
    elsewhere,
    silence_is_consent,
    standing,
    verdict,
)
from sim.scenario import Scenario

MINUTE = 60.0
"""Seconds."""

KINDNESS = {OBJECT: 0, RESERVE: 1, SILENT: 1, SUPPORT: 2}
CONSENT = KINDNESS | {SUPPORT: 1}
"""How kind a stance is; a reservation is kept in silence. Where silence is consent, so is support."""


def debrief(scenario: Scenario, log: Iterable[Entry]) -> Debrief:
    """Look back at a room by its log; the scenario is the one that was played."""
    log = list(log)
    state, start = replay(log), log[0].at
    shown = [text for text in state.texts if text.revealed]
    thinking = _Thinking(scenario)
    texts = tuple(_debated(thinking, state, text, start) for text in shown)
    alone = replace(state, texts=tuple(thinking.alone(text) for text in shown))
    return Debrief(
        scenario=scenario,
        code=state.opened.code,
        sha256=state.opened.sha256,
        seating=state.opened.seating,
        people=_most(log, state),
        minutes=_minutes(_last_act(log).at - start),
        moments=tuple(_moments(log)),
        texts=texts,
        records=tuple(_record(seat, state, log, texts) for seat in state.seats),
        stands=standing(scenario, state),
        model_stands=standing(scenario, alone),
    )


class _Thinking:
    """The model's members, after whichever injects; worked out once for each."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self._known: dict[tuple[str, ...], Minds] = {}

    def after(self, injects: tuple[str, ...]) -> Minds:
        if injects not in self._known:
            self._known[injects] = minds(self.scenario, injects)
        return self._known[injects]

    def alone(self, text: Text) -> Text:
        """The text as the model's members would have answered it, all by themselves."""
        said = self.after(text.injects).stances(text.put.levels)
        return replace(text, ballots={}, model=said)


def _minutes(seconds: float) -> float:
    return round(seconds / MINUTE, 2)


def _last_act(log: list[Entry]) -> Entry:
    """What the facilitator did last; else the opening. People go home at any time after it."""
    return undoable(log) or log[0]


def _most(log: list[Entry], state: State) -> int:
    """How many people were there at once at most; who leaves and comes back is one."""
    now, most = State(state.opened), 0
    for entry in kept(log):
        now = apply(now, entry)
        most = max(most, len(now.people))
    return most


def _moments(log: list[Entry]) -> Iterable[Moment]:
    """What the facilitator did that still counts."""
    yield Moment(0.0, "opened")
    for entry in kept(log):
        minute = _minutes(entry.at - log[0].at)
        match entry.event:
            case Put(levels=levels):
                yield Moment(minute, "put", entry.number, dict(levels))
            case Gavelled(put=number):
                yield Moment(minute, "gavelled", number)
            case Revealed(put=number):
                yield Moment(minute, "revealed", number)
            case Injected(name):
                yield Moment(minute, "injected", name=name)
            case Timed(seconds, levels) if seconds:
                yield Moment(minute, "talks", levels=dict(levels), seconds=seconds)


def _debated(thinking: _Thinking, state: State, text: Text, start: float) -> Debated:
    scenario, alone = thinking.scenario, thinking.alone(text)
    found, model = verdict(scenario, state, text), verdict(scenario, state, alone)
    known = thinking.after(text.injects)
    taken = {person.seat for person in text.people.values() if person.seat}
    single = next(iter(text.put.levels)) if len(text.put.levels) == 1 else None
    limits = known.ceilings(single) if single else {}
    lower = bearable(scenario, known, text.put.levels, found) if found.missing else {}
    assert text.ended is not None
    order = CONSENT if silence_is_consent(scenario, text.put.rule) else KINDNESS
    return Debated(
        number=text.number,
        place=state.texts.index(text) + 1,
        minute=_minutes(text.at - start),
        lasted=_minutes(text.ended - text.at),
        levels=dict(text.put.levels),
        rule=text.put.rule,
        injects=text.injects,
        adopted=found.adopted,
        said=tuple(_beside(found.voices, taken, alone.model, order)),
        blockers=found.blockers,
        elsewhere=elsewhere(scenario, state, text),
        model_blockers=model.blockers,
        model_adopted=model.adopted,
        missing=found.missing,
        ceilings={iso: limits[iso] for iso in found.blockers if iso in limits},
        bearable=lower,
        then=answers(known, found, lower) if lower else {},
        passing=supported(scenario, known, text.put.levels, found) if found.missing is None else {},
    )


def _beside(
    voices: Sequence[Voice],
    taken: set[str],
    model: Mapping[str, str],
    order: Mapping[str, int],
) -> Iterator[Said]:
    """Every voice beside the model; a delegation's model is as hard as that of its hardest member."""
    hardest: dict[str, int] = {}
    for voice in voices:
        rank = order[model[voice.member]]
        hardest[voice.seat] = min(rank, hardest.get(voice.seat, rank))
    for voice in voices:
        played = voice.by in (PHONE, DESK) or (voice.by == NOBODY and voice.seat in taken)
        far = order[voice.stance] - hardest[voice.seat]
        yield Said(
            member=voice.member,
            seat=voice.seat,
            stance=voice.stance,
            reason=voice.reason,
            by=voice.by,
            played=played,
            model=model[voice.member],
            beside=(SAME if far == 0 else SOFTER if far > 0 else HARDER) if played else "",
        )


def bearable(
    scenario: Scenario, known: Minds, levels: Mapping[str, float], found: Verdict
) -> dict[str, float]:
    """The text nearest to one that fell with which enough of its blockers could live, by the model.

    A single clause at a lower level, rounded down to a hundredth; of several, those that are left once
    the worst for them are taken out. Empty where there is none.
    """
    if len(levels) > 1:
        return _fewer(known, dict(levels), found)
    (clause, level), limits = next(iter(levels.items())), known.ceilings(next(iter(levels)))
    needed = sorted(limits[iso] for iso in found.blockers)[found.spare :]
    least = min([level, *needed])
    lower = level if least == level else math.floor(least * 100) / 100
    return {clause: lower} if lower >= scenario.clauses[clause].least else {}


def _fewer(known: Minds, left: dict[str, float], found: Verdict) -> dict[str, float]:
    """Clauses taken out, the worst for its blockers first, until few enough break the silence."""
    rows = [known.members.index(iso) for iso in found.blockers]
    while left:
        said = known.stances(left)
        if sum(said[iso] == OBJECT for iso in found.blockers) <= found.spare:
            return left
        worst = known.views(left)[rows].min(axis=0)
        del left[list(left)[int(worst.argmin())]]
    return {}


def supported(
    scenario: Scenario, known: Minds, levels: Mapping[str, float], found: Verdict
) -> dict[str, float]:
    """A text that lacked support at the highest level at which by the model it would have stood.

    As it was put where those who blocked it would have carried it, had they been the model's members;
    else at the level that the desk proposes. Empty where there is none.
    """
    if would_stand(scenario, known, levels, found):
        return dict(levels)
    return passing(scenario, known, levels, found) or {}


def _record(seat: str, state: State, log: list[Entry], texts: tuple[Debated, ...]) -> Record:
    """A delegation over all texts that were revealed."""
    own = [[one for one in text.said if one.seat == seat] for text in texts]
    spoken = [rows[0] for rows in own if rows and rows[0].by in (PHONE, DESK)]
    stances = Counter(one.stance for one in spoken)
    beside = Counter(rows[0].beside for rows in own if rows)
    return Record(
        seat=seat,
        title=state.seats[seat].title,
        spoke=len(spoken),
        broke=stances[OBJECT],
        reserved=stances[RESERVE],
        supported=stances[SUPPORT],
        changes=_changes(seat, log, {text.number for text in texts}),
        alike=beside[SAME],
        harder=beside[HARDER],
        softer=beside[SOFTER],
    )


def _changes(seat: str, log: list[Entry], shown: set[int]) -> int:
    """How often whoever spoke for a seat changed their mind, on texts that were revealed."""
    last: dict[tuple[int, str], str] = {}
    changed = 0
    for entry in kept(log):
        match entry.event:
            case Ballot(put=put, stance=stance, who=who) as ballot:
                if ballot.seat == seat and put in shown:
                    changed += last.get((put, who), stance) != stance
                    last[put, who] = stance
    return changed
