"""The room that this server holds, for its pages and its phones alike."""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path

from sim.room import live
from sim.room.keys import Desk, new_pin
from sim.room.live import LiveRoom

PIN = "ONEVETO_ROOM_PIN"
"""Where whoever starts the server leaves the PIN; it is read once and taken away."""

PASS = "oneveto_desk"
"""The cookie that keeps the desk open in one browser."""


@cache
def room() -> LiveRoom:
    """The room whose file the server was started with."""
    return live.reopen(Path(sys.argv[1]))


@cache
def desk() -> Desk:
    """The door to its desk."""
    return Desk(os.environ.pop(PIN, "") or new_pin())
