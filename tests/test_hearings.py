"""Precedents: the same worlds under other shared parameters, and what is known afterwards."""

from __future__ import annotations

import numpy as np
import pytest

from sim import ensemble, load, with_changes
from sim.analysis.precedents import Forecast, Hearing
from tests import decisions

FACTORS = {
    "resolve": 1.7,
    "cohesion": 0.42,
    "own_matter": 0.6,
    "engagement": 1.4,
}


def changed(scenario, name, value):
    """The scenario with one shared parameter written into it."""
    if name == "resolve":
        addresses = {f"members.{iso}.resolve": m.resolve.value for iso, m in scenario.seats.items()}
    elif name == "cohesion":
        addresses = {"assumptions.cohesion": 1}
    elif name == "own_matter":
        addresses = {f"clauses.{c}.cost.own_matter": 1 for c in scenario.clauses}
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


def test_cool_members_count_neither_way_and_a_matter_has_its_grade():
    known = decisions.happened(blockers=("AAA",), cool=("BBB",))
    case = decisions.case(matters={"AAA": 0.5}, known=known)
    assert case.blocked.tolist() == [True, *[False] * 7]
    assert case.counted.tolist() == [True, False, *[True] * 6]
    assert case.matters.tolist() == [0.5, *[0] * 7]
    assert not case.added
