"""The front page: which clauses survive, who kills the chosen one, and what would save it."""

from __future__ import annotations

from functools import partial

import streamlit as st

from dashboard import controls, folds, pictures, results, tiles
from dashboard.controls import CLAUSE, MEMBER
from dashboard.question import Question
from dashboard.views import explained
from sim import charts, sheet, story
from sim.outcome import Outcome
from sim.scenario import Scenario


def show(question: Question) -> None:
    """Headline, bars and the chosen clause; below, who objects to what and why."""
    outcome = results.outcome(question.what_if)
    _headline(outcome)
    left, right = st.columns([11, 10], gap="medium")
    with left:
        _bars(outcome, question)
    with right:
        _card(outcome, question)
    st.subheader("Who objects to what")
    left, right = st.columns([11, 10], gap="medium")
    with left:
        _matrix(question)
    with right:
        explained.show(question)


def _headline(outcome: Outcome) -> None:
    """What the run says, and the way to the story for those who are new here."""
    left, right = st.columns([8, 1])
    left.markdown(f"##### {story.headline(outcome)}")
    right.button(
        "As a story",
        on_click=controls.go,
        args=("story",),
        width="stretch",
        help="New here? Scene by scene, with a bet to place and a puzzle to solve.",
    )


def _bars(outcome: Outcome, question: Question) -> None:
    pictures.show(
        results.bars(question.what_if, question.clause),
        "bars",
        "In how many worlds each clause survives",
        on_select=lambda: _pick("bars", "clause"),
        selection_mode="clause",
    )
    st.caption(f"{story.setting(outcome)}. Press a bar to look at its clause.")


def _card(outcome: Outcome, question: Question) -> None:
    scenario = outcome.scenario
    st.markdown(
        f"**{story.clause_name(scenario, question.clause)}.** {story.fate(outcome, question.clause)}"
    )
    st.markdown(story.saved(results.rescue(question.what_if, question.clause), scenario))
    tiles.show(outcome, question.clause, question.member, _pick_member)
    st.caption(f"{how_it_decides(scenario)} Press a member to hear why. {story.rests_on(outcome)}")
    sources = partial(_sources, question, scenario)
    folds.popover("Sources of this clause's numbers", "sources of the clause", sources)


def _sources(question: Question, scenario: Scenario) -> None:
    row = scenario.clauses[question.clause]
    st.markdown(row.text)
    st.markdown(explained.listed(sheet.grounds(scenario, row)))


def how_it_decides(scenario: Scenario) -> str:
    """How stances become a decision, in one sentence."""
    practice = story.practice(scenario)
    own = practice is not None and scenario.rule.name == practice.rule
    return practice.says if practice and own else story.rule_meaning(scenario, scenario.rule.name)


def _matrix(question: Question) -> None:
    pictures.show(
        charts.pointed(results.matrix(question.what_if), question.member, question.clause),
        "matrix",
        "What each member does most often on each clause",
        on_select=lambda: _pick("matrix", "cell"),
        selection_mode="cell",
    )
    st.caption(
        "The fainter, the less often. The last row is what the rule makes of it. Press a cell."
    )


def _pick(key: str, name: str) -> None:
    """Look at what was pressed in a picture."""
    points = st.session_state[key]["selection"].get(name) or []
    for point in points:
        if "clause" in point or "id" in point:
            st.session_state[CLAUSE] = point.get("clause", point.get("id"))
        if point.get("member") not in (None, charts.DECISION):
            st.session_state[MEMBER] = point["member"]


def _pick_member(iso: str | None) -> None:
    if iso:
        st.session_state[MEMBER] = iso
