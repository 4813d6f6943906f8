"""The board for the projector: who is here, what is on the table, and the moment of the veto."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from importlib import resources
from typing import Any

import streamlit as st

from dashboard.room import fit, hall, links, sight
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

LETTERS = 200
"""Letters of two clauses that find room in full; of more, and of longer ones, the titles are shown."""


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
    """A text as everybody reads it: its clauses, each at its level, in full where there is room."""
    letters = sum(len(scenario.clauses[name].text) for name in levels)
    return {
        "full": len(levels) == 1 or (len(levels) == 2 and letters <= LETTERS),
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
    if state.ahead or sight.news(scenario, state):
        return reveal
    key = room.code, state.entries
    return reveal | {"fit": sight.kept("fit", key, lambda: fit.size(reveal, sight.strip(room)))}


@cache
def _style() -> str:
    return (HERE / "board.css").read_text("utf-8")
