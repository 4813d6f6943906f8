"""A room while it is open: checks what people ask for, writes it down, and knows how things stand."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from functools import cached_property

from sim.errors import OnevetoError, RequestError
from sim.room import scripts, told
from sim.room.events import (
    DESK,
    MODEL,
    OBJECT,
    RESERVE,
    SILENT,
    STANCES,
    Ballot,
    Closed,
    Entry,
    Event,
    Gavelled,
    Injected,
    Joined,
    Left,
    Locked,
    Passed,
    Put,
    Revealed,
    Seated,
    Timed,
    Undone,
)
from sim.room.mind import Minds, minds
from sim.room.names import tidy
from sim.room.state import State, Text, apply, deed, replay, undoable
from sim.room.store import Store
from sim.room.verdict import standing
from sim.scenario import Scenario, rules_of
from sim.scenario.room import Script

CROWD = 300
"""People who fit into a room; more would be a mistake or mischief."""

ANY = "*"
"""Whoever asks for this seat gets a free one by lot; no seat has this name, for names are words."""

AHEAD = 50
"""Turns by which a ballot may be ahead of its seat: whoever comes next can still say something newer."""


class Refusal(OnevetoError):
    """What somebody asked for cannot be done now; the sentence is for them."""


class Unwritten(Refusal):
    """What somebody asked for was right, and the room's file cannot be written; try again later."""


class LiveRoom:
    """One room: its store, its scenario, its state after every entry. Safe to use from any thread.

    clock gives seconds since 1970.
    """

    def __init__(
        self, store: Store, scenario: Scenario, clock: Callable[[], float] = time.time
    ) -> None:
        self.store, self.scenario, self.clock = store, scenario, clock
        self.reasons, self.rules = told.reasons(scenario), rules_of(scenario)
        self._log = store.read()
        self._state = replay(self._log)
        self._deeds = list(filter(deed, self._log))
        papers = store.papers()
        self._digests = _named(papers, "token:")
        self._keys = _named(papers, "key:")
        self._minds: dict[tuple[str, ...], Minds] = {}
        self._lock = threading.RLock()

    @property
    def state(self) -> State:
        """How the room stands."""
        return self._state

    @property
    def code(self) -> str:
        """The letters by which people join."""
        return self._state.opened.code

    @cached_property
    def script(self) -> Script | None:
        """The script that the room was opened with."""
        name = self._state.opened.script
        return scripts.script(self.scenario, name) if name else None

    @property
    def deeds(self) -> list[Entry]:
        """What the facilitator has done so far, and taken back: few entries beside those of phones."""
        with self._lock:
            return list(self._deeds)

    @property
    def log(self) -> list[Entry]:
        """The whole log so far."""
        with self._lock:
            return list(self._log)

    def minds(self) -> Minds:
        """What the model's members think by now."""
        injects = self._state.injects
        if injects not in self._minds:
            self._minds[injects] = minds(self.scenario, injects)
        return self._minds[injects]

    def standing(self) -> dict[str, float]:
        """The clauses that stand by now, with their levels."""
        return standing(self.scenario, self._state)

    # Phones ----------------------------------------------------------------------------------

    def join(self, name: str, seat: str = "", key: str = "") -> tuple[str, str]:
        """Somebody comes in: who they are from now on, and the token that proves it.

        Whoever asks again with the same key, since the answer was lost on the way, is the same person,
        on the seat that they ask for now, or while a text is open on the one they have, and gets a new
        token.
        """
        with self._lock:
            known = self._keys.get(_digest(key), "") if key else ""
            if known in self._state.people:
                if self._state.phase != "open" or not self._state.people[known].seat:
                    self.sit(known, seat)
                return known, self._give_token(known)
            if self._state.closed:
                raise Refusal("The room is closed to newcomers; ask the facilitator.")
            if len(self._state.people) >= CROWD:
                raise Refusal(f"The room is full: {CROWD} people.")
            who = f"p{len(self._log) + 1}"
            events: list[Event] = [Joined(who, tidy(name))]
            if seat:
                events.append(Seated(who, self._free(seat)))
            return who, self._give_token(who, *events, key=key)

    def knows(self, who: str, token: str) -> bool:
        """Whether a token is the one that was given to this person, who is still here."""
        digest = self._digests.get(who, "")
        right = hmac.compare_digest(digest.encode(), _digest(token).encode())
        return right and who in self._state.people

    def sit(self, who: str, seat: str) -> str:
        """Take a free seat, or none: the seat that one has now.

        Whoever has one keeps it while a text is open, and where any will do.
        """
        with self._lock:
            self._check_here(who)
            before = self._state.people[who].seat
            if seat == before or (before and seat == ANY):
                return before
            if before and self._state.phase == "open":
                raise Refusal("A text is open; change seats when the gavel has fallen.")
            seat = self._free(seat) if seat else ""
            self._write(Seated(who, seat))
            return seat

    def leave(self, who: str) -> None:
        """Go, or be shown out; what somebody said on an open text goes along."""
        with self._lock:
            self._check_here(who)
            self._write(Left(who))

    def speak(self, who: str, put: int, stance: str, reason: str = "", turn: int = 0) -> Ballot:
        """A ballot from a phone, on the text that is open; the same one twice is written once.

        Raises Refusal where something newer was said on the seat, by another phone or by the desk.
        """
        with self._lock:
            self._check_here(who)
            seat = self._state.people[who].seat
            if not seat:
                raise Refusal("Observers watch; take a seat to speak.")
            return self._ballot(Ballot(put, seat, who, turn, stance, reason))

    # The desk --------------------------------------------------------------------------------

    def put(
        self, levels: Mapping[str, float], rule: str = "", seconds: int = 0, empty: str = MODEL
    ) -> int:
        """Put a text: a clause or several as one. Its number."""
        with self._lock:
            if self._state.phase == "open":
                raise Refusal("A text is open; let the gavel fall first.")
            self._check_levels(levels)
            rule = rule or self._state.opened.rule
            if rule not in self.rules:
                raise Refusal(f"`{rule}` is no rule of this scenario.")
            if empty not in (MODEL, SILENT):
                raise Refusal("Empty seats are played by the model, or stay silent.")
            return self._write(Put(dict(levels), rule, seconds, empty))[0].number

    def speak_for(self, seat: str, stance: str, reason: str = "") -> Ballot:
        """A ballot typed in at the desk on behalf of a seat."""
        with self._lock:
            if seat not in self._state.seats:
                raise Refusal("There is no such seat.")
            text = self._open_text()
            turn = text.turn(seat) + 1
            return self._ballot(Ballot(text.number, seat, DESK, turn, stance, reason))

    def gavel(self) -> None:
        """The silence is over: what has been said by now counts."""
        with self._lock:
            text = self._open_text()
            self._write(Gavelled(text.number, self._for_empty_seats(text)))

    def reveal(self) -> None:
        """Show everybody who did what."""
        with self._lock:
            if self._state.phase != "gavelled" or self._state.text is None:
                raise Refusal("There is nothing to reveal.")
            self._write(Revealed(self._state.text.number))

    def inject(self, name: str) -> None:
        """Let something happen."""
        with self._lock:
            if name not in self.scenario.room.injects:
                raise Refusal("This scenario has no such inject.")
            if name in self._state.injects:
                raise Refusal("That has happened already.")
            self._write(Injected(name))

    def lock(self, seat: str, locked: bool = True) -> None:
        """Close a seat to newcomers, or open it again."""
        with self._lock:
            if seat not in self._state.seats:
                raise Refusal("There is no such seat.")
            self._write(Locked(seat, locked))

    def close(self, closed: bool = True) -> None:
        """Let nobody new in, or open the room again; whoever is here stays."""
        with self._lock:
            self._write(Closed(closed))

    def time(self, seconds: int, levels: Mapping[str, float] | None = None) -> None:
        """Set the clock for talks, about a text that comes next if one is named; 0 stops it."""
        with self._lock:
            if levels and self._state.phase == "open":
                raise Refusal("A text is open; let the gavel fall first.")
            if levels:
                self._check_levels(levels)
            self._write(Timed(seconds, dict(levels or {})))

    def go_past(self, *acts: int) -> None:
        """Acts of the script, by number, have been said or are left out; no desk shows them again."""
        with self._lock:
            if not {*acts} <= {*range(len(self.script.acts) if self.script else 0)}:
                raise Refusal("The script has no such act.")
            self._write(Passed(acts))

    def undo(self, number: int = 0) -> Entry:
        """Take the facilitator's last act back; only if it is still the one of that number."""
        with self._lock:
            last = undoable(self._deeds)
            if last is None:
                raise Refusal("There is nothing to undo.")
            if number not in (0, last.number):
                raise Refusal("Something else was done in the meantime; look again.")
            self._check_still_there(last)
            self._write(Undone(last.number))
            return last

    # Within ----------------------------------------------------------------------------------

    def _give_token(self, who: str, *events: Event, key: str = "") -> str:
        """A new token for somebody, on disk with whatever else happens."""
        token = secrets.token_urlsafe(24)
        papers = {f"token:{who}": _digest(token)} | ({f"key:{_digest(key)}": who} if key else {})
        self._write(*events, papers=papers)
        self._digests |= _named(papers, "token:")
        self._keys |= _named(papers, "key:")
        return token

    def _write(self, *events: Event, papers: Mapping[str, str] | None = None) -> list[Entry]:
        now = max(self.clock(), self._log[-1].at)  # a clock that is set back turns no log around
        try:
            entries = self.store.append(events, now, papers)
        except RequestError as error:
            raise Unwritten(f"Nothing was written down: {error}") from None
        self._log.extend(entries)
        self._deeds.extend(filter(deed, entries))
        for entry in entries:
            undone = isinstance(entry.event, Undone)
            self._state = replay(self._log) if undone else apply(self._state, entry)
        return entries

    def _ballot(self, ballot: Ballot) -> Ballot:
        text = self._open_text()
        if ballot.put != text.number:
            raise Refusal("That text is no longer on the table.")
        self._check_said(ballot)
        before = text.ballots.get(ballot.seat)
        if before == ballot:
            return before
        if before and before.precedence > ballot.precedence:
            raise Refusal("Something newer was said on this seat; look again.")
        if ballot.turn > text.turn(ballot.seat) + AHEAD:
            raise Refusal(f"Turn {ballot.turn} is too far ahead; look again.")
        self._write(ballot)
        return ballot

    def _for_empty_seats(self, text: Text) -> dict[str, str]:
        """What the model says for members for whom nobody sits and nobody has spoken."""
        if text.put.empty != MODEL:
            return {}
        said = self.minds().stances(text.put.levels)
        taken = {
            seat for seat in self._state.seats if seat in text.ballots or self._state.sitting(seat)
        }
        return {
            iso: stance for iso, stance in said.items() if self._state.speaks_for(iso) not in taken
        }

    def _open_text(self) -> Text:
        text = self._state.text
        if text is None or not text.open:
            raise Refusal("No text is open.")
        return text

    def _check_here(self, who: str) -> None:
        if who not in self._state.people:
            raise Refusal("You are not in this room any more; join again.")

    def _check_still_there(self, act: Entry) -> None:
        """What was said at a gavel stays said: whoever has gone since cannot be asked again."""
        text = self._state.text
        if not isinstance(act.event, Gavelled) or text is None:
            return
        for who, person in text.people.items():
            now = self._state.people.get(who)
            if person.seat and (now is None or now.seat != person.seat):
                where = self._state.seats[person.seat].title
                raise Refusal(f"Somebody has left {where} since the gavel; put the text again.")

    def _free(self, asked: str) -> str:
        """The seat that somebody asks for, which is free; one by lot where any will do."""
        if asked != ANY:
            self._check_free(asked)
            return asked
        if not self._state.free:
            raise Refusal("No seat is free; you can watch.")
        return secrets.choice(self._state.free)

    def _check_free(self, seat: str) -> None:
        if seat not in self._state.seats:
            raise Refusal("There is no such seat.")
        if seat in self._state.locked:
            raise Refusal(f"{self._state.seats[seat].title} is locked; take another seat.")
        if self._state.sitting(seat):
            raise Refusal(f"{self._state.seats[seat].title} is taken; take another seat.")

    def _check_levels(self, levels: Mapping[str, float]) -> None:
        if not levels:
            raise Refusal("A text needs a clause.")
        for name, level in levels.items():
            if name not in self.scenario.clauses:
                raise Refusal(f"`{name}` is no clause of this treaty.")
            least = self.scenario.clauses[name].least
            if not least <= level <= 1:
                raise Refusal(f"{name} can be put at {least:g} to 1, not at {level:g}.")

    def _check_said(self, ballot: Ballot) -> None:
        if ballot.stance not in STANCES:
            raise Refusal("Support, stay silent, reserve your position, or break the silence.")
        argued = ballot.stance in (OBJECT, RESERVE)
        if ballot.reason and (not argued or ballot.reason not in self.reasons):
            raise Refusal("Choose a reason from the list.")


def _named(papers: Mapping[str, str], kind: str) -> dict[str, str]:
    """The papers of one kind, without the name of the kind."""
    return {name.removeprefix(kind): text for name, text in papers.items() if name.startswith(kind)}


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
