"""The server of a room: the board, the desk and the debrief, and plain pages for phones."""

from __future__ import annotations

import gc
import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from starlette.middleware import Middleware

from dashboard.room import guard, hall, lines, rehearse, routes
from sim import charts, serving  # noqa: F401
from sim.room.invitation import looking_back

SOCKET = "streamlit.web.server.starlette.starlette_websocket"
"""Where Streamlit reports on what browsers send."""


def in_one_line(record: logging.LogRecord) -> bool:
    """Leave out the traceback of a warning: what somebody sends is no fault of this program."""
    if record.levelno == logging.WARNING:
        record.exc_info = None
    return True


def warm() -> None:
    """Load the room and what its first visitors would wait for; what is there by then stays."""
    hall.room().minds()
    hall.desk()
    routes.views().seen()
    gc.collect()
    gc.freeze()


@asynccontextmanager
async def in_a_browser(app: st.App) -> AsyncIterator[None]:
    """Open a browser at the desk, unless asked not to; rehearse, if asked to; leave one file."""
    rehearse.begin()
    if not st.get_option("server.headless"):
        where = (st.get_option("server.port"), f"/r/{hall.room().code}/desk")
        threading.Thread(target=serving.browse, args=where, daemon=True).start()
    yield
    hall.room().store.close()
    path = hall.room().store.path
    print(f"\nThe log is in {path}; `{looking_back(path)}` looks back.", flush=True)


logging.getLogger(SOCKET).addFilter(in_one_line)
logging.getLogger("asyncio").addFilter(lines.Once(lines.FULL))
lines.raise_limit()
lines.watch()
warm()
app = st.App(
    "app.py", lifespan=in_a_browser, routes=routes.ROUTES, middleware=[Middleware(guard.Gate)]
)
