"""The facilitator's desk: closed without the PIN, and what its buttons do."""

from __future__ import annotations

import pytest
import streamlit as st

from dashboard.room import acts, desk, hall
from sim.room.events import OBJECT, SILENT, SUPPORT
from sim.room.keys import Desk
from sim.room.seats import usual
from sim.scenario import load
from sim.scenario.room import Act
from tests.rooms import MISSILES, scripted
from tests.screens import drawn, playing, press, turned, visit, words

SCRIPT = scripted(
    Act(minute=0, say="Welcome."),
    Act(minute=2, do="put", clauses=("N5.1",), seconds=0),
    Act(minute=5, do="gavel"),
    Act(minute=6, do="reveal", say="Look."),
    Act(minute=8, do="inject", inject="troops_move"),
    Act(minute=9, say="Goodbye."),
)


@pytest.fixture
def room(seated, treaty):
    return seated(treaty)


def test_without_the_pin_the_desk_shows_the_way_to_it_and_nothing_else(room, monkeypatch):
    monkeypatch.setattr(hall, "desk", lambda: Desk("12345678"))
    room.join("Ann", "baltic")
    for cookies in ({}, {hall.cookie(): "12345678"}, {hall.cookie(): ""}):
        monkeypatch.setattr(type(st.context), "cookies", cookies)
        app = visit()
        assert not app.button
        assert f"/r/{room.code}/desk" in drawn(app)
        assert "Ann" not in drawn(app)


@pytest.mark.parametrize(
    "name", ["security-council-2022", "eu-council-2022", "three-neighbours", "us-draft-2021"]
)
def test_other_councils_have_a_board_and_a_desk(seated, passed, name):
    scenario = load(name)
    room = seated(scenario, usual(scenario))
    assert room.code in drawn(visit("board"))
    app = press(visit(), "put")
    press(press(app, "gavel"), "reveal")
    assert "The text " in drawn(visit("board"))


def test_a_clause_from_the_putting_to_the_reveal_and_again_lower(room, passed):
    app = visit()
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
    app = visit()
    assert "By the model they would not break the silence" in words(app)
    assert {button.key for button in app.button} >= {"step", "undo"}
    assert "again" not in {button.key for button in app.button}


def test_where_a_rule_bears_some_objections_only_enough_need_to_be_asked(seated, passed, treaty):
    room = seated(treaty, "all")
    room.put(MISSILES, "consensus-2", empty=SILENT)
    for member in ("POL", "EST", "FRA", "DEU"):
        room.speak_for(member, OBJECT)
    room.gavel()
    room.reveal()
    assert "By the model enough of them would keep silent" in words(visit())


def test_after_news_a_text_is_put_again_as_it_was_where_by_the_model_it_would_stand(room, passed):
    room.put(MISSILES)
    room.gavel()
    room.reveal()
    assert room.standing() == {}
    app = visit()
    assert " at " in app.button(key="again").label
    room.inject("step_back")
    assert turned(app).button(key="again").label == "Put again as it was (the model's advice)"
    assert "ask them" not in words(app)
    press(press(press(app, "again"), "gavel"), "reveal")
    assert room.standing() == MISSILES


def test_a_step_lower_names_the_level_of_every_clause(seated, passed):
    room = seated(load("nato-russia-2009"), "all")
    room.put({"L1": 0.4, "L3": 1.0}, empty=SILENT)
    room.speak_for("POL", OBJECT)
    room.gavel()
    room.reveal()
    app = visit()
    assert app.button(key="step").label == "Put again with L1 at .25 and L3 at .75"
    press(app, "step")
    assert room.state.text.put.levels == {"L1": 0.25, "L3": 0.75}


def test_the_text_that_is_talked_about_is_on_the_desk_too(room, passed):
    assert "talk about" not in words(visit())
    room.time(60, {"N5.1": 0.75})
    assert "They talk about **N5.1 No missiles within reach, at .75 of the text**." in words(
        visit()
    )


def test_who_was_silent_at_the_gavel_is_told_though_they_have_moved_since(room, passed):
    who, _ = room.join("Ann", "west")
    room.put(MISSILES)
    room.gavel()
    room.sit(who, "baltic")
    assert "Silent (1): Western Europe." in words(visit())


def test_why_something_was_not_done_is_said_until_something_else_is(room, passed, monkeypatch):
    monkeypatch.setattr(acts, "PAUSE", 60)
    app = press(press(visit(), "put"), "gavel")
    assert [error.value for error in turned(app).error] == [acts.SOON]
    room.gavel()
    assert not turned(app).error


def test_what_falls_for_want_of_support_is_not_to_be_lowered(seated, passed):
    room = seated(load("security-council-2022"), "all")
    room.put({"deplore": 1.0})
    for member in ("RUS", "BRA", "GAB", "GHA", "KEN", "MEX"):
        room.speak_for(member, SILENT)
    room.gavel()
    room.reveal()
    app = visit()
    assert "What it lacks is support" in words(app)
    assert not {"again", "step"} & {button.key for button in app.button}


def test_several_clauses_are_one_text_at_one_level(room, passed):
    app = visit()
    app.multiselect(key="put clauses").set_value(["N2.1", "N2.2"])
    turned(app).slider(key="level N2.1 N2.2").set_value(0.6)
    press(turned(app), "put")
    assert room.state.text.put.levels == {"N2.1": 0.6, "N2.2": 0.6}


def test_what_cannot_be_pressed_says_why(room, passed):
    app = visit("desk", "Speak on behalf of a seat")
    assert app.button(key="say it").help == "No text is open."
    app.multiselect(key="put clauses").set_value([]).run()
    assert app.button(key="put").disabled
    assert app.button(key="put").help == "Choose a clause first."
    room.put(MISSILES)
    app.run()
    assert app.button(key="put").help == "A text is open; let the gavel fall first."


def test_the_steps_of_a_process_are_put_at_one_press(seated, passed):
    scenario = load("risk-reduction-steps")
    room = seated(scenario, "key")
    app = visit()
    first = scenario.stages[0]
    app.button_group(key="put together").set_value(first.title or "Step 1")
    press(turned(app), "put")
    assert tuple(room.state.text.put.levels) == first.clauses


def test_a_double_click_does_one_thing(room, passed, monkeypatch):
    monkeypatch.setattr(acts, "PAUSE", 60)
    app = press(visit(), "put")
    press(app, "gavel")
    assert room.state.phase == "open"
    assert [error.value for error in app.error] == [acts.SOON]


def test_another_act_right_after_one_is_done_where_no_double_click_can_hit_it(
    room, passed, monkeypatch
):
    monkeypatch.setattr(acts, "PAUSE", 60)
    app = visit("desk", "What happens in the world", "Lock a seat, or close the room")
    for key in ("lock", "lock", "put", "inject troops_move", "close"):
        press(app, key)
        assert not app.error, "the second half of a double click is no mistake"
    assert room.state.phase == "open"
    assert room.state.injects == ("troops_move",)
    assert room.state.locked == {"atlantic"}, "pressed twice, done once"
    assert room.state.closed


def test_what_cannot_be_done_is_said_in_its_place(room, passed):
    app = visit()
    room.put(MISSILES)
    press(app, "put")
    assert [error.value for error in app.error] == ["A text is open; let the gavel fall first."]


def test_an_act_of_another_desk_is_not_taken_back_unseen(room, passed):
    app = press(visit(), "put")
    room.gavel()
    press(app, "undo")
    assert room.state.phase == "gavelled"
    assert "in the meantime" in words(app)


def test_the_desk_shows_who_has_spoken_and_what_only_when_asked(room, passed):
    room.join("Ann", "baltic")
    room.put(MISSILES)
    room.speak_for("west", OBJECT, "too_far")
    app = visit()
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
    assert "Broke the silence" not in words(visit())
    room.reveal()
    called = words(visit())
    assert f"- **Broke the silence:** Western Europe ({room.reasons['too_far']})" in called
    silent = called.partition("- **Silent:** ")[2].partition("\n")[0]
    assert sorted(silent.split("; ")) == sorted(
        seat.title for name, seat in room.state.seats.items() if name != "west"
    )


def test_the_desk_says_why_one_rule_lets_a_text_stand_and_another_does_not(room, passed):
    room.put(MISSILES, empty=SILENT)
    room.speak_for("west", SUPPORT)
    room.gavel()
    assert "Simple majority" not in words(visit())
    room.reveal()
    said = words(visit())
    assert "- ✓ **Simple majority:** stands. Silence abstains: a text stands if more" in said
    assert "- ✕ **More than half support:** falls. Silence is not consent: at least 16 of" in said


def test_what_is_asked_of_empty_seats_holds_for_the_script_too(seated, treaty, passed):
    room = seated(playing(treaty, scripts={"tiny": SCRIPT}), script="tiny")
    app = visit()
    app.session_state["put empty seats"] = SILENT
    press(press(turned(app), "act 0"), "act 1")
    assert room.state.text.put.empty == SILENT


def test_a_seat_is_spoken_for(room, passed):
    room.put(MISSILES)
    app = visit("desk", "Speak on behalf of a seat")
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
    app = visit("desk", "Move somebody, or show them out")
    box(app, "Person").set_value(ann)
    press(turned(app), "show out")
    assert list(room.state.people) == [ben]
    assert app.button(key="show out").disabled


def test_people_are_moved_and_shown_out_and_seats_locked(room, passed):
    ann, _ = room.join("Ann ![x](http://example.org/x.png)", "baltic")
    app = visit("desk", "Move somebody, or show them out", "Lock a seat, or close the room")
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
    press(app, "close")
    assert room.state.closed
    assert "closed to newcomers" in words(app)
    assert "Take back the closing of the room" in {button.label for button in app.button}
    press(app, "close")
    assert not room.state.closed


def test_the_world_moves_and_the_clock_runs(room, passed):
    app = visit("desk", "What happens in the world", "Clock for talks")
    press(app, "inject troops_move")
    assert room.state.injects == ("troops_move",)
    assert app.button(key="inject troops_move").disabled
    press(app, "talks 300")
    assert "talks **5:00**" in words(app)
    press(app, "talks 0")
    assert room.state.clock is None


def test_a_text_beside_the_script_is_gavelled_and_revealed_before_the_script_goes_on(
    seated, passed, treaty
):
    room = seated(playing(treaty, scripts={"tiny": SCRIPT}), script="tiny")
    room.go_past(0)
    room.put({"N2.1": 1.0})
    app = visit()
    for key in ("gavel", "reveal"):
        assert app.button(key="act 1").disabled, "the script waits"
        press(app, key)
    assert room.state.phase == "revealed"
    press(app, "act 1")
    assert room.state.text.put.levels == MISSILES


def test_the_desk_says_where_the_script_asks_for_what_stands_already(seated, passed, treaty):
    lower = scripted(Act(minute=1, do="put", clauses=("N5.1",), level=0.75))
    room = seated(playing(treaty, scripts={"tiny": lower}), script="tiny")
    assert "stands already" not in words(visit())
    room.put({"N5.1": 0.7}, empty=SILENT)
    room.gavel()
    room.reveal()
    assert "stands already" not in words(visit()), "lower than the script asks for"
    room.put({"N5.1": 1.0}, empty=SILENT)
    room.gavel()
    room.reveal()
    assert "This stands already, as high or higher" in words(visit())


def test_a_second_desk_is_drawn_anew_when_the_first_has_said_something_or_closed_the_room(
    seated, treaty
):
    room = seated(playing(treaty, scripts={"tiny": SCRIPT}), script="tiny")
    drawn_for = [desk._signature(room)]
    for act in (lambda: room.go_past(0), room.close):
        act()
        drawn_for.append(desk._signature(room))
    assert len(set(drawn_for)) == 3


def test_a_script_leads_through_the_evening(seated, passed, treaty):
    room = seated(playing(treaty, scripts={"tiny": SCRIPT}), script="tiny")
    phases = []
    for place, _ in enumerate(SCRIPT.acts):
        app = visit()  # whoever opens a desk anew goes on where the script is
        keys = {button.key for button in app.button}
        assert not keys & {"gavel", "reveal"}, "what the script does next has one button"
        press(app, f"act {place}")
        phases.append(room.state.phase)
    assert phases == ["lobby", "open", "gavelled", "revealed", "revealed", "revealed"]
    assert room.state.injects == ("troops_move",)
    assert "The script is through" in app.success[0].value
    press(press(app, "undo"), "undo")
    (again,) = [button for button in app.button if (button.key or "").startswith("act ")]
    assert "Troops move" in again.label
    press(app, "past 4")
    assert app.button(key="act 5").label == "Said; go on"
    assert not room.state.injects
