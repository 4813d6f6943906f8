"""Debian's Chromium through Playwright: how it is started, when a page is at rest, what it asks for."""

from __future__ import annotations

import importlib.util
import re
import shutil
import time
from typing import TYPE_CHECKING, Any, Literal, TypeVar
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Route, WebSocket

Found = TypeVar("Found")

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SCHEMES: tuple[Literal["dark", "light"], ...] = ("dark", "light")
SCREEN, PHONE = {"width": 1360, "height": 900}, {"width": 390, "height": 844}
NEEDED = ("playwright", "pytest_playwright", "axe_playwright_python")
HERE = "127.0.0.1"


def lacking() -> str | None:
    """What a test in a browser needs and this machine does not have, as a sentence."""
    absent = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if absent:
        return f"{' and '.join(absent)} missing: pip install --editable '.[browser]'"
    return None if shutil.which("chromium") else "no chromium: apt-get install chromium"


def launching() -> dict[str, Any]:
    """How Playwright starts the browser of this machine."""
    return {"executable_path": shutil.which("chromium"), "args": list(FLAGS)}


def settle(page: Page, patience: float = 60) -> None:
    """Wait until the script has run and everything that it asked for is drawn."""
    for _ in range(
        2
    ):  # a script that has ended may be asked to run once more, and what is stale fades
        page.wait_for_function(SETTLED, timeout=1000 * patience)
        page.wait_for_timeout(300)
    page.wait_for_function(SETTLED, timeout=1000 * patience)


def schemes(page: Page) -> Iterator[str]:
    """A page in the dark and in the light, each time at rest.

    At rest before, too: Streamlit 1.67 forgets the colours of its configuration where a scheme
    changes while a page is loaded, and is a shade too pale until it is loaded again.
    """
    settle(page)
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(500)  # it is drawn anew
        settle(page)
        yield scheme


def lasting(page: Page, look: Callable[[Page], Found], patience: float = 15) -> Found:
    """What a look finds amiss, unless it goes away by itself: a page may still be drawn anew."""
    end = time.monotonic() + patience
    while (found := look(page)) and time.monotonic() < end:
        page.wait_for_timeout(300)
    return found


def too_wide(page: Page) -> bool:
    """Whether a page of the dashboard has to be moved sideways."""
    return bool(
        page.get_by_test_id("stMain").evaluate("main => main.scrollWidth > main.clientWidth")
    )


SETTLED = """() => {
    const all = (name, kind = "") => [...document.querySelectorAll(`[data-testid="${name}"]${kind}`)];
    return all("stApp", '[data-test-script-state="notRunning"]').length > 0
        && all("stElementContainer").length > 0
        && all("stElementContainer", '[data-stale="true"]').length === 0
        && all("stSkeleton").length === 0
        && all("stVegaLiteChart").every(drawing => drawing.querySelector("svg, canvas"));
}"""


SEARCHING = re.compile(r"/[^/]+/_stcore/(health|host-config)$")
"""Where Streamlit looks for its server first, when a page is opened by its own address."""


class Watch:
    """What the pages of a browser ask for and complain of; nothing leaves this machine."""

    def __init__(self, context: BrowserContext) -> None:
        self.strangers: list[str] = []
        self.complaints: list[str] = []
        context.route(lambda address: not is_here(address), self._refuse)
        context.on("request", self._request)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on("page", lambda page: page.on("websocket", self._socket))

    def _refuse(self, route: Route) -> None:
        route.abort()

    def _request(self, request: Request) -> None:
        self._asked(request.url)

    def _socket(self, socket: WebSocket) -> None:
        self._asked(socket.url)

    def _asked(self, address: str) -> None:
        if not is_here(address):
            self.strangers.append(address)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not SEARCHING.search(message.location["url"]):
            self.complaints.append(f"{message.text} ({message.location})")


def because(page: Page, reason: str) -> None:
    """Choose a reason on a phone, no faster than a thumb; what is faster is half of a double tap."""
    button = page.get_by_role("button", name=reason)
    button.wait_for()
    page.wait_for_timeout(400)
    button.click()


def is_here(address: str) -> bool:
    """Whether an address stays on this machine.

    >>> is_here("http://127.0.0.1:8501/why"), is_here("data:image/png;base64,"), is_here("https://x.org")
    (True, True, False)
    """
    parts = urlsplit(address)
    return parts.scheme in ("data", "blob", "about") or parts.hostname == HERE


def pages(page: Page) -> list[str]:
    """The paths of all pages, as the navigation of the page that is open has them; first the first."""
    links = page.locator('[data-testid="stTopNavLink"], [data-testid="stSidebarNavLink"]')
    hrefs = links.evaluate_all("links => links.map(link => new URL(link.href).pathname)")
    return hrefs or ["/"]
