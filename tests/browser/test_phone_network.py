"""A phone in the live room that is cut off, late or one of two: who it is, and what it calls sent."""

from __future__ import annotations

import pytest

from sim.room.events import Ballot
from tests.browser import chromium
from tests.browser.thumb import SOON, expect, offered, seated, sent

pytestmark = pytest.mark.browser


@pytest.fixture(scope="session")
def base_url():
    """These pages are of another server than the dashboard's."""
    return ""


def test_a_ballot_waits_for_the_network_and_is_written_once(here, link, phones):
    page = seated(phones(link), "Poland")
    button = offered(here, page, "Support")
    page.context.set_offline(True)
    button.tap()
    expect(page.locator("#banner")).to_contain_text("your answer is not sent yet", timeout=SOON)
    expect(page.locator("#sent")).to_have_text("Not sent yet.")
    page.get_by_role("button", name="Stay silent").tap()
    assert here.room.state.text.ballots == {}
    page.context.set_offline(False)
    sent(page)
    expect(page.locator("#banner")).to_be_hidden()
    assert here.room.state.text.ballots["POL"].stance == "silent"


@pytest.mark.parametrize(
    ("act", "told"), [("gavel", "it does not count"), ("undo", "was taken back")]
)
def test_a_ballot_that_comes_too_late_is_said_to_be_lost_and_why(here, link, phones, act, told):
    page = seated(phones(link), "Poland")
    button = offered(here, page, "Support")
    since = len(here.room.log)
    page.context.set_offline(True)
    button.tap()
    getattr(here.room, act)()
    page.context.set_offline(False)
    expect(page.locator("#sent")).to_contain_text(told, timeout=SOON)
    assert not [entry for entry in here.room.log[since:] if isinstance(entry.event, Ballot)]


def test_an_answer_that_is_lost_on_the_way_makes_no_second_person(here, link, phones):
    page, lost = phones(link), []

    def lose(route):
        lost.append(route.fetch().status)
        route.abort("internetdisconnected")

    page.route("**/join", lose, times=1)
    page.get_by_role("button", name="Poland").tap(timeout=SOON)
    expect(page.locator("#banner")).to_contain_text("No connection", timeout=SOON)
    page.get_by_role("button", name="France").tap()
    expect(page.locator("#seat")).to_contain_text("France", timeout=SOON)
    assert lost == [200]
    assert [person.seat for person in here.room.state.people.values()] == ["FRA"]


def test_a_closed_room_lets_back_in_whose_answer_was_lost_and_nobody_else(here, link, phones):
    lost, late = phones(link), phones(link)

    def lose(route):
        route.fetch()
        route.abort("internetdisconnected")

    lost.route("**/join", lose, times=1)
    lost.get_by_role("button", name="Poland").tap(timeout=SOON)
    expect(lost.locator("#banner")).to_contain_text("No connection", timeout=SOON)
    here.room.close()
    closed = "The room is closed to newcomers; ask the facilitator."
    expect(late.locator("#join")).to_have_text(closed, timeout=SOON)
    lost.get_by_role("button", name="France").tap(timeout=SOON)
    expect(lost.locator("#seat")).to_contain_text("France", timeout=SOON)
    here.room.close(False)
    late.get_by_role("button", name="Poland").tap(timeout=SOON)
    expect(late.locator("#seat")).to_contain_text("Poland", timeout=SOON)


def test_a_card_that_comes_late_is_not_shown_on_another_seat(here, link, phones):
    page, held = phones(link), []
    page.route("**/card", lambda route: held.append(route), times=1)
    seated(page, "Poland")
    page.wait_for_function("document.querySelector('#card').textContent.includes('…')")
    page.locator("#more summary").tap()
    page.get_by_role("button", name="France", exact=True).tap()
    expect(page.locator("#card")).to_contain_text("You are France", timeout=SOON)
    page.evaluate(CARDS)
    with page.expect_response("**/card") as late:
        held[0].continue_()
    late.value.finished()
    with page.expect_response("**/state"):
        pass  # a look that comes after the late card
    expect(page.locator("#card")).to_contain_text("You are France")
    assert page.evaluate("window.cards") == [], "nothing else has been shown for a moment"


CARDS = """() => {
    window.cards = [];
    const card = document.querySelector("#card div");
    new MutationObserver(() => window.cards.push(card.textContent))
        .observe(card, { childList: true, subtree: true, characterData: true });
}"""


def test_a_room_that_cannot_write_says_so_and_the_ballot_is_kept(here, link, phones):
    page = seated(phones(link), "Poland")
    button = offered(here, page, "Support")
    refusal = "The room cannot write; tell the facilitator."
    page.route("**/ballot", lambda route: route.fulfill(status=503, json={"refused": refusal}))
    button.tap()
    banner = page.locator("#banner")
    expect(banner).to_have_text(
        f"{refusal} Your answer is not sent yet; trying again.", timeout=SOON
    )
    with page.expect_response("**/state"):
        pass  # a look that succeeds takes nothing of it back
    expect(banner).to_contain_text(refusal)
    expect(page.locator("#sent")).to_have_text("Not sent yet.")
    page.unroute("**/ballot")
    sent(page)
    expect(banner).to_be_hidden()
    assert here.room.state.text.ballots["POL"].stance == "support"


def test_a_veto_that_something_newer_overtook_is_not_called_sent(here, link, phones):
    page = seated(phones(link), "Poland")
    button = offered(here, page, "Break the silence")
    page.context.set_offline(True)
    button.tap()
    chromium.because(page, "We do not trust Russia to keep it")
    for stance in ("support", "silent", "support"):
        here.room.speak_for("POL", stance)
    page.context.set_offline(False)
    expect(page.locator("#sent")).to_have_text(
        "Something newer was said on this seat; look again.", timeout=SOON
    )
    assert here.room.state.text.ballots["POL"].stance == "support"
    page.get_by_role("button", name="Stay silent").tap()
    sent(page)
    assert here.room.state.text.ballots["POL"].stance == "silent"


def test_a_window_that_was_shown_out_does_not_take_the_newer_one_of_its_browser_along(
    here, link, phones
):
    stale = seated(phones(link), "Poland")
    stale.route("**/state", lambda route: route.abort("internetdisconnected"))  # it sleeps
    here.room.leave(next(iter(here.room.state.people)))
    fresh = stale.context.new_page()
    fresh.goto(link)
    seated(fresh, "France")
    stale.unroute("**/state")
    expect(stale.locator("#seat")).to_contain_text("France", timeout=SOON)
    fresh.reload()
    expect(fresh.locator("#seat")).to_contain_text("France", timeout=SOON)


def test_a_second_phone_is_the_same_person_and_its_link_leaves_no_trace(here, link, phones):
    first = seated(phones(link), "Poland", "Ada")
    identity = first.evaluate("JSON.parse(localStorage.getItem(localStorage.key(0))).id")
    second = phones(f"{link}#{identity}")
    expect(second.locator("#seat")).to_contain_text("Ada, Poland")
    assert second.url == link
    assert second.evaluate("history.length") <= 2
    here.room.put({"N5.1": 1.0}, empty="silent")
    second.get_by_role("button", name="Support").tap(timeout=SOON)
    sent(second)
    expect(first.get_by_role("button", name="Support")).to_have_attribute(
        "aria-pressed", "true", timeout=SOON
    )


@pytest.mark.parametrize("size", [(320, 568), (320, 640), (320, 700), (390, 844)])
@pytest.mark.parametrize("phase", ["lobby", "open"])
def test_the_code_for_a_second_phone_is_seen_whole_below_its_button(
    here, link, phones, size, phase
):
    page = phones(link, viewport=dict(zip(("width", "height"), size)))
    seated(page, "Poland")
    if phase == "open":
        offered(here, page, "Support")
    page.locator("#more summary").tap()
    page.get_by_role("button", name="Continue on a second phone").tap()
    code = page.get_by_alt_text("Code to scan with your second phone")
    expect(code).to_be_in_viewport(ratio=1)
    page.wait_for_function("document.querySelector('#scan img').complete")
    expect(code).to_be_in_viewport(ratio=1)
    assert code.evaluate("one => one.height > 0.8 * Math.min(innerWidth, 320)"), "it can be scanned"
    here.room.join("Ben", "FRA")
    expect(page.get_by_role("button", name="France (taken)")).to_be_visible()
    expect(code).to_be_in_viewport(ratio=1)  # it stays while others come in


def test_who_is_shown_out_is_told_so_and_may_come_again(here, link, phones):
    page = seated(phones(link), "Poland")
    here.room.leave(here.room.state.sitting("POL")[0])
    expect(page.locator("#banner")).to_contain_text("You can join again", timeout=SOON)
    seated(page, "Poland")
    expect(page.locator("#banner")).to_be_hidden()
