"""The dashboard: its pages, and nothing else. Run it with `oneveto dashboard`."""

from __future__ import annotations

import sys
from functools import partial

import streamlit as st

from dashboard import frame
from dashboard.question import Question
from dashboard.views import about, negotiation, rules, verdict, what_if, why
from sim.constants import FLAGSHIP

# The pages by the last word of their address: title and view; the first is the front page.
PAGES: dict[str, tuple[str, frame.View]] = {
    "verdict": ("Verdict", verdict.show),
    "what-if": ("What if", what_if.show),
    "rules": ("Rules", rules.show),
    "why": ("Why", why.show),
    "negotiation": ("Negotiation", negotiation.show),
    "about": ("About", about.show),
}


def main() -> None:
    """Find the page, ask in the side bar, show the page."""
    st.set_page_config(page_title="oneveto", page_icon="🕊️", layout="wide")
    asked: list[Question | None] = []  # by the side bar, before the page is run
    pages = [
        st.Page(partial(_answer, view, asked), title=title, url_path=path, default=not number)
        for number, (path, (title, view)) in enumerate(PAGES.items())
    ]
    page = st.navigation(pages, position="top")
    asked.append(frame.question(sys.argv[1] if len(sys.argv) > 1 else FLAGSHIP))
    page.run()


def _answer(view: frame.View, asked: list[Question | None]) -> None:
    frame.show(view, asked[-1])


main()
