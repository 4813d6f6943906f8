"""A room under load: two hundred phones, two boards, a desk. Run it: make bench-room."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import crowd
from benchmarks.bench import memory
from benchmarks.crowd import Arrival, Pace
from benchmarks.phones import Phone
from sim.room import archive
from sim.room.events import Gavelled, Put, Revealed
from sim.scenario.files import shipped
from tests.browser import chromium, server

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

PEOPLE, TEXTS, BOARDS = 200, 10, 2
HOUR, QUARTERS = 20, 4
"""Texts in an hour, which are played as fast as it goes; everybody speaks twice on each."""

AT_SPEED = Pace(joining=0.0, rush=0.2, thinking=1.0, rest=0.5)
"""That hour, in seconds."""

DOOR, BALLOT, BEHIND = 20, 0.05, 2
"""Goals, in seconds: until two hundred are in, a ballot at the 95th percentile, a board at worst."""

STEADY = 0.05
"""Goal: by how much memory may grow from the first to the last quarter of the hour."""

PATIENCE = 60
"""Seconds after which the desk is given up."""

DOUBLE = 0.6
"""Seconds after which a click at the desk is no second half of a double click."""

WATCH = """() => {
    window.seen = []
    const look = () => {
        const found = document.querySelector(".board")?.className.split(" ").pop()
        const number = document.querySelector(".board .what, .board h2, .board h1")?.textContent
        const now = `${found} ${number}`
        if (found && seen.at(-1)?.[2] !== now) seen.push([Date.now() / 1000, found, now])
    }
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true })
    look()
}"""
"""Note when the board shows another phase or another text."""

PHASES = {Put: "open", Gavelled: "gavelled", Revealed: "revealed"}


@dataclass(frozen=True)
class Row:
    """What was measured, beside its goal."""

    what: str
    found: str
    goal: str = ""
    met: bool | None = None

    def __str__(self) -> str:
        verdict = {None: "", True: "met", False: "missed"}[self.met]
        return f"{self.what:52}{self.found:>16}{self.goal:>12}  {verdict}".rstrip()


def main() -> int:
    if lacking := chromium.lacking():
        print(f"bench-room: {lacking}", file=sys.stderr)
        return 1
    print(f"{'':52}{'measured':>16}{'goal':>12}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        written = council(folder)
        with server.room(folder, "--script", "load", scenario=str(written)) as running:
            return asyncio.run(reported(measured(running, folder)))


async def reported(rows: AsyncIterator[Row]) -> int:
    """Print rows as they come; 1 where any missed its goal, else 0."""
    missed = 0
    async for row in rows:
        print(row, flush=True)
        missed |= row.met is False
    return missed


async def measured(running: server.Room, folder: Path) -> AsyncIterator[Row]:
    """An evening at its own pace, then an hour's worth of events at speed."""
    file = folder / f"{running.code}.room"
    begin = Usage.of(running)
    async with people(running) as (arrival, facilitator, boards):
        phones = arrival.phones
        yield Row("memory, empty", f"{begin.memory:.0f} MB")
        for row in arrived(arrival):
            yield row
        at = Usage.of(running)
        await crowd.play(phones, facilitator, TEXTS, Pace())
        for row in (*spoken(phones, file), *lags(file, [await seen(b) for b in boards])):
            yield row
        for row in at.until(Usage.of(running), sum(len(p.said) for p in phones), phones):
            yield row
        sizes = []
        for quarter in range(1, QUARTERS + 1):
            await crowd.play(phones, facilitator, HOUR // QUARTERS, AT_SPEED, again=1.0)
            sizes.append(Usage.of(running).memory)
            yield Row(f"memory after quarter {quarter} of an hour's events", f"{sizes[-1]:.0f} MB")
        yield growth(sizes)
        for row in kept(phones, file, "with the hour at speed: "):
            yield row


# People -----------------------------------------------------------------------------------------


def council(folder: Path) -> Path:
    """The draft treaty before as many delegations as there are people, with a script for the desk.

    The thirty are as they are; the others are made up, and only fill seats.
    """
    roster = shipped() / "rosters" / "nato-2021.toml"
    more = [MADE_UP.format(number=n) for n in range(31, PEOPLE + 1)]
    (folder / "crowd.toml").write_text(roster.read_text("utf-8") + "".join(more), "utf-8")
    acts = [
        f"  {{ minute = {n}, {act} }},\n"
        for n in range(TEXTS + HOUR)
        for act in (f'do = "put", clauses = ["{CLAUSES[n % len(CLAUSES)]}"], seconds = 0',
                    'do = "gavel"', 'do = "reveal"')
    ]  # fmt: skip
    acts.append(f'  {{ minute = {TEXTS + HOUR}, say = "Thank you." }},\n')
    path = folder / "load.toml"
    path.write_text(SCENARIO.format(acts="".join(acts)), "utf-8")
    return path


CLAUSES = ("N1.1", "N2.1", "N2.2", "N2.3", "N3.1", "N3.2", "N4.1", "N5.1", "N6.1", "N7.1")

MADE_UP = """
[members.M{number}]
name = "Delegation {number}"
population = 1_000_000
trust = 0.4
resolve = 0.03
[members.M{number}.weight]
deterrence = 0.3
equal_security = 0.6
risk_reduction = 0.5
arms_control = 0.4
engagement = 0.3
[members.M{number}.exposure]
deterrence = 0.4
equal_security = 0.8
"""

SCENARIO = """
base = "draft-treaty-2021"
[about]
title = "The draft treaty before two hundred"
question = "Does a room with two hundred phones keep up?"
date = 2021-12-17
sources = ["draft-treaty-2021; the delegations beyond the thirty are made up."]
leaves_out = ["Everything: it only makes work for a server."]
[members]
roster = "crowd"
[room.scripts.load]
title = "A load"
minutes = 60
seating = "all"
acts = [
{acts}]
"""


ACT = "[class*=st-key-act-] button"

OFFERED = """([button, but]) => {
    const all = [...document.querySelectorAll(button)].map(one => one.innerText)
    return all.length === 1 && all[0] !== but && all[0]
}"""


@dataclass(frozen=True)
class Desk:
    """A facilitator at the desk, in a browser, who presses what the script says."""

    page: Page

    async def put(self) -> None:
        await self._press(re.compile("^Put "))

    async def gavel(self) -> None:
        await self._press("Let the gavel fall")

    async def reveal(self) -> None:
        await self._press("Reveal")

    async def _press(self, name: str | re.Pattern[str]) -> None:
        """Press the button of the act, and wait until the next one is there in its place."""
        await asyncio.sleep(DOUBLE)
        words = await self._offered("")
        assert re.match(name, words), f"the desk offers {words!r}, not {name!r}"
        await self.page.locator(ACT).click()
        await self._offered(words)

    async def _offered(self, but: str) -> str:
        """What the one button of the script says, once it says something else and nothing is stale."""
        found = await self.page.wait_for_function(OFFERED, arg=[ACT, but], timeout=1000 * PATIENCE)
        return str(await found.json_value())


@contextlib.asynccontextmanager
async def people(running: server.Room) -> AsyncIterator[tuple[Arrival, Desk, list[Page]]]:
    """Everybody: phones that came in and follow, the desk, the boards."""
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(**chromium.launching())
        facilitator = await desk(browser, running)
        boards = [await board(browser, running) for _ in range(BOARDS)]
        host, port = running.address.removeprefix("http://").split(":")
        seats = await free(host, int(port), running.code)
        arrival = await crowd.arrive(host, int(port), running.code, seats, Pace())
        following = [asyncio.create_task(phone.follow()) for phone in arrival.phones]
        yield arrival, facilitator, boards
        for task in following:
            task.cancel()
        for phone in arrival.phones:
            phone.close()
        await browser.close()


async def free(host: str, port: int, code: str) -> list[str]:
    """The seats of the room."""
    passer_by = Phone(host, port, code)
    seats = [seat["id"] for seat in (await passer_by.look())["seats"]]
    passer_by.close()
    return seats[:PEOPLE]


async def desk(browser: Browser, running: server.Room) -> Desk:
    """A browser at the desk, whose facilitator has typed the PIN."""
    page = await (await browser.new_context(viewport=chromium.SCREEN)).new_page()
    await page.goto(f"{running.address}/r/{running.code}/desk")
    await page.get_by_label("PIN").fill(running.pin)
    await page.get_by_role("button", name="Open the desk").click()
    await page.locator(ACT).wait_for(timeout=60_000)
    return Desk(page)


async def board(browser: Browser, running: server.Room) -> Page:
    """A browser with the board, which notes what it shows when."""
    page = await (await browser.new_context(viewport=chromium.SCREEN)).new_page()
    await page.goto(f"{running.address}/board")
    await page.locator(".board").wait_for(timeout=60_000)
    await page.evaluate(WATCH)
    return page


async def seen(page: Page) -> list[tuple[float, str]]:
    """What the board has shown since, and when."""
    return [(at, phase) for at, phase, _ in await page.evaluate("window.seen")]


# Measurements -----------------------------------------------------------------------------------


def arrived(arrival: Arrival) -> Iterator[Row]:
    """How long it took until all were in, who came one by one, and how long each waited."""
    found = f"{arrival.took:.1f} s"
    yield Row(f"{len(arrival.phones)} people in", found, f"{DOOR} s", arrival.took <= DOOR)
    yield Row("to come in, p50 / p95 / p99", milliseconds(arrival.waits))


def kept(phones: Sequence[Phone], file: Path, before: str = "") -> Iterator[Row]:
    """What became of the ballots."""
    count = crowd.counted(file, phones)
    yield Row(f"{before}ballots acknowledged", f"{count.acknowledged:,}")
    for word in ("refused", "lost", "doubled", "wrong"):
        found = getattr(count, word)
        yield Row(f"{before}ballots {word}", f"{found}", "0", found == 0)
    yield Row(f"{before}ballots told to wait", f"{count.told_to_wait}")


def spoken(phones: Sequence[Phone], file: Path) -> Iterator[Row]:
    """What became of the ballots, and how long they took as the phones see it."""
    yield from kept(phones, file)
    taken = [word.took for phone in phones for word in phone.said]
    goal, met = f"p95 {1000 * BALLOT:.0f} ms", crowd.percentiles(taken)[1] < BALLOT
    yield Row("a ballot, p50 / p95 / p99", milliseconds(taken), goal, met)
    looks = [took for phone in phones for took in phone.looks]
    yield Row("a look, p50 / p95 / p99", milliseconds(looks))


def lags(file: Path, boards: Sequence[list[tuple[float, str]]]) -> Iterator[Row]:
    """How long after an act the boards show it, by the clock that all share."""
    acts = [entry for entry in archive.read(file).log if type(entry.event) in PHASES]
    for kind, phase in PHASES.items():
        late = [
            next((at - act.at for at, shown in board if shown == phase and at >= act.at), 60.0)
            for board in boards
            for act in acts
            if type(act.event) is kind
        ]
        words = {"open": "a text that is put", "gavelled": "the gavel", "revealed": "the reveal"}
        found = f"{statistics.median(late):.2f} / {max(late):.2f} s"
        name, met = f"board behind {words[phase]}, median / worst", max(late) <= BEHIND
        yield Row(name, found, f"{BEHIND} s", met)


def growth(sizes: Sequence[float]) -> Row:
    """How much more memory the server has after the last quarter than after the first."""
    grown = sizes[-1] / sizes[0] - 1
    name, goal = "memory, last quarter against the first", f"steady, {100 * STEADY:.0f} %"
    return Row(name, f"{100 * grown:+.1f} %", goal, grown <= STEADY)


def milliseconds(taken: Sequence[float]) -> str:
    """Percentiles in words."""
    return " / ".join(f"{1000 * cut:.1f}" for cut in crowd.percentiles(taken)) + " ms"


@dataclass(frozen=True)
class Usage:
    """What the server has used by a moment: processor seconds, and its memory in MB."""

    at: float
    busy: float
    own: float
    memory: float

    @classmethod
    def of(cls, running: server.Room) -> Usage:
        """By now."""
        fields = Path(f"/proc/{running.process.pid}/stat").read_text("utf-8").rpartition(")")[2]
        user, system = map(int, fields.split()[11:13])
        ticks = os.sysconf("SC_CLK_TCK")
        size = memory(running.process.pid) / 1024
        return cls(time.perf_counter(), (user + system) / ticks, time.process_time(), size)

    def until(self, later: Usage, ballots: int, phones: Sequence[Phone]) -> Iterator[Row]:
        """The server's part of the time between, and the phones'."""
        spent = later.at - self.at
        yield Row("server's share of one core", f"{100 * (later.busy - self.busy) / spent:.0f} %")
        yield Row("phones' share of one core", f"{100 * (later.own - self.own) / spent:.0f} %")
        yield Row("memory, after the evening", f"{later.memory:.0f} MB")


if __name__ == "__main__":
    sys.exit(main())
