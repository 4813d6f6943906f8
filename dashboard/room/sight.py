"""What the board shows, as plain data: nothing in it is secret, for a page holds all that it is sent."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from dashboard import tiles
from sim.room import told
from sim.room.events import MODEL, OBJECT, RESERVE, SILENT, STANCES, SUPPORT
from sim.room.live import LiveRoom
from sim.room.state import State, Text
from sim.room.verdict import Verdict, Voice, decided, elsewhere, roll_call, verdict
from sim.scenario import Scenario
from sim.story import FEW, counted, listed, rule_meaning, rule_title

Found = TypeVar("Found")

TAKEN, FREE = "#1f6f5c", tiles.SLATE
"""A tile whose delegation somebody plays, and one that waits for somebody."""

HELD = {"taken": "●", "free": "○", "locked": "–"}
"""How a seat may be held, each with its sign."""

CALLED = {
    OBJECT: "Broke the silence",
    RESERVE: "With a reservation",
    SUPPORT: "In support",
    SILENT: "Silent",
}
"""In which order the roll is called, first those on whom it hangs; and what each line is called."""


LINGERS = 30
"""Seconds for which the clock for talks says that they are over."""


@dataclass(frozen=True)
class Table:
    """Who sits at the table: tiles as in the member map, and the key to them."""

    tiles: list[dict[str, Any]]
    key: list[tuple[str, str, str]]
    rows: int
    says: str


class Otherwise(NamedTuple):
    """Whether a text would stand under another rule, and what that rule asks for."""

    rule: str
    stands: bool
    asks: str


@dataclass(frozen=True)
class Call:
    """One line of the roll call: what was done, and by whom.

    people: delegations that somebody plays, each with its reason, if it gave one; model: members that
    the model plays.
    """

    what: str
    color: str
    glyph: str
    people: list[tuple[str, str]]
    model: list[str]

    @property
    def said(self) -> str:
        """Who, by name where they are few; whom the model plays is told apart."""
        named = [f"{name} ({reason})" if reason else name for name, reason in self.people]
        people = "; ".join(named) if len(named) <= FEW else f"{len(named)} delegations"
        return "; ".join(filter(None, [people, self._played]))

    @property
    def _played(self) -> str:
        few = 0 < len(self.model) <= FEW
        who = listed(self.model) if few else counted(len(self.model), "member")
        return f"{who}, played by the model" if self.model else ""


@dataclass(frozen=True)
class Chip:
    """A clause in the strip: `stands`, `fell`, `open` or nothing yet, and that in words."""

    name: str
    title: str
    fate: str
    says: str


_KEPT: dict[str, tuple[Hashable, Any]] = {}


def kept(name: str, key: Hashable, make: Callable[[], Found]) -> Found:
    """What was made last under a name, made anew where it hangs on something else by now."""
    found = _KEPT.get(name)
    if found is None or found[0] != key:
        found = _KEPT[name] = key, make()
    made: Found = found[1]
    return made


def seats_taken(state: State) -> int:
    """Seats on which somebody sits."""
    return sum(bool(state.sitting(seat)) for seat in state.seats)


def spoken(state: State, text: Text) -> int:
    """Seats that have spoken on a text; what they have said is nobody's business yet."""
    return len(text.ballots)


def delegations(state: State) -> list[tuple[str, str]]:
    """The seats by title, each with the sign of how it is held; nothing where each is one member."""
    if all(len(seat.members) == 1 for seat in state.seats.values()):
        return []
    return [(seat.title, HELD[_held(state, name)]) for name, seat in state.seats.items()]


def _held(state: State, seat: str) -> str:
    """Whether somebody sits on a seat, or nobody may, or anybody."""
    return "taken" if state.sitting(seat) else "locked" if seat in state.locked else "free"


def table(scenario: Scenario, state: State) -> Table:
    """The member map: seats that are taken; after a reveal, until talks or news, what was done."""
    if state.phase == "revealed" and state.text and not (state.ahead or news(scenario, state)):
        return _spoken(scenario, verdict(scenario, state, state.text).voices)
    return _seated(scenario, state)


def _seated(scenario: Scenario, state: State) -> Table:
    shown = []
    for tile in tiles.blank(scenario, ()):
        seat = state.speaks_for(tile["id"])
        word = _held(state, seat) if seat else "played by the model"
        look = {"color": _color(word), "glyph": HELD.get(word, ""), "faint": not seat}
        shown.append(tile | look | {"says": f"{tile['name']}: {word}"})
    words = {"taken", "free", *(_held(state, seat) for seat in state.locked)}
    key = [(word, _color(word), sign) for word, sign in HELD.items() if word in words]
    return Table(shown, key, _rows(shown), "Who is here")


def _color(held: str) -> str:
    return TAKEN if held == "taken" else FREE


def _spoken(scenario: Scenario, voices: Iterable[Voice]) -> Table:
    shown = []
    for tile, voice in zip(tiles.blank(scenario, ()), voices):
        color, glyph = told.LOOKS[voice.stance]
        word = STANCES[voice.stance] + (", played by the model" if voice.by == MODEL else "")
        look = {"color": color, "glyph": glyph, "faint": voice.by == MODEL}
        shown.append(tile | look | {"says": f"{tile['name']} {word}"})
    key = [(STANCES[stance], *told.LOOKS[stance]) for stance in STANCES]
    return Table(shown, key, _rows(shown), "What everybody has done")


def _rows(shown: list[dict[str, Any]]) -> int:
    return max(tile["row"] for tile in shown) + 1


def roll(room: LiveRoom, found: Verdict) -> list[Call]:
    """Who did what and why, by delegation; members whom the model plays are named as such."""
    called = roll_call(found)
    lines = {what: [voice for voice in called if voice.stance == what] for what in CALLED}
    return [_call(room, stance, voices) for stance, voices in lines.items() if voices]


def _call(room: LiveRoom, stance: str, voices: list[Voice]) -> Call:
    def name(voice: Voice) -> str:
        return told.delegation(room.scenario, room.state, voice)

    return Call(
        CALLED[stance],
        *told.LOOKS[stance],
        people=sorted((name(one), _reason(room, one)) for one in voices if one.by != MODEL),
        model=sorted(name(one) for one in voices if one.by == MODEL),
    )


def _reason(room: LiveRoom, voice: Voice) -> str:
    """Why somebody breaks the silence or reserves its position."""
    return room.reasons.get(voice.reason, "") if voice.stance in (OBJECT, RESERVE) else ""


def under_other_rules(room: LiveRoom) -> list[Otherwise]:
    """What the same voices would have decided on the last text under the other rules."""
    return kept("otherwise", (room.code, room.state.entries), lambda: _otherwise(room))


def _otherwise(room: LiveRoom) -> list[Otherwise]:
    scenario, text = room.scenario, room.state.text
    assert text is not None
    return [
        Otherwise(rule_title(scenario, rule), adopted, rule_meaning(scenario, rule))
        for rule, adopted in elsewhere(scenario, room.state, text).items()
        if rule != text.put.rule
    ]


def strip(room: LiveRoom) -> list[Chip]:
    """Every clause: whether it stands and at which level, has fallen, is on the table, or waits."""
    return kept("strip", (room.code, room.state.phase, _settled(room)), lambda: _strip(room))


def standing(room: LiveRoom) -> dict[str, float]:
    """The clauses that stand by now, with their levels."""
    return kept("standing", (room.code, _settled(room)), room.standing)


def _settled(room: LiveRoom) -> Hashable:
    """What has been put and decided so far."""
    return tuple((text.number, text.ended, text.revealed) for text in room.state.texts)


def _strip(room: LiveRoom) -> list[Chip]:
    state, scenario = room.state, room.scenario
    stands, last = standing(room), decided(scenario, state)
    on_it = state.text.put.levels if state.text and state.phase in ("open", "gavelled") else {}
    return [
        Chip(name, clause.title, *_fate(name, stands, last, on_it))
        for name, clause in scenario.clauses.items()
    ]


def _fate(name: str, stands: Any, last: Any, on_it: Any) -> tuple[str, str]:
    if name in on_it:
        return "open", "now"
    if name in stands:
        level = "" if stands[name] >= 1 else f" at {told.share(stands[name])}"
        return "stands", f"stands{level}"
    return ("fell", "fell") if name in last else ("", "")


def news(scenario: Scenario, state: State) -> list[tuple[str, str]]:
    """What has happened in the world since the last gavel: titles, and what was read out."""
    before = state.text.injects if state.text and not state.text.open else ()
    if state.text and state.text.open:
        earlier = [text.injects for text in state.texts[:-1]]
        before = earlier[-1] if earlier else ()
    happened = (scenario.room.injects[name] for name in state.injects[len(before) :])
    return [(inject.title, inject.text) for inject in happened]


def left(until: float | None, now: float) -> int | None:
    """Whole seconds until a time, none below nought; None where there is no limit."""
    return None if until is None else max(0, -int(-(until - now) // 1))


def since(room: LiveRoom) -> str:
    """How long ago the first text was put, to set beside the minutes of a script."""
    if not room.state.texts:
        return ""
    minutes = int(room.clock() - room.state.texts[0].at) // 60
    return f" · {minutes} min since the first text"


def talks(room: LiveRoom) -> str:
    """The clock for talks; gone a little after it has run out, or when nobody has set it."""
    until, now = room.state.clock, room.clock()
    if until is None or now > until + LINGERS:
        return ""
    return clock(left(until, now) or 0)


def clock(seconds: int) -> str:
    """Seconds as a clock shows them.

    >>> clock(75)
    '1:15'
    """
    return f"{seconds // 60}:{seconds % 60:02}"


def people(state: State) -> str:
    """How many are here, and how many seats are taken."""
    return (
        f"{counted(len(state.people), 'person').replace('persons', 'people')} here · "
        f"{seats_taken(state)} of {counted(len(state.seats), 'seat')} taken"
    )
