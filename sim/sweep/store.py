"""The folder of a sweep: parts that are there whole or not at all, and what is finished of the next.

    _manifest.json         what was asked
    part-000000.parquet    cells that are finished
    _part-000001.counts    what is finished of cells that are under way, gone when their part is there
    _lock                  held by the one process that writes

Readers of Parquet leave out names that begin with `_`, so the folder as a whole is one table.
"""

from __future__ import annotations

import contextlib
import errno
import itertools
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sim import tables
from sim.arrays import Counts
from sim.errors import RequestError, short
from sim.scenario import spelled
from sim.sweep import rows
from sim.sweep.plan import Plan

MANIFEST, LOCK = "_manifest.json", "_lock"
PART = re.compile(r"part-(\d{6,})\.parquet")
JOURNAL = re.compile(r"_part-(\d{6,})\.counts")
UNFINISHED = (".part-*.parquet.*.part", f".{MANIFEST}.*.part")
"""What a run leaves that is killed while it writes a file whole."""

Piece = tuple[int, int, int]
"""A cell, and the first and last of its worlds, the last left out."""


def part_name(part: int) -> str:
    """The file of a part."""
    return f"part-{part:06d}.parquet"


def parts(out: Path) -> list[Path]:
    """The finished parts, in order."""
    named = _numbered(out, PART)
    return [named[number] for number in sorted(named)]


def _numbered(out: Path, name: re.Pattern[str]) -> dict[int, Path]:
    """The files of a kind, each by the number of its part."""
    return {int(m[1]): path for path in out.iterdir() if (m := name.fullmatch(path.name))}


def rows_of(path: Path) -> pa.Table:
    """What a finished part holds.

    Raises RequestError when it cannot be read.
    """
    try:
        return pq.read_table(path)
    except (OSError, pa.ArrowException):
        raise RequestError(
            f"{_shown(path)} cannot be read; run the same sweep again, which plays a damaged part anew"
        ) from None


def manifest(out: Path) -> dict[str, Any] | None:
    """What was asked in a folder; None where there is no sweep.

    Raises RequestError for a place that is no folder or that holds something else.
    """
    with _reading(out):
        if not out.exists():
            return None
        if not out.is_dir():
            raise RequestError(f"{_shown(out)} is a file; name a folder")
        path = out / MANIFEST
        return _manifest_in(path) if path.exists() else None


def _manifest_in(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except ValueError:
        found = None
    if not isinstance(found, dict) or found.get("schema") != 1 or "varies" not in found:
        raise RequestError(f"{_shown(path)} is no manifest of a sweep; name another folder")
    return found


def begun(out: Path, plan: Plan) -> bool:
    """Whether a folder holds this sweep, finished or not.

    Raises RequestError where it holds another, or anything else.
    """
    found, asked = manifest(out), json.loads(_text(plan))
    if found is not None and _spelled(found) != _spelled(asked):
        raise RequestError(
            f"{_shown(out)} holds another sweep ({_difference(found, asked)}); name another folder"
        )
    strangers = _strangers(out, plan if found else None)
    if strangers:
        raise RequestError(
            f"{_shown(out)} holds {short(strangers[0], 60)}, which is no part of this sweep; name "
            "another folder"
        )
    return found is not None


def _difference(found: dict[str, Any], asked: dict[str, Any]) -> str:
    """The first thing that was asked otherwise."""
    for key in (*asked, *found):
        there, here = found.get(key), asked.get(key)
        if _spelled(there) != _spelled(here):
            break
    say = _said if _said(there) != _said(here) else _spelled
    return f"{key} is {short(say(there), 60)} there, {short(say(here), 60)} here"


def _spelled(said: Any) -> str:
    """As it is written, for 0 and 0.0 are equal but make columns of two types."""
    return json.dumps(said, ensure_ascii=False, sort_keys=True)


def _said(value: Any) -> str:
    """A part of a manifest for a sentence: what is varied as it is typed."""
    match value:
        case [{"address": _, "values": _}, *_] if all("values" in each for each in value):
            return spelled({each.get("address"): each["values"] for each in value})
    return _spelled(value)


def _strangers(out: Path, plan: Plan | None) -> list[str]:
    """Files that would be read as results and are none; without a manifest, those of any sweep."""
    if not out.exists():
        return []
    with _reading(out):
        names = sorted(path.name for path in out.iterdir())
    return [
        name
        for name in names
        if (name[0] not in "._" or JOURNAL.fullmatch(name))
        and not (plan and _is_part(name, plan.parts))
    ]


def _is_part(name: str, parts: int) -> bool:
    found = PART.fullmatch(name) or JOURNAL.fullmatch(name)
    return found is not None and int(found[1]) < parts


def _text(plan: Plan) -> str:
    return json.dumps(plan.manifest(), indent=2, ensure_ascii=False) + "\n"


# Writing ------------------------------------------------------------------------------------------


@contextlib.contextmanager
def held(out: Path, plan: Plan) -> Iterator[Kept]:
    """The folder of a sweep, made if need be, to oneself; what earlier runs left half done is gone.

    Raises RequestError when it cannot be written, holds something else or is at work already.
    """
    with tables.writing(out):
        out.mkdir(parents=True, exist_ok=True)
    with tables.writing(out / LOCK):
        lock = (out / LOCK).open("ab")
    with lock:
        _lock(lock, out)
        if not begun(out, plan):
            tables.save_text(_text(plan), out / MANIFEST)
        with tables.writing(out):
            for left in itertools.chain.from_iterable(map(out.glob, UNFINISHED)):
                left.unlink()
        with contextlib.closing(Kept(out, plan)) as kept:
            yield kept


def _lock(file: IO[bytes], out: Path) -> None:
    """The system lets go of it when the process ends, however it ends."""
    try:
        import fcntl
    except ImportError:  # no POSIX: two sweeps into one folder are the user's to avoid
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
            raise RequestError(
                f"another process is at work on {_shown(out)}; wait for it, or name another folder"
            ) from None  # any other: a file system that has no locks


class Kept:
    """What is finished of a sweep, on the disk and, of the parts under way, in memory."""

    def __init__(self, out: Path, plan: Plan) -> None:
        self.out, self.plan = out, plan
        self.finished = {part for part in range(plan.parts) if self._is_whole(part)}
        self.cells = sum(len(plan.cells_of(part)) for part in self.finished)
        self.worlds = self.cells * plan.worlds
        self.under_way: dict[int, _UnderWay] = {}
        for part, path in _numbered(out, JOURNAL).items():
            self._resume(part, path)

    @property
    def complete(self) -> bool:
        """Whether nothing is left to do."""
        return self.cells == self.plan.cells

    def missing(self) -> Iterator[Piece]:
        """The worlds that are still to be played, cell by cell."""
        for part in range(self.plan.parts):
            if part not in self.finished:
                yield from self._opened(part).gaps()

    def add(self, piece: Piece, counts: Counts) -> None:
        """Keep what was found in some worlds of a cell; a part that is finished becomes a file."""
        part = piece[0] // self.plan.part_cells
        under_way = self._opened(part)
        under_way.journal.write(piece, counts)
        self._count(under_way, piece, counts)
        if under_way.complete:
            self._finish(part)

    def close(self) -> None:
        """Close the files."""
        for under_way in self.under_way.values():
            under_way.journal.close()

    def _count(self, under_way: _UnderWay, piece: Piece, counts: Counts) -> None:
        cell, start, stop = piece
        under_way.add(piece, counts)
        self.worlds += stop - start
        self.cells += under_way.played[cell] == self.plan.worlds

    def _finish(self, part: int) -> None:
        under_way = self.under_way[part]
        content = pa.BufferOutputStream()
        found = rows.table(self.plan, under_way.sums)
        pq.write_table(found, content, write_page_checksum=True)
        path = self.out / part_name(part)
        tables.whole(path, lambda place: Path(place).write_bytes(content.getvalue()))
        under_way.journal.remove()
        self.finished.add(part)
        del self.under_way[part]

    def _opened(self, part: int) -> _UnderWay:
        if part not in self.under_way:
            path = self.out / f"_part-{part:06d}.counts"
            self.under_way[part] = _UnderWay(self.plan, part, _Journal(path))
        return self.under_way[part]

    def _resume(self, part: int, path: Path) -> None:
        """Take up what a run has left behind; of a part that is there it is not needed any more."""
        if part in self.finished:
            _Journal(path).remove()
            return
        under_way = self._opened(part)
        for piece, counts in under_way.journal.read():
            self._count(under_way, piece, counts)
        if under_way.complete:
            self._finish(part)

    def _is_whole(self, part: int) -> bool:
        """Whether the file of a part is there, can be read and has all of its rows."""
        path, cells = self.out / part_name(part), self.plan.cells_of(part)
        if not path.exists():
            return False
        try:
            found = pq.ParquetFile(path, page_checksum_verification=True).read()
        except (OSError, pa.ArrowException):
            return False
        expected = np.repeat(cells, 1 + len(self.plan.scenario.clauses))
        same = found.schema.equals(rows.schema(self.plan))
        return same and np.array_equal(found["cell"].to_numpy(), expected)


@dataclass
class _UnderWay:
    """A part of which something is missing: for each cell the sums over worlds, how many and which."""

    plan: Plan
    part: int
    journal: _Journal
    sums: dict[int, Counts] = field(default_factory=dict)
    played: dict[int, int] = field(default_factory=dict)
    spans: dict[int, list[tuple[int, int]]] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        cells = self.plan.cells_of(self.part)
        return sum(self.played.values()) == len(cells) * self.plan.worlds

    def add(self, piece: Piece, counts: Counts) -> None:
        cell, start, stop = piece
        self.sums[cell] = self.sums[cell] + counts if cell in self.sums else counts
        self.played[cell] = self.played.get(cell, 0) + stop - start
        self.spans.setdefault(cell, []).append((start, stop))

    def gaps(self) -> Iterator[Piece]:
        """What was missing when this was asked; what is added meanwhile was handed out by it."""
        known = {cell: sorted(spans) for cell, spans in self.spans.items()}
        for cell in self.plan.cells_of(self.part):
            start = 0
            for first, stop in [*known.get(cell, []), (self.plan.worlds, self.plan.worlds)]:
                if start < first:
                    yield cell, start, first
                start = stop


class _Journal:
    """What has been found so far of a part, record after record: (length, checksum, piece, counts).

    A record that was cut off is the last one, and is played again.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file: IO[bytes] | None = None

    def write(self, piece: Piece, counts: Counts) -> None:
        body = np.array([*piece, *counts.shape, *counts.ravel()], "<i8").tobytes()
        head = np.array([len(body), zlib.crc32(body)], "<i8").tobytes()
        with tables.writing(self.path):
            self.file = self.file or self.path.open("ab", buffering=0)
            self._put(head + body)

    def _put(self, content: bytes) -> None:
        assert self.file
        while content:
            content = content[self.file.write(content) :]

    def read(self) -> Iterator[tuple[Piece, Counts]]:
        """Every whole record; the file ends after them from now on."""
        with tables.writing(self.path):
            content, place = self.path.read_bytes(), 0
            while (body := self._body(content, place)) is not None:
                cell, start, stop, height, width, *_ = body.tolist()
                yield (cell, start, stop), body[5:].reshape(height, width).astype(np.int64)
                place += 16 + body.nbytes
            if place < len(content):
                with self.path.open("rb+") as file:
                    file.truncate(place)

    def _body(self, content: bytes, place: int) -> Counts | None:
        head = np.frombuffer(content[place : place + 16].ljust(16, b"\0"), "<i8")
        body = content[place + 16 : place + 16 + int(head[0])]
        whole = head[0] > 0 and len(body) == head[0] and zlib.crc32(body) == head[1]
        return np.frombuffer(body, "<i8") if whole else None

    def close(self) -> None:
        if self.file:
            self.file.close()

    def remove(self) -> None:
        self.close()
        with tables.writing(self.path):
            self.path.unlink(missing_ok=True)


@contextlib.contextmanager
def _reading(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise RequestError(f"{_shown(out)} cannot be read: {error.strerror or error}") from None


def _shown(out: Path) -> str:
    return short(str(out), 120)
