"""What is accepted as the file of a room: all that a room writes, and nothing that has no debrief."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from sim.errors import RequestError
from sim.room import account, archive, events, pages
from sim.room.debrief import debrief
from sim.room.live import LiveRoom, Refusal
from sim.room.opening import open_room, reopen
from sim.scenario import Scenario, as_file, from_bytes, load, rules_of
from sim.story.page import markdown
from tests.rooms import Clock

GOLDEN = Path(__file__).parent / "golden"

WORKSHOP = """
[room.blocs.west]
title = "The west"
members = ["HILL", "LAKE"]

[room.injects.thaw]
title = "A thaw"
text = "The Plain goes home."
set = { "evidence.step_back" = 1 }
"""

THREE = from_bytes((as_file(load("three-neighbours")) + WORKSHOP).encode(), "three-neighbours.toml")
"""A bloc of two, a member whom nobody but the model plays, and something that may happen."""

SEATS, RULES = ("west",), rules_of(THREE)

texts = st.dictionaries(
    st.sampled_from(list(THREE.clauses)), st.sampled_from([0.25, 0.5, 1.0]), min_size=1
)
stances, rules = st.sampled_from(list(events.STANCES)), st.sampled_from(RULES)
empty, seats = st.sampled_from([events.MODEL, events.SILENT]), st.sampled_from([*SEATS, ""])
places, few = st.integers(0, 3), st.integers(0, 30)


def act(name: str, *asked: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    """Something that is asked of a room, by the name of its method."""
    return st.tuples(st.just(name), *asked)


acts = st.one_of(
    act("join", st.just("Ada"), seats),
    act("sit", places, seats),
    act("leave", places),
    act("speak", places, few, stances, st.just(""), places),
    act("speak_for", st.sampled_from(SEATS), stances),
    act("put", texts, rules, few, empty),
    act("put", texts, rules, few, empty),
    act("gavel"),
    act("gavel"),
    act("reveal"),
    act("reveal"),
    act("inject", st.just("thaw")),
    act("lock", st.sampled_from(SEATS), st.booleans()),
    act("close", st.booleans()),
    act("time", few, st.one_of(st.just({}), texts)),
    act("undo"),
    act("undo"),
    act("start again"),
)


def played(folder: str, asked: list[tuple[Any, ...]]) -> LiveRoom:
    """A room of which all that was asked; what it refuses is not done."""
    room, clock = open_room(THREE, Path(folder), seating_="blocs", clock=Clock()), Clock()
    for name, *said in asked:
        clock.now += 7
        if name == "start again":
            room.store.close()
            room = reopen(room.store.path, clock)
            continue
        if name in ("sit", "leave", "speak"):
            joined = [
                entry.event.who for entry in room.log if isinstance(entry.event, events.Joined)
            ]
            said[0] = [*joined, "p9"][min(said[0], len(joined))]
        if name == "speak" and room.state.text and said[1] % 5:
            said[1] = room.state.text.number
        with suppress(Refusal):
            getattr(room, name)(*said)
    return room


def facts(longest: int) -> st.SearchStrategy[events.Event]:
    """What a log may say that nobody wrote in a room, nearly all of it in words that a room knows."""
    number, who = st.integers(-1, longest + 1), st.sampled_from(["p2", "p3", "p9", events.DESK])
    said, seconds = (
        st.dictionaries(st.sampled_from(list(THREE.seats)), stances),
        st.integers(-1, 90),
    )
    return st.one_of(
        st.builds(events.Joined, who, st.text(max_size=3)),
        st.builds(events.Seated, who, seats),
        st.builds(events.Left, who),
        st.builds(events.Locked, seats),
        st.builds(events.Closed),
        st.builds(events.Put, texts, rules, seconds, empty),
        st.builds(events.Ballot, number, seats, who, st.integers(-1, 3), stances),
        st.builds(events.Gavelled, number, said),
        st.builds(events.Revealed, number),
        st.builds(events.Injected, st.just("thaw")),
        st.builds(events.Timed, seconds, texts),
        st.builds(events.Passed, st.tuples(st.integers(-1, 5))),
        st.builds(events.Undone, number),
    )


def spoilt(data: st.DataObject, log: list[events.Entry]) -> list[events.Entry]:
    """A log in which some facts were replaced, left out or put in; numbers run on."""
    said = [entry.event for entry in log]
    for _ in range(data.draw(st.integers(1, 3))):
        place, more = data.draw(st.integers(1, len(said))), data.draw(st.integers(0, 1))
        said[place : place + data.draw(st.integers(0, 1))] = [data.draw(facts(len(log)))] * more
    return [events.Entry(number, log[0].at + number, fact) for number, fact in enumerate(said, 1)]


def check(log: list[events.Entry], scenario: Scenario = THREE) -> None:
    """Raise RequestError for a log that no room writes."""
    opened = log[0].event
    assert isinstance(opened, events.Opened)
    archive._check(tuple(log), opened, scenario, Path("a.room"))


def in_every_form(log: list[events.Entry]) -> None:
    """Its debrief in words, as tables, as JSON and as a page, all of which can be written to files."""
    found = debrief(THREE, log)
    words = markdown(account.title(found), account.parts(found))
    tables = pages.voices_csv(found) + pages.timeline_csv(found)
    assert (words + tables + pages.as_text(found) + pages.html(found)).encode()


@given(st.lists(acts, max_size=40))
def test_whatever_is_done_in_a_room_its_file_opens_again(asked):
    with TemporaryDirectory() as folder:
        room = played(folder, asked)
        room.store.close()
        again = reopen(room.store.path)
        again.store.close()
    assert (again.log, again.state) == (room.log, room.state)
    in_every_form(again.log)


@given(st.lists(acts, max_size=30), st.data())
def test_whatever_is_accepted_as_a_room_has_a_debrief(asked, data):
    with TemporaryDirectory() as folder:
        room = played(folder, asked)
        room.store.close()
    log = spoilt(data, room.log)
    with suppress(RequestError):
        check(log)
        event("accepted")
        in_every_form(log)


def test_the_log_that_is_kept_is_that_of_a_room(treaty):
    rows = map(json.loads, (GOLDEN / "room-20.jsonl").read_text("utf-8").splitlines())
    log = [
        events.Entry(row["number"], row["at"], events.from_json(row["kind"], row["body"]))
        for row in rows
    ]
    check(log, treaty)
    with pytest.raises(RequestError, match="entry 3 "):
        check([*log[:2], replace(log[2], event=events.Revealed(0)), *log[3:]], treaty)
