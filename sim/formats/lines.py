"""Files of other programs as rows of cells with their line numbers, and what is wrong with them."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from sim.errors import ScenarioError, short

HEAVIEST = 4 * 1024 * 1024
"""Bytes of a file; data sets of this kind have some thousands."""

MOST_NUMBERS = 100_000
"""Actors times issues of a file."""

MOST_PROBLEMS = 20
"""Problems of a file that are told at once."""

LARGEST = 1e9
"""No position and no capability is larger."""

LONGEST = 2000
"""Letters of a cell."""

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)


class Problems:
    """What is wrong with a file, told all at once."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[str] = []

    def add(self, line: int, problem: str) -> None:
        """Something wrong in a line."""
        self.found.append(f"line {line}: {problem}")

    def stop(self) -> None:
        """Raise ScenarioError if anything was wrong."""
        rest = len(self.found) - MOST_PROBLEMS
        if self.found:
            more = [f"{rest} more problems like these"] if rest > 0 else []
            raise ScenarioError(self.file, [*self.found[:MOST_PROBLEMS], *more])


@dataclass(frozen=True)
class Line:
    """A row of a file: where it is, as it stands, and its cells."""

    number: int
    text: str
    cells: tuple[str, ...] = field(default=())


def decoded(content: bytes, file: str) -> tuple[str, str]:
    """Bytes as text, and in which encoding they were: UTF-8, else Windows-1252.

    Raises ScenarioError for what is neither, and for a file that is too large.
    """
    if len(content) > HEAVIEST:
        raise ScenarioError(file, [f"is too large; the limit is {HEAVIEST // 2**20} MB"])
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ScenarioError(file, ["line 1: is UTF-16; save the file as UTF-8"])
    try:
        return content.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("cp1252"), "Windows-1252"
    except UnicodeDecodeError as error:
        line = len(re.findall(rb"\r\n|\r|\n", content[: error.start])) + 1
        problem = f"line {line}: is neither UTF-8 nor Windows-1252; save the file as UTF-8"
        raise ScenarioError(file, [problem]) from None


def lines(text: str) -> list[Line]:
    """The lines of a text that have anything in them, numbered from 1."""
    split = enumerate(re.split(r"\r\n|\r|\n", text), 1)
    return [Line(number, line) for number, line in split if line.strip(" \t;,")]


def cells(line: Line, separator: str, problems: Problems) -> Line:
    """The line cut into cells; empty ones at its end are left out."""
    try:
        reader = csv.reader(
            [line.text], delimiter=separator, skipinitialspace=separator != "\t", strict=True
        )
        found = [cell.replace("\u00a0", " ").strip() for cell in next(reader)]
    except (csv.Error, StopIteration):
        problems.add(
            line.number, 'has a quotation mark that is not closed; write "..." around a whole cell'
        )
        return line
    while found and not found[-1]:
        found.pop()
    for cell in found:
        if not cell.isprintable() or len(cell) > LONGEST:
            what = "is too long" if cell.isprintable() else "has letters that cannot be printed"
            problems.add(line.number, f"`{shown(cell)}` {what}; write plain text")
            return line
    return Line(line.number, line.text, tuple(found))


def shown(text: str) -> str:
    """What was found, short and printable."""
    return short("".join(letter if letter.isprintable() else "?" for letter in text), 40)


def number(
    cell: str,
    what: str,
    line: int,
    problems: Problems,
    *,
    low: float = -LARGEST,
    high: float = LARGEST,
    percent: bool = False,
) -> float:
    """A cell as a number within bounds; 0 and a problem where it is none.

    A percentage becomes a share by moving its decimal point, so that no digit is lost.
    """
    if not NUMBER.fullmatch(cell):
        problems.add(line, f"the {what} {_no_number(cell)}")
        return 0.0
    found = f"the {what} is {shown(cell)}"
    try:
        value = float(Decimal(cell).scaleb(-2) if percent else Decimal(cell))
    except (InvalidOperation, OverflowError):
        value = math.inf
    scale = 0.01 if percent else 1.0
    if not low * scale <= value <= high * scale:
        problems.add(line, f"{found}; it must lie between {low:g} and {high:g}")
        return 0.0
    return value


def _no_number(cell: str) -> str:
    if not cell:
        return "is empty; write a number, as 0.5"
    if re.fullmatch(r"[+-]?\d*,\d+", cell):
        return f"is `{shown(cell)}`, with a decimal comma; write {cell.replace(',', '.')}"
    return f"is `{shown(cell)}`, which is no number; write one, as 0.5"


def percentages(saliences: Iterable[tuple[int, float]], problems: Problems) -> bool:
    """Whether saliences, each with its line, are percentages: one of them is above 1.

    Where others are fractions of 1, one of the two is a slip: a problem, at the first that is above.
    """
    given = list(saliences)
    large = next((at for at, value in given if value > 1), None)
    fraction = next((value for _, value in given if 0 < value < 1), None)
    if large is not None and fraction is not None:
        problems.add(
            large,
            f"has a salience above 1, but another is {fraction:g}; write all as shares of 1, or all "
            "as percentages from 1 to 100",
        )
    return large is not None


def spelled(value: float, *, percent: bool = False) -> str:
    """A number so that reading it gives the same one; a share as a percentage if asked."""
    exact = Decimal(repr(float(value)))
    exact = exact.scaleb(2) if percent else exact
    if exact == 0:
        return "0"
    text = f"{exact.normalize():f}"
    return text if len(text) < 40 else str(exact.normalize())


def written(rows: Iterable[Iterable[str]], separator: str) -> str:
    """Rows of cells as text."""
    return "".join(separator.join(_quoted(cell, separator) for cell in row) + "\n" for row in rows)


def _quoted(cell: str, separator: str) -> str:
    comment = cell.startswith("#") and separator == ","
    plain = separator not in cell and '"' not in cell and not comment
    return cell if plain else '"' + cell.replace('"', '""') + '"'
