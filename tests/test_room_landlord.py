"""A room opened from the ordinary dashboard: a server on a leash, and the page that opens it."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import time
import urllib.request
from importlib import resources

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from dashboard.room import landlord
from dashboard.room.landlord import Let
from sim import lan
from sim.errors import RequestError
from sim.room import serving
from sim.room.invitation import Invitation
from sim.room.keys import new_pin
from sim.room.opening import open_room, reopen
from sim.scenario import load, with_changes

APP = str(resources.files("dashboard") / "app.py")
LEASH = [sys.executable, "-m", "dashboard.room.leash"]
SLEEPER = [sys.executable, "-c", "import os, time; print(os.getpid(), flush=True); time.sleep(300)"]


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch, tmp_path):
    monkeypatch.setattr(landlord, "FOLDER", tmp_path / "rooms")
    monkeypatch.setattr("sys.argv", ["app.py"])
    yield
    landlord.close()


def gone(pid: int) -> bool:
    """Whether a process ends within half a minute."""
    for _ in range(600):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


# The leash --------------------------------------------------------------------------------------


def test_a_program_ends_when_its_leash_is_let_go():
    leash = subprocess.Popen([*LEASH, *SLEEPER], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    pid = int(leash.stdout.readline())
    assert leash.poll() is None
    leash.stdin.close()
    leash.wait(60)
    leash.stdout.close()
    assert gone(pid)


def test_a_program_ends_even_where_who_started_it_is_killed():
    holder = (
        "import subprocess, sys, time\n"
        f"child = subprocess.Popen({[*LEASH, *SLEEPER]!r}, stdin=subprocess.PIPE)\n"
        "time.sleep(300)"
    )
    starter = subprocess.Popen([sys.executable, "-c", holder], stdout=subprocess.PIPE)
    pid = int(starter.stdout.readline())
    starter.send_signal(signal.SIGKILL)
    starter.wait(60)
    starter.stdout.close()
    assert gone(pid)


# The landlord -----------------------------------------------------------------------------------


def test_a_room_opens_once_answers_and_stops_and_its_file_stays():
    treaty = load("three-neighbours")
    changed = with_changes(treaty, {"members.HILL.trust": 0.25})
    found = landlord.let(changed, "all", "", to_phones=False)
    assert landlord.let(treaty, "all", "", to_phones=False) is found
    assert landlord.current() is found
    with urllib.request.urlopen(found.invitation.link, timeout=60) as page:
        assert page.status == 200
    landlord.close()
    assert landlord.current() is None
    assert found.process.poll() is not None
    again = reopen(found.invitation.room.store.path)
    assert again.scenario.seats["HILL"].trust.value == 0.25
    again.store.close()


def test_where_a_room_cannot_be_opened_a_sentence_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(serving, "command", lambda *_, **__: [sys.executable, "-c", "1/0"])
    with pytest.raises(RequestError, match="could not be opened: ZeroDivisionError"):
        landlord.let(load("three-neighbours"), "all", "", to_phones=False)
    monkeypatch.setattr(lan, "places", list)
    with pytest.raises(RequestError, match="in no network"):
        landlord.let(load("three-neighbours"), "all", "", to_phones=True)
    (tmp_path / "file").touch()
    monkeypatch.setattr(landlord, "FOLDER", tmp_path / "file" / "rooms")
    with pytest.raises(RequestError, match="cannot be written"):
        landlord.let(load("three-neighbours"), "all", "", to_phones=False)


# The page ---------------------------------------------------------------------------------------


def opened(**link: str) -> AppTest:
    app = AppTest.from_file(APP, default_timeout=90)
    for key, value in {"worlds": "200", **link}.items():
        app.query_params[key] = value
    return turned(app)


def turned(app: AppTest) -> AppTest:
    app._page_hash = calc_hash("room")
    app.run()
    assert not app.exception
    return app


def test_the_page_gives_the_command_for_what_is_asked():
    app = opened(set="assumptions.cohesion=0.5")
    assert shlex.split(app.code[0].value) == [
        *("oneveto", "room", "draft-treaty-2021", "--set", "assumptions.cohesion=0.5"),
        *("--seating", "key", "--open"),
    ]


@pytest.mark.parametrize("name", ["three-neighbours", "security-council-2022"])
def test_blocs_are_offered_where_there_are_some_alone(name):
    def offered(scenario):
        return opened(scenario=scenario).button_group(key="room seating").options

    assert "5 blocs" in offered("draft-treaty-2021")
    assert not [kind for kind in offered(name) if "bloc" in kind]


def test_a_button_opens_a_room_and_another_stops_it(monkeypatch, tmp_path):
    asked, stopped = [], []
    room = open_room(load("draft-treaty-2021"), tmp_path, seating_="blocs")
    told = Invitation(room, "127.0.0.1", 8765, new_pin())
    sleeping = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)

    def let(scenario, seating, script, *, to_phones):
        asked.append((scenario.changes, seating, script, to_phones))
        monkeypatch.setattr(landlord, "current", lambda: Let(told, sleeping))

    monkeypatch.setattr(landlord, "let", let)

    def close():
        stopped.append(True)
        monkeypatch.setattr(landlord, "current", lambda: None)

    monkeypatch.setattr(landlord, "close", close)
    app = opened(set="assumptions.cohesion=0.5")
    app.button_group(key="room seating").set_value("blocs")
    app.button(key="open room").click()
    turned(app)
    assert asked == [({"assumptions.cohesion": 0.5}, "blocs", "", False)]
    said = "\n".join(part.value for part in app.markdown)
    assert told.link in said
    assert f"{told.pin[:4]} {told.pin[4:]}" in said
    assert told.again in [part.value for part in app.code]
    app.button(key="stop room").click()
    (left,) = turned(app).success
    assert stopped == [True]
    assert str(room.store.path) in left.value
    assert told.again in left.value
    sleeping.communicate(b"\n")


def test_a_script_brings_its_seating_along():
    app = opened()
    app.selectbox(key="room script").set_value("short")
    turned(app)
    assert app.button_group(key="room seating").value == "blocs"
    assert shlex.split(app.code[0].value)[-5:] == [
        *("--seating", "blocs", "--script", "short", "--open")
    ]


def test_why_a_room_cannot_be_opened_stands_on_the_page(monkeypatch):
    def let(*_, **__):
        raise RequestError("no port from 8600 on is free")

    monkeypatch.setattr(landlord, "let", let)
    app = opened()
    app.button(key="open room").click()
    assert [error.value for error in turned(app).error] == ["no port from 8600 on is free"]
