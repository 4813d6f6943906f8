"""The story in a browser: from the first scene to the last, by keyboard, there and back."""

from __future__ import annotations

import json
import re

import pytest

from tests.browser import chromium
from tests.browser.test_accessible import violations
from tests.browser.test_paths import asked, says, walk

pytestmark = pytest.mark.browser


def scene(page, title):
    """Wait until a scene is told."""
    page.get_by_role("heading", name=title, exact=False).first.wait_for()
    chromium.settle(page)


def test_a_class_walks_the_story_by_keyboard_and_back_in_the_browser(page):
    page.goto("/story")
    chromium.settle(page)
    scene(page, "You are one of 30")
    assert not page.get_by_test_id("stSidebar").is_visible()
    walk(page, "Poland")
    page.keyboard.press("Enter")
    scene(page, "Poland")
    walk_on(page, "Place your bet")
    walk(page, "Place my bet")
    page.keyboard.press("Enter")
    scene(page, "7 of 18 clauses survive")
    says(page, "Too high")
    walk_on(page, "One veto after the other")
    walk(page, "Let Estonia speak")
    page.keyboard.press("Enter")
    says(page, re.compile("breaks the silence in .* of worlds"))
    page.go_back()
    says(page, "Nobody has spoken")
    page.go_forward()
    asked(page, veto="1")
    walk_on(page, "another rule")
    walk_on(page, "Make N5.1 pass")
    for name in ("Lithuania", "Poland"):
        page.get_by_role("button", name=name, exact=True).click()
        page.get_by_role("button", name=f"{name} is chosen").wait_for()
    page.get_by_role("button", name="Persuade 2 members").click()
    says(page, "Not yet")
    page.reload()
    chromium.settle(page)
    says(page, "Not yet")
    walk_on(page, "Which does more?")
    page.get_by_role("button", name="Russia steps back first").click()
    says(page, "Kept clauses, on average")
    walk_on(page, "Your turn")
    asked(page, scene="sandbox", bet="9", member="Poland")


def walk_on(page, title):
    """Next, by keyboard."""
    page.get_by_role("button", name="Next", exact=True).focus()
    page.keyboard.press("Enter")
    scene(page, title)


def test_every_button_of_the_story_meets_a_thumb(page):
    page.set_viewport_size(chromium.PHONE)
    page.goto("/story?scene=puzzle&picks=POL&worlds=200")
    chromium.settle(page)
    buttons = page.get_by_test_id("stMain").get_by_role("button")
    heights = {
        button.inner_text(): button.bounding_box()["height"]
        for button in buttons.all()
        if button.is_visible() and button.inner_text()
    }
    assert len(heights) > 30
    assert not {text: height for text, height in heights.items() if height < 44}


@pytest.mark.slow
def test_no_scene_breaks_a_rule_of_axe_nor_is_wider_than_a_phone(page):
    links = {
        "bet": "",
        "reveal": "&bet=12",
        "vetoes": "&veto=3",
        "rule": "&under=majority",
        "puzzle": "&picks=EST,POL&tried=EST,POL",
        "package": "&guess=back",
        "sandbox": "",
    }
    broken, wide = {}, []
    for name, link in links.items():
        page.goto(f"/story?scene={name}{link}&worlds=500")
        for scheme in chromium.schemes(page):
            found = violations(page)
            broken |= {f"{name} {scheme}": found} if found else {}
        page.set_viewport_size(chromium.PHONE)
        page.wait_for_timeout(200)
        if chromium.lasting(page, chromium.too_wide):
            wide.append(name)
        page.set_viewport_size(chromium.SCREEN)
    assert not broken, json.dumps(broken, indent=1)
    assert not wide


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_scene_is_printed_without_what_can_only_be_pressed(page, scheme):
    page.emulate_media(color_scheme=scheme)
    page.goto("/story?scene=vetoes&veto=4")
    chromium.settle(page)
    page.emulate_media(media="print", color_scheme=scheme)
    assert page.get_by_text("Worlds in which N5.1 is dead by now").is_visible()
    assert page.get_by_role("button", name=re.compile("^Poland")).is_visible()  # its tile
    for name in ("Next", "Silence Estonia", "Report to take home or to print"):
        assert not page.get_by_role("button", name=name, exact=True).is_visible()
    ground = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
