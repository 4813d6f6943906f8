"""How well the tool does on decisions whose outcome is known, whatever the side bar asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from dashboard import controls, folds, pictures, results
from dashboard.question import Question
from sim.errors import OnevetoError
from sim.story import decisions, percent
from sim.story import validation as story

if TYPE_CHECKING:
    from sim.analysis.record import Record, Told
    from sim.analysis.reply import Reply

ALL, FAILS = "all", "fails"
"""Which decisions are listed, besides those of one basis."""

MARKS = {True: "✓ right", False: "✕ wrong", None: "not scored"}


def show(question: Question) -> None:
    """From the result, whichever it is, to what it cannot show; the question changes nothing."""
    st.header("How well this does on decisions whose outcome is known", anchor=False)
    try:
        found = results.record()
    except OnevetoError as error:
        st.error(f"There is nothing to show here: {error}.")
        return
    st.markdown(story.result(found))
    st.markdown(story.advice(found))
    st.markdown(story.choice(found))
    st.caption(
        "Nothing on this page hangs on the scenario or the changes in the side bar. It is the record "
        f"of `oneveto validate`, {found.worlds:,} worlds a decision, seed {found.seed}; in a terminal "
        "that makes it anew."
    )
    _reliability(found)
    _contest(found)
    _cases(found.cases)
    _learned(found)
    _reply(found.reply)
    st.subheader("Limits", anchor=False)
    st.markdown(_bullets(story.LIMITS))


# Reliability --------------------------------------------------------------------------------------


def _reliability(found: Record) -> None:
    st.subheader("Does it happen as often as it is said?", anchor=False)
    outcomes, members = results.reliability()
    left, right = st.columns(2, gap="medium")
    with left:
        said = story.honesty(found.outcome_reliability, "adopted")
        st.markdown(f"**Whether it is adopted.** {said}")
        pictures.show(
            outcomes,
            "reliable outcomes",
            "How likely adoption was said to be, against how often it came",
        )
    with right:
        said = story.honesty(found.member_reliability, "did")
        st.markdown(f"**Who breaks the silence.** {said}")
        pictures.show(
            members,
            "reliable members",
            "How likely members were said to break the silence, against how often they did",
        )
    st.caption(
        "On the dashed line, what was said with 70 % happens in 70 %. Each mark stands for all "
        "forecasts of about the same chance; the number above it says how many, the bar how far their "
        "share can be trusted (95 %, Wilson)."
    )


# The contest --------------------------------------------------------------------------------------


def _contest(found: Record) -> None:
    st.subheader("Against forecasts that know less", anchor=False)
    st.markdown(story.blockers(found.hits))
    labels = {key: f"{_begun(row.label)} ({row.cases})" for key, row in found.contests.items()}
    among = st.selectbox("On which decisions", list(labels), format_func=labels.__getitem__)
    contest = found.contests[among]
    left, right = st.columns(2, gap="medium")
    titles = {"Whether it is adopted": story.of_outcome, "Who breaks the silence": story.of_members}
    for place, (title, pick), picture in zip((left, right), titles.items(), results.contest(among)):
        with place:
            st.markdown(f"**{title}.** Brier score of oneveto: {pick(contest.model)[0]:.3f}")
            says = "How much more oneveto misses than each forecast that knows less"
            pictures.show(picture, f"contest {title}", f"{says}. {title}")
    st.caption(f"In brackets the other's Brier score. {story.REMARK}")
    folds.section("All scores as a table", "scores", partial(_scores, found))


def _scores(found: Record) -> None:
    rows = [
        {
            "Decisions": contest.label,
            "Number": contest.cases,
            "Of": what,
            "Forecast": row.label,
            "Brier": pick(row)[0],
            "Difference": gap.mean if gap else None,
            "from": gap.low if gap else None,
            "to": gap.high if gap else None,
            "oneveto is": story.standing(gap) if gap else "",
        }
        for contest in found.contests.values()
        for what, pick in (("outcome", story.of_outcome), ("who blocks", story.of_members))
        for row in contest.rows
        for gap in [pick(row)[1]]
    ]
    st.dataframe(
        pd.DataFrame(rows).round(4),
        hide_index=True,
        width="stretch",
        placeholder="",
        key="table of scores",
    )


# Case by case -------------------------------------------------------------------------------------


@st.fragment
def _cases(cases: Sequence[Told]) -> None:
    """Every decision, one line each; what is known of it unfolds."""
    st.subheader("Decision by decision", anchor=False)
    kinds: dict[str, tuple[str, Callable[[Told], bool]]] = {
        ALL: ("All", lambda row: True),
        FAILS: ("What fails", lambda row: row.fails),
        "data": ("Members' data alone", lambda row: row.basis == "data"),
        "matter": ("A matter of one's own", lambda row: row.basis == "matter"),
    }
    labels = {kind: f"{title} ({sum(map(among, cases))})" for kind, (title, among) in kinds.items()}
    kind = st.segmented_control(
        "Which decisions are listed",
        list(labels),
        format_func=labels.__getitem__,
        default=ALL,
        required=True,
        key="listed",
    )
    among = kinds[kind or ALL][1]
    rows = sorted((row for row in cases if among(row)), key=lambda row: row.date)
    half = (len(rows) + 1) // 2
    for place, part in zip(st.columns(2, gap="small"), (rows[:half], rows[half:])):
        with place, st.container(gap="xsmall"):
            for row in part:
                folds.section(decisions.in_short(row), row.name, partial(_case, row))
    st.caption(
        "By date. Said: the chance of being adopted as first put, forecast from the other decisions. "
        "Named: said to be more likely to break the silence than not. Played, a decision has the "
        "numbers of its file, which no fit has moved, so that not quite the same comes out."
    )


def _case(row: Told) -> None:
    """What was said of one decision and what happened, and the way to play it."""
    names = results.states()
    happened = decisions.happened(row.passed, row.blockers, names)
    lines = [
        f"**{row.body}, {decisions.day(row.date)}.** {decisions.BASES[row.basis]}",
        f"- **Said:** {decisions.was_said(row, names)}",
        f"- **Happened:** {happened}.",
        *(f"- {line}" for line in decisions.compared(row, names)),
        f"- **What became of it:** {row.ending}",
    ]
    st.markdown("\n".join(lines))
    if row.name not in results.titles():
        return
    if st.button(
        "Play this decision",
        key=f"play {row.name}",
        on_click=controls.visit,
        args=(row.name,),
        help="Opens it on the front page; undo takes it back.",
    ):
        st.rerun()


# What history says --------------------------------------------------------------------------------


def _learned(found: Record) -> None:
    st.subheader("What history says of the numbers that all decisions share", anchor=False)
    left, right = st.columns(2, gap="medium", vertical_alignment="center")
    with left:
        pictures.show(
            results.learned(), "learned", "Each shared number before and after history was asked"
        )
    rows = [
        f"**{row.name.replace('_', ' ')}** ({row.unit}): {row.label}. Before: {row.centre:.3g} "
        f"({row.prior[0]:.3g} to {row.prior[1]:.3g}); after: {row.value:.3g} "
        f"({row.band[0]:.3g} to {row.band[1]:.3g}). {row.judgement}"
        for row in found.learned
    ]
    right.markdown(_bullets(rows))
    st.caption(
        "Before: a judgement, with one standard deviation either side. After: the fit to all decisions, "
        "with one standard error by leaving out one at a time (jackknife). Each forecast on this page "
        "uses the fit without its own decision."
    )


# The reply ----------------------------------------------------------------------------------------


def _reply(reply: Reply) -> None:
    st.subheader("A consistency check in sample: the reply of 26 January 2022", anchor=False)
    st.markdown(story.in_sample(reply))
    rows = [
        {
            "": MARKS[row.right],
            "Clause": row.clause,
            "Title": row.title,
            "Its article was": row.verdict,
            "Survives": percent(row.survival),
            "Ceiling": story.ceiling(row),
            "What the reply did with the article": row.reply,
        }
        for row in reply.answers
    ]
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        width="stretch",
        height="content",
        key="table of the reply",
    )
    wrong = [story.disagrees(row) for row in reply.scored if not row.right]
    if wrong:
        st.markdown(f"What fails:\n{_bullets(wrong)}")
    st.markdown(story.order(reply))
    st.caption(
        "Ceiling: how much of the text all could live with, where every assumption has its central "
        "value; > 1: more than it asks. The reply in our words."
    )


def _begun(text: str) -> str:
    """A text that begins a line."""
    return text[:1].upper() + text[1:]


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
