"""How to get to the same numbers again: a link, a command, Python, a scenario file."""

from __future__ import annotations

from functools import partial
from pathlib import PurePosixPath

import streamlit as st

from dashboard import controls, folds, pictures, results
from dashboard.controls import PINS
from dashboard.question import Question
from sim import scenario as files
from sim import story
from sim.errors import OnevetoError


def show(question: Question) -> None:
    """At the foot of every page."""
    _report(question)
    folds.section("Pictures as SVG and PNG", "pictures", pictures.downloads)
    title = "Reproduce: link, command line, Python, scenario file"
    folds.section(title, "reproduce", partial(_ways, question))


def _report(question: Question) -> None:
    """One button for the findings as a document, with what is pinned; or what hinders it."""
    asked, scenario = question.what_if, results.scenario(question.what_if)
    try:
        pins = controls.pins()
        for changes in pins.values():
            results.scenario(asked.baseline.but(changes))
    except OnevetoError as error:
        st.caption(f"No report: {error}")
        return
    kept = tuple((name, tuple(changes.items())) for name, changes in pins.items())
    st.download_button(
        "Report to take home or to print",
        lambda: results.report(asked, file(asked.name), question.clause, kept),
        f"{PurePosixPath(scenario.name).name}-report.html",
        "text/html",
        key="report",
        on_click="ignore",
        help="All findings on this what-if and on what is pinned, as one HTML file. It takes some ten "
        "seconds to write; it opens without the internet.",
    )


def _ways(question: Question) -> None:
    """What brings somebody else to the same numbers."""
    asked, scenario = question.what_if, results.scenario(question.what_if)
    st.markdown(
        f"{story.setting(results.outcome(asked))}. The address of this page restores everything on "
        "it; copy it from here or from the browser."
    )
    others = {**st.query_params.to_dict(), PINS: st.session_state.get(PINS, "")}
    link = f"{st.context.url or ''}?{question.link(others)}"
    st.code(link, language=None, wrap_lines=True)
    st.code(story.command(scenario, file(asked.name), asked.worlds, asked.seed), language="bash")
    st.code(story.python(scenario, file(asked.name), asked.worlds, asked.seed), language="python")
    st.download_button(
        "Download as a scenario file",
        lambda: files.as_file(scenario),
        f"{PurePosixPath(scenario.name).name}-what-if.toml",
        "application/toml",
        on_click="ignore",
    )


def file(name: str) -> str:
    """What a terminal calls a scenario: one that was uploaded, by its file."""
    return f"{name.rpartition('@')[0]}.toml" if results.UPLOADED.fullmatch(name) else name
