"""How all pictures look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import altair as alt
import pandas as pd
import pyarrow as pa

from sim.palette import BLUE, ORANGE, SILENT
from sim.scenario import Scenario
from sim.story import labelled

LABEL = alt.ExprRef("containerSize()[0] < 400 ? 105 : 240")
"""The longest label of a row, in pixels, so that a phone has room for the picture."""

ROW = 24
"""Height of a row, in pixels, so that no label is left out."""

SHADE = "#a6a6a6"
"""What did not come about; readable behind black text, on light and on dark."""

FATES = {"As tabled": BLUE, "Watered down": "#56B4E9", "Dead": SHADE}
"""What becomes of a clause, with its colour; the lighter blue is Okabe & Ito's (2008)."""

STANCES = {
    "Supports": (BLUE, "✓"),
    "Stays silent": (SILENT, "–"),
    "Breaks the silence": (ORANGE, "✕"),
}
"""What a member does, with its colour and its glyph."""


def every_label(**looks: Any) -> alt.Axis:
    """An axis of names, none of which is left out."""
    return alt.Axis(labelOverlap=False, labelFlush=False, title=None, **looks)


def by_rows(height: float) -> dict[str, Any]:
    """The size of a picture whose rows are so many pixels high, in a column of any width."""
    return {
        "height": alt.Step(height),
        "autosize": alt.AutoSizeParams(type="fit-x", contains="padding"),
    }


def layered(*charts: alt.Chart) -> alt.LayerChart:
    """Pictures on top of each other, made in one go."""
    return alt.LayerChart(layer=list(charts))


@dataclass(frozen=True)
class Picture:
    """A picture whose form is made once for all, with the tables that it shows, by their names.

    arrow: the tables that are already written as they travel to a browser.
    """

    form: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]
    arrow: Mapping[str, bytes] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """The whole of it as Vega-Lite, to be drawn anywhere."""
        rows = {name: table.to_dict("records") for name, table in self.tables.items()}
        return {**self.form, "datasets": rows}

    def packed(self) -> Picture:
        """The same, ready to be sent many times."""
        return replace(self, arrow={name: _arrow(table) for name, table in self.tables.items()})

    def showing(self, **tables: pd.DataFrame) -> Picture:
        """The same with other tables in the place of some."""
        kept = {name: bits for name, bits in self.arrow.items() if name not in tables}
        return replace(self, tables={**self.tables, **tables}, arrow=kept)


def _arrow(table: pd.DataFrame) -> bytes:
    """A table as an Arrow stream, without the numbers of its rows."""
    rows, sink = pa.Table.from_pandas(table, preserve_index=False), pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, rows.schema) as writer:
        writer.write_table(rows)
    return bytes(sink.getvalue())


def on_shade(base: alt.Chart, shade: str, text: str, **looks: Any) -> alt.Chart:
    """A text on cells that run from pale to full: dark on pale ones, white on full ones."""
    return base.mark_text(fontSize=11, **looks).encode(
        text=f"{text}:N",
        color=alt.condition(f"datum.{shade} > 0.8", alt.value("white"), alt.value("#222222")),
    )


def written(level: float | None) -> str:
    """A level as a cell writes it; nothing where the clause is not on the table."""
    if level is None:
        return ""
    return f"{level:.2f}".removeprefix("0") if level < 1 else "1"


def clause_label(scenario: Scenario, name: str) -> str:
    """A clause as the label of a row."""
    return labelled(name, scenario.clauses[name].title)
