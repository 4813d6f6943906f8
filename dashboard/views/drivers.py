"""What it would take, and what it hangs on: whom to persuade, what drives a clause, where it lives.

What takes longer than a second is worked out once somebody asks for it; a toggle remembers that, and so
does the address of the page.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from dashboard import pictures, results
from dashboard.question import Question
from dashboard.studies import Study
from dashboard.work import gathered
from sim import charts, rules, story
from sim.analysis.discovery import Discovery
from sim.analysis.persuasion import members_of
from sim.analysis.robustness import Robustness
from sim.charts.sensitivity import MOST
from sim.errors import OnevetoError
from sim.story import discovery, persuasion, robustness, sensitivity

QUICK_WITHIN = 3
"""Objections that a rule tolerates: beyond them the cheapest set of members takes long to find."""

WORLDS, POINTS, SPREAD = 2000, 1024, 10_000
"""At each end of a dial, and of the headlines; of Sobol's design; over all that is thinkable."""

LIST = 5
"""Numbers or claims in a list."""


def show(question: Question, rows: int | None) -> None:
    """What it would take for the clause to survive, and what its fate hangs on.

    rows: how many members a picture shows; None for all.
    """
    with st.container():  # each in its own: what lies below would be drawn anew if it moved
        _persuasion(question, rows)
    with st.container():
        _what_drives_it(question)
    with st.container():
        _where_it_would_live(question)
    with st.container():
        _how_sturdy(question)


def _wanted(key: str, label: str, about: str) -> bool:
    """Whether somebody asks for what takes a while; until then a line says what it is."""
    wanted = st.toggle(label, key=key, bind="query-params")
    if not wanted:
        st.caption(about)
    return wanted


@contextmanager
def _in_place() -> Iterator[None]:
    """What cannot be worked out is said where it would have been."""
    try:
        yield
    except OnevetoError as error:
        st.info(str(error))


def _worked(question: Question, sought: str, size: int, what: str, last: str) -> Any:
    """The answer to a study; None where somebody has stopped the work."""
    study = Study(sought, replace(question.what_if, worlds=size), question.clause)
    cells = study.work(results.scenario(question.what_if)).cells
    parts = gathered(f"why.{sought}", study, cells, partial(results.cell, study), what)
    if parts is None:
        return None
    with st.spinner(last):
        return results.answer(study, parts)


# Who could be persuaded -------------------------------------------------------------------------


def _persuasion(question: Question, rows: int | None) -> None:
    scenario = results.scenario(question.what_if)
    tolerates = rules.named(scenario.rule.name, scenario.table).tolerates
    st.subheader("Who could be persuaded")
    quick = tolerates is not None and tolerates <= QUICK_WITHIN
    if quick or _wanted(
        "persuade",
        "Find the cheapest members to persuade",
        "Under this rule many sets of members would do; to find the cheapest can take half a minute.",
    ):
        with st.spinner("Comparing sets of members …"):
            _whom(question, rows)
    if _wanted(
        "single",
        "Move every number of every member by itself",
        "Which single number of one member would flip the verdict, and how far it would have to move. "
        "Takes a second, ten where there are many rounds.",
    ):
        with st.spinner("Moving one number after the other …"):
            _single(question)


def _whom(question: Question, rows: int | None) -> None:
    found = results.persuasion(question.what_if, question.clause)
    said = persuasion.whom_to_persuade(found)
    st.markdown(_joined(said, persuasion.fewest_to_persuade(found)))
    needed = () if found.stands else found.cheapest or ()
    if not needed:
        return
    st.markdown(persuasion.by_trust(found.scenario, needed))
    if len(needed) > 1:
        pictures.show(
            charts.arguments(found.scenario, needed, most=rows),
            "why.persuasion",
            f"Bars: of how much each member must be persuaded. {said}",
        )
    more = len(members_of(needed)) - len(members_of(needed[:rows]))
    others = f" {story.counted(more, 'more member')} must be persuaded of less." if more else ""
    st.caption(
        "Worth: by how much more a member must come to value the text before it consults the "
        f"others, who take over a part of that.{others} Exact, in {story.CENTRE}."
    )


def _single(question: Question) -> None:
    found = results.moves(question.what_if, question.clause)
    st.markdown(persuasion.moved_alone(found))
    others = persuasion.near_moves(found)[1:LIST]  # the sentence names the first
    if others:
        st.markdown("The next are:")
    _bullets([persuasion.moved(found.scenario, move) for move in others])
    st.caption(
        "Trust, resolve, weights and exposures of all members, each moved alone as far as a scenario "
        f"may have it, all else in {story.CENTRE}."
    )


# What drives it ---------------------------------------------------------------------------------


def _what_drives_it(question: Question) -> None:
    st.subheader("What drives it")
    if _wanted(
        "tornado",
        "Turn one dial after the other",
        f"Each assumption from end to end, in {WORLDS:,} worlds each. Takes some seconds.",
    ):
        with _in_place():
            _tornado(question)
    if _wanted(
        "sobol",
        "Turn all uncertain numbers at once",
        "Which of them explain how near the clause is to a veto, with intervals (Sobol' indices). "
        "Takes some seconds.",
    ):
        with _in_place():
            _sobol(question)


def _tornado(question: Question) -> None:
    found = _worked(question, "tornado", WORLDS, "One dial after the other", "Sorting …")
    if found is None:
        return
    st.markdown(_joined(sensitivity.widest(found), sensitivity.idle(found)))
    if any(map(found.moves, found.swings)):
        pictures.show(
            charts.tornado(found),
            "why.tornado",
            f"A tornado: the margin on {found.clause} at both ends of each dial. "
            f"{sensitivity.widest(found)}",
        )
    st.caption(
        _joined(
            sensitivity.MARGIN,
            sensitivity.TURNED,
            "Point at an end for the survival there.",
            sensitivity.in_rounds(found),
            sensitivity.says_little(found.scenario),
            f"{found.worlds:,} worlds at each end, seed {found.seed}.",
        )
    )


def _sobol(question: Question) -> None:
    found = _worked(question, "sobol", POINTS, "All numbers at once", "Resampling …")
    if found is None:
        return
    st.markdown(sensitivity.explains(found))
    shown = len(found.clear(MOST))
    if not shown:
        return
    pictures.show(
        charts.sobol(found),
        "why.sobol",
        f"How much of the variance of the margin on {found.clause} each factor explains. "
        f"{sensitivity.explains(found)}",
    )
    st.caption(
        _joined(
            "Of how much the margin varies, the part that a factor explains: with all its "
            "interactions, and by itself; lines: 95 % intervals.",
            sensitivity.left_out(found, shown),
            sensitivity.says_little(found.scenario),
            f"{sensitivity.worked_out(found)}.",
        )
    )


# Where it would live ----------------------------------------------------------------------------


def _where_it_would_live(question: Question) -> None:
    st.subheader("Where it would live")
    if not _wanted(
        "regions",
        "Look for regions of the assumptions",
        f"{2 * SPREAD:,} worlds spread over all that is thinkable, and boxes in which the clause "
        "survives, or falls, far more often than elsewhere. Takes ten to twenty seconds.",
    ):
        return
    fate = st.segmented_control(
        "Regions in which it",
        ["survives", "falls"],
        default="survives",
        required=True,
        key="fate",
        bind="query-params",
    )
    with _in_place():
        found = _worked(
            question, fate, SPREAD, "Worlds over all assumptions", "Looking for boxes …"
        )
        if found is not None:
            _regions(found)


def _regions(found: Discovery) -> None:
    st.markdown(discovery.overall(found))
    if found.regions:
        said = [discovery.region(found, region) for region in found.regions]
        st.markdown("\n".join(f"{number}. {words}" for number, words in enumerate(said, 1)))
        st.markdown(discovery.together(found))
        left, right = st.columns(2, gap="medium")
        with left:
            pictures.show(
                charts.boxes(found),
                "why.boxes",
                f"Worlds over the two assumptions that tell most, and the boxes. {said[0]}",
            )
        with right:
            _limits(found)
    with st.expander("What was varied, all else within its band"):
        _bullets([f"{each.dial.title}: {discovery.span(each)}" for each in found.varied])
    seeds = f"seeds {found.seed} and {found.seed + 1}"
    st.caption(f"{found.worlds:,} worlds and as many for the test, {seeds}. {discovery.METHOD}")


def _limits(found: Discovery) -> None:
    """How far each assumption may go in each box."""
    for number, region in enumerate(found.regions, 1):
        st.markdown(f"**Box {number}**")
        pictures.show(
            charts.limits(found, region),
            f"why.limits.{number}",
            f"How far each assumption may go in box {number}. {discovery.region(found, region)}",
        )


# How sturdy it is -------------------------------------------------------------------------------


def _how_sturdy(question: Question) -> None:
    st.subheader("How sturdy it is")
    if not _wanted(
        "sturdy",
        "Put every claim to the test",
        "Whether any single number, moved by itself, overturns what is claimed of the clause and of the "
        "whole treaty. Takes some seconds, ten where there are many rounds.",
    ):
        return
    with st.spinner("Moving every number of the scenario …"):
        found = results.robustness(replace(question.what_if, worlds=WORLDS))
    _claims(found, question.clause)


def _claims(found: Robustness, clause: str) -> None:
    scenario = found.outcome.scenario
    own = next(claim for claim in found.claims if claim.key == clause)
    st.markdown(f"**{robustness.tried(scenario, own)}**")
    st.markdown(_joined(robustness.sturdy(found), robustness.otherwise(found)))
    fragile = [claim for claim in found.claims if claim.overturns and claim != own][:LIST]
    if fragile:
        st.markdown("Other claims that one number can overturn, the most fragile first:")
        _bullets([robustness.tried(scenario, claim) for claim in fragile])
    if found.weights:
        st.markdown(robustness.heaviest(scenario, found.weights[0]))
    numbers = story.counted(found.numbers, "uncertain number")
    st.caption(f"{numbers}, each moved alone. {robustness.METHOD} {story.played(found.outcome)}.")


def _bullets(lines: list[str]) -> None:
    if lines:
        st.markdown("\n".join(f"- {line}" for line in lines))


def _joined(*sentences: str) -> str:
    """Sentences one after the other; some may be empty."""
    return " ".join(filter(None, sentences))
