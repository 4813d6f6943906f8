"""Profiles for hypothesis; the seed of a failing run is printed and reproduces it."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, settings

if TYPE_CHECKING:
    from sim.room.findings import Debrief
    from sim.room.live import LiveRoom
    from sim.scenario import Scenario

signal.signal(signal.SIGINT, signal.default_int_handler)
"""Programs that tests start stop at Ctrl+C, also where the tests run in the background of a shell."""

_QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]

settings.register_profile("default", max_examples=50, deadline=None, suppress_health_check=_QUIET)
settings.register_profile(
    "quick",
    max_examples=40,
    deadline=None,
    suppress_health_check=_QUIET,
    database=None,
    derandomize=True,  # a mutant is caught always or never
    phases=[Phase.explicit, Phase.generate],  # the mutants only have to fail, not to shrink
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.fixture(autouse=True)
def main_is_what_it_was() -> Iterator[None]:
    """A page that is tested leaves itself as the main module, which processes then look for in vain."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a sweep that ran through, for nobody to write to."""
    from sim.sweep import sweep
    from tests.sweeps import SMALL, TOY, VARIES

    out = tmp_path_factory.mktemp("whole") / "sweep"
    sweep(TOY, VARIES, out=out, **SMALL)
    return out


@pytest.fixture(scope="session")
def treaty() -> Scenario:
    """The flagship, which nothing changes."""
    from sim.scenario import load

    return load("draft-treaty-2021")


@pytest.fixture
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with nothing in it, in which commands are typed."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def played(room: LiveRoom) -> LiveRoom:
    """The room of a test, where a workshop has been.

    Estonia blocks missiles as tabled and at .6; Germany changes its mind; Poland is silent.
    """
    from tests.rooms import decide

    ada, _ = room.join("Ada", "EST")
    ben, _ = room.join("=Ben", "DEU")
    room.join("<b>Cleo</b>", "POL")
    decide(room, {"N2.1": 1.0}, (ada, "support", ""), (ben, "support", ""))
    decide(
        room,
        {"N5.1": 1.0},
        (ada, "object", "deterrence"),
        (ben, "object", "trust"),
        (ben, "reserve", "trust"),
    )
    decide(room, {"N5.1": 0.6}, (ada, "object", "trust"))
    return room


@pytest.fixture
def found(played: LiveRoom) -> Debrief:
    """What that workshop leaves behind."""
    from sim.room.debrief import debrief

    return debrief(played.scenario, played.log)


@pytest.fixture
def seated(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., LiveRoom]:
    """Opens a room; the pages of its server are those of the one that was opened last."""
    from dashboard.room import hall
    from sim.room.opening import open_room

    def seat(scenario: Scenario, seating: str = "blocs", **said: Any) -> LiveRoom:
        room = open_room(scenario, tmp_path, seating_=seating, **said)
        monkeypatch.setattr(hall, "room", lambda: room)
        return room

    monkeypatch.setattr("sys.argv", ["app.py", "no.room"])
    return seat


@pytest.fixture
def passed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opens the desk has typed the PIN, and does not double-click."""
    import streamlit as st

    from dashboard.room import acts, hall
    from sim.room.keys import Desk

    door = Desk("12345678")
    monkeypatch.setattr(hall, "desk", lambda: door)
    given = door.enter("12345678", "here")
    monkeypatch.setattr(hall, "cookie", lambda: "pass")
    monkeypatch.setattr(type(st.context), "cookies", {"pass": given})
    monkeypatch.setattr(acts, "PAUSE", 0)
