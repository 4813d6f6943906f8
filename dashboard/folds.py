"""Parts of a page that are shut at first; what is in them is made only once they are opened.

A page of fifty widgets is slow in every browser; one that makes them when somebody looks is not.
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st


def section(title: str, key: str, show: Callable[[], None], *, expanded: bool = False) -> None:
    """A part that unfolds in its place."""
    part = st.expander(title, expanded=expanded, key=f"open {key}", on_change="rerun")
    if part.open:
        with part:
            show()


def popover(title: str, key: str, show: Callable[[], None]) -> None:
    """A part that opens over the page."""
    part = st.popover(title, key=f"open {key}", on_change="rerun")
    if part.open:
        with part:
            show()
