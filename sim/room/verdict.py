"""What the council decided on a text: who said what, and what the rule makes of it, or another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim import rules
from sim.room.events import DESK, MODEL, OBJECT, SILENT, STANCES
from sim.room.mind import heard
from sim.room.state import State, Text
from sim.scenario import Scenario, rules_of

PHONE, NOBODY = "phone", "silence"
"""How a member's stance came about: said on a phone, or by nobody, which is silence."""


@dataclass(frozen=True)
class Voice:
    """What one member said of a text and why, on which seat, by whom: phone, desk, model or nobody."""

    member: str
    seat: str
    stance: str
    reason: str = ""
    by: str = NOBODY


@dataclass(frozen=True)
class Verdict:
    """The council's decision on a text under a rule.

    voices: of every member, in the order of the roster; adopted: whether the text stands; blockers:
    who broke the silence; missing: how many of them would have to fall silent for it to stand, None
    where no silence would carry it.
    """

    text: Text
    rule: str
    voices: tuple[Voice, ...]
    adopted: bool
    blockers: tuple[str, ...]
    missing: int | None

    @property
    def stances(self) -> dict[str, str]:
        """What every member said."""
        return {voice.member: voice.stance for voice in self.voices}

    @property
    def spare(self) -> int:
        """How many of its blockers could go on objecting and it would stand, once the others do not."""
        return len(self.blockers) - (self.missing or 0)


def voices(scenario: Scenario, state: State, text: Text) -> tuple[Voice, ...]:
    """What every member said of a text, so far or in the end."""
    return tuple(_voice(iso, state, text) for iso in scenario.seats)


def _voice(iso: str, state: State, text: Text) -> Voice:
    seat = state.speaks_for(iso)
    ballot = text.ballots.get(seat)
    if ballot:
        by = DESK if ballot.who == DESK else PHONE
        return Voice(iso, seat, ballot.stance, ballot.reason, by)
    if iso in text.model:
        return Voice(iso, seat, text.model[iso], by=MODEL)
    return Voice(iso, seat, SILENT)


def roll_call(found: Verdict) -> list[Voice]:
    """Who spoke: a seat once for all its members, others each; first those that broke the silence."""
    rows: dict[str, Voice] = {}
    for voice in found.voices:
        alone = voice.by == MODEL or not voice.seat
        rows.setdefault(voice.member if alone else f"seat {voice.seat}", voice)
    order = list(STANCES)
    return sorted(rows.values(), key=lambda row: -order.index(row.stance))


def verdict(scenario: Scenario, state: State, text: Text, rule: str = "") -> Verdict:
    """What the council decided, under the rule of the text or under another."""
    name = rule or text.put.rule
    said = voices(scenario, state, text)
    held = rules.named(name, scenario.table)
    table = heard(voice.stance for voice in said)
    missing = int(held.silences(table)[0, 0])
    stops = held.stops(len(said))
    return Verdict(
        text=text,
        rule=name,
        voices=said,
        adopted=bool(held.adopts(table)[0, 0]),
        blockers=tuple(
            voice.member for voice, counts in zip(said, stops) if counts and voice.stance == OBJECT
        ),
        missing=missing if missing < rules.NEVER else None,
    )


def adopts(scenario: Scenario, rule: str, said: Mapping[str, str]) -> bool:
    """Whether a rule lets a text stand of which every member says something."""
    held = rules.named(rule, scenario.table)
    return bool(held.adopts(heard(said[iso] for iso in scenario.seats))[0, 0])


def silence_is_consent(scenario: Scenario, rule: str) -> bool:
    """Whether whoever keeps silent lets a text pass, so that silence is as good as support."""
    return rules.named(rule, scenario.table).tolerates is not None


def elsewhere(scenario: Scenario, state: State, text: Text) -> dict[str, bool]:
    """Whether the same voices would adopt the text, under every rule that the scenario can name."""
    return {name: verdict(scenario, state, text, name).adopted for name in rules_of(scenario)}


def standing(scenario: Scenario, state: State) -> dict[str, float]:
    """The clauses that stand by now, and the level at which each does."""
    adopted: dict[str, float] = {}
    for text in state.texts:
        if text.revealed and verdict(scenario, state, text).adopted:
            adopted |= text.put.levels
    return adopted


def decided(scenario: Scenario, state: State) -> Mapping[str, Verdict]:
    """The last revealed verdict on every clause that has been put."""
    found: dict[str, Verdict] = {}
    for text in state.texts:
        if text.revealed:
            found |= dict.fromkeys(text.put.levels, verdict(scenario, state, text))
    return found
