"""The debrief on the room's own server: behind the PIN, since it tells how far each could have gone."""

from __future__ import annotations

import string
from collections.abc import Iterable
from functools import lru_cache
from html import escape

import streamlit as st

from dashboard import pictures
from dashboard.room import hall, links
from sim.room import account, pages
from sim.room.debrief import debrief
from sim.room.events import ACTS, Undone
from sim.room.findings import Debrief
from sim.story.page import Grid, Heading, Items, Paragraph, Part

EVERY = 5
"""Seconds after which the page looks again."""

STYLE = """
[data-testid="stMainBlockContainer"] { padding-top: 1.2rem; }
[data-testid="stHeader"] { display: none; }
.grid { overflow-x: auto; }
.grid table { border-collapse: collapse; width: 100%; }
.grid th, .grid td { text-align: left; vertical-align: top; padding: .35rem .9rem .35rem 0;
  font-weight: normal; border-bottom: 1px solid #8c8c8c55; }
.grid thead th { font-weight: 600; }
.grid .number, .grid thead .number { text-align: right; font-variant-numeric: tabular-nums; }
"""

SPECIAL = str.maketrans({letter: f"\\{letter}" for letter in string.punctuation})
"""What Markdown would take for more than a letter."""


def show() -> None:
    """The whole page, which keeps itself up to date."""
    st.html(f"<style>{STYLE}</style>")
    st.title(f"Debrief of room {hall.room().code}", anchor=False)
    if hall.at_desk():
        _follow()
    else:
        links.to_the_pin(
            "It tells how far each delegation could have gone, so the facilitator opens it at the end."
        )


@st.fragment(run_every=EVERY)
def _follow() -> None:
    found = now()
    if not found.texts:
        st.info("Nothing has been revealed yet. The debrief begins with the first reveal.")
        return
    above = st.container(horizontal=True)
    for part in account.parts(found):
        _part(part)
        if part == Heading(account.BESIDE):
            picture = pages.beside_model(found)
            pictures.show(picture, "debrief.beside", f"{pages.SAYS}.", letters=pictures.FAR)
            st.caption(pages.CAPTION)
    with above:  # last, since the report takes a second
        _downloads(found)


def now() -> Debrief:
    """The debrief of this room as it stands; ballots change nothing in it before the next act."""
    return _looked_back(hall.room().code, _acts())


def _acts() -> int:
    """The number of the last act."""
    log = hall.room().log
    acts = (entry.number for entry in reversed(log) if isinstance(entry.event, (*ACTS, Undone)))
    return next(acts, 1)


@lru_cache(1)
def _looked_back(code: str, entries: int) -> Debrief:
    """Worked out once after each act, however many look at it."""
    room = hall.room()
    return debrief(room.scenario, room.log[:entries])


def _downloads(found: Debrief) -> None:
    """The same to take away."""
    name = f"room-{found.code}"
    _download("Report", f"{name}.html", _report(found.code, _acts()), "text/html")
    _download("Voices as CSV", f"{name}-voices.csv", pages.voices_csv(found), "text/csv")
    _download("Timeline as CSV", f"{name}-timeline.csv", pages.timeline_csv(found), "text/csv")
    _download("All as JSON", f"{name}.json", pages.as_text(found), "application/json")


@lru_cache(1)
def _report(code: str, entries: int) -> str:
    """The report, made once after each act; made at the press, it would be gone at the next look."""
    return pages.html(_looked_back(code, entries))


def _download(label: str, name: str, data: str, kind: str) -> None:
    st.download_button(label, data, name, kind, key=f"debrief {label}", on_click="ignore")


def _part(part: Part) -> None:
    match part:
        case Heading(text):
            st.header(plain(text), anchor=False)
        case Paragraph(text):
            st.markdown(plain(text))
        case Items(texts):
            st.markdown("\n".join(f"- {plain(text)}" for text in texts))
        case Grid():
            _table(part)


def _table(grid: Grid) -> None:
    """A table that a keyboard can move where it is wider than its column."""
    heads = "".join(
        f'<th scope="col"{_side(grid, place)}>{escape(head)}</th>'
        for place, head in enumerate(grid.headers)
    )
    rows = "".join(_row(grid, row) for row in grid.rows)
    table = f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    name = escape(", ".join(grid.headers))
    st.html(f'<div class="grid" tabindex="0" role="group" aria-label="{name}">{table}</div>')


def _row(grid: Grid, row: Iterable[str]) -> str:
    first, *rest = row
    cells = (f"<td{_side(grid, place)}>{escape(cell)}</td>" for place, cell in enumerate(rest, 1))
    return f'<tr><th scope="row">{escape(first)}</th>{"".join(cells)}</tr>'


def _side(grid: Grid, column: int) -> str:
    return ' class="number"' if column and column in grid.right else ""


def plain(text: str) -> str:
    r"""Words as they stand, for a page that would read them as Markdown.

    >>> plain("1. 5 * 3 <b>")
    '1\\. 5 \\* 3 \\<b\\>'
    """
    return text.translate(SPECIAL)
