"""The sandbox: three dials, one number, and the ways to the other pages."""

from __future__ import annotations

import streamlit as st

from dashboard import controls, results
from dashboard.controls import Desk
from dashboard.question import Question
from sim import story
from sim.scenario import rules_of
from sim.story import guided

WAYS = {
    "verdict": "Verdict: who kills what",
    "what-if": "What if: what changed",
    "rules": "Rules: every rule at once",
    "why": "Why: where it tips",
}
"""Pages to go on to."""


def show(question: Question) -> None:
    """Trust, cohesion and the rule; how many clauses survive; where to go on."""
    asked = question.what_if
    desk = Desk(results.file(asked.name), results.scenario(asked))
    outcome, before = results.outcome(asked), results.outcome(asked.baseline)
    st.header("Your turn", anchor=False)
    left, right = st.columns(2, gap="large")
    with left:
        _dials(desk)
    with right:
        alive, many = guided.alive(outcome), len(outcome.survival)
        more = len(alive) - len(guided.alive(before))
        st.metric(
            "Clauses that survive in most worlds",
            f"{len(alive)} of {many}",
            (f"{more:+d} against the file" if more else "as many as in the file")
            if asked.changes
            else None,
            delta_arrow="off",
            delta_color="off",
        )
        st.markdown(story.listed(alive) if alive else "Nothing survives.")
        st.button("All as in the file", on_click=controls.reset, disabled=not asked.changes)
    st.markdown("Go on, with your dials as they are:")
    with st.container(horizontal=True):
        for page, title in WAYS.items():
            st.button(title, key=f"to {page}", on_click=controls.go, args=(page,))


def _dials(desk: Desk) -> None:
    scenario = desk.current
    if scenario.at_its_word:
        st.caption("Nobody doubts the word of the proposer here: there is no trust to turn.")
    else:
        desk.slider(
            "assumptions.trust",
            "Trust in the proposer, for everybody",
            (-2.0, 2.0, 0.25),
            "0 is the trust of the day; in log-odds.",
        )
    desk.slider(
        "assumptions.cohesion",
        "Cohesion: how far members listen to each other",
        (0.0, 1.0, 0.02),
        "0 each for itself, 1 the others' view alone.",
    )
    known = rules_of(scenario)
    words = {rule: story.rule_title(scenario, rule) for rule in known}
    desk.choice("rule", "Rule", known, words, story.rule_meaning(scenario, scenario.rule.name))
