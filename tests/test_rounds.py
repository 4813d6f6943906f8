"""A negotiation round by round in all worlds ends where the run ends; one world is the replay."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from sim import load, replay, run, with_changes
from sim.analysis import rounds
from sim.errors import RequestError
from sim.scenario import names

SIX = {"process.rounds": 6}
CASES = [
    ("draft-treaty-2021", SIX),
    ("draft-treaty-2021", SIX | {"process.kind": "package", "clauses.N4.1.level": 0.25}),
    ("draft-treaty-2021", SIX | {"process.kind": "steps", "rule": "only:USA"}),
    ("draft-treaty-2021", SIX | {"proposer.budget": 0.5}),
    ("pretext-seeker", {}),
    ("risk-reduction-steps", {"process.condition": "step_back"}),
]


def asked(name, changes):
    return with_changes(load(name), changes)


@pytest.mark.parametrize(("name", "changes"), CASES)
def test_the_last_round_is_the_outcome_before_anything_is_taken_back(name, changes):
    scenario = asked(name, changes)
    found, outcome = rounds.play(scenario, worlds=300, seed=2), run(scenario, worlds=300, seed=2)
    end = found.course.adopted[-1]
    assert end.tolist() == (outcome.tally.adopted + outcome.tally.withdrawn).tolist()
    assert found.course.withdrawn.tolist() == outcome.tally.withdrawn.tolist()


@pytest.mark.parametrize(("name", "changes"), CASES)
def test_worlds_played_together_or_apart_count_the_same(name, changes):
    scenario = asked(name, changes)
    whole, apart = (rounds.play(scenario, worlds=40, block=block).course for block in (1024, 7))
    for table, counts in vars(whole).items():
        assert np.array_equal(counts, getattr(apart, table)), table


@pytest.mark.parametrize(("name", "changes"), CASES)
@pytest.mark.parametrize("world", [None, 0, 4])
def test_one_world_round_by_round_is_its_replay(name, changes, world):
    scenario = asked(name, changes)
    found = rounds.one(scenario, world=world, seed=3)
    played = replay.play(scenario, world=world, seed=3)
    seats, clauses = list(scenario.seats), list(scenario.clauses)
    hanging = [name for name, row in scenario.clauses.items() if row.tabled_with]
    assert found.turns
    for turn in found.turns:
        (row,) = [r for r in played.rounds if (r.stage, r.number) == (turn.stage, turn.number)]
        there = found.course.open[turn.place].astype(bool)
        on_table = {clause for clause, yes in zip(clauses, there) if yes}
        assert on_table <= set(row.level) <= on_table | set(hanging)
        for clause in on_table:
            column = found.course.objects[turn.place, :, clauses.index(clause)]
            who = tuple(iso for iso, yes in zip(seats, column) if yes)
            assert who == row.objectors[clause]
            assert found.level(turn, clause)["p50"] == pytest.approx(row.level[clause], abs=0.003)
        assert found.mean_belief[turn.place] == pytest.approx(row.mean_belief, abs=1e-5)
        for kind, share in enumerate(row.mean_belief):
            assert found.range_of_belief(turn, kind)[0] == pytest.approx(share, abs=0.003)


def test_what_is_adopted_stays_and_what_is_tabled_comes_down():
    found = rounds.play(asked("draft-treaty-2021", SIX), worlds=500)
    missiles = list(found.scenario.clauses).index("N5.1")
    assert [turn.number for turn in found.of("N5.1")] == [1, 2, 3, 4, 5, 6]
    for before, after in itertools.pairwise(found.turns):
        assert (found.adopted[after.place] >= found.adopted[before.place]).all()
        assert found.level(after, "N5.1")["p50"] < found.level(before, "N5.1")["p50"]
    assert found.adopted[0, missiles] < 0.3 < 0.6 < found.adopted[-1, missiles]
    assert found.belief.sum(axis=-1) == pytest.approx(1, abs=1e-5)


def test_the_sum_of_what_is_open_and_what_is_adopted_before_is_every_world():
    course = rounds.play(asked("draft-treaty-2021", SIX), worlds=500).course
    assert (course.open[0] == 500).all()
    assert (course.open[1:] + course.adopted[:-1] == 500).all()
    assert (course.levels.sum(axis=-1) == course.open).all()


def test_a_proposer_that_holds_firm_is_trusted_less_and_one_that_comes_down_more():
    changes = {"process.rounds": 6, "proposer.publicity": 0}
    soft, hard = (
        rounds.play(asked("draft-treaty-2021", changes | {"proposer.true_type": kind}), worlds=300)
        for kind in ("security_seeker", "expansionist")
    )
    assert soft.mean_belief[0] == pytest.approx(hard.mean_belief[0])
    assert soft.mean_belief[-1, 0] > soft.mean_belief[0, 0] > hard.mean_belief[-1, 0]


@pytest.mark.parametrize("name", names())
def test_every_scenario_can_be_followed_round_by_round(name):
    found = rounds.play(asked(name, {"process.rounds": 3}), worlds=20)
    assert len(found.course.open) == 3 * len(found.scenario.stages)
    assert found.turns[0].place == 0
    assert {clause for clause in found.scenario.clauses if not found.of(clause)} <= {
        clause for clause, row in found.scenario.clauses.items() if row.tabled_with
    }


def test_a_world_below_zero_is_refused_by_the_rounds():
    with pytest.raises(RequestError, match="the world is -1"):
        rounds.one(load("three-neighbours"), world=-1)
