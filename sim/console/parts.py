"""What the views on a terminal are made of: tables, bars and columns that fit the screen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from rich import box
from rich.columns import Columns
from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from sim import story
from sim.palette import BLUE, GREY, ORANGE
from sim.scenario import Scenario

WIDTH = 80


def console(*, stderr: bool = False) -> Console:
    """A console no wider than eighty columns, so that tables look the same everywhere."""
    wide = Console(stderr=stderr, highlight=False)
    return Console(stderr=stderr, highlight=False, width=min(wide.width, WIDTH))


def progress(noun: str = "worlds") -> Progress:
    """A bar on a terminal's standard error; silent elsewhere."""
    screen = Console(stderr=True)
    return Progress(
        TextColumn("{task.completed:,.0f} of {task.total:,.0f} " + noun),
        BarColumn(bar_width=30),
        TimeRemainingColumn(),
        console=screen,
        transient=True,
        disable=not screen.is_terminal,
    )


def headed(scenario: Scenario, where: str) -> Iterator[Text]:
    """The scenario, its rule and in which worlds, and what was changed."""
    yield Text(scenario.about.title, style="bold")
    yield Text(story.scene(scenario, scenario.rule.name, where), style=GREY)
    yield from (Text(line, style=GREY) for line in story.changed(scenario))


def table_of(*headers: str, title: str = "") -> Table:
    """An empty table with these headers, whose cells do not wrap."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, title=title or None)
    for header in headers:
        table.add_column(header, no_wrap=True)
    return table


def bar(share: float, width: int = 10) -> Text:
    """A share as a bar.

    >>> bar(.25, 4).plain
    '█░░░'
    """
    full = round(share * width)
    return Text.assemble(("█" * full, BLUE), ("░" * (width - full), GREY))


def fitting(table: Callable[[int], Table], widths: Iterable[int]) -> Table:
    """The table with the widest bars that fit the screen, without bars if none do."""
    fits = (drawn for width in widths if natural_width(drawn := table(width)) <= console().width)
    return next(fits, None) or table(0)


def natural_width(table: Table) -> int:
    """The width of a table that has all the room it wants."""
    return Console(width=1000).measure(table).maximum


def side_by_side(names: Sequence[str], draw: Callable[[Sequence[str]], Table]) -> Iterator[Table]:
    """As few tables as fit the screen, each with as many of the columns as it holds."""
    fits = (
        n for n in range(len(names), 1, -1) if natural_width(draw(names[:n])) <= console().width
    )
    last = next(fits, 1)
    yield draw(names[:last])
    if names[last:]:
        yield from side_by_side(names[last:], draw)


def named(rows: Iterable[tuple[str, str]]) -> Padding:
    """Names on the left, sentences beside them, indented as a whole."""
    grid = Table.grid("", "", padding=(0, 2, 0, 0))
    grid.columns[0].overflow, grid.columns[0].max_width = "fold", 24
    for name, text in rows:
        grid.add_row(Text(name), Text(text))
    return indented(grid)


def indented(part: Table | Text | Columns) -> Padding:
    """Two columns further in."""
    return Padding(part, (0, 0, 0, 2))


def signed(value: float, largest: float, width: int) -> Text:
    """A bar to the left for a loss, to the right for a gain."""
    size = round(abs(value) / largest * width) if largest else 0
    left, right = (size, 0) if value < 0 else (0, size)
    return Text.assemble((" " * (width - left), ""), ("█" * left, ORANGE), "│", ("█" * right, BLUE))
