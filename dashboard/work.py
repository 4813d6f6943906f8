"""Work that takes longer than a second: it shows how far it is, can be stopped, and goes on later."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

import streamlit as st

PATIENCE = 0.3
"""Seconds before work shows how far it is; what is done sooner does not flicker."""

Cell = TypeVar("Cell")
Result = TypeVar("Result")


def gathered(
    key: str, task: Hashable, cells: Sequence[Cell], each: Callable[[Cell], Result], what: str
) -> list[Result] | None:
    """The result of every cell, or None where somebody has stopped the work.

    `key` names the place on the page, `task` what is worked out there: a new task starts by itself.
    `each` keeps what it has worked out, so that going on begins where the work was stopped.
    """
    place = st.empty()
    if st.session_state.get(f"{key}.stopped") == task:
        with place.container(horizontal=True, vertical_alignment="center"):
            st.caption(f"Stopped: {what}.")
            st.button("Go on", key=f"{key}.go", on_click=_go_on, args=(key,))
        return None
    found: list[Result] = []
    bar, begin = None, time.monotonic()
    for number, cell in enumerate(cells):
        if bar is None and time.monotonic() - begin > PATIENCE:
            with place.container(horizontal=True, vertical_alignment="center"):
                bar = st.progress(0.0, f"{what} …")
                st.button("Stop", key=f"{key}.stop", on_click=_stop, args=(key, task))
        if bar is not None:
            bar.progress(number / len(cells), f"{what}: {number} of {len(cells)}")
        found.append(each(cell))
    place.empty()
    return found


def _stop(key: str, task: Hashable) -> None:
    st.session_state[f"{key}.stopped"] = task


def _go_on(key: str) -> None:
    st.session_state.pop(f"{key}.stopped", None)
