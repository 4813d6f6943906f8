"""Scores: known answers, by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.analysis import scores
from sim.analysis.scores import Difference
from sim.dice import generator

FORECAST = np.array([0.9, 0.6, 0.2, 0.1])
HAPPENED = np.array([True, False, True, False])


def dice():
    return generator(0, "test")


def test_a_seer_scores_nothing_and_one_who_is_always_wrong_one():
    assert scores.brier(HAPPENED.astype(float), HAPPENED) == 0
    assert scores.brier(1.0 - HAPPENED, HAPPENED) == 1


@given(st.lists(st.booleans(), min_size=1, max_size=60))
def test_the_base_rate_scores_its_variance_and_no_other_constant_less(happened):
    rate = np.mean(happened)
    base = scores.brier(np.full(len(happened), rate), happened)
    assert base == pytest.approx(rate * (1 - rate))
    for other in (0.0, 0.3, 1.0):
        assert scores.brier(np.full(len(happened), other), happened) >= base - 1e-12


def test_brier_by_hand():
    assert scores.brier(FORECAST, HAPPENED) == pytest.approx((0.01 + 0.36 + 0.64 + 0.01) / 4)


def test_precision_and_recall_by_hand():
    found = scores.hits(FORECAST, HAPPENED)
    assert (found.named, found.real, found.hit) == (2, 2, 1)
    assert (found.precision, found.recall) == (0.5, 0.5)
    weighted = scores.weighted_hits(FORECAST, HAPPENED)
    assert weighted.precision == pytest.approx(1.1 / 1.8)
    assert weighted.recall == pytest.approx(1.1 / 2)


def test_who_names_nobody_has_no_precision_and_what_nobody_did_no_recall():
    nobody = scores.hits([0.1, 0.2], [True, False])
    assert (nobody.precision, nobody.recall) == (None, 0)
    assert scores.hits([0.9], [False]).recall is None


def test_one_half_says_yes():
    assert scores.hits([0.5], [True]).hit == 1


def test_what_is_drawn_from_its_own_forecasts_is_calibrated():
    rolls = dice()
    said = rolls.random(20_000)
    bins = scores.reliability(said, rolls.random(20_000) < said, np.linspace(0, 1, 6))
    assert len(bins) == 5
    assert sum(row.count for row in bins) == 20_000
    for row in bins:
        assert row.low <= row.said <= row.high
        assert abs(row.share - row.said) < 0.03
    overconfident = scores.reliability(said, rolls.random(20_000) < 0.5, np.linspace(0, 1, 6))
    assert [row.honest for row in overconfident] == [False, False, True, False, False]


def test_bins_hold_their_lower_end_and_the_last_one_both():
    bins = scores.reliability([0, 0.5, 1], [False, True, True], [0, 0.5, 1])
    assert [(row.count, row.happened) for row in bins] == [(1, 0), (2, 2)]
    only = scores.reliability([0.7], [True], [0, 0.5, 1])
    assert [row.low for row in only] == [0.5]


def test_a_difference_knows_which_of_two_misses_less():
    rolls = dice()
    good, poor = rolls.random(40) * 0.2, 0.3 + rolls.random(40) * 0.2
    found = scores.difference(good, poor, dice())
    assert found.low < found.mean < found.high < 0
    assert found.sure
    back = scores.difference(poor, good, dice())
    assert back.mean == pytest.approx(-found.mean)
    assert found == scores.difference(good, poor, dice())


def test_noise_is_no_difference():
    rolls = dice()
    assert not scores.difference(rolls.random(40), rolls.random(40), dice()).sure


def test_the_interval_is_as_wide_as_theory_has_it():
    gap = dice().standard_normal(400)
    found = scores.difference(gap, np.zeros(400), dice())
    assert found.high - found.low == pytest.approx(2 * 1.96 * gap.std() / 20, rel=0.05)


def test_the_same_difference_everywhere_needs_no_dice():
    assert scores.difference(np.full(9, 0.3), np.full(9, 0.3), dice()) == Difference(0, 0, 0)
    assert not scores.difference(np.full(9, 0.3), np.full(9, 0.3), dice()).sure


def test_the_jackknife_of_a_mean_is_its_standard_error():
    values = dice().standard_normal((30, 2))
    left_out = np.array([np.delete(values, i, axis=0).mean(axis=0) for i in range(30)])
    np.testing.assert_allclose(
        scores.jackknife(left_out), values.std(axis=0, ddof=1) / np.sqrt(30), rtol=1e-9
    )
