"""What a room makes of what was said: the model on empty seats, the rule, and what stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim import rules
from sim.room.events import MODEL, OBJECT, RESERVE, SILENT, STANCES, SUPPORT, Gavelled
from sim.room.live import LiveRoom
from sim.room.mind import minds
from sim.room.verdict import elsewhere
from sim.room.views import part
from sim.rules import Stance
from sim.scenario import rules_of
from tests.rooms import MISSILES, decision, member, opened


@pytest.fixture
def room(tmp_path: Path) -> LiveRoom:
    return opened(tmp_path)


def _array(column):
    import numpy as np

    return np.array(column, np.int8)


def _rank(stance: str) -> int:
    return (OBJECT, SILENT, SUPPORT).index(stance)


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
    said = {voice.member: voice.stance for voice in decision(room).voices}
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


def test_one_member_alone_is_missing_where_one_broke_the_silence(room):
    ada = member(room, "EST")
    number = room.put({"N2.1": 1.0})
    room.speak(ada, number, OBJECT, "trust", turn=1)
    room.gavel()
    assert decision(room).blockers == ("EST",)
    assert decision(room).missing == 1
    assert decision(room, "majority").adopted


def test_under_a_rule_of_few_the_others_do_not_count(room):
    ada = member(room, "EST")
    number = room.put({"N2.1": 1.0}, rule="only:USA")
    room.speak(ada, number, OBJECT, "trust", turn=1)
    room.gavel()
    assert decision(room).adopted
    assert decision(room).blockers == ()


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


def test_the_model_is_named_where_it_spoke(room):
    room.put(MISSILES)
    room.gavel()
    gavel = next(entry.event for entry in room.log if isinstance(entry.event, Gavelled))
    assert set(gavel.model) == set(room.scenario.seats)
    assert {voice.by for voice in decision(room).voices} == {MODEL}
    assert set(gavel.model.values()) <= set(STANCES)


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
    assert {voice.stance for voice in decision(room).voices} == {SILENT}
    assert decision(room).adopted


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
    assert "EST" in decision(room).blockers


def test_a_bloc_speaks_for_its_members_and_the_model_for_the_others(tmp_path):
    room = opened(tmp_path, seating="blocs")
    ada = member(room, "baltic")
    number = room.put(MISSILES)
    room.speak(ada, number, SUPPORT, turn=1)
    room.gavel()
    said = {voice.member: voice.stance for voice in decision(room).voices}
    assert {said[iso] for iso in ("EST", "LVA", "LTU", "POL")} == {SUPPORT}
    assert len(room.state.text.model) == 26
    assert decision(room).adopted  # none of the others breaks the silence


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


# One's own part ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "stance", "others", "told"),
    [
        ("consensus", "object", "support", "Yours was the veto. Had you stayed silent"),
        ("affirmative", "silent", "support", "Your silence was not enough. Had you supported it"),
        ("affirmative", "silent", "silent", "Your silence was not support; yours alone"),
        ("affirmative", "object", "support", "only with your support would it have stood"),
        ("affirmative", "object", "silent", "it would have fallen all the same"),
        ("majority", "object", "silent", "only with your support would it have stood"),
        ("consensus", "silent", "object", "You did not stand in its way, and could not save it."),
        ("consensus", "support", "object", "You supported it, and could not save it."),
        ("consensus-2", "object", "support", "the rule passed over it"),
        (
            "consensus",
            "support",
            "silent",
            "You supported it. Had you broken the silence, it would",
        ),
        ("consensus", "silent", "support", "You let it pass. Had you broken the silence, it would"),
        ("affirmative", "support", "support", "You supported it. Had you stayed silent, it would"),
        ("majority", "support", "support", "You supported it. Your objection alone would not"),
    ],
)
def test_what_ones_own_word_did_under_each_rule(tmp_path, rule, stance, others, told):
    room = opened(tmp_path, "three-neighbours", "all")
    own, *rest = room.state.seats
    room.put({next(iter(room.scenario.clauses)): 1.0}, rule, empty=SILENT)
    room.speak_for(own, stance)
    for seat in rest:
        room.speak_for(seat, others)
    room.gavel()
    room.reveal()
    found = part(room.scenario, room.state, room.state.text, own)
    assert told in found
    assert ":" not in found, "a colon stands before it on the phone"
