"""Precedents: the same worlds under other shared parameters, and what is known afterwards."""

from __future__ import annotations

import numpy as np
import pytest

from sim import ensemble, load, with_changes
from sim.analysis.precedents import Forecast, Hearing
from sim.worlds import draw
from tests import decisions

FACTORS = {
    "resolve": 1.7,
    "cohesion": 0.42,
    "own_matter": 0.6,
    "engagement": 1.4,
    "purpose": 0.8,
    "spread": 1.6,
}


def changed(scenario, name, value):
    """The scenario with one shared parameter written into it."""
    if name == "resolve":
        addresses = {f"members.{iso}.resolve": m.resolve.value for iso, m in scenario.seats.items()}
    elif name == "cohesion":
        addresses = {"assumptions.cohesion": 1}
    elif name == "own_matter":
        addresses = {f"clauses.{c}.cost.own_matter": 1 for c in scenario.clauses}
    elif name == "purpose":
        gains = {c: row.gain["purpose"].value for c, row in scenario.clauses.items()}
        addresses = {f"clauses.{c}.gain.purpose": gain for c, gain in gains.items()}
    elif name == "spread":
        addresses = {"assumptions.spread.factor": 1}
    else:
        addresses = {
            f"members.{iso}.weight.engagement": m.weight["engagement"].value
            for iso, m in scenario.seats.items()
        }
    return with_changes(scenario, {key: old * value for key, old in addresses.items()})


def played(scenario, count, seed):
    """The forecast by way of an ordinary run."""
    outcome = ensemble.run(scenario, worlds=count, seed=seed)
    return Forecast(
        next(iter(outcome.survival.values())), outcome.tally.objects[:, 0] / outcome.worlds
    )


@pytest.mark.parametrize("names", [(), *((name,) for name in FACTORS), tuple(FACTORS)])
def test_shared_parameters_are_changes_of_the_scenario_in_the_same_worlds(names):
    step = decisions.scenario(engaged=("AAA", "BBB"), matters={"CCC": 0.5})
    whole = step
    for name in names:
        whole = changed(whole, name, FACTORS[name])
    values = {name: FACTORS[name] for name in names}
    asked = Hearing(step, count=700, seed=3).forecast(values)
    expected = played(whole, 700, 3)
    assert asked.survival == pytest.approx(expected.survival, abs=1 / 700)
    np.testing.assert_allclose(asked.objects, expected.objects, atol=1 / 700)
    assert 0 < asked.survival < 1


@pytest.mark.parametrize("factor", [0, 0.4, 1, 2.5])
def test_wider_spreads_are_the_same_dice_and_leave_a_band_of_its_own_alone(factor):
    step = decisions.scenario(engaged=("AAA", "BBB"), matters={"CCC": 0.5})
    bands = {"members.AAA.resolve.band": 0.3, "members.AAA.weight.engagement.band": 0.3}
    for own in ({}, {"clauses.step.spread": 0.1}, bands, {"clauses.step.gain.purpose.band": 0.3}):
        scenario = with_changes(step, own)
        written = with_changes(scenario, {"assumptions.spread.factor": factor})
        asked = Hearing(scenario, count=300).worlds({"spread": factor})
        expected = draw(written, 0, 0, 300)
        for name, value in vars(expected).items():
            if name not in ("shown", "items") and value is not None:
                np.testing.assert_allclose(getattr(asked, name), value, rtol=1e-5, err_msg=name)


def test_a_hearing_says_the_same_however_often_it_is_asked_and_whoever_sat_there_before():
    one = Hearing(decisions.scenario(engaged=("AAA",)), count=300)
    other = Hearing(decisions.scenario("other", matters={"BBB": 1.0}), count=300)
    first = one.forecast(FACTORS)
    other.forecast({})
    again = one.forecast(FACTORS)
    assert first.survival == again.survival
    np.testing.assert_array_equal(first.objects, again.objects)


def test_a_step_that_is_negotiated_later_counts_as_it_was_first_put():
    flagship = with_changes(load("draft-treaty-2021"), {"process.rounds": 6})
    put = Hearing(flagship, count=256).forecast({})
    once = played(with_changes(flagship, {"process.rounds": 1}), 256, 0)
    assert put.objects.max() >= once.objects.max()
    assert put.survival == 0


def test_nobody_is_ever_surer_than_one_in_a_hundred():
    held = Forecast(0.0, np.array([0.0, 0.5, 1.0])).held
    assert held.survival == 0.01
    assert held.objects.tolist() == [0.01, 0.5, 0.99]


def test_cool_and_unknown_members_count_neither_way_and_a_matter_has_its_grade():
    known = decisions.happened(blockers=("AAA",), cool=("BBB",), unknown=("CCC",))
    case = decisions.case(matters={"AAA": 0.5}, known=known)
    assert case.blocked.tolist() == [True, *[False] * 7]
    assert case.counted.tolist() == [True, False, False, *[True] * 5]
    assert case.matters.tolist() == [0.5, *[0] * 7]
    assert not case.added
