"""The room that the ordinary dashboard has opened: a server beside it, one at a time.

It is on a leash: whatever becomes of the dashboard, nothing is left running.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from typing import IO

from sim import lan, serving
from sim.errors import RequestError
from sim.room import serving as server
from sim.room.invitation import Invitation
from sim.room.keys import new_pin
from sim.room.opening import open_room
from sim.room.store import FOLDER
from sim.scenario import Scenario

PORT = 8600
"""The first port that is tried."""

PATIENCE = 60
"""Seconds within which the server must answer."""


@dataclass(frozen=True)
class Let:
    """A room that runs: what to tell people, and its process."""

    invitation: Invitation
    process: subprocess.Popen[bytes]

    @property
    def runs(self) -> bool:
        """Whether it still does."""
        return self.process.poll() is None


_LOCK = threading.Lock()
_LET: list[Let] = []
"""At most one, for all sessions of this dashboard."""


def current() -> Let | None:
    """The room that runs now."""
    return _LET[0] if _LET and _LET[0].runs else None


def let(scenario: Scenario, seating: str, script: str, *, to_phones: bool) -> Let:
    """Open a room, and wait until it answers; the one that runs already, if there is one.

    to_phones: let devices in the same network come in. Raises RequestError with a sentence where
    nothing can be opened.
    """
    with _LOCK:
        if found := current():
            return found
        address = _address() if to_phones else serving.HOST
        port = serving.free(PORT, server.listening(address))
        if port is None:
            raise RequestError(f"no port from {PORT} on is free")
        room = open_room(scenario, FOLDER, seating_=seating, script=script)
        room.store.close()
        invitation = Invitation(room, address, port, new_pin())
        _LET[:] = [_started(invitation)]
        return _LET[0]


def close() -> None:
    """Stop the room that runs; its file stays."""
    with _LOCK:
        for found in _LET:
            _let_go(found.process)
        _LET.clear()


def _address() -> str:
    """The likeliest address by which phones come."""
    places = lan.places()
    if not places:
        raise RequestError("this machine is in no network; join a Wi-Fi or open a hotspot first")
    return places[0].address


def _started(invitation: Invitation) -> Let:
    path, port = invitation.room.store.path, invitation.port
    command = server.command(path, invitation.address, port, no_browser=True)
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "dashboard.room.leash", *command],
            stdin=subprocess.PIPE,
            stdout=said,
            stderr=subprocess.STDOUT,
            env=os.environ | server.environment(invitation.pin),
        )
        _await(process, port, said)
    return Let(invitation, process)


def _await(process: subprocess.Popen[bytes], port: int, said: IO[bytes]) -> None:
    """Wait until somebody answers; say what went wrong where nobody does."""
    end = time.monotonic() + PATIENCE
    while not serving.answers(port):
        if process.poll() is not None or time.monotonic() > end:
            _let_go(process)
            said.seek(0)
            lines = said.read().decode("utf-8", "replace").strip().splitlines()
            raise RequestError(
                f"the room could not be opened: {(lines or ['it did not answer'])[-1]}"
            )
        time.sleep(0.05)


def _let_go(process: subprocess.Popen[bytes]) -> None:
    if process.stdin:
        process.stdin.close()
    process.wait()
