"""Widgets and the address of the page: what a person turns is one line of changes, and back.

The line is the only state. Every widget shows what the line says and, when it is turned, writes the line
anew; so a link, the browser's Back, undo, and typing all do the same.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from sim.errors import RequestError
from sim.scenario import MOST_PINS as MOST_PINS
from sim.scenario import Scenario, amended, parse_line, parse_pins, spelled, value_at

LINE, SCENARIO, CLAUSE, MEMBER, PINS = "set", "scenario", "clause", "member", "pins"
"""Keys of what the address of the page carries."""

OWN = "own"
"""Key of the uploaded scenarios that are this session's, or that a link asked it for."""

TRAIL = "trail"
"""Key of the scenarios and lines that were there before, for undo."""

VISIT = "visit"
"""Key of the wish to see another page next: the last word of its address."""

LONGEST = 50
"""Steps that can be undone."""


# The line ---------------------------------------------------------------------------------------


def changes() -> dict[str, Any]:
    """What the line changes; raises RequestError with a sentence where it is not well formed."""
    return read(st.session_state.get(LINE, ""))


def read(line: str) -> dict[str, Any]:
    """A line of changes, each with a value that a cache can tell from another."""
    return _hashables(parse_line(line))


def _hashables(changes: Mapping[str, Any]) -> dict[str, Any]:
    return {address: _hashable(value) for address, value in changes.items()}


def _hashable(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(map(str, value))
    return str(value) if isinstance(value, dict) else value


def write(wanted: Mapping[str, Any], current: Scenario) -> None:
    """Change the line; None puts back what is in the file, and what says nothing new is left out."""
    st.session_state[LINE] = spelled(amended(current, changes(), wanted))


def here() -> tuple[str, str]:
    """The scenario and the line that stand."""
    return st.session_state[SCENARIO], st.session_state.get(LINE, "")


def can_undo() -> bool:
    """Whether there was another scenario or line before."""
    return any(step != here() for step in st.session_state.get(TRAIL, []))


def undo() -> None:
    """To the last step that was another; the one that stands may not have been read to its end."""
    trail = st.session_state.get(TRAIL, [])
    while trail and trail[-1] == here():
        trail.pop()
    if trail:
        st.session_state[SCENARIO], st.session_state[LINE] = trail[-1]


def reset() -> None:
    """To the scenario as its file has it."""
    st.session_state[LINE] = ""


def play(name: str) -> None:
    """Another scenario, as its file has it."""
    st.session_state[SCENARIO], st.session_state[LINE] = name, ""


def visit(name: str) -> None:
    """Another scenario, as its file has it, and to the front page with it."""
    play(name)
    go("verdict")


def go(page: str) -> None:
    """To another page, with what is asked."""
    st.session_state[VISIT] = page


def own(name: str) -> None:
    """Offer an uploaded scenario from now on."""
    names = st.session_state.setdefault(OWN, [])
    if name not in names:
        names.append(name)


def forget(name: str) -> None:
    """Offer a scenario no more, not as a step back either."""
    offered, trail = (st.session_state.get(key, []) for key in (OWN, TRAIL))
    st.session_state[OWN] = [other for other in offered if other != name]
    st.session_state[TRAIL] = [step for step in trail if step[0] != name]


def remember() -> None:
    """Keep scenario and line for undo, whether they fit or not."""
    trail = st.session_state.setdefault(TRAIL, [])
    if not trail or trail[-1] != here():
        trail.append(here())
        del trail[:-LONGEST]


# What-ifs that are kept -------------------------------------------------------------------------

TAKEN = ("Clause", "As in the file", "Now")
"""Columns that stand beside the pinned ones, so that no pin may have their names."""


def pins() -> dict[str, dict[str, Any]]:
    """The pinned what-ifs by name; raises RequestError with a sentence where one is not well formed."""
    found = parse_pins((st.session_state.get(PINS) or "").splitlines())
    for name in found:
        if taken(name):
            raise RequestError(f"`{name}` is a column of the table already; write another name")
    return {name: _hashables(changes) for name, changes in found.items()}


def pin(name: str) -> None:
    """Keep what is asked now under a name; the same name again replaces it."""
    _keep(pins() | {_name(name) or _name(st.session_state[LINE]): changes()})


def taken(name: str) -> bool:
    """Whether a name is that of another column."""
    return _name(name) in TAKEN


def _name(text: str) -> str:
    """As it can stand in front of a colon, on one line."""
    return " ".join(text.replace(":", " ").split())


def unpin(name: str) -> None:
    """Let a pinned what-if go."""
    _keep({other: wanted for other, wanted in pins().items() if other != name})


def open_pin(name: str) -> None:
    """Ask a pinned what-if again."""
    st.session_state[LINE] = spelled(pins()[name])


def _keep(kept: Mapping[str, Mapping[str, Any]]) -> None:
    lines = [f"{name}: {' '.join(spelled(wanted).splitlines())}" for name, wanted in kept.items()]
    st.session_state[PINS] = "\n".join(lines)


# Widgets that write it --------------------------------------------------------------------------


def reaching(value: float, ends: tuple[float, float, float]) -> tuple[float, float]:
    """Two ends, moved by whole steps until a value lies between them.

    >>> reaching(-2.3, (-2.0, 2.0, 0.25))
    (-2.5, 2.0)
    """
    low, high, step = ends
    below, above = (math.ceil(round(far / step, 9)) for far in (low - value, value - high))
    return round(low - max(0, below) * step, 9), round(high + max(0, above) * step, 9)


@dataclass(frozen=True)
class Desk:
    """The scenario as in its file and as it is changed, for widgets that change it further."""

    original: Scenario
    current: Scenario

    def number(self, address: str) -> float | None:
        """The number at an address, as changed; None where there is none."""
        found = value_at(self.current, address)
        return None if found is None else float(found)

    def slider(self, address: str, label: str, ends: tuple[float, float, float], help: str) -> None:
        """The number at an address, between two ends and in steps; nothing where there is none."""
        value = self.number(address)
        if value is not None:
            self.dial(address, label, value, ends, help, lambda new: {address: new})

    def dial(
        self,
        name: str,
        label: str,
        value: float,
        ends: tuple[float, float, float],
        help: str,
        asked: Callable[[float], Mapping[str, Any]],
    ) -> None:
        """A slider that shows a value and asks for changes when it is turned.

        A value beyond the ends moves them: files and the line may say more than a slider offers. Where
        the ends meet there is nothing to turn.
        """
        if ends[0] >= ends[1]:
            st.caption(f"{label}: {value:.6g}. There is no room for another here.")
            return
        key, kind = f"at {name}", type(ends[0])
        st.session_state[key] = kind(value)
        low, high = map(kind, reaching(value, ends))
        st.slider(
            label,
            low,
            high,
            step=ends[2],
            format="%d" if kind is int else "%.6g",
            key=key,
            help=help,
            on_change=self._turned,
            args=(key, asked),
        )

    def choice(
        self, address: str, label: str, options: Sequence[str], words: Mapping[str, str], help: str
    ) -> None:
        """One word out of several, or none where one of the options is empty."""
        key, value = f"at {address}", str(value_at(self.current, address) or options[0])
        st.session_state[key] = value
        st.selectbox(
            label,
            list(dict.fromkeys([*options, value])),
            format_func=lambda word: words.get(word, word),
            key=key,
            help=help,
            on_change=self._turned,
            args=(key, lambda new: {address: new or None}),
        )

    def switch(
        self,
        name: str,
        label: str,
        on: bool,
        asked: Callable[[bool], Mapping[str, Any]],
        help: str,
        *,
        disabled: bool = False,
    ) -> None:
        """On or off; disabled where there is nothing to change."""
        key = f"at {name}"
        st.session_state[key] = on
        st.toggle(
            label,
            key=key,
            help=help,
            on_change=self._turned,
            args=(key, asked),
            disabled=disabled,
        )

    def several(
        self,
        name: str,
        label: str,
        options: Sequence[str],
        chosen: Sequence[str],
        asked: Callable[[list[str]], Mapping[str, Any]],
        words: Callable[[str], str],
        help: str,
    ) -> None:
        """Any of several words."""
        key = f"at {name}"
        st.session_state[key] = list(chosen)
        st.multiselect(
            label,
            options,
            key=key,
            format_func=words,
            help=help,
            on_change=self._turned,
            args=(key, asked),
        )

    def _turned(self, key: str, asked: Callable[[Any], Mapping[str, Any]]) -> None:
        write(asked(st.session_state[key]), self.current)
