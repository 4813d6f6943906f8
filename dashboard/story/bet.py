"""Place your bet how many clauses survive; then the reveal, and why the bet was right or wrong."""

from __future__ import annotations

from functools import partial

import streamlit as st

from dashboard import folds, pictures, results
from dashboard.question import Question
from dashboard.story import place
from sim import story
from sim.scenario import Scenario
from sim.story import guided

BET = "bet"
"""Key of the bet, also in the address."""


def show(question: Question) -> None:
    """The question, the slider, and nothing that gives the answer away."""
    scenario = results.scenario(question.what_if)
    many = len(scenario.clauses)
    st.header("Place your bet", anchor=False)
    proposer, texts = scenario.proposer.name, story.counted(many, "clause")
    st.markdown(
        f"{proposer} tables {texts}. {consent(scenario)} How many do you think survive in most "
        "worlds?"
    )
    placed = place.number(BET, many)
    st.slider(
        f"Clauses that survive, of {many}",
        0,
        many,
        many // 2 if placed is None else placed,
        key="bet slider",
    )
    st.button("Place my bet", on_click=_place, type="primary")
    texts_of = partial(_texts, scenario)
    folds.section("What is on the table", "story texts", texts_of)


def consent(scenario: Scenario) -> str:
    """What it takes for a text to stand, in one sentence."""
    practice = story.practice(scenario)
    if practice and scenario.rule.name == practice.rule:
        return practice.says
    if scenario.rule.name == "consensus":
        return "Nobody votes: a text stands unless somebody breaks the silence."
    return story.rule_meaning(scenario, scenario.rule.name)


def _texts(scenario: Scenario) -> None:
    st.markdown("\n".join(f"- **{name}** {row.title}" for name, row in scenario.clauses.items()))


def _place() -> None:
    place.write(scene="reveal", bet=st.session_state["bet slider"])


def reveal(question: Question) -> None:
    """How many survive, what the bet was worth, and which clauses it has missed."""
    outcome = results.outcome(question.what_if)
    many = len(outcome.survival)
    bet = place.number(BET, many)
    if bet is None:
        st.header("The reveal", anchor=False)
        st.markdown("First place your bet.")
        st.button("To the bet", on_click=place.write, kwargs={"scene": "bet"}, type="primary")
        return
    right = len(guided.alive(outcome))
    verb = "survives" if right == 1 else "survive"
    st.header(f"{right} of {story.counted(many, 'clause')} {verb}", anchor=False)
    left, beside = st.columns([10, 11], gap="large")
    with left:
        st.markdown(guided.judged(bet, outcome))
        for sentence in guided.why_judged(bet, outcome):
            st.markdown(f"- {sentence}")
        st.button("Bet again", on_click=place.write, kwargs={"scene": "bet", "bet": ""})
    with beside:
        clause = results.clause_to_look_at(question.what_if)
        pictures.show(
            results.bars(question.what_if, clause),
            "story bars",
            "In how many worlds each clause survives",
            letters=pictures.FAR,
        )
        st.caption(f"{story.setting(outcome)}. Survives: in at least half of the worlds.")
