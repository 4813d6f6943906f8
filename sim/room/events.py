"""What may happen in a room, as plain frozen facts, and how they are written down.

Facts carry what a replay needs, no token and no key, so a log lets nobody into a room; but it says who
was there by the names they gave, and what each of them said, so hand it only to whom that may be told.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple, get_origin, get_type_hints

SUPPORT, SILENT, RESERVE, OBJECT = "support", "silent", "reserve", "object"

STANCES = {
    SUPPORT: "supports",
    SILENT: "stays silent",
    RESERVE: "acquiesces with a reservation",
    OBJECT: "breaks the silence",
}
"""What a delegation may do when a text is on the table, from the kindest, and how that is said."""

DESK, MODEL = "desk", "model"
"""Who spoke where no phone did: the facilitator on a seat's behalf, or the model for an empty seat."""


class Seat(NamedTuple):
    """A place at the table: what it is called, and the members that it speaks for."""

    title: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class Opened:
    """The room opens: which scenario, who speaks for whom.

    scenario: its name; sha256: of what it says; seating: `blocs`, `key` or `all`; seats: by id;
    clauses: their ids, in order.
    """

    code: str
    scenario: str
    sha256: str
    seating: str
    seats: Mapping[str, Seat]
    clauses: tuple[str, ...]
    rule: str = "consensus"
    script: str = ""

    @cached_property
    def speakers(self) -> Mapping[str, str]:
        """The seat that speaks for each member who has one."""
        found: dict[str, str] = {}
        for seat, place in self.seats.items():
            for member in place.members:
                found.setdefault(member, seat)
        return found


@dataclass(frozen=True)
class Joined:
    """Somebody comes in, by the name they gave, as an observer at first."""

    who: str
    name: str


@dataclass(frozen=True)
class Seated:
    """Somebody takes a seat; an empty `seat` makes them an observer."""

    who: str
    seat: str


@dataclass(frozen=True)
class Left:
    """Somebody goes, or is shown out."""

    who: str


@dataclass(frozen=True)
class Locked:
    """A seat can no longer be taken, or can again."""

    seat: str
    locked: bool = True


@dataclass(frozen=True)
class Closed:
    """Nobody new may come in, or may again; whoever is in the room stays, and can come back to it."""

    closed: bool = True


@dataclass(frozen=True)
class Put:
    """A text is put: one clause or several as one, each at its level; its number is the log's.

    seconds: how long silence must last; 0 without a limit. empty: what empty seats do, `model` or
    `silent`.
    """

    levels: Mapping[str, float]
    rule: str
    seconds: int = 0
    empty: str = MODEL


@dataclass(frozen=True)
class Ballot:
    """A seat speaks on a text, until the gavel as often as it likes; the highest turn counts.

    put: the number of the text; turn: one more than the highest that the sender had seen; who: the
    phone, or `desk`; reason: why it breaks the silence or what it reserves, of a short list.
    """

    put: int
    seat: str
    who: str
    turn: int
    stance: str
    reason: str = ""

    @property
    def precedence(self) -> tuple[int, int, str, str]:
        """Of two ballots of one seat the greater counts, in whatever order they arrive."""
        return self.turn, list(STANCES).index(self.stance), self.reason, self.who


@dataclass(frozen=True)
class Gavelled:
    """The silence is over. model: what the model made members say for whom nobody sits."""

    put: int
    model: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Revealed:
    """Everybody sees who did what."""

    put: int


@dataclass(frozen=True)
class Injected:
    """Something happens in the world: one of the scenario's injects, by name."""

    name: str


@dataclass(frozen=True)
class Timed:
    """The facilitator sets a clock, for talks in the corridor; 0 stops it.

    levels: the text that is talked about, with which everybody can read it before it is put.
    """

    seconds: int
    levels: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Passed:
    """Acts of the script are behind the facilitator without a deed: said, or left out.

    acts: their numbers, from 0.
    """

    acts: tuple[int, ...]


@dataclass(frozen=True)
class Undone:
    """An act of the facilitator is taken back, by its number in the log."""

    entry: int


Event = (
    Opened
    | Joined
    | Seated
    | Left
    | Locked
    | Closed
    | Put
    | Ballot
    | Gavelled
    | Revealed
    | Injected
    | Timed
    | Passed
    | Undone
)

KINDS: dict[str, type[Any]] = {kind.__name__.lower(): kind for kind in Event.__args__}

TYPES = {
    kind: {name: get_origin(hint) or hint for name, hint in get_type_hints(made).items()}
    for kind, made in KINDS.items()
}
"""What the parts of each kind of fact are."""

ACTS = (Locked, Closed, Put, Gavelled, Revealed, Injected, Timed, Passed)
"""What a facilitator may take back."""


@dataclass(frozen=True)
class Entry:
    """A fact with its number in the log, from 1, and when it was written, in seconds since 1970."""

    number: int
    at: float
    event: Event


def as_json(event: Event) -> tuple[str, dict[str, Any]]:
    """The kind of a fact, and what it says, as JSON can hold it."""
    return type(event).__name__.lower(), dataclasses.asdict(event)


def from_json(kind: str, body: dict[str, Any]) -> Event:
    """The fact that was written down.

    Raises AttributeError, KeyError, TypeError or ValueError for what never was one.
    """
    body = dict(body)
    if kind == "passed":
        body["acts"] = tuple(body["acts"])
    if kind == "opened":
        body["clauses"] = tuple(body["clauses"])
        body["seats"] = {
            seat: Seat(title, tuple(members)) for seat, (title, members) in body["seats"].items()
        }
    made: Event = KINDS[kind](**body)
    for name, form in TYPES[kind].items():
        if not isinstance(getattr(made, name), form):
            raise TypeError(f"`{name}` of `{kind}` is no {form.__name__}")
    return made
