"""One member on one clause: why it does what it does, and what would change its mind."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

import streamlit as st

from dashboard import folds, pictures, results
from dashboard.question import Question
from sim import charts, sheet, story
from sim.scenario import Scenario


def show(question: Question) -> None:
    """The sum, the sentences, the smallest changes that flip it, and what the numbers rest on."""
    why = results.explanation(question)
    name = story.member_name(why.scenario, question.member)
    st.markdown(
        f"**Why {name} {story.SAYS[why.stance]} on {question.clause}**, in the central world"
    )
    pictures.show(charts.contributions(why), "contributions", "What the member makes of the clause")
    st.markdown(story.explanation(why))
    others = story.near(why)[1:6]  # the smallest stands in the sentences
    if others:
        st.markdown("\n".join(["Or:", *(f"- {story.flipped(flip)}" for flip in others)]))
    sources = partial(_sources, why.scenario, question.member)
    folds.popover(f"Sources of {name}'s numbers", "sources of the member", sources)


def _sources(scenario: Scenario, member: str) -> None:
    st.markdown(story.portrait(scenario, member))
    st.markdown(listed(sheet.grounds(scenario, scenario.seats[member])))


def listed(grounds: Iterable[tuple[str, str]]) -> str:
    """What numbers rest on, one a line."""
    return "\n".join(f"- *{kind}*: {ground}" for kind, ground in grounds)
