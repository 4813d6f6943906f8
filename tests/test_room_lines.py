"""Lines to a room's server, on a socket that Streamlit itself has bound."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from http.client import HTTPConnection

import pytest
import uvicorn
from streamlit.web.server.starlette.starlette_server import _bind_socket
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from dashboard.room import lines


async def hello(scope, receive, send):
    """An application that answers everything."""
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]}
    )
    await send({"type": "http.response.body", "body": b"hi"})


@pytest.fixture
def server(monkeypatch):
    """A server of uvicorn's, as a room has it."""
    monkeypatch.setattr(AutoHTTPProtocol, "connection_made", AutoHTTPProtocol.connection_made)
    lines.watch()
    with contextlib.closing(_bind_socket("127.0.0.1", 0, 100)) as bound:
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
    phone = HTTPConnection("127.0.0.1", server.config.port, timeout=20)
    with contextlib.closing(phone):
        for _ in range(2):
            phone.request("GET", "/")
            assert phone.getresponse().read() == b"hi"
        (line,) = server.server_state.connections
        end = line.transport.get_extra_info("socket")
        assert end.getpeername() == phone.sock.getsockname(), "both went over the same line"
        assert end.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
