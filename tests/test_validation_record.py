"""What ships of the validation: the page in docs, and the same as data for the dashboard."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scenarios.calibrate import HISTORY, Formula
from sim import load, validate
from sim.analysis.validation import known_cases
from sim.scenario import shipped
from sim.story import page
from sim.story import validation as story
from sim.story.words import percent

PAGE = (Path(__file__).parent.parent / "docs" / "validation.md").read_text("utf-8")
RECORD = json.loads((shipped() / "validation.json").read_text("utf-8"))


def rows():
    """The table of cases on the page, by case."""
    lines = PAGE.partition("## Case by case")[2].partition("## ")[0].splitlines()
    cells = [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in lines if line]
    return {row[0]: row for row in cells if len(row) > 3}


def test_the_page_and_the_record_are_of_the_cases_that_ship():
    told = {row["name"]: row for row in RECORD["cases"]}
    assert set(told) == {case.name for case in known_cases()}
    for case in known_cases():
        row = told[case.name]
        assert row["title"] == case.scenario.about.title
        assert row["ending"] == case.happened.ending
        assert row["passed"] == case.happened.passed
        assert tuple(row["blockers"]) == tuple(case.happened.blockers)
        assert tuple(row["cool"]) == tuple(case.happened.cool)
        assert set(row["chances"]) == set(case.scenario.seats)


def test_the_page_says_of_every_case_what_the_record_says():
    table = rows()
    for row in RECORD["cases"]:
        said = table[row["name"].rpartition("/")[2]]
        assert said[2] == ("yes" if row["passed"] else "no")
        assert said[3] == percent(row["survival"])
        assert said[4] == ("✓" if row["right"] else "✕")
    assert sum(row["right"] for row in RECORD["cases"]) == RECORD["right"]


def test_the_first_paragraph_has_the_numbers_of_the_record():
    first = PAGE.split("\n\n")[1]
    assert f"Of {len(RECORD['cases'])} decisions" in first
    assert f"oneveto says {RECORD['right']} outcomes rightly" in first
    own, *rivals, ships = RECORD["contests"]["all"]["rows"]
    assert f"On outcomes its Brier score is {own['outcome']:.3f}" in first
    assert f"On who blocks its Brier score is {own['members']:.3f}" in first
    for row in rivals:
        assert f"“{row['label']}” ({row['outcome']:.3f})" in first
        assert f"“{row['label']}” ({row['members']:.3f})" in first
    assert ships["label"].endswith("(in sample)")
    assert ships["label"] not in first, "what has seen all cases is no forecast that knows less"


def test_the_record_is_small_enough_to_ship():
    assert (shipped() / "validation.json").stat().st_size < 300_000


@pytest.mark.slow
def test_the_page_and_the_record_are_what_the_command_gives():
    """Write both anew: `oneveto validate --json -o docs/validation.md > scenarios/validation.json`."""
    found = validate(workers=2)
    assert page.markdown(story.TITLE, story.page(found)) == PAGE
    now = json.loads(json.dumps(found.as_json()))
    assert now.pop("versions").keys() == RECORD["versions"].keys()
    assert now == {key: value for key, value in RECORD.items() if key != "versions"}


def test_what_history_says_is_what_the_calibration_and_the_flagship_rest_on():
    told = {row["name"]: (row["value"], *row["band"]) for row in RECORD["parameters"]}
    for name, said in HISTORY.items():
        assert told[name] == pytest.approx(said, rel=0.04)
    flagship = load("draft-treaty-2021")
    spread, resolve = flagship.assumptions.spread, Formula().resolve
    assert spread.factor.value == HISTORY["spread"][0]
    assert HISTORY["cohesion"][1] <= flagship.assumptions.cohesion.value <= HISTORY["cohesion"][2]
    assert HISTORY["resolve"][1] <= resolve <= HISTORY["resolve"][2]
    assert all(member.resolve.value == resolve for member in flagship.seats.values())
