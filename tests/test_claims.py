"""Claims of a scenario: what a path finds, and what counts as borne out."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import centre, claims, load
from sim.errors import ScenarioError
from sim.scenario import Expect, from_document, paths
from tests import strategies

MEASURES = centre("draft-treaty-2021").measures()


@given(path=st.one_of(st.text(), st.sampled_from(["N5.1", "treaty"]).map(lambda s: f"{s}.ceiling")))
def test_a_path_that_leads_nowhere_finds_nothing(path):
    assert claims.measured(MEASURES, path) is None


@pytest.mark.parametrize("measure", paths.MEASURES)
def test_every_measure_that_a_claim_may_ask_for_is_measured(measure):
    parts = [""]
    if measure in paths.PERCENTILED:
        parts = [f".{p}" for p in paths.PERCENTILES]
    if measure in paths.BY_MEMBER:
        parts = [".EST"]
    for part in parts:
        path = f"N5.1.{measure}{part}"
        assert paths.problem(path, ["N5.1"]) is None
        assert measure in MEASURES["N5.1"]
        assert claims.measured(MEASURES, path) is not None or measure == "level"


def test_a_number_is_found_by_its_path():
    assert claims.measured(MEASURES, "N5.1.blockers.EST") == 1
    assert claims.measured(MEASURES, "N5.1.blockers.DEU") == 0
    assert claims.measured(MEASURES, "N5.1.ceiling.binding.EST") == 1
    assert claims.measured(MEASURES, "N5.1.ceiling.p50") == MEASURES["N5.1"]["ceiling"]["p50"]
    assert claims.measured(MEASURES, "treaty.survival") == 0


def test_a_ceiling_without_limit_is_above_everything():
    assert MEASURES["N2.3"]["ceiling"]["p50"] is None
    value = claims.measured(MEASURES, "N2.3.ceiling.p50")
    assert value == math.inf
    assert expect(at_least=2).holds(value)
    assert not expect(at_most=2).holds(value)


def test_a_level_at_which_nothing_was_adopted_bears_nothing_out():
    assert claims.measured(MEASURES, "N6.1.level.p50") is None
    assert not expect(at_most=1).holds(None)
    assert not expect(at_least=0).holds(None)


def expect(**bounds):
    return Expect(claim="So it is.", what=("N5.1.survival",), **bounds)


def scenario(**claim):
    """A council of A and B with one claim."""
    row = {"population": 1e6, "trust": 0.4, "resolve": 0.03, "weight": {"calm": 1.0}}
    made = strategies.document(
        members={"A": row, "B": row},
        clauses={"C": {"gain": {"calm": 1.0}}},
        interests={"calm": "divisible"},
    )
    made["expect"] = [{"claim": "So it is.", "what": "C.blockers.A", "at_most": 0, **claim}]
    return from_document(made)


def test_a_claim_may_name_whoever_sits_at_the_table_it_changes():
    found = list(claims.check(scenario(), worlds=10))
    assert [row.holds for row in found] == [True]
    with pytest.raises(ScenarioError, match="`A` is not a member"):
        scenario(**{"with": {"members.drop": "A"}})
    document = load("draft-treaty-2021").origin.document
    later = {
        "claim": "Finland does not kill the hotline.",
        "what": "N2.3.blockers.FIN",
        "at_most": 0,
        "with": {"members.roster": "2024"},
    }
    assert from_document({**document, "expect": [later]}).expect[0].what == ("N2.3.blockers.FIN",)
    del later["with"]
    with pytest.raises(ScenarioError, match="`FIN` is not a member"):
        from_document({**document, "expect": [later]})
