"""The plain routes of a room's server: pages and JSON for phones, codes to scan, the desk's door."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Awaitable, Callable
from functools import cache
from importlib import resources
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route

from dashboard.room import guard, hall, links
from dashboard.room.guard import Turned
from dashboard.room.templates import filled
from sim.room import views as shown
from sim.room.invitation import drawn
from sim.room.keys import Limit
from sim.room.live import CROWD, Refusal, Unwritten
from sim.room.views import Views, shown_ballot

Handler = Callable[[Request], Awaitable[Response]]

WRONG_CODES = Limit(60, 60)
"""Guesses at the code, by address: a class behind one address makes typing errors.

There are 18**5 codes: whoever guesses day and night needs three weeks for all of them.
"""

JOINS = Limit(60, 60)
"""From one address elsewhere: phones in one network, also a hotspot's, have addresses of their own.

A class behind one router is in within a minute, three hundred within five; a single phone that fills
the room takes as long, and whoever is at the desk sees it and closes the room to newcomers.
"""

JOINS_HERE = Limit(CROWD, 60)
"""From this machine, on which a rehearsal lets a whole room come in at once."""

JOINS_IN_AN_HOUR = Limit(4 * CROWD, 3600)
"""Coming and going must not fill the disk."""

CHANGES = Limit(60, 60)
"""Ballots and changes of seat, by person: an excited thumb, not a program."""

KEY = re.compile("[0-9a-f]{32}")
"""What a phone marks its joining with, so that asking again makes no second person."""

SEPARATORS = re.compile(r"[\s.\-\u2010-\u2015\u2212]")
"""What people put between the digits of a PIN: blanks of any kind, dots, dashes."""

MOST_TURNS = 100_000
"""A turn beyond this is mischief."""

TOO_OFTEN = "Too many tries; wait a minute."


@cache
def views() -> Views:
    """What phones see of the room."""
    return Views(hall.room())


# Who asks ---------------------------------------------------------------------------------------


def address(request: Request) -> str:
    """Where a request comes from."""
    return request.client.host if request.client else ""


def whoever(request: Request) -> str:
    """The person whose token a request carries; empty without one. Raises Turned for a wrong one."""
    given = request.headers.get("authorization")
    if given is None:
        return ""
    scheme, _, word = given.partition(" ")
    who, _, token = word.partition(".")
    if scheme != "Bearer" or not hall.room().knows(who, token):
        again = "" if hall.room().state.closed else " You can join again."
        raise Turned(401, f"You are not in this room any more.{again}")
    return who


def person(request: Request) -> str:
    """The person who asks. Raises Turned where a request does not say so, or wrongly."""
    who = whoever(request)
    if not who:
        raise Turned(401, "Join the room first.")
    return who


def check_code(request: Request, who: str = "") -> None:
    """Raise Turned for another room's code, and for whoever guesses; people of the room may pass."""
    where = address(request)
    if not who and WRONG_CODES.spent(where):
        raise Turned(429, TOO_OFTEN)
    if request.path_params["code"].upper() != hall.room().code:
        WRONG_CODES.take(where)
        raise Turned(404, "There is no room with this code here. Look at the screen again.")


def acting(request: Request) -> str:
    """The person who wants to change something in this room, not too often. Raises Turned otherwise."""
    who = person(request)
    check_code(request, who)
    if not CHANGES.take(who):
        raise Turned(429, TOO_OFTEN)
    return who


def answering(handler: Handler) -> Handler:
    """A handler whose refusals are JSON, with a sentence for whoever asked."""

    async def answer(request: Request) -> Response:
        try:
            return await handler(request)
        except Turned as turned:
            return JSONResponse({"refused": str(turned)}, turned.status)
        except Unwritten:  # phones keep what they have, and try again
            return JSONResponse({"refused": "The room cannot write; tell the facilitator."}, 503)
        except Refusal as refusal:
            return JSONResponse({"refused": str(refusal)}, 409)

    return answer


# Pages ------------------------------------------------------------------------------------------


@cache
def shipped(name: str) -> bytes:
    """A script or a style of the phone's pages."""
    return (resources.files("dashboard.room") / "phone" / name).read_bytes()


def door(note: str = "", status: int = 200) -> HTMLResponse:
    """The page that asks for a code."""
    return HTMLResponse(filled("phone/door.html.jinja", note=note), status)


async def code_page(request: Request) -> Response:
    """`GET /r`: type the code."""
    typed = "".join(filter(str.isalnum, request.query_params.get("code", "")))[:10].upper()
    return RedirectResponse(f"/r/{typed}", 303) if typed else door()


async def phone_page(request: Request) -> Response:
    """`GET /r/CODE`: all that a phone needs; the same for everybody.

    Who has guessed too often gets it for any code, and learns nothing; people of the room can reload.
    """
    if WRONG_CODES.spent(address(request)):
        return HTMLResponse(filled("phone/phone.html.jinja"))
    try:
        check_code(request)
    except Turned as turned:
        return door(str(turned), turned.status)
    return HTMLResponse(filled("phone/phone.html.jinja"))


async def test_page(request: Request) -> Response:
    """`GET /r/CODE/test`: whether this phone reaches the room, and how fast."""
    try:
        check_code(request)
    except Turned as turned:
        return door(str(turned), turned.status)
    return HTMLResponse(filled("phone/test.html.jinja"))


def asset(name: str, kind: str) -> Handler:
    """A script or a style, which phones may keep and ask about."""

    async def answer(request: Request) -> Response:
        body = shipped(name)
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        headers = {"ETag": tag, "Cache-Control": "no-cache"}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        return Response(body, media_type=kind, headers=headers)

    return answer


# What phones ask and say ------------------------------------------------------------------------


async def state(request: Request) -> Response:
    """`GET state`: how the room stands, as this person may see it."""
    who = whoever(request)
    check_code(request, who)
    seen = views().seen(who)
    tag = views().tag(seen)
    headers = {"ETag": tag, "Room-Time": f"{hall.room().clock():.3f}"}
    if request.headers.get("if-none-match", "").removeprefix("W/") == tag:
        return Response(status_code=304, headers=headers)
    return Response(seen, media_type="application/json", headers=headers)


async def card(request: Request) -> Response:
    """`GET card`: the role card of one's own seat."""
    who = person(request)
    check_code(request, who)
    seat = hall.room().state.people[who].seat
    if not seat:
        raise Turned(409, "Observers have no role card; take a seat first.")
    return JSONResponse(await run_in_threadpool(_card, seat))


@cache
def _card(seat: str) -> dict[str, Any]:
    room = hall.room()
    return shown.card(room.scenario, room.state.seats[seat])


async def texts(request: Request) -> Response:
    """`GET texts`: the clauses as drafted."""
    check_code(request, whoever(request))
    return JSONResponse(shown.texts(hall.room().scenario))


async def join(request: Request) -> Response:
    """`POST join`: come in; with the same `Idempotency-Key` again, as the same person."""
    check_code(request)
    key = request.headers.get("idempotency-key", "")
    if key and not KEY.fullmatch(key):
        raise Turned(400, "`Idempotency-Key` is 32 digits from 0 to f.")
    asked = await guard.said(request, {"name": str, "seat": str})
    where = address(request)
    joins = JOINS_HERE if where in hall.names() else JOINS
    if not (joins.take(where) and JOINS_IN_AN_HOUR.take(where)):
        raise Turned(429, TOO_OFTEN)
    who, token = await run_in_threadpool(hall.room().join, asked["name"], asked["seat"], key)
    return JSONResponse({"who": who, "token": token})


async def seat(request: Request) -> Response:
    """`POST seat`: take a free seat, any or none."""
    who = acting(request)
    asked = await guard.said(request, {"seat": str})
    taken = await run_in_threadpool(hall.room().sit, who, asked["seat"])
    return JSONResponse({"seat": taken})


async def ballot(request: Request) -> Response:
    """`POST ballot`: speak on the text that is open; answered once it is on disk."""
    who = acting(request)
    asked = await guard.said(request, {"put": int, "turn": int, "stance": str, "reason": str})
    if not 0 < asked["turn"] <= MOST_TURNS:
        raise Turned(400, "`turn` counts from 1.")
    said = await run_in_threadpool(
        hall.room().speak, who, asked["put"], asked["stance"], asked["reason"], asked["turn"]
    )
    return JSONResponse(shown_ballot(said))


async def leave(request: Request) -> Response:
    """`POST leave`: go."""
    who = acting(request)
    await guard.said(request, {})
    await run_in_threadpool(hall.room().leave, who)
    return JSONResponse({})


# Codes to scan ----------------------------------------------------------------------------------


async def join_code(request: Request) -> Response:
    """`GET qr.svg`: the link to join by."""
    check_code(request)
    return scannable(links.join())


async def transfer_code(request: Request) -> Response:
    """`GET transfer.svg`: one's own link for a second phone; what follows the # stays with phones."""
    who = person(request)
    check_code(request, who)
    return scannable(f"{links.join()}#{request.headers['authorization'].partition(' ')[2]}")


def scannable(link: str) -> Response:
    """A link as a code to scan."""
    return Response(drawn(link), media_type="image/svg+xml")


# The desk's door --------------------------------------------------------------------------------


def pin_page(note: str = "", status: int = 200) -> HTMLResponse:
    """The page that asks for the PIN; its form says where it comes from."""
    page = filled("phone/pin.html.jinja", note=note)
    return HTMLResponse(page, status, {"Referrer-Policy": "same-origin"})


async def desk(request: Request) -> Response:
    """`GET` and `POST desk`: the PIN, for a pass that this browser keeps."""
    try:
        check_code(request)
        if request.method != "POST":
            return pin_page()
        asked = await guard.form(request)
    except Turned as turned:
        return pin_page(str(turned), turned.status)
    where = address(request)
    if hall.desk().closed_to(where):
        return pin_page("Too many wrong PINs; wait a minute.", 429)
    given = hall.desk().enter(SEPARATORS.sub("", asked.get("pin", "")), where)
    if given is None:
        return pin_page("This is not the PIN. It is in the terminal that opened the room.", 403)
    answer = RedirectResponse("/desk", 303)
    answer.set_cookie(hall.cookie(), given, path="/", httponly=True, samesite="strict")
    return answer


def _get(path: str, handler: Handler) -> Route:
    return Route(path, answering(handler), methods=["GET"])


def _post(path: str, handler: Handler) -> Route:
    return Route(path, answering(handler), methods=["POST"])


ROUTES = [
    Route(
        "/", lambda request: RedirectResponse("/r", 303), methods=["GET"]
    ),  # a phone, most likely
    Route("/r", code_page, methods=["GET"]),
    Mount(
        "/r",
        routes=[
            _get("/-/phone.js", asset("phone.js", "text/javascript")),
            _get("/-/test.js", asset("test.js", "text/javascript")),
            _get("/-/phone.css", asset("phone.css", "text/css")),
            _get("/{code}", phone_page),
            _get("/{code}/test", test_page),
            _get("/{code}/state", state),
            _get("/{code}/card", card),
            _get("/{code}/texts", texts),
            _get("/{code}/qr.svg", join_code),
            _get("/{code}/transfer.svg", transfer_code),
            _post("/{code}/join", join),
            _post("/{code}/seat", seat),
            _post("/{code}/ballot", ballot),
            _post("/{code}/leave", leave),
            Route("/{code}/desk", desk, methods=["GET", "POST"]),
        ],
    ),
]
