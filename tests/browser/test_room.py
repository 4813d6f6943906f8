"""A live room in browsers: a facilitator, a board and three phones through one whole clause."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from dashboard.room import acts
from sim import load
from sim.room import scripts
from sim.room.events import MODEL, OBJECT, RESERVE, SILENT, SUPPORT
from sim.room.opening import open_room
from tests.browser import chromium
from tests.browser import server as serving
from tests.browser.test_accessible import empty, violations  # noqa: F401

pytestmark = pytest.mark.browser

BALTIC, WEST, CENTRE = "Baltic states and Poland", "Western Europe", "Central Europe"
VETO = f"{BALTIC} broke the silence. One is enough. The text falls."
SCREENS = [(1360, 768), (1920, 1080)]
DOUBLE = 1000 * acts.PAUSE + 100
"""Milliseconds after which a click is no second half of a double click."""


@pytest.fixture
def room(tmp_path):
    with serving.room(tmp_path, "--seating", "blocs") as running:
        yield running
    assert not running.troubles(), running.troubles()


@dataclass(frozen=True)
class People:
    """Everybody's browsers, each a window of its own."""

    room: serving.Room
    window: Callable

    def board(self):
        page = self.window(chromium.SCREEN)
        page.goto(f"{self.room.address}/board")
        page.get_by_text(self.room.code).first.wait_for()
        return page

    def desk(self):
        """The facilitator, who has typed the PIN."""
        page = self.window(chromium.SCREEN)
        page.goto(f"{self.room.address}/desk")
        page.get_by_role("link", name="Type the PIN").wait_for()
        page.goto(f"{self.room.address}/r/{self.room.code}/desk")
        page.get_by_label("PIN").fill(self.room.pin)
        page.get_by_role("button", name="Open the desk").click()
        page.get_by_text("On the table").wait_for()
        return page

    def phone(self, seat):
        page = self.window(chromium.PHONE)
        page.goto(f"{self.room.address}/r/{self.room.code}")
        page.get_by_role("button", name=seat).click()
        page.get_by_text("Waiting for the first text.").wait_for()
        return page


@pytest.fixture
def window(browser):
    """Opens windows; afterwards nobody has asked another machine or complained."""
    contexts, watches = [], []

    def window(viewport):
        context = browser.new_context(viewport=viewport)
        context.set_default_timeout(60_000)
        contexts.append(context)
        watches.append(chromium.Watch(context))
        return context.new_page()

    yield window
    for context in contexts:
        context.close()
    assert [watch.strangers for watch in watches if watch.strangers] == []
    assert [watch.complaints for watch in watches if watch.complaints] == []


@pytest.fixture
def people(room, window):
    """Everybody who is in the room."""
    return People(room, window)


def press(desk, name):
    """Press a button that is there because of the last act, and so after it, some time later."""
    button = desk.get_by_role("button", name=name, exact=True)
    button.wait_for()
    desk.wait_for_timeout(DOUBLE)
    button.click()


def test_one_clause_from_the_lobby_to_the_veto_and_again_lower(people):
    board, desk = people.board(), people.desk()
    baltic, west, centre = (people.phone(seat) for seat in (BALTIC, WEST, CENTRE))
    board.get_by_text("3 people here · 3 of 5 seats taken").wait_for()

    press(desk, "Put this text")
    board.get_by_text("0 of 3 seats have spoken").wait_for()
    for phone in (baltic, west, centre):
        phone.get_by_text("A text is on the table.").wait_for()
    west.get_by_role("button", name="Support").click()
    west.get_by_text(re.compile("^Sent at .*you can change it until the gavel")).wait_for()
    baltic.get_by_role("button", name="Support").click()
    board.get_by_text("2 of 3 seats have spoken").wait_for()

    baltic.reload()  # in the middle, and then it changes its mind
    baltic.get_by_role("button", name="Support", pressed=True).wait_for()
    baltic.get_by_role("button", name="Break the silence").click()
    chromium.because(baltic, "It goes too far")
    baltic.get_by_role("button", name="Break the silence", pressed=True).wait_for()
    baltic.get_by_text(re.compile("^Sent at")).wait_for()
    desk.get_by_text(f"Spoken (2): {WEST}, {BALTIC}").or_(
        desk.get_by_text(f"Spoken (2): {BALTIC}, {WEST}")
    ).wait_for()
    for page in (board, desk, west, centre):
        assert "too far" not in page.content()

    press(desk, "Gavel")
    board.get_by_text("The gavel has fallen.").wait_for()
    centre.get_by_text("The gavel has fallen.").wait_for()
    press(desk, "Reveal")
    board.get_by_text(VETO).wait_for()
    board.get_by_text("It goes too far").wait_for()
    assert not board.evaluate(UNDER_ITS_SYMBOL)
    board.get_by_text("Simple majority: stands").wait_for()
    for phone in (baltic, west, centre):
        phone.get_by_text(VETO).wait_for()
    baltic.get_by_text("Your part:").wait_for()

    press(desk, "Put again at .75 of the text")
    board.get_by_text("at .75 of the text").first.wait_for()
    assert board.url == f"{people.room.address}/board"


@pytest.mark.parametrize("size", SCREENS)
def test_a_lobby_shows_every_delegation_however_much_stands_above(people, size):
    desk, board = people.desk(), people.window(dict(zip(("width", "height"), size)))
    board.goto(f"{people.room.address}/board")
    board.get_by_text("Only this machine gets in").wait_for()
    assert board.locator(".delegations span").count() == 5
    assert not board.evaluate(CUT)
    desk.get_by_text("Lock a seat, or close the room").click()
    press(desk, "Close the room to newcomers")
    board.get_by_text("The room is closed to newcomers.").wait_for()
    assert not board.evaluate(CUT)


@pytest.mark.parametrize("closed", [False, True])
@pytest.mark.parametrize(
    ("name", "script"),
    [
        ("eu-council-2022", "short"),
        ("security-council-2022", "half"),
        ("risk-reduction-steps", "short"),
        ("us-draft-2021", "short"),
    ],
)
def test_a_lobby_shows_to_its_end_what_is_talked_about_first(
    window, tmp_path, name, script, closed
):
    scenario = load(name)
    plan = scripts.script(scenario, script)
    room = open_room(scenario, tmp_path, seating_=plan.seating, script=script)
    talk = next(act for act in plan.acts if act.do == "talk")
    room.time(talk.seconds, dict.fromkeys(talk.clauses, talk.level or 1.0))
    room.close(closed)
    for board in boards(room, window, "Talk about what comes next"):
        board.get_by_text(scenario.clauses[talk.clauses[0]].text).wait_for()
        assert board.locator(".square").count() == (not closed)
        assert not board.evaluate(CUT)


@dataclass(frozen=True)
class Said:
    """What is put to whom, and how many break the silence, reserve their position and support it."""

    seating: str
    clauses: tuple[str, ...]
    voices: tuple[int, int, int]
    rule: str = ""
    empty: str = SILENT


PACKAGE = ("N5.1", "N6.1")
REVEALS = {
    "three of five blocs": Said("blocs", PACKAGE, (3, 2, 0)),
    "all blocs": Said("blocs", PACKAGE, (5, 0, 0)),
    "all members, on everything": Said("all", (), (5, 5, 5), empty=MODEL),
    "all members, one alone decides": Said("all", ("N5.1",), (5, 5, 5), rule="only:USA"),
}


@pytest.mark.parametrize("said", REVEALS.values(), ids=REVEALS)
def test_a_reveal_is_seen_to_its_end_however_many_say_why(window, treaty, tmp_path, said):
    room = open_room(treaty, tmp_path, seating_=said.seating)
    longest = max(room.reasons, key=lambda reason: len(room.reasons[reason]))
    room.put(dict.fromkeys(said.clauses or treaty.clauses, 1.0), said.rule, empty=said.empty)
    stances = [
        stance for stance, many in zip((OBJECT, RESERVE, SUPPORT), said.voices) for _ in range(many)
    ]
    seats = sorted(room.state.seats, key=lambda seat: -len(room.state.seats[seat].title))
    for seat, stance in zip(seats, stances):
        room.speak_for(seat, stance, "" if stance == SUPPORT else longest)
    room.gavel()
    room.reveal()
    for board in boards(room, window, "The same voices under other rules"):
        board.wait_for_timeout(1000)  # the moment of the veto arrives
        assert not board.evaluate(CUT)


def test_of_two_long_clauses_the_clock_is_in_sight(window, treaty, tmp_path):
    room = open_room(treaty, tmp_path, seating_="blocs")
    room.put({"N4.1": 1.0, "N1.2": 1.0}, seconds=300)
    for board in boards(room, window, "Silence is consent"):
        assert not board.evaluate(CUT)


def boards(room, window, words):
    """The board of a room at every size, once it shows these words."""
    room.store.close()
    path = room.store.path
    with serving.room(path.parent, "--resume", str(path), scenario=None) as running:
        for width, height in SCREENS:
            board = window({"width": width, "height": height})
            board.goto(f"{running.address}/board")
            board.get_by_text(words).wait_for()
            yield board
            board.close()  # before its server


CUT = """() => {
    const end = document.querySelector('.board .right').getBoundingClientRect().bottom;
    return [...document.querySelectorAll('.board .right *')]
        .filter(one => one.getBoundingClientRect().bottom > end + 1).map(one => one.textContent);
}"""


UNDER_ITS_SYMBOL = """() => [...document.querySelectorAll('.board .call')].filter(call => {
    const words = document.createRange();
    words.setStartAfter(call.querySelector('i'));
    words.setEndAfter(call.lastChild);
    const lines = [...words.getClientRects()].filter(line => line.width > 0);
    const symbol = call.querySelector('i').getBoundingClientRect();
    return lines.some(line => line.left < symbol.right);
}).map(call => call.textContent)"""


def test_a_board_follows_by_itself(people):  # how soon: benchmarks/room.py
    board, desk = people.board(), people.desk()
    press(desk, "Put this text")
    board.get_by_text("Silence is consent").wait_for()
    press(desk, "Gavel")
    board.get_by_text("The gavel has fallen.").wait_for()


def test_a_page_whose_room_is_gone_says_so_in_words_of_its_own(browser, tmp_path):
    page = browser.new_context(viewport=chromium.SCREEN).new_page()
    with serving.room(tmp_path) as running:
        page.goto(f"{running.address}/board")
        page.locator(".board").wait_for()
        assert page.evaluate(BELOW) == "none"
    page.get_by_test_id("stDialog").wait_for(state="attached", timeout=60_000)
    assert not page.get_by_test_id("stDialog").is_visible()
    assert "No connection to the room" in page.evaluate(BELOW)
    page.context.close()


BELOW = "() => getComputedStyle(document.body, '::after').content"


def test_a_desk_whose_drawing_lost_its_end_is_drawn_again(people, window, room):
    page = window(chromium.SCREEN)
    line = Line(page)
    desk = People(room, lambda _: page).desk()
    for name, then in {"Put this text": "Gavel", "Gavel": "Reveal"}.items():
        line.rest(desk)
        line.losing = True
        desk.get_by_role("button", name=name, exact=True).click()
        desk.get_by_role("button", name=then, exact=True).wait_for()
        assert not line.losing
        line.rest(desk)
        assert desk.get_by_role("button", name="Put this text").count() == 1
    assert line.lost >= 2


class Line:
    """The line of a page to its server, which on demand loses most of the next drawing and its end.

    Streamlit does so where a fragment's tick reaches it in the moment in which a drawing ends.
    """

    def __init__(self, page):
        self.losing, self.lost = False, 0
        self._drawing, self._sent, self._ticks, self._tick = False, 0, 0, b""
        page.route_web_socket(re.compile("/_stcore/stream"), self._join)

    def rest(self, page):
        """Wait until a tick no longer has the whole page drawn."""
        self._ticks = 0
        while self._ticks < 2:
            page.wait_for_timeout(100)

    def _join(self, near):
        far = near.connect_to_server()

        def ask(message):
            if BackMsg.FromString(message).rerun_script.fragment_id:
                self._tick = message
            far.send(message)

        def answer(message):
            said = ForwardMsg.FromString(message)
            if not self._loses(said):
                near.send(message)
            elif said.WhichOneof("type") == "script_finished":
                self.losing = self._drawing = False
                far.send(self._tick)

        near.on_message(ask)
        far.on_message(answer)

    def _loses(self, said):
        kind = said.WhichOneof("type")
        if kind == "new_session":
            whole = not said.metadata.run.fragment_ids
            self._drawing, self._sent = self.losing and whole, 0
            self._ticks = 0 if whole else self._ticks + 1
        self._sent += kind == "delta"
        lost = self._drawing and self._sent > HEARD
        self.lost += lost
        return lost


HEARD = 10
"""Parts of a drawing that come through before the rest is lost."""


@pytest.mark.slow
def test_no_page_of_a_room_breaks_a_rule_of_axe_nor_is_wider_than_a_phone(people, empty):  # noqa: F811
    blank = people.window(chromium.SCREEN)
    blank.goto(empty.address)
    chromium.settle(blank)
    allowed, added, wide = set(violations(blank)), {}, []

    def beyond(page):
        return {rule: at for rule, at in violations(page).items() if rule not in allowed}

    board, desk, phone = people.board(), people.desk(), people.phone(BALTIC)

    def check(moment):
        for name, page in {"board": board, "desk": desk, "phone": phone}.items():
            for scheme in ("dark", "light"):
                page.emulate_media(color_scheme=scheme)
                page.wait_for_timeout(1500)  # it is drawn anew
                found = chromium.lasting(page, beyond)
                added.update({f"{name} {moment} {scheme}": found} if found else {})
            size = page.viewport_size
            page.set_viewport_size(chromium.PHONE)
            page.wait_for_timeout(300)
            if chromium.lasting(page, too_wide):
                wide.append(f"{name} {moment}")
            page.set_viewport_size(size)

    check("lobby")
    press(desk, "Put this text")
    phone.get_by_role("button", name="Break the silence").click()
    chromium.because(phone, "It goes too far")
    board.get_by_text("1 of 1 seat has spoken").wait_for()
    check("open")
    press(desk, "Gavel")
    press(desk, "Reveal")
    board.get_by_text(VETO).wait_for()
    check("revealed")
    assert not added, json.dumps(added, indent=1)
    assert not wide


def too_wide(page):
    return page.evaluate(WIDER)


WIDER = """() => [document.documentElement, document.querySelector('[data-testid="stMain"]')]
    .some(part => part && part.scrollWidth > part.clientWidth)"""
