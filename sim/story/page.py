"""A page of words and tables, before anybody knows whether it goes to a terminal or into a file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Heading:
    """What follows, in a few words."""

    text: str


@dataclass(frozen=True)
class Paragraph:
    """A few sentences."""

    text: str


@dataclass(frozen=True)
class Items:
    """Sentences one below the other."""

    texts: tuple[str, ...]


@dataclass(frozen=True)
class Grid:
    """A table; `right` are the columns of numbers, `folds` those whose words may be broken up."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: frozenset[int] = frozenset()
    folds: frozenset[int] = frozenset()


Part = Heading | Paragraph | Items | Grid


def markdown(title: str, parts: Iterable[Part]) -> str:
    r"""The page as Markdown.

    >>> print(markdown("Sums", [Grid(("What", "Sum"), (("1 + 1", "2"),), frozenset({1}))]))
    # Sums
    <BLANKLINE>
    | What | Sum |
    |---|---:|
    | 1 + 1 | 2 |
    <BLANKLINE>
    """
    return "\n\n".join([f"# {title}", *map(_written, parts)]) + "\n"


def _written(part: Part) -> str:
    match part:
        case Heading(text):
            return f"## {text}"
        case Paragraph(text):
            return text
        case Items(texts):
            return "\n".join(f"- {text}" for text in texts)
        case Grid(headers, rows, right):
            lines = ("---:" if column in right else "---" for column in range(len(headers)))
            return "\n".join(
                [_row(headers), f"|{'|'.join(lines)}|", *(_row(cells) for cells in rows)]
            )


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"
