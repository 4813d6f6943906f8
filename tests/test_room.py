"""A room while it is open: what it lets people do, what it refuses and how, and what it keeps."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from sim import load, rules
from sim.errors import RequestError
from sim.room import live
from sim.room.events import DESK, MODEL, OBJECT, RESERVE, SILENT, STANCES, SUPPORT, Ballot, Gavelled
from sim.room.live import CROWD, LONGEST_NAME, LiveRoom, Refusal, new_code, reopen
from sim.room.mind import minds
from sim.room.seats import seats
from sim.room.state import replay
from sim.room.store import Store
from sim.room.verdict import elsewhere, verdict
from sim.rules import Stance
from sim.scenario import rules_of
from tests.rooms import Clock, opened

MISSILES = {"N5.1": 1.0}


@pytest.fixture
def room(tmp_path: Path) -> LiveRoom:
    return opened(tmp_path)


def member(room: LiveRoom, seat: str) -> str:
    return room.join(f"for {seat}", seat)[0]


def ballots(room: LiveRoom) -> list[Ballot]:
    return [entry.event for entry in room.log if isinstance(entry.event, Ballot)]


# Coming in ------------------------------------------------------------------------------------------


def test_a_token_proves_one_person_and_nobody_else(room):
    (ada, hers), (ben, his) = room.join("Ada", "EST"), room.join("Ben")
    assert room.knows(ada, hers)
    assert room.knows(ben, his)
    assert not any([room.knows(ada, his), room.knows(ben, hers), room.knows(ada, "")])
    assert not any([room.knows("p99", hers), room.knows("", hers), room.knows("", "")])


def test_a_token_is_no_good_once_its_owner_has_gone(room):
    ada, token = room.join("Ada", "EST")
    room.leave(ada)
    assert not room.knows(ada, token)
    with pytest.raises(Refusal, match="not in this room any more"):
        room.sit(ada, "EST")


def test_no_token_is_in_the_file(room):
    _, token = room.join("Ada", "EST")
    room.store.close()
    files = room.store.path.parent.glob(f"{room.store.path.name}*")
    assert not any(token.encode() in file.read_bytes() for file in files)


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


@pytest.mark.parametrize("seat", ["XXX", "est", "LUX", "EST "])
def test_a_seat_that_is_none_is_refused(room, seat):
    with pytest.raises(Refusal, match="no such seat"):
        room.join("Ada", seat)
    with pytest.raises(Refusal, match="no such seat"):
        room.lock(seat)


def test_a_room_is_full_at_some_point(room, monkeypatch):
    monkeypatch.setattr(live, "CROWD", 3)
    for place in range(3):
        room.join(str(place))
    with pytest.raises(Refusal, match="full"):
        room.join("one more")
    assert CROWD > 200


def test_names_are_on_one_line_and_not_too_long(room):
    who, _ = room.join("  Ada\n\tof\x00 \u202eNarva  " + "x" * 100)
    shown = room.state.people[who].name
    assert len(shown) <= LONGEST_NAME
    assert shown.isprintable()
    assert shown.startswith("Ada")


# Speaking -------------------------------------------------------------------------------------------


def test_a_mind_may_be_changed_until_the_gavel(room):
    ada = member(room, "EST")
    number = room.put(MISSILES)
    room.speak(ada, number, SUPPORT, turn=1)
    room.speak(ada, number, OBJECT, "trust", turn=2)
    room.gavel()
    assert room.state.text.ballots["EST"].stance == OBJECT
    with pytest.raises(Refusal, match="No text is open"):
        room.speak(ada, number, SUPPORT, turn=3)
    assert room.state.text.ballots["EST"].stance == OBJECT


def test_the_same_ballot_sent_twice_is_written_once(room):
    ada = member(room, "EST")
    number = room.put(MISSILES)
    first = room.speak(ada, number, OBJECT, "trust", turn=1)
    assert room.speak(ada, number, OBJECT, "trust", turn=1) == first
    assert len(ballots(room)) == 1


def test_a_ballot_that_comes_late_does_not_undo_a_later_one(room):
    ada = member(room, "EST")
    number = room.put(MISSILES)
    room.speak(ada, number, OBJECT, "trust", turn=2)
    with pytest.raises(Refusal, match="Something newer was said on this seat"):
        room.speak(ada, number, SUPPORT, turn=1)
    assert len(ballots(room)) == 1


def test_a_veto_is_acknowledged_only_when_it_counts(room):
    ada, ben = member(room, "EST"), member(room, "USA")
    number = room.put(MISSILES)
    room.speak(ben, number, SUPPORT, turn=3)
    room.speak_for("EST", SUPPORT)
    assert (
        room.speak(ada, number, OBJECT, "trust", turn=1).stance == OBJECT
    )  # of one turn, the harder
    assert room.state.text.ballots["EST"].who == ada
    room.speak_for("EST", SUPPORT)
    with pytest.raises(Refusal, match="look again"):
        room.speak(ada, number, OBJECT, "trust", turn=1)


def test_nobody_speaks_so_far_ahead_that_others_cannot_answer(room):
    ada = member(room, "EST")
    number = room.put(MISSILES)
    with pytest.raises(Refusal, match="too far ahead"):
        room.speak(ada, number, OBJECT, "trust", turn=live.AHEAD + 1)
    assert room.speak(ada, number, OBJECT, "trust", turn=live.AHEAD)


def test_going_from_seat_to_seat_leaves_one_voice(room):
    number = room.put(MISSILES)
    for seat in ("EST", "LVA", "LTU"):
        mal = member(room, seat)
        room.speak(mal, number, OBJECT, "trust", turn=1)
        room.leave(mal)
    assert room.state.text.ballots == {}


def test_what_happens_happens_once(room):
    room.inject("troops_move")
    with pytest.raises(Refusal, match="has happened already"):
        room.inject("troops_move")
    room.undo()
    room.inject("troops_move")


def test_observers_watch(room):
    eve, _ = room.join("Eve")
    number = room.put(MISSILES)
    with pytest.raises(Refusal, match="Observers watch"):
        room.speak(eve, number, SUPPORT)
    assert ballots(room) == []


REFUSED = {
    "nothing is open": (None, SUPPORT, "", "No text is open"),
    "another text": (-1, SUPPORT, "", "no longer on the table"),
    "no such stance": (0, "veto", "", "Support, stay silent"),
    "silence is broken without a reason": (0, OBJECT, "", "Say why you break the silence"),
    "no such reason": (0, OBJECT, "because", "Choose a reason from the list"),
    "no such reservation": (0, RESERVE, "because", "Choose a reason from the list"),
    "support needs no reason": (0, SUPPORT, "trust", "Choose a reason from the list"),
}


@pytest.mark.parametrize(("far", "stance", "reason", "says"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_said_is_refused_with_a_sentence(room, far, stance, reason, says):
    ada = member(room, "EST")
    number = room.put(MISSILES) if far is not None else 1
    with pytest.raises(Refusal, match=says):
        room.speak(ada, number + (far or 0), stance, reason, turn=1)
    assert ballots(room) == []


def test_the_desk_speaks_for_a_seat_and_comes_after_what_was_said(room):
    ada = member(room, "EST")
    number = room.put(MISSILES)
    room.speak(ada, number, SUPPORT, turn=7)
    assert room.speak_for("EST", OBJECT, "trust").turn == 8
    room.speak_for("TUR", SUPPORT)  # nobody sits there
    room.gavel()
    said = {voice.member: (voice.stance, voice.by) for voice in _verdict(room).voices}
    assert said["EST"] == (OBJECT, DESK)
    assert said["TUR"] == (SUPPORT, DESK)


def test_the_desk_gives_a_reason_from_the_list_as_well(room):
    room.put(MISSILES)
    with pytest.raises(Refusal, match="Choose a reason"):
        room.speak_for("EST", OBJECT, "weather")
    with pytest.raises(Refusal, match="no such seat"):
        room.speak_for("XXX", SUPPORT)


# The desk -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", [0.0, 0.249, 1.001, -1.0, float("nan"), float("inf")])
def test_a_level_below_the_least_or_beyond_the_draft_is_refused(room, level):
    with pytest.raises(Refusal, match=r"N5\.1 can be put at 0\.25 to 1"):
        room.put({"N5.1": level})
    assert room.state.text is None


def test_a_clause_that_is_all_or_nothing_is_put_as_drafted_alone(room):
    whole = [name for name, row in room.scenario.clauses.items() if row.least == 1]
    assert whole
    with pytest.raises(Refusal, match=f"{whole[0]} can be put at 1 to 1"):
        room.put({whole[0]: 0.9})
    assert room.put({whole[0]: 1.0})


def test_what_cannot_be_put_is_refused(room):
    with pytest.raises(Refusal, match="A text needs a clause"):
        room.put({})
    with pytest.raises(Refusal, match="`N9` is no clause"):
        room.put({"N9": 1.0})
    with pytest.raises(Refusal, match="`shouting` is no rule"):
        room.put(MISSILES, rule="shouting")
    with pytest.raises(Refusal, match="played by the model, or stay silent"):
        room.put(MISSILES, empty="loud")
    room.put(MISSILES)
    with pytest.raises(Refusal, match="let the gavel fall first"):
        room.put(MISSILES)
    assert len(room.state.texts) == 1


def test_gavel_reveal_inject_and_undo_need_something_to_act_on(room):
    for act, says in (
        (room.gavel, "No text is open"),
        (room.reveal, "nothing to reveal"),
        (room.undo, "nothing to undo"),
        (lambda: room.inject("meteor"), "no such inject"),
    ):
        with pytest.raises(Refusal, match=says):
            act()
    room.put(MISSILES)
    with pytest.raises(Refusal, match="nothing to reveal"):
        room.reveal()


def test_undo_names_what_it_takes_back_and_the_state_is_as_before(room):
    member(room, "EST")
    before = room.state
    room.put(MISSILES)
    assert room.undo().event.levels == MISSILES
    assert room.state.texts == before.texts
    with pytest.raises(Refusal, match="nothing to undo"):
        room.undo()


# The model on empty seats ---------------------------------------------------------------------------


def test_the_model_speaks_for_everybody_for_whom_nobody_sits(room):
    member(room, "EST")
    room.put(MISSILES)
    room.gavel()
    said = room.state.text.model
    central = minds(room.scenario).stances(MISSILES)
    assert said == {iso: stance for iso, stance in central.items() if iso != "EST"}


def test_empty_seats_may_stay_silent(room):
    room.put(MISSILES, empty=SILENT)
    room.gavel()
    assert room.state.text.model == {}
    assert {voice.stance for voice in _verdict(room).voices} == {SILENT}
    assert _verdict(room).adopted


def test_a_seat_left_in_the_middle_is_empty(room):
    ada = member(room, "EST")
    number = room.put(MISSILES)
    room.speak(ada, number, SUPPORT, turn=1)
    room.leave(ada)
    room.gavel()
    assert room.state.text.model["EST"] == OBJECT


def test_whoever_goes_after_the_gavel_has_spoken(room):
    ada = member(room, "EST")
    room.speak(ada, room.put(MISSILES), OBJECT, "trust", turn=1)
    room.gavel()
    room.leave(ada)
    assert "EST" in _verdict(room).blockers


def test_a_bloc_speaks_for_its_members_and_the_model_for_the_others(tmp_path):
    room = opened(tmp_path, seating="blocs")
    ada = member(room, "baltic")
    number = room.put(MISSILES)
    room.speak(ada, number, SUPPORT, turn=1)
    room.gavel()
    said = {voice.member: voice.stance for voice in _verdict(room).voices}
    assert {said[iso] for iso in ("EST", "LVA", "LTU", "POL")} == {SUPPORT}
    assert len(room.state.text.model) == 26
    assert _verdict(room).adopted  # none of the others breaks the silence


def test_what_happens_changes_what_the_model_says(room):
    before = room.minds().stances(MISSILES)
    room.inject("step_back")
    after = room.minds().stances(MISSILES)
    kinder = [iso for iso in before if _rank(after[iso]) > _rank(before[iso])]
    assert kinder
    assert all(_rank(after[iso]) >= _rank(before[iso]) for iso in before)
    room.undo()
    assert room.minds().stances(MISSILES) == before
    room.inject("troops_move")
    harder = room.minds().stances(MISSILES)
    assert all(_rank(harder[iso]) <= _rank(before[iso]) for iso in before)


def _rank(stance: str) -> int:
    return (OBJECT, SILENT, SUPPORT).index(stance)


def test_a_lower_level_finds_fewer_who_break_the_silence(room):
    counts = [
        sum(said == OBJECT for said in room.minds().stances({"N5.1": level}).values())
        for level in (1.0, 0.8, 0.6)
    ]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] == 4
    assert counts[-1] == 0


def test_the_ceiling_is_where_a_member_breaks_the_silence(room):
    mind = room.minds()
    for iso, ceiling in mind.ceilings("N5.1").items():
        if ceiling < 1:
            assert mind.stances({"N5.1": ceiling - 0.001})[iso] != OBJECT
            assert mind.stances({"N5.1": ceiling + 0.001})[iso] == OBJECT


def test_a_package_is_weighed_as_one_text(room):
    mind = room.minds()
    package = {"N2.1": 1.0, "N6.1": 1.0}
    assert set(mind.stances(package).values()) == {
        OBJECT
    }  # the good clause does not pay for the bad
    number = room.put(package)
    room.gavel()
    room.reveal()
    assert room.state.text.number == number
    assert room.standing() == {}


# Verdicts -------------------------------------------------------------------------------------------


def _verdict(room: LiveRoom, rule: str = ""):
    return verdict(room.scenario, room.state, room.state.text, rule)


@pytest.mark.parametrize("name", ["draft-treaty-2021", "security-council-2022", "eu-council-2022"])
def test_the_verdict_is_plain_counting_under_every_rule(tmp_path, name):
    """Each voice counted by hand for the rules that count heads, by the rule itself for the others."""
    room = opened(tmp_path, name, "all")
    isos = list(room.scenario.seats)
    number = room.put({next(iter(room.scenario.clauses)): 1.0}, empty=SILENT)
    stances = [SUPPORT, SUPPORT, OBJECT, SILENT, RESERVE]
    for place, iso in enumerate(isos[: len(isos) - 2]):
        stance = stances[place % len(stances)]
        reason = "too_far" if stance == OBJECT else ""
        room.speak(member(room, iso), number, stance, reason, turn=1)
    room.gavel()
    said = {voice.member: voice.stance for voice in _verdict(room).voices}
    yes = sum(stance == SUPPORT for stance in said.values())
    no = sum(stance == OBJECT for stance in said.values())
    counted = {
        "consensus": no == 0,
        "consensus-2": no <= 2,
        "majority": yes > no,
        "affirmative": yes == len(isos),
        "entry-into-force": 2 * yes > len(isos),
    }
    found = elsewhere(room.scenario, room.state, room.state.text)
    assert {rule: found[rule] for rule in counted} == counted
    heard = {SUPPORT: Stance.SUPPORT, OBJECT: Stance.OBJECT}
    column = [[[heard.get(said[iso], Stance.ACQUIESCE)]] for iso in isos]
    for rule in rules_of(room.scenario):
        held = rules.named(rule, room.scenario.table)
        assert found[rule] == bool(held.adopts(_array(column))[0, 0])


def _array(column):
    import numpy as np

    return np.array(column, np.int8)


def test_one_member_alone_is_missing_where_one_broke_the_silence(room):
    ada = member(room, "EST")
    number = room.put({"N2.1": 1.0})
    room.speak(ada, number, OBJECT, "trust", turn=1)
    room.gavel()
    assert _verdict(room).blockers == ("EST",)
    assert _verdict(room).missing == 1
    assert _verdict(room, "majority").adopted


def test_under_a_rule_of_few_the_others_do_not_count(room):
    ada = member(room, "EST")
    number = room.put({"N2.1": 1.0}, rule="only:USA")
    room.speak(ada, number, OBJECT, "trust", turn=1)
    room.gavel()
    assert _verdict(room).adopted
    assert _verdict(room).blockers == ()


def test_what_stands_is_what_was_revealed_and_adopted_at_its_last_level(room):
    def decide(levels: dict[str, float]) -> None:
        room.put(levels)
        room.gavel()

    decide({"N2.1": 0.5})
    assert room.standing() == {}  # not yet revealed
    room.reveal()
    assert room.standing() == {"N2.1": 0.5}
    decide({"N2.1": 1.0})
    room.reveal()
    decide(MISSILES)
    room.reveal()
    assert room.standing() == {"N2.1": 1.0}


# The file -------------------------------------------------------------------------------------------


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


def test_a_room_that_is_opened_again_is_as_it_was_left(room):
    (hers, his) = busy(room)
    room.store.close()
    again = reopen(room.store.path, Clock())
    assert again.state == room.state
    assert again.log == room.log
    assert again.knows(*hers.split(".", 1))
    assert not again.knows(*his.split(".", 1))
    assert again.scenario.clauses == room.scenario.clauses
    assert again.minds().stances(MISSILES) == room.minds().stances(MISSILES)
    assert again.gavel() is None


def test_the_state_of_an_open_room_is_the_replay_of_its_log(room):
    states = []
    write = room._write

    def watched(*events, **asked):
        entries = write(*events, **asked)
        states.append((room.state, replay(room.log)))
        return entries

    room._write = watched
    busy(room)
    assert len(states) > 10
    assert all(now == replayed for now, replayed in states)


def test_a_what_if_is_played_as_it_was_changed(tmp_path):
    from sim.scenario import with_changes

    changed = with_changes(load("draft-treaty-2021"), {"members.EST.resolve": 1.0})
    room = live.open_room(changed, tmp_path, seating_="key", clock=Clock())
    said = room.minds().stances(MISSILES)
    assert said["EST"] != OBJECT
    room.store.close()
    assert reopen(room.store.path).minds().stances(MISSILES) == said


def test_the_log_is_only_appended_to(room):
    busy(room)
    room.store.close()
    with sqlite3.connect(room.store.path) as file:
        for deed in (
            "UPDATE log SET body = '{}' WHERE number = 3",
            "DELETE FROM log WHERE number = 3",
            "DELETE FROM log",
        ):
            with pytest.raises(sqlite3.DatabaseError, match="only appended to"):
                file.execute(deed)
    file.close()
    assert reopen(room.store.path).log == room.log


def test_entries_are_numbered_without_a_gap_and_never_go_back_in_time(room):
    clock = room.clock
    assert isinstance(clock, Clock)
    busy(room)
    clock.now -= 3600  # the laptop asks a time server in the middle
    room.time(60)
    numbers = [entry.number for entry in room.log]
    assert numbers == list(range(1, len(numbers) + 1))
    times = [entry.at for entry in room.log]
    assert times == sorted(times)


def test_a_room_is_kept_for_its_owner_alone(room):
    assert room.store.path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("content", [b"no room", b"SQLite format 3\0" + bytes(50)])
def test_a_file_that_is_no_room_is_refused_with_one_sentence(tmp_path, content):
    place = tmp_path / "bad.room"
    place.write_bytes(content)
    with pytest.raises(RequestError, match="is not the file of a room") as caught:
        Store(place)
    assert "\n" not in str(caught.value)


def test_a_room_that_has_no_place_is_refused_with_one_sentence(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(RequestError, match="cannot be written"):
        opened(tmp_path / "file" / "rooms")


def test_codes_can_be_read_aloud():
    codes = {new_code() for _ in range(200)}
    assert len(codes) > 190
    assert all(len(code) == 5 and not set(code) & set("AEIOU0123456789L") for code in codes)


# Seats ----------------------------------------------------------------------------------------------


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


def test_the_model_is_named_where_it_spoke(room):
    room.put(MISSILES)
    room.gavel()
    gavel = next(entry.event for entry in room.log if isinstance(entry.event, Gavelled))
    assert set(gavel.model) == set(room.scenario.seats)
    assert {voice.by for voice in _verdict(room).voices} == {MODEL}
    assert set(gavel.model.values()) <= set(STANCES)


def test_a_key_outlives_the_server_and_its_token_replaces_the_lost_one(room):
    who, lost = room.join("Ada", "POL", key="k" * 32)
    room.store.close()
    again = reopen(room.store.path)
    same, token = again.join("Ada", "POL", key="k" * 32)
    assert same == who
    assert again.knows(who, token)
    assert not again.knows(who, lost)
    again.store.close()
