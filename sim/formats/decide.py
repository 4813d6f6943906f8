"""The exchange format of Decide and of the equal-gain programs: tagged rows, `;` or tab between cells.

`#A actor; full name` · `#P issue; description` · `#M issue; position; meaning` ·
`#D actor; issue; position; salience; power` · `#O title` · `#/` a comment. Saliences are shares, or
percentages where any is above 1. Source: Stokman & van Oosten (1994), The exchange of voting positions,
in Bueno de Mesquita & Stokman, eds., European Community Decision Making; the layout after
github.com/foarsitter/equal-gain.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sim.errors import did_you_mean
from sim.formats.lines import (
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

NAME = "decide"
TITLE, ACTOR, ISSUE, MEANING, DATA, COMMENT = "#O", "#A", "#P", "#M", "#D", "#/"
CELLS = {
    TITLE: (2, 3, "#O;TITLE"),
    ACTOR: (2, 3, "#A;ACTOR;FULL NAME"),
    ISSUE: (2, 3, "#P;ISSUE;DESCRIPTION"),
    MEANING: (3, 4, "#M;ISSUE;POSITION;MEANING"),
    DATA: (6, 6, "#D;ACTOR;ISSUE;POSITION;SALIENCE;POWER"),
}
"""The fewest and the most cells of each kind of row, its tag among them, and what to write."""

SEPARATORS = (";", "\t")


def is_decide(text: str) -> bool:
    """Whether a text has rows of this format."""
    return any(row.text[:2] in CELLS and row.text[2:3] in SEPARATORS for row in _rows_of(text))


def _rows_of(text: str) -> list[Line]:
    """The lines of a text, their tags without quotation marks, which some programs put there."""
    return [
        Line(line.number, re.sub(r'^ *"?(#[A-Z/])"?', r"\1", line.text)) for line in lines(text)
    ]


def separator_of(rows: list[Line]) -> str:
    """What stands behind the first tag."""
    tagged = (line.text[2:3] for line in rows if line.text[:2] in CELLS)
    return next((mark for mark in tagged if mark in SEPARATORS), ";")


def parse(text: str, file: str, title: str, encoding: str = "UTF-8") -> Positions:
    """The table of a text in this format.

    Raises ScenarioError with one sentence for every line that is wrong.
    """
    problems = Problems(file)
    rows = _rows_of(text)
    found = _Found(problems, separator_of(rows))
    for line in rows:
        found.take(line)
    problems.stop()
    return found.table(title, file, encoding)


class _Found:
    """What was read so far, by tag."""

    def __init__(self, problems: Problems, separator: str) -> None:
        self.problems, self.separator = problems, separator
        self.title: tuple[str, ...] = ()
        self.actors: dict[str, tuple[int, str]] = {}
        self.issues: dict[str, tuple[int, str]] = {}
        self.meanings: list[Line] = []
        self.data: dict[tuple[str, str], Line] = {}

    def take(self, line: Line) -> None:
        tag = line.text[:2]
        if tag == COMMENT or line.text.startswith("# "):
            return
        if tag not in CELLS or line.text[2:3] not in (*SEPARATORS, ""):
            self.problems.add(line.number, self._no_tag(line.text))
            return
        if line.text[2:3] not in (self.separator, ""):
            self.problems.add(
                line.number, "has another separator than the rows above; write one throughout"
            )
            return
        row = cells(line, self.separator, self.problems)
        fewest, most, form = CELLS[tag]
        if not row.cells:
            return
        if not fewest <= len(row.cells) <= most or not all(row.cells[1 : min(fewest, 3)]):
            self.problems.add(line.number, f"`{shown(line.text)}` has not the cells of {form}")
            return
        self._keep(tag, row)

    def _no_tag(self, text: str) -> str:
        word = text.replace("\t", ";").partition(";")[0]
        hint = did_you_mean(word, [*CELLS, COMMENT])
        return f"`{shown(word)}` is no tag of a row. {hint}".rstrip()

    def _keep(self, tag: str, row: Line) -> None:
        name, rest = row.cells[1], row.cells[2] if len(row.cells) > 2 else ""
        if tag == TITLE:
            self.title = self.title or (name, rest)
        elif tag == MEANING:
            self.meanings.append(row)
        elif tag == DATA:
            before = self.data.setdefault((name, rest), row)
            if before is not row:
                where = f"`{shown(name)}` on `{shown(rest)}`"
                self.problems.add(row.number, f"{where} is in line {before.number} already")
        else:
            table = self.actors if tag == ACTOR else self.issues
            before_line, _ = table.setdefault(name, (row.number, rest))
            if before_line != row.number:
                text = f"`{shown(name)}` is in line {before_line} already; leave one out"
                self.problems.add(row.number, text)

    # The table ------------------------------------------------------------------------------------

    def table(self, title: str, file: str, encoding: str) -> Positions:
        problems = self.problems
        for kind, tag, table in (("actor", ACTOR, self.actors), ("issue", ISSUE, self.issues)):
            if not table:
                problems.add(1, f"there is no {kind} in the file; write a row {CELLS[tag][2]}")
        if len(self.actors) * len(self.issues) > MOST_NUMBERS:
            problems.add(1, f"there are more than {MOST_NUMBERS:,} pairs of actor and issue")
        problems.stop()
        self._strangers()
        problems.stop()
        percent = self._percentages()
        numbers = {pair: self._numbers(row, percent) for pair, row in self.data.items()}
        points = {name: list(self._points(name)) for name in self.issues}
        problems.stop()
        names = [(actor, issue) for actor in self.actors for issue in self.issues]
        rows = [names[at : at + len(self.issues)] for at in range(0, len(names), len(self.issues))]
        pick = [
            tuple(tuple(numbers[pair][part] for pair in row) for row in rows) for part in range(3)
        ]
        return Positions(
            title=self.title[0] if self.title else title,
            text=self.title[1] if self.title else "",
            actors=tuple(Actor(name, text) for name, (_, text) in self.actors.items()),
            issues=tuple(
                _issue(name, text, points[name], [numbers[actor, name][0] for actor in self.actors])
                for name, (_, text) in self.issues.items()
            ),
            positions=pick[0],
            saliences=pick[1],
            capabilities=pick[2],
            origin=Origin(
                file,
                NAME,
                encoding,
                tuple(tuple(self.data[pair].number for pair in row) for row in rows),
            ),
        )

    def _strangers(self) -> None:
        """Names that were never declared, and pairs without a row."""
        used = [("actor", row, row.cells[1], self.actors) for row in self.data.values()]
        used += [("issue", row, row.cells[2], self.issues) for row in self.data.values()]
        used += [("issue", row, row.cells[1], self.issues) for row in self.meanings]
        for kind, row, name, table in used:
            if name not in table:
                hint = did_you_mean(name, table)
                text = f"`{shown(name)}` is no {kind} of this file. {hint}".rstrip()
                self.problems.add(row.number, text)
        for actor, (line, _) in self.actors.items():
            for issue in self.issues:
                if (actor, issue) not in self.data:
                    text = f"`{shown(actor)}` has no position on `{shown(issue)}`"
                    form = f"{DATA};{shown(actor)};{shown(issue)};POSITION;SALIENCE;POWER"
                    hint = f"write a row {form}, with salience 0 if it does not care"
                    self.problems.add(line, f"{text}; {hint}")

    def _percentages(self) -> bool:
        silent = Problems("")
        saliences = (
            (row.number, number(row.cells[4], "salience", 0, silent, low=0))
            for row in self.data.values()
        )
        return percentages(saliences, self.problems)

    def _numbers(self, row: Line, percent: bool) -> tuple[float, float, float]:
        line, (place, salience, power) = row.number, row.cells[3:]
        return (
            number(place, "position", line, self.problems),
            number(
                salience,
                "salience",
                line,
                self.problems,
                low=0,
                high=100 if percent else 1,
                percent=percent,
            ),
            number(power, "power", line, self.problems, low=0),
        )

    def _points(self, issue: str) -> Iterator[tuple[float, str]]:
        for row in self.meanings:
            if row.cells[1] == issue:
                value = number(row.cells[2], "position", row.number, self.problems)
                yield value, row.cells[3] if len(row.cells) > 3 else ""


def _issue(name: str, text: str, points: list[tuple[float, str]], taken: list[float]) -> Issue:
    """The scale reaches as far as any place of it that is named or taken; one without meaning counts."""
    places = [value for value, _ in points] + taken
    told = tuple((value, meaning) for value, meaning in points if meaning)
    return Issue(name, min(places), max(places), text, told)


def text_of(table: Positions) -> str:
    """The table in this format, `;` between cells."""
    return written(_rows(table), ";")


def _rows(table: Positions) -> Iterator[list[str]]:
    yield _trimmed(TITLE, table.title, table.text)
    for actor in table.actors:
        yield _trimmed(ACTOR, actor.name, actor.text)
    for issue in table.issues:
        yield _trimmed(ISSUE, issue.name, issue.text)
    for column, issue in enumerate(table.issues):
        for value, meaning in issue.points:
            yield [MEANING, issue.name, exact(value), meaning]
        taken = [row[column] for row in table.positions] + [value for value, _ in issue.points]
        for end in dict.fromkeys((issue.low, issue.high)):
            if not min(taken) <= end <= max(taken):
                yield [MEANING, issue.name, exact(end)]
    for column, issue in enumerate(table.issues):
        for place, actor in enumerate(table.actors):
            numbers = (rows[place][column] for rows in (table.positions, table.saliences))
            power = exact(table.capabilities[place][column])
            yield [DATA, actor.name, issue.name, *map(exact, numbers), power]


def _trimmed(*cells: str) -> list[str]:
    return [cell for cell in cells if cell]


def kept(table: Positions) -> Positions:
    """What of a table has a place in this format: all of it."""
    return table


def losses(_: Positions) -> list[str]:
    """What a table says that has no place in this format: nothing."""
    return []
