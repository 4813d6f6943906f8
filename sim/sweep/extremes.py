"""Where in a sweep each clause fares worst and best."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd


@dataclass(frozen=True)
class Extreme:
    """A cell by the share of its worlds in which a clause survives."""

    survival: float
    cell: int


@dataclass(frozen=True)
class Reach:
    """How far the survival of a clause, or of the treaty, goes; of cells alike the first."""

    clause: str
    lowest: Extreme
    highest: Extreme


def reaches(frames: Iterable[pd.DataFrame]) -> list[Reach]:
    """The reach of each clause over all parts of a sweep, the treaty's first."""
    found: dict[str, Reach] = {}
    for frame in frames:
        for clause, rows in frame.groupby("clause", sort=False):
            here = _reach(str(clause), rows)
            found[here.clause] = _wider(found.get(here.clause, here), here)
    return list(found.values())


def _reach(clause: str, rows: pd.DataFrame) -> Reach:
    survival, cell = rows["survival"].to_numpy(), rows["cell"].to_numpy()
    lowest, highest = (
        Extreme(float(survival[place]), int(cell[place]))
        for place in (survival.argmin(), survival.argmax())
    )
    return Reach(clause, lowest, highest)


def _wider(one: Reach, other: Reach) -> Reach:
    low = min(one.lowest, other.lowest, key=lambda found: (found.survival, found.cell))
    high = min(one.highest, other.highest, key=lambda found: (-found.survival, found.cell))
    return Reach(one.clause, low, high)


def as_json(reach: Reach, values: Callable[[int], dict[str, Any]]) -> dict[str, Any]:
    """A reach under the names of the JSON; `values` says what a cell changes."""
    return {
        "id": reach.clause,
        **{
            name: {"survival": end.survival, "cell": end.cell, "values": values(end.cell)}
            for name, end in (("lowest", reach.lowest), ("highest", reach.highest))
        },
    }
