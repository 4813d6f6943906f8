"""The page opens, answers to its controls and draws what the outcome says."""

from __future__ import annotations

import json
from importlib import resources

import pytest
from streamlit.testing.v1 import AppTest

from sim import charts, run

PAGE = str(resources.files("dashboard") / "app.py")


@pytest.fixture(autouse=True)
def no_arguments(monkeypatch):
    monkeypatch.setattr("sys.argv", ["app.py"])


def test_the_page_opens_and_a_majority_takes_the_missile_clause():
    page = AppTest.from_file(PAGE, default_timeout=60).run()
    assert not page.exception
    assert page.title[0].value == "The draft treaty of December 2021"
    assert "7 of 18 clauses survive" in page.markdown[0].value
    page.selectbox(key="rule").select("majority").run()
    assert not page.exception
    assert "11 of 18 clauses survive" in page.markdown[0].value


def test_the_page_says_how_the_rule_decides_and_what_it_leaves_out():
    page = AppTest.from_file(PAGE, default_timeout=60).run()
    assert "NATO has no voting" in page.markdown[1].value
    assert "The status quo counts nothing here" in page.expander[0].markdown[0].value
    page.selectbox(key="rule").select("majority").run()
    assert "NATO has no voting" not in page.markdown[1].value
    assert "more members support it than object" in page.markdown[1].value


def test_more_trust_is_another_picture():
    page = AppTest.from_file(PAGE, default_timeout=60).run()
    before = page.markdown[0].value
    page.slider(key="trust").set_value(2.0).run()
    assert not page.exception
    assert page.markdown[0].value != before


def test_the_charts_show_every_clause_and_member():
    outcome = run("draft-treaty-2021", worlds=256)
    bars, cells = charts.survival(outcome).to_dict(), charts.objections(outcome).to_dict()
    rows = next(iter(bars["datasets"].values()))
    assert [row["id"] for row in rows] == list(outcome.survival)
    assert [row["survival"] for row in rows] == list(outcome.survival.values())
    assert {row["shown"] for row in rows if 0 < row["survival"] < 0.005} <= {"< 1 %"}
    assert {row["shown"] for row in rows if row["survival"] == 0} == {"0 %"}
    assert len(next(iter(cells["datasets"].values()))) == 30 * 18
    assert "http" not in json.dumps([bars["datasets"], cells["datasets"]])
