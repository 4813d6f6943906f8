"""Where phones find the room: the address to type, and the same as a code to point a camera at."""

from __future__ import annotations

from functools import cache

import segno
import streamlit as st

from dashboard.room import hall


def base() -> str:
    """The address at which this server is reached, as it was told when it was started."""
    host = st.get_option("browser.serverAddress") or st.get_option("server.address") or "127.0.0.1"
    return f"http://{host}:{st.get_option('server.port')}"


def join() -> str:
    """The link for phones."""
    return f"{base()}/r/{hall.room().code}"


@cache
def square(link: str) -> str:
    """A link as a QR code, black on white whatever the theme, as the address of a picture."""
    made = segno.make(link, error="m")
    return str(made.svg_data_uri(scale=8, border=3, light="white", dark="black"))
