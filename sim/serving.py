"""Starting a program that listens on a port of this machine, and ending with it."""

from __future__ import annotations

import errno
import os
import signal
import socket
import subprocess
import sys

from sim.errors import RequestError

HOST = "127.0.0.1"


def check(port: int) -> None:
    """Raise RequestError with a sentence, and another port, where nobody can listen on this one."""
    problem = _problem(port)
    if problem:
        free = (other for other in range(port + 1, 65536) if _problem(other) is None)
        other = next(free, None)
        hint = f"; try --port {other}" if other else ""
        raise RequestError(f"port {port} {problem}{hint}")


def _problem(port: int) -> str | None:
    """Why nobody can listen on a port, if so."""
    try:
        socket.create_server((HOST, port)).close()
    except OSError as error:
        in_use = error.errno == errno.EADDRINUSE
        return "is in use" if in_use else f"cannot be used: {error.strerror or error}"
    return None


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
