"""How to get to the same numbers again: a link, a command, Python, a scenario file."""

from __future__ import annotations

from pathlib import PurePosixPath

import streamlit as st

from dashboard import pictures, results
from dashboard.controls import PINS
from dashboard.question import Question
from sim import scenario as files
from sim import story


def show(question: Question) -> None:
    """At the foot of every page."""
    asked, scenario = question.what_if, results.scenario(question.what_if)
    with st.expander("Pictures as SVG and PNG"):
        pictures.downloads()
    with st.expander("Reproduce: link, command line, Python, scenario file"):
        st.markdown(
            f"{story.setting(results.outcome(asked))}. The address of this page restores everything on "
            "it; copy it from here or from the browser."
        )
        others = {**st.query_params.to_dict(), PINS: st.session_state.get(PINS, "")}
        link = f"{st.context.url or ''}?{question.link(others)}"
        st.code(link, language=None, wrap_lines=True)
        st.code(
            story.command(scenario, _file(asked.name), asked.worlds, asked.seed), language="bash"
        )
        st.code(
            story.python(scenario, _file(asked.name), asked.worlds, asked.seed), language="python"
        )
        st.download_button(
            "Download as a scenario file",
            lambda: files.as_file(scenario),
            f"{PurePosixPath(scenario.name).name}-what-if.toml",
            "application/toml",
            on_click="ignore",
        )


def _file(name: str) -> str:
    """What a terminal calls a scenario: one that was uploaded, by its file."""
    return f"{name.rpartition('@')[0]}.toml" if results.UPLOADED.fullmatch(name) else name
