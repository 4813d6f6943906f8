"""Where phones find the room: the address to type, and the same as a code to point a camera at."""

from __future__ import annotations

from functools import cache

import segno
import streamlit as st

from dashboard.room import hall

LOOK = """.pin { display: inline-block; padding: .7rem 1.2rem; border-radius: .5rem; min-height: 44px;
  box-sizing: border-box; background: #0067a3; color: white; text-decoration: none; }"""


def join() -> str:
    """The link for phones; it carries the code, and nothing secret."""
    port = st.get_option("server.port")
    return f"http://{hall.address()}:{port}/r/{hall.room().code}"


@cache
def square(link: str) -> str:
    """A link as a QR code, black on white whatever the theme, as the address of a picture."""
    made = segno.make(link, error="m")
    return str(made.svg_data_uri(scale=8, border=3, light="white", dark="black"))


def to_the_pin(why: str) -> None:
    """Say why a page is closed, and lead to the PIN in the same window."""
    st.write(why)
    st.html(
        f'<a class="pin" href="/r/{hall.room().code}/desk">Type the PIN</a><style>{LOOK}</style>'
    )
