"""KTAB's CSV: one row an actor, with its power, and a position and a salience for every issue.

Line 1 is `name,description,actors,issues`, line 2 has heads of columns, then follow
`Actor,Description,Power,Pos1,Sal1,Pos2,Sal2,…`; positions and saliences run from 0 to 100. A file
without line 1 is read as papers print such tables, `Actor,Capability,Position,Salience`: its positions
are on whatever scale they are. Source: KTAB, the KAPSARC Toolkit for Behavioral Analysis.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from sim.errors import RequestError
from sim.formats.lines import (
    LARGEST,
    MOST_NUMBERS,
    Line,
    Problems,
    cells,
    lines,
    number,
    percentages,
    shown,
    written,
)
from sim.formats.lines import spelled as exact
from sim.formats.positions import Actor, Issue, Origin, Positions

NAME = "ktab"
HEAD = re.compile(r"(?:positions?|pos|pstn)[ _]*\d*(?: +(.*))?", re.IGNORECASE | re.ASCII)
SEPARATORS = ",;\t"
FORM = "Actor,Description,Power,Pos1,Sal1"
FULL = 100.0
COMMENT = re.compile(r"#(/|\s|$)")
"""A line that is none of the table; below the heads an actor may be called `#1 Corp`."""


def parse(text: str, file: str, title: str, encoding: str = "UTF-8") -> Positions:
    """The table of a text in this format.

    Raises ScenarioError with one sentence for every line that is wrong.
    """
    problems = Problems(file)
    rows = _rows_of(text)
    at = max((place for place, row in enumerate(rows[:2]) if _is_head(row)), default=None)
    if at is None:
        where = rows[min(1, len(rows) - 1)].number if rows else 1
        problems.add(where, f"there is no line of heads of columns; write one, as {FORM}")
        problems.stop()
    head = rows[int(at or 0)]
    separator = max(SEPARATORS, key=head.text.count)
    first = cells(rows[0], separator, problems) if at else None
    table = _Columns(cells(head, separator, problems), problems)
    problems.stop()
    read = [cells(row, separator, problems) for row in rows[int(at or 0) + 1 :]]
    problems.stop()
    table.check(read, first)
    problems.stop()
    said = first.cells if first else ()
    return table.positions(
        read,
        title=(said[0] if said else "") or title,
        text=said[1] if len(said) > 1 else "",
        origin=(file, encoding),
        fixed=first is not None,
    )


def _rows_of(text: str) -> list[Line]:
    """The lines that are no comments; above the heads whatever begins with `#` is one."""
    found = [line for line in lines(text) if not COMMENT.match(line.text)]
    plain = [line for line in found if not line.text.startswith("#")]
    head = max((line.number for line in plain[:2] if _is_head(line)), default=0)
    return [line for line in found if line.number > head or not line.text.startswith("#")]


def _is_head(line: Line) -> bool:
    return re.match(r'[" ]*actors?[" ]*[,;\t]', line.text, re.IGNORECASE) is not None


class _Columns:
    """Which column says what."""

    def __init__(self, head: Line, problems: Problems) -> None:
        self.head, self.problems = head, problems
        names = head.cells
        self.described = len(names) > 1 and names[1].casefold() == "description"
        self.power = 2 if self.described else 1
        self.first = self.power + 1
        pairs, odd = divmod(len(names) - self.first, 2)
        if pairs < 1 or odd:
            problems.add(
                head.number,
                f"has {len(names)} heads of columns; write a position and a salience for every issue, "
                f"as {FORM}",
            )
        self.issues = [_issue_name(names[self.first + 2 * place], place) for place in range(pairs)]
        for place, name in enumerate(self.issues):
            if name in self.issues[:place]:
                problems.add(head.number, f"has the issue `{shown(name)}` twice; name it once")

    def check(self, rows: list[Line], first: Line | None) -> None:
        """Whether there are actors, each once and with all cells, and as many as line 1 says."""
        problems, seen = self.problems, dict[str, int]()
        wanted = self.first + 2 * len(self.issues)
        if not rows:
            problems.add(self.head.number, "is followed by no actor; write a row for each")
        if len(rows) * len(self.issues) > MOST_NUMBERS:
            problems.add(1, f"there are more than {MOST_NUMBERS:,} pairs of actor and issue")
        for row in rows:
            if len(row.cells) != wanted:
                problems.add(
                    row.number, f"has {len(row.cells)} cells, but the heads name {wanted} columns"
                )
                continue
            name = row.cells[0]
            if not name:
                problems.add(row.number, "names no actor; write its name in the first cell")
            elif name in seen:
                problems.add(
                    row.number, f"`{shown(name)}` is in line {seen[name]} already; leave one out"
                )
            seen.setdefault(name, row.number)
        if first is not None:
            self._check_counts(first, len(rows))

    def _check_counts(self, first: Line, actors: int) -> None:
        if len(first.cells) != 4:
            text = f"has {len(first.cells)} cells; write name,description,actors,issues"
            self.problems.add(first.number, text)
            return
        for cell, count, what in zip(
            first.cells[2:], (actors, len(self.issues)), ("actors", "issues")
        ):
            if not (cell.isascii() and cell.isdecimal()) or cell.lstrip("0") != str(count):
                text = f"says `{shown(cell)}` {what}, but there are {count}; write {count}"
                self.problems.add(first.number, text)

    def percentages(self, rows: list[Line]) -> bool:
        """Whether saliences are percentages."""
        silent, places = Problems(""), range(self.first + 1, self.first + 2 * len(self.issues), 2)
        saliences = (
            (row.number, number(row.cells[at], "", 0, silent, low=0))
            for row in rows
            for at in places
        )
        return percentages(saliences, self.problems)

    def positions(
        self,
        rows: list[Line],
        *,
        title: str,
        text: str,
        origin: tuple[str, str],
        fixed: bool,
    ) -> Positions:
        """The table; `fixed` where everything runs from 0 to 100, as KTAB has it."""
        problems, counted = self.problems, len(self.issues)
        low, high = (0.0, FULL) if fixed else (-LARGEST, LARGEST)
        percent = fixed or self.percentages(rows)

        def of(row: Line, place: int) -> tuple[float, float]:
            at = self.first + 2 * place
            where = number(row.cells[at], "position", row.number, problems, low=low, high=high)
            most = FULL if percent else 1.0
            weight = number(
                row.cells[at + 1],
                "salience",
                row.number,
                problems,
                low=0,
                high=most,
                percent=percent,
            )
            return where, weight

        numbers = [[of(row, place) for place in range(counted)] for row in rows]
        powers = [
            number(row.cells[self.power], "power", row.number, problems, low=0) for row in rows
        ]
        problems.stop()
        taken = [[row[place][0] for row in numbers] for place in range(counted)]
        ends = [(low, high) if fixed else (min(each), max(each)) for each in taken]
        return Positions(
            title=title,
            text=text,
            actors=tuple(Actor(r.cells[0], r.cells[1] if self.described else "") for r in rows),
            issues=tuple(Issue(name, *end) for name, end in zip(self.issues, ends)),
            positions=tuple(tuple(pair[0] for pair in row) for row in numbers),
            saliences=tuple(tuple(pair[1] for pair in row) for row in numbers),
            capabilities=tuple((power,) * counted for power in powers),
            origin=Origin(origin[0], NAME, origin[1], tuple((r.number,) * counted for r in rows)),
        )


def _issue_name(head: str, place: int) -> str:
    """The name of an issue from the head of its column: `Pos2` is the second issue, and has no name."""
    found = HEAD.fullmatch(head)
    if found is None:
        return head or f"issue_{place + 1}"
    return found[1] or f"issue_{place + 1}"


def text_of(table: Positions) -> str:
    """The table in this format.

    Raises RequestError where it cannot say what the table says: power that differs from issue to issue,
    and scales that do not run from 0 to 100.
    """
    for actor, row in zip(table.actors, table.capabilities):
        if len(set(row)) > 1:
            raise RequestError(
                f"KTAB knows one power for each actor, but that of {shown(actor.name)} differs from "
                "issue to issue; write --to decide"
            )
    for issue in table.issues:
        if (issue.low, issue.high) != (0.0, FULL):
            raise RequestError(
                f"KTAB measures positions from 0 to 100, but {shown(issue.name)} runs from "
                f"{issue.low:g} to {issue.high:g}; write --to decide"
            )
    return written(_rows(table), ",")


def _rows(table: Positions) -> Iterator[list[str]]:
    counts = (len(table.actors), len(table.issues))
    yield [table.title, table.text, *map(str, counts)]
    heads = []
    for place, issue in enumerate(table.issues, 1):
        name = "" if issue.name == f"issue_{place}" else f" {issue.name}"
        heads += [f"Pos{place}{name}", f"Sal{place}"]
    yield ["Actor", "Description", "Power", *heads]
    for at, actor in enumerate(table.actors):
        pairs = zip(table.positions[at], table.saliences[at])
        numbers = [text for x, s in pairs for text in (exact(x), exact(s, percent=True))]
        yield [actor.name, actor.text, exact(table.capabilities[at][0]), *numbers]


def kept(table: Positions) -> Positions:
    """What of a table has a place in this format; `losses` tells the rest."""
    bare = tuple(Issue(issue.name, issue.low, issue.high) for issue in table.issues)
    return replace(table, issues=bare)


def losses(table: Positions) -> list[str]:
    """What has no place in this format, in sentences."""
    points = sum(len(issue.points) for issue in table.issues)
    texts = sum(bool(issue.text) for issue in table.issues)
    said = [(points, "the meaning of places on the scale"), (texts, "the description of issues")]
    return [f"KTAB has no place for {what}; left out: {count}" for count, what in said if count]
