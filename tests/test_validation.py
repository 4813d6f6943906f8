"""The validation as a whole: who is right, who knows less, and what is said of it."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from sim import load
from sim.analysis import validation as module
from sim.analysis.fitting import AFTER_A_LOOK, PARAMETERS
from sim.analysis.precedents import Forecast, Hearing
from sim.analysis.scores import Difference
from sim.analysis.validation import Verdict, as_shipped, contender, contest, validate
from sim.errors import RequestError
from sim.story import page
from sim.story import validation as story
from tests import decisions
from tests.test_cli import oneveto
from tests.test_fitting import few


def quick(cases=None, **how):
    """A validation in few worlds and at few points."""
    return validate(cases or few(), worlds=256, points=32, draws=3, **how)


@pytest.fixture(scope="module")
def found():
    return quick()


# One case -------------------------------------------------------------------------------------------


def verdict(survival, objects, **known):
    case = decisions.case("precedents/step", known=decisions.happened(**known))
    return Verdict(case, Forecast(survival, np.array(objects)), {})


def test_a_verdict_by_hand():
    row = verdict(0.4, [0.9, 0.7, 0.6, 0.2, 0.1, 0, 0, 0], blockers=("AAA", "DDD"), cool=("CCC",))
    assert row.name == "step"
    assert row.right
    assert (row.named, row.missed, row.false_alarms) == (["AAA", "BBB"], ["DDD"], ["BBB"])
    assert list(row.chances)[:2] == ["AAA", "BBB"]
    assert story.failure(row) == "step: not named: DDD (20 %); named and silent: BBB (70 %)."


def test_what_is_all_right_fails_in_nothing():
    assert story.failure(verdict(0.9, [0.1] * 8)) == ""
    assert story.failure(verdict(0.2, [0.1] * 8)) == (
        "step: survival was put at 20 %, and it passed."
    )


# Contests -------------------------------------------------------------------------------------------


def test_a_contest_by_hand():
    cases = [decisions.case(str(i), known=decisions.happened(passed=i % 2 == 0)) for i in range(6)]
    half = [Forecast(0.5, np.zeros(8))] * 6
    right = [Forecast(float(case.happened.passed), np.zeros(8)) for case in cases]
    rows = [contender("a", "A", cases, right), contender("b", "B", cases, half)]
    found = contest("all", "all", rows, np.ones(6, bool), 0)
    assert (found.model.outcome, found.rivals[0].outcome) == (0, 0.25)
    assert found.rivals[0].outcome_difference == Difference(-0.25, -0.25, -0.25)
    assert found.rivals[0].members_difference == Difference(0, 0, 0)


def test_the_cool_are_left_out_of_the_score():
    case = decisions.case(known=decisions.happened(blockers=("AAA",), cool=("BBB",)))
    told = Forecast(0.5, np.array([1.0, 1.0, 0, 0, 0, 0, 0, 0]))
    assert contender("a", "A", [case], [told]).members.tolist() == [0]


# The whole ------------------------------------------------------------------------------------------


def test_every_case_is_forecast_and_every_rival_met(found):
    assert [row.case.name for row in found.verdicts] == [case.name for case in few()]
    names = [row.name for row in found.whole.rows]
    assert names == ["model", "nobody", "base_rate", "bilateral", "unfitted", "shipped"]
    assert found.contests["data"].cases == 6
    assert "matter" not in found.contests
    assert sum(row.count for row in found.outcome_reliability) == 6
    assert sum(row.count for row in found.member_reliability) == 48
    assert [row.parameter for row in found.fitted] == list(PARAMETERS)
    for row in found.fitted:
        assert row.band[0] <= row.value <= row.band[1]


def test_no_forecast_is_surer_than_one_in_a_hundred(found):
    for row in found.verdicts:
        assert 0.01 <= row.forecast.survival <= 0.99
        assert 0.01 <= row.forecast.objects.min() <= row.forecast.objects.max() <= 0.99


def test_the_same_bytes_twice_and_on_two_workers(found):
    first = json.dumps(found.as_json(), allow_nan=False)
    for workers in (1, 2):
        assert json.dumps(quick(workers=workers).as_json(), allow_nan=False) == first


def test_what_happened_does_not_reach_the_forecast_of_its_case(found):
    cases = few()
    other = decisions.happened(blockers=("HHH", "GGG"))
    cases[0] = replace(cases[0], happened=other)
    again = quick(cases)
    assert again.verdicts[0].forecast.survival == found.verdicts[0].forecast.survival
    assert again.verdicts[0].chances == found.verdicts[0].chances
    assert again.verdicts[1].parameters != found.verdicts[1].parameters


def test_two_cases_are_too_few():
    with pytest.raises(RequestError, match="it takes three decisions"):
        validate(few()[:2])


# Words ----------------------------------------------------------------------------------------------


def told(found, mean, low, high):
    """The same validation with these differences to every rival."""
    gap = Difference(mean, low, high)
    rows = [
        replace(row, outcome_difference=gap, members_difference=gap) for row in found.whole.rivals
    ]
    whole = replace(found.whole, rows=(found.whole.model, *rows))
    return replace(found, contests={**found.contests, "all": whole})


def test_the_first_paragraph_says_that_it_wins_only_where_every_interval_excludes_zero(found):
    won = story.result(told(found, -0.1, -0.2, -0.05))
    assert won.count("better than every forecast that knows less, with intervals") == 2
    assert "may be read as a probability" in story.advice(told(found, -0.1, -0.2, -0.05))
    level = story.result(told(found, -0.1, -0.3, 0.1))
    assert level.count("not better than every forecast that knows less") == 2
    assert "not to be told apart from" in level
    lost = story.result(told(found, 0.1, 0.05, 0.2))
    assert "clearly worse than" in lost
    assert "no probability to bet on" in story.advice(told(found, 0.1, 0.05, 0.2))


def test_what_was_chosen_after_a_look_is_said_with_the_scores_before_and_after(found):
    said = story.choice(found)
    assert "purpose and spread were added to the other 4 after a first look" in said
    first = found.first_look
    assert f"are {first.outcome:.3f} on outcomes and {first.members:.3f} on who blocks" in said
    assert f"{found.whole.model.outcome:.3f} and {found.whole.model.members:.3f}" in said
    told = found.as_json()
    assert [row["name"] for row in told["parameters"] if row["after_a_look"]] == [
        "purpose",
        "spread",
    ]
    assert told["first_look"]["outcome"] == first.outcome


def test_the_first_look_is_worked_out_with_the_later_parameters_held(found):
    places = [place for place, row in enumerate(PARAMETERS) if row.name in AFTER_A_LOOK]
    for row in found.history.before:
        assert [row.fit.standing[place] for place in places] == [0, 0]
    asked = [row.forecast.held for row in found.history.before]
    came = [row.case.happened.passed for row in found.history.before]
    missed = [(each.survival - passed) ** 2 for each, passed in zip(asked, came)]
    assert found.first_look.outcome == pytest.approx(sum(missed) / len(missed))
    sure = [passed for each, passed in zip(asked, came) if each.survival >= 0.8]
    assert found.first_look.sure == len(sure)


def test_what_ships_is_asked_with_the_numbers_of_the_flagship():
    cases = [decisions.case(engaged=("AAA", "BBB"))]
    flagship = load("draft-treaty-2021")
    values = {
        "cohesion": flagship.assumptions.cohesion.value,
        "spread": flagship.assumptions.spread.factor.value,
        "own_matter": 0.5,
    }
    expected = Hearing(cases[0].scenario, count=300).forecast(values)
    told = as_shipped(cases, 300, 0)[0]
    assert told.survival == expected.survival != Hearing(cases[0].scenario, count=300).forecast({})
    np.testing.assert_array_equal(told.objects, expected.objects)


def test_the_page_names_what_fails(found):
    parts = story.page(found)
    assert parts[0].text == story.result(found)
    wrong = [row for row in found.verdicts if story.failure(row)]
    headings = [part.text for part in parts if isinstance(part, page.Heading)]
    assert f"What fails: {len(wrong)} of 6" in headings
    text = page.markdown("Title", parts)
    for row in wrong:
        assert story.failure(row) in text
    assert "consistency check in sample" in text


# The command ----------------------------------------------------------------------------------------


@pytest.fixture
def few_cases(monkeypatch, found):
    monkeypatch.setattr(module, "validate", lambda **_: found)


def test_the_command_prints_the_result_first_and_fits_the_screen(
    few_cases, capsys, found, monkeypatch
):
    for width in (80, 60):
        monkeypatch.setenv("COLUMNS", str(width))
        code, out, err = oneveto("validate", capsys=capsys)
        assert (code, err) == (0, "")
        assert max(map(len, out.splitlines())) <= width
        assert "…" not in out
        assert " ".join(out.split()).startswith(f"{story.TITLE} {story.result(found)}")


def test_the_command_prints_json_and_writes_the_page(few_cases, capsys, found, tmp_path):
    place = tmp_path / "validation.md"
    code, out, err = oneveto("validate", "--json", "-o", place, capsys=capsys)
    assert (code, err) == (0, f"{place} is written\n")
    assert next(iter(json.loads(out).items())) == ("schema", 1)
    text = place.read_text("utf-8")
    assert text == page.markdown(story.TITLE, story.page(found))
    assert [path.name for path in tmp_path.iterdir()] == ["validation.md"]


def test_a_place_that_cannot_be_written_is_said_before_anything_is_worked_out(
    monkeypatch, capsys, tmp_path
):
    monkeypatch.setattr(module, "validate", None)
    code, out, err = oneveto("validate", "-o", tmp_path / "none" / "x.md", capsys=capsys)
    assert (code, out) == (2, "")
    assert "cannot be written: " in err
