"""What is around every page: the side bar that asks, errors in place, and how to get here again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import controls, reproduce, results, sidebar, work
from dashboard.controls import CLAUSE, LINE, MEMBER, PINS, SCENARIO, Desk
from dashboard.question import SEED, WORLDS, Question, WhatIf
from dashboard.views import View
from sim import scenario as files
from sim import story
from sim.errors import OnevetoError, short
from sim.scenario import Scenario
from sim.story import decisions

ROOM = """<style>
[data-testid="stMainBlockContainer"] { padding: 3.5rem 2rem 2rem; }
@media (max-width: 640px) { [data-testid="stMainBlockContainer"] { padding: 3.5rem 1rem 2rem; } }
</style>"""
"""Less margin than is usual, so that the first screen says it all."""

PAPER = """<style>
@media print {
  header, [data-testid="stSidebar"], [data-testid="stButton"], [data-testid="stDownloadButton"],
  [data-testid="stButtonGroup"], [data-testid="stExpander"], hr { display: none !important; }
  [data-testid="stElementContainer"] { break-inside: avoid; }
}
</style>"""
"""What can only be pressed is not printed."""

DAYLIGHT = """<style>
@media print {
  html, body { background: white !important; }
  [data-testid="stApp"] { background: black !important; filter: invert(1) hue-rotate(180deg); }
}
</style>"""
"""A dark page is printed as a light one."""

ALONE = """<style>
[data-testid="stSidebar"], [data-testid="stExpandSidebarButton"] { display: none; }
</style>"""
"""No side bar, nor the way to it."""

DICE = {"worlds": (100, 10_000, WORLDS), "seed": (0, 2**31, SEED)}
"""Least, most and usual number of worlds, and seed."""

UNHEEDED = "unheeded"
"""Key of what a link asks for and does not get, as sentences."""


@dataclass(frozen=True)
class Asked:
    """What the side bar asks, and what it takes to offer what else can be changed.

    desk: the scenario as in its file and as changed; sections: the place in the side bar.
    """

    question: Question
    desk: Desk
    sections: DeltaGenerator


def show(view: View, asked: Asked | None) -> None:
    """A page: what it is about, what it shows, and how to get here again."""
    if asked is None:
        return
    question = asked.question
    _about(question)
    with st.container():  # always there: what lies below would be drawn anew if it moved
        _changed(question)
        if known := decisions.known_outcome(results.scenario(question.what_if)):
            forecast = " The page Validation says what was forecast of it."
            st.caption(known + forecast * (question.what_if.name in files.precedents()))
    view(question)
    reproduce.show(question)


def tell(view: View, asked: Asked | None) -> None:
    """The same without the side bar, and without what is known of the end."""
    if asked is None:
        return
    st.html(ALONE)
    _about(asked.question)
    with st.container():
        _changed(asked.question)
    view(asked.question)
    st.divider()  # what is below is no part of a scene
    reproduce.show(asked.question)


def _about(question: Question) -> None:
    st.html(ROOM + PAPER + DAYLIGHT * (st.context.theme.type == "dark"))
    about = results.scenario(question.what_if).about
    st.caption(f"{about.title} · {about.question} · Illustrative, not a forecast.")


def _changed(question: Question) -> None:
    if question.what_if.changes:
        changed = story.changes(results.scenario(question.what_if)).values()
        st.caption(f"Changed: {'; '.join(changed)}.")


def offer(asked: Asked | None) -> None:
    """Everything that can be changed: after the page, which is what people wait for."""
    if asked is not None:
        with asked.sections:
            sidebar.show(asked.desk, asked.question)


def ask(default: str) -> Asked | None:
    """What the side bar asks; None where something must be mended first, which is said in place."""
    with st.sidebar:
        top, looked_at, sections, bottom = (st.container() for _ in range(4))
    try:
        _in_words(SCENARIO, results.titles())
        _dice_in_range()
        with top:
            name = _scenario(default)
        _ids_in_words(results.file(name))
        with top:
            for sentence in st.session_state.pop(UNHEEDED, []):
                st.warning(sentence)
        with bottom:
            _lines()
            worlds, seed = _dice()
        controls.remember()
        with top:
            _back()
        what_if = WhatIf(name, tuple(controls.changes().items()), worlds, seed)
        desk = Desk(results.file(name), results.scenario(what_if))
        if _played(what_if) is None:
            return None
    except OnevetoError as error:
        _to_mend(error)
        return None
    with looked_at:
        return Asked(_looked_at(desk, what_if), desk, sections)


def _played(what_if: WhatIf) -> object:
    """Play the what-if and what it is compared with; None where somebody has stopped that."""
    asked = dict.fromkeys((what_if.baseline, what_if))
    cells = [part for each in asked for part in results.parts(each)]
    worlds = f"Playing {len(asked) * what_if.worlds:,} worlds"
    return work.gathered("play", what_if, cells, lambda cell: results.part(*cell), worlds)


def _scenario(default: str) -> str:
    titles = results.titles()
    _uploaded(st.session_state.get(SCENARIO) or st.query_params.get(SCENARIO, ""), default)
    names = list(dict.fromkeys([default, *titles, *st.session_state.get(controls.OWN, [])]))
    return _chosen(SCENARIO, names, lambda name: titles.get(name, name))


def _uploaded(asked: str, default: str) -> None:
    """Offer the uploaded scenario that is asked for; where it has gone, say so and take the default."""
    for name in [*st.session_state.get(controls.OWN, []), asked]:
        if results.gone(name):
            controls.forget(name)
    if results.gone(asked):
        st.session_state[SCENARIO] = default
        st.session_state.setdefault(UNHEEDED, []).append(f"`{asked}` {results.GONE}.")
    elif results.UPLOADED.fullmatch(asked):
        controls.own(asked)


def _looked_at(desk: Desk, what_if: WhatIf) -> Question:
    """The clause and the member that the pages look at; first those that tell most."""
    scenario, baseline = desk.current, what_if.baseline
    clauses = _first(results.clause_to_look_at(baseline), list(scenario.clauses))
    clause = _chosen(CLAUSE, clauses, lambda name: story.clause_name(scenario, name))
    seats = _first(results.member_to_look_at(baseline), list(scenario.seats))
    member = _chosen(MEMBER, seats, lambda iso: story.member_name(scenario, iso))
    return Question(what_if, clause, member)


def _first(name: str, names: list[str]) -> list[str]:
    """The names with one of them in front."""
    return sorted(names, key=lambda other: other != name)


def _chosen(key: str, options: list[str], label: Callable[[str], str]) -> str:
    """A choice that the address of the page carries, by its id or by its words.

    A link may ask for what is not here; the page then shows its default and says so.
    """
    wanted = st.query_params.get(key)
    if key not in st.session_state and wanted is not None:
        if wanted in options:
            st.session_state[key] = wanted
        elif wanted not in map(label, options):
            st.warning(f"The link asks for the {key} `{wanted}`, which is not here.")
    return str(st.selectbox(key.title(), options, format_func=label, key=key, bind="query-params"))


def _ids_in_words(scenario: Scenario) -> None:
    _in_words(CLAUSE, {name: story.clause_name(scenario, name) for name in scenario.clauses})
    _in_words(MEMBER, {iso: story.member_name(scenario, iso) for iso in scenario.seats})


def _in_words(key: str, names: dict[str, str]) -> None:
    """Where a link names a choice by its id, begin anew with its words: Streamlit keeps those only.

    Asked before there are other widgets, for those would have lost what the link says of them.
    """
    wanted = st.query_params.get(key)
    if key not in st.session_state and names.get(wanted or "", wanted) != wanted:
        st.query_params[key] = names[str(wanted)]
        st.rerun()


def _back() -> None:
    """Ways back from what was changed."""
    left, right = st.columns(2)
    left.button(
        "Undo",
        on_click=controls.undo,
        disabled=not controls.can_undo(),
        width="stretch",
        help="Take back the last change.",
    )
    right.button(
        "Reset",
        on_click=controls.reset,
        disabled=not st.session_state[LINE],
        width="stretch",
        help="The scenario as its file has it.",
    )


def _lines() -> None:
    """The what-if as one line, and the what-ifs that are pinned."""
    st.text_input(
        "All changes, as one line",
        key=LINE,
        bind="query-params",
        placeholder="rule=majority members.POL.trust=.3",
        help="What the widgets above change, as it is typed on the command line; type more addresses "
        "here, with blanks between them.",
    )
    st.text_area(
        "Pinned what-ifs, one a line",
        key=PINS,
        bind="query-params",
        placeholder="Majority: rule=majority",
        help="Up to four, each as NAME: CHANGES; they stand side by side on the page What if.",
    )


def _dice() -> tuple[int, int]:
    left, right = st.columns(2)
    worlds = left.number_input(
        "Worlds",
        *DICE["worlds"],
        100,
        key="worlds",
        bind="query-params",
        help="How often everything that nobody knows for sure is drawn.",
    )
    seed = right.number_input(
        "Seed",
        *DICE["seed"],
        1,
        key="seed",
        bind="query-params",
        help="Where the dice start; the same seed, the same worlds.",
    )
    return int(worlds), int(seed)


def _dice_in_range() -> None:
    """Where a link asks for worlds or a seed that cannot be, begin anew without, and say so.

    Streamlit drops most of them without a word, and breaks on infinity.
    """
    for key, (low, high, usual) in DICE.items():
        wanted = st.query_params.get(key)
        if key not in st.session_state and wanted and not _whole(wanted, low, high):
            del st.query_params[key]
            st.session_state.setdefault(UNHEEDED, []).append(
                f"The link asks for the {key} `{short(wanted, 30)}`; write a whole number from "
                f"{low:,} to {high:,}. Here it is {usual:,}."
            )
            st.rerun()


def _whole(text: str, low: int, high: int) -> bool:
    """Whether a text is a whole number between two others."""
    return text.isdecimal() and len(text) <= len(str(high)) and low <= int(text) <= high


def _to_mend(error: OnevetoError) -> None:
    """Sentences in the place of the page, and the way back."""
    for sentence in str(error).splitlines():
        st.error(sentence)
    st.button("Undo the last change", on_click=controls.undo, key="undo here")
    st.button("Back to the scenario as in its file", on_click=controls.reset, key="reset here")
