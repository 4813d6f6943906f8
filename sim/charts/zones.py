"""Where proposer and members could meet, and where the best treaties lie."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd

from sim import story
from sim.arrays import Reals
from sim.charts.looks import LABEL, ROW, by_rows, clause_label, every_label
from sim.palette import BLUE, GREY, ORANGE

if TYPE_CHECKING:  # its solver takes a fifth of a second to load
    from sim.analysis.treaty import Treaties

TREATIES = {"alone": "clause by clause", "package": "one package", "earnest": "package in earnest"}


def zones(best: Treaties) -> alt.LayerChart:
    """Between which levels proposer and members could meet, and where the best treaties lie.

    A bar is a zone; a dashed line is the gap between the lowest ceiling and what the proposer would
    settle for, with whose ceiling it is.
    """
    scenario = best.scenario
    frame = pd.DataFrame([_zone(best, place) for place in range(len(best.zones))])
    marks = pd.DataFrame(_treaty_marks(best))
    order = list(frame["label"])
    rows = alt.Y("label:N", sort=order, axis=every_label(labelLimit=LABEL))
    levels = alt.Axis(title="Level: 0 nothing, 1 as tabled", tickCount=5, orient="top")
    across = alt.X("from:Q", scale=alt.Scale(domain=[0, 1.02], nice=False), axis=levels)
    tips = [
        alt.Tooltip("label:N", title="Clause"),
        alt.Tooltip("ceiling:N", title="Lowest ceiling"),
        alt.Tooltip("who:N", title="Whose ceiling"),
        alt.Tooltip("low:Q", format=".2f", title=f"{scenario.proposer.name} settles from"),
    ]
    base = alt.Chart(frame).encode(y=rows, tooltip=tips)
    bars = (
        base.transform_filter("!datum.empty")
        .mark_bar(color=BLUE, opacity=0.5, height=20)
        .encode(x=across, x2=alt.X2("to:Q"))
    )
    gaps = (
        base.transform_filter("datum.empty")
        .mark_rule(color=ORANGE, strokeDash=[3, 3], strokeWidth=2)
        .encode(x=across, x2=alt.X2("to:Q"))
    )
    met = (
        base.transform_filter("!datum.empty")
        .mark_tick(color=BLUE, thickness=2, height=20)
        .encode(x=alt.X("to:Q"))
    )
    whose = base.transform_filter("datum.empty").transform_calculate(
        middle="(datum.from + datum.to) / 2",
        name="containerSize()[0] < 400 ? datum.code : datum.gap",
    )
    inside = whose.transform_filter("!datum.beside").mark_text(
        color=ORANGE, fontWeight="bold", dy=-8
    )
    beside = whose.transform_filter("datum.beside").mark_text(
        color=ORANGE, fontWeight="bold", align="left", dx=6
    )
    names = [
        inside.encode(x=alt.X("middle:Q"), text=alt.Text("name:N")),
        beside.encode(x=alt.X("to:Q"), text=alt.Text("name:N")),
    ]
    points = (
        alt.Chart(marks)
        .mark_point(size=70, filled=True, opacity=1)
        .encode(
            x=alt.X("level:Q"),
            y=rows,
            yOffset=alt.YOffset("treaty:N", sort=list(TREATIES.values())),
            shape=alt.Shape(
                "treaty:N",
                scale=alt.Scale(
                    domain=list(TREATIES.values()), range=["circle", "square", "triangle-up"]
                ),
                legend=alt.Legend(title="Best treaty", orient="bottom", columns=1),
            ),
            color=alt.value(GREY),
            tooltip=[
                alt.Tooltip("label:N", title="Clause"),
                alt.Tooltip("treaty:N", title="Best treaty"),
                alt.Tooltip("level:Q", format=".2f", title="Level"),
            ],
        )
    )
    height = {"height": (ROW + 14) * len(order)}  # a step would be that of the offsets
    return alt.LayerChart(layer=[bars, met, gaps, *names, points]).properties(
        **by_rows(ROW) | height
    )


def _zone(best: Treaties, place: int) -> dict[str, Any]:
    zone = best.zones[place]
    ends = (zone.high, zone.low) if zone.empty else (zone.low, zone.high)
    who = [story.member_name(best.scenario, iso) for iso in zone.binding]
    return {
        "label": clause_label(best.scenario, zone.clause),
        "empty": zone.empty,
        "from": ends[0],
        "to": ends[1],
        "low": zone.low,
        "ceiling": "none" if math.isinf(zone.ceiling) else f"{zone.ceiling:.2f}",
        "who": story.listed(who) if who else "the rule's",
        "gap": _whose(who),
        "code": _whose(zone.binding),
        "beside": ends[1] <= 0.7
        and all(levels[place] <= ends[1] for levels in _levels(best).values()),
    }


def _whose(names: Sequence[str]) -> str:
    """Whose ceiling stands in between; the rule's where it is nobody's."""
    if not names:
        return "the rule"
    return names[0] if len(names) == 1 else f"{len(names)} members"


def _levels(best: Treaties) -> dict[str, Reals]:
    return {"alone": best.alone, "package": best.package.levels, "earnest": best.earnest}


def _treaty_marks(best: Treaties) -> list[dict[str, Any]]:
    """The levels of the three best treaties; a clause that is not in one has no mark."""
    return [
        {
            "label": clause_label(best.scenario, name),
            "treaty": TREATIES[kind],
            "level": float(level),
        }
        for kind, levels in _levels(best).items()
        for name, level in zip(best.scenario.clauses, levels)
        if level > 1e-3
    ]
