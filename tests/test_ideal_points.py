"""Scenarios whose members have ideal points and saliences instead of gains and costs."""

from __future__ import annotations

import copy
import datetime as dt
import tomllib
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import charts, explain, sheet, story
from sim import scenario as files
from sim.analysis.evidence import report
from sim.analysis.rescue import other_rules
from sim.analysis.steps import reassurance
from sim.baselines.predictions import predictions
from sim.council import Council
from sim.errors import OnevetoError
from sim.inputs import inputs
from sim.outlook import outlook
from sim.worlds import draw

SURE = {"value": 1, "judgement": "Taken at its word."}
DOCUMENT: dict[str, Any] = {
    "about": {
        "title": "Two on one scale",
        "question": "How far?",
        "date": dt.date(2000, 1, 1),
        "sources": ["Made up."],
        "leaves_out": ["Everything."],
    },
    "clauses": {
        "tax": {
            "title": "A tax",
            "text": "A tax.",
            "source": "Made up.",
            "scale": {"low": 0, "high": 100, "status_quo": 20, "tabled": 70},
        }
    },
    "members": {
        "source": "Made up.",
        "A": {"resolve": 0.03, "ideal": {"tax": 80}, "salience": {"tax": 0.7}, "capability": 3},
        "B": {"resolve": 0.03, "ideal": {"tax": 10}, "salience": {"tax": 0.9}, "capability": 1},
    },
    "proposer": {
        "name": "The chair",
        "keep": {"security_seeker": SURE, "expansionist": SURE, "pretext_seeker": SURE},
    },
}


def scenario(**changes: Any) -> files.Scenario:
    built = files.from_document(copy.deepcopy(DOCUMENT))
    return files.with_changes(built, changes) if changes else built


def test_a_text_is_worth_how_much_nearer_it_comes_than_the_status_quo():
    """−s·((text − ideal)² − (status quo − ideal)²) / range², Enelow & Hinich (1984)."""
    seen = outlook(scenario())
    held = seen.stakes
    worth = [float((h.gain - h.principle - h.divisible)[0, 0]) for h in held]
    assert worth == pytest.approx([-0.7 * (0.1**2 - 0.6**2), -0.9 * (0.6**2 - 0.1**2)])


@given(st.floats(-50, 150), st.floats(0, 1), st.floats(0.1, 1))
def test_the_model_is_the_spatial_one_at_every_level(ideal, salience, level):
    built = scenario(**{"members.B.ideal.tax": ideal, "members.B.salience.tax": salience})
    held = outlook(built).stakes[1]
    text = 20 + level * 50
    worth = salience * ((20 - ideal) ** 2 - (text - ideal) ** 2) / 100**2
    found = (held.gain - held.principle) * level - held.divisible * level**2
    assert float(found[0, 0]) == pytest.approx(worth, abs=1e-9)


def test_who_wants_the_opposite_objects_and_kills_the_clause():
    council = Council(scenario(), worlds=1, rng=0)
    council.step()
    assert not council.adopted.any()


def test_the_council_appraises_as_the_outlook_does():
    built = scenario(**{"members.B.ideal.tax.band": 10, "assumptions.spread.weights": 0.2})
    dealt = draw(built, 3, 0, 50)
    council = Council(built, worlds=50, rng=3)
    council.step()
    for place, held in enumerate(outlook(built, dealt).stakes):
        worth = held.gain - held.principle - held.divisible
        np.testing.assert_allclose(council.appraisals[place], worth, rtol=1e-5)


def test_an_uncertain_ideal_point_is_drawn_and_listed():
    built = scenario(**{"members.B.ideal.tax.band": 10})
    assert [one.address for one in inputs(built)] == ["members.B.ideal.tax"]
    lean = draw(built, 0, 0, 4000).lean
    assert lean is not None
    ideal = 20 + lean[1, 0, :4000] * 50 / 2
    assert ideal.mean() == pytest.approx(10, abs=0.7)
    assert ideal.std() == pytest.approx(10, abs=0.5)
    assert lean[0].std() == 0


def test_voices_are_as_capabilities():
    populations = [member.population for member in scenario().seats.values()]
    voices = np.log1p(np.array(populations) / 1e6)
    assert voices[0] / voices[1] == pytest.approx(3)


def test_the_tabled_text_and_the_status_quo_can_be_changed():
    nearer = scenario(**{"clauses.tax.scale.tabled": 21})
    council = Council(nearer, worlds=1, rng=0)
    council.step()
    assert council.adopted.all()


def test_a_saved_what_if_is_the_same_scenario():
    built = scenario(**{"members.B.salience.tax": 0.1, "clauses.tax.scale.tabled": 50})
    again = files.from_document(tomllib.loads(files.as_file(built)))
    assert again.seats["B"].weight["tax"].value == 0.1
    assert again.clauses == built.clauses


def broken(**parts: Any) -> str:
    document = copy.deepcopy(DOCUMENT)
    for address, value in parts.items():
        *path, last = address.split("__")
        node = document
        for key in path:
            node = node[key]
        node[last] = value
    with pytest.raises(OnevetoError) as caught:
        files.from_document(document)
    return str(caught.value)


def test_what_contradicts_ideal_points_is_a_sentence():
    assert "follows from the scale" in broken(clauses__tax__cost={"tax": 2})
    assert "taken at its word" not in broken(proposer__keep__expansionist=0.5)
    assert "without trust" in broken(
        proposer__keep__expansionist={"value": 0.5, "judgement": "No."}
    )
    assert "at the status quo" in broken(clauses__tax__scale={"status_quo": 1, "tabled": 1})
    assert "`low` below `high`" in broken(clauses__tax__scale={"low": 1, "high": 0})
    assert "members.B.ideal lacks `tax`" in broken(members__B__ideal={})
    assert "which is not among the clauses" in broken(members__B__ideal={"tacks": 1})
    assert "which is no clause" in broken(members__B__capability={"tacks": 1})


def test_the_schema_knows_what_an_editor_may_find():
    member = files.schema()["$defs"]["Member"]["properties"]
    assert {*DOCUMENT["members"]["A"]} <= {*member}


def test_nothing_is_said_of_trust_people_and_interests_where_there_are_none():
    built = scenario()
    assert story.portrait(built, "A").startswith(
        "Capability 3. It takes the chair at its word. Res"
    )
    assert {*sheet.members(built)[0]} >= {"capability", "ideal.tax", "salience.tax"}
    assert not {*sheet.members(built)[0]} & {"population", "trust", "weight.tax", "exposure.tax"}
    assert sheet.clauses(built)[0]["scale.tabled"] == 70
    assert "qualified" not in files.rules_of(built)
    assert "qualified" not in other_rules(built)
    with pytest.raises(OnevetoError, match="`qualified` counts people"):
        scenario(rule="qualified")
    with pytest.raises(OnevetoError, match="a first step has nobody to reassure"):
        reassurance(built)
    assert "nothing for evidence to tell" in story.told_apart(report(built))


def test_a_member_is_explained_on_the_scale_of_the_data():
    found = explain(scenario(), "B", "tax")
    words = story.explanation(found)
    assert "It stands at 10; the text leads from 20 to 70." in words
    assert [part.interest for part in found.contributions] == ["tax"]
    assert found.appraisal == pytest.approx(sum(p.gain - p.cost for p in found.contributions))
    limit = 20 + found.ceiling["expressed"] * 50
    assert f"up to {limit:.4g}." in words
    assert {flip.address for flip in found.flips} <= {
        "members.B.salience.tax",
        "members.B.ideal.tax",
        "members.B.resolve",
    }


@pytest.mark.parametrize("place", [0, 1])
def test_what_would_flip_a_member_flips_it(place):
    built = scenario()
    found = explain(built, "B", "tax")
    flip = found.flips[min(place, len(found.flips) - 1)]
    assert (
        explain(files.with_changes(built, {flip.address: flip.to}), "B", "tax").stance
        is flip.becomes
    )


def test_people_that_are_counted_may_decide_by_a_qualified_majority():
    document = copy.deepcopy(DOCUMENT)
    for iso, people in (("A", 3e6), ("B", 1e6)):
        del document["members"][iso]["capability"]
        document["members"][iso]["population"] = people
    built = files.from_document(document)
    assert "qualified" in files.rules_of(built)
    assert story.portrait(built, "A").startswith("Population 3,000,000.")


def test_who_is_left_out_takes_its_share_of_the_quota_along():
    document = copy.deepcopy(DOCUMENT)
    document["members"]["C"] = {**document["members"]["A"], "capability": 2}
    weights = {"weights": {"A": 3, "B": 1, "C": 2}, "quota": 4, "judgement": "Two thirds."}
    document["rule"] = {"name": "weighted", "weighted": weights}
    built = files.with_changes(files.from_document(document), {"members.drop": ["C"]})
    assert built.table.quota == pytest.approx(4 * 4 / 6)


def test_the_models_are_told_what_the_file_says_and_answer_on_its_scale():
    """(3·.7·80 + 1·.9·10) / 3: beyond the text of 70 there is no reason to stop at it."""
    row = predictions(scenario()).clauses["tax"]
    assert row.place(row.levels["mean"]) == pytest.approx((2.1 * 80 + 0.9 * 10) / 3)
    assert row.place(row.levels["median"]) == pytest.approx(80)
    assert row.levels["median"] > 1
    assert charts.baselines(predictions(scenario())).to_dict()["layer"]
