"""The file of a room read by somebody who does not play: while it is open, later, or as a copy."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.errors import RequestError, ScenarioError
from sim.room.events import (
    DESK,
    MODEL,
    SILENT,
    STANCES,
    Ballot,
    Entry,
    Gavelled,
    Injected,
    Joined,
    Left,
    Locked,
    Opened,
    Passed,
    Put,
    Revealed,
    Seated,
    Timed,
    Undone,
    from_json,
)
from sim.room.seats import SEATINGS
from sim.room.state import State, apply, kept, undoable
from sim.room.store import FOLDER, SUFFIX, check_format
from sim.scenario import Scenario, from_bytes, rules_of

SCENARIO = "scenario"
"""The paper on which the scenario stands as it was played."""

DIGEST = "scenario:sha256"
"""The paper with the digest of that text; rooms of former days have none."""

NONSENSE = (AttributeError, KeyError, OverflowError, RecursionError, TypeError, ValueError)
"""What goes wrong with an entry that no room wrote."""

LATEST = 1e11
"""Seconds since 1970 that no clock ever shows: three thousand years."""


@dataclass(frozen=True)
class Archive:
    """A room as its file tells it; no tokens."""

    log: tuple[Entry, ...]
    scenario: Scenario


def meant(path: Path) -> Path:
    """The file of a room, by its path or by the room's code alone."""
    beside = FOLDER / f"{path.name.upper()}{SUFFIX}"
    return beside if not path.exists() and beside.is_file() else path


def read(path: Path) -> Archive:
    """The log and the scenario of a room; the file is only looked at, and whoever plays is not stopped.

    Raises RequestError for a file that is none, none of a room, or damaged.
    """
    if not path.is_file():
        raise RequestError(f"{path} is no file; a room is kept in one that ends in .room")
    try:
        with _looking(path) as file:
            check_format(file, path)
            rows = file.execute("SELECT number, at, kind, body FROM log ORDER BY number").fetchall()
            papers = dict(file.execute("SELECT name, text FROM papers"))
        log = tuple(Entry(n, at, from_json(kind, _loaded(body))) for n, at, kind, body in rows)
    except (sqlite3.DatabaseError, *NONSENSE):
        raise RequestError(f"{path} is not the file of a room, as rooms/CODE.room is") from None
    text = papers.get(SCENARIO, "")
    if not log or not isinstance(log[0].event, Opened) or not text:
        raise RequestError(f"{path} is not the file of a room: nothing was ever opened in it")
    if papers.get(DIGEST, digest(text)) != digest(text):
        raise RequestError(f"{path} is damaged: its scenario is not the one that was played")
    if [entry.number for entry in log] != list(range(1, len(log) + 1)):
        raise RequestError(f"{path} is damaged: entries of its log are missing")
    try:
        scenario = from_bytes(text.encode(), f"{log[0].event.scenario}.toml")
    except ScenarioError as error:
        problem = error.problems[0]
        raise RequestError(f"{path}: the scenario in it cannot be read: {problem}") from None
    _check(log, log[0].event, scenario, path)
    return Archive(log, scenario)


def digest(text: str) -> str:
    """Of the scenario as it is kept; `Opened.sha256` is that of the file which it was read from."""
    return hashlib.sha256(text.encode()).hexdigest()


def _loaded(body: str) -> dict[str, Any]:
    """What an entry says; ValueError for half a character, which can be escaped but not written."""
    said: dict[str, Any] = json.loads(body)
    json.dumps(said, ensure_ascii=False).encode()
    return said


def _check(log: tuple[Entry, ...], opened: Opened, scenario: Scenario, path: Path) -> None:
    """Raise RequestError for the first entry that no room on this scenario writes."""
    rules, counting = rules_of(scenario), {entry.number for entry in kept(log)}
    before, state = dict[int, Entry](), State(opened)
    for entry in log:
        try:
            right = _possible(entry, opened, scenario, rules) and _follows(entry, before)
            if entry.number in counting:
                right = right and _timely(entry, state)
                state = apply(state, entry)
        except NONSENSE:
            right = False
        before[entry.number] = entry
        if not (right and 0 <= entry.at < LATEST):
            kind = type(entry.event).__name__.lower()
            raise RequestError(
                f"{path} is damaged: its entry {entry.number} (`{kind}`) says what no room writes"
            )


def _possible(entry: Entry, opened: Opened, scenario: Scenario, rules: list[str]) -> bool:
    """Whether everything that an entry names is there in the scenario and at the table."""
    match entry.event:
        case Opened(clauses=clauses, seating=seating, rule=rule, seats=seats):
            spoken = {iso for seat in seats.values() for iso in seat.members}
            titled = all(key and isinstance(seat.title, str) for key, seat in seats.items())
            known = spoken <= scenario.seats.keys() and {*clauses} == scenario.clauses.keys()
            return entry.number == 1 and titled and known and seating in SEATINGS and rule in rules
        case Put(levels=levels, rule=rule, seconds=seconds, empty=empty):
            meant = bool(levels) and rule in rules and empty in (MODEL, SILENT)
            return meant and _levels(levels, scenario) and _lasts(entry.at, seconds)
        case Timed(seconds=seconds, levels=levels):
            return _levels(levels, scenario) and _lasts(entry.at, seconds)
        case Seated(seat=seat):
            return seat in ("", *opened.seats)
        case Locked(seat=seat):
            return seat in opened.seats
        case Ballot(seat=seat, stance=stance):
            return seat in opened.seats and stance in STANCES
        case Gavelled(model=model):
            return model.keys() <= scenario.seats.keys() and {*model.values()} <= STANCES.keys()
        case Injected(name):
            return name in scenario.room.injects
        case Passed(acts):
            return all(isinstance(act, int) and act >= 0 for act in acts)
    return True


def _levels(levels: Mapping[str, float], scenario: Scenario) -> bool:
    """Whether these are clauses of the scenario, each at a level that it can have."""
    return all(scenario.clauses[name].least <= level <= 1 for name, level in levels.items())


def _lasts(at: float, seconds: int) -> bool:
    """Whether a clock can be set for so long."""
    return seconds >= 0 and at + seconds < LATEST


def _follows(entry: Entry, before: Mapping[int, Entry]) -> bool:
    """Whether an entry that names another comes after it, and that is of the kind that is meant.

    Raises KeyError where there is none before.
    """
    match entry.event:
        case Ballot(put=number) | Gavelled(put=number) | Revealed(put=number):
            return isinstance(before[number].event, Put)
        case Undone(number):
            return undoable([before[number]]) is not None
    return True


def _timely(entry: Entry, state: State) -> bool:
    """Whether an entry that was not taken back fits what counts before it.

    A text that was taken back is none here, though ballots on it are still in the log.
    """
    people = state.people
    match entry.event:
        case Joined(who):
            return who not in people
        case Seated(who) | Left(who):
            return who in people
        case Ballot(seat=seat, who=who):
            return who == DESK or people[who].seat == seat
        case Put():
            return state.phase != "open"
        case Gavelled(put=number):
            return _waits(state, "open", number)
        case Revealed(put=number):
            return _waits(state, "gavelled", number)
        case Injected(name):
            return name not in state.injects
    return True


def _waits(state: State, phase: str, number: int) -> bool:
    """Whether it is this text that is still open, or gavelled and not yet revealed."""
    return state.text is not None and (state.phase, state.text.number) == (phase, number)


@contextmanager
def _looking(path: Path) -> Iterator[sqlite3.Connection]:
    """The file for reading alone.

    Beside a log that is still written SQLite keeps two files, one of them for its readers. Where there
    is none, or none can be made as on a disk that is write-protected, nobody writes, and the file is
    read as it lies there; so nothing is left beside it.
    """
    path = path.resolve()  # SQLite keeps its files beside the file itself, not beside a link to it
    where = path.as_uri()
    written = path.with_name(f"{path.name}-wal").exists()
    ways = ("mode=ro", "mode=ro&immutable=1")
    for how in ways if written else ways[1:]:
        with closing(sqlite3.connect(f"{where}?{how}", uri=True, timeout=5)) as file:
            try:
                file.execute("SELECT count(*) FROM log").fetchone()
            except sqlite3.OperationalError as error:
                if "immutable" in how or "no such table" in str(error):
                    raise
                continue
            yield file
            return
