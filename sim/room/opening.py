"""A room is opened anew, or again from its file."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from pathlib import Path

from sim.room import archive
from sim.room import seats as seating
from sim.room.archive import DIGEST, SCENARIO
from sim.room.events import Opened
from sim.room.live import LiveRoom
from sim.room.store import SUFFIX, Store
from sim.scenario import Scenario, as_file, sha256

LETTERS = "BCDFGHJKMNPRSTVWXZ"
"""For codes: no vowels, so that no words come out, and nothing that looks like a digit."""


def new_code() -> str:
    """A code to join by, five letters."""
    return "".join(secrets.choice(LETTERS) for _ in range(5))


def open_room(
    scenario: Scenario,
    folder: Path,
    *,
    seating_: str,
    script: str = "",
    clock: Callable[[], float] = time.time,
) -> LiveRoom:
    """A new room in a file of its own, named by its code."""
    code = new_code()
    while (folder / f"{code}{SUFFIX}").exists():
        code = new_code()
    who = seating.seats(scenario, seating_)
    text = as_file(scenario)
    store = Store(folder / f"{code}{SUFFIX}")
    opened = Opened(
        code=code,
        scenario=scenario.name,
        sha256=sha256(scenario),
        seating=seating_,
        seats=who,
        clauses=tuple(scenario.clauses),
        rule=scenario.rule.name,
        script=script,
    )
    try:
        store.append([opened], clock(), {SCENARIO: text, DIGEST: archive.digest(text)})
    except BaseException:
        store.discard()
        raise
    return LiveRoom(store, scenario, clock)


def reopen(path: Path, clock: Callable[[], float] = time.time) -> LiveRoom:
    """A room from its file, as it was left, with the scenario as it was played.

    Raises RequestError for a file that is none of a room, or is open already.
    """
    scenario = archive.read(path).scenario
    store = Store(path)
    try:
        return LiveRoom(store, scenario, clock)
    except BaseException:
        store.close()
        raise
