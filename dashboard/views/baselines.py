"""The models that always agree, beside the rule that does not: a section of the page of rules."""

from __future__ import annotations

import streamlit as st

from dashboard import pictures, results
from dashboard.question import Question
from sim import charts
from sim.baselines.predictions import Predictions
from sim.story import baselines as words
from sim.story.words import clause_name, member_name


def section(question: Question) -> None:
    """What other schools of thought predict on the same input."""
    found = results.predictions(question.what_if)
    said = words.always(found)
    st.subheader("Beside models that always agree")
    st.markdown(f"**{said}**")
    pictures.show(
        charts.baselines(found),
        "rules.baselines",
        f"The level of each clause by four models, and how far the rule goes. {said}",
    )
    st.caption(
        " ".join(
            [
                f"Points: what four models predict. Bar: as far as {words.subject(found)} goes. "
                f"✕: no level that would count as a text. {words.WHERE[0].upper()}{words.WHERE[1:]}, "
                "before anybody has answered.",
                *words.lesson(found),
            ]
        )
    )
    with st.expander("What the models compute, and where they part from the rule"):
        st.markdown("\n".join(_details(found)))
        st.markdown(f"**{clause_name(found.scenario, question.clause)}.** {words.WORTH}")
        st.dataframe(_worth(found, question.clause), hide_index=True, width="stretch")


def _worth(found: Predictions, clause: str) -> list[dict[str, str]]:
    """One row a member: what the status quo, the mean and the text are worth to it."""
    rows = []
    for row in found.members(clause):
        values = [words.level(value) for value in row["worth"].values()]
        name = member_name(found.scenario, row["member"])
        rows.append(dict(zip(("Member", "Status quo", "Mean", "As tabled"), (name, *values))))
    return rows


def _details(found: Predictions) -> list[str]:
    meanings = [f"- **{name}**: {meaning}." for name, meaning in words.meanings(found).items()]
    return [
        *meanings,
        "",
        words.judgement(found),
        "",
        *(f"- {line}" for line in words.apart(found)),
    ]
