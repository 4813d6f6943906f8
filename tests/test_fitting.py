"""Fits: planted parameters come back, nothing leaks, the same numbers at every number of workers."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.analysis import fitting, naive
from sim.analysis.fitting import PARAMETERS, PRIOR, asked, fit, learn, log_likelihood, values
from sim.analysis.precedents import Case, Forecast, Hearing
from sim.dice import generator
from tests import decisions

COUNT, POINTS = 256, 48


def few():
    """Six small cases of every kind."""
    told = [
        ({"engaged": ("AAA",)}, ("AAA",)),
        ({"engaged": ("BBB", "CCC")}, ("BBB",)),
        ({"matters": {"DDD": 1.0}}, ("DDD",)),
        ({"matters": {"EEE": 0.25}}, ()),
        ({}, ()),
        ({"engage_cost": 0.25, "engaged": ("AAA",)}, ()),
    ]
    return [
        decisions.case(f"step-{place}", known=decisions.happened(blockers=blockers), **how)
        for place, (how, blockers) in enumerate(told)
    ]


@pytest.fixture(scope="module")
def learnt():
    return learn(few(), count=COUNT, points=POINTS)


# Parameters -----------------------------------------------------------------------------------------


def test_the_prior_is_what_the_files_have():
    same = {"cohesion": 0.3, "own_matter": 0.5, "engagement": 1, "purpose": 1, "spread": 1}
    assert values(PRIOR) == {"resolve": 0.03, **same}
    assert asked(PRIOR) == {"resolve": 1, **same}


def test_one_standard_deviation_is_what_it_says():
    up = {"resolve": 0.06, "cohesion": 0.4, "own_matter": 1.25, "engagement": 1.5}
    assert values((1.0,) * 6) == pytest.approx({**up, "purpose": 2.5, "spread": 2})
    assert values((0, 99, 0, 0, 0, 0))["cohesion"] == 1
    assert PARAMETERS[0].range(0) == pytest.approx((0.015, 0.06))


# Likelihood -----------------------------------------------------------------------------------------


def test_the_likelihood_by_hand():
    known = decisions.happened(blockers=("AAA", "BBB"), cool=("CCC",))
    case = decisions.case(known=known)
    forecast = Forecast(0.2, np.array([0.5, 0.8, 0.99, 0.1, 0.1, 0.1, 0.1, 0.6]))
    blockers = math.log(0.5) + math.log(0.8)
    silent = 4 * math.log(0.9) + math.log(0.4)
    assert log_likelihood(case, forecast) == pytest.approx(
        math.log(0.8) + 0.5 * (blockers + silent)
    )


def test_where_nobody_blocked_only_the_silent_count():
    case = decisions.case()
    forecast = Forecast(1.0, np.zeros(8))
    assert log_likelihood(case, forecast) == pytest.approx(5 * math.log(0.99))


@given(st.integers(1, 7))
def test_nothing_fits_better_than_what_is_true(blockers):
    """Of forecasts that say the same of everybody, the share of those who blocked."""
    case = decisions.case(known=decisions.happened(blockers=decisions.MEMBERS[:blockers]))
    fits = {
        share: log_likelihood(case, Forecast(0.5, np.full(8, share)))
        for share in (*np.linspace(0.05, 0.95, 10), blockers / 8)
    }
    assert max(fits, key=fits.get) == blockers / 8


def test_a_cool_member_may_be_forecast_either_way():
    case = decisions.case(known=decisions.happened(cool=("AAA",)))
    one, other = np.zeros(8), np.zeros(8)
    other[0] = 1
    assert log_likelihood(case, Forecast(0.5, one)) == log_likelihood(case, Forecast(0.5, other))


# Fits -----------------------------------------------------------------------------------------------


PLANTED = (0.8, -0.6, 1.0, 0.9, -0.7, 0.6)


def test_planted_parameters_come_back():
    """In made-up cases of as many kinds, each of which tells of one parameter."""

    def said(standing):
        chances = [1 / (1 + math.exp(-2 * place)) for place in standing]
        return [Forecast(chance, np.full(8, chance)) for chance in chances for _ in range(100)]

    rolls, cases = generator(5, "planted"), []
    for told in said(PLANTED):
        names = np.array(decisions.MEMBERS)[rolls.random(8) < told.objects]
        known = decisions.happened(blockers=names, passed=bool(rolls.random() < told.survival))
        cases.append(decisions.case(known=known))
    found = fit(said, cases)
    assert found.standing == pytest.approx(PLANTED, abs=0.3)


def test_planted_weights_come_back_through_the_model():
    """Who blocks is drawn from the model itself; resolve and cohesion tell less."""
    rolls, cases = generator(5, "planted"), []
    for cost, grade in itertools.product((0.1, 0.25, 0.5, 0.75) * 3, (0.0, 0.25, 0.5, 1.0)):
        scenario = decisions.scenario(
            engaged=("AAA", "BBB"), engage_cost=cost, matters={"CCC": grade}
        )
        told = Hearing(scenario, count=COUNT).forecast(asked(PLANTED))
        names = np.array(decisions.MEMBERS)[rolls.random(8) < told.objects]
        passed = bool(rolls.random() < told.survival)
        cases.append(Case(scenario, decisions.happened(blockers=names, passed=passed)))
    forecaster = fitting.Hearings(cases, count=COUNT)
    found = fit(forecaster, cases)
    assert found.standing[2:] == pytest.approx(PLANTED[2:], abs=0.4)
    truth = sum(map(log_likelihood, cases, forecaster(PLANTED)))
    assert found.objective <= fitting.penalty(PLANTED) - truth


def test_without_any_case_the_priors_stand():
    found = fit(lambda standing: [], [])
    assert np.abs(found.standing).max() < 2 * fitting.CLOSE


def test_a_fit_fits_no_worse_than_the_priors(learnt):
    cases = few()
    prior = -sum(map(log_likelihood, cases, learnt.unfitted))
    assert learnt.whole.objective <= prior


def test_the_forecast_of_a_case_is_the_models_own_under_the_fit_to_the_others(learnt):
    cases = few()
    row, places = learnt.left_out[2], fitting.design(POINTS)
    hearings = fitting.Hearings(cases, count=COUNT)
    between = fitting.Between(places, [hearings(place) for place in places])
    assert row.fit == fit(between, cases, without=2)
    told = Hearing(cases[2].scenario, count=COUNT).forecast(asked(row.fit.standing))
    assert told.survival == row.forecast.survival
    np.testing.assert_array_equal(told.objects, row.forecast.objects)


def test_the_first_point_is_the_prior_and_the_others_lie_all_around_it():
    places = np.array(fitting.design())
    assert places[0].tolist() == list(PRIOR)
    assert len(np.unique(places, axis=0)) == fitting.POINTS
    assert np.abs(places).max() <= fitting.FARTHEST
    assert np.abs(places.mean(axis=0)).max() < 0.05


def test_between_the_points_the_model_says_about_what_is_interpolated():
    cases = few()
    hearings, places = fitting.Hearings(cases, count=COUNT), fitting.design(512)
    between = fitting.Between(places, [hearings(place) for place in places])
    for standing in [(0.3, -0.2, 0.5, 0.1, -0.3, 0.4), (-1.1, 0.7, 0.9, -0.6, 0.5, -0.8)]:
        for one, other in zip(between(standing), hearings(standing)):
            assert one.survival == pytest.approx(other.survival, abs=0.15)
            np.testing.assert_allclose(one.objects, other.objects, atol=0.15)
    for one, other in zip(between(places[7]), hearings(places[7])):
        assert one.survival == pytest.approx(other.survival, abs=0.001)


@pytest.mark.parametrize("place", [0, 2, 4])
def test_what_happened_to_a_case_that_is_left_out_does_not_reach_its_forecast(place, learnt):
    cases = few()
    other = decisions.happened(blockers=("HHH", "GGG"), passed=not cases[place].happened.passed)
    cases[place] = replace(cases[place], happened=other)
    again = learn(cases, count=COUNT, points=POINTS)
    mine, before = again.left_out[place], learnt.left_out[place]
    assert mine.fit == before.fit
    assert mine.forecast.survival == before.forecast.survival
    np.testing.assert_array_equal(mine.forecast.objects, before.forecast.objects)
    assert again.whole != learnt.whole


def test_the_same_numbers_twice_and_on_two_workers(learnt):
    for workers in (1, 2):
        again = learn(few(), count=COUNT, points=POINTS, workers=workers)
        assert again.whole == learnt.whole
        assert [row.fit for row in again.left_out] == [row.fit for row in learnt.left_out]
        for one, other in zip(again.left_out, learnt.left_out):
            assert one.forecast.survival == other.forecast.survival
            np.testing.assert_array_equal(one.forecast.objects, other.forecast.objects)


def test_progress_counts_the_points():
    told = []
    learn(few()[:2], count=COUNT, points=8, progress=lambda *done: told.append(done))
    assert told == [(done, 8) for done in range(1, 9)]


# Forecasts that know less ---------------------------------------------------------------------------


def three():
    return [
        decisions.case("a", known=decisions.happened(blockers=("AAA",)), matters={"AAA": 1.0}),
        decisions.case("b", known=decisions.happened(cool=("CCC",)), matters={"AAA": 1.0}),
        decisions.case("c", known=decisions.happened(blockers=("AAA", "BBB"))),
    ]


def test_nobody_blocks_is_sure_that_everything_passes():
    told = naive.nobody_blocks(three()[0], [])
    assert (told.survival, told.objects.sum()) == (1, 0)


def test_the_base_rate_is_that_of_the_others_by_hand():
    told = naive.forecasts(naive.RIVALS[1], three())[0]
    assert told.survival == pytest.approx((1 + 0.5) / 3)
    assert told.objects == pytest.approx(np.full(8, (2 + 0.05) / 16))  # 7 and 8 that are counted


def test_a_matter_of_ones_own_counts_by_its_grade_by_hand():
    told = naive.forecasts(naive.RIVALS[2], three())[0]
    rate = 2.05 / 16
    assert told.objects[0] == pytest.approx((0 + rate) / 2)
    assert told.objects[1:] == pytest.approx(np.full(7, (2 + rate) / 15))
    assert told.survival == pytest.approx((1 + 0.5) / 2)


@pytest.mark.parametrize("rival", naive.RIVALS, ids=lambda rival: rival.name)
def test_no_rival_knows_what_happened_to_its_case(rival):
    cases = three()
    before = naive.forecasts(rival, cases)[0]
    cases[0] = replace(cases[0], happened=decisions.happened())
    after = naive.forecasts(rival, cases)[0]
    assert before.survival == after.survival
    np.testing.assert_array_equal(before.objects, after.objects)
