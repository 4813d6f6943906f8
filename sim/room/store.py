"""The log of a room on disk: what has been acknowledged is there, whatever happens next.

One file a room, an append-only table in SQLite. Beside it, in a table that is never exported, what must
outlive a restart without being part of the story: digests of tokens, and the scenario itself.

While a room is open, and after a kill, files lie beside it: `-wal` holds what was written last and
belongs to it (a copy takes it along), `-shm` helps readers, `-open` is a lock that dies with its
process. Closing writes everything into the one file.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sim.errors import RequestError
from sim.room.events import Entry, Event, as_json, from_json

FORMAT = 1
"""Of the file; a later one is not understood."""

SCHEMA = f"""
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
PRAGMA user_version = {FORMAT};
"""

FOLDER, SUFFIX = Path("rooms"), ".room"
"""Where files of rooms go unless somebody says otherwise, and how they end."""


class Store:
    """The file of one room, for one process at a time; others may read it meanwhile."""

    def __init__(self, path: Path) -> None:
        """Make the file, for its owner alone, or open it.

        Raises RequestError where it cannot be written, is none of a room, or is open already.
        """
        self.path = path
        self._lock = threading.Lock()
        with _in_sentences(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._claim = _claimed(path)
            self._new = not path.exists()
            try:
                self._file = _opened(path)
            except (OSError, sqlite3.Error, RequestError):
                self._take_away()
                self._unclaim()
                raise

    def append(
        self, events: Iterable[Event], at: float, papers: Mapping[str, str] | None = None
    ) -> list[Entry]:
        """Write events, and what goes with them, all or nothing; they are on disk on return.

        Raises RequestError where they cannot be written; then nothing was.
        """
        with self._lock, _in_sentences(self.path), self._file:
            last = self._file.execute("SELECT coalesce(max(number), 0) FROM log").fetchone()[0]
            entries = [Entry(last + place, at, event) for place, event in enumerate(events, 1)]
            self._file.executemany("INSERT INTO log VALUES (?, ?, ?, ?)", map(_row, entries))
            self._file.executemany(
                "INSERT OR REPLACE INTO papers VALUES (?, ?)", (papers or {}).items()
            )
        return entries

    def read(self) -> list[Entry]:
        """The whole log, in order."""
        with self._lock, _in_sentences(self.path, "read"):
            rows = self._file.execute("SELECT number, at, kind, body FROM log ORDER BY number")
            return [Entry(n, at, from_json(kind, json.loads(body))) for n, at, kind, body in rows]

    def papers(self) -> dict[str, str]:
        """What is kept beside the log."""
        with self._lock, _in_sentences(self.path, "read"):
            return dict(self._file.execute("SELECT name, text FROM papers"))

    def close(self) -> None:
        """Close the file; everything is in it, and nothing beside it."""
        with self._lock:
            self._file.close()
            self._unclaim()

    def discard(self) -> None:
        """Close a room whose opening could not be written; a file that was not there before goes."""
        with self._lock:
            self._file.close()
            self._take_away()
            self._unclaim()

    def _take_away(self) -> None:
        for end in ("", "-wal", "-shm") if self._new else ():
            self.path.with_name(f"{self.path.name}{end}").unlink(missing_ok=True)

    def _unclaim(self) -> None:
        """Take the lock's file away while it is ours; Windows lets go of it only once it is closed."""
        if os.name != "nt":
            _beside(self.path).unlink(missing_ok=True)
        self._claim.close()
        if os.name == "nt":
            _beside(self.path).unlink(missing_ok=True)


def check_format(file: sqlite3.Connection, path: Path) -> None:
    """Raise RequestError for the file of a room that only a later version understands."""
    if file.execute("PRAGMA user_version").fetchone()[0] > FORMAT:
        raise RequestError(f"{path} was written by a later oneveto; take that one")


def _row(entry: Entry) -> tuple[int, float, str, str]:
    kind, body = as_json(entry.event)
    return entry.number, entry.at, kind, json.dumps(body, ensure_ascii=False)


def _beside(path: Path) -> Path:
    """The file that says that a room is open, by whatever link it was reached."""
    place = path.resolve()
    return place.with_name(f"{place.name}-open")


def _claimed(path: Path) -> sqlite3.Connection:
    """The room for this process alone, for as long as it lives: a lock that dies with it."""
    place = _beside(path)
    while True:  # whoever closes the room takes the file away, and a lock on that would be none
        before = _inode(place)
        claim = sqlite3.connect(place, check_same_thread=False, timeout=0)
        try:
            claim.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            claim.close()
            if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                raise RequestError(f"{path} is open already; close that room first") from None
            if before == _inode(place):
                raise
            continue
        if before and before == _inode(place):
            return claim
        claim.close()


def _inode(path: Path) -> tuple[int, int] | None:
    """Which file is at a path, if any."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _opened(path: Path) -> sqlite3.Connection:
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    file = sqlite3.connect(path, check_same_thread=False, timeout=5)
    try:
        check_format(file, path)
        file.executescript(SCHEMA)
    except (sqlite3.Error, RequestError):
        file.close()
        raise
    return file


@contextmanager
def _in_sentences(path: Path, deed: str = "written") -> Iterator[None]:
    """What goes wrong with a file, as a sentence."""
    try:
        yield
    except OSError as error:
        raise RequestError(f"{path} cannot be {deed}: {error.strerror or error}") from None
    except sqlite3.OperationalError as error:
        raise RequestError(f"{path} cannot be {deed}: {error}") from None
    except sqlite3.DatabaseError:
        raise RequestError(f"{path} is not the file of a room, as rooms/CODE.room is") from None
