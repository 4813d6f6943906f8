"""Other schools on a terminal: what each predicts of every clause, beside the rule."""

from __future__ import annotations

import math
from collections.abc import Iterable

from rich.table import Table
from rich.text import Text

from sim import story
from sim.baselines.predictions import Prediction, Predictions
from sim.console.parts import console, headed, named, natural_width, table_of
from sim.palette import BLUE, GREY, ORANGE
from sim.story import baselines as words

LEGIBLE = 20
"""Columns below which a title is not worth its place."""


def baselines(found: Predictions, clause: str | None = None) -> Iterable[object]:
    """All clauses in the eyes of all schools, or one with where its members stand."""
    yield from headed(found.scenario, words.WHERE)
    yield _clauses(found, [clause] if clause else list(found.clauses))
    yield Text(words.scale(found), style=GREY)
    if clause:
        yield Text(f"\n{words.one(found, clause)}")
        yield _members(found, clause)
        yield Text(f"\n{words.WORTH}")
        yield _worth(found, clause)
    else:
        yield Text(f"\n{words.always(found)}")
        yield from (Text(line) for line in words.apart(found))
        yield from (Text(line) for line in words.lesson(found))
    yield Text("\nWhat they compute", style="bold")
    yield named(words.meanings(found).items())
    yield Text(words.judgement(found), style=GREY)


def _clauses(found: Predictions, names: list[str]) -> Table:
    """One row a clause, the rule first; with titles where the screen has room for them."""
    room = console().width - natural_width(_rows(found, names, 0)) - 1
    return _rows(found, names, room if room >= LEGIBLE else 0)


def _rows(found: Predictions, names: list[str], room: int) -> Table:
    """The clauses, their titles in so many columns; without titles in none."""
    title = [""] * bool(room)
    text = ["Text"] * found.scenario.spatial
    table = table_of("Clause", *title, *text, words.rule_name(found), *words.NAMES.values())
    if room:
        table.columns[1].no_wrap, table.columns[1].max_width = False, room
    for column in table.columns[-len(words.NAMES) :]:
        column.justify = "right"
    for name in names:
        row = found.clauses[name]
        title = [found.scenario.clauses[name].title] * bool(room)
        levels = [words.place(row, level) for level in row.levels.values()]
        text = [words.text(row)] * found.scenario.spatial
        table.add_row(name, *title, *text, _verdict(row), *levels)
    return table


def _verdict(row: Prediction) -> Text:
    dead = row.agreed is None
    return Text(words.verdict(row), style=ORANGE if dead else BLUE if row.agreed == 1 else "")


def _members(found: Predictions, clause: str) -> Table:
    """Where members stand, from the status quo on, and how far each lets the clause go."""
    about, spatial = found.clauses[clause], found.scenario.spatial
    weight = "Capability" if spatial else "Voice"
    table = table_of("Member", "", "Stands at", "Cares", weight, "Ceiling")
    for column in table.columns[2:]:
        column.justify = "right"
    for row in found.members(clause):
        limit = "any" if math.isinf(row["ceiling"]) else words.place(about, row["ceiling"])
        table.add_row(
            row["member"],
            story.own_name(found.scenario, row["member"]),
            words.place(about, row["position"]),
            f"{row['salience']:.3f}",
            f"{row['capability']:.3g}" if spatial else f"{row['capability']:.2f}",
            limit,
        )
    return table


def _worth(found: Predictions, clause: str) -> Table:
    """What the status quo, the mean and the text are worth to each member in the spatial model."""
    table = table_of("Member", "Status quo", "Mean", "As tabled")
    for column in table.columns[1:]:
        column.justify = "right"
    for row in found.members(clause):
        table.add_row(row["member"], *(words.level(value) for value in row["worth"].values()))
    return table
