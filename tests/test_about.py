"""The page About: every number with its ground, every equation in words, whatever the scenario."""

from __future__ import annotations

import io

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from sim import sheet, story
from sim.appraisal import Stakes, appraise, ceiling
from sim.scenario import load, names, value_at


def page(name: str) -> AppTest:
    def script(name, clause, member):
        from dashboard.question import Question, WhatIf
        from dashboard.views import about

        about.show(Question(WhatIf(name), clause, member))

    scenario = load(name)
    chosen = {"clause": next(iter(scenario.clauses)), "member": next(iter(scenario.seats))}
    return AppTest.from_function(script, kwargs={"name": name, **chosen}, default_timeout=60).run()


@pytest.mark.parametrize("name", names())
def test_every_scenario_says_what_it_rests_on_and_what_it_leaves_out(name):
    shown, about = page(name), load(name).about
    assert not shown.exception
    text = "\n".join(part.value for part in shown.markdown)
    for line in (*about.notice, *about.sources, *about.leaves_out, *story.LIMITS):
        assert line in text
    assert "Illustrative, not a forecast" in text
    assert [part.value for part in shown.latex] == [
        f"$$\n{step.tex}\\,\n$$" for step in story.MODEL
    ]


@pytest.mark.parametrize("name", names())
def test_every_number_of_the_tables_stands_at_its_address(name):
    scenario = load(name)
    tables = {"clauses": (sheet.clauses, "clause"), "members": (sheet.members, "member")}
    for of, (rows, key) in tables.items():
        for row in rows(scenario):
            for column, value in row.items():
                if "." in column:
                    assert value_at(scenario, f"{of}.{row[key]}.{column}") == value
    for row in sheet.assumptions(scenario):
        assert value_at(scenario, row["address"]) == row["value"]


def test_every_clause_item_and_assumption_of_the_flagship_has_a_ground():
    scenario = load("draft-treaty-2021")
    for rows in (sheet.clauses, sheet.evidence, sheet.assumptions):
        for row in rows(scenario):
            assert row["source"] or row["judgement"], row


def test_the_tables_survive_the_way_through_a_file():
    frame = pd.DataFrame(sheet.members(load("draft-treaty-2021")))
    again = pd.read_csv(io.StringIO(frame.to_csv(index=False)), keep_default_na=False)
    assert again["weight.deterrence"].tolist() == frame["weight.deterrence"].tolist()
    assert list(again["name"]) == list(frame["name"])


def test_the_equations_of_the_page_are_those_that_the_model_works_with():
    import numpy as np

    t, g, p, a, x, r = 0.4, 0.9, 0.1, 0.5, 0.7, 0.03
    stakes = Stakes(*(np.array([[number]]) for number in (g, p, a)))
    assert appraise(np.array([t]), stakes, np.array([[x]])) == pytest.approx(
        (t * g - p) * x - a * x**2
    )
    b = t * g - p
    highest = ceiling(np.array(b), np.array(a), np.array(r))
    assert highest == pytest.approx((b + (b**2 + 4 * a * r) ** 0.5) / (2 * a))


def test_every_step_of_the_model_is_said_in_one_sentence_and_has_a_source():
    for step in story.MODEL:
        assert step.words.endswith(".")
        assert step.source.endswith(".")
        assert step.tex.count("{") == step.tex.count("}")
