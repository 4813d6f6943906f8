"""What a thumb does on a phone of the live room, and what it waits for."""

from __future__ import annotations

import re

import pytest

expect = pytest.importorskip("playwright.sync_api", reason="tests in a browser").expect

SOON = 30_000
"""Milliseconds after which even a busy machine should have done what was asked."""

expect.set_options(timeout=SOON)


def seated(page, seat, name=""):
    """Somebody takes a seat, and has it."""
    page.fill("#name", name)
    page.get_by_role("button", name=seat, exact=True).tap()
    expect(page.locator("#seat")).to_contain_text(seat)
    return page


def offered(here, page, name):
    """A text is put, and the button is there with which to answer it."""
    here.room.put({"N5.1": 1.0}, empty="silent")
    button = page.get_by_role("button", name=name)
    button.wait_for(timeout=SOON)
    return button


def sent(page):
    """The last answer has arrived."""
    expect(page.locator("#sent")).to_have_text(
        re.compile(r"^Sent at \d\d:\d\d:\d\d, you can change it until the gavel\.$"), timeout=SOON
    )
