"""Boxes of the assumptions in which a clause survives, over the worlds in which they were found."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from sim import story
from sim.analysis.discovery import Discovery, Region
from sim.analysis.experiments import Range
from sim.charts.looks import LABEL, ROW, SHADE, by_rows, every_label
from sim.palette import BLUE, GREY, ORANGE
from sim.story import discovery as words

POINTS = 500
"""Worlds that are drawn; with more the picture turns into two blots."""

BESIDE = 0.7
"""Room for the words beside a bar, in lengths of the bar, so that a phone shows them."""

FATES = {"Survives": (BLUE, "circle"), "Falls": (ORANGE, "triangle-down")}

LINE = 16
"""Between the names of two boxes, in pixels: boxes that share a corner would hide each other's."""


def boxes(found: Discovery) -> alt.LayerChart:
    """Worlds over the two dials that tell most, and the boxes as far as these two limit them."""
    across, up = plane(found)
    worlds = _worlds(found, across, up)
    look = {name: colour for name, (colour, _) in FATES.items()}
    legend = alt.Legend(title=None, orient="bottom")
    points = (
        alt.Chart(worlds)
        .mark_point(size=32, opacity=0.8, strokeWidth=1.2)
        .encode(
            x=_along(alt.X, "x:Q", across),
            y=_along(alt.Y, "y:Q", up),
            color=alt.Color(
                "fate:N",
                scale=alt.Scale(domain=list(look), range=list(look.values())),
                legend=legend,
            ),
            shape=alt.Shape(
                "fate:N",
                scale=alt.Scale(domain=list(FATES), range=[shape for _, shape in FATES.values()]),
            ),
        )
    )
    limits = pd.DataFrame(
        [_corner(number, region, across, up) for number, region in enumerate(found.regions, 1)],
        columns=["left", "right", "bottom", "top", "label", "words"],
    )
    frames = alt.Chart(limits).encode(
        x=alt.X("left:Q"),
        x2=alt.X2("right:Q"),
        y=alt.Y("bottom:Q"),
        y2=alt.Y2("top:Q"),
        tooltip=[alt.Tooltip("words:N", title="Box")],
    )
    inside = frames.mark_rect(fillOpacity=0.08, fill=GREY, stroke=GREY, strokeWidth=2.5)
    names = [_name(limits.iloc[[place]], 6 + LINE * place) for place in range(len(limits))]
    size = by_rows(ROW) | {"height": 300}
    return alt.LayerChart(layer=[points, inside, *names]).properties(**size)


def _name(limit: pd.DataFrame, below: float) -> alt.Chart:
    """The name of a box, so many pixels below its upper edge."""
    text = alt.Chart(limit).mark_text(
        align="left", baseline="top", dx=6, dy=below, fontSize=13, fontWeight="bold"
    )
    return text.encode(x=alt.X("left:Q"), y=alt.Y("top:Q"), text=alt.Text("label:N"))


def plane(found: Discovery) -> tuple[Range, Range]:
    """The two dials that the first boxes limit, filled up with others where they limit fewer."""
    limited = [name for region in found.regions for name in region.box.limits]
    order = [*dict.fromkeys(limited), *(varied.name for varied in found.varied)]
    known = {varied.name: varied for varied in found.varied}
    across, *others = dict.fromkeys(order)
    return known[across], known[others[0] if others else across]


def _worlds(found: Discovery, across: Range, up: Range) -> pd.DataFrame:
    """Some of the worlds, evenly from all settings."""
    some = np.linspace(0, len(found.table) - 1, min(POINTS, len(found.table))).astype(int)
    survives = found.table.happened[some] != found.falls
    return pd.DataFrame(
        {
            "x": found.table.values[across.name][some],
            "y": found.table.values[up.name][some],
            "fate": np.where(survives, *FATES),
        }
    )


def _corner(number: int, region: Region, across: Range, up: Range) -> dict[str, Any]:
    left, right = _ends(region, across)
    bottom, top = _ends(region, up)
    share = story.percent(region.fit.density)
    return {
        "left": left,
        "right": right,
        "bottom": bottom,
        "top": top,
        "label": f"{number}: {share}",
        "words": f"{share} of the worlds inside, {story.percent(region.fit.coverage)} of all such",
    }


def _ends(region: Region, varied: Range) -> tuple[float, float]:
    limit = region.box.limits.get(varied.name)
    low = varied.low if limit is None or limit.low is None else limit.low
    high = varied.high if limit is None or limit.high is None else limit.high
    return low, high


def _along(channel: Any, field: str, varied: Range) -> Any:
    scale = alt.Scale(domain=[varied.low, varied.high], nice=False)
    axis = alt.Axis(title=varied.dial.title, format=".3~r", tickCount=5, labelFlush=False)
    return channel(field, scale=scale, axis=axis)


def limits(found: Discovery, region: Region) -> alt.LayerChart:
    """How far each dial may be turned inside a box, as a part of its whole range."""
    frame = pd.DataFrame([_bar(region, varied) for varied in found.varied])
    base = alt.Chart(frame).encode(
        y=alt.Y("dial:N", sort=list(frame["dial"]), axis=every_label(labelLimit=LABEL)),
        tooltip=[alt.Tooltip("dial:N", title="Dial"), alt.Tooltip("words:N", title="In the box")],
    )
    scale = alt.Scale(domain=[0, 1 + BESIDE], nice=False)
    whole = base.mark_bar(color=SHADE, opacity=0.4, height=8).encode(
        x=alt.X("start:Q", scale=scale, axis=None), x2=alt.X2("end:Q")
    )
    part = base.transform_filter("datum.limited").mark_bar(color=BLUE, height=14)
    text = base.mark_text(align="left", dx=6).encode(x=alt.X("end:Q"), text=alt.Text("words:N"))
    bars = part.encode(x=alt.X("low:Q"), x2=alt.X2("high:Q"))
    return alt.LayerChart(layer=[whole, bars, text]).properties(**by_rows(ROW))


def _bar(region: Region, varied: Range) -> dict[str, Any]:
    low, high = ((end - varied.low) / (varied.high - varied.low) for end in _ends(region, varied))
    limit = region.box.limits.get(varied.name)
    return {
        "dial": varied.dial.title,
        "start": 0.0,
        "end": 1.0,
        "low": low,
        "high": high,
        "limited": limit is not None,
        "words": "any" if limit is None else words.bounds(varied, limit),
    }
