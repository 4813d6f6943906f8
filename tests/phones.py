"""A live room for tests: its own routes over real HTTP on the loopback, and phones that ask them."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware

from dashboard.room import guard, hall, routes
from sim.room.keys import Desk, Limit
from sim.room.live import LiveRoom
from sim.room.opening import open_room
from sim.scenario import load

PIN = "12345678"


@dataclass(frozen=True)
class Answer:
    """What came back: status, headers in small letters, body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def refused(self) -> str:
        return self.json["refused"]


@dataclass
class Phone:
    """A browser on a phone, as far as a server can tell."""

    address: tuple[str, int]
    code: str
    id: str = ""

    @property
    def origin(self) -> str:
        return f"http://{self.address[0]}:{self.address[1]}"

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | str | None = None,
        headers: Mapping[str, str | None] | None = None,
        *,
        whole: bool = False,
        chunked: bool = False,
    ) -> Answer:
        """Ask for a path of the room, or with `whole` any path; a header of None is left out."""
        usual = {"Authorization": f"Bearer {self.id}" if self.id else None}
        if method == "POST":
            usual |= {"Origin": self.origin, "Content-Type": "application/json"}
        sent = {k: v for k, v in (usual | dict(headers or {})).items() if v is not None}
        line = HTTPConnection(*self.address, timeout=60)
        with contextlib.closing(line):
            content = iter([body]) if chunked else body
            where = path if whole else f"/r/{self.code}{path and f'/{path}'}"
            line.request(method, where, content, sent, encode_chunked=chunked)
            answer = line.getresponse()
            named = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, named, answer.read())

    def get(self, path: str, headers: Mapping[str, str | None] | None = None) -> Answer:
        return self.ask("GET", path, None, headers)

    def post(self, path: str, body: Any, headers: Mapping[str, str | None] | None = None) -> Answer:
        return self.ask("POST", path, json.dumps(body), headers)

    def join(self, seat: str = "", name: str = "") -> Phone:
        """Come in; this phone is somebody from now on."""
        found = self.post("join", {"name": name, "seat": seat})
        assert found.status == 200, found.body
        self.id = f"{found.json['who']}.{found.json['token']}"
        return self

    def speak(self, put: int, stance: str, reason: str = "", turn: int = 1) -> Answer:
        return self.post("ballot", {"put": put, "turn": turn, "stance": stance, "reason": reason})

    @property
    def state(self) -> Any:
        return self.get("state").json


@dataclass(frozen=True)
class Served:
    """A room that is open on a port, and what its facilitator holds in hand."""

    room: LiveRoom
    address: tuple[str, int]
    desk: Desk = field(default_factory=lambda: Desk(PIN))

    def phone(self, code: str = "") -> Phone:
        return Phone(self.address, code or self.room.code)


@contextlib.contextmanager
def served(
    folder: Path, scenario: str = "draft-treaty-2021", seating: str = "key"
) -> Iterator[Served]:
    """A new room, served as `oneveto room` serves it, without Streamlit's own pages."""
    room = open_room(load(scenario), folder, seating_=seating)
    taken = socket.create_server(("127.0.0.1", 0))
    here = Served(room, taken.getsockname())
    with pytest.MonkeyPatch.context() as patch, contextlib.closing(taken):
        patch.setattr(hall, "room", lambda: room)
        patch.setattr(hall, "desk", lambda: here.desk)
        patch.setattr(hall, "address", lambda: "127.0.0.1")
        patch.setattr(hall, "names", lambda: frozenset({"127.0.0.1", "localhost"}))
        renew(patch)
        app = Starlette(routes=routes.ROUTES, middleware=[Middleware(guard.Gate)])
        config = uvicorn.Config(app, log_level="error", access_log=False, lifespan="off", ws="none")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]}, daemon=True)
        thread.start()
        try:
            _await(server, thread)
            yield here
        finally:
            server.should_exit = True
            thread.join(10)
            room.store.close()


def _await(server: uvicorn.Server, thread: threading.Thread, patience: float = 60) -> None:
    """Wait until a server takes requests."""
    end = time.monotonic() + patience
    while not server.started:
        assert thread.is_alive(), "the room's server has ended before it began"
        assert time.monotonic() < end, f"the room's server has not begun within {patience} s"
        time.sleep(0.01)


def renew(patch: pytest.MonkeyPatch, clock: Callable[[], float] = time.monotonic) -> None:
    """Nobody has tried anything yet; `clock` is that by which tries are counted."""
    for name in ("WRONG_CODES", "JOINS", "JOINS_HERE", "JOINS_IN_AN_HOUR", "CHANGES"):
        old = getattr(routes, name)
        patch.setattr(routes, name, Limit(old.tries, old.seconds, clock))
    routes.views.cache_clear()
    routes._card.cache_clear()
