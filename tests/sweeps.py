"""A small sweep, and what tests look at."""

from __future__ import annotations

import shutil
from pathlib import Path

from sim import load
from sim.sweep import store, work
from sim.sweep.plan import plan

TOY = "three-neighbours"
VARIES = ["assumptions.cohesion=0:.4:9", "rule=consensus,majority"]
SMALL = {"worlds": 300, "seed": 3}


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def children(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8")
    return [int(child) for child in text.split()]


def unfinished(whole: Path, out: Path) -> Path:
    """A copy of a sweep, its last part under way with one record and half of another."""
    asked = plan(load(TOY), VARIES, **SMALL)
    shutil.copytree(whole, out)
    part = asked.parts - 1
    (out / store.part_name(part)).unlink()
    with store.held(out, asked) as kept:
        cell = asked.cells_of(part)[0]
        kept.add(*work.play(asked, [(cell, 0, 256)])[0])
    journal = out / f"_part-{part:06d}.counts"
    record = journal.read_bytes()
    journal.write_bytes(record + record[: len(record) // 2])
    return out
