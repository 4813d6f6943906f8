"""The same worlds, another rule."""

from __future__ import annotations

import streamlit as st

from dashboard import pictures, results
from dashboard.question import Question
from dashboard.story import place
from sim import charts, story
from sim.scenario import rules_of

UNDER = "under"
"""Key of the rule that is tried, also in the address."""


def show(question: Question) -> None:
    """Rules to press, what each means, and what stands under it beside what stands now."""
    asked = question.what_if
    scenario = results.scenario(asked)
    now, known = scenario.rule.name, rules_of(scenario)
    st.header("The same worlds, another rule", anchor=False)
    st.session_state["under rule"] = rule = place.word(UNDER, known, now)
    st.segmented_control(
        "Rule",
        known,
        format_func=lambda name: story.rule_title(scenario, name),
        required=True,
        key="under rule",
        on_change=lambda: place.write(under=st.session_state["under rule"]),
    )
    other = results.under(asked, rule)
    left, right = st.columns([10, 11], gap="large")
    with left:
        st.markdown(story.rule_meaning(scenario, rule))
        if rule == now:
            st.markdown("**So it is decided here.** Press another rule.")
        else:
            changed = story.against(results.outcome(asked), results.beside(asked, other))
            st.markdown(f"**Against the rule in force, {changed}.**")
        st.caption(
            "Nobody is asked anew: the same members in the same worlds. "
            f"{story.other_rules_are(scenario)}"
        )
    with right:
        pictures.show(
            charts.difference(results.differing(asked, other)),
            "story rule",
            "How often each clause survives under the rule in force and under the one pressed",
            letters=pictures.FAR,
        )
        st.caption("Hollow: the rule in force. Full: the rule that is pressed.")
