"""What is around every page: the side bar that asks, errors in place, and how to get here again."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard import controls, reproduce, results, sidebar
from dashboard.controls import CLAUSE, LINE, MEMBER, PINS, SCENARIO, Desk
from dashboard.question import SEED, WORLDS, Question, WhatIf
from sim import story
from sim.errors import OnevetoError

ROOM = """<style>
[data-testid="stMainBlockContainer"] { padding: 3.5rem 2rem 2rem; }
@media (max-width: 640px) { [data-testid="stMainBlockContainer"] { padding: 3.5rem 1rem 2rem; } }
</style>"""
"""Less margin than is usual, so that the first screen says it all."""

View = Callable[[Question], None]


def show(view: View, question: Question | None) -> None:
    """A page: what it is about, what it shows, and how to get here again."""
    if question is None:
        return
    st.html(ROOM)
    about = results.scenario(question.what_if).about
    st.caption(f"{about.title} · {about.question} · Illustrative, not a forecast.")
    view(question)
    reproduce.show(question)


def question(default: str) -> Question | None:
    """What the side bar asks; None where something must be mended first, which is said in place."""
    with st.sidebar:
        top, middle, bottom = st.container(), st.container(), st.container()
    try:
        with top:
            name = _scenario(default)
        with bottom:
            _lines()
        what_if = WhatIf(name, tuple(controls.changes().items()), *_dice(bottom))
        desk = Desk(results.file(name), results.scenario(what_if))
        results.played(what_if)
    except OnevetoError as error:
        _to_mend(error)
        return None
    with top:
        asked = _looked_at(desk, what_if)
    with middle:
        sidebar.show(desk, asked)
    controls.remember()
    return asked


def _scenario(default: str) -> str:
    titles = results.titles()
    names = list(dict.fromkeys([default, *titles, *results.uploaded()]))
    _say_if_unknown(SCENARIO, names, "scenario")
    return str(
        st.selectbox(
            "Scenario",
            names,
            format_func=lambda name: titles.get(name, name),
            key=SCENARIO,
            bind="query-params",
            help="The question that is played. Bring your own on the page What if.",
        )
    )


def _looked_at(desk: Desk, what_if: WhatIf) -> Question:
    """The clause and the member that the pages look at."""
    scenario = desk.current
    clauses, seats = list(scenario.clauses), list(scenario.seats)
    first = results.clause_to_look_at(what_if.baseline)
    _say_if_unknown(CLAUSE, clauses, "clause")
    clause = st.selectbox(
        "Clause",
        clauses,
        index=clauses.index(first) if first in clauses else 0,
        format_func=lambda name: story.clause_name(scenario, name),
        key=CLAUSE,
        bind="query-params",
    )
    _say_if_unknown(MEMBER, seats, "member")
    usual = results.member_to_look_at(what_if.baseline)
    member = st.selectbox(
        "Member",
        seats,
        index=seats.index(usual) if usual in seats else 0,
        format_func=lambda iso: story.member_name(scenario, iso),
        key=MEMBER,
        bind="query-params",
    )
    return Question(what_if, str(clause), str(member))


def _say_if_unknown(key: str, known: list[str], kind: str) -> None:
    """A link may ask for what is not here; the page then shows its default and says so."""
    wanted = st.query_params.get(key)
    if key not in st.session_state and wanted is not None and wanted not in known:
        st.warning(f"The link asks for the {kind} `{wanted}`, which is not here.")


def _lines() -> None:
    """The what-if as one line, what can be done with it, and the what-ifs that are pinned."""
    left, right = st.columns(2)
    undo, reset = left.empty(), right.empty()
    st.text_input(
        "All changes, as one line",
        key=LINE,
        bind="query-params",
        placeholder="rule=majority members.POL.trust=.3",
        help="What the widgets above change, as it is typed on the command line; type more addresses "
        "here, with blanks between them.",
    )
    trail = st.session_state.get(controls.TRAIL, [])
    fresh = not st.session_state[LINE]
    undo.button(
        "Undo",
        on_click=controls.undo,
        disabled=len(trail) < 2 and fresh,
        width="stretch",
        help="Take back the last change.",
    )
    reset.button(
        "Reset",
        on_click=controls.reset,
        disabled=fresh,
        width="stretch",
        help="The scenario as its file has it.",
    )
    st.text_area(
        "Pinned what-ifs, one a line, as NAME: CHANGES",
        key=PINS,
        bind="query-params",
        placeholder="Majority: rule=majority",
        help="Up to four; they stand side by side on the page What if.",
    )


def _dice(place: st.delta_generator.DeltaGenerator) -> tuple[int, int]:
    left, right = place.columns(2)
    worlds = left.number_input(
        "Worlds",
        100,
        20_000,
        WORLDS,
        100,
        key="worlds",
        bind="query-params",
        help="How often everything that nobody knows for sure is drawn.",
    )
    seed = right.number_input(
        "Seed",
        0,
        2**31,
        SEED,
        1,
        key="seed",
        bind="query-params",
        help="Where the dice start; the same seed, the same worlds.",
    )
    return int(worlds), int(seed)


def _to_mend(error: OnevetoError) -> None:
    """Sentences in the place of the page, and the way back."""
    for sentence in str(error).splitlines():
        st.error(sentence)
    st.button("Undo the last change", on_click=controls.undo, key="undo here")
    st.button("Back to the scenario as in its file", on_click=controls.reset, key="reset here")
