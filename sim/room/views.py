"""What a phone may see of a room, as JSON: nothing of others before the reveal, and no secret ever."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from sim import rules
from sim.room import cards, told
from sim.room.events import DESK, OBJECT, SILENT, SUPPORT, Ballot, Seat
from sim.room.live import LiveRoom
from sim.room.state import Person, State, Text
from sim.room.verdict import Verdict, Voice, roll_call, silence_is_consent, verdict
from sim.scenario import Scenario
from sim.story import clause_name, member_name


class Views:
    """What every phone sees of one room; what is the same for all is put together once."""

    def __init__(self, room: LiveRoom) -> None:
        self.room = room
        self._common: tuple[list[Any], bytes] = ([], b"")
        self._parts: tuple[Text | None, dict[str, str]] = (None, {})

    def seen(self, who: str = "") -> bytes:
        """The room as one person sees it, or a passer-by, as JSON."""
        state = self.room.state
        common, own = self._shared(state), _packed(self._own(state, who))
        return common[:-1] + b"," + own[1:]  # two objects as one

    def tag(self, seen: bytes) -> str:
        """A mark of what was seen, so that a phone need not fetch the same again."""
        return f'"{hashlib.blake2b(seen, digest_size=12).hexdigest()}"'

    def _shared(self, state: State) -> bytes:
        settled, found = self._common
        now = list(_settled(state))
        if len(settled) != len(now) or any(old is not new for old, new in zip(settled, now)):
            found = _packed(shared(self.room, state))
            self._common = now, found
        return found

    def _own(self, state: State, who: str) -> dict[str, Any]:
        """What is shown to one person alone; a passer-by sees none of it."""
        person, text = state.people.get(who), state.text
        if person is None:
            return {"you": None, "ballot": None, "part": ""}
        seat = person.seat
        return {
            "you": {"who": who, "name": person.name, "seat": seat},
            "ballot": _ballot(text, seat, who) if text and seat else None,
            "part": self._part(state, text, seat) if text and _took_part(text, person, who) else "",
        }

    def _part(self, state: State, text: Text, seat: str) -> str:
        """A seat's part in what has been revealed, worked out once: phones ask every other second."""
        about, parts = self._parts
        if about is not text:
            parts = {}
            self._parts = text, parts
        if seat not in parts:
            parts[seat] = part(self.room.scenario, state, text, seat)
        return parts[seat]


def _settled(state: State) -> Iterator[object]:
    """All that the shared part depends on, which is all but the ballots on a text that is open."""
    yield from (state.people, state.locked, state.closed, state.injects, state.clock, state.ahead)
    for text in state.texts:
        yield from (text.put, text.ended, text.revealed)


def shared(room: LiveRoom, state: State) -> dict[str, Any]:
    """What everybody in the room may see.

    Deadlines are in seconds since 1970 by the clock of the server.
    """
    scenario, text = room.scenario, state.text
    return {
        "room": state.opened.code,
        "title": scenario.about.title,
        "phase": state.phase,
        "people": len(state.people),
        "closed": state.closed,
        "clock": state.clock,
        "seats": [_seat(scenario, state, seat) for seat in state.seats],
        "done": told.DONE,
        "reasons": room.reasons,
        "injects": [_inject(scenario, name) for name in state.injects],
        "known": len(_known(state)),
        "standing": [
            {"clause": clause_name(scenario, name), "level": told.level(level)}
            for name, level in room.standing().items()
        ],
        "ahead": _clauses(scenario, state.ahead),
        "text": _text(scenario, state, text) if text else None,
        "result": _result(scenario, state, text) if text and text.revealed else None,
    }


def _seat(scenario: Scenario, state: State, seat: str) -> dict[str, Any]:
    place = state.seats[seat]
    return {
        "id": seat,
        "title": place.title,
        "members": [member_name(scenario, iso) for iso in place.members],
        "locked": seat in state.locked,
        "taken": len(state.sitting(seat)),
    }


def _known(state: State) -> tuple[str, ...]:
    """What had happened by the last gavel, and is no news any more."""
    ended = [text for text in state.texts if not text.open]
    return ended[-1].injects if ended else ()


def _inject(scenario: Scenario, name: str) -> dict[str, str]:
    inject = scenario.room.injects[name]
    return {"title": inject.title, "text": inject.text}


def _text(scenario: Scenario, state: State, text: Text) -> dict[str, Any]:
    return {
        "number": text.number,
        "title": told.text(scenario, text.put.levels),
        "rule": _rule(scenario, state, text.put.rule),
        "otherwise": text.put.rule != state.opened.rule,
        "deadline": text.deadline,
        "clauses": _clauses(scenario, text.put.levels),
    }


def _rule(scenario: Scenario, state: State, rule: str) -> str:
    """How a text is decided; role cards know the rule of the room alone, and are wrong under another."""
    said = told.consent(scenario, rule)
    if rule == state.opened.rule:
        return said
    return f"For this text another rule holds than the one on the role cards. {said}"


def _clauses(scenario: Scenario, levels: Mapping[str, float]) -> list[dict[str, Any]]:
    return [
        {
            "title": clause_name(scenario, name),
            "text": scenario.clauses[name].text,
            "level": told.level(level),
            "lowered": level < 1,
        }
        for name, level in levels.items()
    ]


def texts(scenario: Scenario) -> list[dict[str, str]]:
    """All clauses as drafted, and whether there is less of them to be had, to be read at any time."""
    return [
        {"title": clause_name(scenario, name), "text": told.drafted(row)}
        for name, row in scenario.clauses.items()
    ]


def card(scenario: Scenario, seat: Seat) -> dict[str, Any]:
    """The role card of a seat, for its own people alone."""
    return cards.card(scenario, *seat).as_json()


# The reveal -------------------------------------------------------------------------------------


def _result(scenario: Scenario, state: State, text: Text) -> dict[str, Any]:
    found = verdict(scenario, state, text)
    return {
        "text": told.text(scenario, text.put.levels),
        "adopted": found.adopted,
        "sentence": told.moment(scenario, state, found),
        "roll": _roll(scenario, state, found),
    }


def _roll(scenario: Scenario, state: State, found: Verdict) -> list[dict[str, str]]:
    """Who did what: first those that broke the silence, among equals by name."""
    rows = [_row(scenario, state, voice) for voice in roll_call(found)]
    order = [row["stance"] for row in rows]
    return sorted(rows, key=lambda row: (order.index(row["stance"]), row["who"]))


def _row(scenario: Scenario, state: State, voice: Voice) -> dict[str, str]:
    title = told.delegation(scenario, state, voice)
    return {"who": title, "stance": voice.stance, "reason": voice.reason, "by": voice.by}


def part(scenario: Scenario, state: State, text: Text, seat: str) -> str:
    """What a seat's own word did to the decision, in a sentence."""
    adopted, said = verdict(scenario, state, text).adopted, _said(text, seat)

    def had(stance: str) -> bool:
        return _had(scenario, state, text, seat, stance)

    if said == OBJECT:
        return _objected(text, adopted, had(SILENT), had(SUPPORT))
    if adopted:
        return _adopted(said == SUPPORT, had(SILENT), had(OBJECT))
    if said == SUPPORT:
        return "You supported it, and could not save it."
    if had(SUPPORT):
        return "Your silence was not enough. Had you supported it, it would have stood."
    if silence_is_consent(scenario, text.put.rule):
        return "You did not stand in its way, and could not save it."
    return "Your silence was not support; yours alone would not have saved it either."


def _adopted(supported: bool, silent: bool, objecting: bool) -> str:
    """What letting a text pass did; silent, objecting: whether it would have stood with these too."""
    passed = "You supported it." if supported else "You let it pass."
    if supported and not silent:
        return f"{passed} Had you stayed silent, it would have fallen."
    if objecting:
        return f"{passed} Your objection alone would not have stopped it."
    return f"{passed} Had you broken the silence, it would have fallen."


def _objected(text: Text, adopted: bool, silent: bool, support: bool) -> str:
    """What an objection did; silent, support: whether the text would have stood with these instead."""
    if adopted:
        return "You broke the silence, and the rule passed over it."
    if silent:
        alone = rules.one_is_enough(text.put.rule)
        what = "Yours was the veto" if alone else "Yours tipped it"
        return f"{what}. Had you stayed silent, it would have stood."
    if support:
        return "You broke the silence; only with your support would it have stood."
    return "You broke the silence; had you stayed silent, it would have fallen all the same."


def _took_part(text: Text, person: Person, who: str) -> bool:
    """Whether somebody had a part in what is revealed: at the gavel they spoke for that seat."""
    then = text.people.get(who)
    if not (text.revealed and person.seat and then and then.seat == person.seat):
        return False
    ballot = text.ballots.get(person.seat)
    return ballot is None or ballot.who in (who, DESK)


def _said(text: Text, seat: str) -> str:
    ballot = text.ballots.get(seat)
    return ballot.stance if ballot else SILENT


def _had(scenario: Scenario, state: State, text: Text, seat: str, stance: str) -> bool:
    """Whether the text would have been adopted, had a seat taken another stance."""
    other = Ballot(text.number, seat, "", 0, stance)
    changed = replace(text, ballots={**text.ballots, seat: other})
    return verdict(scenario, state, changed).adopted


# One's own --------------------------------------------------------------------------------------


def _ballot(text: Text, seat: str, who: str) -> dict[str, Any] | None:
    """What was last said for a seat; whoever did not sit there then learns it at the reveal.

    Else one who goes from seat to seat would see what was said on all that are free.
    """
    ballot = text.ballots.get(seat)
    if ballot is None:
        return None
    hidden = who not in text.heard[seat, ballot.who] and not text.revealed
    return shown_ballot(ballot) | ({"stance": "", "reason": ""} if hidden else {})


def shown_ballot(ballot: Ballot) -> dict[str, Any]:
    """A ballot, for whoever spoke; `turn` is where the next one goes on from."""
    return {
        "put": ballot.put,
        "stance": ballot.stance,
        "reason": ballot.reason,
        "turn": ballot.turn,
        "who": ballot.who,
    }


def _packed(found: dict[str, Any]) -> bytes:
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()
