"""Who gets to the server of a room at all, before any page is asked: by name, by network, by number."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest

from dashboard.room import guard, hall
from dashboard.room.guard import GUESTS, MESSAGES, WHILE, Gate
from sim.room.keys import Desk
from tests.rooms import Clock, awaited

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


def test_what_streamlit_tells_about_this_machine_is_not_for_guests(door):
    own, path = f"{hall.cookie()}={door.given}", "/_stcore/metrics"

    async def tried():
        guest = [await door.ask("http", path + end) for end in ("", "/", "\n")]
        machine = await door.ask("http", path, client=HERE)
        return guest, machine, await door.ask("http", path, cookie=own)

    assert awaited(tried()) == ([403] * 3, 200, 200)


@pytest.fixture
def board(door):
    """A web socket on which somebody says something a number of times: how often it was heard."""
    clock, sent = Clock(), []

    async def heard(scope, receive, send):
        while (await receive())["type"] == "websocket.receive":
            scope["heard"].append(1)

    async def say(times, client, cookie):
        headers = {"host": f"{LAN}:8600", "cookie": cookie}
        scope = {
            "type": "websocket", "path": "/_stcore/stream", "client": (client, 5),
            "server": (LAN, 8600), "heard": [],
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        }  # fmt: skip
        coming = [{"type": "websocket.receive", "bytes": b"x"}] * times
        coming = iter([*coming, {"type": "websocket.disconnect", "code": 1000}])

        async def receive():
            return next(coming)

        async def send(message):
            sent.append(message)

        await gate(scope, receive, send)
        return len(scope["heard"])

    def said(times, client="192.168.1.99", cookie=""):
        return awaited(say(times, client, cookie))

    gate = Gate(heard, clock)
    return SimpleNamespace(say=said, sent=sent, clock=clock)


def test_who_says_too_much_on_web_sockets_is_closed_with_a_reason(board):
    assert board.say(MESSAGES) == MESSAGES
    assert board.sent == []
    assert board.say(1) == 0, "another web socket of the same somebody is none the better"
    (closed,) = board.sent
    assert (closed["code"], closed["reason"]) == (1008, "Too many messages.")
    assert board.say(1, "192.168.1.98") == 1, "others are heard"
    board.clock.now += WHILE + 1
    assert board.say(MESSAGES + 5) == MESSAGES


def test_a_board_that_looks_every_second_is_never_closed(board):
    for _ in range(200):
        assert board.say(6) == 6, "six boards behind one address"
        board.clock.now += 1
    assert board.sent == []


def test_this_machine_and_the_facilitator_say_what_they_like(board, door):
    many = 5 * MESSAGES
    assert board.say(many, HERE) == many
    assert board.say(many, cookie=f"{hall.cookie()}={door.given}") == many


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
