"""The room that this server holds, for its pages and its phones alike."""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path

import streamlit as st

from sim.room.keys import PIN, Desk, new_pin
from sim.room.live import LiveRoom
from sim.room.opening import reopen
from sim.serving import HOST


@cache
def room() -> LiveRoom:
    """The room whose file the server was started with."""
    return reopen(Path(sys.argv[1]))


def cookie() -> str:
    """The cookie that keeps the desk open in one browser.

    Cookies know no ports: with the code in its name, rooms on one machine leave each other's alone.
    """
    return f"oneveto_desk_{room().code}"


def at_desk() -> bool:
    """Whether the browser that asks belongs to somebody who has typed the PIN."""
    return desk().knows(st.context.cookies.get(cookie(), ""))


@cache
def desk() -> Desk:
    """The door to its desk. The PIN is read once and taken away."""
    return Desk(os.environ.pop(PIN, "") or new_pin())


@cache
def address() -> str:
    """The address of this machine by which phones come, an IP; the loopback unless the room is open."""
    return sys.argv[2] if len(sys.argv) > 2 else HOST


@cache
def names() -> frozenset[str]:
    """What the host may be called by whoever comes in."""
    return frozenset({HOST, "localhost", address()})
