"""The desk's door: how often whoever may guess the PIN, alone and all together."""

from __future__ import annotations

import pytest

from sim.room.keys import Desk
from sim.serving import HOST
from tests.rooms import Clock

PIN, WRONG = "12345678", "00000000"
CLASS = [f"192.168.1.{last}" for last in range(1, 31)]
"""Addresses of phones in one network."""


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def desk(clock):
    return Desk(PIN, clock)


def test_who_guesses_wrong_five_times_waits_a_minute_and_nobody_else_does(desk, clock):
    for _ in range(5):
        assert not desk.closed_to(CLASS[0])
        assert desk.enter(WRONG, CLASS[0]) is None
    assert desk.closed_to(CLASS[0])
    assert desk.enter(PIN, CLASS[0]) is None
    assert desk.enter(PIN, CLASS[1])
    clock.now += 61
    assert desk.enter(PIN, CLASS[0])


def test_twenty_wrong_guesses_from_many_phones_close_the_desk_to_all_but_this_machine(desk, clock):
    for where in CLASS[:20]:
        assert not desk.closed_to(where)
        assert desk.enter(WRONG, where) is None
    assert desk.closed_to(CLASS[20]), "a program with many addresses is one program"
    assert desk.enter(PIN, CLASS[20]) is None
    assert desk.enter(PIN, HOST)
    clock.now += 61
    assert desk.enter(PIN, CLASS[20])


def test_what_is_typed_at_this_machine_closes_the_desk_to_nobody_else(desk):
    for _ in range(30):
        desk.enter(WRONG, HOST)
    assert desk.closed_to(HOST)
    assert desk.enter(PIN, CLASS[0])
