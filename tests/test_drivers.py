"""The page Why, second half: whom to persuade, what drives a clause, where it lives, how sturdy."""

from __future__ import annotations

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import results
from dashboard.question import WhatIf
from dashboard.studies import SOUGHT, Study
from sim import charts, load, with_changes
from sim.analysis import extras
from sim.analysis.boxes import Box, Fit, Limit
from sim.analysis.discovery import Discovery, Region
from sim.analysis.experiments import Table, ranges
from sim.analysis.persuasion import persuasion
from sim.analysis.robustness import Claim, Overturn, robustness
from sim.dice import generator
from sim.story import robustness as claims

FLAGSHIP = load("draft-treaty-2021")
ASKED = WhatIf("draft-treaty-2021")
SIZES = {"WORLDS": 64, "POINTS": 16, "SPREAD": 1024}
TORNADO = Study("tornado", replace(ASKED, worlds=64), "N5.1")


@pytest.fixture(autouse=True)
def few_worlds(monkeypatch):
    """Small studies: what the page shows is the same."""
    for name, number in SIZES.items():
        monkeypatch.setattr(f"dashboard.views.drivers.{name}", number)


def script(name, clause, changes):
    import streamlit as st

    from dashboard.question import Question, WhatIf
    from dashboard.views import drivers

    changes = st.session_state.get("changed", changes)
    drivers.show(Question(WhatIf(name, changes), clause, "POL"), 12)


def shut(name="draft-treaty-2021", clause="N5.1", **changes):
    asked = {"name": name, "clause": clause, "changes": tuple(changes.items())}
    return AppTest.from_function(script, kwargs=asked, default_timeout=120)


def opened(*parts, name="draft-treaty-2021", clause="N5.1", **changes):
    """The sections with some of their parts asked for."""
    app = shut(name, clause, **changes)
    for part in parts:
        app.session_state[part] = True
    return turned(app)


def turned(app):
    app.run()
    assert not app.exception
    return app


def said(app):
    return "\n".join(each.value for each in (*app.markdown, *app.caption, *app.info))


def pictures(app):
    """What is read aloud instead of each picture."""
    return [each.proto.alt for each in app.get("vega_lite_chart")]


# Only what is asked for ---------------------------------------------------------------------------


def test_the_sections_come_in_the_order_in_which_a_reader_asks():
    assert [part.value for part in turned(shut()).subheader] == [
        "Who could be persuaded",
        "What drives it",
        "Where it would live",
        "How sturdy it is",
    ]


def test_nothing_that_takes_long_is_worked_out_before_somebody_asks(monkeypatch):
    def never(*_, **__):
        raise AssertionError("nobody has asked for this")

    for name in ("cell", "answer", "moves", "robustness"):
        monkeypatch.setattr(results, name, never)
    app = turned(shut())
    assert not any(toggle.value for toggle in app.toggle)
    assert len(pictures(app)) == 1, "whom to persuade is known at once"


def test_a_link_opens_what_somebody_had_opened():
    app = shut()
    app.query_params["tornado"] = "true"
    assert turned(app).toggle(key="tornado").value
    assert any("tornado" in alt for alt in pictures(app))


def test_what_was_asked_for_stays_and_answers_the_next_what_if():
    app = opened("tornado")
    assert "As it stands the margin on N5.1 is −0.054" in said(app)
    before = said(app)
    assert said(turned(app)) == before
    app.session_state["changed"] = (("assumptions.cohesion", 0.8),)
    assert said(turned(app)) != before
    assert "As it stands the margin on N5.1 is +" in said(app)


# Whom to persuade ---------------------------------------------------------------------------------


def test_the_cheapest_four_are_named_and_drawn_with_what_each_must_be_given():
    app = turned(shut())
    assert "cheapest to persuade Estonia, Lithuania, Latvia and Poland" in said(app)
    found = persuasion(FLAGSHIP, "N5.1")
    drawn = charts.arguments(FLAGSHIP, found.cheapest).to_dict()["datasets"].values()
    rows = [row for table in drawn for row in table]
    assert [row["name"] for row in rows] == ["Estonia", "Lithuania", "Latvia", "Poland"]
    assert [row["worth"] for row in rows] == [each.worth for each in found.cheapest]


def test_of_many_members_the_first_are_drawn_and_the_others_counted():
    app = turned(shut(clause="N6.1"))
    assert "18 more members must be persuaded of less." in said(app)
    found = persuasion(FLAGSHIP, "N6.1").cheapest
    chart = charts.arguments(FLAGSHIP, found, most=12).to_dict()
    assert {len(rows) for rows in chart["datasets"].values()} == {12}


def test_two_texts_have_rows_of_their_own():
    found = persuasion(FLAGSHIP, "N4.2").cheapest
    drawn = charts.arguments(FLAGSHIP, found).to_dict()["datasets"].values()
    names = [row["name"] for rows in drawn for row in rows]
    assert len(set(names)) == len(names) == len(found)
    assert {name.rpartition(", ")[2] for name in names} == {"N4.1", "N4.2"}


def test_of_what_survives_nobody_must_be_persuaded_and_nothing_is_drawn():
    app = turned(shut(clause="N2.3"))
    assert "nobody must be persuaded" in said(app)
    assert not pictures(app)


def test_under_a_majority_the_search_waits_until_it_is_asked_for(monkeypatch):
    monkeypatch.setattr(results, "persuasion", lambda *_: pytest.fail("nobody has asked for this"))
    app = turned(shut(rule="majority"))
    assert not app.toggle(key="persuade").value
    monkeypatch.undo()
    app.toggle(key="persuade").set_value(True)
    assert "N5.1 survives as it is first tabled" in said(turned(app))


def test_the_smallest_moves_of_single_numbers_are_listed():
    app = opened("single", name="three-neighbours", clause="strip")
    assert "11 of the members' 27 numbers can alone flip the verdict on strip" in said(app)
    (listed,) = [each.value for each in app.markdown if each.value.startswith("- ")]
    assert len(listed.splitlines()) == 4, "the smallest of the five is in the sentence"
    assert "The next are:" in said(app)
    assert "no single number of any one member" in said(opened("single"))


# What drives it -----------------------------------------------------------------------------------


def test_a_tornado_says_what_it_turned_in_how_many_worlds():
    app = opened("tornado")
    assert "Furthest go: Cohesion" in said(app)
    assert "64 worlds at each end, seed 0." in said(app)
    assert any(alt.startswith("A tornado: the margin on N5.1") for alt in pictures(app))


def test_indices_come_with_their_intervals_and_how_they_were_found():
    app = opened("sobol")
    assert "The margin on N5.1 is" in said(app)
    assert "lines: 95 % intervals" in said(app)
    assert "359 uncertain numbers turned by the dice of their bands" in said(app)
    assert any("variance of the margin on N5.1" in alt for alt in pictures(app))


def test_where_nothing_is_uncertain_a_sentence_stands_in_the_place_of_a_picture():
    app = opened("sobol", "regions", name="three-neighbours", clause="hotline")
    assert "No number of three-neighbours is uncertain" in said(app)
    assert "hotline always survives" in said(app)
    assert "there is no region" in said(app)
    assert not pictures(app)


def test_under_a_majority_the_least_willing_member_is_said_not_to_decide():
    assert "need not move the verdict" in said(opened("tornado", rule="majority"))


def test_work_that_was_stopped_waits_goes_on_and_begins_anew_with_another_what_if():
    app = shut()
    app.session_state["tornado"] = True
    app.session_state["why.tornado.stopped"] = TORNADO
    assert "Stopped: One dial after the other." in said(turned(app))
    assert "Furthest go" not in said(app)
    assert "How sturdy it is" in [part.value for part in app.subheader]
    app.button(key="why.tornado.go").click()
    assert "Furthest go" in said(turned(app))
    app.session_state["why.tornado.stopped"] = TORNADO
    app.session_state["changed"] = (("assumptions.cohesion", 0.4),)
    assert "Furthest go" in said(turned(app))


def test_a_study_shows_how_far_it_is_and_how_to_stop_it(monkeypatch):
    monkeypatch.setattr("dashboard.work.PATIENCE", -1)
    told = []
    monkeypatch.setattr("streamlit.progress", lambda *_: told.append("bar") or _Bar(told))
    opened("tornado")
    assert told[:3] == [
        "bar",
        "One dial after the other: 0 of 25",
        "One dial after the other: 1 of 25",
    ]


class _Bar:
    def __init__(self, told):
        self.told = told

    def progress(self, _, text):
        self.told.append(text)


def test_what_was_worked_out_before_a_stop_is_not_worked_out_again(monkeypatch):
    study = Study("tornado", replace(ASKED, worlds=64, seed=41), "N5.1")
    work, played = study.work(FLAGSHIP), []

    class Counted:
        cells = work.cells

        def cell(self, place):
            played.append(place)
            return work.cell(place)

    monkeypatch.setattr(Study, "work", lambda *_: Counted())
    for place in [*work.cells[:5], *work.cells]:
        results.cell(study, place)
    assert played == list(work.cells)


# Where it would live ------------------------------------------------------------------------------


def test_regions_are_told_tested_and_drawn():
    app = opened("regions")
    assert "1. N5.1 survives where" in said(app)
    assert "On worlds of another seed" in said(app)
    assert "seeds 0 and 1" in said(app)
    assert "- Cohesion: 0 to 1" in said(app)
    assert any("the boxes" in alt for alt in pictures(app))
    assert any(alt.startswith("How far each assumption may go in box 1") for alt in pictures(app))


def test_it_can_be_asked_where_a_clause_falls():
    app = opened("regions")
    assert "N5.1 falls where" not in said(app)
    app.segmented_control(key="fate").set_value("falls")
    assert "N5.1 falls where" in said(turned(app))


def test_without_the_extra_a_sentence_says_what_to_install_and_the_tornado_is_there(monkeypatch):
    monkeypatch.setattr(extras, "find_spec", lambda _: None)
    app = opened("tornado", "sobol", "regions")
    assert len(app.info) == 2
    assert all("pip install 'oneveto[analysis]'" in each.value for each in app.info)
    assert "Furthest go" in said(app)
    assert "How sturdy it is" in [part.value for part in app.subheader]


def test_two_boxes_that_share_a_corner_have_names_one_below_the_other():
    varied = ranges(FLAGSHIP, "N5.1", ())
    worlds = 64
    values = {
        each.name: each.low + (each.high - each.low) * generator(0, each.name).random(worlds)
        for each in varied
    }
    happened = values["cohesion"] > 0.5
    half = Fit(0.5, 0.5, 0.5)
    limit = Limit(0.5, None, 0.001)
    regions = tuple(Region(Box({"cohesion": limit}), half, half) for _ in range(2))
    found = Discovery(
        *(FLAGSHIP, "N5.1", False, varied, worlds, 0, 0.5, 0.5, regions, half, half),
        Table(values, happened),
    )
    layers = charts.boxes(found).to_dict()["layer"]
    names = [layer["mark"]["dy"] for layer in layers if layer["mark"]["type"] == "text"]
    assert len(set(names)) == 2


# How sturdy it is ---------------------------------------------------------------------------------


def test_the_claim_about_the_clause_comes_before_all_others():
    app = opened("sturdy")
    bold = [
        each.value for each in app.markdown if each.value.startswith("**N5.1 falls: that holds")
    ]
    assert len(bold) == 1
    assert "No single number, moved by up to 4 bands, overturns that the treaty" in said(app)
    assert "Most rests on" in said(app)
    assert "359 uncertain numbers, each moved alone." in said(app)


def test_a_claim_is_told_with_what_overturns_it():
    move = Overturn("assumptions.cohesion", 0.3, 0.47701, 1.8)
    claim = Claim("clause", "N5.1", False, 0.8, 0.782, 0.817, True, (move,), ())
    assert claims.tried(FLAGSHIP, claim) == (
        "N5.1 falls: that holds in 80 % (78 to 82) of worlds. The smallest move that overturns it: "
        "cohesion from .3 to .4771, 1.8 bands."
    )
    firm = replace(claim, overturns=())
    assert "No single number, moved by up to 4 bands" in claims.tried(FLAGSHIP, firm)
    assert claims.tried(FLAGSHIP, replace(firm, central=False)).endswith(
        "of worlds, but not in the central one."
    )


def test_nearly_all_worlds_are_more_than_a_share():
    found = robustness(with_changes(FLAGSHIP, {"rule": "majority"}), worlds=64)
    firm = replace(found.claims[-1], central=True, overturns=(), share=0.999)
    assert claims.sturdy(replace(found, claims=(firm,))).endswith("in more than 99 % of worlds.")


def test_all_that_can_be_sought_is_a_study_of_a_scenario():
    for sought in SOUGHT:
        work = Study(sought, replace(ASKED, worlds=1024), "N5.1").work(FLAGSHIP)
        assert len(work.cells) > 1
