"""NATO's reply against the flagship: a check in sample, clause by clause."""

from __future__ import annotations

import json

import numpy as np
import pytest

from sim import load
from sim.analysis import reply as module
from sim.analysis.ceilings import ceilings
from sim.analysis.reply import reply

DRAWS = 12


@pytest.fixture(scope="module")
def found():
    return reply(worlds=512, draws=DRAWS)


def test_every_clause_has_the_answer_that_its_article_got(found):
    words = {row.clause: row.verdict for row in found.answers}
    assert list(words) == list(load("draft-treaty-2021").clauses)
    assert (words["N2.1"], words["N5.1"], words["N6.1"]) == ("offered", "debated", "refused")
    assert words["N8.1"] == "unanswered"


def test_what_was_offered_survives_and_what_was_refused_falls_but_for_those_that_are_listed(found):
    wrong = [row.clause for row in found.scored if not row.right]
    assert wrong == ["N3.1"]  # the reply offers the like, but does not repeat `not adversaries`
    assert found.brier < 0.25


def test_ceilings_are_those_of_the_table(found):
    row = next(row for row in found.answers if row.clause == "N5.1")
    assert row.ceiling == pytest.approx(ceilings(found.scenario, "N5.1").survivable)


def test_the_order_by_hand():
    places = [[0], [1, 2], [3]]
    survival = np.array([1.0, 0.6, 0.2, 0.0])
    held = module._ordered(places, survival, np.array([np.inf, 0.9, 0.5, 0.1]))
    assert (held.survival, held.ceiling, held.strictly, held.pairs) == (True, True, True, 1)
    mixed = module._ordered(places, survival, np.array([np.inf, 0.9, 0.1, 0.2]))
    assert (mixed.ceiling, mixed.strictly, mixed.pairs) == (True, False, 0.8)
    turned = module._ordered(places, 1 - survival, np.array([0.1, 0.2, 0.3, 0.4]))
    assert (turned.survival, turned.ceiling, turned.strictly, turned.pairs) == (
        False,
        False,
        False,
        0,
    )


def test_stakes_are_multiplied_by_a_half_to_two_and_the_same_twice(found):
    again = reply(worlds=512, draws=DRAWS)
    assert again.robustness == found.robustness
    assert found.robustness.draws == DRAWS
    low, middle, high = found.robustness.pairs
    assert 0 <= low <= middle <= high <= 1


def test_without_any_factor_the_order_is_that_of_the_scenario(found, monkeypatch):
    monkeypatch.setattr(module, "FACTOR", 1.0)
    still = reply(worlds=module.WORLDS_EACH, draws=2)
    assert still.robustness.survival == 2 * still.order.survival
    assert still.robustness.ceiling == 2 * still.order.ceiling
    assert set(still.robustness.pairs) == {still.order.pairs}


def test_json_has_no_infinity(found):
    json.dumps(found.as_json(), allow_nan=False)
