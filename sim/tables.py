"""Outcomes as data frames, and files written whole or not at all."""

from __future__ import annotations

import contextlib
import json
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from sim.errors import RequestError, short
from sim.outcome import Outcome


def clauses(outcome: Outcome) -> pd.DataFrame:
    """One row a clause: survival with its interval, objectors, ceiling, level and price."""
    rows = [row for name, row in outcome.measures().items() if name != "treaty"]
    return pd.DataFrame([_flat(row) for row in rows])


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    low, high = row["interval"]
    flat = {key: row[key] for key in ("id", "title", "survival", "as_tabled")}
    flat |= {"survival_low": low, "survival_high": high}
    flat |= {key: row[key] for key in ("objectors", "supporters", "usual_objectors")}
    for kind in ("ceiling", "level", "price"):
        flat |= {f"{kind}_{p}": row[kind][p] for p in ("p05", "p50", "p95")}
    for kind in ("blockers", "sole_blockers"):
        flat[kind] = _pairs(row[kind])
    return flat | {"binding": _pairs(row["ceiling"]["binding"])}


def _pairs(shares: dict[str, float]) -> str:
    """`POL 0.64; EST 0.51`, for a cell."""
    return "; ".join(f"{iso} {share:.4g}" for iso, share in shares.items())


def members(outcome: Outcome) -> pd.DataFrame:
    """One row for each member and clause: in which share of worlds it does what."""
    tally = outcome.tally
    counts = {
        "objects": tally.objects,
        "supports": tally.supports,
        "blocks": tally.blocks,
        "sole_blocker": tally.blocks_alone,
        "reservation": tally.reservations,
        "solidarity": tally.solidarity,
        "binding": tally.binds,
    }
    names = [(iso, clause) for iso in outcome.scenario.seats for clause in outcome.survival]
    frame = pd.DataFrame(names, columns=["member", "clause"])
    return frame.assign(**{name: outcome.share(n).ravel() for name, n in counts.items()})


def save_csv(outcome: Outcome, path: Path) -> None:
    """Write the clauses as CSV, whatever the file is called, and a manifest beside it.

    Raises RequestError when the place cannot be written; then nothing is left half written.
    """
    frame = clauses(outcome)
    whole(path, lambda place: frame.to_csv(place, index=False))
    _save_manifest(outcome, path)


def save_parquet(outcome: Outcome, path: Path) -> None:
    """Write the clauses as Parquet, whatever the file is called, and a manifest beside it.

    Raises RequestError when the place cannot be written; then nothing is left half written.
    """
    frame = clauses(outcome)
    whole(path, lambda place: frame.to_parquet(place, index=False))
    _save_manifest(outcome, path)


def _save_manifest(outcome: Outcome, path: Path) -> None:
    text = json.dumps({"schema": 1, **outcome.provenance()}, indent=2, ensure_ascii=False)
    whole(manifest_of(path), lambda place: Path(place).write_text(text + "\n", "utf-8"))


def manifest_of(path: Path) -> Path:
    """Where the manifest of a file of results goes."""
    return path.with_name(f"{path.name}.manifest.json")


def try_place(path: Path) -> None:
    """Raise RequestError with a sentence where a file and its manifest cannot be written.

    Asked before a long run, not after it. Nothing is left behind.
    """
    for each in (path, manifest_of(path)):
        with beside(each) as place:
            place.touch()


def try_text(path: Path) -> None:
    """The same for a file without a manifest."""
    with beside(path) as place:
        place.touch()


def save_text(text: str, path: Path) -> None:
    """Write a text.

    Raises RequestError when the place cannot be written; then nothing is left half written.
    """
    whole(path, lambda place: Path(place).write_text(text, "utf-8"))


def whole(path: Path, write: Callable[[str], Any]) -> None:
    """Write beside the file and rename, so that a file is there whole or not at all.

    That also holds when the power fails: the content is on the disk before the name is.

    Raises RequestError when the place cannot be written.
    """
    with beside(path) as place:
        write(str(place))
        with place.open("rb+") as written:
            os.fsync(written.fileno())
        place.replace(path)


@contextlib.contextmanager
def beside(path: Path) -> Iterator[Path]:
    """A place to write to before a file is replaced; gone afterwards, whatever happens."""
    place = path.parent / f".{path.name[:40]}.{os.getpid()}.part"
    ordinary = True
    try:
        with writing(path):
            with contextlib.suppress(FileNotFoundError):
                ordinary = stat.S_ISREG(path.stat().st_mode)
            if not ordinary:
                raise RequestError(f"{path} cannot be written: it is no ordinary file")
            yield place
    finally:
        with contextlib.suppress(OSError):
            place.unlink()


@contextlib.contextmanager
def writing(path: Path) -> Iterator[None]:
    """What goes wrong while a place is written to, as one sentence."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise RequestError(f"{short(str(path), 120)} cannot be written: {reason}") from None
