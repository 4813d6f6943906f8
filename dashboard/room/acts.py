"""Pressing a button at the desk: done once, and what cannot be done is said in its place."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import streamlit as st

from sim.errors import OnevetoError

PAUSE = 0.5
"""Seconds after an act within which another press in its place is the second half of a double click."""

TABLE = "table"
"""The place of all buttons that move the text along: each of them comes where another has been."""

SOON = "That came so soon after the last press that it was not done; press again if you mean it."

ALONE = "drawn by itself"
"""Key of whether a drawing of the desk is one that nobody's press has asked for."""

LAST, REFUSED, SINCE = "last act", "refused", "refused since"
"""Keys of what was done last, where and when, of the sentence why something was not, and since when."""


def button(
    label: str, act: Callable[..., Any], *args: Any, key: str, place: str = TABLE, **looks: Any
) -> None:
    """A button that does something in the room; `place`: its own where no other comes in its stead."""
    st.button(label, on_click=do, args=(place, key, act, *args), key=key, width="stretch", **looks)


def do(place: str, key: str, act: Callable[..., Any], *args: Any) -> None:
    """Do something, unless something has just been done in its place; keep the sentence of a refusal.

    The second half of a double click may hit another button than the first, the reveal after the
    gavel: that is said, as somebody quick may mean it.
    """
    now = time.monotonic()
    st.session_state[ALONE], st.session_state[SINCE] = False, None
    where, last, at = st.session_state.get(LAST, ("", "", now))
    if where == place and now - at < PAUSE:
        if last != key:
            st.session_state[REFUSED] = SOON
        return
    st.session_state[LAST] = place, key, now
    st.session_state[REFUSED] = ""
    try:
        act(*args)
    except OnevetoError as error:
        st.session_state[REFUSED] = str(error)


def refusal(deeds: int) -> None:
    """Why the last thing was not done, if so, until something else is: by now so many deeds were."""
    if st.session_state.get(SINCE) is None:
        st.session_state[SINCE] = deeds
    if st.session_state.get(REFUSED) and st.session_state[SINCE] == deeds:
        st.error(st.session_state[REFUSED])
