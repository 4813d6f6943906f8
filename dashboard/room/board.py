"""The board for the projector: who is here, what is on the table, and the moment of the veto."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from importlib import resources
from textwrap import wrap
from typing import Any

import streamlit as st

from dashboard.room import hall, links, sight
from dashboard.room.templates import filled
from sim.room import told
from sim.room.live import LiveRoom
from sim.room.verdict import verdict
from sim.scenario import Scenario
from sim.serving import HOST
from sim.story import counted

HERE = resources.files("dashboard.room")

EVERY = 1
"""Seconds after which the board looks again."""

SIZES = [size / 100 for size in range(100, 48, -2)]
"""How large the letters of a reveal may be, beside those of everything else."""

PLAIN, GAP = 1.55, 0.9
"""How high plain letters are, and what is left free between two paragraphs, as in board.css."""

WIDE, HIGH, ROW, LINE = 56, 44.2, 5.6, 1.45
"""The right half above one row of clauses, and what another row and a second line in each take from it.

Like letters in hundredths of the width of a screen of 16 by 9; others have more room.
"""

UNIT = 20
"""Into how many parts the height of a letter goes, to say how wide it is."""

WIDTHS = {
    letter: width
    for width, letters in {
        4: " \N{NO-BREAK SPACE}",
        5: "ijlI.,;:!'’",
        7: "frt()-",
        10: "acegksvxyzEFJLVXY0123456789“”",
        16: "mwMW✕",
    }.items()
    for letter in letters
}
OTHERS = 11
"""How wide letters are in such parts, rather too wide than too narrow; and all others."""


def show() -> None:
    """The whole screen, which keeps itself up to date."""
    st.html(f"<style>{_style()}</style>")
    _follow()


@st.fragment(run_every=EVERY)
def _follow() -> None:
    room = hall.room()
    st.html(filled("bar.html.jinja", **bar(room)))
    key = (room.code, room.state.entries, seconds(room))
    st.html(sight.kept("board", key, lambda: filled("board.html.jinja", **shown(room))))


def seconds(room: LiveRoom) -> int | None:
    """How long the silence must last still; None without a text or without a limit."""
    text = room.state.text
    return sight.left(text.deadline, room.clock()) if text and text.open else None


def bar(room: LiveRoom) -> dict[str, Any]:
    """What stands above everything: the title, the clock for talks; how to join, if not said below."""
    return {
        "title": room.scenario.about.title,
        "link": links.join().removeprefix("http://"),
        "code": room.code,
        "talks": sight.talks(room),
        "lobby": room.state.phase == "lobby" and not room.state.ahead,
        "closed": room.state.closed,
    }


def shown(room: LiveRoom) -> dict[str, Any]:
    """What the template shows; before the reveal nothing of what anybody has said."""
    state, scenario = room.state, room.scenario
    always = {
        "phase": state.phase,
        "table": sight.table(scenario, state),
        "strip": sight.strip(room),
        "news": sight.news(scenario, state),
        "ahead": _words(scenario, state.ahead) if state.ahead else None,
        "fit": 1,
    }
    by_phase = {"lobby": _lobby, "open": _open, "gavelled": _open, "revealed": _revealed}
    return always | by_phase[state.phase](room)


def _lobby(room: LiveRoom) -> dict[str, Any]:
    return {
        "question": room.scenario.about.question,
        "link": links.join(),
        "square": links.square(links.join()),
        "code": room.code,
        "people": sight.people(room.state),
        "alone": hall.address() == HOST,
        "closed": room.state.closed,
        "delegations": sight.delegations(room.state),
    }


def _open(room: LiveRoom) -> dict[str, Any]:
    state, scenario, text = room.state, room.scenario, room.state.text
    assert text is not None
    left = seconds(room)
    return {
        "put": _words(scenario, text.put.levels),
        "left": sight.clock(left) if left is not None else "",
        "waiting": "Time is up; the gavel may fall." if left == 0 else "",
        "spoken": sight.spoken(state, text),
        "seats": _of(
            len(text.ballots), text.ballots.keys() | set(filter(state.sitting, state.seats))
        ),
        "consent": told.consent(scenario, text.put.rule),
    }


def _of(spoken: int, seats: Collection[str]) -> str:
    return f"of {counted(len(seats), 'seat')} {'has' if spoken == 1 else 'have'} spoken."


def _words(scenario: Scenario, levels: Mapping[str, float]) -> dict[str, Any]:
    """A text as everybody reads it: its clauses, each at its level."""
    return {
        "text": told.text(scenario, levels),
        "together": len(levels) > 1,
        "clauses": [
            (name, scenario.clauses[name].title, told.level(level), scenario.clauses[name].text)
            for name, level in levels.items()
        ],
    }


def _revealed(room: LiveRoom) -> dict[str, Any]:
    state, scenario, text = room.state, room.scenario, room.state.text
    assert text is not None
    found = verdict(scenario, state, text)
    reveal = {
        "moment": told.moment(scenario, state, found),
        "text": told.text(scenario, text.put.levels),
        "adopted": found.adopted,
        "roll": sight.roll(room, found),
        "elsewhere": sight.under_other_rules(room),
    }
    instead = state.ahead or sight.news(scenario, state)
    return reveal | {"fit": 1 if instead else _fit(reveal, _room_above(sight.strip(room)))}


def _fit(reveal: Mapping[str, Any], room: float) -> float:
    """The largest letters with which a reveal is seen to its end, where the lesson of the evening is."""
    return next((size for size in SIZES if _height(reveal, size) <= room), SIZES[-1])


def _height(reveal: Mapping[str, Any], size: float) -> float:
    """How high a reveal is at most in letters of a size; each paragraph as large as in board.css."""
    rules = " ".join(
        f"✕ {name}: {'stands' if stands else 'falls'}     ".replace(" ", "\N{NO-BREAK SPACE}")
        for name, stands, _ in reveal["elsewhere"]
    )
    paragraphs = [
        _paragraph(reveal["moment"], 2 * size, beside=0.1 * WIDE, apart=1.2),
        _paragraph(reveal["text"], 1.1 * size),
        *(
            _paragraph(f"{call.what}: {call.said}", 1.15 * size, beside=1.8 * 1.15 * size * PLAIN)
            for call in reveal["roll"]
        ),
        _paragraph(f"The same voices under other rules, each member counted: {rules}", size),
    ]
    return sum(paragraphs) + GAP * (len(paragraphs) - 1)


def _paragraph(text: str, size: float, *, beside: float = 0, apart: float = 1.3) -> float:
    """How high a paragraph is beside its symbol, or a bold one beside what its letters are wider."""
    high = size * PLAIN
    stretched = "".join(letter * WIDTHS.get(letter, OTHERS) for letter in text)
    lines = len(wrap(stretched, int((WIDE - beside) / high * UNIT)))
    return (lines * apart + 0.1) * high


def _room_above(strip: Sequence[sight.Chip]) -> float:
    """How high the right half is: a clause that stands at a level says so in a second line."""
    rows = 2 if len(strip) > 6 else 1
    levels = any(" at " in chip.says for chip in strip)
    return HIGH - ROW * (rows - 1) - LINE * rows * levels


@cache
def _style() -> str:
    return (HERE / "board.css").read_text("utf-8")
