"""What must not work: speaking for others, too early, too late, from elsewhere, in the wrong shape.

All of it over real HTTP. After every test the log holds no ballot that was not meant to be there.
"""

from __future__ import annotations

import json
import socket

import pytest

from dashboard.room import routes
from sim.room.events import Ballot, Joined
from sim.room.keys import Limit
from sim.room.live import ANY, CROWD
from sim.room.names import LONGEST
from sim.room.opening import open_room
from sim.scenario import load
from tests.phones import PIN, renew, served
from tests.rooms import emptied

GOOD = {"stance": "object", "reason": "trust"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def still():
    """A clock that stands, so that a minute is never over, however slow the machine."""
    return 0.0


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    with served(tmp_path_factory.mktemp("rooms")) as open_:
        yield open_


@pytest.fixture(autouse=True)
def _nobody_has_tried_yet(here, monkeypatch):
    renew(monkeypatch, clock=still)
    emptied(here.room)


def ballots(room):
    return [entry.event for entry in room.log if isinstance(entry.event, Ballot)]


@pytest.fixture
def put(here):
    """A text that is open, on which nobody speaks in this test."""
    before = len(ballots(here.room))
    yield here.room.put({"N5.1": 1.0}, empty="silent")
    assert len(ballots(here.room)) == before, "the log has no ballot of any of this"


@pytest.fixture
def poland(here):
    return here.phone().join("POL", "Ada")


# Whose ballot -----------------------------------------------------------------------------------


def test_nobody_speaks_for_another_seat(here, poland, put):
    fake = {"put": put, "turn": 1, **GOOD, "seat": "DEU"}
    assert poland.post("ballot", fake).status == 400
    assert poland.post("seat", {"seat": "DEU"}).status == 409, "whoever has a seat keeps it"
    assert here.phone().post("join", {"name": "", "seat": "POL"}).status == 409


def test_a_taken_or_locked_seat_is_not_for_others(here, poland):
    other = here.phone().join()
    assert other.post("seat", {"seat": "POL"}).refused == "Poland is taken; take another seat."
    here.room.lock("DEU")
    assert other.post("seat", {"seat": "DEU"}).status == 409
    here.room.lock("DEU", locked=False)
    assert other.post("seat", {"seat": "NOWHERE"}).status == 409
    assert other.state["you"]["seat"] == ""


def test_whoever_asks_for_any_seat_gets_no_second_and_none_while_all_are_taken(here, poland, put):
    assert poland.post("seat", {"seat": ANY}).json == {"seat": "POL"}, "whoever has a seat keeps it"
    watcher = here.phone().join()
    rest = [here.phone().join(ANY) for _ in range(len(here.room.state.seats) - 1)]
    seats = [phone.state["you"]["seat"] for phone in (poland, *rest)]
    assert sorted(seats) == sorted(here.room.state.seats), "the log names seats that there are"
    full = "No seat is free; you can watch."
    assert watcher.post("seat", {"seat": ANY}).refused == full
    assert here.phone().post("join", {"name": "", "seat": ANY}).refused == full


def test_a_closed_room_is_closed_to_whoever_has_no_token(here, poland):
    assert not here.phone().state["closed"]
    here.room.close()
    refused = here.phone().post("join", {"name": "", "seat": "DEU"})
    assert (refused.status, refused.refused) == (
        409,
        "The room is closed to newcomers; ask the facilitator.",
    )
    assert here.phone().state["closed"]
    again = "You can join again."
    assert poland.post("leave", {}).status == 200
    assert again not in poland.get("state").refused
    here.room.close(False)
    assert again in poland.get("state").refused
    assert here.phone().join("DEU").state["you"]["seat"] == "DEU"


@pytest.mark.parametrize(
    "given",
    [
        None, "", "Bearer", "Bearer ", "Bearer .", "Bearer p1.", "Bearer p2.x", "Basic {id}", "{id}",
        "Bearer {who}.", "Bearer {who}.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "Bearer p1.{token}",
        "bearer {id}", "Bearer {id}x", "Bearer {id}\xa0", "Bearer  {id}", "Bearer é.é",
        "Bearer desk.{token}",
    ],
)  # fmt: skip
def test_without_the_token_nobody_speaks(here, poland, put, given):
    who, token = poland.id.split(".")
    header = given and given.format(id=poland.id, who=who, token=token)
    body = {"put": put, "turn": 1, **GOOD}
    found = poland.post("ballot", body, {"Authorization": header})
    assert found.status == 401
    assert poland.post("seat", {"seat": ""}, {"Authorization": header}).status == 401
    assert poland.post("leave", {}, {"Authorization": header}).status == 401
    assert here.room.state.sitting("POL") == [who]


def test_a_token_is_good_in_its_own_room_only(here, poland, put, tmp_path):
    elsewhere = open_room(load("draft-treaty-2021"), tmp_path, seating_="key")
    who, token = elsewhere.join("Eve", "POL")
    elsewhere.put({"N5.1": 1.0})
    stranger = here.phone()
    stranger.id = f"{who}.{token}"
    assert stranger.speak(put, **GOOD).status == 401
    own = here.phone(elsewhere.code)
    own.id = poland.id
    assert own.speak(put, **GOOD).status == 404, "the code in the address must be this room's"
    elsewhere.store.close()


def test_who_was_shown_out_is_out_and_may_come_again(here, poland, put):
    here.room.leave(poland.id.split(".")[0])
    assert poland.speak(put, **GOOD).status == 401
    assert poland.get("state").refused == "You are not in this room any more. You can join again."
    assert poland.get("card").status == 401
    old, poland.id = poland.id, ""
    assert poland.join("POL").id != old


def test_observers_only_watch(here, put):
    found = here.phone().join().speak(put, **GOOD)
    assert (found.status, found.refused) == (409, "Observers watch; take a seat to speak.")


# When -------------------------------------------------------------------------------------------


def test_nobody_speaks_before_the_opening_or_after_the_gavel(here, poland):
    room, before = here.room, len(ballots(here.room))
    nexts = room.state.entries + 1
    assert poland.speak(nexts, **GOOD).status == 409
    put = room.put({"N5.1": 1.0}, empty="silent")
    room.gavel()
    assert poland.speak(put, **GOOD).status == 409
    room.reveal()
    assert poland.speak(put, **GOOD).status == 409
    again = room.put({"N6.1": 1.0}, empty="silent")
    assert poland.speak(put, **GOOD).status == 409, "an earlier text is settled"
    assert poland.speak(again + 1, **GOOD).status == 409
    assert poland.speak(0, **GOOD).status == 409
    assert poland.speak(-1, **GOOD).status == 409
    assert len(ballots(room)) == before


def test_the_same_ballot_twice_is_one(here, poland):
    before = len(ballots(here.room))
    put = here.room.put({"N5.1": 1.0}, empty="silent")
    answers = [poland.speak(put, **GOOD).body for _ in range(5)]
    assert len(set(answers)) == 1
    assert poland.speak(put, "silent", turn=2).status == 200
    assert poland.speak(put, **GOOD, turn=1).status == 409, "the last word counts"
    assert len(ballots(here.room)) == before + 2


# From where -------------------------------------------------------------------------------------


@pytest.mark.parametrize("origin", [None, "null", "", "https://evil.example", "http://127.0.0.1",
                                    "http://127.0.0.1:1", "http://127.0.0.1.evil.example:{port}",
                                    "http://evil.example:{port}",
                                    "http://127.0.0.1:{port}/"])  # fmt: skip
@pytest.mark.parametrize("path", ["join", "seat", "ballot", "leave", "desk"])
def test_other_pages_change_nothing(here, poland, put, path, origin):
    people = here.room.state.people
    origin = origin and origin.format(port=here.address[1])
    bodies = {"join": {"name": "", "seat": ""}, "seat": {"seat": ""}, "leave": {},
              "ballot": {"put": put, "turn": 1, **GOOD}}  # fmt: skip
    headers = {"Origin": origin} | (FORM if path == "desk" else {})
    body = f"pin={PIN}" if path == "desk" else json.dumps(bodies[path])
    found = poland.ask("POST", path, body, headers)
    assert found.status == 403
    assert "set-cookie" not in found.headers
    assert here.room.state.people == people


@pytest.mark.parametrize("host", ["evil.example", "evil.example:{port}", "10.0.0.1", "",
                                  "127.0.0.1.evil", "[::1", "127.0.0.1@evil.example"])  # fmt: skip
def test_other_names_for_this_machine_lead_nowhere(here, poland, put, host):
    host = host.format(port=here.address[1])
    body = {"put": put, "turn": 1, **GOOD}
    for headers in ({"Host": host, "Origin": f"http://{host}"}, {"Host": host}):
        assert poland.post("ballot", body, headers).status == 421
        assert poland.get("state", headers).status == 421


@pytest.mark.parametrize("kind", [None, "", "text/plain", "application/x-www-form-urlencoded",
                                  "multipart/form-data", "application/jsonx", "text/json"])  # fmt: skip
def test_forms_are_no_ballots(poland, put, kind):
    body = {"put": put, "turn": 1, **GOOD}
    assert poland.post("ballot", body, {"Content-Type": kind}).status == 415


def test_changes_come_by_post_alone(poland, put):
    query = f"ballot?put={put}&turn=1&stance=object&reason=trust"
    for method in ("GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"):
        found = poland.ask(method, query)
        assert found.status == 405
        assert "access-control-allow-origin" not in found.headers


# In which shape ---------------------------------------------------------------------------------

FINE = '{"put": PUT, "turn": 1, "stance": "object", "reason": "trust"}'

MISSHAPEN = {
    "nothing": "",
    "no object": "[]",
    "a word": '"object"',
    "a number": "1",
    "null": "null",
    "cut off": FINE[:-1],
    "two": FINE * 2,
    "not a number": FINE.replace("PUT", "NaN"),
    "no UTF-8": b"\xff\xfe\x00",
    "nested": "[" * 1000,
    "nested objects": '{"put":' * 140,
    "a key more": FINE.replace("}", ', "seat": "DEU"}'),
    "a key less": FINE.replace('"turn": 1, ', ""),
    "another key": FINE.replace("turn", "Turn"),
    "a key twice": FINE.replace('"reason"', '"stance": "support", "reason"'),
    "a key twice, with the same": FINE.replace("}", ', "reason": "trust"}'),
    "a key twice, once escaped": FINE.replace("}", ', "\\u0072eason": ""}'),
    "a key twice, deeper": FINE.replace("PUT", '{"put": PUT, "put": PUT}'),
    "put as word": FINE.replace("PUT", '"PUT"'),
    "put as truth": FINE.replace("PUT", "true"),
    "put as fraction": FINE.replace("PUT", "PUT.0"),
    "put as list": FINE.replace("PUT", "[PUT]"),
    "put as object": FINE.replace("PUT", '{"put": PUT}'),
    "turn as truth": FINE.replace("1,", "true,"),
    "turn 0": FINE.replace("1,", "0,"),
    "turn below 0": FINE.replace("1,", "-1,"),
    "turn beyond all": FINE.replace("1,", "9" * 60 + ","),
    "turn of many digits": FINE.replace("1,", "9" * 900 + ","),
    "turn without end": FINE.replace("1,", "1e999,"),
    "stance as number": FINE.replace('"object"', "1"),
    "stance as null": FINE.replace('"object"', "null"),
    "stance as list": FINE.replace('"object"', '["object"]'),
    "reason as null": FINE.replace('"trust"', "null"),
    "a long reason": FINE.replace("trust", "x" * 300),
}

UNKNOWN = {
    "stance": FINE.replace("object", "veto"),
    "no stance": FINE.replace("object", ""),
    "big letters": FINE.replace("object", "OBJECT"),
    "reason": FINE.replace("trust", "because"),
    "free text": FINE.replace("trust", "<img src=x onerror=alert(1)>"),
    "reason of the kind": FINE.replace("object", "support"),
    "half a letter": FINE.replace("trust", "\\ud800"),
    "control letters": FINE.replace("trust", "trust\\u0000"),
    "another text": FINE.replace("PUT", "1"),
    "a clause": FINE.replace("PUT", "99999999999999999999999"),
}


@pytest.mark.parametrize("body", MISSHAPEN.values(), ids=MISSHAPEN.keys())
def test_what_has_the_wrong_shape_is_refused(poland, put, body):
    if isinstance(body, str):
        body = body.replace("PUT", str(put))
    found = poland.ask("POST", "ballot", body)
    assert found.status == 400
    assert found.refused.endswith(".")


@pytest.mark.parametrize("body", UNKNOWN.values(), ids=UNKNOWN.keys())
def test_what_nobody_knows_is_refused(poland, put, body):
    found = poland.ask("POST", "ballot", body.replace("PUT", str(put)))
    assert found.status == 409
    assert "<" not in found.refused


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("path", ["ballot", "join", "seat", "leave", "desk"])
def test_too_much_is_refused(here, poland, put, path, chunked):
    body = b'{"name": "' + b"x" * 5000 + b'", "seat": ""}'
    found = poland.ask("POST", path, body, FORM if path == "desk" else {}, chunked=chunked)
    assert found.status == 413
    assert len(here.room.state.people) == 1


def test_a_body_longer_than_it_says_is_not_read_on(here, poland, put):
    body = b'{"put": 1'
    lines = [
        f"POST /r/{here.room.code}/ballot HTTP/1.1", f"Host: {poland.origin[7:]}",
        f"Origin: {poland.origin}", f"Authorization: Bearer {poland.id}",
        "Content-Type: application/json", f"Content-Length: {len(body)}", "Connection: close", "", "",
    ]  # fmt: skip
    with socket.create_connection(here.address, timeout=10) as line:
        line.sendall("\r\n".join(lines).encode() + body + b"," * 4000)
        assert b" 400 " in line.recv(4096)


# Names ------------------------------------------------------------------------------------------

NAMES = {
    "<script>alert(1)</script>": "<script>alert(1)</script>",
    "Zoë 🕊️": "Zoë 🕊️",
    "\u202eevil\u202c": "evil",
    "a\x00b\x1b[31mc\nd": "ab[31mcd",
    "  two \t  words  ": "two words",
    "x" * 100: "x" * LONGEST,
    "\ud800": "",
}


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_name_is_only_letters(here, name):
    phone = here.phone().join("", name)
    kept = phone.state["you"]["name"]
    assert kept.replace("\ufe0f", "") == NAMES[name].replace("\ufe0f", "")
    found = phone.get("state")
    assert found.headers["content-type"] == "application/json"
    assert found.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("body", [{"name": 1, "seat": ""}, {"name": "x" * 201, "seat": ""},
                                  {"name": ""}, {"name": "", "seat": None},
                                  {"name": "", "seat": "", "who": "p1"}])  # fmt: skip
def test_who_comes_in_says_so_properly(here, body):
    people = here.room.state.people
    assert here.phone().post("join", body).status == 400
    assert here.room.state.people == people


# Too often --------------------------------------------------------------------------------------


def test_wrong_pins_are_counted_and_then_even_the_right_one_waits(here, monkeypatch):
    monkeypatch.setattr(here.desk, "wrong", Limit(5, 60, still))
    phone = here.phone()
    for wrong in ("", "1", "00000000", "x" * 100, f"{PIN}0"):
        found = phone.ask("POST", "desk", f"pin={wrong}", FORM)
        assert found.status == 403
        assert "set-cookie" not in found.headers
    found = phone.ask("POST", "desk", f"pin={PIN}", FORM)
    assert found.status == 429
    assert "set-cookie" not in found.headers


def test_wrong_codes_are_counted_and_people_of_the_room_are_not_held_up(here, poland):
    guesses = [here.phone(f"1111{n}").get("state").status for n in range(62)]
    assert guesses == [404] * 60 + [429] * 2
    assert here.phone().get("state").status == 429, "else a guess would still tell right from wrong"
    assert here.phone().post("join", {"name": "", "seat": ""}).status == 429
    assert poland.get("state").status == 200
    assert poland.get("").status == 200
    assert here.phone("BBBBB").get("").body == poland.get("").body


def test_one_phone_does_not_fill_the_room_and_others_come_in(here, monkeypatch):
    monkeypatch.setattr(routes, "address", lambda request: "192.168.1.99")
    codes = [here.phone().post("join", {"name": "", "seat": ""}).status for _ in range(65)]
    assert codes == [200] * 60 + [429] * 5
    monkeypatch.setattr(routes, "address", lambda request: "192.168.1.98")
    assert here.phone().post("join", {"name": "", "seat": ""}).status == 200


def test_a_rehearsal_on_this_machine_comes_in_at_once_but_no_more_than_fit(here):
    codes = [here.phone().post("join", {"name": "", "seat": ""}).status for _ in range(CROWD + 5)]
    assert codes == [200] * CROWD + [429] * 5
    assert len(here.room.state.people) == CROWD


def test_who_comes_and_goes_all_the_time_waits_for_an_hour(here, monkeypatch):
    monkeypatch.setattr(routes, "JOINS_IN_AN_HOUR", Limit(2, 3600, still))
    codes = [here.phone().post("join", {"name": "", "seat": ""}).status for _ in range(3)]
    assert codes == [200, 200, 429]


def test_a_program_that_changes_its_mind_is_slowed_down(here, poland):
    codes = [poland.post("seat", {"seat": seat}).status for seat in ["", "POL"] * 31]
    assert codes == [200] * 60 + [429] * 2


def test_nothing_secret_is_in_the_log_or_in_what_others_see(here, poland):
    token = poland.id.partition(".")[2]
    other = here.phone().join("DEU")
    assert token not in repr(here.room.log)
    assert token not in other.get("state").body.decode()
    assert "Ada" not in other.get("state").body.decode()
    assert any(
        isinstance(entry.event, Joined) and entry.event.name == "Ada" for entry in here.room.log
    )
