"""Pictures of every page, wide and narrow, light and dark. Run it: make screenshots."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tests.browser import chromium, room_pictures, server

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ALL, KEPT = server.ROOT / "build" / "screenshots", server.ROOT / "docs" / "screenshots"
SIZES = {"wide": chromium.SCREEN, "narrow": chromium.PHONE}
SCHEMES = ("light", "dark")
ASKED = {"/what-if": "?set=assumptions.cohesion%3D.5&pins=Majority:%20rule%3Dmajority"}
"""What a page shows nothing without."""

SCENES = {
    "seat": "scene=seat",
    "bet": "scene=bet",
    "reveal": "scene=reveal&bet=12",
    "veto": "scene=vetoes&veto=4",
    "rule": "scene=rule&under=majority",
    "puzzle": "scene=puzzle&picks=EST,POL&tried=EST,POL",
    "steps": "scene=package&guess=back",
    "sandbox": "scene=sandbox",
}
"""The scenes of the story by what their pictures are called: what the address says."""

KEPT_ONES = ("verdict-wide-light.png", "room-board-reveal-light.png", "room-phone-open-light.png")
"""The first screens that the pages about it show; all others stay in the build folder."""

VETO, EDGE = "story-veto-wide-light.png", 16
"""What the README shows of the story: who breaks the silence, and what it does; pixels around it."""


def main() -> int:
    if lacking := chromium.lacking():
        print(f"screenshots: {lacking}", file=sys.stderr)
        return 1
    from playwright.sync_api import sync_playwright

    shutil.rmtree(ALL, ignore_errors=True)
    ALL.mkdir(parents=True)
    KEPT.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        server.dashboard(Path(folder) / "log") as running,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(**chromium.launching())
        for path in pictures(browser, running.address):
            print(path.relative_to(server.ROOT))
        print(veto(browser, running.address).relative_to(server.ROOT))
        for path in room_pictures.pictures(browser, ALL):
            print(path.relative_to(server.ROOT))
    for name in KEPT_ONES:
        shutil.copy(ALL / name, KEPT / name)
        print((KEPT / name).relative_to(server.ROOT))
    return 0


def pictures(browser: Browser, address: str) -> Iterator[Path]:
    """Every page at every size and in both schemes: its first screen, and the whole of it."""
    paths = chromium.pages(_opened(browser, address, "/", SIZES["wide"], "light"))
    shown = {path.strip("/") or "verdict": path + ASKED.get(path, "") for path in paths}
    shown |= {f"story-{name}": f"/story?{said}" for name, said in SCENES.items()}
    for size, viewport in SIZES.items():
        for scheme in SCHEMES:
            for title, path in shown.items():
                page = _opened(browser, address, path, viewport, scheme)
                name = f"{title}-{size}-{scheme}"
                yield _taken(page, f"{name}.png")
                _stretch(page)
                yield _taken(page, f"{name}-whole.png")
                page.context.close()


def veto(browser: Browser, address: str) -> Path:
    """The vetoes once all have spoken, from the heading to the key of the map, and nothing around."""
    page = _opened(browser, address, f"/story?{SCENES['veto']}", SIZES["wide"], "light")
    page.wait_for_timeout(300)  # what fades in has faded in
    top = page.get_by_role("heading", name="One veto after the other").bounding_box()["y"]
    key = page.get_by_role("listitem").filter(has_text="Breaks the silence").bounding_box()
    high = key["y"] + key["height"] - top
    clip = {"x": 0, "y": top - EDGE, "width": SIZES["wide"]["width"], "height": high + 2 * EDGE}
    page.screenshot(path=KEPT / VETO, clip=clip)
    page.context.close()
    return KEPT / VETO


def _opened(
    browser: Browser, address: str, path: str, viewport: dict[str, int], scheme: str
) -> Page:
    page = browser.new_page(viewport=viewport, color_scheme=scheme)
    page.goto(address + path)
    chromium.settle(page)
    return page


def _stretch(page: Page) -> None:
    """Make the window as high as what scrolls in it, for Streamlit scrolls inside of the page."""
    hidden = page.evaluate(
        """() => Math.max(0, ...[...document.querySelectorAll("[data-testid=stMain]")]
        .map(part => part.scrollHeight - part.clientHeight))"""
    )
    size = page.viewport_size
    page.set_viewport_size({"width": size["width"], "height": size["height"] + hidden})
    chromium.settle(page)


def _taken(page: Page, name: str) -> Path:
    page.wait_for_timeout(300)  # what fades in has faded in
    page.screenshot(path=ALL / name)
    return ALL / name


if __name__ == "__main__":
    sys.exit(main())
