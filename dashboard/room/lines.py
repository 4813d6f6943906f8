"""What becomes of a line that somebody opens to a room's server, before anything is asked on it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import Callable
from importlib import import_module
from typing import Any

from dashboard.room import hall

try:
    import resource
except ImportError:  # not on Windows, which has no such limit
    resource = None

FILES = 8192
"""Files and lines that a room may hold at once; many systems start a program with 256 or 1024."""

MOST = 512
"""Lines from one address elsewhere: two hundred phones behind one router keep two or so each."""

PATIENCE = 10.0
"""Seconds within which the first question has to stand on a new line, whole."""

FULL = "socket.accept() out of system resource"
"""What asyncio says, thousands of times a second, where no line can be taken any more."""

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
    """Take a line as uvicorn does, unless somebody has very many, and have its answers leave at once.

    uvicorn writes head and body apart, and asyncio switches Nagle's delay off for no line of a
    socket that is bound as Streamlit does (with protocol 0): each answer would wait for 40 ms.
    """

    def connection_made(line: Any, transport: asyncio.Transport) -> None:
        made(line, transport)
        with contextlib.suppress(AttributeError, OSError):
            end = transport.get_extra_info("socket")
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            asyncio.get_running_loop().call_later(PATIENCE, _let_go, line, transport)
            if _too_many(line):
                transport.abort()

    return connection_made


def _let_go(line: Any, transport: asyncio.Transport) -> None:
    """Close a line on which nothing has been asked; a web socket is one no more."""
    if line.cycle is None and transport.get_protocol() is line:
        transport.close()


def _too_many(line: Any) -> bool:
    """Whether somebody elsewhere has more lines than they need; this machine may have any number."""
    who = line.client and line.client[0]
    if who in hall.names():
        return False
    return sum(bool(other.client) and other.client[0] == who for other in line.connections) > MOST


def raise_limit() -> None:
    """Let this program hold as many files as the system allows it, and a room may need."""
    if resource is None:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(OSError, ValueError):  # the system knows a smaller one
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


class Once(logging.Filter):
    """Lets what begins with certain words into the log a single time, without its traceback."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.words, self.said = words, False

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a line is let in."""
        if not record.getMessage().startswith(self.words):
            return True
        record.exc_info = None
        said, self.said = self.said, True
        return not said
