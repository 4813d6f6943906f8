"""`oneveto room` as people type it: what it says, and what becomes of it when it is stopped."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from sim import lan
from sim.cli.room import _address, _chosen
from sim.lan import Place
from sim.room import serving
from sim.room.invitation import Invitation
from sim.room.keys import new_pin
from sim.room.opening import open_room
from sim.scenario import load
from sim.serving import HOST
from tests.browser.server import ROOT, free_port, listens, within
from tests.phones import Phone
from tests.test_cli import oneveto

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Running:
    """A room's program, and what it said."""

    process: subprocess.Popen[bytes]
    port: int
    said: str

    @property
    def phone(self) -> Phone:
        code = re.search(r"^Room ([A-Z]{5}): ", self.said, re.MULTILINE)[1]
        return Phone(("127.0.0.1", self.port), code)

    @property
    def pin(self) -> str:
        return "".join(re.search(r"^PIN +(\d{4}) (\d{4})", self.said, re.MULTILINE).groups())

    @property
    def file(self) -> Path:
        return Path(re.search(r"^Log +(.+)$", self.said, re.MULTILINE)[1])


@contextlib.contextmanager
def opened(*arguments, log: Path):
    """The command, from its start until it answers, and to its end."""
    port = free_port()
    command = [sys.executable, "-m", "sim.cli", "room", *map(str, arguments), "--port", str(port)]
    with started([*command, "--no-browser"], port, log) as running:
        yield running


@contextlib.contextmanager
def started(command, port, log, **more):
    """A program that serves a room, from its start until it answers, and to its end."""
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT,
                                   stdin=subprocess.DEVNULL, env=os.environ | more)  # fmt: skip
    try:
        assert within(60, lambda: process.poll() is not None or listens(port)), log.read_text()
        assert process.poll() is None, log.read_text()
        yield Running(process, port, log.read_text("utf-8"))
    finally:
        process.terminate()
        process.wait(60)


def pass_of(answer) -> str:
    return answer.headers["set-cookie"].partition(";")[0]


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="elsewhere a process cannot take another's place")
def test_a_room_goes_on_where_it_was_killed(tmp_path):
    folder, log = tmp_path / "rooms", tmp_path / "log"
    with opened("three-neighbours", "--seating", "all", "--folder", folder, log=log) as first:
        phone = first.phone
        seat = phone.state["seats"][0]["id"]
        phone.join(seat, "Ada")
        entered = phone.ask("POST", "desk", f"pin={first.pin}", FORM)
        assert entered.status == 303
        first.process.kill()
    with opened("--resume", first.file, log=log) as again:
        assert "3 seats, 1 already in" in again.said
        assert again.pin != first.pin
        resumed = again.phone
        assert resumed.code == phone.code
        resumed.id = phone.id
        assert resumed.state["you"] == {"who": "p2", "name": "Ada", "seat": seat}
        assert resumed.ask("POST", "desk", f"pin={first.pin}", FORM).status == 403
        assert resumed.ask("POST", "desk", f"pin={again.pin}", FORM).status == 303
    assert within(60, lambda: not listens(again.port))
    assert list(folder.iterdir()) == [again.file], "when it is stopped all is in one file"


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="one loopback address elsewhere")
def test_an_open_room_answers_at_its_address_and_to_this_machine_alone(tmp_path):
    room, port = open_room(load("three-neighbours"), tmp_path, seating_="all"), free_port()
    room.store.close()
    command = serving.command(room.store.path, "127.0.0.2", port, no_browser=True)
    with started(command, port, tmp_path / "log", **serving.environment(new_pin())):
        for address, status in (("127.0.0.1", 200), ("127.0.0.2", 200), ("127.0.0.3", 421)):
            phone = Phone((address, port), room.code)
            assert phone.get("state").status == status
            assert phone.ask("GET", "/_stcore/health", whole=True).status == status
        claims = [FORM | {"X-Forwarded-For": f"10.1.1.{last}"} for last in range(7)]
        here = Phone((HOST, port), room.code)
        wrong = [here.ask("POST", "desk", "pin=1", claim).status for claim in claims]
        assert wrong == [403] * 5 + [429] * 2, "who asks is who is connected, whatever they claim"


RUBBISH = {"x": {1003}, b"\xff" * 1000: {1002}, bytes(serving.LARGEST * 2**20): {1009, None}}
"""What is sent, and the codes with which it is closed; amid far too much the code may be lost."""


@pytest.mark.slow
def test_rubbish_on_a_web_socket_closes_it_without_a_traceback(tmp_path):
    log = tmp_path / "log"
    with opened("three-neighbours", "--folder", tmp_path, log=log) as room:
        for sent, codes in RUBBISH.items():
            here = f"127.0.0.1:{room.port}"
            with connect(f"ws://{here}/_stcore/stream", origin=f"http://{here}") as socket:
                with contextlib.suppress(ConnectionClosed):  # it closes amid what is far too much
                    socket.send(sent)
                with pytest.raises(ConnectionClosed) as closed:
                    list(socket)
                last = closed.value.rcvd
                assert (last.code if last else None) in codes
        assert room.phone.get("state").status == 200
    said = log.read_text("utf-8")
    assert "Traceback" not in said
    assert said.count("Error deserializing back message") == 1


BAD = {
    ("room",): "name a scenario to play",
    ("room", "nowhere"): "nowhere",
    ("room", "three-neighbours", "--seating", "bloks"): "Did you mean `blocs`?",
    ("room", "three-neighbours", "--seating", "blocs"): "names no blocs",
    ("room", "three-neighbours", "--script", "opera"): "has no script `opera`",
    ("room", "three-neighbours", "--address", "203.0.113.9"): "is no address of this machine",
    ("room", "three-neighbours", "--address", "0.0.0.0"): "is no address of this machine",
    ("room", "three-neighbours", "--address", "127.0.0.2"): "is no address of this machine",
    ("room", "three-neighbours", "--pace", "3"): "a pace; leave --pace out",
    ("room", "three-neighbours", "--pace", "0", "--seed", "0"): "leave --pace and --seed out",
    ("room", "--resume", "x.room", "--folder", "rooms"): "as it was opened; leave --folder out",
    (
        "room",
        "--resume",
        "x.room",
        "--script",
        "long",
        "--seating",
        "all",
    ): "--seating and --script",
    ("room", "--resume", "x.room", "--pace", "3"): "leave --pace out",
    ("room", "--resume", "nowhere.room"): "there is no file nowhere.room",
    ("room", "--resume", "pyproject.toml"): "is not the file of a room",
    ("room", "three-neighbours", "--resume", "x.room"): "a room goes on with the scenario",
    ("room", "--rule", "majority"): "none is named",
}


@pytest.mark.parametrize("typed", BAD, ids=" ".join)
def test_what_cannot_be_opened_is_one_sentence(typed, tmp_path, monkeypatch, capsys):
    (tmp_path / "pyproject.toml").write_text("[project]\n" * 50)
    monkeypatch.chdir(tmp_path)
    code, out, err = oneveto(*typed, "--port", free_port(), capsys=capsys)
    assert (code, out) == (2, "")
    assert BAD[typed] in err
    assert "Traceback" not in err
    assert not (tmp_path / "rooms").exists(), "nothing half made"


def test_without_a_network_open_says_so(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(lan, "places", list)
    code, _, err = oneveto(
        "room", "three-neighbours", "--open", "--folder", tmp_path, capsys=capsys
    )
    assert code == 2
    assert "in no network" in err


def test_of_several_addresses_the_likeliest_is_taken_where_nobody_can_be_asked(monkeypatch, capsys):
    chosen = _chosen([Place("192.168.1.21", "wlan0"), Place("10.8.0.2", "tun0")])
    assert chosen == "192.168.1.21"
    err = capsys.readouterr().err
    assert "1  192.168.1.21 (wlan0)\n2  10.8.0.2 (tun0)" in err
    assert "--address chooses another" in err


@pytest.mark.parametrize(("typed", "chosen"), [("2\n", "10.8.0.2"), ("\n", "192.168.1.21")])
def test_on_a_terminal_one_of_several_addresses_is_asked_for(monkeypatch, typed, chosen):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.setattr(sys, "stdin", Terminal(typed))
    monkeypatch.setattr(sys, "stderr", Terminal())
    assert _chosen([Place("192.168.1.21", "wlan0"), Place("10.8.0.2", "tun0")]) == chosen
    assert "phones share?" in sys.stderr.getvalue()


def test_the_terminal_says_all_that_is_needed_and_fits(tmp_path):
    room = open_room(load("draft-treaty-2021"), tmp_path, seating_="key")
    room.store.close()
    text = Invitation(room, "192.168.1.21", 8600, "12345678").text()
    assert f"Phones  http://192.168.1.21:8600/r/{room.code}" in text
    assert f"Desk    http://127.0.0.1:8600/r/{room.code}/desk" in text
    assert "PIN     1234 5678" in text
    assert "Only this machine" not in text
    drawn = [line for line in text.splitlines() if not line.startswith(("Log", "Again"))]
    assert max(map(len, drawn)) <= 80


def test_the_line_again_leads_back_to_where_phones_look(tmp_path):
    room = open_room(load("three-neighbours"), tmp_path, seating_="all")
    places = (HOST, "10.0.0.5")
    here, there = (Invitation(room, place, 8777, "12345678").again for place in places)
    assert here.endswith(f"room --resume {room.store.path} --port 8777")
    assert there.endswith("--port 8777 --address 10.0.0.5")


@pytest.mark.skipif(os.name != "posix", reason="other shells have other quotes")
def test_the_line_again_can_be_typed_whatever_the_folder_is_called(tmp_path):
    room = open_room(load("three-neighbours"), tmp_path / "it's a class", seating_="all")
    again = Invitation(room, HOST, 8777, "12345678").again
    words = ["oneveto", "room", "--resume", str(room.store.path), "--port", "8777"]
    assert shlex.split(again) == words


@pytest.mark.parametrize("typed", [HOST, "localhost"])
def test_at_an_address_of_the_loopback_the_room_stays_with_this_machine(typed):
    assert _address(False, typed) == HOST
