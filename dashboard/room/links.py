"""Where phones find the room: the address to type, and the same as a code to point a camera at."""

from __future__ import annotations

from functools import cache

import segno
import streamlit as st

from dashboard.room import hall


def join() -> str:
    """The link for phones; it carries the code, and nothing secret."""
    port = st.get_option("server.port")
    return f"http://{hall.address()}:{port}/r/{hall.room().code}"


@cache
def square(link: str) -> str:
    """A link as a QR code, black on white whatever the theme, as the address of a picture."""
    made = segno.make(link, error="m")
    return str(made.svg_data_uri(scale=8, border=3, light="white", dark="black"))
