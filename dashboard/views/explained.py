"""One member on one clause: why it does what it does, and what would change its mind."""

from __future__ import annotations

import streamlit as st

from dashboard import pictures, results
from dashboard.question import Question
from sim import charts, sheet, story


def show(question: Question) -> None:
    """The sum, the sentences, the smallest changes that flip it, and what the numbers rest on."""
    why = results.explanation(question)
    name = story.member_name(why.scenario, question.member)
    st.markdown(
        f"**Why {name} {story.SAYS[why.stance]} on {question.clause}**, in the central world"
    )
    pictures.show(
        charts.contributions(why), "contributions", f"What {name} makes of {question.clause}"
    )
    st.markdown(story.explanation(why))
    others = story.near(why)[1:6]  # the smallest stands in the sentences
    if others:
        st.markdown("\n".join(["Or:", *(f"- {story.flipped(flip)}" for flip in others)]))
    with st.popover(f"Sources of {name}'s numbers"):
        row = why.scenario.seats[question.member]
        st.markdown(story.portrait(why.scenario, question.member))
        for kind, ground in sheet.grounds(why.scenario, row):
            st.markdown(f"- *{kind}*: {ground}")
