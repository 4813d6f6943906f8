"""What the guided story says and counts: vetoes one after the other, whom to win, bets judged."""

from __future__ import annotations

import dataclasses
from itertools import combinations

import numpy as np
import pytest

from sim import load, run, with_changes
from sim.analysis import processes, vetoes, winning
from sim.analysis.compare import play
from sim.errors import RequestError
from sim.rules import OBJECT, SUPPORT, Stance
from sim.scenario import names
from sim.story import guided, percent

FLAGSHIP = load("draft-treaty-2021")
PLAYED = play(FLAGSHIP, worlds=500)
FOUND = vetoes.vetoes(PLAYED, "N5.1")
TOY = load("three-neighbours")


def staged(objects, adopted=None):
    """Three neighbours whose objections to `strip`, the second clause, are those given. (M, D)."""
    played = play(TOY, worlds=objects.shape[1])
    packed = np.zeros((3, 2, objects.shape[1]), bool)
    packed[:, 1] = objects
    stands = ~packed.any(axis=0) if adopted is None else adopted
    return dataclasses.replace(played, objections=np.packbits(packed, axis=-1), adopted=stands)


# One veto after the other -------------------------------------------------------------------------


def test_vetoes_are_counted_one_after_the_other_and_taken_back_one_after_the_other():
    #                   world     0  1  2  3
    objects = np.array([[1, 1, 1, 0], [0, 1, 0, 1], [0, 0, 0, 0]], bool)
    found = vetoes.vetoes(staged(objects), "strip")
    assert found.members == tuple(TOY.seats)[:2], "the third never objects"
    assert found.often == (0.75, 0.5)
    assert found.dead == (0.0, 0.75, 1.0)
    assert found.alive == (0.0, 0.5, 1.0), "in worlds 0 and 2 the first stood alone"


def test_who_adds_nothing_to_the_dead_and_seldom_objects_is_not_heard():
    objects = np.array([[1, 1, 1, 0], [0, 1, 0, 0], [0, 0, 0, 0]], bool)
    assert len(vetoes.vetoes(staged(objects), "strip").members) == 1


def test_the_first_and_the_last_number_are_those_of_the_run():
    assert FOUND.dead[0] == 0
    assert FOUND.alive[0] == pytest.approx(PLAYED.outcome.survival["N5.1"])
    assert FOUND.dead[-1] == pytest.approx(1 - FOUND.alive[0], abs=vetoes.REST)
    assert list(FOUND.dead) == sorted(FOUND.dead)
    assert list(FOUND.alive) == sorted(FOUND.alive)
    assert set(FOUND.members) == {"EST", "LVA", "LTU", "POL"}


def test_a_clause_that_all_refuse_is_dead_with_the_first_veto_and_no_silence_saves_it():
    found = vetoes.vetoes(PLAYED, "N6.1")
    assert found.dead[1] == pytest.approx(1, abs=0.01)
    assert found.alive[-1] == 0
    assert "too many others" in guided.spoken(FLAGSHIP, found, 2 * len(found.members))


def test_a_rule_that_tolerates_two_dies_of_the_third_veto():
    played = play(with_changes(FLAGSHIP, {"rule": "consensus-2"}), worlds=500)
    found = vetoes.vetoes(played, "N5.1")
    assert found.dead[:3] == (0, 0, 0)
    assert found.dead[3] > 0


def test_there_are_no_vetoes_where_silence_is_no_consent_or_nothing_is_taken_in_part():
    for changes in ({"rule": "majority"}, {"proposer.true_type": "pretext_seeker"}):
        scenario = with_changes(FLAGSHIP, changes)
        assert not vetoes.can_veto(scenario)
        with pytest.raises(RequestError, match="silence alone carries nothing"):
            vetoes.vetoes(play(scenario, worlds=100), "N5.1")


def test_by_itself_a_member_says_what_the_first_calibration_has_it_say():
    stances = vetoes.by_itself(FLAGSHIP)
    assert stances.shape == (30, 18)
    column = list(FLAGSHIP.clauses).index("N6.1")
    assert (stances[:, column] == OBJECT).all(), "all thirty, as the design has it"
    one = with_changes(FLAGSHIP, {"assumptions.cohesion": 0, "assumptions.cohesion.band": 0})
    assert (vetoes.by_itself(one) == stances).all(), "nobody has been heard yet"


# Whom to win --------------------------------------------------------------------------------------


def test_to_be_won_is_to_trust_as_far_as_who_is_almost_sure():
    assert winning.convinced(FLAGSHIP) == 0.84
    assert (
        winning.convinced(with_changes(FLAGSHIP, {"proposer.keep.security_seeker": 0.855})) == 0.85
    )
    assert winning.changes(FLAGSHIP, ["POL"]) == {"members.POL.trust": 0.84}
    with_changes(FLAGSHIP, winning.changes(FLAGSHIP, winning.can_be_won(FLAGSHIP)))


@pytest.mark.parametrize("rule", ["consensus", "consensus-2", "majority", "qualified"])
def test_the_room_counts_what_the_council_plays(rule):
    scenario = with_changes(FLAGSHIP, {"rule": rule})
    room = winning.room(scenario, "N5.1")
    for won in ((), ("POL",), ("USA", "DEU", "FRA"), ("EST", "LTU", "LVA", "POL")):
        played = run(with_changes(scenario, winning.changes(scenario, won)), worlds=256)
        assert room.share(won) == pytest.approx(played.survival["N5.1"], abs=1 / 256)


def test_a_clause_that_hangs_on_another_needs_both():
    scenario = with_changes(FLAGSHIP, {"assumptions.trust": 3})
    room = winning.room(scenario, "N4.2")
    played = run(with_changes(scenario, winning.changes(scenario, ["POL"])), worlds=256)
    assert room.share(["POL"]) == pytest.approx(played.survival["N4.2"], abs=1 / 256)


def test_the_best_set_is_the_best_of_all_that_begin_so():
    room = winning.room(FLAGSHIP, "N5.1")
    who, share = room.best(2, "EST")
    by_hand = {pair: room.share(pair) for pair in combinations(room.members, 2) if pair[0] == "EST"}
    assert who in by_hand
    assert share == max(by_hand.values()) == by_hand[who]
    last = room.members[-1]
    assert room.best(2, last) == ((), 0.0)


def test_no_three_carry_article_5_but_the_four_on_the_edge_do_and_the_loudest_do_least():
    room = winning.room(FLAGSHIP, "N5.1")
    best = max((room.best(3, first) for first in room.members), key=lambda pair: pair[1])
    assert set(best[0]) < {"EST", "LVA", "LTU", "POL"}
    assert best[1] < 0.5 < room.share(["EST", "LVA", "LTU", "POL"])
    assert room.share(["USA", "DEU", "FRA"]) < best[1] - 0.1


def test_where_the_proposer_is_taken_at_its_word_nobody_can_be_won():
    assert winning.can_be_won(load("precedents/libya-2011")) == ()
    assert len(winning.can_be_won(FLAGSHIP)) == 30


def test_sets_can_only_be_counted_where_members_speak_once_on_each_clause():
    assert winning.exact(FLAGSHIP)
    for changes in ({"process.rounds": 6}, {"process.kind": "package"}, {"process.kind": "steps"}):
        assert not winning.exact(with_changes(FLAGSHIP, changes))


# Sentences ----------------------------------------------------------------------------------------


def test_a_bet_is_right_too_high_or_too_low_and_the_page_says_by_what():
    outcome = PLAYED.outcome
    right = sum(share >= 0.5 for share in outcome.survival.values())
    assert right == 7
    assert "Right" in guided.judged(7, outcome)
    assert "Too high" in guided.judged(12, outcome)
    assert "by 5" in guided.judged(12, outcome)
    assert "Too low" in guided.judged(2, outcome)
    high, low = (" ".join(guided.why_judged(bet, outcome)) for bet in (12, 2))
    assert "**N5.1** falls though" in high
    assert "N2.3" in low
    assert "N5.1" not in low


@pytest.mark.parametrize("bet", [0, 9, 18])
def test_every_fallen_clause_is_named_or_counted(bet):
    told = guided.why_judged(18, PLAYED.outcome)
    named = [line for line in told if line.startswith("**")]
    (rest,) = [line for line in told if "other clauses" in line]
    assert len(named) + int(rest.split()[0]) == 18 - len(guided.alive(PLAYED.outcome))


def test_where_nothing_survives_or_everything_does_the_reasons_say_so():
    nothing = run("pretext-seeker", worlds=100)
    assert guided.why_judged(0, nothing)[0] == "Nothing survives in most worlds."
    toy = run(with_changes(TOY, {"rule": "majority"}), worlds=100)
    assert all(guided.why_judged(bet, toy) for bet in (0, 1, 2))


def test_a_member_is_told_what_it_would_do_alone():
    stances = vetoes.by_itself(FLAGSHIP)
    row = stances[list(FLAGSHIP.seats).index("EST")]
    cares, trusts, alone = guided.instructions(FLAGSHIP, "EST", stances)
    assert f"break the silence on {(row == Stance.OBJECT).sum()}" in alone
    assert f"support {(row == SUPPORT).sum()} of the 18 clauses" in alone
    assert "15 %" in trusts
    assert "equal security" in cares


def test_the_last_veto_is_enough():
    said = [guided.spoken(FLAGSHIP, FOUND, count) for count in range(9)]
    assert "N5.1 stands" in said[0]
    assert "**Poland** breaks the silence in" in said[4]
    assert all("a veto that is left is enough" in words for words in said[5:8])
    assert "left" not in said[8]


def test_worlds_are_lost_with_each_veto_and_won_back_with_each_silence():
    lost, back = zip(*(guided.done(FOUND, count) for count in (4, 8)))
    assert lost == ("Worlds in which N5.1 is dead by now", "Worlds in which N5.1 survives")
    assert back == (percent(FOUND.dead[4]), percent(FOUND.alive[4]))


def test_what_survives_is_not_said_to_hurt_nobody():
    """Two of what the United States let stand it objects to in a fourth of worlds or more."""
    (alone,) = guided.why_judged(0, run("us-draft-2021", worlds=300))
    assert "in most worlds nobody breaks the silence on them" in alone
    overruled = run(with_changes(FLAGSHIP, {"rule": "majority"}), worlds=300)
    (most,) = guided.why_judged(0, overruled)
    free = sum(
        (overruled.tally.objects[:, place].sum() / 300) < 0.5
        for place, name in enumerate(FLAGSHIP.clauses)
        if overruled.survival[name] >= 0.5
    )
    assert f"only on {free} of them nobody breaks the silence" in most


def test_a_proof_says_no_and_the_least_is_only_said_of_what_was_proved():
    three, four = ("EST", "LVA", "LTU"), ("EST", "LVA", "LTU", "POL")
    assert guided.proof(FLAGSHIP, three, 0.46, 4060).startswith("No: none of the 4,060 sets of 3")
    assert guided.proof(FLAGSHIP, three, 0.5, 4060).startswith("Yes")
    assert guided.proof(FLAGSHIP, ("EST",), 0.5, 30).endswith("best of all 30 members.")
    assert guided.least(FLAGSHIP, four, 0.7, 3).startswith("The least is **4**")
    assert guided.least(FLAGSHIP, four, 0.7, 0).startswith("Persuading one after the other")
    assert "Trust alone does not carry it" in guided.least(FLAGSHIP, four, 0.3, 3)


def test_unbundling_does_most_a_step_back_less_and_small_steps_least():
    found = {
        (kind, bool(back)): processes.reached(
            run(with_changes(FLAGSHIP, {"process.kind": kind, **back}), worlds=300)
        )
        for kind in processes.KINDS
        for back in ({}, processes.step_back(FLAGSHIP))
    }
    gains = guided.moves(found, "clauses")
    assert gains["apart"] > gains["back"] > gains["steps"] > 0
    assert "Right" in guided.guessed("apart", gains, "Russia")
    assert "Russia steps back first +" in guided.guessed("steps", gains, "Russia")
    assert guided.guessed("steps", gains, "Russia").startswith("**No.**")
    assert guided.guessed("back", {"back": 0.0, "apart": 0.01}, "Russia").startswith("**None")


@pytest.mark.parametrize("name", names())
def test_no_scene_says_much(name):
    scenario = load(name)
    outcome, stances = run(scenario, worlds=100), vetoes.by_itself(scenario)
    for iso in scenario.seats:
        assert len(" ".join(guided.instructions(scenario, iso, stances)).split()) < 60
    for bet in range(len(scenario.clauses) + 1):
        assert len(" ".join(guided.why_judged(bet, outcome)).split()) < 60
