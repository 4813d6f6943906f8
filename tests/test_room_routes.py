"""Phones and their server, over real HTTP: the way of one clause, and what every answer carries."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from sim.errors import RequestError
from sim.room import told
from tests.phones import PIN, renew, served


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    with served(tmp_path_factory.mktemp("rooms")) as open_:
        yield open_


@pytest.fixture(autouse=True)
def _nobody_has_tried_yet(here, monkeypatch):
    renew(monkeypatch)


@pytest.fixture
def clean(here):
    """The room without people and without an open text."""
    for who in list(here.room.state.people):
        here.room.leave(who)
    if here.room.state.phase == "open":
        here.room.gavel()
    return here


def test_one_clause_from_the_door_to_the_reveal(clean):
    room = clean.room
    poland, germany, watcher = (
        clean.phone().join(seat, name) for seat, name in (("POL", "Ada"), ("DEU", ""), ("", "Max"))
    )
    assert poland.state["you"] == {"who": poland.id.split(".")[0], "name": "Ada", "seat": "POL"}
    assert watcher.state["you"]["seat"] == ""
    put = room.put({"N5.1": 1.0}, seconds=90, empty="silent")
    seen = germany.state
    assert seen["phase"] == "open"
    assert seen["text"]["clauses"][0]["title"].startswith("N5.1 ")
    assert seen["text"]["deadline"] == room.state.text.at + 90

    assert germany.speak(put, "support").json["stance"] == "support"
    assert germany.speak(put, "silent", turn=2).json["turn"] == 2
    assert poland.speak(put, "object", "trust").status == 200
    assert poland.state["ballot"]["reason"] == "trust"
    room.gavel()
    assert poland.state["phase"] == "gavelled"
    assert poland.state["result"] is None
    room.reveal()
    seen = poland.state
    assert not seen["result"]["adopted"]
    assert seen["result"]["sentence"] == "Poland broke the silence. One is enough. The text falls."
    assert seen["result"]["roll"][0] == {
        "who": "Poland", "stance": "object", "reason": "trust", "by": "phone",
    }  # fmt: skip
    said = {seen["done"][one["stance"]] for one in seen["result"]["roll"]}
    assert said >= {"broke the silence", "stayed silent"}, "right for one country and for several"
    assert seen["part"] == "Yours was the veto. Had you stayed silent, it would have stood."
    assert germany.state["part"] == "You did not stand in its way, and could not save it."
    assert watcher.state["part"] == ""


def test_a_phone_calls_a_text_as_the_board_does(clean):
    phone, room = clean.phone(), clean.room
    room.put(dict.fromkeys(room.scenario.clauses, 1.0), empty="silent")
    whole = "The whole treaty as one text, as drafted"
    assert phone.state["text"]["title"] == whole
    room.gavel()
    room.reveal()
    assert phone.state["result"]["text"] == whole


def test_a_phone_is_told_where_a_text_has_another_rule_than_its_card(clean):
    phone, room = clean.phone().join("POL"), clean.room
    room.put({"N5.1": 1.0}, empty="silent")
    assert phone.state["text"]["rule"] == told.consent(room.scenario, "consensus")
    assert not phone.state["text"]["otherwise"]
    room.gavel()
    room.put({"N5.1": 1.0}, "qualified", empty="silent")
    assert phone.state["text"]["otherwise"]
    assert phone.state["text"]["rule"] == (
        "For this text another rule holds than the one on the role cards. Qualified majority. Silence "
        "is not consent: at least 17 of 30 members (55 %) with 65 % of the population must support a "
        "text. Fewer than 4 members cannot stop it, however large."
    )


def test_the_same_state_is_not_sent_twice(clean):
    phone = clean.phone().join("POL")
    seen = phone.get("state")
    before = clean.room.clock()
    again = phone.get("state", {"If-None-Match": seen.headers["etag"]})
    assert (again.status, again.body) == (304, b"")
    assert before - 1 <= float(again.headers["room-time"]) <= clean.room.clock() + 1
    clean.room.lock("DEU")
    assert phone.get("state", {"If-None-Match": seen.headers["etag"]}).status == 200
    clean.room.lock("DEU", locked=False)


def test_nothing_of_others_is_seen_before_the_reveal(clean):
    room = clean.room
    poland, germany = clean.phone().join("POL"), clean.phone().join("DEU")
    put = room.put({"N5.1": 1.0})
    before = [phone.get("state").body for phone in (germany, clean.phone())]
    poland.speak(put, "object", "solidarity")
    room.speak_for("FRA", "reserve", "trust")
    after = [phone.get("state").body for phone in (germany, clean.phone())]
    assert after == before, "another's ballot changes nothing that a phone can see"
    room.gavel()
    assert germany.state["ballot"] is None
    assert germany.state["result"] is None


def test_what_was_said_on_a_seat_before_is_hidden_from_who_takes_it(clean):
    room = clean.room
    put = room.put({"N5.1": 1.0}, empty="silent")
    room.speak_for("POL", "object", "trust")
    newcomer = clean.phone().join("POL")
    hidden = {"put": put, "stance": "", "reason": "", "turn": 1, "who": "desk"}
    assert newcomer.state["ballot"] == hidden
    room.gavel()
    assert newcomer.state["ballot"] == hidden
    room.reveal()
    assert newcomer.state["ballot"] == hidden | {"stance": "object", "reason": "trust"}


def test_a_delegation_knows_what_the_desk_says_for_it_and_whoever_comes_after_it_does_not(clean):
    room = clean.room
    poland, germany = clean.phone().join("POL"), clean.phone().join("DEU")
    put = room.put({"N5.1": 1.0}, empty="silent")
    room.speak_for("POL", "object", "trust")
    said = {"put": put, "stance": "object", "reason": "trust", "turn": 1, "who": "desk"}
    assert poland.state["ballot"] == said
    assert germany.state["ballot"] is None
    poland.post("leave", {})
    assert clean.phone().join("POL").state["ballot"] == said | {"stance": "", "reason": ""}
    room.speak_for("DEU", "support")
    assert germany.state["ballot"]["stance"] == "support"


def test_a_room_that_cannot_write_says_so_and_a_phone_tries_again(clean, monkeypatch):
    def full(*_):
        raise RequestError("/home/somebody/rooms/X.room cannot be written: no space left")

    poland = clean.phone().join("POL")
    put = clean.room.put({"N5.1": 1.0}, empty="silent")
    with monkeypatch.context() as patch:
        patch.setattr(clean.room.store, "append", full)
        found = poland.speak(put, "support")
        assert (found.status, "home" in found.refused) == (503, False)
    assert poland.state["ballot"] is None, "what was not acknowledged never happened"
    assert poland.speak(put, "support").status == 200


def test_the_desk_and_the_cookie(clean):
    phone = clean.phone()
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    page = phone.get("desk")
    assert page.status == 200
    assert page.headers["referrer-policy"] == "same-origin", "else the form's Origin would be null"
    entered = phone.ask("POST", "desk", f"pin={PIN[:4]}+{PIN[4:]}", form)
    assert (entered.status, entered.headers["location"]) == (303, "/desk")
    cookie = entered.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    name, _, given = entered.headers["set-cookie"].partition(";")[0].partition("=")
    assert name == f"oneveto_desk_{clean.room.code}", "rooms on one machine have a pass each"
    assert clean.desk.knows(given)


@pytest.mark.parametrize(
    ("between", "status"),
    [(mark, 303) for mark in ("", " ", "-", ".", "\u00a0", "\u202f", "\u2011", "\u2013")]
    + [(mark, 403) for mark in ("0", "x", "\u0661")],
)
def test_a_pin_is_typed_with_whatever_people_put_between_its_digits(clean, between, status):
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    body = urlencode({"pin": f" {PIN[:4]}{between}{PIN[4:]}"})
    assert clean.phone().ask("POST", "desk", body, form).status == status


def test_codes_to_scan(clean):
    phone = clean.phone()
    public = phone.get("qr.svg")
    assert public.headers["content-type"] == "image/svg+xml"
    assert phone.get("transfer.svg").status == 401
    own = phone.join("POL").get("transfer.svg")
    assert own.status == 200
    assert own.body != public.body


PAGES = ("", "/BCDFG", "{code}", "{code}/test", "{code}/state", "{code}/desk", "{code}/qr.svg",
         "{code}/card", "{code}/join", "{code}/nothing", "-/phone.js",
         "-/test.js", "-/phone.css", "-/x")  # fmt: skip


@pytest.mark.parametrize("place", PAGES)
def test_every_answer_has_its_headers(here, place):
    phone = here.phone()
    path = f"/r/{place}".rstrip("/").replace("//", "/").format(code=phone.code)
    found = phone.ask("GET", path, whole=True)
    policy = found.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert found.headers["x-content-type-options"] == "nosniff"
    assert found.headers["cache-control"] in ("no-store", "no-cache")
    assert found.headers["referrer-policy"] in ("no-referrer", "same-origin")


def test_the_pages_are_small_and_carry_nothing_inline(here):
    phone = here.phone()
    paths = (f"/r/{phone.code}", "/r/-/phone.js", "/r/-/phone.css")
    bodies = [phone.ask("GET", path, whole=True).body for path in paths]
    assert sum(map(len, bodies)) < 30 * 1024
    assert b"style=" not in bodies[0]
    assert b"innerHTML" not in bodies[1]


def test_a_code_is_typed_in_any_case(here):
    found = here.phone().ask("GET", f"/r?code={here.room.code.lower()}", whole=True)
    assert (found.status, found.headers["location"]) == (303, f"/r/{here.room.code}")
    assert here.phone(here.room.code.lower()).get("state").status == 200


def test_who_types_the_address_alone_is_asked_for_the_code(here):
    found = here.phone().ask("GET", "/", whole=True)
    assert (found.status, found.headers["location"]) == (303, "/r")


def test_whoever_sits_down_after_the_gavel_had_no_part_in_it(clean):
    room = clean.room
    first = clean.phone().join("DEU")
    put = room.put({"N1.1": 1.0})
    assert first.speak(put, "object", "trust").status == 200
    room.gavel()
    late = clean.phone().join("EST")  # for which the model broke the silence
    room.leave(first.id.split(".")[0])
    heir = clean.phone().join("DEU")
    room.reveal()
    assert "EST" in room.state.text.model
    assert late.state["part"] == heir.state["part"] == ""


def test_whoever_moves_after_the_gavel_has_no_part_in_what_was_said_there(clean):
    room = clean.room
    first, still = clean.phone().join("DEU"), clean.phone().join("FRA")
    put = room.put({"N1.1": 1.0}, empty="silent")
    assert first.speak(put, "object", "trust").status == 200
    room.speak_for("POL", "object", "trust")
    room.gavel()
    late, heir = clean.phone().join("EST"), clean.phone().join("POL")
    room.sit(first.id.split(".")[0], "LVA")
    room.reveal()
    assert [one.state["part"] for one in (late, heir, first)] == ["", "", ""]
    assert still.state["part"] == "You did not stand in its way, and could not save it."


def test_all_texts_can_be_read_and_what_is_talked_about_is_shown_until_it_is_put(clean):
    room, phone = clean.room, clean.phone().join("POL")
    for clause, one in zip(room.scenario.clauses.values(), phone.get("texts").json, strict=True):
        assert one["text"].startswith(clause.text)
    assert phone.state["ahead"] == []
    room.time(60, {"N5.1": 0.75})
    (ahead,) = phone.state["ahead"]
    assert (ahead["level"], ahead["lowered"]) == ("at .75 of the text", True)
    room.put({"N5.1": 0.75})
    assert phone.state["ahead"] == []


KEY = {"Idempotency-Key": "0123456789abcdef" * 2}


def test_joining_again_after_a_lost_answer_makes_no_second_person(clean):
    asked = {"name": "Ada", "seat": "POL"}
    lost, found = (clean.phone().post("join", asked, KEY).json for _ in range(2))
    assert lost["who"] == found["who"]
    assert len(clean.room.state.people) == 1
    phone = clean.phone()
    phone.id = f"{found['who']}.{found['token']}"
    assert phone.state["you"]["seat"] == "POL"
    again = clean.phone().post("join", asked | {"seat": "FRA"}, KEY).json
    assert clean.room.state.people[again["who"]].seat == "FRA"
    clean.room.leave(found["who"])
    assert clean.phone().post("join", asked, KEY).json["who"] != found["who"]


@pytest.mark.parametrize("key", ["short", "0" * 33, "G" * 32])
def test_a_key_that_could_be_guessed_is_refused(clean, key):
    answer = clean.phone().post("join", {"name": "", "seat": ""}, {"Idempotency-Key": key})
    assert answer.status == 400
    assert clean.room.state.people == {}
