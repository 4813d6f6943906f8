"""The dashboard: its pages, and nothing else. Run it with `oneveto dashboard`."""

from __future__ import annotations

import sys
from functools import partial

import streamlit as st

from dashboard import controls, frame
from dashboard.views import PAGES, STORY, View
from sim.constants import FLAGSHIP


def main() -> None:
    """Find the page, ask in the side bar, show the page; then what else can be changed."""
    st.set_page_config(page_title="oneveto", page_icon="🕊️", layout="wide")
    asked: list[frame.Asked | None] = []  # by the side bar, before the page is run
    pages = {
        path: st.Page(partial(_answer, view, asked), title=title, url_path=path, default=not number)
        for number, (path, (title, view)) in enumerate(PAGES.items())
    }
    page = st.navigation(list(pages.values()), position="top")
    asked.append(frame.ask(sys.argv[1] if len(sys.argv) > 1 else FLAGSHIP))
    if wanted := st.session_state.pop(controls.VISIT, ""):
        st.switch_page(pages[wanted], query_params={})  # what widgets say comes back
    page.run()
    if page is not pages[STORY]:
        frame.offer(asked[-1])


def _answer(view: View, asked: list[frame.Asked | None]) -> None:
    tell = frame.tell if view is PAGES[STORY][1] else frame.show
    tell(view, asked[-1])


main()
