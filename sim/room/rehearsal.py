"""A workshop rehearsed: simulated participants answer, a simulated facilitator follows a script.

The same seed gives the same log, times aside, whether phones are in this process or come over HTTP.
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from sim.dice import generator
from sim.errors import RequestError
from sim.room import cast, scripts, told
from sim.room.events import OBJECT, RESERVE, SILENT, SUPPORT
from sim.room.live import LiveRoom
from sim.room.progress import levels
from sim.scenario.room import Act, Script

QUIET, WAVERS = 0.15, 0.4
"""Up to the first share say nothing, if they can; up to the second they say something else first."""

FIRST_WORDS = {OBJECT: RESERVE, RESERVE: OBJECT, SILENT: SUPPORT, SUPPORT: SILENT}
"""What somebody says who will say something else before the gavel."""

ASKED = "ONEVETO_ROOM_REHEARSAL"
"""Where whoever starts the server says that it is to rehearse: people, seed and pace as JSON."""

IN_WORLDS = (
    "Simulated people read the treaty each in a world of their own, so some decide otherwise than their "
    "cards say."
)

Pass = Callable[[float], None]
"""Lets so many minutes of the script go by."""


class Phones(Protocol):
    """How participants reach the room."""

    def join(self, name: str, seat: str) -> str:
        """Somebody comes in and takes a seat, or watches; who they are from now on."""

    def speak(self, who: str, put: int, stance: str, reason: str, turn: int) -> None:
        """Somebody answers."""


class OverHttp:
    """Phones as the server sees them: real requests to a port of this machine."""

    def __init__(self, host: str, port: int, code: str) -> None:
        self.host, self.port, self.code = host, port, code
        self._tokens: dict[str, str] = {}

    def join(self, name: str, seat: str) -> str:
        """Come in, and keep the token."""
        given = self._post("join", {"name": name, "seat": seat})
        self._tokens[given["who"]] = given["token"]
        return str(given["who"])

    def speak(self, who: str, put: int, stance: str, reason: str, turn: int) -> None:
        """Answer, with the token."""
        said = {"put": put, "stance": stance, "reason": reason, "turn": turn}
        self._post("ballot", said, {"Authorization": f"Bearer {who}.{self._tokens[who]}"})

    def _post(self, path: str, body: Any, more: dict[str, str] | None = None) -> Any:
        """Raises RequestError with what the server says where it refuses, or with why it was silent."""
        origin = f"http://{self.host}:{self.port}"
        headers = {"Content-Type": "application/json", "Origin": origin} | (more or {})
        line = http.client.HTTPConnection(self.host, self.port, timeout=30)
        try:
            line.request("POST", f"/r/{self.code}/{path}", json.dumps(body), headers)
            answer = line.getresponse()
            found = json.loads(answer.read())
        except (OSError, http.client.HTTPException, ValueError) as error:
            why = str(error) or type(error).__name__
            raise RequestError(
                f"the room's server gave no answer that can be read: {why}"
            ) from error
        finally:
            line.close()
        if answer.status != 200:
            raise RequestError(f"the room refused: {found.get('refused', answer.status)}")
        return found


@dataclass(frozen=True)
class Participant:
    """Somebody simulated: who they are in the room, their place among all, their seat if any."""

    who: str
    place: int
    seat: str


@dataclass
class Rehearsal:
    """One workshop on its way.

    people: how many come; seed: of what they are like; wait: lets minutes go by; say: is told what the
    facilitator says and does.
    """

    room: LiveRoom
    phones: Phones
    people: int
    seed: int
    wait: Pass
    say: Callable[[str], None] = lambda line: None
    cast: list[Participant] = field(default_factory=list)

    def play(self, script: Script) -> None:
        """From the door to the last act."""
        self.say(IN_WORLDS)
        self.cast = list(self._seated())
        now = 0.0
        for act, until in zip(script.acts, _ends(script)):
            if act.say:
                self.say(act.say)
            spent = self._do(act, max(0.0, until - max(now, act.minute)))
            now = max(now, act.minute)
            self.wait(max(0.0, until - now - spent))
            now = max(now, until)

    def _seated(self) -> Iterator[Participant]:
        """Everybody comes in; seats are taken in an order of the dice, the rest watch."""
        seats = list(self.room.state.seats)
        order = generator(self.seed, "rehearsal.seats").permutation(len(seats)).tolist()
        for place in range(self.people):
            seat = seats[order[place]] if place < len(seats) else ""
            yield Participant(self.phones.join(cast.name(place), seat), place, seat)

    def _do(self, act: Act, time: float) -> float:
        """One act of the facilitator; how many minutes of those until the next it took."""
        match act.do:
            case "put":
                text = levels(self.room.scenario, act)
                self.say(f"Put: {told.text(self.room.scenario, text)}.")
                return self._answered(self.room.put(text, seconds=act.seconds), text, time)
            case "gavel":
                self.room.gavel()
            case "reveal":
                self.room.reveal()
            case "inject" if act.inject:
                self.room.inject(act.inject)
            case "talk":
                self.room.time(act.seconds, levels(self.room.scenario, act))
        return 0.0

    def _answered(self, put: int, text: dict[str, float], time: float) -> float:
        """Everybody who has something to say says it, some of them twice."""
        words = list(self._words(text))
        for who, stance, reason, turn in words:
            self.wait(time / (len(words) + 1))
            self.phones.speak(who, put, stance, reason, turn)
        return time * len(words) / (len(words) + 1)

    def _words(self, text: dict[str, float]) -> list[tuple[str, str, str, int]]:
        """Who says what in which order: first words, then those who have changed their minds."""
        state = self.room.state
        dice = generator(self.seed, f"rehearsal.text.{len(state.texts)}")
        read = cast.readings(self.room.scenario, state.injects, people=self.people, seed=self.seed)
        seated = [one for one in self.cast if one.seat]
        habits = dice.random(len(seated)).tolist()
        first, second = [], []
        for person, habit in zip(seated, habits):
            stance, reason = read[person.place].answer(state.seats[person.seat].members, text)
            if habit < QUIET and stance in (SILENT, SUPPORT):
                continue
            if QUIET <= habit < WAVERS:
                before = FIRST_WORDS[stance]
                first.append((person.who, before, reason, 1))
                second.append((person.who, stance, reason, 2))
            else:
                first.append((person.who, stance, reason, 1))
        return [
            words[place]
            for words in (first, second)
            for place in dice.permutation(len(words)).tolist()
        ]


def _ends(script: Script) -> list[float]:
    """When each act gives way to the next, in minutes; the last when time is up."""
    starts = [act.minute for act in script.acts]
    return [*starts[1:], max([*starts[-1:], float(script.minutes)])]


def script_of(room: LiveRoom) -> Script:
    """The script that a room follows, or the scenario's shortest."""
    named = room.state.opened.script or scripts.names(room.scenario)[0]
    return scripts.script(room.scenario, named)
