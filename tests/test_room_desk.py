"""The board and the desk: what they show, what they keep to themselves, and what the buttons do."""

from __future__ import annotations

import json
import tomllib
from importlib import resources

import pytest
import streamlit as st
from google.protobuf.json_format import MessageToDict
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from dashboard.room import acts, hall, sight
from sim.room.events import OBJECT, RESERVE, SILENT, STANCES, SUPPORT
from sim.room.keys import Desk
from sim.room.live import open_room
from sim.room.seats import usual
from sim.room.verdict import verdict
from sim.scenario import load
from sim.scenario.room import Act, Script

APP = str(resources.files("dashboard.room") / "app.py")
MISSILES = {"N5.1": 1.0}
SCRIPT = Script(
    title="A short one",
    minutes=20,
    seating="blocs",
    acts=(
        Act(minute=0, say="Welcome."),
        Act(minute=2, do="put", clauses=("N5.1",), seconds=0),
        Act(minute=5, do="gavel"),
        Act(minute=6, do="reveal", say="Look."),
        Act(minute=8, do="inject", inject="troops_move"),
        Act(minute=9, say="Goodbye."),
    ),
)


@pytest.fixture(scope="module")
def treaty():
    return load("draft-treaty-2021")


@pytest.fixture
def seated(monkeypatch, tmp_path):
    """Open a room and let the pages be those of its server."""

    def seat(scenario, seating="blocs", **said):
        room = open_room(scenario, tmp_path, seating_=seating, **said)
        monkeypatch.setattr(hall, "room", lambda: room)
        return room

    monkeypatch.setattr("sys.argv", ["app.py", "no.room"])
    return seat


@pytest.fixture
def room(seated, treaty):
    return seated(treaty)


@pytest.fixture
def passed(monkeypatch):
    """Somebody who has typed the PIN, and does not double-click."""
    door = Desk("12345678")
    monkeypatch.setattr(hall, "desk", lambda: door)
    given = door.enter("12345678", "here")
    monkeypatch.setattr(hall, "cookie", lambda: "pass")
    monkeypatch.setattr(type(st.context), "cookies", {"pass": given})
    monkeypatch.setattr(acts, "PAUSE", 0)


def opened(page: str = "desk") -> AppTest:
    return turned(AppTest.from_file(APP, default_timeout=60), page)


def turned(app: AppTest, page: str = "desk") -> AppTest:
    app._page_hash = calc_hash(page)
    app.run()
    assert not app.exception
    return app


def drawn(app: AppTest) -> str:
    """All that a page sends to the browser, which is more than it shows."""
    sent = [MessageToDict(each.proto) for each in app.main if each.proto is not None]
    return json.dumps(sent, ensure_ascii=False, sort_keys=True)


def words(app: AppTest) -> str:
    return "\n".join(element.value for element in (*app.markdown, *app.caption, *app.error))


def press(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click()
    return turned(app)


def unfolded(*titles: str) -> AppTest:
    app = AppTest.from_file(APP, default_timeout=60)
    for title in titles:
        app.session_state[f"open {title}"] = True
    return turned(app)


def playing(scenario, **played):
    """The scenario with another way to play it in a workshop."""
    return scenario.model_copy(update={"room": scenario.room.model_copy(update=played)})


# The board --------------------------------------------------------------------------------------


def test_the_board_says_how_to_join_and_who_is_here(room):
    room.join("Ann", "baltic")
    room.join("Bob")
    said = drawn(opened("board"))
    assert room.code in said
    assert f"/r/{room.code}" in said
    assert "2 people here · 1 of 5 seats taken" in said
    assert "Ann" not in said


def test_where_a_seat_is_a_bloc_the_lobby_names_those_that_are_taken(room):
    room.join("Ann", "baltic")
    taken = {title for title, taken in sight.delegations(room.state) if taken}
    assert taken == {"Baltic states and Poland"}


@pytest.mark.parametrize("phase", ["open", "gavelled"])
def test_before_the_reveal_the_board_is_the_same_whatever_is_said(room, phase, monkeypatch):
    monkeypatch.setattr(room, "clock", lambda: 1e9)
    boards = set()
    for stance in STANCES:
        room.put(MISSILES, empty=SILENT)
        room.speak_for("baltic", stance, "too_far" if stance in (OBJECT, RESERVE) else "")
        if phase == "gavelled":
            room.gavel()
        boards.add(drawn(opened("board")))
        while room.state.phase != "lobby":
            room.undo()
    assert len(boards) == 1
    assert "of 1 seat has spoken" in boards.pop()


def test_the_reveal_shows_who_broke_the_silence_why_and_what_other_rules_would_do(room):
    room.put(MISSILES, empty=SILENT)
    room.speak_for("baltic", OBJECT, "too_far")
    room.speak_for("west", SUPPORT)
    room.gavel()
    room.reveal()
    said = drawn(opened("board"))
    assert "Baltic states and Poland broke the silence. One is enough. The text falls." in said
    assert room.reasons["too_far"] in said
    assert "Simple majority: stands" in said
    assert "All must support: falls" in said


def test_the_strip_follows_a_text_that_is_decided_anew_between_two_looks(room):
    room.put(MISSILES, empty=SILENT)
    for stance, fate in ((OBJECT, "fell"), (SUPPORT, "stands")):
        room.speak_for("west", stance, "too_far" if stance == OBJECT else "")
        room.gavel()
        room.reveal()
        assert {chip.name: chip.fate for chip in sight.strip(room)}["N5.1"] == fate
        if stance == OBJECT:
            room.undo()
            room.undo()


def test_the_strip_says_what_stands_and_at_which_level_what_fell_and_what_is_on_the_table(room):
    for levels, stance in ((MISSILES, OBJECT), ({"N2.1": 0.75}, SUPPORT), ({"N2.2": 1.0}, SUPPORT)):
        room.put(levels, empty=SILENT)
        room.speak_for("baltic", stance, "too_far" if stance == OBJECT else "")
        if levels != {"N2.2": 1.0}:
            room.gavel()
            room.reveal()
    fates = {chip.name: (chip.fate, chip.says) for chip in sight.strip(room)}
    assert fates["N5.1"] == ("fell", "fell")
    assert fates["N2.1"] == ("stands", "stands at .75")
    assert fates["N2.2"] == ("open", "now")
    assert fates["N4.1"] == ("", "")


def test_words_of_a_file_are_escaped_on_the_board(seated, treaty):
    baltic = treaty.room.blocs["baltic"]
    mischief = baltic.model_copy(update={"title": "<img src=x onerror=alert(1)>"})
    room = seated(playing(treaty, blocs=treaty.room.blocs | {"baltic": mischief}))
    room.put(MISSILES, empty=SILENT)
    room.speak_for("baltic", OBJECT, "too_far")
    room.gavel()
    room.reveal()
    said = drawn(opened("board"))
    assert "onerror=alert(1)&gt;" in said
    assert "<img src=x" not in said


def test_news_stays_on_the_board_until_the_next_gavel(room):
    def shown():
        return [title for title, _ in sight.news(room.scenario, room.state)]

    room.inject("troops_move")
    assert shown() == ["Troops move"]
    room.put(MISSILES)
    assert shown() == ["Troops move"]
    room.gavel()
    room.reveal()
    assert shown() == []
    room.inject("step_back")
    assert shown() == ["Russia steps back"]


def test_after_a_reveal_news_have_the_board_to_themselves_and_what_is_talked_about_goes_before(
    room,
):
    for act in (lambda: room.put(MISSILES), room.gavel, room.reveal):
        act()
    assert "The same voices under other rules" in drawn(opened("board"))
    room.inject("troops_move")
    shown = drawn(opened("board"))
    assert room.scenario.room.injects["troops_move"].text in shown
    assert "The same voices under other rules" not in shown
    room.time(120, {"N5.1": 0.75})
    shown = drawn(opened("board"))
    assert "Talk about what comes next" in shown
    assert "at .75 of the text" in shown
    assert room.scenario.clauses["N5.1"].text in shown
    room.put({"N5.1": 0.75})
    assert (room.state.clock, room.state.ahead) == (None, {}), "talks end with the text"
    assert "Talk about what comes next" not in drawn(opened("board"))


def test_several_clauses_are_said_to_stand_or_fall_together(room):
    room.put({"N2.1": 1.0, "N5.1": 0.5})
    assert "2 clauses as one text: they stand or fall together" in drawn(opened("board"))


def test_clocks_count_whole_seconds_and_stop_at_nought(room, monkeypatch):
    assert sight.left(None, 10.0) is None
    assert [sight.left(12.5, now) for now in (10.0, 11.6, 12.5, 99.0)] == [3, 1, 0, 0]
    begin = room.log[-1].at
    now = [begin]
    monkeypatch.setattr(room, "clock", lambda: now[0])
    room.time(60)
    assert sight.talks(room) == "1:00"
    now[0] = begin + 70
    assert sight.talks(room) == "0:00"
    now[0] = begin + 200
    assert sight.talks(room) == ""


def test_a_board_that_is_drawn_again_keeps_nothing(room):
    app = opened("board")
    for _ in range(5):
        turned(app, "board")
    assert not app.session_state._state.filtered_state


@pytest.mark.parametrize(
    "name", ["security-council-2022", "eu-council-2022", "three-neighbours", "us-draft-2021"]
)
def test_other_councils_have_a_board_and_a_desk(seated, passed, name):
    scenario = load(name)
    room = seated(scenario, usual(scenario))
    assert room.code in drawn(opened("board"))
    app = press(opened(), "put")
    press(press(app, "gavel"), "reveal")
    assert "The text " in drawn(opened("board"))


# The door of the desk ---------------------------------------------------------------------------


def test_without_the_pin_the_desk_shows_the_way_to_it_and_nothing_else(room, monkeypatch):
    monkeypatch.setattr(hall, "desk", lambda: Desk("12345678"))
    room.join("Ann", "baltic")
    for cookies in ({}, {hall.cookie(): "12345678"}, {hall.cookie(): ""}):
        monkeypatch.setattr(type(st.context), "cookies", cookies)
        app = opened()
        assert not app.button
        assert f"/r/{room.code}/desk" in drawn(app)
        assert "Ann" not in drawn(app)


# The desk ---------------------------------------------------------------------------------------


def test_a_clause_from_the_putting_to_the_reveal_and_again_lower(room, passed):
    app = opened()
    app.multiselect(key="put clauses").set_value(["N5.1"])
    press(turned(app), "put")
    assert room.state.text.put.levels == MISSILES
    press(app, "gavel")
    press(app, "reveal")
    assert "One would have been enough. The text falls." in words(app)
    press(app, "again")
    lower = room.state.text.put.levels["N5.1"]
    assert 0.25 <= lower < 1
    press(press(app, "gavel"), "reveal")
    assert room.standing() == {"N5.1": lower}
    press(app, "undo")
    assert room.state.phase == "gavelled"


def test_who_broke_the_silence_against_its_card_is_not_offered_a_level(room, passed):
    room.put(MISSILES)
    room.speak_for("west", OBJECT, "too_far")
    room.speak_for("baltic", SILENT)
    room.gavel()
    room.reveal()
    app = opened()
    assert "By the model they would not break the silence" in words(app)
    assert {button.key for button in app.button} >= {"step", "undo"}
    assert "again" not in {button.key for button in app.button}


def test_several_clauses_are_one_text_at_one_level(room, passed):
    app = opened()
    app.multiselect(key="put clauses").set_value(["N2.1", "N2.2"])
    turned(app).slider(key="level N2.1 N2.2").set_value(0.6)
    press(turned(app), "put")
    assert room.state.text.put.levels == {"N2.1": 0.6, "N2.2": 0.6}


def test_the_steps_of_a_process_are_put_at_one_press(seated, passed):
    scenario = load("risk-reduction-steps")
    room = seated(scenario, "key")
    app = opened()
    first = scenario.stages[0]
    app.button_group(key="put together").set_value(first.title or "Step 1")
    press(turned(app), "put")
    assert tuple(room.state.text.put.levels) == first.clauses


def test_a_double_click_does_one_thing(room, passed, monkeypatch):
    monkeypatch.setattr(acts, "PAUSE", 60)
    app = press(opened(), "put")
    press(app, "gavel")
    assert room.state.phase == "open"


def test_what_cannot_be_done_is_said_in_its_place(room, passed):
    app = opened()
    room.put(MISSILES)
    press(app, "put")
    assert [error.value for error in app.error] == ["A text is open; let the gavel fall first."]


def test_an_act_of_another_desk_is_not_taken_back_unseen(room, passed):
    app = press(opened(), "put")
    room.gavel()
    press(app, "undo")
    assert room.state.phase == "gavelled"
    assert "in the meantime" in words(app)


def test_the_desk_shows_who_has_spoken_and_what_only_when_asked(room, passed):
    room.join("Ann", "baltic")
    room.put(MISSILES)
    room.speak_for("west", OBJECT, "too_far")
    app = opened()
    assert "Spoken (1): Western Europe." in words(app)
    assert "Silent so far (1): Baltic states and Poland." in words(app)
    assert len(app.dataframe) == 1
    app.toggle(key="show what is said").set_value(True)
    shown = turned(app).dataframe[0].value
    assert shown.values.tolist() == [
        ["Western Europe", "breaks the silence", room.reasons["too_far"]]
    ]


def test_the_roll_can_be_read_aloud_from_the_desk_after_the_reveal(room, passed):
    room.put(MISSILES, empty=SILENT)
    room.speak_for("west", OBJECT, "too_far")
    room.gavel()
    assert "Broke the silence" not in words(opened())
    room.reveal()
    called = words(opened())
    assert f"- **Broke the silence:** Western Europe ({room.reasons['too_far']})" in called
    silent = called.partition("- **Silent:** ")[2].partition("\n")[0]
    assert sorted(silent.split("; ")) == sorted(
        title for seat, (title, _) in room.state.seats.items() if seat != "west"
    )


def test_whom_the_model_plays_is_told_apart_on_the_board(seated, passed):
    made = seated(load("draft-treaty-2021"), "key")
    ann, _ = made.join("Ann", "EST")
    made.speak(ann, made.put(MISSILES), OBJECT, "too_far", 1)
    made.gavel()
    calls = {
        call.what: call
        for call in sight.roll(made, verdict(made.scenario, made.state, made.state.text))
    }
    assert calls["Broke the silence"].said == (
        f"Estonia ({made.reasons['too_far']}); Latvia, Lithuania and Poland, played by the model"
    )
    assert calls["In support"].people == []
    assert calls["In support"].said.endswith(" members, played by the model")


def test_what_is_asked_of_empty_seats_holds_for_the_script_too(seated, treaty, passed):
    room = seated(playing(treaty, scripts={"tiny": SCRIPT}), script="tiny")
    app = opened()
    app.session_state["put empty seats"] = SILENT
    press(press(turned(app), "act 0"), "act 1")
    assert room.state.text.put.empty == SILENT


def test_a_seat_is_spoken_for(room, passed):
    room.put(MISSILES)
    app = unfolded("Speak on behalf of a seat")
    box = {box.label: box for box in app.selectbox}
    box["For which seat"].set_value("west")
    box["What it does"].set_value(OBJECT)
    press(turned(app), "say it")
    ballot = room.state.text.ballots["west"]
    assert (ballot.stance, ballot.who) == (OBJECT, "desk")


def box(app, label):
    return next(one for one in app.selectbox if one.label == label)


def test_who_is_next_is_not_shown_out_by_a_second_press(room, passed):
    ann, ben = (room.join(name)[0] for name in ("Ann", "Ben"))
    app = unfolded("Move somebody, or show them out")
    box(app, "Person").set_value(ann)
    press(turned(app), "show out")
    assert list(room.state.people) == [ben]
    assert app.button(key="show out").disabled


def test_people_are_moved_and_shown_out_and_seats_locked(room, passed):
    ann, _ = room.join("Ann ![x](http://example.org/x.png)", "baltic")
    app = unfolded("Move somebody, or show them out", "Lock a seat")
    assert "example.org" not in words(app), "a name is never read as Markdown"
    assert app.button(key="show out").disabled, "nobody is chosen by themselves"
    box(app, "Person").set_value(ann)
    box(turned(app), "Move to").set_value("west")
    press(turned(app), "move")
    assert room.state.people[ann].seat == "west"
    press(app, "show out")
    assert not room.state.people
    press(app, "lock")
    assert room.state.locked == {"atlantic"}
    press(app, "lock")
    assert not room.state.locked


def test_the_world_moves_and_the_clock_runs(room, passed):
    app = unfolded("What happens in the world", "Clock for talks")
    press(app, "inject troops_move")
    assert room.state.injects == ("troops_move",)
    assert app.button(key="inject troops_move").disabled
    press(app, "talks 300")
    assert "talks **5:00**" in words(app)
    press(app, "talks 0")
    assert room.state.clock is None


def test_a_script_leads_through_the_evening(seated, passed, treaty):
    room = seated(playing(treaty, scripts={"tiny": SCRIPT}), script="tiny")
    app, phases = opened(), []
    for place, _ in enumerate(SCRIPT.acts):
        press(app, f"act {place}")
        phases.append(room.state.phase)
    assert phases == ["lobby", "open", "gavelled", "revealed", "revealed", "revealed"]
    assert room.state.injects == ("troops_move",)
    assert "The script is through" in app.success[0].value
    press(app, "undo")
    (again,) = [button for button in app.button if (button.key or "").startswith("act ")]
    assert "Troops move" in again.label


def test_the_room_looks_like_the_dashboard():
    folder = resources.files("dashboard")
    looks = [
        tomllib.loads((home / ".streamlit" / "config.toml").read_text())["theme"]
        for home in (folder, folder / "room")
    ]
    assert looks[0] == looks[1]
