"""The board for the projector: what it shows, and what it keeps to itself until the reveal."""

from __future__ import annotations

import tomllib
from importlib import resources

import pytest

from dashboard.room import board, sight
from sim.room.events import OBJECT, RESERVE, SILENT, STANCES, SUPPORT
from sim.room.verdict import verdict
from tests.rooms import MISSILES
from tests.screens import drawn, playing, turned, visit


@pytest.fixture
def room(seated, treaty):
    return seated(treaty)


def test_the_board_says_how_to_join_and_who_is_here(room):
    room.join("Ann", "baltic")
    room.join("Bob")
    said = drawn(visit("board"))
    assert room.code in said
    assert f"/r/{room.code}" in said
    assert "2 people here · 1 of 5 seats taken" in said
    assert "Ann" not in said
    assert "closed to newcomers" not in said
    room.close()
    assert "The room is closed to newcomers." in drawn(visit("board"))


def test_a_lobby_makes_room_for_what_is_talked_about_first_and_still_says_how_to_join(room):
    for said in ("Join with your phone", "Only this machine"):
        assert said in drawn(visit("board"))
    room.time(120, MISSILES)
    said = drawn(visit("board"))
    assert room.scenario.clauses["N5.1"].text in said
    assert "Join with your phone" not in said
    assert "Only this machine" not in said
    assert f"/r/{room.code}" in said
    assert "0 people here · 0 of 5 seats taken" in said
    assert "as a QR code" in said
    room.close()
    said = drawn(visit("board"))
    assert "as a QR code" not in said, "there is nobody whom it could let in"
    assert "closed to newcomers" in said


def test_where_a_seat_is_a_bloc_the_lobby_names_those_that_are_taken(room):
    room.join("Ann", "baltic")
    taken = {title for title, sign in sight.delegations(room.state) if sign == "●"}
    assert taken == {"Baltic states and Poland"}


def test_a_locked_seat_is_not_shown_as_free(room):
    room.join("Ann", "baltic")
    room.lock("baltic")
    assert "locked" not in drawn(visit("board")), "somebody sits there"
    room.lock("west")
    signs = dict(sight.delegations(room.state))
    assert (signs["Western Europe"], signs["Central Europe"]) == ("–", "○")
    said = drawn(visit("board"))
    assert "France: locked" in said
    assert "Czechia: free" in said


def test_one_seat_of_several_has_spoken(room):
    room.join("Ann", "baltic")
    room.put(MISSILES)
    room.speak_for("west", SUPPORT)
    assert "of 2 seats has spoken." in drawn(visit("board"))


@pytest.mark.parametrize("phase", ["open", "gavelled"])
def test_before_the_reveal_the_board_is_the_same_whatever_is_said(room, phase, monkeypatch):
    monkeypatch.setattr(room, "clock", lambda: 1e9)
    boards = set()
    for stance in STANCES:
        room.put(MISSILES, empty=SILENT)
        room.speak_for("baltic", stance, "too_far" if stance in (OBJECT, RESERVE) else "")
        if phase == "gavelled":
            room.gavel()
        boards.add(drawn(visit("board")))
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
    said = drawn(visit("board"))
    assert "Baltic states and Poland broke the silence. One is enough. The text falls." in said
    assert room.reasons["too_far"] in said
    assert "Simple majority: stands" in said
    assert "All must support: falls" in said


def test_the_more_say_why_the_smaller_are_the_letters_of_a_reveal(seated, treaty):
    room = seated(treaty, "all")
    longest = max(room.reasons, key=lambda reason: len(room.reasons[reason]))
    sizes = []
    for breaking in (0, 1, 3, 5, 8):
        room.put(MISSILES, empty=SILENT)
        for seat in list(room.state.seats)[:breaking]:
            room.speak_for(seat, OBJECT, longest)
        room.gavel()
        room.reveal()
        sizes.append(board.shown(room)["fit"])
    assert sizes[:2] == [1, 1]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] < 1
    room.inject("troops_move")
    assert board.shown(room)["fit"] == 1, "news have the board to themselves"


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
    said = drawn(visit("board"))
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
    assert "The same voices under other rules" in drawn(visit("board"))
    assert sight.table(room.scenario, room.state).says == "What everybody has done"
    room.inject("troops_move")
    shown = drawn(visit("board"))
    assert room.scenario.room.injects["troops_move"].text in shown
    assert "Before, N5.1 No missiles" in shown
    assert sight.table(room.scenario, room.state).says == "Who is here"
    assert "The same voices under other rules" not in shown
    room.time(120, {"N5.1": 0.75})
    shown = drawn(visit("board"))
    assert "Talk about what comes next" in shown
    assert "at .75 of the text" in shown
    assert room.scenario.clauses["N5.1"].text in shown
    room.put({"N5.1": 0.75})
    assert (room.state.clock, room.state.ahead) == (None, {}), "talks end with the text"
    assert "Talk about what comes next" not in drawn(visit("board"))


def test_several_clauses_are_said_to_stand_or_fall_together(room):
    room.put({"N2.1": 1.0, "N5.1": 0.5})
    assert "2 clauses as one text: they stand or fall together" in drawn(visit("board"))


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
    app = visit("board")
    for _ in range(5):
        turned(app, "board")
    assert not app.session_state._state.filtered_state


def test_whom_the_model_plays_is_told_apart_on_the_board(seated, treaty):
    made = seated(treaty, "key")
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


def test_the_room_looks_like_the_dashboard():
    folder = resources.files("dashboard")
    looks = [
        tomllib.loads((home / ".streamlit" / "config.toml").read_text())["theme"]
        for home in (folder, folder / "room")
    ]
    assert looks[0] == looks[1]
