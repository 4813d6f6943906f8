"""How a proposer bargains, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sim import belief, centre, load, run, tactics, with_changes
from sim.council import Council
from sim.scenario import TYPES, from_document
from sim.worlds import central
from tests import strategies

FLAGSHIP = load("draft-treaty-2021")


def test_the_path_of_offers_is_the_one_of_the_design():
    lowest, audience = np.array([0.4]), np.array([0.3])
    floor = tactics.floor(lowest, audience, 1.0)
    assert floor[0] == pytest.approx(0.4 + 0.3 * 0.6)
    assert tactics.floor(lowest, audience, 0.0)[0] == 0.4
    assert tactics.offer(1.0, floor, 0.5)[0] == pytest.approx(1 - 0.42 * 0.5)
    assert tactics.offer(0.5, floor, 0.5)[0] == 0.5  # opens below its floor and stays there
    draft, least = np.array([[1.0], [1.0]]), np.array([0.25, 1.0])
    asked = tactics.tabled(draft, least, np.array([0.8]))
    assert asked[:, 0].tolist() == [0.8, 1.0]
    now = tactics.tabled(draft, least, np.array([0.1]))
    assert now[:, 0].tolist() == [0.25, 1.0]
    assert tactics.conceded(asked, now)[0] == pytest.approx(1 - 1.25 / 1.8)


def test_a_package_counts_losses_whole_and_gains_in_part():
    views = np.array([[[0.4], [-0.1], [-0.2]]])
    assert tactics.bundled(views, np.array([0.25]))[0, 0, 0] == pytest.approx(-0.2)
    assert tactics.bundled(views, np.array([1.0]))[0, 0, 0] == pytest.approx(0.1)


def test_a_budget_buys_the_cheapest_first():
    price = np.array([[0.3], [0.1], [0.0], [np.inf], [0.2]])
    assert tactics.payments(price, np.array([0.31]))[:, 0].tolist() == [0, 0.1, 0, 0, 0.2]
    assert tactics.payments(price, np.array([0.05])).sum() == 0
    assert tactics.payments(price, np.array([9.0]))[:, 0].tolist() == [0.3, 0.1, 0, 0, 0.2]


def test_a_promise_says_the_more_the_more_is_at_stake():
    adopted, level = np.array([[True], [False], [True]]), np.array([[0.5], [1.0], [1.0]])
    cost = np.array([[[0.2], [0.9], [0.1]], [[0.1], [0.9], [0.3]]])
    stake = tactics.stake(adopted, level, cost)
    assert stake[0] == pytest.approx(0.5 * 0.2 + 0.3)
    assert tactics.stake(adopted, level, 9 * cost)[0] == 1
    assert tactics.keeping(np.array([0.5]), np.array([[0.8]]))[0, 0] == pytest.approx(0.9)


def test_a_chance_is_what_the_types_give_it():
    odds, likelihood = np.ones(1), np.array([[1.0], [0.6], [0.4]])
    item = np.log(np.array([[0.5], [0.2], [0.1]]))
    expected = (1 * 0.5 + 0.6 * 0.2 + 0.4 * 0.1) / 2
    assert belief.chance(odds, likelihood, item)[0] == pytest.approx(expected)


def test_under_a_condition_members_weigh_how_likely_it_is():
    council = Council(with_changes(FLAGSHIP, {"process.condition": "step_back"}), worlds=0, rng=0)
    council.deal(central(council.scenario))
    council.step()
    believed = council.members[0].belief[:, 0]
    expected = believed @ [0.5, 0.15, 0.05]
    assert council.chance[0, 0] == pytest.approx(expected, rel=1e-5)


def test_a_treaty_in_force_binds_those_who_support_it_only():
    outcome = run(with_changes(FLAGSHIP, {"rule": "entry-into-force"}), worlds=256)
    row = outcome.measures()["N5.1"]
    assert row["survival"] > 0.8
    assert "POL" not in row["bound"] or row["bound"]["POL"] < 0.3
    assert row["bound"]["ITA"] > 0.8
    everybody = run(FLAGSHIP, worlds=256).measures()["N2.3"]["bound"]
    assert set(everybody.values()) == {1.0}


def test_a_pretext_seeker_takes_no_part():
    outcome = run(with_changes(FLAGSHIP, {"proposer.true_type": "pretext_seeker"}), worlds=256)
    row = outcome.measures()["N2.3"]
    assert (row["survival"], row["delivered"], row["withdrawn"]) == (0, 0, 1)
    assert row["blockers"] == {}


def hanging(stages=None, **rest):
    """A host that its one member refuses, a clause that hurts nobody and hangs on it, another alone."""
    made = strategies.document(
        members={"A": {"population": 1e6, "trust": 0.5, "resolve": 0.05, "weight": {"calm": 1.0}}},
        clauses={
            "dep": {"gain": {"calm": 0.2}, "tabled_with": "host"},
            "host": {"cost": {"calm": 0.5}},
            "other": {"gain": {"calm": 0.5}},
        },
        interests={"calm": "divisible"},
    )
    if stages:
        made["process"] = {"kind": "steps", "stages": stages}
    return with_changes(from_document(made), rest)


def adopted(scenario):
    rows = centre(scenario).measures()
    return {name for name in scenario.clauses if rows[name]["survival"] == 1}


def test_what_hangs_on_a_bought_clause_comes_with_it():
    assert adopted(hanging()) == {"other"}
    rich = {"proposer.budget": 50}
    assert adopted(hanging(**rich)) == {"dep", "host", "other"}
    assert adopted(hanging(**rich, **{"process.kind": "package"})) == {"dep", "host", "other"}


def test_no_clause_stands_without_its_host_at_any_budget():
    stages = [{"clauses": ["host"]}, {"clauses": ["dep", "other"], "kind": "package"}]
    assert adopted(hanging(stages)) == {"other"}
    refused = {"clauses.other.cost.calm": 0.6, "proposer.budget": 0.35}
    assert adopted(hanging(stages, **refused)) == {"other"}


def test_a_stage_that_cannot_be_won_teaches_nothing():
    stages = [{"clauses": ["host", "other"]}, {"clauses": ["dep"]}]
    council = Council(hanging(stages, **{"process.rounds": 4}), worlds=0, rng=0)
    council.deal(central(council.scenario))
    trusts = {}
    while council.running:
        stage = council.stage
        council.step()
        trusts.setdefault(stage, council.trust.copy())
    # The first stage fell, so that it taught no more than its four rounds: then nothing changes.
    assert council.trust == pytest.approx(trusts[1])


def test_pretending_to_come_down_from_all_or_nothing_is_seen():
    """Nothing can come down where every clause is all or nothing, and members notice."""
    least = {f"clauses.{name}.least": 1 for name in FLAGSHIP.clauses} | {"process.rounds": 6}
    honest = {f"proposer.floor.{kind}": 1 for kind in TYPES}
    trusts = []
    for changes in (least, least | honest):
        council = Council(with_changes(FLAGSHIP, changes), worlds=0, rng=0)
        council.deal(central(council.scenario))
        council.run_model()
        trusts.append(council.trust.mean())
    assert trusts[0] == pytest.approx(trusts[1])
