"""One page: which clauses survive, and who kills the others. Run it with `oneveto dashboard`."""

from __future__ import annotations

import sys

import streamlit as st

from sim import charts, story
from sim.constants import FLAGSHIP
from sim.ensemble import run
from sim.errors import OnevetoError
from sim.outcome import Outcome
from sim.rules import RULES, meaning
from sim.scenario import Scenario, load, with_changes

WORLDS = 2000
RULE_WORDS = {
    "consensus": "Consensus: one veto kills",
    "consensus-2": "Consensus minus two",
    "affirmative": "Everybody must say yes",
    "majority": "Simple majority",
    "qualified": "Qualified majority",
    "entry-into-force": "In force when more than half support",
}


@st.cache_resource(max_entries=8)
def scenario_of(name: str) -> Scenario:
    """A scenario, read and checked once."""
    return load(name)


@st.cache_resource(max_entries=64, show_spinner="Playing 2,000 worlds …")
def outcome_of(name: str, rule: str, trust: float) -> Outcome:
    """The outcome of one what-if, on always the same worlds."""
    changes = {"rule": rule, "assumptions.trust": trust}
    return run(with_changes(scenario_of(name), changes), worlds=WORLDS, seed=0)


def page(name: str) -> None:
    """Two controls, one sentence, two pictures."""
    about = scenario_of(name).about
    st.title(about.title)
    st.caption(f"{about.question} Illustrative, not a forecast.")
    left, right = st.columns(2)
    rule = left.selectbox(
        "Rule",
        [rule for rule in RULES if rule in RULE_WORDS],
        format_func=RULE_WORDS.__getitem__,
        key="rule",
    )
    trust = right.slider(
        "Trust in the proposer, shifted for every member (log-odds)",
        -2.0,
        2.0,
        0.0,
        0.25,
        key="trust",
        help="0 is the trust of the day. Every 0.7 to the right doubles the odds, in every member's "
        "eyes, that the proposer is a security seeker: one that wants to be safe and keeps a bargain "
        "that makes it so, not one that wants more, or only a refusal to point at.",
    )
    outcome = outcome_of(name, rule, trust)
    st.markdown(f"**{story.headline(outcome)}**")
    st.subheader("Which clauses survive")
    st.altair_chart(charts.survival(outcome), width="stretch")
    st.subheader("Who objects")
    st.markdown(
        f"{how_it_decides(outcome.scenario)} "
        "The stronger the orange, the more often that member breaks the silence."
    )
    st.altair_chart(charts.objections(outcome), width="stretch")
    st.caption(story.setting(outcome))
    with st.expander("What this leaves out"):
        st.markdown("\n".join(f"- {line}" for line in about.leaves_out))


def how_it_decides(scenario: Scenario) -> str:
    """How stances become a decision, in one sentence."""
    if story.silence_is_consent(scenario):
        return "NATO has no voting: a text stands unless a member breaks the silence."
    return meaning(scenario.rule.name)


def main() -> None:
    """Show the page, or one sentence where there is something to mend."""
    st.set_page_config(page_title="oneveto", page_icon="🕊️", layout="wide")
    try:
        page(sys.argv[1] if len(sys.argv) > 1 else FLAGSHIP)
    except OnevetoError as error:
        st.error(str(error))


main()
