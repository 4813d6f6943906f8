"""Who stands where on what, how much it matters to them, and what they can do: one neutral table.

Every format is read into it and written from it, so that no two formats need to know each other.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sim.arrays import Reals
from sim.errors import RequestError, did_you_mean

Rows = tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Actor:
    """Who has positions: its name in the file, and what the file says of it."""

    name: str
    text: str = ""


@dataclass(frozen=True)
class Issue:
    """What positions are about: a scale from `low` to `high`, some places of which have a meaning."""

    name: str
    low: float
    high: float
    text: str = ""
    points: tuple[tuple[float, str], ...] = ()


@dataclass(frozen=True)
class Origin:
    """Where a table was read: file, format, encoding, and the line of each number, (M, C)."""

    file: str
    format: str
    encoding: str
    lines: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Positions:
    """A table of actors and issues; two are equal when they say the same, wherever they were read.

    positions, on the scale of each issue; saliences, from 0 to 1; capabilities at or above zero, on any
    scale: each one row an actor and one column an issue, (M, C).
    """

    title: str
    actors: tuple[Actor, ...]
    issues: tuple[Issue, ...]
    positions: Rows
    saliences: Rows
    capabilities: Rows
    text: str = ""
    origin: Origin | None = field(default=None, compare=False)

    def arrays(self) -> tuple[Reals, Reals, Reals]:
        """Positions, saliences and capabilities for arithmetic. (M, C) each."""
        return np.array(self.positions), np.array(self.saliences), np.array(self.capabilities)

    def among(self, names: list[str]) -> Positions:
        """The table of some of its issues, in the order of the file.

        Raises RequestError for an issue that it has not got.
        """
        known = [issue.name for issue in self.issues]
        for name in names:
            if name not in known:
                hint = did_you_mean(name, known)
                raise RequestError(f"`{name}` is no issue of this file. {hint}".rstrip())
        kept = [column for column, name in enumerate(known) if name in names]

        def of(rows: Rows) -> Rows:
            return tuple(tuple(row[column] for column in kept) for row in rows)

        origin = self.origin
        if origin:
            lines = tuple(tuple(row[column] for column in kept) for row in origin.lines)
            origin = Origin(origin.file, origin.format, origin.encoding, lines)
        return Positions(
            title=self.title,
            actors=self.actors,
            issues=tuple(self.issues[column] for column in kept),
            positions=of(self.positions),
            saliences=of(self.saliences),
            capabilities=of(self.capabilities),
            text=self.text,
            origin=origin,
        )


def weighted_mean(positions: Reals, weights: Reals) -> Reals:
    """What the compromise model predicts, Σ w·x / Σ w; the plain mean without weights. (M, C) -> (C,).

    Source: van den Bos (1991), Dutch EC policy making; Thomson, Stokman, Achen & König, eds. (2006),
    The European Union Decides, ch. 5.
    """
    total = weights.sum(axis=0)
    even = np.where(total > 0, weights, 1.0)
    return np.asarray((even * positions).sum(axis=0) / even.sum(axis=0))


def weighted_median(positions: Reals, weights: Reals) -> Reals:
    """The smallest position at which the cumulated weight reaches half. (M, C) -> (C,)."""
    found = []
    for column, weight in zip(positions.T, weights.T):
        order = np.argsort(column, kind="stable")
        given = weight[order] if weight.sum() > 0 else np.ones(len(order))
        reached = given.cumsum() >= given.sum() / 2 * (1 - 1e-12)
        found.append(column[order][int(np.argmax(reached))])
    return np.array(found)
