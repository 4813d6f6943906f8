"""Laws of the log: what a replay makes of it, whatever happened and in whatever order."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import reduce
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.room.events import (
    DESK,
    OBJECT,
    Ballot,
    Entry,
    Event,
    Gavelled,
    Joined,
    Left,
    Put,
    Revealed,
    Seated,
    Undone,
    as_json,
    from_json,
)
from sim.room.state import State, apply, deed, kept, replay, undoable
from tests.rooms import OPENED, PEOPLE, SEATS, ballots, logs, numbered, puts, table


def at_the_same_time(events: list[Event]) -> State:
    """The state after these facts, the numbers and times of entries aside."""
    return replace(replay([Entry(n, 0.0, event) for n, event in enumerate(events, 1)]), entries=0)


@st.composite
def debated(draw: Any) -> tuple[list[Event], list[Event], list[Event]]:
    """A text that is put, what is said of it, and what follows."""
    before = [*table(), draw(puts())]
    said = draw(st.lists(ballots(len(before)), max_size=8))
    return before, said, [Gavelled(len(before), {"D": OBJECT}), Revealed(len(before))]


# Order ---------------------------------------------------------------------------------------------


@given(debated(), st.randoms(use_true_random=False))
def test_ballots_may_arrive_in_any_order(text, chance):
    before, said, after = text
    shuffled = chance.sample(said, len(said))
    assert at_the_same_time([*before, *said, *after]) == at_the_same_time(
        [*before, *shuffled, *after]
    )


@given(debated(), st.data())
def test_a_ballot_that_arrives_twice_counts_once(text, data):
    before, said, after = text
    again = data.draw(st.lists(st.sampled_from(said), max_size=5)) if said else []
    assert at_the_same_time([*before, *said, *after]) == at_the_same_time(
        [*before, *said, *again, *after]
    )


@given(st.data(), st.randoms(use_true_random=False))
def test_people_may_come_and_go_in_between_each_in_their_own_order(data, chance):
    before: list[Event] = [*table(), Put({"one": 1.0}, "consensus")]
    number, said = len(before), data.draw(st.lists(ballots(len(before)), max_size=8))
    tracks = [[one for one in said if one.who == who] for who in PEOPLE]
    tracks = [
        [*own, Left(who)] for own, who in zip(tracks, PEOPLE) if data.draw(st.booleans()) or own
    ]
    for who in ("p20", "p21"):
        seat = data.draw(st.sampled_from(SEATS))
        own = [replace(data.draw(ballots(number)), seat=seat, who=who)]
        tracks.append(
            [Joined(who, who), Seated(who, seat), *own, *[Left(who)] * chance.randint(0, 1)]
        )
    tracks += [[one] for one in said if one.who == DESK]
    turns = [place for place, track in enumerate(tracks) for _ in track]
    plain = [fact for track in tracks for fact in track]
    left = [iter(track) for track in tracks]
    mixed = [next(left[place]) for place in chance.sample(turns, len(turns))]
    after: list[Event] = [Gavelled(number, {"D": OBJECT})]
    assert at_the_same_time([*before, *mixed, *after]) == at_the_same_time(
        [*before, *plain, *after]
    )


def test_what_the_desk_said_counts_again_once_a_newcomer_has_left():
    events: list[Event] = [*table(), Put({"one": 1.0}, "consensus")]
    desk = Ballot(len(events), "A", DESK, 1, OBJECT)
    newer = Ballot(len(events), "A", "p2", 2, "support")
    assert replay(numbered([*events, desk, newer])).texts[-1].ballots["A"] == newer
    assert replay(numbered([*events, desk, newer, Left("p2")])).texts[-1].ballots["A"] == desk


@given(debated())
def test_the_ballot_with_the_highest_turn_counts(text):
    before, said, _ = text
    standing = replay(numbered([*before, *said])).texts[-1].ballots
    for seat, counts in standing.items():
        assert counts.turn == max(ballot.turn for ballot in said if ballot.seat == seat)
    assert set(standing) == {ballot.seat for ballot in said}


# Replay ---------------------------------------------------------------------------------------------


@given(logs())
def test_the_replay_of_a_beginning_is_the_state_then(log):
    state = replay(log[:1])
    for place, entry in enumerate(log[1:], 2):
        state = apply(state, entry)
        assert state == replay(log[:place])


@given(logs(undone=True))
def test_a_log_that_was_written_down_and_read_again_says_the_same(log):
    written = [(e.number, e.at, *json.loads(json.dumps(as_json(e.event)))) for e in log]
    read = [Entry(number, at, from_json(kind, body)) for number, at, kind, body in written]
    assert read == log
    assert replay(read) == replay(log)


@given(logs(undone=True))
def test_a_replay_leaves_the_log_alone_and_says_the_same_twice(log):
    before = [as_json(entry.event) for entry in log]
    assert replay(log) == replay(log)
    assert [as_json(entry.event) for entry in log] == before


def test_a_log_without_an_opening_is_none():
    with pytest.raises(ValueError, match="begins with the opening"):
        replay(numbered([Joined("p1", "Ada")]))


# Undo -----------------------------------------------------------------------------------------------


@given(logs())
def test_undo_is_replay_without_the_act(log):
    last = undoable(log)
    if last is None:
        return
    after = [*log, Entry(len(log) + 1, 99.0, Undone(last.number))]
    without = [entry for entry in log if entry.number != last.number]
    assert replace(replay(after), entries=0) == replace(replay(without), entries=0)


@given(logs(undone=True))
def test_what_phones_have_said_does_not_change_what_can_be_taken_back(log):
    assert undoable(filter(deed, log)) == undoable(log)


@given(logs())
def test_undone_again_and_again_no_act_is_left(log):
    undone: list[int] = []
    while (last := undoable(log)) is not None:
        assert last.number not in undone, "an act is taken back once"
        assert not isinstance(last.event, Undone), "what was taken back stays so"
        undone.append(last.number)
        log = [*log, Entry(log[-1].number + 1, 99.0, Undone(last.number))]
    assert undone == sorted(undone, reverse=True)
    left = replay(log)
    assert (left.texts, left.injects, left.locked, left.clock) == ((), (), frozenset(), None)
    assert not left.closed


@given(logs(undone=True))
def test_taking_back_what_was_taken_back_changes_nothing(log):
    names = {entry.event.entry for entry in log if isinstance(entry.event, Undone)}
    undoings = [entry.number for entry in log if isinstance(entry.event, Undone)]
    for again in [*names, *undoings]:
        after = [*log, Entry(len(log) + 1, 99.0, Undone(again))]
        assert replace(replay(after), entries=0) == replace(replay(log), entries=0)


@given(logs(undone=True))
def test_who_is_in_the_room_does_not_hang_on_undoing(log):
    people = [entry for entry in log if isinstance(entry.event, Joined | Seated | Left)]
    acts = {entry.number for entry in log if not isinstance(entry.event, Joined | Seated | Left)}
    undone = {entry.event.entry for entry in log if isinstance(entry.event, Undone)}
    if undone <= acts:
        assert replay(log).people == replay([log[0], *people]).people


def test_a_ballot_from_the_desk_taken_back_leaves_what_the_phone_said():
    events = [*table(), Put({"one": 1.0}, "consensus")]
    phone = Ballot(len(events), "A", "p2", 0, "support")
    desk = Ballot(len(events), "A", DESK, 1, "object", "trust")
    log = numbered([*events, phone, desk])
    assert replay(log).text.ballots["A"] == desk
    last = undoable(log)
    assert last is not None
    undone = [*log, Entry(len(log) + 1, 99.0, Undone(last.number))]
    assert replay(undone).text.ballots["A"] == phone


def test_a_gavel_taken_back_opens_the_silence_again():
    events = [*table(), Put({"one": 1.0}, "consensus")]
    number = len(events)
    log = numbered([*events, Gavelled(number, {"D": "object"}), Undone(number + 1)])
    assert replay(log).phase == "open"
    assert replay(log).text.model == {}
    late = Entry(len(log) + 1, 99.0, Ballot(number, "A", "p2", 0, "support"))
    assert replay([*log, late]).text.ballots["A"].stance == "support"


# Strangers ------------------------------------------------------------------------------------------


@given(logs(), st.sampled_from(["p9", "", "A", "model"]), st.sampled_from([*SEATS, "", "Z"]))
def test_a_ballot_of_somebody_who_does_not_sit_there_changes_nothing(log, who, seat):
    state = replay(log)
    if who in state.sitting(seat):
        return
    number = state.texts[-1].number if state.texts else 1
    ballot = Entry(len(log) + 1, 99.0, Ballot(number, seat, who, 99, OBJECT, "trust"))
    assert replace(apply(state, ballot), entries=0) == replace(state, entries=0)


@given(logs())
def test_nobody_speaks_for_a_seat_that_is_not_theirs_or_is_none(log):
    state = replay(log)
    number = state.texts[-1].number if state.texts else 1
    for who in PEOPLE:
        own = state.people[who].seat if who in state.people else ""
        for seat in {*SEATS, "Z"} - {own}:
            ballot = Entry(len(log) + 1, 99.0, Ballot(number, seat, who, 99, OBJECT))
            assert apply(state, ballot).texts == state.texts
    desk = Entry(len(log) + 1, 99.0, Ballot(number, "Z", DESK, 99, OBJECT))
    assert apply(state, desk).texts == state.texts


@given(debated(), st.data())
def test_ballots_before_the_text_after_the_gavel_and_on_others_change_nothing(text, data):
    before, said, after = text
    number = len(before)
    late = data.draw(st.lists(ballots(number), max_size=4))
    other = data.draw(st.lists(ballots(number + 40), max_size=4))
    early = data.draw(st.lists(ballots(number), max_size=4))
    plain = at_the_same_time([*before, *said, *after])
    assert at_the_same_time([*before, *said, *other, *after]) == plain
    assert at_the_same_time([*before, *said, *after, *late]) == plain
    assert at_the_same_time([*before, *said, after[0], *late, after[1]]) == plain
    too_early = [*table(), *early, before[-1]]  # on a number that no text has yet
    assert replay(numbered(too_early)).texts[-1].ballots == {}


@given(logs(), st.data())
def test_a_text_that_is_settled_stays_as_it_is(log, data):
    state = replay(log)
    settled = state.texts[:-1]
    if not settled:
        return
    number = data.draw(st.sampled_from([text.number for text in settled]))
    facts: list[Event] = [Gavelled(number, {"A": OBJECT}), Revealed(number)]
    facts.append(Ballot(number, "A", DESK, 99, OBJECT))
    for fact in facts:
        assert apply(state, Entry(len(log) + 1, 99.0, fact)).texts[:-1] == state.texts[:-1]


@given(logs())
def test_nothing_is_revealed_before_the_gavel(log):
    assert not any(text.revealed and text.open for text in replay(log).texts)


def test_what_counts_of_a_log_is_in_its_order():
    log = numbered([*table(), Put({"one": 1.0}, "consensus"), Undone(8)])
    assert [entry.number for entry in kept(log)] == [1, 2, 3, 4, 5, 6, 7, 9]
    assert reduce(apply, kept(log), State(OPENED)).texts == ()
