"""What people do on the pages, from the first look to taking a picture away."""

from __future__ import annotations

import re

import pytest

from tests.browser import chromium
from tests.browser.server import ROOT

pytestmark = pytest.mark.browser

BARS, MATRIX = "In how many worlds each clause survives", "What each member does most often"


def picture(page, says):
    """A picture by the beginning of what is read aloud instead of it."""
    return page.locator(f'[data-testid="stVegaLiteChart"][aria-label^="{says}"]')


def section(page, title):
    """Open a section of the side bar."""
    page.get_by_test_id("stSidebar").get_by_text(title, exact=True).click()


def says(page, words):
    """Wait until the page says something."""
    page.get_by_test_id("stMain").get_by_text(words).first.wait_for()


def asked(page, **wanted):
    """Wait until the address of the page carries something."""
    parts = [f"{name}={value}" for name, value in wanted.items()]
    page.wait_for_function(
        "parts => parts.every(part => window.location.search.includes(part))", arg=parts
    )


def go_to(page, title):
    page.get_by_role("link", name=title, exact=True).click()


def test_who_kills_article_5_and_what_would_save_it_stands_on_the_first_screen(page):
    main = page.get_by_test_id("stMain")
    for words in ("(Article 5)", "kill it most often", "What would save it"):
        box = main.get_by_text(words).first.bounding_box()
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 900
    assert page.get_by_role("button", name=re.compile("^Estonia breaks the silence")).is_visible()


def test_a_slider_changes_the_picture(page):
    section(page, "Trust and motives")
    bars = picture(page, BARS).locator("svg")
    before = bars.inner_html()
    page.get_by_role("slider").first.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "([bars, before]) => bars.isConnected ? bars.innerHTML !== before : true",
        arg=[bars.element_handle(), before],
    )
    asked(page, set="assumptions.trust%3D0.25")


def test_a_cell_that_is_pressed_is_explained(page):
    says(page, "Why Estonia breaks the silence on N5.1")
    cell = picture(page, MATRIX).locator("svg path[aria-label*='N7.3'][aria-label*='POL']").first
    cell.evaluate("cell => cell.scrollIntoView({ block: 'center' })")
    cell.click(force=True)  # its glyph lies above it
    says(page, "Why Poland breaks the silence on N7.3")
    asked(page, member="Poland", clause="N7.3")


def test_a_tile_that_is_pressed_is_explained(page):
    page.get_by_role("button", name=re.compile("^Hungary")).click()
    says(page, re.compile("^Why Hungary"))
    asked(page, member="Hungary")


def test_a_link_restores_what_was_asked(page):
    page.goto("/?set=rule%3Dmajority&clause=N7.3&member=POL&seed=3")
    chromium.settle(page)
    says(page, "11 of 18 clauses survive")
    says(page, re.compile("^Rule: .*majority.*seed 3"))
    says(page, re.compile("^Why Poland .* on N7.3"))


def test_a_link_to_another_page_stays_there_and_its_copy_restores_it(page, context):
    page.goto("/why?set=rule%3Dconsensus-2&clause=N7.3&member=POL&pins=A:%20rule%3Dmajority")
    chromium.settle(page)
    says(page, re.compile("^Why: N7.3"))
    page.get_by_text("Reproduce: link").click()
    link = page.get_by_test_id("stCode").first.inner_text()
    other = context.new_page()
    other.goto(link)
    chromium.settle(other)
    says(other, re.compile("^Why: N7.3"))
    asked(other, set="rule%3Dconsensus-2", member="Poland", pins="A")


def test_another_page_and_the_way_back_keep_what_was_asked(page):
    page.goto("/?set=rule%3Dmajority&member=POL")
    chromium.settle(page)
    go_to(page, "What if")
    says(page, "What is changed")
    asked(page, set="rule%3Dmajority", member="Poland")
    page.go_back()
    says(page, "11 of 18 clauses survive")
    says(page, re.compile("^Why Poland"))


@pytest.mark.skipif(
    not (ROOT / "scenarios" / "validation.json").exists(), reason="no record of known decisions"
)
def test_a_decision_whose_outcome_is_known_is_played_on_the_front_page(page):
    page.goto("/validation?set=rule%3Dmajority")
    chromium.settle(page)
    page.get_by_text("Membership plan, 2008").first.click()
    page.get_by_role("button", name="Play this decision").click()
    says(page, re.compile("^What happened on 3 April 2008 is known"))
    asked(page, scenario="Decided")
    page.get_by_role("button", name="Undo", exact=True).click()
    asked(page, set="rule%3Dmajority")
    says(page, re.compile("clauses survive in most worlds"))


def test_undo_takes_a_change_back(page):
    section(page, "Rule and consultation")
    page.get_by_role("slider", name=re.compile("^Cohesion")).focus()
    page.keyboard.press("ArrowRight")
    asked(page, set="assumptions.cohesion%3D0.32")
    page.get_by_role("button", name="Undo", exact=True).click()
    page.wait_for_function("!window.location.search.includes('set=')")


def test_a_broken_scenario_is_answered_with_a_sentence(page):
    go_to(page, "What if")
    broken = ROOT / "tests" / "broken" / "drop-stranger.toml"
    page.locator('input[type="file"]').set_input_files(broken)
    alert = page.get_by_test_id("stAlert").first
    alert.wait_for()
    assert "drop" in alert.inner_text()
    assert page.get_by_test_id("stException").count() == 0


def test_what_is_no_scenario_is_answered_with_a_sentence(page, tmp_path):
    go_to(page, "What if")
    (tmp_path / "picture.toml").write_bytes(b"\x89PNG\r\n\x1a\n\x00\xff")
    page.locator('input[type="file"]').set_input_files(tmp_path / "picture.toml")
    page.get_by_test_id("stAlert").first.wait_for()
    assert page.get_by_test_id("stException").count() == 0


@pytest.mark.parametrize(("kind", "begins"), [("SVG", b"<svg"), ("PNG", b"\x89PNG")])
def test_a_picture_can_be_taken_away(page, kind, begins):
    page.get_by_text("Pictures as SVG and PNG").click()
    with page.expect_download() as download:
        page.get_by_role("button", name=kind, exact=True).first.click()
    content = download.value.path().read_bytes()
    assert content.startswith(begins)
    assert len(content) > 5000
    assert download.value.suggested_filename.endswith(kind.lower())


def test_all_is_reached_by_keyboard_alone(page):
    walk(page, "Poland breaks")
    page.keyboard.press("Enter")
    says(page, re.compile("^Why Poland"))
    walk(page, "Pictures as SVG and PNG")
    page.keyboard.press("Enter")
    walk(page, "PNG")
    walk(page, "Russia steps back")
    page.keyboard.press("Space")
    asked(page, set="evidence.step_back%3D1")
    walk(page, "Trust and motives")
    page.keyboard.press("Enter")
    walk(page, "Trust, shifted")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("window.location.search.includes('assumptions.trust')")
    walk(page, "What if")
    page.keyboard.press("Enter")
    says(page, "What is changed")


def walk(page, words):
    """Press Tab until the focus is on something of that name."""
    passed = []
    for _ in range(200):
        page.keyboard.press("Tab")
        passed.append(page.evaluate(FOCUS))
        if words in passed[-1] and not passed[-1].startswith(("Help for", "Skip to")):
            return
    pytest.fail(f"the keyboard does not get to {words}; it passes {passed}")


FOCUS = """() => {
    let at = document.activeElement
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement
    if (!at) return ""
    const named = at.getAttribute("aria-label") || at.labels?.[0]?.innerText || at.innerText || ""
    return named.trim()
}"""


def test_a_page_that_asks_another_machine_is_caught(browser, server):
    context = browser.new_context()
    watch = chromium.Watch(context)
    page = context.new_page()
    page.goto(server.address)
    page.evaluate("fetch('http://192.0.2.1/').catch(() => 0)")
    page.evaluate("console.error('in trouble')")
    page.evaluate("new WebSocket('ws://192.0.2.1/')")
    page.evaluate("setTimeout(() => { throw new Error('lost') })")

    def unheard(_):
        said = [*watch.strangers, *watch.complaints]
        awaited = "http://192.0.2.1/", "ws://192.0.2.1/", "in trouble", "lost"
        return [words for words in awaited if not any(words in line for line in said)]

    assert chromium.lasting(page, unheard) == []
    context.close()
    assert watch.strangers == ["http://192.0.2.1/", "ws://192.0.2.1/"]
