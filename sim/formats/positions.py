"""Who stands where on what, how much it matters to them, and what they can do: one neutral table.

Every format is read into it and written from it, so that no two formats need to know each other.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

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

    def on_one_line(self) -> Positions:
        """The table with each description on one line, as cells have it; names stay as they are."""

        def spoken(issue: Issue) -> Issue:
            points = tuple((value, _line(meaning)) for value, meaning in issue.points)
            return replace(issue, text=_line(issue.text), points=points)

        return replace(
            self,
            title=_line(self.title),
            text=_line(self.text),
            actors=tuple(Actor(actor.name, _line(actor.text)) for actor in self.actors),
            issues=tuple(map(spoken, self.issues)),
        )

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


def _line(text: str) -> str:
    r"""A description on one line.

    >>> _line("It stands\n    on its own. ")
    'It stands on its own.'
    """
    return " ".join(text.split())
