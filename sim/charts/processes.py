"""Clause by clause, one package, or steps: how far each gets, side by side."""

from __future__ import annotations

import math
from collections.abc import Sequence

import altair as alt
import pandas as pd

from sim import story
from sim.analysis.processes import Process
from sim.charts.looks import LABEL, ROW, by_rows, clause_label, every_label, on_shade, written
from sim.palette import BLUE, FAINT, GREY
from sim.scenario import Scenario

WAYS = {"clauses": "Clauses", "package": "Package", "steps": "Steps"}


def standing(found: Sequence[Process]) -> alt.LayerChart:
    """How many clauses survive in each process, and how many of them are kept."""
    frame = pd.DataFrame(
        [
            {
                "label": WAYS[process.kind] + (", step back" if process.back else ""),
                "survive": process.stand,
                "delivered": process.delivered,
                "shown": f"{process.stand:.1f}, kept {process.delivered:.1f}"
                if process.stand >= 0.05
                else "none",
            }
            for process in found
        ]
    )
    total = len(found[0].clauses)
    base = alt.Chart(frame).encode(
        y=alt.Y("label:N", sort=list(frame["label"]), axis=every_label(labelLimit=LABEL)),
        tooltip=[
            alt.Tooltip("label:N", title="Process"),
            alt.Tooltip("survive:Q", format=".2f", title="Clauses that survive, on average"),
            alt.Tooltip("delivered:Q", format=".2f", title="Of these, kept"),
        ],
    )
    across = alt.X(
        "survive:Q",
        scale=alt.Scale(domain=[0, 1.5 * total], nice=False),  # room for the numbers
        axis=alt.Axis(title=f"Clauses, of {total}", values=_ticks(total)),
    )
    bars = base.mark_bar(color=BLUE, opacity=0.35, height=18).encode(x=across)
    kept = base.mark_bar(color=BLUE, height=8).encode(x=alt.X("delivered:Q"))
    text = base.mark_text(align="left", dx=4).encode(x=alt.X("survive:Q"), text=alt.Text("shown:N"))
    return (bars + kept + text).properties(**by_rows(ROW + 8))


def _ticks(total: int) -> list[int]:
    """Whole numbers of clauses, not more than a phone has room for."""
    return list(range(0, total + 1, max(1, math.ceil(total / 4))))


def processes(found: Sequence[Process], scenario: Scenario) -> alt.LayerChart:
    """How often each clause survives in each process, at what level, and how often it is delivered."""
    rows = [
        {
            "label": clause_label(scenario, name),
            "process": WAYS[process.kind],
            "survival": reach.survival,
            "delivered": reach.delivered,
            "level": reach.level,
            "survives": _survives(reach.survival, reach.level),
            "kept": f"kept {story.percent(reach.delivered)}" if reach.survival else "",
        }
        for process in found
        for name, reach in process.clauses.items()
    ]
    frame = pd.DataFrame(rows)
    base = alt.Chart(frame).encode(
        x=alt.X(
            "process:N",
            sort=[WAYS[process.kind] for process in found],
            axis=every_label(orient="top", labelAngle=0),
        ),
        y=alt.Y(
            "label:N", sort=list(dict.fromkeys(frame["label"])), axis=every_label(labelLimit=LABEL)
        ),
        tooltip=[
            alt.Tooltip("label:N", title="Clause"),
            alt.Tooltip("process:N", title="Process"),
            alt.Tooltip("survival:Q", format=".1%", title="Survives in"),
            alt.Tooltip("level:Q", format=".2f", title="At the level, in the middle of worlds"),
            alt.Tooltip("delivered:Q", format=".1%", title="Is delivered in"),
        ],
    )
    cells = base.mark_rect(stroke=GREY, strokeWidth=0.3).encode(
        color=alt.Color(
            "survival:Q", scale=alt.Scale(domain=[0, 1], range=[FAINT, BLUE]), legend=None
        )
    )
    above = on_shade(base, "survival", "survives", dy=-7)
    below = on_shade(base, "survival", "kept", dy=7)
    return (cells + above + below).properties(**by_rows(ROW + 12))


def _survives(share: float, level: float | None) -> str:
    """`72 % at .78`, and only the share where the text is as tabled or falls."""
    if level is None or level == 1:
        return story.percent(share)
    return f"{story.percent(share)} at {written(level)}"
