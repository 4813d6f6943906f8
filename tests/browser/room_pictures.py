"""Pictures of a live room: a text put, a veto, and the debrief, at the board, the desk and a phone."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tests.browser import chromium, server

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

BEAMER = {"width": 1360, "height": 768}
SEATS = ("Estonia", "France", "Poland")
PAUSE = 1500
"""Milliseconds in which a board sees what has changed, and a click is no half of a double one."""


def pictures(browser: Browser, folder: Path) -> Iterator[Path]:
    """Board, desk and phone before, during and after a veto, in both schemes; then the debrief."""
    for scheme in ("light", "dark"):
        with (
            tempfile.TemporaryDirectory() as kept,
            server.room(Path(kept), "--seating", "key") as room,
        ):
            yield from _evening(browser, room, scheme, folder)


def _evening(browser: Browser, room: server.Room, scheme: str, folder: Path) -> Iterator[Path]:
    def window(viewport: dict[str, int]) -> Page:
        return browser.new_context(viewport=viewport, color_scheme=scheme).new_page()

    pages = {"board": window(BEAMER), "desk": window(chromium.SCREEN)}
    pages["board"].goto(f"{room.address}/board")
    _open_desk(pages["desk"], room)
    phones = [_seated(window(chromium.PHONE), room, seat) for seat in SEATS]
    pages["phone"], small = phones[0], _open_desk(window(chromium.PHONE), room)
    yield from _taken(pages, "lobby", scheme, folder)
    _press(pages["desk"], "Put this text")
    phones[0].get_by_role("button", name="Break the silence").click()
    chromium.because(phones[0], "It goes too far")
    phones[1].get_by_role("button", name="Acquiesce").click()
    yield from _taken(pages | {"desk-narrow": small}, "open", scheme, folder)
    _press(pages["desk"], "Gavel")
    _press(pages["desk"], "Reveal")
    yield from _taken(pages, "reveal", scheme, folder)
    pages["desk"].goto(f"{room.address}/debrief")
    pages["desk"].get_by_test_id("stVegaLiteChart").first.wait_for()
    yield from _taken({"debrief": pages["desk"]}, "whole", scheme, folder)
    for page in (*pages.values(), *phones[1:], small):
        page.context.close()


def _open_desk(page: Page, room: server.Room) -> Page:
    page.goto(f"{room.address}/r/{room.code}/desk")
    page.get_by_label("PIN").fill(room.pin)
    page.get_by_role("button", name="Open the desk").click()
    page.get_by_text("On the table").wait_for()
    return page


def _seated(page: Page, room: server.Room, seat: str) -> Page:
    page.goto(f"{room.address}/r/{room.code}")
    page.get_by_role("button", name=seat, exact=True).click()
    page.get_by_text("Waiting for the first text.").wait_for()
    return page


def _press(desk: Page, name: str) -> None:
    button = desk.get_by_role("button", name=name, exact=True)
    button.wait_for()
    desk.wait_for_timeout(PAUSE)
    button.click()


def _taken(pages: dict[str, Page], moment: str, scheme: str, folder: Path) -> Iterator[Path]:
    for name, page in pages.items():
        page.wait_for_timeout(PAUSE)
        page.evaluate("window.scrollTo(0, 0)")
        path = folder / f"room-{name}-{moment}-{scheme}.png"
        page.screenshot(path=path)
        yield path
