"""The log of a room on disk: what has been acknowledged is there, whatever happens next.

One file a room, an append-only table in SQLite. Beside it, in a table that is never exported, what must
outlive a restart without being part of the story: digests of tokens, and the scenario itself.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path

from sim.errors import RequestError
from sim.room.events import Entry, Event, as_json, from_json

SCHEMA = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
CREATE TABLE IF NOT EXISTS log (
  number INTEGER PRIMARY KEY, at REAL NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS papers (name TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT;
CREATE TRIGGER IF NOT EXISTS log_is_kept BEFORE UPDATE ON log
  BEGIN SELECT RAISE(ABORT, 'a log is only appended to'); END;
CREATE TRIGGER IF NOT EXISTS log_stays BEFORE DELETE ON log
  BEGIN SELECT RAISE(ABORT, 'a log is only appended to'); END;
"""

SUFFIX = ".room"


class Store:
    """The file of one room. One thread at a time writes; a second process is refused."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._file = _open(path)

    def append(
        self, events: Iterable[Event], at: float, papers: Mapping[str, str] | None = None
    ) -> list[Entry]:
        """Write events, and what goes with them, all or nothing; they are on disk on return."""
        with self._lock, self._file:
            last = self._file.execute("SELECT coalesce(max(number), 0) FROM log").fetchone()[0]
            entries = [Entry(last + place, at, event) for place, event in enumerate(events, 1)]
            self._file.executemany("INSERT INTO log VALUES (?, ?, ?, ?)", map(_row, entries))
            self._file.executemany(
                "INSERT OR REPLACE INTO papers VALUES (?, ?)", (papers or {}).items()
            )
        return entries

    def read(self) -> list[Entry]:
        """The whole log, in order."""
        with self._lock:
            rows = self._file.execute("SELECT number, at, kind, body FROM log ORDER BY number")
            return [Entry(n, at, from_json(kind, json.loads(body))) for n, at, kind, body in rows]

    def papers(self) -> dict[str, str]:
        """What is kept beside the log."""
        with self._lock:
            return dict(self._file.execute("SELECT name, text FROM papers"))

    def close(self) -> None:
        """Close the file; everything in it is kept."""
        with self._lock:
            self._file.close()


def _row(entry: Entry) -> tuple[int, float, str, str]:
    kind, body = as_json(entry.event)
    return entry.number, entry.at, kind, json.dumps(body, ensure_ascii=False)


def _open(path: Path) -> sqlite3.Connection:
    """The file, made for its owner alone. Raises RequestError for one that is no room, or in use."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        file = sqlite3.connect(path, check_same_thread=False, timeout=1)
        file.executescript(SCHEMA)
    except OSError as error:
        raise RequestError(f"{path} cannot be written: {error.strerror or error}") from None
    except sqlite3.DatabaseError as error:
        raise RequestError(f"{path} is not the file of a room: {error}") from None
    return file
