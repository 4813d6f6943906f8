"""The what-if beside the file: what changes, because of whom; what-ifs side by side; files."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import controls, pictures, results, work
from dashboard.question import Question, WhatIf
from sim import charts, story
from sim.errors import OnevetoError
from sim.outcome import Outcome
from sim.scenario import Scenario


def show(question: Question) -> None:
    """What is changed, what that changes, and what was kept to compare with."""
    asked = question.what_if
    if asked.changes:
        _difference(question)
    else:
        st.markdown(
            "##### Nothing is changed yet. Turn something in the side bar, and this page shows what "
            "that changes, beside the scenario as its file has it."
        )
    _pins(asked)
    _files(asked)


def _difference(question: Question) -> None:
    asked = question.what_if
    comparison = results.comparison(asked)
    sentences = story.differences(comparison, question.clause)
    nothing = "No clause changes in more than one world in a hundred."
    st.markdown(f"##### {sentences[0] if sentences else nothing}")
    left, right = st.columns([11, 10], gap="medium")
    with left:
        pictures.show(
            charts.difference(comparison),
            "difference",
            "How often each clause survives, before and after",
        )
        st.caption(
            f"{story.played(results.outcome(asked))}; the same worlds before (hollow) and after (full)."
        )
    with right:
        st.markdown("**What is changed**")
        st.markdown("\n".join(f"- {line}" for line in story.changes(comparison.second).values()))
        if sentences[1:]:
            st.markdown("**What else that changes**")
            st.markdown("\n".join(f"- {sentence}" for sentence in sentences[1:]))
        st.caption(story.headline(results.outcome(asked)))


def _pins(asked: WhatIf) -> None:
    st.subheader("Side by side")
    try:
        pins = controls.pins()
        columns = dict(zip(controls.TAKEN[1:], (asked.baseline, asked)))
        columns |= {name: asked.baseline.but(wanted) for name, wanted in pins.items()}
        outcomes = work.gathered(
            "pins", asked, list(columns.values()), results.outcome, "Playing what-ifs"
        )
    except OnevetoError as error:
        st.error(f"Pinned what-ifs: {error}")
        return
    if outcomes is None:
        return
    table = _survival(results.scenario(asked), dict(zip(columns, outcomes)))
    st.dataframe(
        table,
        hide_index=True,
        height=35 * (len(table) + 1) + 3,
        column_config={name: st.column_config.NumberColumn(format="percent") for name in columns},
    )
    _pinning(asked, pins)


def _survival(scenario: Scenario, outcomes: dict[str, Outcome]) -> pd.DataFrame:
    """How often each clause survives in each what-if."""
    clauses = {f"{name} {row.title}": name for name, row in scenario.clauses.items()}
    shares = {column: found.survival for column, found in outcomes.items()}
    table = {column: [found[name] for name in clauses.values()] for column, found in shares.items()}
    return pd.DataFrame({"Clause": list(clauses), **table})


def _pinning(asked: WhatIf, pins: dict[str, dict[str, object]]) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input(
            "Name of this what-if", key="pin name", placeholder="Majority", width=240
        )
        st.button(
            "Pin it",
            on_click=controls.pin,
            args=(name,),
            disabled=not asked.changes or len(pins) >= controls.MOST_PINS or controls.taken(name),
            help="Keep it as a column of this table, up to four; the link keeps them too.",
        )
    if controls.taken(name):
        st.warning(f"“{name}” is a column of the table already; write another name.")
    for name in pins:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{name}**", width="content")
            st.button("Open", key=f"open {name}", on_click=controls.open_pin, args=(name,))
            st.button("Remove", key=f"remove {name}", on_click=controls.unpin, args=(name,))


def _files(asked: WhatIf) -> None:
    st.subheader("Bring your own")
    given = st.file_uploader(
        "A scenario file",
        type="toml",
        key="upload",
        help="It is read here, on this machine, and checked; nothing is sent anywhere.",
    )
    if given is None:
        st.caption("`oneveto new my-treaty` writes one to start from; so does the download below.")
        return
    try:
        name = results.bring(given.name, given.getvalue())
    except OnevetoError as error:
        for sentence in str(error).splitlines():
            st.error(sentence)
        return
    controls.own(name)
    st.success(f"{given.name} is fine.")
    st.button("Play it", on_click=controls.play, args=(name,), disabled=name == asked.name)
