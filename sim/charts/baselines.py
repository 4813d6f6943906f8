"""What other schools predict of each clause, and how far the rule lets it go."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import altair as alt
import pandas as pd

from sim.baselines.predictions import Prediction, Predictions
from sim.charts.looks import LABEL, ROW, by_rows, clause_label, every_label
from sim.palette import BLUE, GREY, ORANGE
from sim.story import baselines as words

SHAPES = ("circle", "square", "triangle-up", "diamond")
HEIGHT = ROW + 14
"""Of a row, in pixels: the four models lie below each other in it."""

ROOM = 0.45
"""How much of a phone's scale the words "no agreement" take."""


def baselines(found: Predictions) -> alt.LayerChart:
    """A point for each model on each clause; a bar as far as the rule goes, or a cross."""
    levels = pd.DataFrame(_levels(found), columns=["label", "school", "level", "shown", "rule"])
    verdicts = pd.DataFrame([_verdict(found, row) for row in found.clauses.values()])
    schools = list(words.NAMES.values())
    order = list(verdicts["label"])
    rows = alt.Y("label:N", sort=order, axis=every_label(labelLimit=LABEL))
    axis = alt.Axis(title="Level: 0 status quo, 1 as tabled", tickCount=5, orient="top")
    across = alt.X(
        "level:Q", scale=alt.Scale(domain=_domain(levels["level"]), nice=False), axis=axis
    )
    base = alt.Chart(verdicts).encode(
        y=rows,
        tooltip=[alt.Tooltip("label:N", title="Clause"), alt.Tooltip("rule:N", title="The rule")],
    )
    agreed = base.transform_filter("datum.agreed")
    far = agreed.mark_bar(color=BLUE, opacity=0.3, height=HEIGHT - 8).encode(x=across)
    ends = agreed.mark_tick(color=BLUE, thickness=3, height=HEIGHT - 8).encode(x=across)
    none = (
        base.transform_filter("!datum.agreed")
        .mark_text(color=ORANGE, fontWeight="bold", align="left")
        .encode(x=alt.X("at:Q"), text=alt.Text("rule:N"))
    )
    points = (
        alt.Chart(levels)
        .mark_point(size=60, filled=True, opacity=1, color=GREY)
        .encode(
            x=across,
            y=rows,
            yOffset=alt.YOffset("school:N", sort=schools),
            shape=alt.Shape(
                "school:N",
                scale=alt.Scale(domain=schools, range=list(SHAPES)),
                legend=alt.Legend(title=None, orient="bottom", columns=2),
            ),
            tooltip=[
                alt.Tooltip("label:N", title="Clause"),
                alt.Tooltip("school:N", title="Model"),
                alt.Tooltip("shown:N", title="Level"),
                alt.Tooltip("rule:N", title="The rule"),
            ],
        )
    )
    size = by_rows(ROW) | {"height": HEIGHT * len(order)}  # a step would be that of the offsets
    return alt.LayerChart(layer=[far, ends, none, points]).properties(**size)


def _domain(levels: pd.Series[float]) -> list[float]:
    """From the status quo to the text as tabled, and beyond as far as some model goes."""
    return [min(0.0, levels.min()), max(1.0, levels.max()) + 0.02] if len(levels) else [0, 1.02]


def _levels(found: Predictions) -> list[dict[str, Any]]:
    """One row for each clause and model, but where nobody cares."""
    return [
        {
            "label": clause_label(found.scenario, name),
            "school": words.NAMES[school],
            "level": level,
            "shown": words.place(row, level),
            "rule": words.verdict(row),
        }
        for name, row in found.clauses.items()
        for school, level in row.levels.items()
        if not math.isnan(level)
    ]


def _verdict(found: Predictions, row: Prediction) -> dict[str, Any]:
    dead = row.agreed is None
    return {
        "label": clause_label(found.scenario, row.clause),
        "agreed": not dead,
        "level": row.agreed or 0.0,
        "rule": "✕ " * dead + words.verdict(row),
        "at": _free([level for level in row.levels.values() if not math.isnan(level)]),
    }


def _free(levels: list[float]) -> float:
    """Where words fit beside the points: to the left of them, to the right, or in between."""
    if not levels or min(levels) > ROOM:
        return 0.04
    places = [*sorted(levels), 1.0]
    gap, start = max((after - before, before) for before, after in pairwise(places))
    return min(start + 0.06, 1 - ROOM) if gap else 0.04
