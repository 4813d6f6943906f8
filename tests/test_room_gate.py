"""Who gets to the server of a room at all, before any page is asked: by name, by network, by number."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest

from dashboard.room import guard, hall
from dashboard.room.guard import GUESTS, Gate
from sim.room.keys import Desk
from tests.rooms import awaited

HERE, LAN = "127.0.0.1", "192.168.1.21"
PIN = "12345678"


@pytest.fixture
def door(monkeypatch):
    """A gate in front of something that answers all, and stays open for every web socket."""
    desk = Desk(PIN)
    monkeypatch.setattr(hall, "names", lambda: frozenset({HERE, "localhost", LAN}))
    monkeypatch.setattr(hall, "desk", lambda: desk)
    monkeypatch.setattr(hall, "room", lambda: SimpleNamespace(code="BCDFG"))
    return Door(desk.enter(PIN, "facilitator"))


class Door:
    def __init__(self, given):
        self.given = given
        self.gate = Gate(self.answer)
        self.closing = asyncio.Event()

    async def answer(self, scope, receive, send):
        if scope["type"] == "websocket":
            await send({"type": "websocket.accept"})
            await self.closing.wait()
        else:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b""})

    async def ask(self, kind, path="/board", client="192.168.1.99", came_by=LAN, **headers):
        """What comes back first: a status, or what becomes of a web socket."""
        said = asyncio.Queue()
        named = {"host": f"{LAN}:8600"} | headers
        scope = {
            "type": kind, "path": path, "client": (client, 5), "server": (came_by, 8600),
            "method": "GET", "query_string": b"",
            "headers": [(name.encode(), value.encode()) for name, value in named.items()],
        }  # fmt: skip

        async def receive():
            return {"type": "websocket.connect"}

        self.last = asyncio.ensure_future(self.gate(scope, receive, said.put))
        first = await said.get()
        return first.get("status", first["type"].removeprefix("websocket."))


def test_a_web_socket_of_another_page_is_closed(door):
    async def tried():
        own = await door.ask("websocket", origin=f"http://{LAN}:8600")
        other = await door.ask("websocket", origin="http://evil.example")
        named = await door.ask("websocket", host="evil.example", origin="http://evil.example")
        crossed = await door.ask("websocket", came_by="10.8.0.2")
        return own, other, named, crossed

    assert awaited(tried()) == ("accept", "close", "close", "close")


def test_there_are_only_so_many_boards_but_the_facilitator_gets_one(door):
    own = f"{hall.cookie()}={door.given}"

    async def tried():
        shown = [await door.ask("websocket") for _ in range(GUESTS)]
        more = await door.ask("websocket"), await door.ask("http"), await door.ask("http", "/desk")
        always = (
            await door.ask("http", "/r/BCDFG"),
            await door.ask("websocket", client=HERE),
            await door.ask("http", client=HERE),
            await door.ask("websocket", cookie=own),
            await door.ask("http", "/desk", cookie=own),
            await door.ask("http", cookie=f"oneveto_desk_XZXZX=made-up; {own}"),
        )
        forged = await door.ask("websocket", cookie=f"{hall.cookie()}=made-up")
        door.closing.set()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        return shown, more, always, forged, await door.ask("http")

    shown, more, always, forged, later = awaited(tried())
    assert shown == ["accept"] * GUESTS
    assert more == ("close", 503, 503)
    assert always == (200, "accept", 200, "accept", 200, 200)
    assert forged == "close"
    assert later == 200, "who leaves makes room"
    assert door.gate.guests == 0


def test_what_takes_too_long_to_arrive_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(guard, "PATIENCE", 0.05)

    async def never():
        await asyncio.sleep(10)

    async def tried():
        from starlette.requests import Request

        scope = {"type": "http", "method": "POST", "path": "/", "headers": []}
        await guard.small(Request(scope, never))

    with pytest.raises(guard.Turned, match="too long") as turned:
        awaited(tried())
    assert turned.value.status == 408
