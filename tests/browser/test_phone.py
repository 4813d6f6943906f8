"""A phone in the live room: what a thumb does, what a lost network does, who it is after a reload."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from sim.room.events import Ballot
from tests.browser import chromium
from tests.phones import renew, served

pytestmark = pytest.mark.browser

SMALL = {"width": 320, "height": 568}
SOON = 30_000
expect.set_options(timeout=SOON)
EXPECTED = re.compile("INTERNET_DISCONNECTED|401 .Unauthorized|409 .Conflict|status of 503")
"""What a browser complains of where a network was away, or a room said no."""


@pytest.fixture(scope="session")
def base_url():
    """These pages are of another server than the dashboard's."""
    return ""


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    with served(tmp_path_factory.mktemp("rooms")) as open_:
        yield open_


@pytest.fixture
def link(here, monkeypatch):
    renew(monkeypatch)
    for who in list(here.room.state.people):
        here.room.leave(who)
    if here.room.state.phase == "open":
        here.room.gavel()
    if here.room.state.closed:
        here.room.close(False)
    return f"http://127.0.0.1:{here.address[1]}/r/{here.room.code}"


@pytest.fixture
def phones(browser):
    """New phones, one after another, that complain of nothing but a network that is away."""
    contexts, watches = [], []

    def phone(link, **traits):
        context = browser.new_context(**{"viewport": SMALL, "has_touch": True, **traits})
        contexts.append(context)
        watches.append(chromium.Watch(context))
        page = context.new_page()
        page.goto(link)
        return page

    yield phone
    for context, watch in zip(contexts, watches):
        context.close()
        assert watch.strangers == []
        assert [words for words in watch.complaints if not EXPECTED.search(words)] == []


def seated(page, seat, name=""):
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
    expect(page.locator("#sent")).to_have_text(
        re.compile(r"^Sent at \d\d:\d\d:\d\d, you can change it until the gavel\.$"), timeout=SOON
    )


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
    assert here.room.state.text.number == put


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


def test_a_name_half_typed_stays_when_somebody_takes_a_seat(here, link, phones):
    page = phones(link)
    page.locator("#name").press_sequentially("Marie-Claire")
    here.room.join("Ben", "FRA")
    expect(page.get_by_role("button", name="France (taken)")).to_be_visible(timeout=SOON)
    page.locator("#name").press_sequentially(" Dupont")
    expect(page.locator("#name")).to_have_value("Marie-Claire Dupont")


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


def test_a_phone_shows_what_the_desk_has_said_for_it_and_may_say_otherwise(here, link, phones):
    page = seated(phones(link), "Poland")
    support = offered(here, page, "Support")
    here.room.speak_for("POL", "support")
    expect(page.locator("#sent")).to_have_text(
        "The desk has spoken for you: supports. You can change it until the gavel.", timeout=SOON
    )
    expect(support).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Stay silent").tap()
    sent(page)
    assert here.room.state.text.ballots["POL"].stance == "silent"


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


def test_who_is_shown_out_is_told_so_and_may_come_again(here, link, phones):
    page = seated(phones(link), "Poland")
    here.room.leave(here.room.state.sitting("POL")[0])
    expect(page.locator("#banner")).to_contain_text("You can join again", timeout=SOON)
    seated(page, "Poland")
    expect(page.locator("#banner")).to_be_hidden()


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
