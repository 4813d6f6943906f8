"""The model on a page, how the council decides, where every number comes from, what is left out."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from pathlib import PurePosixPath
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import results
from dashboard.question import Question
from scenarios import calibrate, facts
from sim import sheet, story
from sim.scenario import Scenario, roster_of

PLAIN = (
    "A treaty is tabled, clause by clause. Every member weighs what a clause gives against what it "
    "costs, hears the others, and supports it, stays silent or breaks the silence; the rule adds "
    "them up. What nobody knows for sure is drawn anew in thousands of worlds. **Illustrative, not "
    "a forecast**: a clause that survives in 14 % of the worlds hangs on such numbers; that is no "
    "probability of history."
)

QUANTITIES = {
    "Threat": calibrate.threat,
    "Lead": calibrate.lead,
    "Engagement": calibrate.engage,
    "Trust": calibrate.trust,
    "Weights": calibrate.weights,
    "Exposures": calibrate.exposures,
}
"""What the calibration makes of facts; each says why."""

TABLES = {
    "Clauses": sheet.clauses,
    "Members": sheet.members,
    "Evidence": sheet.evidence,
    "Assumptions": sheet.assumptions,
}


def show(question: Question) -> None:
    """From what to look for to what the model cannot show."""
    scenario = results.scenario(question.what_if)
    st.header("What this is, and what it rests on")
    st.markdown(PLAIN)
    to_notice(scenario)
    words(scenario)
    model()
    data(scenario, question)
    calibration(scenario)
    limits(scenario)


def to_notice(scenario: Scenario) -> None:
    """What the author of the scenario would point at."""
    about = scenario.about
    if about.notice:
        st.subheader("Things to notice")
        st.markdown(_bullets(about.notice))
    if about.try_:
        st.subheader("Things to try")
        st.markdown("In a terminal; most of it is in the side bar as well.")
        st.code("\n".join(about.try_), language=None, wrap_lines=True)


def words(scenario: Scenario) -> None:
    """The words for what members do, and how the council that sits here decides in fact."""
    practice = story.practice(scenario)
    st.subheader(f"{practice.body}: how it decides" if practice else "What members do")
    if practice:
        st.markdown(practice.words)
    st.markdown(_bullets(f"A member **{word}**: {sense}" for word, sense in story.WORDS.items()))
    if practice:
        st.caption("Sources: " + " ".join(practice.sources))


def model() -> None:
    """The equations, each in plain words."""
    st.subheader("The model on a page")
    for number, step in enumerate(story.MODEL, 1):
        with st.container(border=True):
            left, right = st.columns([3, 2], vertical_alignment="center")
            left.markdown(f"**{number}. {step.title}.** {step.words}")
            left.caption(step.source)
            right.latex(step.tex + r"\,")  # else a hair wider than its place, which then scrolls


def data(scenario: Scenario, question: Question) -> None:
    """Every number of the scenario with its ground, as tables that can be taken along."""
    st.subheader("Every number, and where it comes from")
    st.markdown(_bullets(scenario.about.sources))
    st.markdown(
        "The heads of the columns are the ends of addresses: what stands under `cost.deterrence` "
        "beside N5.1 is `clauses.N5.1.cost.deterrence`, and can be changed under that name. A "
        "number without a source is a judgement."
    )
    clause, member = scenario.clauses[question.clause], scenario.seats[question.member]
    chosen = {
        "Clauses": (story.clause_name(scenario, question.clause), clause.text, clause),
        "Members": (story.member_name(scenario, question.member), "", member),
    }
    for place, (kind, rows) in zip(st.tabs(list(TABLES)), TABLES.items()):
        with place:
            if kind in chosen:
                name, text, row = chosen[kind]
                st.markdown(f"**{name}**, the one looked at. {text}")
                st.markdown(_bullets(_grounds(sheet.grounds(scenario, row))))
            _table(kind, pd.DataFrame(rows(scenario)), scenario.name)


def calibration(scenario: Scenario) -> None:
    """How the members came by their numbers."""
    st.subheader("How members came by their numbers")
    roster, own = roster_of(scenario), scenario.members
    for table in (roster, own):
        if table and (table.source or table.judgement):
            found = {"Source": table.source, "Judgement": table.judgement}
            st.markdown(_bullets(_grounds(found.items())))
    if not roster or "calibrate" not in (roster.source or ""):
        return
    st.markdown(_bullets(f"**{name}**: {_said(what)}" for name, what in QUANTITIES.items()))
    with st.expander("The coefficients of the formula, each a judgement"):
        rows = pd.DataFrame(_coefficients(calibrate.Formula()), columns=["coefficient", "value"])
        _table("Coefficients", rows, scenario.name)
    st.download_button(
        "The facts about members, each with its source (CSV)",
        facts.FACTS.read_bytes(),
        facts.FACTS.name,
        "text/csv",
        on_click="ignore",
    )


def limits(scenario: Scenario) -> None:
    """What the model cannot show, and what this scenario leaves out besides."""
    st.subheader("Limits")
    st.markdown("No scenario of this model can show more than this:")
    st.markdown(_bullets(story.LIMITS))
    st.markdown("And this one leaves out:")
    st.markdown(_bullets(scenario.about.leaves_out))


def _grounds(found: Iterable[tuple[str, str | None]]) -> list[str]:
    return [f"{of}: {text}" for of, text in found if text]


def _table(kind: str, rows: pd.DataFrame, name: str) -> None:
    if rows.empty:
        st.caption("The scenario has none.")
        return
    st.dataframe(rows, hide_index=True, width="stretch", key=f"about {kind}")
    st.download_button(
        f"{kind} as CSV",
        rows.to_csv(index=False),
        f"{PurePosixPath(name).name}-{kind.lower()}.csv",
        "text/csv",
        key=f"about {kind} csv",
        on_click="ignore",
    )


def _coefficients(formula: Any, of: str = "") -> list[tuple[str, float]]:
    found: list[tuple[str, float]] = []
    for field in fields(formula):
        value, name = getattr(formula, field.name), f"{of}{field.name}"
        found += _coefficients(value, f"{name}.") if is_dataclass(value) else [(name, value)]
    return found


def _said(what: Any) -> str:
    """What a function of the calibration says of itself, in one paragraph."""
    return " ".join((inspect.getdoc(what) or "").split())


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
