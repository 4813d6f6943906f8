"""A crowd with phones in a room: it comes in, answers every text, and the log is counted against it."""

from __future__ import annotations

import asyncio
import random
import statistics
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from benchmarks.phones import Phone, Said
from sim.room import archive
from sim.room.events import OBJECT, STANCES, Ballot
from sim.room.state import replay

SHARE = 0.5
"""Of the crowd, who answers within the same second."""

TAKES_OFF = 0.2
"""Who changes their mind once more before the gavel."""


class Facilitator(Protocol):
    """Whoever leads; each act comes back when it is done."""

    async def put(self) -> None:
        """Put the next text."""

    async def gavel(self) -> None:
        """Let the gavel fall."""

    async def reveal(self) -> None:
        """Show everybody who did what."""


@dataclass(frozen=True)
class Pace:
    """How long things take, in seconds.

    joining: until everybody is in; rush: in which half of them answers; thinking: in which the others
    do; rest: after a reveal, and half as long after the gavel.
    """

    joining: float = 18.0
    rush: float = 1.0
    thinking: float = 5.0
    rest: float = 4.0


@dataclass(frozen=True)
class Arrival:
    """Everybody who is in, how long each waited at the door, and how long it took for all; seconds."""

    phones: list[Phone]
    waits: list[float]
    took: float


@dataclass(frozen=True)
class Count:
    """The log against what the phones remember: ballots."""

    acknowledged: int
    refused: int
    told_to_wait: int
    """Ballots that were sent too soon after others, and came in later."""

    lost: int
    doubled: int
    wrong: int
    """Seats whose last word in the room is not the last that was acknowledged to them."""


async def arrive(host: str, port: int, code: str, seats: Sequence[str], pace: Pace) -> Arrival:
    """Everybody comes in, at a moment of their own. Raises RuntimeError where somebody is refused."""
    phones = [Phone(host, port, code) for _ in seats]

    async def one(phone: Phone, seat: str) -> float:
        await asyncio.sleep(random.uniform(0, pace.joining))
        took = await phone.join(seat)
        await phone.look()
        return took

    begin = time.perf_counter()
    waits = await asyncio.gather(*map(one, phones, seats))
    return Arrival(phones, list(waits), time.perf_counter() - begin)


async def play(
    phones: Sequence[Phone],
    facilitator: Facilitator,
    texts: int,
    pace: Pace,
    again: float = TAKES_OFF,
) -> None:
    """So many texts, from the putting to the reveal; `again` of the crowd speak twice."""
    for _ in range(texts):
        await facilitator.put()
        room = await phones[0].look()
        number = room["text"]["number"]
        await asyncio.gather(*(_answer(phone, number, pace, again) for phone in phones))
        await facilitator.gavel()
        await asyncio.sleep(pace.rest / 2)
        await facilitator.reveal()
        await asyncio.sleep(pace.rest)


async def _answer(phone: Phone, number: int, pace: Pace, again: float) -> None:
    """One phone on one text: at once with half of the others, or in its own time."""
    if random.random() < SHARE:
        await asyncio.sleep(random.uniform(0, pace.rush))
    else:
        await asyncio.sleep(pace.rush + random.uniform(0, pace.thinking))
    for turn in range(1, 3 if random.random() < again else 2):
        stance = random.choices(list(STANCES), weights=[50, 30, 10, 10])[0]
        await phone.speak(number, turn, stance, "trust" if stance == OBJECT else "")
        await asyncio.sleep(random.uniform(0, pace.rush))


def counted(file: Path, phones: Iterable[Phone]) -> Count:
    """The room's file against the phones' memory."""
    phones = list(phones)
    log = archive.read(file).log
    written = Counter(
        (event.put, event.seat, event.turn, event.stance)
        for event in (entry.event for entry in log)
        if isinstance(event, Ballot)
    )
    said = [word for phone in phones for word in phone.said]
    last: dict[tuple[int, str], Said] = {}
    for word in said:
        last[word.put, word.seat] = word
    stands = {
        (text.number, seat): ballot.stance
        for text in replay(log).texts
        for seat, ballot in text.ballots.items()
    }
    return Count(
        acknowledged=len(said),
        refused=sum(len(phone.refused) for phone in phones),
        told_to_wait=sum(phone.told_to_wait for phone in phones),
        lost=sum((w.put, w.seat, w.turn, w.stance) not in written for w in said),
        doubled=sum(written.values()) - len(written),
        wrong=sum(stands.get(key) != word.stance for key, word in last.items()),
    )


def percentiles(taken: Sequence[float]) -> tuple[float, float, float]:
    """The median, the 95th and the 99th percentile."""
    cuts = statistics.quantiles(taken, n=100, method="inclusive")
    return cuts[49], cuts[94], cuts[98]
