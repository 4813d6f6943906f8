"""Whom to persuade so that a clause survives, and how far."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from sim import story
from sim.analysis.persuasion import Argument
from sim.charts.looks import LABEL, ROW, by_rows, every_label
from sim.palette import BLUE
from sim.scenario import Scenario


def arguments(
    scenario: Scenario, rows: Sequence[Argument], *, most: int | None = None
) -> alt.LayerChart:
    """What each argument must be worth, the largest first; two texts have rows of their own."""
    two = len({row.text for row in rows}) > 1
    frame = pd.DataFrame(
        [
            {
                "name": story.member_name(scenario, row.member) + f", {row.text}" * two,
                "worth": row.worth,
                "shown": f"{row.worth:.3f}".removeprefix("0"),
                "costs": "" if row.of_costs is None else story.percent(row.of_costs),
                "trust": "none" if row.needed is None else f"{row.needed:.2f}",
            }
            for row in rows[:most]
        ],
        columns=["name", "worth", "shown", "costs", "trust"],
    )
    base = alt.Chart(frame).encode(
        x=alt.X(
            "worth:Q",
            scale=alt.Scale(domain=[0, 1.2 * float(frame["worth"].max())], nice=False),
            axis=alt.Axis(title="Worth (weight units)", tickCount=4),
        ),
        y=alt.Y("name:N", sort=list(frame["name"]), axis=every_label(labelLimit=LABEL)),
        tooltip=[
            alt.Tooltip("name:N", title="Member"),
            alt.Tooltip("shown:N", title="Worth"),
            alt.Tooltip("costs:N", title="Of its costs"),
            alt.Tooltip("trust:N", title="Or a trust of"),
        ],
    )
    numbers = base.mark_text(align="left", dx=5).encode(text=alt.Text("shown:N"))
    return (base.mark_bar(color=BLUE) + numbers).properties(**by_rows(ROW))
