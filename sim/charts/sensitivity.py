"""What moves the margin on a clause: dials from end to end, and what explains how it varies."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from sim import story
from sim.analysis.estimators import Effect, Index, Indices
from sim.analysis.sensitivity import Sensitivity
from sim.analysis.tornado import End, Swing, Tornado
from sim.charts.looks import LABEL, ROW, by_rows, every_label
from sim.palette import BLUE, GREY, ORANGE
from sim.story import sensitivity as words
from sim.story.numbers import number_name, titled

MOST = 12
"""Rows of a picture; a sentence says what the others amount to."""

SIDES = {"Stays silent": BLUE, "Breaks the silence": ORANGE}
"""What the least willing member does."""

ORDERS = {"With all interactions": BLUE, "By itself": ORANGE}

WAYS = {"Raises the margin": BLUE, "Lowers the margin": ORANGE}


def tornado(found: Tornado) -> alt.LayerChart:
    """The margin at both ends of each dial, the widest swing first; nothing for dials without effect.

    A line marks nothing, where the silence breaks, and another the scenario as it is.
    """
    swings = [swing for swing in found.swings if found.moves(swing)]
    ends = pd.DataFrame(
        [row for swing in swings for row in _ends(found, swing)],
        columns=["dial", "margin", "other", "setting", "side", "left", "words"],
    )
    base = alt.Chart(ends).encode(
        y=_rows("dial", ends),
        tooltip=[alt.Tooltip("dial:N"), alt.Tooltip("words:N", title="There")],
    )
    bars = base.mark_rule(color=GREY, strokeWidth=6, opacity=0.5).encode(
        x=_margin("margin"), x2=alt.X2("other:Q")
    )
    heads = base.mark_point(filled=True, size=90, opacity=1).encode(
        x=_margin("margin"), color=_kinds("side", SIDES), shape=_shapes("side", SIDES)
    )
    left, right = (_settings(base, side) for side in (True, False))
    lines = [_line(found.here.margin, "as it is", [4, 3]), _line(0.0, "", [])]
    return alt.LayerChart(layer=[bars, *lines, heads, left, right]).properties(**by_rows(ROW))


def _ends(found: Tornado, swing: Swing) -> list[dict[str, Any]]:
    """A row for each end of a dial that fits the scenario."""
    last = max(swing.ends, key=lambda end: end.margin)
    return [
        {
            "dial": swing.dial.title,
            "margin": end.margin,
            "other": _across(found, swing, end),
            "setting": "" if end.at is None else story.turned_to(swing.dial, end.at),
            "side": list(SIDES)[end.margin < 0],
            "left": end is not last,
            "words": words.setting(swing, end),
        }
        for end in swing.ends
    ]


def _across(found: Tornado, swing: Swing, end: End) -> float:
    """The margin at the other end, or of the scenario where there is none."""
    return next((other.margin for other in swing.ends if other is not end), found.here.margin)


def _settings(base: alt.Chart, left: bool) -> alt.Chart:
    """Where the dial stands, beside its end."""
    chosen = base.transform_filter(alt.datum.left == left)
    text = chosen.mark_text(align="right" if left else "left", dx=-9 if left else 9)
    return text.encode(x=_margin("margin"), text=alt.Text("setting:N"))


def _line(at: float, label: str, dash: list[int]) -> alt.LayerChart:
    mark = alt.Chart(pd.DataFrame([{"margin": at, "label": label}]))
    rule = mark.mark_rule(color=GREY, strokeWidth=1.5, strokeDash=dash).encode(x=_margin("margin"))
    name = mark.mark_text(baseline="bottom", dy=-2).encode(
        x=_margin("margin"), y=alt.value(0), text=alt.Text("label:N")
    )
    return rule + name


def _margin(field: str) -> alt.X:
    axis = alt.Axis(title="Margin (weight units)", tickCount=5)
    return alt.X(f"{field}:Q", axis=axis, scale=alt.Scale(padding=30))


def sobol(found: Sensitivity[Indices]) -> alt.LayerChart:
    """How much of the variance of the margin each factor explains, with 95 % intervals."""
    rows = [
        _index(titled(number_name(found.scenario, name)), kind, index, words.share_of(index))
        for name, each in found.clear(MOST).items()
        for kind, index in zip(ORDERS, (each.total, each.first))
    ]
    axis = alt.Axis(format="%", title="Of the margin's variance", tickCount=5)
    return _intervals(rows, axis, ORDERS)


def morris(found: Sensitivity[Effect]) -> alt.LayerChart:
    """How far each number moves the margin by itself, with 95 % intervals."""
    rows = [
        _index(titled(number_name(found.scenario, name)), way, each.size, words.size_of(each.size))
        for name, each in found.clear(MOST).items()
        for way in [list(WAYS)[each.change <= 0]]
    ]
    axis = alt.Axis(title="Moves it (weight units)", tickCount=5)
    return _intervals(rows, axis, WAYS)


def _index(factor: str, kind: str, index: Index, said: str) -> dict[str, Any]:
    return {
        "factor": factor,
        "kind": kind,
        "value": max(index.value, 0.0),
        "low": max(index.low, 0.0),
        "high": max(index.high, 0.0),
        "words": said,
    }


def _intervals(rows: list[dict[str, Any]], axis: alt.Axis, kinds: dict[str, str]) -> alt.LayerChart:
    """A row for each factor, in which its kinds lie one below the other."""
    frame = pd.DataFrame(rows, columns=["factor", "kind", "value", "low", "high", "words"])
    together = len(frame) > frame["factor"].nunique()
    offset = alt.YOffset("kind:N", sort=list(kinds)) if together else alt.Undefined
    base = alt.Chart(frame).encode(
        y=_rows("factor", frame),
        color=_kinds("kind", kinds),
        tooltip=[
            alt.Tooltip("factor:N", title="Factor"),
            alt.Tooltip("kind:N", title="What"),
            alt.Tooltip("words:N", title="95 %"),
        ],
        yOffset=offset,
    )
    spans = base.mark_rule(strokeWidth=3, opacity=0.6).encode(
        x=alt.X("low:Q", axis=axis), x2=alt.X2("high:Q")
    )
    points = base.mark_point(filled=True, size=80, opacity=1).encode(
        x=alt.X("value:Q"), shape=_shapes("kind", kinds)
    )
    return (spans + points).properties(**by_rows(ROW / 2 if together else ROW))


def _rows(field: str, frame: pd.DataFrame) -> alt.Y:
    """A row for each name, in the order of the table."""
    order = list(dict.fromkeys(frame[field]))
    return alt.Y(f"{field}:N", sort=order, axis=every_label(labelLimit=LABEL))


def _kinds(field: str, kinds: dict[str, str]) -> alt.Color:
    legend = alt.Legend(title=None, orient="bottom", columns=1, labelLimit=300)
    scale = alt.Scale(domain=list(kinds), range=list(kinds.values()))
    return alt.Color(f"{field}:N", scale=scale, legend=legend)


def _shapes(field: str, kinds: dict[str, str]) -> alt.Shape:
    scale = alt.Scale(domain=list(kinds), range=["circle", "diamond"])
    return alt.Shape(f"{field}:N", scale=scale)
