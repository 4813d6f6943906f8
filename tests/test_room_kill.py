"""The power goes, or somebody kills the server: what was acknowledged is there afterwards.

A kill leaves what the system holds in its cache; that each ballot is on the disk before it is
acknowledged, for when the power goes, is `synchronous = FULL` in the store.
"""

from __future__ import annotations

import contextlib
import random
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException

import pytest

from sim.room import archive
from sim.room.events import Ballot
from sim.room.opening import reopen
from sim.room.state import replay
from tests import phones, rooms
from tests.browser import server

SPEAKING = """
import sys, itertools, pathlib
from sim.room.opening import reopen
room = reopen(pathlib.Path(sys.argv[1]))
who = next(who for who, person in room.state.people.items() if person.seat == "POL")
text = room.state.text
for turn in itertools.count(text.turn("POL") + 1):
    said = room.speak(who, text.number, ["support", "silent"][turn % 2], turn=turn)
    print(said.turn, flush=True)
"""
"""Speaks and speaks, and prints each turn that is acknowledged."""


def turns(log):
    return [entry.event.turn for entry in log if isinstance(entry.event, Ballot)]


def killed_while_speaking(path, patience):
    """A process that speaks, killed at some moment after its first word; what was acknowledged."""
    command = [sys.executable, "-c", SPEAKING, str(path)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    first = process.stdout.readline()
    threading.Timer(patience, process.kill).start()
    heard = [first, *process.stdout.read().splitlines()]
    process.stdout.close()
    assert process.wait() == -signal.SIGKILL
    return [int(word) for word in heard]


@pytest.mark.parametrize("times", [1, pytest.param(10, marks=pytest.mark.slow)])
def test_what_a_killed_room_has_acknowledged_is_there(tmp_path, times):
    room = rooms.opened(tmp_path)
    who, token = room.join("Ann", "POL")
    room.put({"N5.1": 1.0})
    room.store.close()
    path, acknowledged = room.store.path, []
    for _ in range(times):
        acknowledged += killed_while_speaking(path, random.uniform(0, 0.2))
        assert set(acknowledged) <= set(turns(archive.read(path).log)), "a reader sees them at once"
    again = reopen(path)
    said = turns(again.log)
    assert set(acknowledged) <= set(said)
    assert len(said) == len(set(said)), "none is there twice"
    assert again.state == replay(again.log)
    assert again.state.text.ballots["POL"].turn == max(said) >= max(acknowledged)
    assert again.knows(who, token)
    again.gavel()
    again.store.close()
    assert [left.name for left in tmp_path.iterdir()] == [path.name]


@pytest.mark.slow
def test_a_killed_server_goes_on_where_it_was(tmp_path):
    """Ten times over HTTP, with a dozen phones that speak until nobody answers.

    It is killed at some moment after every phone has got a word in, be the disk slow or quick.
    """
    room = rooms.opened(tmp_path)
    seats = list(room.state.seats)[:12]
    known = {seat: ".".join(room.join(seat, seat)) for seat in seats}
    number = room.put({"N5.1": 1.0})
    room.store.close()
    path, acknowledged = room.store.path, set()
    for _ in range(10):
        last = last_turns(archive.read(path).log)
        with server.room(tmp_path, "--resume", str(path), scenario=None) as running:
            host, port = running.address.removeprefix("http://").split(":")
            people = [phones.Phone((host, int(port)), room.code, word) for word in known.values()]
            heard = [threading.Event() for _ in seats]
            with ThreadPoolExecutor(len(seats)) as pool:
                speaking = [
                    pool.submit(speak, phone, seat, number, last.get(seat, 0), acknowledged, first)
                    for phone, seat, first in zip(people, seats, heard)
                ]
                await_words(heard, speaking)
                time.sleep(random.uniform(0, 0.3))
                running.process.kill()
            for done in speaking:
                done.result()  # or what went wrong there
            assert all(first.is_set() for first in heard), "a phone got no word in within a minute"
    log = archive.read(path).log
    written = [(e.event.seat, e.event.turn) for e in log if isinstance(e.event, Ballot)]
    assert len(acknowledged) >= 10 * len(seats)
    assert acknowledged <= set(written)
    assert len(written) == len(set(written))
    stands = replay(log).text.ballots
    assert {seat: stands[seat].turn for seat in seats} == last_turns(log)


def await_words(heard, speaking, patience=60):
    """Wait until every phone has got a word in, or something has gone wrong with one."""
    end = time.monotonic() + patience
    while not all(first.is_set() for first in heard) and time.monotonic() < end:
        if any(one.done() and one.exception() for one in speaking):
            return
        time.sleep(0.01)


def last_turns(log):
    """The highest turn of each seat that has spoken."""
    last = {}
    for ballot in (entry.event for entry in log if isinstance(entry.event, Ballot)):
        last[ballot.seat] = max(ballot.turn, last.get(ballot.seat, 0))
    return last


def speak(phone, seat, number, last, acknowledged, heard):
    """Speak, at most as often as the room allows, until nobody answers."""
    with contextlib.suppress(OSError, HTTPException):
        for turn in range(last + 1, last + 50):
            answer = phone.speak(number, "support" if turn % 2 else "silent", turn=turn)
            assert answer.status == 200, answer.body
            acknowledged.add((seat, turn))
            heard.set()
