"""A phone in the live room: what a thumb does, what it is shown, and that all fits a small screen."""

from __future__ import annotations

import pytest

from tests.browser import chromium
from tests.browser.thumb import SOON, expect, offered, seated, sent

pytestmark = pytest.mark.browser


@pytest.fixture(scope="session")
def base_url():
    """These pages are of another server than the dashboard's."""
    return ""


def test_one_clause_on_a_phone(here, link, phones):
    page = seated(phones(link), "Poland", "Ada")
    put = here.room.put({"N5.1": 1.0}, seconds=60, empty="silent")
    expect(page.locator("#phase")).to_have_text("A text is on the table.", timeout=SOON)
    expect(page.locator("#timer")).to_contain_text("Silence ends in")
    page.get_by_role("button", name="Break the silence").tap()
    sent(page)
    assert here.room.state.text.ballots["POL"].stance == "object", "a veto counts before its reason"
    chromium.because(page, "We do not trust Russia to keep it")
    sent(page)
    assert here.room.state.text.ballots["POL"].reason == "trust"
    page.reload()
    expect(page.get_by_role("button", name="Break the silence")).to_have_attribute(
        "aria-pressed", "true"
    )
    sent(page)
    here.room.gavel()
    expect(page.locator("#phase")).to_contain_text("The gavel has fallen", timeout=SOON)
    here.room.reveal()
    expect(page.locator("#result")).to_contain_text("Poland broke the silence.", timeout=SOON)
    expect(page.locator("#result")).to_contain_text("Yours was the veto")
    roll = page.locator("#result .said").first
    expect(roll).to_contain_text("Poland broke the silence")
    expect(roll).to_contain_text("We do not trust Russia to keep it")
    assert here.room.state.text.number == put


def test_two_taps_on_a_seat_are_one_person(here, link, phones):
    page, asked = phones(link), []
    page.on("request", lambda request: asked.append(request.url))
    button = page.get_by_role("button", name="Give me a seat")
    button.wait_for(timeout=SOON)
    page.evaluate(
        "document.querySelectorAll('[data-key=any]').forEach(b => (b.click(), b.click()))"
    )
    expect(page.locator("#room")).to_be_visible(timeout=SOON)
    with page.expect_response("**/state"):
        pass  # a look that comes after the second, had that been sent
    assert [url for url in asked if url.endswith("/join")] == [f"{link}/join"]
    assert len(here.room.state.people) == 1


def test_phones_that_want_any_seat_at_once_all_get_one(here, link, phones):
    pages = [phones(link) for _ in range(3)]
    for page in pages:
        page.get_by_role("button", name="Give me a seat").wait_for()
        page.route("**/state", lambda route: route.abort("internetdisconnected"))
    for seat in list(here.room.state.seats)[3:]:
        here.room.join("somebody", seat)  # three are left, as no phone knows yet
    for page in pages:
        page.get_by_role("button", name="Give me a seat").tap()
        page.unroute("**/state")
    for page in pages:
        expect(page.locator("#room")).to_be_visible()
    assert all(here.room.state.sitting(seat) for seat in here.room.state.seats)


def test_where_no_seat_is_free_a_phone_says_what_is_left_to_do(here, link, phones):
    locked, *rest = here.room.state.seats
    here.room.lock(locked)
    for seat in rest:
        here.room.join("somebody", seat)
    join = phones(link).locator("#join")
    expect(join).to_contain_text("No seat is free. Sit with somebody who has one, or watch.")
    here.room.lock(locked, False)
    expect(join).to_contain_text("Give me a seat")


def test_a_name_half_typed_stays_when_somebody_takes_a_seat(here, link, phones):
    page = phones(link)
    page.locator("#name").press_sequentially("Marie-Claire")
    here.room.join("Ben", "FRA")
    expect(page.get_by_role("button", name="France (taken)")).to_be_visible(timeout=SOON)
    page.locator("#name").press_sequentially(" Dupont")
    expect(page.locator("#name")).to_have_value("Marie-Claire Dupont")


def test_in_talks_and_news_the_decision_before_is_called_by_its_name(here, link, phones):
    page = seated(phones(link), "Poland")
    title = "N5.1 No missiles within reach"
    for act in (
        lambda: here.room.put({"N5.1": 1.0}, empty="silent"),
        here.room.gavel,
        here.room.reveal,
    ):
        act()
    head = page.locator("#result h2")
    expect(head).to_have_text(f"{title}, as drafted", timeout=SOON)
    here.room.time(120, {"N5.1": 0.75})
    expect(page.locator("#ahead")).to_contain_text("At .75 of the text", timeout=SOON)
    expect(head).to_have_text(f"Before: {title}, as drafted")
    expect(page.locator("#text")).to_be_hidden()


UNCOVERED = """one => {
    const box = one.getBoundingClientRect();
    return document.elementFromPoint(box.x + 9, box.bottom - 2) === one;
}"""


def test_news_and_buttons_leave_the_level_in_sight_on_a_small_phone(here, link, phones):
    page = seated(phones(link), "Poland")
    if not here.room.state.injects:
        here.room.inject("troops_move")
    offered(here, page, "Break the silence")
    here.room.undo()
    here.room.put({"N5.1": 0.75}, empty="silent")
    level = page.locator("#text .level")
    expect(level).to_be_visible(timeout=SOON)
    assert level.evaluate(UNCOVERED), "what is put at which level is seen without a touch"


@pytest.mark.parametrize("size", [(320, 568), (320, 640), (390, 844)])
def test_a_rule_other_than_the_cards_is_read_without_a_touch(here, link, phones, size):
    page = seated(phones(link, viewport=dict(zip(("width", "height"), size))), "Poland")
    names = list(here.room.scenario.clauses)[:6]
    here.room.put(dict.fromkeys(names, 1.0), "qualified", seconds=90, empty="silent")
    rule = page.locator("#text p").first
    expect(rule).to_contain_text("For this text another rule holds")
    expect(page.get_by_role("button", name="Support")).to_be_visible()
    expect(page.locator("#card")).to_contain_text("You are Poland")
    assert rule.evaluate(UNCOVERED), "the last of its lines is above the buttons"


def test_a_double_tap_leaves_the_reasons_open(here, link, phones):
    page = seated(phones(link), "Poland")
    offered(here, page, "Break the silence").dblclick()
    sent(page)
    expect(page.get_by_role("group", name="Why?")).to_be_visible()
    assert here.room.state.text.ballots["POL"].reason == "", "the second half is no reason"


@pytest.mark.parametrize("name", ["Break the silence", "Acquiesce, with a reservation"])
def test_reasons_are_open_still_after_a_reload_until_one_is_chosen(here, link, phones, name):
    page = seated(phones(link), "Poland")
    offered(here, page, name).tap()
    sent(page)
    page.reload()
    reasons = page.get_by_role("group", name="Why?")
    expect(reasons).to_be_visible(timeout=SOON)
    chromium.because(page, "We do not trust Russia to keep it")
    expect(reasons).to_have_count(0)
    sent(page)
    assert here.room.state.text.ballots["POL"].reason == "trust"
    page.reload()
    expect(page.get_by_role("button", name=name)).to_have_attribute("aria-pressed", "true")
    expect(reasons).to_have_count(0)


def test_reasons_that_stand_open_are_shut_when_another_text_is_put(here, link, phones):
    page = seated(phones(link), "Poland")
    offered(here, page, "Break the silence").tap()
    expect(page.get_by_role("group", name="Why?")).to_be_visible()
    here.room.gavel()
    here.room.reveal()
    here.room.put({"N2.1": 1.0})
    expect(page.locator("#text")).to_contain_text("N2.1", timeout=SOON)
    expect(page.get_by_role("group", name="Why?")).to_have_count(0)


def test_a_phone_shows_what_the_desk_has_said_for_it_and_may_say_otherwise(here, link, phones):
    page = seated(phones(link), "Poland")
    support = offered(here, page, "Support")
    here.room.speak_for("POL", "support")
    expect(page.locator("#sent")).to_have_text(
        "The desk has spoken for you: support. You can change it until the gavel.", timeout=SOON
    )
    expect(support).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Stay silent").tap()
    sent(page)
    assert here.room.state.text.ballots["POL"].stance == "silent"


def test_ones_own_seat_is_called_so_where_seats_are_changed(here, link, phones):
    page = seated(phones(link), "Poland")
    here.room.join("Ben", "FRA")
    page.locator("#more summary").tap()
    expect(page.get_by_role("button", name="France (taken)")).to_be_visible()
    expect(page.get_by_role("button", name="Poland (yours)")).to_be_disabled()


def test_a_name_is_text_wherever_it_stands(link, phones):
    page = seated(phones(link), "Poland", "<img src=x onerror=document.title='hit'>")
    expect(page.locator("#seat")).to_contain_text("<img src=x onerror")
    assert page.locator("#seat img").count() == 0
    assert page.title() != "hit"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_everything_fits_a_small_phone_and_a_thumb(here, link, phones, theme):
    from axe_playwright_python.sync_playwright import Axe

    page = phones(link, color_scheme=theme)
    page.get_by_role("button", name="Only watch").wait_for()
    screens = [checked(page, Axe())]
    seated(page, "Poland")
    here.room.put({"N5.1": 0.5, "N6.1": 1.0}, empty="model")
    page.get_by_role("button", name="Break the silence").tap(timeout=SOON)
    screens.append(checked(page, Axe()))
    chromium.because(page, "It goes too far")
    sent(page)
    page.locator("#more summary").tap()
    screens.append(checked(page, Axe()))
    here.room.gavel()
    here.room.reveal()
    page.locator("#result h2").wait_for(timeout=SOON)
    screens.append(checked(page, Axe()))
    assert screens == [([], [], True)] * 4


TARGETS = """() => [...document.querySelectorAll('button, summary, input, a')]
    .filter(one => one.offsetParent && one.getBoundingClientRect().height < 44)
    .map(one => one.textContent)"""


def checked(page, axe):
    """What hinders people, what is too small for a thumb, and whether it fits across."""
    found = [rule["id"] for rule in axe.run(page).response["violations"]]
    fits = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    return found, page.evaluate(TARGETS), fits


def test_the_keyboard_is_enough(here, link, phones):
    page = phones(link)
    page.get_by_role("button", name="Poland", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#seat")).to_contain_text("Poland")
    expect(page.locator("#phase")).to_be_focused()
    here.room.put({"N5.1": 1.0}, empty="silent")
    page.get_by_role("button", name="Acquiesce").wait_for(timeout=SOON)
    page.get_by_role("button", name="Acquiesce").focus()
    page.keyboard.press("Enter")
    focused = "document.activeElement.textContent"
    assert "Acquiesce" in page.evaluate(focused), "the button that unfolds keeps the focus"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    sent(page)
    assert "Acquiesce" in page.evaluate(focused), "a reason that is chosen folds into its stance"
    assert here.room.state.text.ballots["POL"].stance == "reserve"
