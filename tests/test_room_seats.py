"""Who sits where in a room: one person one seat, one seat one voice."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from sim import load
from sim.errors import RequestError
from sim.room.live import ANY, LiveRoom, Refusal
from sim.room.opening import open_room
from sim.room.seats import SEATINGS, key_members, seats, usual
from sim.scenario import names, precedents, with_changes
from sim.scenario.kinds import MemberId, PlainId
from tests.rooms import member
from tests.screens import playing

FLAGSHIP = "draft-treaty-2021"


@pytest.fixture
def room(tmp_path) -> LiveRoom:
    opened = open_room(load(FLAGSHIP), tmp_path, seating_="key")
    yield opened
    opened.store.close()


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


def test_a_council_of_fifteen_is_played_whole():
    council = load("security-council-2022")
    assert usual(council) == "all"
    assert set(seats(council, "all")) >= set(council.rule.vetoes.holders)


def test_the_dozen_of_the_union_are_those_with_a_red_line_and_the_largest_of_the_rest():
    union = load("eu-council-2022")
    own = {"supply", "shipping", "church"}
    red = {iso for iso, row in union.seats.items() if any(row.weight[name].value for name in own)}
    rest = sorted(set(union.seats) - red, key=lambda iso: -union.seats[iso].population)
    assert set(key_members(union)) == red | set(rest[:6])
    assert len(key_members(union)) == 12


@pytest.mark.parametrize(
    ("name", "sit"),
    [
        ("security-council-2022", {"CHN", "FRA", "GBR", "RUS", "USA"}),  # they hold a veto
        ("precedents/osce-chair-2023", {"BLR", "RUS", "USA", "DEU", "GBR", "FRA"}),
        ("eu-council-2022", {"HUN", "DEU", "FRA", "ITA", "ESP", "POL", "ROU"}),
    ],
)
def test_among_equals_those_with_a_veto_sit_first_and_then_the_most_populous(name, sit):
    scenario = load(name)
    assert sit <= set(key_members(playing(scenario, key=())))


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


def test_a_taken_seat_is_refused_to_a_second_and_free_once_left(room):
    ada = member(room, "EST")
    with pytest.raises(Refusal, match="Estonia is taken; take another seat"):
        room.join("Ben", "EST")
    room.leave(ada)
    ben, _ = room.join("Ben", "EST")
    assert room.state.sitting("EST") == [ben]


def test_who_is_refused_a_seat_has_not_come_in(room):
    member(room, "EST")
    before = room.log
    with pytest.raises(Refusal):
        room.join("Ben", "EST")
    assert room.log == before


def test_a_locked_seat_is_refused_until_it_is_open_again(room):
    room.lock("EST")
    with pytest.raises(Refusal, match="Estonia is locked"):
        room.join("Ada", "EST")
    room.lock("EST", False)
    assert member(room, "EST")


def test_whoever_wants_any_seat_gets_a_free_one_until_none_is_left(room):
    member(room, "EST")
    room.lock("POL")
    people = [member(room, ANY) for _ in range(10)]
    assert sorted(room.state.people[who].seat for who in people) == sorted(
        set(room.state.seats) - {"EST", "POL"}
    )
    before = room.log
    with pytest.raises(Refusal, match="No seat is free; you can watch"):
        room.join("Ben", ANY)
    assert room.log == before
    room.lock("POL", False)
    ben, _ = room.join("Ben")
    assert room.sit(ben, ANY) == "POL"


def test_any_seat_is_drawn_by_lot_and_not_the_first_on_the_list(room):
    drawn = set()
    for _ in range(40):
        who = member(room, ANY)
        drawn.add(room.state.people[who].seat)
        room.leave(who)
    assert len(drawn) > 3


def test_whoever_asks_again_for_any_seat_keeps_the_one_they_have(room):
    ada, _ = room.join("Ada", ANY, key="0" * 32)
    seat = room.state.people[ada].seat
    for _ in range(5):
        assert room.join("Ada", ANY, key="0" * 32)[0] == ada
        assert room.sit(ada, ANY) == seat
    room.put({"N5.1": 1.0})
    assert room.join("Ada", ANY, key="0" * 32)[0] == ada
    assert room.sit(ada, ANY) == seat
    assert room.state.sitting(seat) == [ada]
    assert len(room.state.people) == 1


def test_any_is_the_name_of_no_seat():
    for kind in (MemberId, PlainId):  # a seat is called by its member or by its bloc
        with pytest.raises(ValidationError):
            TypeAdapter(kind).validate_python(ANY)


def test_a_closed_room_lets_nobody_new_in_and_those_back_whose_answer_was_lost(room):
    ada, _ = room.join("Ada", "EST", key="0" * 32)
    room.close()
    before = room.log
    for seat in ("", "POL", ANY):
        with pytest.raises(Refusal, match="closed to newcomers"):
            room.join("Ben", seat, key="1" * 32)
    assert room.log == before
    assert room.join("Ada", "EST", key="0" * 32)[0] == ada
    room.put({"N5.1": 1.0})
    assert room.join("Ada", "", key="0" * 32)[0] == ada
    assert room.state.sitting("EST") == [ada], "nobody changes seats while a text is open"
    room.undo()
    room.sit(ada, "POL")
    room.close(False)
    assert member(room, "EST")


@pytest.mark.parametrize("seat", ["XXX", "est", "LUX", "EST "])
def test_a_seat_that_is_none_is_refused(room, seat):
    with pytest.raises(Refusal, match="no such seat"):
        room.join("Ada", seat)
    with pytest.raises(Refusal, match="no such seat"):
        room.lock(seat)


def test_seats_are_told_apart_by_seating():
    treaty = load("draft-treaty-2021")
    counts = {seating: len(seats(treaty, seating)) for seating in ("blocs", "key", "all")}
    assert counts == {"blocs": 5, "key": 12, "all": 30}
    everybody = [iso for _, members in seats(treaty, "blocs").values() for iso in members]
    assert sorted(everybody) == sorted(treaty.seats)


def test_an_unknown_seating_is_refused_with_a_hint():
    with pytest.raises(RequestError, match="Did you mean `blocs`"):
        seats(load("draft-treaty-2021"), "bloc")
    with pytest.raises(RequestError, match="names no blocs"):
        seats(load("three-neighbours"), "blocs")
