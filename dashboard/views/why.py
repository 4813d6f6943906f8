"""Why: who decides on the clause, how far it could go, what silence would cost, and where it tips.

What drives it, and what it would take, is in `dashboard.views.drivers`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from dashboard import pictures, results
from dashboard.question import Question, WhatIf
from dashboard.views import drivers
from dashboard.work import gathered
from sim import charts, story
from sim.analysis import tipping
from sim.analysis.ceilings import ceilings
from sim.analysis.dials import Dial, dials
from sim.analysis.tipping import Survivors
from sim.outcome import Outcome

ROWS = 12
"""Members that a picture shows unless all are asked for."""

SETTINGS, WORLDS = 21, 500
"""Of a curve."""

SIDE, CELL_WORLDS = 9, 256
"""Of a map: so many cells along each side, so many worlds in each."""

VARY, ACROSS = "vary", "across"
"""Keys of what is turned, also in the address of the page."""


def show(question: Question) -> None:
    """The reasons for the verdict on one clause."""
    outcome = results.outcome(question.what_if)
    st.header(f"Why: {story.clause_name(outcome.scenario, question.clause)}")
    rows = _rows(outcome)
    _who_decides(outcome, question.clause, rows)
    _how_far(outcome, question.clause, rows)
    _what_silence_costs(outcome, question.clause)
    known = {dial.name: dial for dial in dials(outcome.scenario, question.clause, question.member)}
    dial = _where_it_tips(question, known)
    _two_at_once(question, dial, known)
    drivers.show(question, rows)


def _rows(outcome: Outcome) -> int | None:
    """How many members the pictures show; None for all."""
    members = len(outcome.scenario.seats)
    if members <= ROWS:
        return None
    every = st.toggle(
        f"All {members} members",
        key="everybody",
        bind="query-params",
        help=f"Otherwise the pictures show the {ROWS} that matter most.",
    )
    return None if every else ROWS


# Who decides ------------------------------------------------------------------------------------


def _who_decides(outcome: Outcome, clause: str, rows: int | None) -> None:
    st.subheader("Who decides")
    st.markdown(story.who_decides(outcome, clause))
    row = outcome.measures()[clause]
    left, right = st.columns(2)
    if row["blockers"]:
        with left:
            st.markdown("**Whose objection brings it down**")
            pictures.show(
                charts.blockers(outcome, clause, rows=rows),
                "why.blockers",
                f"Bars: the share of worlds in which each member's objection brings {clause} down.",
            )
    if row["ceiling"]["binding"]:
        with right:
            st.markdown("**Whose ceiling is the lowest**")
            pictures.show(
                charts.binding(outcome, clause, rows=rows),
                "why.binding",
                f"Bars: the share of worlds in which each member's ceiling on {clause} is the lowest.",
            )
    st.caption(
        f"{story.binds_most(outcome, clause)} A ceiling is the highest level that a member can live "
        f"with. {story.setting(outcome)}"
    )


def _how_far(outcome: Outcome, clause: str, rows: int | None) -> None:
    st.subheader("How far it could go")
    scenario, found = outcome.scenario, ceilings(outcome.scenario, clause)
    st.markdown(story.lowest_ceiling(scenario, found))
    pictures.show(
        charts.ceilings(scenario, found, rows=rows),
        "why.ceilings",
        f"For each member how far it could go along with {clause}, beside what is tabled.",
    )
    st.caption(
        "Each member's ceiling after consultation; the small tick is where it would stop by itself. "
        f"Exact, in {story.CENTRE}, as the negotiation opens.{_as_a_whole(outcome)}"
    )


def _as_a_whole(outcome: Outcome) -> str:
    if all(stage.kind == "clauses" for stage in outcome.scenario.stages):
        return ""
    return " The clause by itself: in a package, members weigh the text as a whole."


def _what_silence_costs(outcome: Outcome, clause: str) -> None:
    st.subheader("What silence would cost")
    st.markdown(story.silence_costs(outcome, clause))
    pictures.show(
        charts.prices(outcome),
        "why.prices",
        "A line for each clause: what it would cost to keep everybody silent, median and span.",
    )
    st.caption(
        "What objectors would have to be given together for the clause to stand: the thick mark is the "
        "median, the line spans nine worlds of ten. Small prices are stretched. That one member's loss "
        f"weighs as much as another's is an assumption. {story.played(outcome).capitalize()}."
    )


# Where it tips ----------------------------------------------------------------------------------


def _where_it_tips(question: Question, known: Mapping[str, Dial]) -> Dial:
    """The curve over one dial, which is returned."""
    st.subheader("Where it tips")
    dial = _chosen(VARY, "Vary", known)
    settings = dial.settings(SETTINGS)
    base = replace(question.what_if, worlds=WORLDS)
    found = _survivors("why.curve", base, [dial.changes(value) for value in settings], "Curve")
    if found is None:
        return dial
    curve = tipping.curve(dial, question.clause, settings, found)
    st.markdown(f"{story.where_it_tips(curve)} {_exactly(question, dial)}")
    pictures.show(
        charts.tipping(curve),
        "why.tipping",
        f"How often {question.clause} survives over {dial.title}. {story.where_it_tips(curve)}",
    )
    st.caption(
        f"The same {WORLDS} worlds at each of {len(settings)} settings, seed {base.seed}; band: 95 % "
        f"interval of the dice. All other assumptions keep their bands.{_off(dial)}{_blank(found)}"
    )
    return dial


def _exactly(question: Question, dial: Dial) -> str:
    """The exact tipping point, where there is one."""
    scenario = results.scenario(question.what_if)
    last = tipping.last_veto(scenario, question.clause) if dial.name == "cohesion" else None
    return story.last_veto(scenario, last) if last else ""


def _two_at_once(question: Question, dial: Dial, known: Mapping[str, Dial]) -> None:
    """The map over the dial of the curve and another."""
    st.subheader("Two at once")
    others = {name: other for name, other in known.items() if name != dial.name}
    up = _chosen(ACROSS, f"{dial.title}, and", others)
    places = tipping.places(dial, up, SIDE)
    base = replace(question.what_if, worlds=CELL_WORLDS)
    changes = [tipping.changes(dial, up, place) for place in places]
    found = _survivors("why.map", base, changes, "Map")
    if found is None:
        return
    plane = tipping.outcome_map(dial, up, question.clause, places, found)
    st.markdown(story.on_the_map(plane))
    pictures.show(
        charts.outcome_map(plane),
        "why.map.picture",
        f"A map: how often {question.clause} survives over {dial.title} and {up.title}.",
    )
    ring = " The ring marks where the scenario stands." if plane.here else ""
    st.caption(
        f"In each cell the share of worlds, in per cent, in which it survives; the same {CELL_WORLDS} "
        f"worlds in every cell, seed {base.seed}.{ring}{_off(dial)}{_off(up)}{_blank(found)}"
    )


def _chosen(key: str, label: str, known: Mapping[str, Dial]) -> Dial:
    """One dial out of those known; a link may ask for one that is not here."""
    wanted, titles = st.query_params.get(key), [dial.title for dial in known.values()]
    if key not in st.session_state and wanted is not None and wanted not in titles:
        st.warning(f"The link asks to vary `{wanted}`, which is not here.")
    if st.session_state.get(key, next(iter(known))) not in known:
        del st.session_state[key]
    name = st.selectbox(
        label,
        list(known),
        format_func=lambda name: known[name].title,
        key=key,
        bind="query-params",
    )
    return known[name]


def _survivors(
    key: str, base: WhatIf, changes: Sequence[Mapping[str, float]], what: str
) -> list[Survivors | None] | None:
    """What survives with each of some changes; None where somebody has stopped the work."""
    cells = [base.but(each) for each in changes]
    return gathered(key, tuple(cells), cells, results.survivors, what)


def _off(dial: Dial) -> str:
    """Why there is no mark of the scenario."""
    if dial.here is not None:
        return ""
    return f" No setting of “{dial.title}” is the scenario as it is, so it has no mark there."


def _blank(found: Sequence[Survivors | None]) -> str:
    blank = sum(each is None for each in found)
    return f" Left out: {blank} settings that fit no scenario." if blank else ""
