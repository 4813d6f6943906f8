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
    "model played": "transparent",
}
"""How what people did lies to what the model would have done, with its colour; the page's for none."""


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
    legend = alt.Legend(orient="bottom", title=None, columns=2, labelLimit=240, symbolStrokeWidth=1)
    cells = base.mark_rect(stroke="#8c8c8c", strokeWidth=0.5).encode(
        color=alt.Color("beside:N", scale=looks, legend=legend)
    )
    alike, *_, bare = BESIDE
    glyphs = base.mark_text(fontSize=12, fontWeight="bold").encode(text=alt.Text("glyph:N"))
    dark = alt.condition(alt.datum.beside == alike, alt.value("#222222"), alt.value("white"))
    on_colour = glyphs.transform_filter(alt.datum.beside != bare).encode(color=dark)
    on_page = glyphs.transform_filter(alt.datum.beside == bare)  # in the letters of the page
    return layered(cells, on_colour, on_page).properties(**by_rows(ROW - 3)).to_dict()
