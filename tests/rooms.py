"""Rooms for the tests: small logs drawn by hypothesis, and a room with a clock that stands still."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import strategies as st

from sim import load
from sim.room.events import (
    DESK,
    MODEL,
    OBJECT,
    SILENT,
    STANCES,
    SUPPORT,
    Ballot,
    Closed,
    Entry,
    Event,
    Gavelled,
    Injected,
    Joined,
    Left,
    Locked,
    Opened,
    Passed,
    Put,
    Revealed,
    Seat,
    Seated,
    Timed,
    Undone,
)
from sim.room.live import LiveRoom
from sim.room.opening import open_room
from sim.room.verdict import verdict
from sim.scenario.room import Act, Script

MISSILES = {"N5.1": 1.0}
"""The text on which the flagship falls by four."""

T = TypeVar("T")

OPENED = Opened(
    code="BCDFG",
    scenario="three",
    sha256="0" * 64,
    seating="all",
    seats={
        "A": Seat("Ahill", ("A",)),
        "B": Seat("Brook", ("B",)),
        "CD": Seat("Coasts", ("C", "D")),
    },
    clauses=("one", "two"),
)

SEATS, PEOPLE = tuple(OPENED.seats), ("p2", "p3", "p4")


def awaited(asked: Coroutine[Any, Any, T]) -> T:
    """What a coroutine returns, run in a thread of its own: tests in a browser leave a loop in this."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, asked).result()


class Clock:
    """Time as a test lets it pass, in seconds."""

    def __init__(self, now: float = 1_640_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def numbered(events: Iterable[Event]) -> list[Entry]:
    """Facts as a log, one a second."""
    return [Entry(number, float(number), event) for number, event in enumerate(events, 1)]


def table() -> list[Event]:
    """The room open and everybody seated: p2 on A, p3 on B, p4 on CD."""
    joined = [Joined(who, f"name of {who}") for who in PEOPLE]
    return [OPENED, *joined, *(Seated(who, seat) for who, seat in zip(PEOPLE, SEATS))]


@st.composite
def ballots(draw: Any, put: int, *, seats: Sequence[str] = SEATS) -> Ballot:
    """A ballot on a text, from whoever sits on the seat or from the desk."""
    seat = draw(st.sampled_from(seats))
    who = draw(st.sampled_from([PEOPLE[SEATS.index(seat)], DESK]))
    stance = draw(st.sampled_from(list(STANCES)))
    reason = draw(st.sampled_from(["", "trust", "too_far"]))
    return Ballot(put, seat, who, draw(st.integers(0, 5)), stance, reason)


def puts() -> st.SearchStrategy[Put]:
    """Any text."""
    levels = st.dictionaries(
        st.sampled_from(OPENED.clauses), st.sampled_from([0.25, 0.5, 1.0]), min_size=1
    )
    rules, empty = st.sampled_from(["consensus", "majority"]), st.sampled_from([MODEL, SILENT])
    return st.builds(Put, levels, rules, st.integers(0, 300), empty)


def _any_fact(longest: int) -> st.SearchStrategy[Event]:
    """Whatever may be written down, sensible or not; numbers are those of entries, or nearly."""
    number, who = st.integers(0, longest + 2), st.sampled_from([*PEOPLE, "p9"])
    seat = st.sampled_from([*SEATS, "", "Z"])
    said = st.dictionaries(st.sampled_from("ABCD"), st.sampled_from(list(STANCES)))
    stance, speaker = st.sampled_from(list(STANCES)), st.one_of(who, st.just(DESK))
    return st.one_of(
        st.builds(Joined, who, st.text(max_size=5)),
        st.builds(Seated, who, seat),
        st.builds(Left, who),
        st.builds(Locked, st.sampled_from(SEATS), st.booleans()),
        st.builds(Closed, st.booleans()),
        puts(),
        st.builds(Ballot, number, seat, speaker, st.integers(0, 3), stance),
        st.builds(Gavelled, number, said),
        st.builds(Revealed, number),
        st.builds(Injected, st.sampled_from(["storm", "thaw"])),
        st.builds(Timed, st.integers(0, 60)),
        st.builds(Passed, st.tuples(st.integers(0, 5))),
    )


@st.composite
def logs(draw: Any, *, undone: bool = False, longest: int = 25) -> list[Entry]:
    """A log of a seated table in which anything may happen; undone: acts may be taken back."""
    facts = _any_fact(longest)
    if undone:
        facts = st.one_of(facts, st.builds(Undone, st.integers(2, longest + 2)))
    return numbered([*table(), *draw(st.lists(facts, max_size=longest))])


def opened(
    folder: Path, name: str = "draft-treaty-2021", seating: str = "key", **asked: Any
) -> LiveRoom:
    """A room on a shipped scenario, with a clock of its own."""
    return open_room(load(name), folder, seating_=seating, clock=Clock(), **asked)


def member(room: LiveRoom, seat: str) -> str:
    """Somebody who sits on a seat."""
    return room.join(f"for {seat}", seat)[0]


class Inside:
    """Phones without a wire: they call the room itself."""

    def __init__(self, room: LiveRoom) -> None:
        self.room = room

    def join(self, name: str, seat: str) -> str:
        """Come in."""
        return self.room.join(name, seat)[0]

    def speak(self, who: str, put: int, stance: str, reason: str, turn: int) -> None:
        """Answer."""
        self.room.speak(who, put, stance, reason, turn)


def decision(room: LiveRoom, rule: str = ""):
    """What has been decided on the last text."""
    return verdict(room.scenario, room.state, room.state.text, rule)


def decide(
    room: LiveRoom, levels: dict[str, float], *said: tuple[str, str, str], **asked: str
) -> int:
    """A text put, answered after a minute, gavelled half a minute later, revealed."""
    assert isinstance(room.clock, Clock)
    number = room.put(levels, **asked)
    room.clock.now += 60
    for turn, (who, stance, reason) in enumerate(said):
        room.speak(who, number, stance, reason, turn)
    room.clock.now += 30
    room.gavel()
    room.reveal()
    return number


def busy(room: LiveRoom) -> list[str]:
    """A room in which all kinds of things have happened; its people's tokens."""
    (ada, token), (ben, other) = room.join("Ada", "EST"), room.join("Ben", "DEU")
    room.lock("FRA")
    number = room.put(MISSILES, seconds=60)
    room.speak(ada, number, OBJECT, "trust", turn=1)
    room.speak_for("USA", SUPPORT)
    room.gavel()
    room.reveal()
    room.inject("step_back")
    room.undo()
    room.time(300)
    room.put({"N2.1": 1.0})
    room.leave(ben)
    return [f"{ada}.{token}", f"{ben}.{other}"]


def scripted(*acts: Act) -> Script:
    """A short script for a few blocs."""
    return Script(title="A short one", minutes=20, seating="blocs", acts=acts)


def emptied(room: LiveRoom) -> None:
    """A room that everybody has left, open to newcomers, with no text on the table."""
    for who in list(room.state.people):
        room.leave(who)
    if room.state.phase == "open":
        room.gavel()
    if room.state.closed:
        room.close(False)
