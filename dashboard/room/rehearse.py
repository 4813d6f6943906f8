"""The server rehearses: simulated phones come in over HTTP, and the desk follows the script."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
import traceback

import streamlit as st

from dashboard.room import hall
from sim import console, serving
from sim.errors import OnevetoError
from sim.room import account
from sim.room.debrief import debrief
from sim.room.invitation import looking_back
from sim.room.rehearsal import ASKED, OverHttp, Rehearsal, script_of

PATIENCE = 60.0
"""Seconds in which the server must answer."""


def begin() -> None:
    """Rehearse beside the server, if whoever started it asked for that."""
    asked = os.environ.pop(ASKED, "")
    if asked:
        threading.Thread(target=_rehearse, args=json.loads(asked), daemon=True).start()


def _rehearse(people: int, seed: int, pace: float) -> None:
    """Play, say how it went, and end the program; all that was said is on disk."""
    failed = True
    try:
        _play(people, seed, pace)
        _look_back()
        failed = False
    except OnevetoError as error:
        print(error, file=sys.stderr)
    except Exception:  # the program ends right after, and would take the reason with it
        traceback.print_exc()
    finally:
        hall.room().store.close()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(2 if failed else 0)


def _play(people: int, seed: int, pace: float) -> None:
    room, port = hall.room(), st.get_option("server.port")
    _wait_for(port)
    phones = OverHttp(serving.HOST, port, room.code)
    rehearsal = Rehearsal(
        room, phones, people, seed, lambda minutes: time.sleep(pace * minutes), _say
    )
    rehearsal.play(script_of(room))


def _wait_for(port: int) -> None:
    end = time.monotonic() + PATIENCE
    while not serving.answers(port):
        if time.monotonic() > end:
            raise OnevetoError("the room's server does not answer, so nobody can come in")
        time.sleep(0.05)


def _say(line: str) -> None:
    print(f"… {line}", flush=True)


def _look_back() -> None:
    room, screen = hall.room(), console.console()
    found = debrief(room.scenario, room.log)
    screen.print()
    for part in console.page(account.title(found), account.parts(found)):
        screen.print(part)
    path = room.store.path
    print(f"\nThe log is in {path}; `{looking_back(path)}` tells this again.")
