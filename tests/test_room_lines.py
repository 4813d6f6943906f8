"""Lines to a room's server, on a socket that Streamlit itself has bound."""

from __future__ import annotations

import contextlib
import errno
import logging
import socket
import sys
import threading
import time
from http.client import HTTPConnection
from types import SimpleNamespace

import pytest
import uvicorn
from streamlit.web.server.starlette.starlette_server import _bind_socket
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from dashboard.room import hall, lines
from sim.room import serving
from sim.room.keys import new_pin
from sim.room.opening import open_room
from sim.scenario import load
from tests.browser.server import free_port
from tests.phones import Phone
from tests.test_room_program import started

HERE, ELSEWHERE = "127.0.0.1", "127.0.0.9"

on_linux = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="one loopback address elsewhere"
)


async def hello(scope, receive, send):
    """An application that answers everything."""
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]}
    )
    await send({"type": "http.response.body", "body": b"hi"})


@pytest.fixture
def server(monkeypatch):
    """A server of uvicorn's, as a room has it."""
    monkeypatch.setattr(hall, "names", lambda: frozenset({HERE}))
    monkeypatch.setattr(AutoHTTPProtocol, "connection_made", AutoHTTPProtocol.connection_made)
    lines.watch()
    with contextlib.closing(_bind_socket(HERE, 0, 100)) as bound:
        config = uvicorn.Config(
            hello, port=bound.getsockname()[1], log_level="error", lifespan="off"
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield server
        server.should_exit = True
        thread.join(10)


def test_no_answer_on_a_line_waits_for_the_one_before(server):
    phone = HTTPConnection(HERE, server.config.port, timeout=20)
    with contextlib.closing(phone):
        for _ in range(2):
            phone.request("GET", "/")
            assert phone.getresponse().read() == b"hi"
        (line,) = server.server_state.connections
        end = line.transport.get_extra_info("socket")
        assert end.getpeername() == phone.sock.getsockname(), "both went over the same line"
        assert end.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def opened(stack, port, many, source):
    """So many lines from an address, on which nobody says anything."""
    lines_ = [socket.create_connection((HERE, port), 20, (source, 0)) for _ in range(many)]
    return [stack.enter_context(line) for line in lines_]


@on_linux
def test_nobody_elsewhere_holds_all_lines(server, monkeypatch):
    monkeypatch.setattr(lines, "MOST", 3)
    with contextlib.ExitStack() as stack:
        opened(stack, server.config.port, 5, HERE)
        *held, more = opened(stack, server.config.port, 4, ELSEWHERE)
        assert_closed(more)
        held[0].sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert held[0].recv(12) == b"HTTP/1.1 200"


def assert_closed(line):
    """It ends, by a word or without one."""
    with contextlib.suppress(ConnectionResetError):
        assert line.recv(1) == b""


@pytest.mark.parametrize("half", [b"", b"GET / HTTP/1.1\r\nHost: "])
def test_a_line_on_which_nothing_is_asked_is_let_go(server, monkeypatch, half):
    monkeypatch.setattr(lines, "PATIENCE", 0.05)
    with contextlib.ExitStack() as stack:
        (line,) = opened(stack, server.config.port, 1, HERE)
        line.sendall(half)
        assert_closed(line)


@pytest.mark.slow
@on_linux
def test_a_room_that_runs_watches_its_lines(tmp_path):
    """Streamlit and uvicorn still do what the room builds on: elsewhere one gets so many lines."""
    room, port = open_room(load("three-neighbours"), tmp_path, seating_="all"), free_port()
    room.store.close()
    command = serving.command(room.store.path, "127.0.0.2", port, no_browser=True)
    program = started(command, port, tmp_path / "log", **serving.environment(new_pin()))
    with program, contextlib.ExitStack() as stack:
        *_, more = opened(stack, port, lines.MOST + 1, ELSEWHERE)
        assert_closed(more)
        assert Phone((HERE, port), room.code).get("state").status == 200


INFINITE = -1


@pytest.mark.parametrize(
    ("soft", "hard", "then"),
    [(256, INFINITE, 8192), (256, 4096, 4096), (1024, 1024, 1024), (20_000, 20_000, 20_000),
     (INFINITE, INFINITE, INFINITE)],
)  # fmt: skip
def test_a_room_takes_the_files_that_it_may_need(monkeypatch, soft, hard, then):
    held = {"of files": (soft, hard)}
    fake = SimpleNamespace(
        RLIMIT_NOFILE="of files",
        RLIM_INFINITY=INFINITE,
        getrlimit=held.get,
        setrlimit=held.__setitem__,
    )
    monkeypatch.setattr(lines, "resource", fake)
    lines.raise_limit()
    assert held["of files"] == (then, hard)
    monkeypatch.setattr(lines, "resource", None)
    lines.raise_limit()


def test_that_no_line_can_be_taken_is_said_once():
    once, error = lines.Once(lines.FULL), OSError(errno.EMFILE, "Too many open files")
    full = [
        logging.LogRecord(
            "asyncio", 40, "", 0, f"{lines.FULL}\nsocket: 5", (), (OSError, error, None)
        )
        for _ in range(3)
    ]
    assert [once.filter(record) for record in full] == [True, False, False]
    assert full[0].exc_info is None
    assert once.filter(logging.LogRecord("asyncio", 40, "", 0, "100 % else", (), None))
