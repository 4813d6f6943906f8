"""The load of benchmarks/room.py on a small scale: nothing is lost, nothing is counted twice."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import pytest

from benchmarks import crowd, room
from sim.room.events import Ballot
from sim.room.live import LiveRoom
from tests.phones import served
from tests.rooms import awaited

QUICK = crowd.Pace(joining=0.2, rush=0.1, thinking=0.1, rest=0.05)


@dataclass
class Inside:
    """A facilitator who needs no desk."""

    room: LiveRoom
    clauses: list[str]

    async def put(self):
        self.room.put({self.clauses.pop(): 1.0})

    async def gavel(self):
        self.room.gavel()

    async def reveal(self):
        self.room.reveal()


async def evening(here, texts):
    table, (host, port) = here.room, here.address
    arrival = await crowd.arrive(host, port, table.code, list(table.state.seats)[:12], QUICK)
    phones = arrival.phones
    following = [asyncio.create_task(phone.follow()) for phone in phones]
    leader = Inside(table, list(table.scenario.clauses)[:texts])
    await crowd.play(phones, leader, texts, QUICK, again=0.5)
    for task in following:
        task.cancel()
    for phone in phones:
        await phone.look()
        phone.close()
    return phones


def test_a_dozen_people_and_two_texts(tmp_path):
    with served(tmp_path) as here:
        phones = awaited(evening(here, 2))
        count = crowd.counted(here.room.store.path, phones)
    assert count.acknowledged >= 24
    assert (count.refused, count.lost, count.doubled, count.wrong) == (0, 0, 0, 0)
    assert all(phone.room["phase"] == "revealed" for phone in phones)


def test_the_count_knows_what_is_lost_and_what_is_doubled(tmp_path):
    with served(tmp_path) as here:
        phones = awaited(evening(here, 1))
        said = phones[0].said[-1]
        phones[1].said.append(crowd.Said(said.put, phones[1].seat, 99, "support", 0.01))
        event = next(e.event for e in here.room.log if isinstance(e.event, Ballot))
        here.room.store.append([event], 0.0)
        count = crowd.counted(here.room.store.path, phones)
    assert (count.lost, count.doubled) == (1, 1)


def told(*rows):
    async def coming():
        for row in rows:
            yield row

    return awaited(room.reported(coming()))


def test_a_goal_that_is_missed_fails_the_benchmark(capsys):
    met, missed = room.growth([200, 190, 209]), room.growth([200, 300, 211])
    assert told(room.Row("memory", "200 MB"), met) == 0
    assert told(missed, met) == 1
    assert "+5.5 % steady, 5 %  missed" in capsys.readouterr().out


def test_percentiles():
    assert crowd.percentiles([float(n) for n in range(101)]) == pytest.approx((50, 95, 99))
