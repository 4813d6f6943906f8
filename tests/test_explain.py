"""One member on one clause: the sum is exact, and a flip flips."""

from __future__ import annotations

import itertools

import pytest

from sim import explain, load, story, with_changes
from sim.council import Council
from sim.errors import RequestError
from sim.rules import Stance
from sim.worlds import central

SCENARIO = load("draft-treaty-2021")
PAIRS = [
    *itertools.product(
        ("POL", "EST", "DEU", "USA", "HUN"), ("N1.1", "N5.1", "N7.3", "N6.1", "N8.1")
    )
]


@pytest.mark.parametrize(("member", "clause"), PAIRS)
def test_contributions_add_up_to_the_appraisal(member, clause):
    why = explain(SCENARIO, member, clause)
    total = sum(part.gain - part.cost for part in why.contributions)
    assert total == pytest.approx(why.appraisal, abs=1e-12)
    assert why.appraisal + why.consultation == pytest.approx(why.expressed)


@pytest.mark.parametrize(("member", "clause"), PAIRS)
def test_typing_a_flip_flips_the_stance(member, clause):
    for flip in explain(SCENARIO, member, clause).flips:
        changed = with_changes(SCENARIO, {flip.address: flip.to})
        assert explain(changed, member, clause).stance is flip.becomes


@pytest.mark.parametrize(("member", "clause"), PAIRS)
def test_a_flip_is_the_smallest_change_of_its_number(member, clause):
    for flip in explain(SCENARIO, member, clause).flips:
        change = flip.to - flip.start
        less = flip.to - max(2.1e-4, abs(change) / 1000) * (1 if change > 0 else -1)
        if (less - flip.start) * change > 0:
            changed = with_changes(SCENARIO, {flip.address: less})
            assert explain(changed, member, clause).stance is not flip.becomes


def test_who_says_only_what_others_say_is_not_flipped_by_its_own_view():
    deaf = {"process.consultations": 1, "assumptions.cohesion": 1}
    changed = with_changes(SCENARIO, deaf)
    for member, clause in PAIRS:
        flips = explain(changed, member, clause).flips
        assert {flip.address for flip in flips} <= {f"members.{member}.resolve"}


def test_a_flip_of_trust_holds_after_other_evidence_too():
    stepped = with_changes(SCENARIO, {"evidence.build_up": 0, "assumptions.trust": 0.2})
    flips = explain(stepped, "EST", "N5.1").flips
    trust = next(flip for flip in flips if flip.address.endswith(".trust"))
    changed = with_changes(stepped, {trust.address: trust.to})
    assert explain(changed, "EST", "N5.1").stance is trust.becomes


@pytest.mark.parametrize("world", [0, 1, 255, 256, 700])
def test_the_explanation_of_a_world_is_what_the_council_did_there(world):
    council = Council(SCENARIO, worlds=1024, rng=3)
    council.run_model()
    seats, clauses = list(SCENARIO.seats), list(SCENARIO.clauses)
    for member, clause in (("POL", "N5.1"), ("USA", "N1.1"), ("FRA", "N3.1")):
        why = explain(SCENARIO, member, clause, world=world, seed=3)
        i, c = seats.index(member), clauses.index(clause)
        assert why.appraisal == pytest.approx(council.appraisal[i, c, world], abs=1e-6)
        assert why.expressed == pytest.approx(council.expressed[i, c, world], abs=1e-6)
        assert why.stance == council.stance[i, c, world]


def test_a_member_talked_round_keeps_silent_with_a_reservation():
    close = with_changes(SCENARIO, {"assumptions.cohesion": 0.6})
    why = explain(close, "POL", "N5.1")
    assert why.own is Stance.OBJECT
    assert why.reservation
    assert not why.solidarity


def test_ids_and_names_are_found_in_any_case():
    assert (
        explain(SCENARIO, "poland", "n5.1").as_json() == explain(SCENARIO, "POL", "N5.1").as_json()
    )


def test_a_level_and_a_ceiling_are_parts_of_the_text():
    full, part = explain(SCENARIO, "POL", "N5.1"), {"clauses.N5.1.level": 0.6}
    assert "tabled in full, Poland" in story.explanation(full)
    assert "at most .91 of the text." in story.explanation(full)
    watered = story.explanation(explain(with_changes(SCENARIO, part), "POL", "N5.1"))
    assert "tabled at .6 of the text, Poland" in watered
    assert "could live with the full text." in story.explanation(explain(SCENARIO, "USA", "N2.3"))


def test_trust_is_a_chance_and_the_resolve_two_thresholds():
    said = story.explanation(explain(SCENARIO, "POL", "N5.1"))
    assert "It gives the proposer a chance of 17 % to keep its word." in said
    assert "Below −0.030 it breaks the silence, above +0.030 it supports." in said
    fearless = with_changes(SCENARIO, {"members.POL.resolve": 0})
    said = story.explanation(explain(fearless, "POL", "N5.1"))
    assert "Below 0 it breaks the silence, above 0 it supports." in said


def test_a_reservation_is_defined_where_it_is_said():
    close = with_changes(SCENARIO, {"assumptions.cohesion": 0.6})
    said = story.explanation(explain(close, "POL", "N5.1"))
    assert "with a reservation: by itself it would break the silence" in said


def test_a_change_beyond_all_proportion_is_not_said():
    why = explain(SCENARIO, "POL", "N4.1")
    assert max(flip.size for flip in why.flips) > 4
    assert all(flip.size <= 4 for flip in story.near(why))


def test_in_a_world_the_numbers_to_change_are_those_of_the_scenario():
    noise = "The numbers to change are those of the scenario, on which this world's noise"
    assert noise in story.explanation(explain(SCENARIO, "POL", "N5.1", world=3))
    assert noise not in story.explanation(explain(SCENARIO, "POL", "N5.1"))


def test_an_unknown_member_or_clause_is_one_sentence():
    with pytest.raises(RequestError, match=r"no member `PLO`\. Did you mean `POL`\?"):
        explain(SCENARIO, "PLO", "N5.1")
    with pytest.raises(RequestError, match=r"no clause `N5`\. Did you mean `N5\.1`\?"):
        explain(SCENARIO, "POL", "N5")


@pytest.mark.parametrize(
    "changes",
    [
        {"proposer.opening": 0.6},
        {"process.condition": "step_back"},
        {"process.condition": "step_back", "rule": "only:USA,POL"},
    ],
    ids=str,
)
def test_an_explanation_is_what_the_council_would_say_in_its_first_round(changes):
    scenario = with_changes(load("draft-treaty-2021"), changes)
    council = Council(scenario, worlds=0, rng=0)
    council.deal(central(scenario))
    council.step()
    for i, member in enumerate(("USA", "POL", "ITA")):
        place = list(scenario.seats).index(member)
        for c, clause in enumerate(scenario.clauses):
            why = explain(scenario, member, clause)
            assert why.expressed == pytest.approx(council.expressed[place, c, 0], abs=1e-5), i
            assert why.level == pytest.approx(council.level[c, 0])
            total = sum(part.gain - part.cost for part in why.contributions)
            assert total == pytest.approx(why.appraisal)


def test_a_word_that_is_a_member_and_in_another_case_a_clause_is_what_it_stands_for():
    why = explain(load("precedents/est-2009"), "EST", "est")
    assert (why.member, why.clause) == ("EST", "est")
    with pytest.raises(RequestError, match="`est` is a clause and `USA` a member"):
        explain(load("precedents/est-2009"), "est", "USA")
