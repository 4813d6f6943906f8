"""What moves the margin on a clause, on a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from sim import story
from sim.analysis.estimators import Effect, Indices
from sim.analysis.sensitivity import Sensitivity
from sim.analysis.tornado import End, Swing, Tornado
from sim.console.parts import bar, headed, table_of
from sim.palette import BLUE, GREY, ORANGE
from sim.story import sensitivity as words
from sim.story.numbers import number_name, titled

TOP = 12
"""Rows of a table; a sentence says what the others amount to, and JSON has all."""

NARROW = 10
"""Cells of a bar."""


Found = Tornado | Sensitivity[Indices] | Sensitivity[Effect]


def sensitivity(found: Sequence[Found]) -> Iterable[object]:
    """What decides how near a clause is to a veto, one way of asking after the other."""
    first = found[0]
    yield from headed(first.scenario, f"seed {first.seed}")
    yield Text(f"What decides on {story.clause_name(first.scenario, first.clause)}?")
    views: dict[str, Callable[[Any], Iterable[object]]] = {
        "tornado": tornado,
        "sobol": sobol,
        "morris": morris,
    }
    for each in found:
        yield from views[each.method](each)
    yield Text(f"\n{words.MARGIN}", style=GREY)


def tornado(found: Tornado) -> Iterable[object]:
    """Each dial at both ends, those that move the margin furthest first."""
    yield Text("\nOne dial turned, the others left", style="bold")
    yield Text(words.widest(found))
    moving = [swing for swing in found.swings if found.moves(swing)]
    if moving:
        yield _tornado(moving)
    remarks = (words.idle(found), words.in_rounds(found))
    yield from (Text(line) for line in remarks if line)
    yield Text(words.TURNED, style=GREY)


def _tornado(swings: Iterable[Swing]) -> Table:
    table = table_of("Dial", "at", "Margin", "Survives", "at", "Margin", "Survives")
    table.columns[0].no_wrap, table.columns[0].overflow = False, "fold"
    for column in table.columns[1:]:
        column.justify = "right"
    for swing in swings:
        table.add_row(swing.dial.title, *_end(swing, swing.low), *_end(swing, swing.high))
    return table


def _end(swing: Swing, end: End | None) -> tuple[Text, Text, Text]:
    if end is None or end.at is None:
        return Text("–"), Text(""), Text("")
    style = ORANGE if end.margin < 0 else BLUE
    return (
        Text(story.turned_to(swing.dial, end.at), style=GREY),
        Text(story.signed(end.margin), style=style),
        Text(story.percent(end.share.survival)),
    )


def sobol(found: Sensitivity[Indices]) -> Iterable[object]:
    """The factors that explain most of how the margin varies."""
    yield from _opening("All turned at once", found, words.explains(found))
    if not found.clear():
        return
    table = _ranked("Factor", "", "Total", "Alone")
    for name, each in found.clear(TOP).items():
        drawn = bar(min(max(each.total.value, 0.0), 1.0), NARROW)
        indices = map(words.share_of, (each.total, each.first))
        table.add_row(titled(number_name(found.scenario, name)), drawn, *indices)
    yield table
    yield from _closing(found, words.SOBOL)


def morris(found: Sensitivity[Effect]) -> Iterable[object]:
    """The single numbers that move the margin furthest."""
    yield from _opening("Every number by itself", found, words.moves(found))
    if not found.clear():
        return
    table = _ranked("Number", "", "Moves", "Spread")
    for name, each in found.clear(TOP).items():
        sign = Text("▲", style=BLUE) if each.change > 0 else Text("▼", style=ORANGE)
        moved = words.size_of(each.size), f"{each.spread:.3f}"
        table.add_row(titled(number_name(found.scenario, name)), sign, *moved)
    yield table
    yield Text("▲ raises the margin as the number rises, ▼ lowers it.", style=GREY)
    yield from _closing(found, words.MORRIS)


def _opening(title: str, found: Sensitivity[Any], sentence: str) -> Iterable[object]:
    yield Text(f"\n{title}", style="bold")
    yield from [Text(words.worked_out(found), style=GREY)] * bool(found.worlds)
    yield Text(sentence)


def _ranked(*headers: str) -> Table:
    """A table whose first column has long names."""
    table = table_of(*headers)
    table.columns[0].no_wrap, table.columns[0].overflow = False, "fold"
    return table


def _closing(found: Sensitivity[Any], legend: str) -> Iterable[object]:
    remarks = (words.left_out(found, len(found.clear(TOP))), words.says_little(found.scenario))
    yield from (Text(line) for line in remarks if line)
    yield Text(legend, style=GREY)
