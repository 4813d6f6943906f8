"""Seconds from a click to the picture, and the memory of the page. Run it: make bench-dashboard."""

from __future__ import annotations

import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.bench import memory
from benchmarks.visitors import Visitor
from tests.browser import chromium, server

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Playwright

STARTS, PEOPLE, WHAT_IFS = 3, 10, 500
TRUSTS, STEPS = (0.0, 0.25, -0.25), 12
"""Where the slider of cohesion is moved from .3 on: every stop is a what-if that nobody has asked."""

BARS = '[data-testid="stVegaLiteChart"][aria-label^="In how many worlds"]'
SUM = '[data-testid="stVegaLiteChart"][aria-label^="What the member makes"]'

WATCH = """selector => {
    let start = null
    for (const kind of ["keydown", "click"])
        addEventListener(kind, () => { start ??= performance.now() }, { capture: true, once: true })
    const within = node => (node.closest ? node : node.parentElement)?.closest(`${selector} svg`)
    const drawn = ({ target, addedNodes }) => within(target)
        || [...addedNodes].some(node => within(node) || node.querySelector?.(`${selector} svg`))
    window.seen = new Promise(resolve => {
        const watcher = new MutationObserver(records => {
            if (start === null || !records.some(drawn)) return
            watcher.disconnect()
            requestAnimationFrame(() => resolve((performance.now() - start) / 1000))
        })
        const all = { subtree: true, childList: true, attributes: true, characterData: true }
        watcher.observe(document.body, all)
    })
    return null
}"""
"""Note the time of the next key or click and that of the frame in which the picture is drawn anew."""


@dataclass(frozen=True)
class Row:
    """What was measured, in seconds, beside its goal."""

    what: str
    seconds: float
    goal: float

    def __str__(self) -> str:
        verdict = "met" if self.seconds <= self.goal else "missed"
        return f"{self.what:60}{self.seconds:8.2f} s{self.goal:8.2f} s  {verdict}"


def main() -> int:
    if lacking := chromium.lacking():
        print(f"bench-dashboard: {lacking}", file=sys.stderr)
        return 1
    from playwright.sync_api import sync_playwright

    print(f"{'':60}{'measured':>10}{'goal':>10}")
    with sync_playwright() as playwright:
        for row in beginnings(playwright):
            print(row, flush=True)
        with serving() as running, browsing(playwright) as browser:
            for row in (*moves(browser, running), *crowd(browser, running)):
                print(row, flush=True)
        with serving() as running, browsing(playwright) as browser:
            growth(browser, running)
    return 0


# Measurements -----------------------------------------------------------------------------------


def beginnings(playwright: Playwright) -> Iterator[Row]:
    """From nothing to a server, and from a new browser to the first picture of a fresh server."""
    starts, pictures = [], []
    for _ in range(STARTS):
        begin = time.perf_counter()
        with serving() as running:
            starts.append(time.perf_counter() - begin)
            with browsing(playwright) as browser:
                page = browser.new_page(viewport=chromium.SCREEN)
                begin = time.perf_counter()
                page.goto(running.address)
                page.wait_for_selector(f"{BARS} svg")
                pictures.append(time.perf_counter() - begin)
    yield Row(f"start of the process, worst of {STARTS}", max(starts), 6)
    yield Row(f"first picture, caches empty, worst of {STARTS}", max(pictures), 3)


def moves(browser: Browser, running: server.Server) -> Iterator[Row]:
    """From a key on a slider to the changed picture, always to a what-if that is new."""
    page, taken = browser.new_page(viewport=chromium.SCREEN), []
    for trust in TRUSTS:
        opened(page, f"{running.address}/?set=assumptions.trust%3D{trust}")
        page.get_by_test_id("stSidebar").get_by_text("Rule and consultation").click()
        slider = page.get_by_role("slider", name=re.compile("^Cohesion"))
        slider.wait_for()
        for _ in range(STEPS):
            slider.focus()
            page.evaluate(WATCH, BARS)
            page.keyboard.press("ArrowRight")
            taken.append(page.evaluate("window.seen"))
            rest(page)
    page.close()
    yield Row(f"slider to picture, median of {len(taken)}", statistics.median(taken), 0.3)
    yield Row(f"slider to picture, 95th percentile of {len(taken)}", high(taken), 0.6)


def crowd(browser: Browser, running: server.Server) -> Iterator[Row]:
    """Ten people at once, each in a what-if of its own and at a machine of its own.

    One of them is looked at, in the browser; the others ask the server as a browser would, and draw
    nothing here, where it would keep the processors from the server.
    """
    asked = [f"set=assumptions.trust%3D{(place - 5) / 10}" for place in range(PEOPLE)]
    page = browser.new_page(viewport=chromium.SCREEN)
    opened(page, f"{running.address}/?{asked[0]}")
    others = [Visitor(running.address, query) for query in asked[1:]]
    tiles = [
        at_once(
            page,
            SUM,
            f'"[aria-label^={name}]", map',
            [partial(each.choose, "Member", name) for each in others],
        )
        for name in MEMBERS * 4
    ]
    yield Row(
        f"one of {PEOPLE} who press a member, 95th percentile of {len(tiles)}", high(tiles), 1.5
    )
    levers = [
        at_once(
            page,
            BARS,
            f'"input[aria-label^={name}]", page',
            [partial(each.turn, name, on) for each in others],
        )
        for name, on in LEVERS * 4
    ]
    yield Row(
        f"one of {PEOPLE} who turn a lever, 95th percentile of {len(levers)}", high(levers), 1.5
    )
    page.close()


MEMBERS = ("Poland", "Latvia", "Hungary", "Germany", "Estonia")
LEVERS = tuple((name, on) for on in (True, False) for name in ("Russia", "Without", "Members"))
"""Members that are pressed, beginnings of the suggested what-ifs that are turned on and off."""

PRESS = """when => {
    const page = document, tiles = document.querySelectorAll('[data-testid="stBidiComponentIsolated"]')
    const map = [...tiles].map(host => host.shadowRoot).find(root => root?.querySelector(".map"))
    const find = (selector, where) => where.querySelector(selector)
    setTimeout(() => find(%s).click(), when - Date.now())
    return null
}"""


def at_once(page: Page, picture: str, target: str, others: Sequence[Callable[[], float]]) -> float:
    """Everybody asks at the same moment; how long the one who is looked at waits for the picture."""
    rest(page)
    page.evaluate(WATCH, picture)
    moment = time.time() + 0.2
    page.evaluate(PRESS % target, 1000 * moment)
    with ThreadPoolExecutor(len(others)) as pool:
        asked = [pool.submit(_at, moment, ask) for ask in others]
        waited: float = page.evaluate("window.seen")
        for each in asked:
            each.result()
    return waited


def _at(moment: float, ask: Callable[[], float]) -> float:
    time.sleep(max(0.0, moment - time.time()))
    return ask()


def growth(browser: Browser, running: server.Server) -> None:
    """Many what-ifs, one after another, and the memory of the server after each hundred."""
    page = browser.new_page(viewport=chromium.SCREEN)
    opened(page, running.address)
    line = page.get_by_role("textbox", name="All changes, as one line")
    sizes = {0: memory(running.process.pid)}
    for number in range(1, WHAT_IFS + 1):
        line.fill(f"assumptions.trust={2 * number / WHAT_IFS - 1:.3f}")
        line.press("Enter")
        rest(page)
        if number % 100 == 0:
            sizes[number] = memory(running.process.pid)
    print("\nmemory of the process after so many different what-ifs:")
    for number, size in sizes.items():
        print(f"{number:8,}{size / 1024:10,.0f} MB")


# Parts ------------------------------------------------------------------------------------------


@contextmanager
def serving() -> Iterator[server.Server]:
    """A fresh server of the dashboard."""
    with tempfile.TemporaryDirectory() as folder, server.dashboard(Path(folder) / "log") as found:
        yield found


@contextmanager
def browsing(playwright: Playwright) -> Iterator[Browser]:
    """A new browser."""
    browser = playwright.chromium.launch(**chromium.launching())
    try:
        yield browser
    finally:
        browser.close()


def opened(page: Page, address: str) -> None:
    page.goto(address)
    rest(page)


def rest(page: Page) -> None:
    """Wait until nothing moves, as a person does before the next click."""
    page.wait_for_timeout(200)
    chromium.settle(page)


def high(taken: Sequence[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(taken, n=20, method="inclusive")[-1]


if __name__ == "__main__":
    sys.exit(main())
