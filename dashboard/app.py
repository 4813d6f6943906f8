"""The dashboard: its pages, and nothing else. Run it with `oneveto dashboard`."""

from __future__ import annotations

import sys
from functools import partial

import streamlit as st

from dashboard import frame
from dashboard.views import verdict, what_if
from sim.constants import FLAGSHIP

# The pages by the last word of their address: title and view; the first is the front page.
PAGES: dict[str, tuple[str, frame.View]] = {
    "verdict": ("Verdict", verdict.show),
    "what-if": ("What if", what_if.show),
}


def main() -> None:
    """Ask in the side bar, show the page."""
    st.set_page_config(page_title="oneveto", page_icon="🕊️", layout="wide")
    question = frame.question(sys.argv[1] if len(sys.argv) > 1 else FLAGSHIP)
    pages = [
        st.Page(partial(frame.show, view, question), title=title, url_path=path, default=not number)
        for number, (path, (title, view)) in enumerate(PAGES.items())
    ]
    st.navigation(pages, position="top").run()


main()
