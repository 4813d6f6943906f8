"""How a room stands: its log, replayed. Pure, so that undo, restart and debrief are one function.

Any order in which the ballots on a text arrive between its opening and the gavel gives the same state,
whoever comes and goes meanwhile, as long as what each person does stays in its order: who leaves takes
their words along, and what else was said on the seat counts again. What comes too early, too late or
from nobody in particular changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial, reduce
from typing import Any

from sim.room.events import (
    ACTS,
    DESK,
    Ballot,
    Closed,
    Entry,
    Gavelled,
    Injected,
    Joined,
    Left,
    Locked,
    Opened,
    Put,
    Revealed,
    Seat,
    Seated,
    Timed,
    Undone,
)


@dataclass(frozen=True)
class Person:
    """Somebody in the room: the name they gave, their seat; without one an observer."""

    name: str
    seat: str = ""


@dataclass(frozen=True)
class Text:
    """A text that was put, and what has become of it.

    number: of the entry that put it; said: the last ballot of everybody on every seat; heard: who sat
    there when it came, on which no decision hangs; ballots: those that count, by seat. Once the gavel
    has fallen, model: what members said for whom nobody sits; people: who was there, and where;
    injects: what had happened by then.
    """

    number: int
    at: float
    put: Put
    said: Mapping[tuple[str, str], Ballot] = field(default_factory=dict)
    ballots: Mapping[str, Ballot] = field(default_factory=dict)
    heard: Mapping[tuple[str, str], list[str]] = field(default_factory=dict, compare=False)
    model: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, Person] = field(default_factory=dict)
    injects: tuple[str, ...] = ()
    ended: float | None = None
    revealed: bool = False

    @property
    def open(self) -> bool:
        """Whether the silence can still be broken."""
        return self.ended is None

    @property
    def deadline(self) -> float | None:
        """When silence has lasted long enough, in seconds since 1970; None without a limit."""
        return self.at + self.put.seconds if self.put.seconds else None

    def turn(self, seat: str) -> int:
        """The turn of a seat's ballot that counts; 0 before it has spoken."""
        ballot = self.ballots.get(seat)
        return ballot.turn if ballot else 0


@dataclass(frozen=True)
class State:
    """How the room stands after so many entries.

    closed: to newcomers; injects: those that have happened, by name, in order; clock: when the
    facilitator's clock runs out, in seconds since 1970; ahead: the text that is talked about before it
    is put.
    """

    opened: Opened
    entries: int = 0
    people: Mapping[str, Person] = field(default_factory=dict)
    locked: frozenset[str] = frozenset()
    closed: bool = False
    texts: tuple[Text, ...] = ()
    injects: tuple[str, ...] = ()
    clock: float | None = None
    ahead: Mapping[str, float] = field(default_factory=dict)

    @property
    def text(self) -> Text | None:
        """The text put last."""
        return self.texts[-1] if self.texts else None

    @property
    def phase(self) -> str:
        """`lobby`, `open`, `gavelled` or `revealed`."""
        if self.text is None:
            return "lobby"
        if self.text.open:
            return "open"
        return "revealed" if self.text.revealed else "gavelled"

    @property
    def seats(self) -> Mapping[str, Seat]:
        """The seats, by id."""
        return self.opened.seats

    @property
    def free(self) -> list[str]:
        """Seats that somebody may take: nobody sits there, and they are not locked."""
        return [seat for seat in self.seats if seat not in self.locked and not self.sitting(seat)]

    def sitting(self, seat: str) -> list[str]:
        """Who sits on a seat: ids of people."""
        return list(self._sitting.get(seat, ()))

    @cached_property
    def _sitting(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for who, person in self.people.items():
            found.setdefault(person.seat, []).append(who)
        return found

    def speaks_for(self, member: str) -> str:
        """The seat that speaks for a member; empty where none does."""
        return self.opened.speakers.get(member, "")


def replay(entries: Iterable[Entry]) -> State:
    """The state after a log, which must begin with the opening; what was undone never happened."""
    log = list(entries)
    first = log[0].event
    if not isinstance(first, Opened):
        raise ValueError("a log begins with the opening of the room")
    return replace(reduce(apply, kept(log), State(first)), entries=log[-1].number)


def kept(log: Iterable[Entry]) -> list[Entry]:
    """The entries that still count."""
    log = list(log)
    undone = {entry.event.entry for entry in log if isinstance(entry.event, Undone)}
    return [entry for entry in log if entry.number not in undone]


def undoable(log: Iterable[Entry]) -> Entry | None:
    """The facilitator's last act that still counts."""
    acts = [entry for entry in kept(log) if _act(entry)]
    return acts[-1] if acts else None


def deed(entry: Entry) -> bool:
    """Whether the facilitator did it, or took it back."""
    return _act(entry) or isinstance(entry.event, Undone)


def _act(entry: Entry) -> bool:
    event = entry.event
    return isinstance(event, ACTS) or (isinstance(event, Ballot) and event.who == DESK)


def apply(state: State, entry: Entry) -> State:
    """The state after one more entry, which takes nothing back."""
    return replace(_after(state, entry), entries=entry.number)


def _after(state: State, entry: Entry) -> State:
    match entry.event:
        case Joined(who, name):
            return replace(state, people={**state.people, who: Person(name)})
        case Seated(who, seat) if who in state.people:
            moved = replace(state.people[who], seat=seat)
            return replace(state, people={**state.people, who: moved})
        case Left(who):
            rest = {key: person for key, person in state.people.items() if key != who}
            gone = replace(state, people=rest)
            return _changed(gone, gone.text.number, partial(_unsaid, who)) if gone.text else gone
        case Locked(seat, locked):
            others = state.locked - {seat}
            return replace(state, locked=others | {seat} if locked else others)
        case Closed(closed):
            return replace(state, closed=closed)
        case Put() as put:  # with which talks end
            text = Text(entry.number, entry.at, put)
            return replace(state, texts=(*state.texts, text), clock=None, ahead={})
        case Ballot() as ballot if _speaks(state, ballot):
            heard = state.sitting(ballot.seat)
            return _changed(state, ballot.put, lambda text: _spoken(text, ballot, heard))
        case Gavelled(put=number, model=model):
            ended = {"ended": entry.at, "model": dict(model), "injects": state.injects}
            return _changed(
                state, number, lambda text: _ended(text, ended | {"people": state.people})
            )
        case Revealed(put=number):
            return _changed(state, number, _shown)
        case Injected(name):
            return replace(state, injects=(*state.injects, name))
        case Timed(seconds, levels):
            until = entry.at + seconds if seconds else None
            return replace(state, clock=until, ahead=dict(levels))
    return state


def _speaks(state: State, ballot: Ballot) -> bool:
    """Whether a ballot comes from somebody on that seat, or from the desk for a seat that there is."""
    if ballot.who == DESK:
        return ballot.seat in state.seats
    return bool(ballot.seat) and ballot.who in state.sitting(ballot.seat)


def _changed(state: State, number: int, change: Callable[[Text], Text]) -> State:
    """The last text changed, if it is the one that is meant; an earlier one is settled for good."""
    if state.text is None or state.text.number != number:
        return state
    return replace(state, texts=(*state.texts[:-1], change(state.text)))


def _spoken(text: Text, ballot: Ballot, heard: list[str]) -> Text:
    key = ballot.seat, ballot.who
    before = text.said.get(key)
    if not text.open or (before and before.precedence >= ballot.precedence):
        return text
    spoken = replace(text, heard={**text.heard, key: heard})
    return _counted(spoken, {**text.said, key: ballot})


def _unsaid(who: str, text: Text) -> Text:
    """What somebody said who goes before the gavel goes along: one person has one voice."""
    if not text.open:
        return text
    return _counted(text, {key: one for key, one in text.said.items() if one.who != who})


def _counted(text: Text, said: Mapping[tuple[str, str], Ballot]) -> Text:
    """Of all that was said on a seat the ballot that takes precedence counts."""
    ballots = {one.seat: one for one in sorted(said.values(), key=lambda one: one.precedence)}
    return replace(text, said=said, ballots=dict(sorted(ballots.items())))


def _ended(text: Text, ended: Mapping[str, Any]) -> Text:
    return replace(text, **ended) if text.open else text


def _shown(text: Text) -> Text:
    return text if text.open else replace(text, revealed=True)
