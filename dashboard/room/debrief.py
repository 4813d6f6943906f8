"""The debrief on the room's own server: open to all, since it tells only what was revealed."""

from __future__ import annotations

import string
from collections.abc import Callable, Iterable
from functools import lru_cache

import pandas as pd
import streamlit as st

from dashboard import pictures
from dashboard.room import hall
from sim.room import account, pages
from sim.room.debrief import debrief
from sim.room.events import ACTS, Undone
from sim.room.findings import Debrief
from sim.story.page import Grid, Heading, Items, Paragraph, Part

EVERY = 5
"""Seconds after which the page looks again."""

SPECIAL = str.maketrans({letter: f"\\{letter}" for letter in string.punctuation})
"""What Markdown would take for more than a letter."""


def show() -> None:
    """The whole page, which keeps itself up to date."""
    st.title(f"Debrief of room {hall.room().code}", anchor=False)
    _follow()


@st.fragment(run_every=EVERY)
def _follow() -> None:
    found = now()
    if not found.texts:
        st.info("Nothing has been revealed yet. The debrief begins with the first reveal.")
        return
    _downloads(found)
    for part in account.parts(found):
        _part(part)
        if part == Heading(account.BESIDE):
            pictures.show(pages.beside_model(found), "debrief.beside", f"{pages.SAYS}.")
            st.caption(pages.CAPTION)
    st.caption(account.READING)


def now() -> Debrief:
    """The debrief of this room as it stands; ballots change nothing in it before the next act."""
    log = hall.room().log
    acts = (entry.number for entry in reversed(log) if isinstance(entry.event, (*ACTS, Undone)))
    return _looked_back(hall.room().code, next(acts, 1))


@lru_cache(1)
def _looked_back(code: str, entries: int) -> Debrief:
    """Worked out once after each act, however many look at it."""
    room = hall.room()
    return debrief(room.scenario, room.log[:entries])


def _downloads(found: Debrief) -> None:
    """The same to take away."""
    name = f"room-{found.code}"
    with st.container(horizontal=True):
        _download("Report", f"{name}.html", lambda: pages.html(found), "text/html")
        _download("Voices as CSV", f"{name}-voices.csv", pages.voices_csv(found), "text/csv")
        _download("Timeline as CSV", f"{name}-timeline.csv", pages.timeline_csv(found), "text/csv")
        _download("All as JSON", f"{name}.json", pages.as_text(found), "application/json")


def _download(label: str, name: str, data: str | Callable[[], str], kind: str) -> None:
    st.download_button(label, data, name, kind, key=f"debrief {label}", on_click="ignore")


def _part(part: Part) -> None:
    match part:
        case Heading(text):
            st.subheader(plain(text), anchor=False)
        case Paragraph(text):
            st.markdown(plain(text))
        case Items(texts):
            st.markdown("\n".join(f"- {plain(text)}" for text in texts))
        case Grid(headers, rows):
            _table(headers, rows)


def _table(headers: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    """A table as it is; what looks like Markdown in it stays as it was written."""
    frame = pd.DataFrame([[plain(cell) for cell in row] for row in rows], columns=list(headers))
    st.table(frame.set_index(frame.columns[0]))


def plain(text: str) -> str:
    r"""Words as they stand, for a page that would read them as Markdown.

    >>> plain("1. 5 * 3 <b>")
    '1\\. 5 \\* 3 \\<b\\>'
    """
    return text.translate(SPECIAL)
