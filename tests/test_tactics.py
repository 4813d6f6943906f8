"""How a proposer bargains, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sim import belief, load, run, tactics, with_changes
from sim.council import Council
from sim.worlds import central

FLAGSHIP = load("draft-treaty-2021")


def test_the_path_of_offers_is_the_one_of_the_design():
    lowest, audience = np.array([0.4]), np.array([0.3])
    floor = tactics.floor(lowest, audience, 1.0)
    assert floor[0] == pytest.approx(0.4 + 0.3 * 0.6)
    assert tactics.floor(lowest, audience, 0.0)[0] == 0.4
    assert tactics.offer(1.0, floor, 0.5)[0] == pytest.approx(1 - 0.42 * 0.5)
    assert tactics.offer(0.5, floor, 0.5)[0] == 0.5  # opens below its floor and stays there
    assert tactics.conceded(0.8, np.array([0.6]))[0] == pytest.approx(0.25)


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
    assert row["survival"] > 0.9
    assert "POL" not in row["bound"] or row["bound"]["POL"] < 0.2
    assert row["bound"]["ITA"] > 0.8
    everybody = run(FLAGSHIP, worlds=256).measures()["N2.3"]["bound"]
    assert set(everybody.values()) == {1.0}


def test_a_pretext_seeker_takes_no_part():
    outcome = run(with_changes(FLAGSHIP, {"proposer.true_type": "pretext_seeker"}), worlds=256)
    row = outcome.measures()["N2.3"]
    assert (row["survival"], row["delivered"], row["withdrawn"]) == (0, 0, 1)
    assert row["blockers"] == {}
