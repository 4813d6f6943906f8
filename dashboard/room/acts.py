"""Pressing a button at the desk: done once, and what cannot be done is said in its place."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import streamlit as st

from sim.errors import OnevetoError

PAUSE = 0.5
"""Seconds after an act within which another press is the second half of a double click."""

LAST, REFUSED = "last act", "refused"
"""Keys of when something was done last, and of the sentence why something was not."""


def button(label: str, act: Callable[..., Any], *args: Any, **looks: Any) -> None:
    """A button that does something in the room."""
    st.button(label, on_click=do, args=(act, *args), width="stretch", **looks)


def do(act: Callable[..., Any], *args: Any) -> None:
    """Do something, unless something else has just been done; keep the sentence of a refusal."""
    now = time.monotonic()
    if now - st.session_state.get(LAST, -PAUSE) < PAUSE:
        return
    st.session_state[LAST] = now
    st.session_state[REFUSED] = ""
    try:
        act(*args)
    except OnevetoError as error:
        st.session_state[REFUSED] = str(error)


def refusal() -> None:
    """Why the last thing was not done, if so."""
    if st.session_state.get(REFUSED):
        st.error(st.session_state[REFUSED])
