"""A sweep on a terminal: where each clause fares worst and best."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.table import Table
from rich.text import Text

from sim.console.parts import table_of
from sim.palette import GREY
from sim.story import percent
from sim.story import sweep as story
from sim.sweep import Plan
from sim.sweep.extremes import Extreme, Reach

LEGEND = (
    "Of cells with the same survival the first is named. The folder is one table, with a row for each "
    "cell and clause: pandas.read_parquet reads it, and help(sim.sweep.sweep) explains its columns."
)


def sweep(plan: Plan, found: Sequence[Reach]) -> Iterable[object]:
    """How far the survival of each clause goes, and where."""
    yield Text(plan.scenario.about.title, style="bold")
    yield Text(story.played(plan.cells, plan.worlds), style=GREY)
    yield _table(plan, found)
    yield Text(LEGEND, style=GREY)


def _table(plan: Plan, found: Sequence[Reach]) -> Table:
    table = table_of("Clause", "Lowest", "where", "Highest", "where")
    for column in (table.columns[2], table.columns[4]):
        column.no_wrap, column.overflow = False, "fold"
    for column in (table.columns[1], table.columns[3]):
        column.justify = "right"
    for reach in found:
        low, high = reach.lowest, reach.highest
        if low.survival == high.survival:
            table.add_row(reach.clause, percent(low.survival), "everywhere", "", "")
        else:
            table.add_row(reach.clause, *_cell(plan, low), *_cell(plan, high))
    return table


def _cell(plan: Plan, found: Extreme) -> tuple[str, str]:
    return percent(found.survival), story.place(plan.values(found.cell))
