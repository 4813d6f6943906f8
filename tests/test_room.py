"""A room while it is open: what it lets people do, what it refuses and how, and what it keeps."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from sim import load
from sim.room import live
from sim.room.events import DESK, OBJECT, RESERVE, SUPPORT, Ballot
from sim.room.live import CROWD, LiveRoom, Refusal
from sim.room.names import LONGEST
from sim.room.opening import new_code, open_room, reopen
from sim.room.state import replay
from tests.rooms import MISSILES, Clock, busy, decision, member, opened


@pytest.fixture
def room(tmp_path: Path) -> LiveRoom:
    return opened(tmp_path)


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
    assert len(shown) <= LONGEST
    assert shown.isprintable()
    assert shown.startswith("Ada")


REAL = [
    "Nguyễn Thị Hằng", "Łukasz Świątek", "Jūratė į̃", "Ọlábísí Adé", "Ζωή", "Наталія Йова",
    "क्षितिज ज़ुँ", "ज़ैनब", "ศรีรัศมิ์ ที่รัก", "ນ້ຳຝົນ", "မြို့ကျော်", "རྒྱུད་བསྒྲུབས", "محمّدٌ عبد اللّٰه", "שָׁלוֹם שּׁ",
    "தமிழ்ச்செல்வி", "김민준", "葛󠄀城", "さくら が", "Zoë 🕊️ 1️⃣",
]  # fmt: skip


@pytest.mark.parametrize("name", REAL)
def test_real_names_stay_as_they_are_in_any_script(room, name):
    whole = unicodedata.normalize("NFC", name)
    for typed in (name, unicodedata.normalize("NFD", name)):
        who, _ = room.join(typed)
        assert room.state.people[who].name == whole


PILES = {
    "\u3164": "", "\u115f\u1160": "", "\uffa0 \u2800": "", "A\u3164da": "Ada", "\ufe0f": "",
    "Ada\u034f\u17b4": "Ada", "\u0301Ada": "Ada", "Ada \u0489\u0302": "Ada",
    "A\u030a" + "\u0301" * 30 + "da": "\u01fa\u0301\u0301da",
    "e\u0323" + "\u0301\u034f" * 30: "\u1eb9\u0301\u0301",
    "\u0e01" + "\u0e47" * 30: "\u0e01" + "\u0e47" * 4,
}  # fmt: skip


@pytest.mark.parametrize(("name", "shown"), PILES.items(), ids=ascii)
def test_what_shows_nothing_or_runs_over_other_lines_is_no_name(room, name, shown):
    who, _ = room.join(name)
    assert room.state.people[who].name == shown


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


def test_a_veto_counts_before_its_reason_is_chosen(room):
    ada = member(room, "EST")
    number = room.put(MISSILES)
    room.speak(ada, number, OBJECT, turn=1)
    assert room.state.text.ballots["EST"].stance == OBJECT
    assert room.speak(ada, number, OBJECT, "trust", turn=2).reason == "trust"


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
    said = {voice.member: (voice.stance, voice.by) for voice in decision(room).voices}
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


def test_a_gavel_stays_once_somebody_who_sat_there_has_gone_or_moved(room):
    for act in (room.leave, lambda who: room.sit(who, "DEU")):
        poland = member(room, "POL")
        room.speak(poland, room.put(MISSILES, empty="silent"), "object", turn=1)
        room.gavel()
        act(poland)
        with pytest.raises(Refusal, match="Somebody has left Poland since the gavel"):
            room.undo()
        assert room.state.text.ballots["POL"].stance == "object"
        room.reveal()


def test_a_newcomer_since_the_gavel_does_not_keep_it_from_being_taken_back(room):
    room.put(MISSILES)
    room.gavel()
    member(room, "POL")
    room.undo()
    assert room.state.phase == "open"


def test_undo_names_what_it_takes_back_and_the_state_is_as_before(room):
    member(room, "EST")
    before = room.state
    room.put(MISSILES)
    assert room.undo().event.levels == MISSILES
    assert room.state.texts == before.texts
    with pytest.raises(Refusal, match="nothing to undo"):
        room.undo()


# The file -------------------------------------------------------------------------------------------


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
    room = open_room(changed, tmp_path, seating_="key", clock=Clock())
    said = room.minds().stances(MISSILES)
    assert said["EST"] != OBJECT
    room.store.close()
    assert reopen(room.store.path).minds().stances(MISSILES) == said


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


def test_codes_can_be_read_aloud():
    codes = {new_code() for _ in range(200)}
    assert len(codes) > 190
    assert all(len(code) == 5 and not set(code) & set("AEIOU0123456789L") for code in codes)


# Seats ----------------------------------------------------------------------------------------------


def test_a_key_outlives_the_server_and_its_token_replaces_the_lost_one(room):
    who, lost = room.join("Ada", "POL", key="k" * 32)
    room.store.close()
    again = reopen(room.store.path)
    same, token = again.join("Ada", "POL", key="k" * 32)
    assert same == who
    assert again.knows(who, token)
    assert not again.knows(who, lost)
    again.store.close()
