"""The file of a room read by somebody who does not play: while it is open, later, or as a copy."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sim.errors import RequestError
from sim.room.events import Entry, Opened, from_json
from sim.room.store import FOLDER, SUFFIX, check_format
from sim.scenario import Scenario, from_bytes

SCENARIO = "scenario"
"""The paper on which the scenario stands as it was played."""


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

    Raises RequestError for a file that is none, or none of a room.
    """
    if not path.is_file():
        raise RequestError(f"{path} is no file; a room is kept in one that ends in .room")
    try:
        with _looking(path) as file:
            check_format(file, path)
            rows = file.execute("SELECT number, at, kind, body FROM log ORDER BY number").fetchall()
            paper = "SELECT text FROM papers WHERE name = ?"
            (text,) = file.execute(paper, [SCENARIO]).fetchone() or ("",)
        log = tuple(Entry(n, at, from_json(kind, json.loads(body))) for n, at, kind, body in rows)
    except (sqlite3.DatabaseError, KeyError, TypeError, ValueError):
        raise RequestError(f"{path} is not the file of a room, as rooms/CODE.room is") from None
    if not log or not isinstance(log[0].event, Opened) or not text:
        raise RequestError(f"{path} is not the file of a room: nothing was ever opened in it")
    return Archive(log, from_bytes(text.encode(), f"{log[0].event.scenario}.toml"))


@contextmanager
def _looking(path: Path) -> Iterator[sqlite3.Connection]:
    """The file for reading alone.

    Beside a log that is still written SQLite keeps two files, one of them for its readers. Where there
    is none, or none can be made as on a disk that is write-protected, nobody writes, and the file is
    read as it lies there; so nothing is left beside it.
    """
    where = path.absolute().as_uri()
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
