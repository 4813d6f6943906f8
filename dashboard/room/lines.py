"""What becomes of a line that somebody opens to a room's server, before anything is asked on it."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable
from importlib import import_module
from typing import Any

Made = Callable[[Any, asyncio.Transport], None]
"""How uvicorn takes a new line: `connection_made` of its protocol."""


def watch() -> None:
    """Have uvicorn take lines as a room wants them; Streamlit hands on no option for any of this.

    A later uvicorn that names things otherwise works without, only slower; a test says so.
    """
    with contextlib.suppress(ImportError, AttributeError):
        kind = import_module("uvicorn.protocols.http.auto").AutoHTTPProtocol
        kind.connection_made = guarded(kind.connection_made)


def guarded(made: Made) -> Made:
    """Take a line as uvicorn does, and have its answers leave at once.

    uvicorn writes head and body apart, and asyncio switches Nagle's delay off for no line of a
    socket that is bound as Streamlit does (with protocol 0): each answer would wait for 40 ms.
    """

    def connection_made(line: Any, transport: asyncio.Transport) -> None:
        made(line, transport)
        with contextlib.suppress(AttributeError, OSError):
            end = transport.get_extra_info("socket")
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    return connection_made
