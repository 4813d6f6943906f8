"""The pages of the room's server: the board, the desk, the debrief, and nothing else."""

from __future__ import annotations

import streamlit as st

from dashboard.room import board, debrief, desk, lost


def main() -> None:
    """Find the page and show it; there is no way from the board to the others but their address."""
    st.set_page_config(page_title="oneveto room", page_icon="🕊️", layout="wide")
    lost.show()
    pages = [
        st.Page(board.show, title="Board", default=True),
        st.Page(board.show, title="Board", url_path="board"),
        st.Page(desk.show, title="Desk", url_path="desk"),
        st.Page(debrief.show, title="Debrief", url_path="debrief"),
    ]
    st.navigation(pages, position="hidden").run()


main()
