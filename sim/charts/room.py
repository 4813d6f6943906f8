"""People beside the model: what every delegation did with every text, and where the two parted."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from typing import Any

import altair as alt
import pandas as pd

from sim.charts.looks import ROW, Picture, by_rows, every_label, layered
from sim.palette import BLUE, ORANGE

BESIDE = {
    "as the model": "#bdbdbd",
    "harder": ORANGE,
    "softer": BLUE,
    "model played": "#fafafa",
}
"""How what people did lies to what the model would have done, with its colour."""


def beside_model(rows: Iterable[Mapping[str, Any]]) -> Picture:
    """Members by texts: the glyph is what was done, the ground how that lies to the model.

    rows: of every member and text its `name`, the `text`, the `glyph`, `beside` in the words of
    `BESIDE`, and in words what was `done`, `why` and what the `model` would have done.
    """
    return Picture(_beside(), {"cells": pd.DataFrame(list(rows))})


@functools.cache
def _beside() -> dict[str, Any]:
    base = alt.Chart(alt.NamedData("cells")).encode(
        x=alt.X("text:N", sort=None, axis=every_label(labelAngle=-60, orient="top")),
        y=alt.Y("name:N", sort=None, axis=every_label(labelLimit=180)),
        tooltip=[
            alt.Tooltip("name:N", title="Member"),
            alt.Tooltip("text:N", title="Text"),
            alt.Tooltip("done:N", title="Did"),
            alt.Tooltip("why:N", title="Why"),
            alt.Tooltip("model:N", title="The model"),
        ],
    )
    looks = alt.Scale(domain=list(BESIDE), range=list(BESIDE.values()))
    legend = alt.Legend(orient="bottom", title=None, columns=2, labelLimit=240)
    cells = base.mark_rect(stroke="#8c8c8c", strokeWidth=0.5).encode(
        color=alt.Color("beside:N", scale=looks, legend=legend)
    )
    full = (alt.datum.beside == list(BESIDE)[1]) | (alt.datum.beside == list(BESIDE)[2])
    glyphs = base.mark_text(fontSize=12, fontWeight="bold").encode(
        text=alt.Text("glyph:N"),
        color=alt.condition(full, alt.value("white"), alt.value("#222222")),
    )
    return layered(cells, glyphs).properties(**by_rows(ROW - 3)).to_dict()
