"""What stands before every page of a room's server: who is let in, and what is read from them."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.room import hall
from sim.room.keys import Limit

PLAIN = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' blob: data:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""Headers of everything under `/r`."""

OTHER = {
    "Content-Security-Policy": "frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
"""Headers of Streamlit's pages, which bring scripts and styles of their own."""

LARGEST = 1024
"""Bytes that a phone may send at once."""

LONGEST = 200
"""Letters of any one thing that it says."""

PATIENCE = 10.0
"""Seconds that sending them may take."""


class Turned(Exception):
    """Somebody is turned away, with a status of HTTP and a sentence for them."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


UNREADABLE = 1003
"""Why a web socket is closed that sends what nobody reads (RFC 6455)."""

GUESTS = 6
"""Screens elsewhere that may show the board at once: each costs this machine more than fifty phones."""


OWN = "/_stcore/metrics"
"""What Streamlit tells about this machine, which no page asks for."""

MESSAGES, WHILE = 60, 3.0
"""What may come by web sockets from one address elsewhere, in so many seconds.

A board sends one a second. Each lets the page run anew, for which all phones wait; whoever comes back
on another web socket begins with what is left.
"""

OFTEN = 1008
"""Why a web socket is closed on which too much comes (RFC 6455)."""


class Gate:
    """Lets in who came by an address of this room, and gives every answer its headers.

    A page elsewhere that has its own name point here (DNS rebinding) comes under that name, and another
    network of this machine comes by another address: both are turned away. So is one more board on
    somebody's phone, once there are enough, and a program that says too much on one; this machine and
    the facilitator always get theirs.
    """

    def __init__(self, app: ASGIApp, clock: Callable[[], float] = time.monotonic) -> None:
        self.app = app
        self.guests = 0
        self.messages = Limit(MESSAGES, WHILE, clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what may enter."""
        kind = scope["type"]
        if kind not in ("http", "websocket"):
            await self.app(scope, receive, send)
        elif not _welcome(scope):
            await _turn_away(scope, receive, send, "This room is not at this address.", 421)
        elif scope["path"].startswith(OWN) and _guest(scope):
            await _turn_away(scope, receive, send, "This is for the facilitator.", 403)
        elif _wants_a_screen(scope) and self.guests >= GUESTS and _guest(scope):
            full = f"{GUESTS} screens show this already. Phones join at /r."
            await _turn_away(scope, receive, send, full, 503)
        elif kind == "websocket" and _guest(scope):
            seldom = _seldom(_in_bytes(receive, send), send, self.messages, _client(scope))
            await self._show(scope, seldom, send)
        elif kind == "websocket":
            await self.app(scope, _in_bytes(receive, send), send)
        else:
            await self.app(scope, receive, _with_headers(scope, send))

    async def _show(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.guests += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self.guests -= 1


def _wants_a_screen(scope: Scope) -> bool:
    """Whether somebody asks for one of Streamlit's pages, or for what keeps it up to date."""
    return scope["type"] == "websocket" or scope["path"] in ("/board", "/desk", "/debrief")


def _guest(scope: Scope) -> bool:
    """Whether it is neither this machine that asks, nor a browser that knows the PIN."""
    here = _client(scope) in hall.names()
    return not here and not hall.desk().knows(HTTPConnection(scope).cookies.get(hall.cookie(), ""))


def _client(scope: Scope) -> str:
    """Where it comes from."""
    return (scope.get("client") or ("",))[0]


def _welcome(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    named, came_by = _name(f"//{headers.get('host', '')}"), (scope.get("server") or ("",))[0]
    if named not in hall.names() or came_by not in hall.names():
        return False
    return scope["type"] == "http" or same_origin(headers, absent=True)


def same_origin(headers: Mapping[str, str], *, absent: bool = False) -> bool:
    """Whether the page that asks is one of this server; where that is not said: `absent`."""
    origin = headers.get("origin")
    if origin is None:
        return absent
    return origin in (f"http://{headers['host']}", f"https://{headers['host']}")


def _name(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


async def _turn_away(
    scope: Scope, receive: Receive, send: Send, sentence: str, status: int
) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
    else:
        await PlainTextResponse(sentence, status, PLAIN)(scope, receive, send)


def _in_bytes(receive: Receive, send: Send) -> Receive:
    """Messages of a web socket, until one comes in letters, which no page of ours sends."""

    async def received() -> Message:
        message = await receive()
        if message.get("text") is None:
            return message
        await send({"type": "websocket.close", "code": UNREADABLE})
        return {"type": "websocket.disconnect", "code": UNREADABLE}

    return received


def _seldom(receive: Receive, send: Send, limit: Limit, who: str) -> Receive:
    """Messages of a web socket, until somebody sends too many."""

    async def received() -> Message:
        message = await receive()
        if message["type"] != "websocket.receive" or limit.take(who):
            return message
        await send({"type": "websocket.close", "code": OFTEN, "reason": "Too many messages."})
        return {"type": "websocket.disconnect", "code": OFTEN}

    return received


def _with_headers(scope: Scope, send: Send) -> Send:
    path = scope["path"]
    added = PLAIN if path == "/r" or path.startswith("/r/") else OTHER

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in added.items():
                headers.setdefault(name, value)
        await send(message)

    return sent


# What is sent -----------------------------------------------------------------------------------


async def said(request: Request, shape: Mapping[str, type]) -> dict[str, Any]:
    """What a phone says: an object with exactly these keys and types, and no more than it needs.

    Raises Turned for anything else.
    """
    check_origin(request)
    if _kind(request) != "application/json":
        raise Turned(415, "Send JSON.")
    try:
        found = json.loads(await small(request), object_pairs_hook=_each_once)
    except (ValueError, RecursionError):
        raise Turned(400, "This is no JSON that can be read.") from None
    if not isinstance(found, dict) or found.keys() != shape.keys():
        raise Turned(400, f"Send an object with {', '.join(shape) or 'nothing in it'}.")
    for name, kind in shape.items():
        if type(found[name]) is not kind or len(str(found[name])) > LONGEST:
            raise Turned(400, f"`{name}` is not of the right kind or length.")
    return found


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object that says each thing once. Raises Turned for another: readers differ on what it says."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Turned(400, "Say each thing once.")
    return found


async def form(request: Request) -> dict[str, str]:
    """What a plain form of this server sends. Raises Turned for anything else."""
    check_origin(request)
    if _kind(request) != "application/x-www-form-urlencoded":
        raise Turned(415, "Send the form of this page.")
    try:
        return dict(parse_qsl((await small(request)).decode(), max_num_fields=4))
    except ValueError:
        raise Turned(400, "This form cannot be read.") from None


def check_origin(request: Request) -> None:
    """Raise Turned for a change that a page from elsewhere asks for."""
    if not same_origin(request.headers):
        raise Turned(403, "Only this room's own pages may change anything.")


def _kind(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def small(request: Request) -> bytes:
    """A body of at most `LARGEST` bytes, whatever its headers say. Raises Turned for a larger one."""
    found = bytearray()
    try:
        async with asyncio.timeout(PATIENCE):
            async for piece in request.stream():
                found += piece
                if len(found) > LARGEST:
                    raise Turned(413, f"That is too long; {LARGEST} bytes are enough.")
    except (TimeoutError, ClientDisconnect):
        raise Turned(408, "That took too long to arrive.") from None
    return bytes(found)
