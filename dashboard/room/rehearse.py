"""The server rehearses: simulated phones come in over HTTP, and the desk follows the script."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time

import streamlit as st

from dashboard.room import hall
from sim import console, serving
from sim.errors import OnevetoError
from sim.room import account
from sim.room.debrief import debrief
from sim.room.rehearsal import ASKED, OverHttp, Rehearsal, script_of

PATIENCE = 60.0
"""Seconds in which the server must answer."""


def begin() -> None:
    """Rehearse beside the server, if whoever started it asked for that."""
    asked = os.environ.pop(ASKED, "")
    if asked:
        threading.Thread(target=_rehearse, args=json.loads(asked), daemon=True).start()


def _rehearse(people: int, seed: int, pace: float) -> None:
    """Play, say how it went, and stop the server."""
    try:
        _play(people, seed, pace)
        _look_back()
    except OnevetoError as error:
        print(error, file=sys.stderr)
    finally:
        sys.stdout.flush()
        os.kill(os.getpid(), signal.SIGINT)


def _play(people: int, seed: int, pace: float) -> None:
    room, port = hall.room(), st.get_option("server.port")
    if not serving.answering(port, PATIENCE):
        raise OnevetoError("the room's server does not answer, so nobody can come in")
    phones = OverHttp(serving.HOST, port, room.code)
    rehearsal = Rehearsal(room, phones, people, seed, lambda time_: time.sleep(pace * time_), _say)
    rehearsal.play(script_of(room))


def _say(line: str) -> None:
    print(f"… {line}", flush=True)


def _look_back() -> None:
    room, screen = hall.room(), console.console()
    found = debrief(room.scenario, room.log)
    screen.print()
    for part in console.page(account.title(found), account.parts(found)):
        screen.print(part)
    path = room.store.path
    print(f"\nThe log is in {path}; `oneveto debrief {path}` tells this again.")
