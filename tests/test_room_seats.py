"""Who sits where in a room: one person one seat, one seat one voice."""

from __future__ import annotations

import pytest

from sim import load
from sim.errors import RequestError
from sim.room.live import LiveRoom, Refusal, open_room
from sim.room.seats import SEATINGS, key_members, seats, usual
from sim.scenario import names, precedents, with_changes

FLAGSHIP = "draft-treaty-2021"


@pytest.fixture
def room(tmp_path) -> LiveRoom:
    opened = open_room(load(FLAGSHIP), tmp_path, seating_="key")
    yield opened
    opened.store.close()


def test_blocs_speak_for_everybody_once():
    scenario = load(FLAGSHIP)
    spoken = [iso for _, members in seats(scenario, "blocs").values() for iso in members]
    assert sorted(spoken) == sorted(scenario.seats)


def test_who_is_left_out_of_a_what_if_has_no_seat():
    scenario = with_changes(load(FLAGSHIP), {"members.drop": "EST,LVA,LTU,POL"})
    assert "baltic" not in seats(scenario, "blocs")
    assert set(key_members(scenario)) == set(load(FLAGSHIP).room.key) - {"EST", "LVA", "LTU", "POL"}


@pytest.mark.parametrize("name", [*names(), *precedents()])
def test_every_scenario_has_seats_for_a_dozen_and_for_all(name):
    scenario = load(name)
    assert set(seats(scenario, "all")) == set(scenario.seats)
    assert 0 < len(seats(scenario, "key")) <= 12
    assert usual(scenario) in SEATINGS


def test_without_blocs_in_the_file_one_is_told_what_to_write():
    with pytest.raises(RequestError, match=r"names no blocs; take the seating key or all"):
        seats(load("three-neighbours"), "blocs")


def test_an_unknown_seating_is_met_with_the_right_word():
    with pytest.raises(RequestError, match="Did you mean `blocs`"):
        seats(load(FLAGSHIP), "bloc")


def test_a_seat_is_taken_once(room):
    room.join("Ann", "POL")
    with pytest.raises(Refusal, match="Poland is taken"):
        room.join("Ben", "POL")
    assert [person.name for person in room.state.people.values()] == ["Ann"]


def test_a_locked_seat_is_free_again_when_it_is_unlocked(room):
    room.lock("POL")
    with pytest.raises(Refusal, match="Poland is locked"):
        room.join("Ann", "POL")
    room.lock("POL", locked=False)
    room.join("Ann", "POL")
    assert room.state.sitting("POL")


def test_nobody_speaks_for_two_seats_on_one_text(room):
    ann, _ = room.join("Ann", "POL")
    number = room.put({"N5.1": 1.0})
    room.speak(ann, number, "support")
    with pytest.raises(Refusal, match="when the gavel has fallen"):
        room.sit(ann, "EST")
    room.gavel()
    room.sit(ann, "EST")
    assert room.state.people[ann].seat == "EST"


def test_who_comes_late_may_still_take_a_seat_while_a_text_is_open(room):
    number = room.put({"N5.1": 1.0})
    ben, _ = room.join("Ben")
    with pytest.raises(Refusal, match="Observers watch"):
        room.speak(ben, number, "support")
    room.sit(ben, "EST")
    assert room.speak(ben, number, "support").seat == "EST"
