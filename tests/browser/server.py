"""A Streamlit program on a port of its own, with its log; knows nothing of a browser."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
TROUBLE = re.compile(r"traceback|exception|error|deprecat|warning", re.IGNORECASE)
"""What a log of a program without fault never says."""


@dataclass(frozen=True)
class Server:
    """A program that answers at an address, and the file into which it writes what happens."""

    address: str
    log: Path
    process: subprocess.Popen[bytes]

    def troubles(self, since: int = 0) -> str:
        """What the log says from a place on, if there is any word of trouble in it."""
        said = self.log.read_bytes()[since:].decode("utf-8", "replace")
        return said if TROUBLE.search(said) else ""

    def heard(self) -> int:
        """How long the log is by now."""
        return self.log.stat().st_size


@contextlib.contextmanager
def dashboard(log: Path, scenario: str = "draft-treaty-2021") -> Iterator[Server]:
    """The dashboard, started as `oneveto dashboard` starts it."""
    port = free_port()
    command = ["-m", "sim.cli", "dashboard", scenario, "--no-browser", "--port", str(port)]
    with _serving(command, port, log) as server:
        yield server


@dataclass(frozen=True)
class Room(Server):
    """The server of a room, and what its terminal says: the code to join by, and the PIN."""

    @property
    def code(self) -> str:
        """The code to join by."""
        return self._said(r"^Room (\w+)")

    @property
    def pin(self) -> str:
        """The PIN of the desk."""
        return self._said(r"^PIN +(\d+ \d+)")

    def _said(self, pattern: str) -> str:
        found = re.search(pattern, self.log.read_text("utf-8"), re.MULTILINE)
        assert found, f"the room does not say {pattern}"
        return found[1]


@contextlib.contextmanager
def room(folder: Path, *asked: str, scenario: str | None = "draft-treaty-2021") -> Iterator[Room]:
    """A live room, opened as `oneveto room` opens it; its file and its log are in the folder.

    Without a scenario, what is asked says which room goes on.
    """
    port, log = free_port(), folder / "log"
    new = [scenario, "--folder", str(folder)] if scenario else []
    command = ["-m", "sim.cli", "room", *new, *asked]
    command += ["--no-browser", "--port", str(port)]
    with _serving(command, port, log) as server:
        yield Room(server.address, log, server.process)


@contextlib.contextmanager
def script(path: Path, log: Path) -> Iterator[Server]:
    """Any Streamlit script, with the options of the dashboard."""
    port = free_port()
    options = {
        "server.port": port,
        "server.address": "127.0.0.1",
        "server.headless": "true",
        "browser.gatherUsageStats": "false",
        "client.toolbarMode": "minimal",
    }
    flags = [f"--{name}={value}" for name, value in options.items()]
    with _serving(["-m", "streamlit", "run", str(path), *flags], port, log) as server:
        yield server


def free_port() -> int:
    """A port on which nobody listens now."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def listens(port: int) -> bool:
    """Whether somebody answers on a port of this machine."""
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0


def within(seconds: float, holds: Callable[[], bool]) -> bool:
    """Whether something comes true in so many seconds."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


@contextlib.contextmanager
def _serving(arguments: list[str], port: int, log: Path) -> Iterator[Server]:
    """A program of this Python from its start until it answers, and to its end."""
    environment = os.environ | {"PYTHONWARNINGS": "default", "PYTHONUNBUFFERED": "1"}
    with log.open("wb") as writing:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=writing,
            stderr=subprocess.STDOUT,
        )
    server = Server(f"http://127.0.0.1:{port}", log, process)
    try:
        _await_health(server)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await_health(server: Server, patience: float = 60) -> None:
    deadline = time.monotonic() + patience
    while server.process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"{server.address}/_stcore/health", timeout=5).close()
            return
        time.sleep(0.02)
    raise RuntimeError(f"the page does not answer:\n{server.log.read_text('utf-8', 'replace')}")
