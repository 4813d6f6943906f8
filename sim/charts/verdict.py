"""Which clauses survive, and who objects to what."""

from __future__ import annotations

import altair as alt
import pandas as pd

from sim import story, tables
from sim.charts.looks import ROW, every_label
from sim.outcome import Outcome
from sim.palette import BLUE, FAINT, GREY, ORANGE


def survival(outcome: Outcome) -> alt.LayerChart:
    """How often each clause survives, as bars with the 95 % interval of the dice."""
    frame = tables.clauses(outcome)
    frame["label"] = frame["id"] + "  " + frame["title"]
    frame["shown"] = frame["survival"].map(story.percent)
    order = list(frame["label"])
    base = alt.Chart(frame).encode(
        y=alt.Y("label:N", sort=order, axis=every_label(labelLimit=240)),
        tooltip=[
            alt.Tooltip("label:N", title="Clause"),
            alt.Tooltip("survival:Q", format=".1%", title="Survives in"),
            alt.Tooltip("objectors:Q", format=".1f", title="Members against"),
        ],
    )
    share = alt.Axis(format="%", tickCount=5, title="Share of worlds")
    bars = base.mark_bar(color=BLUE).encode(
        x=alt.X("survival:Q", scale=alt.Scale(domain=[0, 1]), axis=share)
    )
    interval = base.mark_rule(color=GREY, strokeWidth=2).encode(
        x="survival_low:Q", x2="survival_high:Q"
    )
    text = base.mark_text(align="left", dx=5, color=GREY).encode(
        x="survival_high:Q", text="shown:N"
    )
    return (bars + interval + text).properties(height=ROW * len(frame))


def objections(outcome: Outcome) -> alt.Chart:
    """Who objects to what, members by clauses, sorted so that the staircase shows."""
    frame = tables.members(outcome)
    names = {iso: row.name or iso for iso, row in outcome.scenario.seats.items()}
    frame["name"] = frame["member"].map(names)
    across = every_label(labelAngle=-60, orient="top")
    cells = alt.Chart(frame).encode(
        x=alt.X("clause:N", sort=_most(frame, "clause"), axis=across),
        y=alt.Y("member:N", sort=_most(frame, "member"), axis=every_label()),
        color=alt.Color(
            "objects:Q",
            scale=alt.Scale(domain=[0, 1], range=[FAINT, ORANGE]),
            legend=alt.Legend(format="%", title="Objects in", orient="bottom"),
        ),
        tooltip=[
            alt.Tooltip("name:N", title="Member"),
            alt.Tooltip("clause:N", title="Clause"),
            alt.Tooltip("objects:Q", format=".0%", title="Objects in"),
            alt.Tooltip("supports:Q", format=".0%", title="Supports in"),
            alt.Tooltip("sole_blocker:Q", format=".0%", title="Alone in"),
        ],
    )
    return cells.mark_rect(stroke=None).properties(height=(ROW - 4) * len(names))


def _most(frame: pd.DataFrame, key: str) -> list[str]:
    """Members or clauses, those with most objections first."""
    totals = frame.groupby(key, sort=False)["objects"].sum()
    return list(totals.sort_values(ascending=False, kind="stable").index)
