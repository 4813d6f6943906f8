"""Starting a program that listens on a port of this machine, and ending with it."""

from __future__ import annotations

import errno
import os
import signal
import socket
import subprocess
import sys
import time
import webbrowser
from collections.abc import Mapping

from sim.errors import RequestError

HOST = "127.0.0.1"

EVERYWHERE = "0.0.0.0"
"""Every address of this machine."""


def check(port: int, host: str = HOST) -> None:
    """Raise RequestError with a sentence, and another port, where nobody can listen on this one."""
    problem = _problem(port, host)
    if problem:
        other = free(port + 1, host)
        hint = f"; try --port {other}" if other else ""
        raise RequestError(f"port {port} {problem}{hint}")


def free(port: int, host: str = HOST) -> int | None:
    """The first port from this one on that can be listened on; None where there is none."""
    return next((other for other in range(port, 65536) if _problem(other, host) is None), None)


def _problem(port: int, host: str) -> str | None:
    """Why nobody can listen on a port, if so."""
    try:
        socket.create_server((host, port)).close()
    except OSError as error:
        in_use = error.errno == errno.EADDRINUSE
        return "is in use" if in_use else f"cannot be used: {error.strerror or error}"
    return None


def streamlit(port: int, no_browser: bool, more: Mapping[str, str] | None = None) -> list[str]:
    """The options of Streamlit's that a server of ours starts with, and more of them."""
    options = {
        "server.port": port,
        "server.address": HOST,
        "server.headless": str(no_browser).lower(),
        "server.showEmailPrompt": "false",  # else Streamlit asks before the page opens, and waits
        "server.fileWatcherType": "none",  # else every module is looked at after every click
        "runner.postScriptGC": "false",  # and all memory
        "browser.gatherUsageStats": "false",
        "client.toolbarMode": "minimal",
    }
    return [f"--{name}={value}" for name, value in (options | dict(more or {})).items()]


def browse(port: int, path: str = "", patience: float = 30) -> None:
    """Open a browser at a port of this machine, at a path, as soon as somebody answers there."""
    end = time.monotonic() + patience
    while not answers(port) and time.monotonic() < end:
        time.sleep(0.05)
    if _has_screen():
        webbrowser.open(f"http://{HOST}:{port}{path}")


def answers(port: int) -> bool:
    """Whether somebody listens on a port of this machine."""
    with socket.socket() as caller:
        return caller.connect_ex((HOST, port)) == 0


def _has_screen() -> bool:
    """Whether a browser would get a window of its own, not this terminal."""
    named = ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY")
    return not sys.platform.startswith("linux") or any(os.environ.get(name) for name in named)


def become(command: list[str]) -> int:
    """Run a program in place of this one, so that stopping this stops it; else end with it."""
    sys.stdout.flush()
    if os.name == "posix":
        os.execv(command[0], command)
    return _alongside(command)


def _alongside(command: list[str]) -> int:
    """Where a program cannot take the place of another: pass on the order to stop."""
    child = subprocess.Popen(command)
    for name in ("SIGTERM", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: child.terminate())
    try:
        return child.wait()
    except KeyboardInterrupt:
        return child.wait()
    finally:
        child.terminate()
