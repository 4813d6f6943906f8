"""You are one of them: pick a member, and hear what its delegation is told."""

from __future__ import annotations

import streamlit as st

from dashboard import results, tiles
from dashboard.controls import MEMBER
from dashboard.question import Question
from sim import story
from sim.story import guided


def show(question: Question) -> None:
    """The map without any stance, and the chosen member's instructions."""
    scenario = results.scenario(question.what_if)
    members = len(scenario.seats)
    st.header(f"You are one of {members}", anchor=False)
    left, right = st.columns(2, gap="large")
    with left:
        shown = tiles.blank(scenario, {question.member})
        tiles.draw("seat map", "Members: press one to take its seat", shown, _sit, {})
    with right:
        st.subheader(story.member_name(scenario, question.member), anchor=False)
        stances = results.by_themselves(question.what_if)
        for sentence in guided.instructions(scenario, question.member, stances):
            st.markdown(sentence)
        st.caption("Press a tile to take another seat. Then: Next.")


def _sit(iso: str | None) -> None:
    if iso:
        st.session_state[MEMBER] = iso
