"""What a page of the room says once its server is gone."""

from __future__ import annotations

import streamlit as st

STYLE = """<style>
[data-testid="stDialog"] { display: none; }
body:has([data-testid="stDialog"])::after {
  content: "No connection to the room; this page waits for it.";
  position: fixed; inset: auto 0 0 0; z-index: 1000000; padding: .6rem; text-align: center;
  font: 600 1.2rem sans-serif; background: #a3310f; color: white; }
</style>"""
"""A line instead of Streamlit's box, which covers the page and asks about the internet."""


def show() -> None:
    """Have the page say so; it stays as it was."""
    st.html(STYLE)
