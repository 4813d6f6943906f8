"""Dials, curves, maps and exact tipping points: known answers, and agreement with the council."""

from __future__ import annotations

import itertools
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import centre, load, run, with_changes
from sim.analysis import tipping
from sim.analysis.ceilings import ceilings
from sim.analysis.dials import Dial, dials
from sim.analysis.tipping import Survivors, curve, last_veto, silent_from, survivors
from sim.explanation import explain
from sim.scenario import from_document
from tests import strategies

SHIPPED = sorted(path.stem for path in Path("scenarios").glob("*.toml"))
FLAGSHIP = load("draft-treaty-2021")
NEAR = 1e-4


def of(scenario, name, clause=None, member=None):
    """The dial of that name."""
    clause, member = clause or next(iter(scenario.clauses)), member or next(iter(scenario.seats))
    return next(dial for dial in dials(scenario, clause, member) if dial.name == name)


def turned(scenario, **settings):
    changes = [of(scenario, name).changes(value) for name, value in settings.items()]
    return with_changes(scenario, {key: value for each in changes for key, value in each.items()})


def numbers(scenario):
    """All that a scenario says; an item is included as it counts unless it says otherwise."""
    document = scenario.model_dump()
    for item in document["evidence"].values():
        item["included"] = item["count"] if item["included"] is None else item["included"]
    return document


# Dials --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SHIPPED)
def test_every_dial_can_be_turned_from_end_to_end_and_leaves_the_scenario_alone_where_it_stands(
    name,
):
    scenario = load(name)
    for dial in dials(scenario, list(scenario.clauses)[-1], list(scenario.seats)[-1]):
        assert dial.settings(9)[0] == dial.low
        assert dial.settings(9)[-1] == dial.high
        for value in (dial.low, dial.high):
            with_changes(scenario, dial.changes(value))
        if dial.here is not None:
            assert dial.low <= dial.here <= dial.high
            same = with_changes(scenario, dial.changes(dial.here))
            assert numbers(same) == numbers(scenario)


def test_cohesion_comes_first_and_names_are_different():
    names = [dial.name for dial in dials(FLAGSHIP, "N5.1", "POL")]
    assert names[0] == "cohesion"
    assert len(set(names)) == len(names)


def test_an_opening_is_seen_and_so_moves_the_evidence_too():
    moderate = turned(FLAGSHIP, opening=0.6)
    assert moderate.evidence["maximal_demand"].count == 0
    assert moderate.evidence["moderate_demand"].count == 1
    assert turned(FLAGSHIP, publicity=0).evidence["private_demand"].count == 1


def test_a_scenario_that_argues_its_opening_otherwise_has_no_mark_on_that_dial():
    assert of(load("nato-russia-2009"), "opening").here is None
    assert of(FLAGSHIP, "opening").here == 1


def test_members_of_different_resolve_have_no_common_mark_but_can_be_made_equal():
    unequal = with_changes(FLAGSHIP, {"members.POL.resolve": 0.06})
    dial = of(unequal, "resolve")
    assert dial.here is None
    equal = with_changes(unequal, dial.changes(0.04))
    assert {member.resolve.value for member in equal.seats.values()} == {0.04}


def test_a_dial_is_widened_to_where_the_scenario_stands():
    assert of(with_changes(FLAGSHIP, {"assumptions.trust": 3}), "trust").high == 3


def test_logroll_matters_to_packages_only():
    names = {dial.name for dial in dials(FLAGSHIP, "N5.1", "POL")}
    bundled = with_changes(FLAGSHIP, {"process": "package"})
    assert {dial.name for dial in dials(bundled, "N5.1", "POL")} == names | {"logroll"}


def test_a_clause_that_is_all_or_nothing_has_no_level_to_turn():
    clause = next(name for name, row in FLAGSHIP.clauses.items() if row.least == 1)
    assert "level" not in {dial.name for dial in dials(FLAGSHIP, clause, "POL")}


def test_rounds_are_whole():
    assert all(value == round(value) for value in of(FLAGSHIP, "rounds").settings(9))
    assert turned(FLAGSHIP, rounds=4.0).process.rounds == 4


@pytest.mark.parametrize("trust", [0.06, 0.12, 0.149])
def test_a_suspicion_that_would_make_a_member_s_trust_impossible_is_not_offered(trust):
    pretext = 0.97
    doubtful = with_changes(FLAGSHIP, {"assumptions.pretext": pretext, "members.POL.trust": trust})
    dial = of(doubtful, "pretext")
    assert 0 < dial.low < pretext
    for value in dial.settings(5):
        with_changes(doubtful, dial.changes(value))


# Curves and maps ----------------------------------------------------------------------------------

RAMP = Dial("x", "x", "", 0, 1, lambda value: {"assumptions.cohesion": value}, here=0.9)


def ramp(*adopted, dial=RAMP):
    found = [None if count is None else Survivors(100, {"A": count}) for count in adopted]
    return curve(dial, "A", dial.settings(len(adopted)), found)


def test_survival_that_rises_in_a_straight_line_tips_where_the_line_crosses_one_half():
    (crossing,) = ramp(0, 20, 40, 60, 80).crossings
    assert crossing.at == pytest.approx(0.625)
    assert crossing.rises


def test_survival_that_stays_on_one_side_of_one_half_never_tips():
    assert ramp(0, 10, 49).tipping is None
    assert ramp(50, 80, 100).tipping is None


def test_of_several_tipping_points_the_one_nearest_to_the_scenario_counts():
    twice = ramp(0, 100, 100, 100, 0)
    assert len(twice.crossings) == 2
    assert twice.tipping.at == pytest.approx(0.875)
    assert not twice.tipping.rises


def test_a_setting_that_fits_no_scenario_is_left_out_of_the_curve():
    assert ramp(0, None, 100).crossings == ()
    assert ramp(None, None).range == (0, 0)
    assert ramp(10, None, 30).range == (0.1, 0.3)


@given(st.lists(st.integers(0, 100), min_size=2, max_size=9))
def test_between_two_tipping_points_next_to_each_other_survival_rises_once_and_falls_once(counts):
    ways = [crossing.rises for crossing in ramp(*counts).crossings]
    assert all(one != other for one, other in itertools.pairwise(ways))
    assert len(ways) % 2 == ((counts[0] < 50) != (counts[-1] < 50))


def test_a_curve_keeps_what_the_runs_have_counted():
    dial, settings = of(FLAGSHIP, "cohesion"), (0.3, 0.7)
    outcomes = [run(with_changes(FLAGSHIP, dial.changes(h)), worlds=256) for h in settings]
    found = curve(dial, "N5.1", settings, [survivors(outcome) for outcome in outcomes])
    for point, outcome in zip(found.points, outcomes):
        row = outcome.measures()["N5.1"]
        assert point.share.survival == row["survival"]
        assert (point.share.low, point.share.high) == row["interval"]
    assert found.tipping.rises
    assert 0.3 < found.tipping.at < 0.7


def test_a_map_holds_every_place_once_and_knows_where_the_scenario_stands():
    across, up = of(FLAGSHIP, "cohesion"), of(FLAGSHIP, "trust")
    places = tipping.places(across, up, 3)
    assert len(set(places)) == 9
    assert tipping.changes(across, up, places[0]) == {
        "assumptions.cohesion": 0,
        "assumptions.trust": -2,
    }
    found = [Survivors(10, {"N5.1": place}) for place in range(9)]
    plane = tipping.outcome_map(across, up, "N5.1", places, found)
    assert plane.cells[0.5, -2].survival == 0.1
    assert plane.cells[0, 0].survival == 0.3
    assert plane.here == (0.3, 0)


# Exactly ------------------------------------------------------------------------------------------


def stands(scenario, clause, cohesion):
    return centre(with_changes(scenario, {"assumptions.cohesion": cohesion})).survival[clause] == 1


@pytest.mark.parametrize("name", SHIPPED)
def test_the_last_veto_falls_silent_where_the_council_says_so(name):
    scenario = load(name)
    for clause in scenario.clauses:
        point = silent_from(scenario, clause)
        if point is not None:
            assert stands(scenario, clause, point + NEAR)
            assert not stands(scenario, clause, point - NEAR)


def test_the_missile_clause_tips_at_a_cohesion_just_below_one_half_and_estonia_is_the_last():
    last = last_veto(FLAGSHIP, "N5.1")
    assert last.member == "EST"
    assert last.cohesion == pytest.approx(0.477, abs=0.001)


def test_too_much_cohesion_can_draw_somebody_into_objecting_again():
    scenario = load("three-neighbours")
    last = last_veto(scenario, "strip")
    assert last.member == "HILL"
    assert last.cohesion < last.again < 1
    assert stands(scenario, "strip", last.again - NEAR)
    assert not stands(scenario, "strip", last.again + NEAR)
    assert last_veto(FLAGSHIP, "N5.1").again is None


def test_where_nobody_objects_or_all_do_for_ever_there_is_no_last_veto():
    assert silent_from(FLAGSHIP, "N2.3") is None
    assert silent_from(FLAGSHIP, "N6.1") is None


def test_where_silence_is_no_consent_or_a_negotiation_moves_there_is_no_exact_answer():
    assert silent_from(with_changes(FLAGSHIP, {"rule": "majority"}), "N5.1") is None
    assert silent_from(with_changes(FLAGSHIP, {"process.rounds": 2}), "N5.1") is None
    assert silent_from(load("risk-reduction-steps"), "N5.1") is None


def test_a_rule_that_tolerates_two_objections_needs_less_cohesion():
    two = with_changes(FLAGSHIP, {"rule": "consensus-2"})
    point = silent_from(two, "N5.1")
    assert point < silent_from(FLAGSHIP, "N5.1")
    assert stands(two, "N5.1", point + NEAR)
    assert not stands(two, "N5.1", point - NEAR)


@settings(max_examples=30)
@given(strategies.documents(cohesion=None))
def test_in_any_small_council_the_last_veto_is_the_council_s(document):
    scenario = with_changes(from_document(document), {"assumptions.cohesion": 0})
    for clause in scenario.clauses:
        last = last_veto(scenario, clause)
        if last is None:
            continue
        assert stands(scenario, clause, min(last.cohesion + NEAR, 1))
        before = with_changes(scenario, {"assumptions.cohesion": max(last.cohesion - NEAR, 0)})
        row = centre(before).measures()[clause]
        assert not row["survival"] or math.isclose(last.cohesion, 0, abs_tol=NEAR)


# Ceilings -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["draft-treaty-2021", "three-neighbours", "us-draft-2021"])
def test_ceilings_are_those_that_an_explanation_gives(name):
    scenario = load(name)
    clause = list(scenario.clauses)[-1]
    found = ceilings(scenario, clause)
    for row in found.members[:4]:
        why = explain(scenario, row.member, clause)
        assert row.expressed == pytest.approx(why.ceiling["expressed"])
        assert row.own == pytest.approx(why.ceiling["own"])
        assert found.tabled == why.level


def test_the_lowest_ceiling_binds_and_is_what_the_council_measures():
    found = ceilings(FLAGSHIP, "N5.1")
    assert [row.member for row in found.members if row.binding] == [found.members[0].member]
    assert found.survivable == found.members[0].expressed
    measured = centre(FLAGSHIP).measures()["N5.1"]["ceiling"]
    assert found.survivable == pytest.approx(measured["p50"], abs=0.005)
    levels = [row.expressed for row in found.members]
    assert levels == sorted(levels)
    assert np.isfinite(levels[0])


def test_members_without_a_say_have_no_ceiling_to_show():
    assert [row.member for row in ceilings(load("us-draft-2021"), "U1").members] == ["USA"]
