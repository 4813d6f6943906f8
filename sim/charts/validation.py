"""How well what was said fits what happened: reliability, the contest, and what history says."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd

from sim.charts.looks import Picture, by_rows, layered
from sim.palette import BLUE, GREY, ORANGE, SILENT
from sim.story import percent
from sim.story.validation import standing

if TYPE_CHECKING:
    from sim.analysis.record import Learned
    from sim.analysis.scores import Bin, Difference
    from sim.analysis.validation import Contest, Row

HIGH = 44
"""Pixels of a row that carries its label above its interval, so that a phone has room for both."""

FITS = {"Said lies within the interval": (BLUE, "circle"), "outside": (ORANGE, "cross")}
"""Whether what was said can be true of what happened, with colour and shape."""

STANDS = {
    "better": (BLUE, "circle"),
    "open": (SILENT, "diamond"),
    "worse": (ORANGE, "cross"),
}
"""How the model stands against another forecast, with colour and shape."""

TIMES = {"before": (GREY, "square"), "after": (BLUE, "circle")}
"""A parameter before history was asked, and after."""


# Reliability --------------------------------------------------------------------------------------


def reliability(bins: Sequence[Bin], said: str, happened: str) -> Picture:
    """What was said, in steps, against how often it happened, with intervals and numbers of cases."""
    within, outside = FITS
    rows = pd.DataFrame(
        [
            {
                "said": row.said,
                "share": row.share,
                "low": row.interval[0],
                "high": row.interval[1],
                "count": row.count,
                "happened": row.happened,
                "shown": f"{row.count:,}",
                "fits": within if row.honest else outside,
                "words": f"{percent(row.interval[0])} to {percent(row.interval[1])}",
            }
            for row in bins
        ]
    )
    honest = pd.DataFrame({"said": [0.0, 1.0], "share": [0.0, 1.0]})
    return Picture(_reliability(said, happened), {"bins": rows, "honest": honest})


@functools.cache
def _reliability(said: str, happened: str) -> dict[str, Any]:
    looks: dict[str, Any] = {"format": "%", "values": [0, 0.25, 0.5, 0.75, 1]}
    x = alt.X("said:Q", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(title=said, **looks))
    high = alt.Scale(domain=[0, 1.08], nice=False)  # room for the number above the highest interval
    y = alt.Y("share:Q", scale=high, axis=alt.Axis(title=happened, **looks))
    line = alt.Chart(alt.NamedData("honest")).mark_line(color=GREY, strokeDash=[4, 4])
    bins = alt.Chart(alt.NamedData("bins"))
    colour, shape = _looks("fits:N", FITS)
    spans = bins.mark_rule(strokeWidth=2).encode(
        x=x, y=alt.Y("low:Q"), y2=alt.Y2("high:Q"), color=colour
    )
    points = bins.mark_point(filled=True, opacity=1, size=90).encode(
        x=x,
        y=y,
        color=colour,
        shape=shape,
        tooltip=[
            alt.Tooltip("count:Q", title="Forecasts"),
            alt.Tooltip("said:Q", format=".1%", title="Said, on average"),
            alt.Tooltip("happened:Q", title="Happened"),
            alt.Tooltip("share:Q", format=".1%", title="That is"),
            alt.Tooltip("words:N", title="95 % interval"),
        ],
    )
    numbers = bins.mark_text(baseline="bottom", dy=-3, fontSize=12)
    numbers = numbers.encode(x=x, y=alt.Y("high:Q"), text=alt.Text("shown:N"))
    return layered(line.encode(x=x, y=y), spans, points, numbers).properties(height=380).to_dict()


# The contest --------------------------------------------------------------------------------------

Pick = Callable[["Row"], "tuple[float, Difference | None]"]


def contest(contest: Contest, pick: Pick) -> Picture:
    """How much more the model misses than each of the others, with intervals."""
    rows = []
    for row in contest.rivals:
        score, gap = pick(row)
        if gap is not None:
            stands = standing(gap)
            label = f"{row.label} ({score:.3f}): {stands}"
            rows.append({"label": label, "stands": stands, "brier": score, **vars(gap)})
    columns = ["label", "stands", "brier", "mean", "low", "high"]
    zero = pd.DataFrame({"mean": [0.0]})
    return Picture(_contest(), {"rivals": pd.DataFrame(rows, columns=columns), "zero": zero})


@functools.cache
def _contest() -> dict[str, Any]:
    colour, shape = _looks("stands:N", STANDS)
    numbers = "datum.value == 0 ? '0' : format(datum.value, '+.2~f')"
    title = "← oneveto misses less · misses more →"
    axis = alt.Axis(title=title, tickCount=5, labelExpr=numbers)
    x = alt.X("mean:Q", scale=alt.Scale(zero=True, nice=True), axis=axis)
    y = alt.Y("label:N", sort=None, axis=None)
    base = alt.Chart(alt.NamedData("rivals")).encode(y=y)
    zero = alt.Chart(alt.NamedData("zero")).mark_rule(color=GREY).encode(x=x)
    spans = base.mark_rule(strokeWidth=2, yOffset=8).encode(
        x=alt.X("low:Q"), x2=alt.X2("high:Q"), color=colour
    )
    points = base.mark_point(filled=True, opacity=1, size=90, yOffset=8).encode(
        x=x,
        color=colour,
        shape=shape,
        tooltip=[
            alt.Tooltip("label:N", title="Against"),
            alt.Tooltip("brier:Q", format=".3f", title="Its Brier score"),
            alt.Tooltip("mean:Q", format="+.3f", title="Difference"),
            alt.Tooltip("low:Q", format="+.3f", title="from"),
            alt.Tooltip("high:Q", format="+.3f", title="to"),
        ],
    )
    return layered(zero, spans, points, _labels(base)).properties(**by_rows(HIGH)).to_dict()


# What history says --------------------------------------------------------------------------------


def learned(rows: Sequence[Learned]) -> Picture:
    """Shared parameters before and after, each as a multiple of what was thought before."""
    before, after = (
        [
            {
                "name": row.name,
                "time": time,
                "times": value / row.centre,
                "low": max(low / row.centre, LEAST),
                "high": high / row.centre,
                "value": value,
                "words": f"{low:.3g} to {high:.3g} {row.unit}",
                "label": f"{row.name.replace('_', ' ')}: {row.centre:.3g} before, {row.value:.3g} after",
            }
            for row, value, (low, high) in told
        ]
        for time, told in zip(TIMES, (_before(rows), _after(rows)))
    )
    one = pd.DataFrame({"times": [1.0]})
    tables = {"before": pd.DataFrame(before), "after": pd.DataFrame(after), "one": one}
    return Picture(_learned(), tables)


LEAST = 0.1
"""The left end of the picture: a tenth of what was thought before."""


def _before(rows: Sequence[Learned]) -> list[tuple[Learned, float, tuple[float, float]]]:
    return [(row, row.centre, row.prior) for row in rows]


def _after(rows: Sequence[Learned]) -> list[tuple[Learned, float, tuple[float, float]]]:
    return [(row, row.value, row.band) for row in rows]


@functools.cache
def _learned() -> dict[str, Any]:
    one = alt.Chart(alt.NamedData("one")).mark_rule(color=GREY, strokeDash=[4, 4])
    one = one.encode(x=alt.X("times:Q"))
    y = alt.Y("name:N", sort=None, axis=None)
    times = [alt.Chart(alt.NamedData(time)).encode(y=y) for time in TIMES]
    marks = [mark for place, base in zip((4, 15), times) for mark in _moved(base, place)]
    return layered(one, *marks, _labels(times[0])).properties(**by_rows(HIGH + 8)).to_dict()


def _moved(base: alt.Chart, place: int) -> Iterator[alt.Chart]:
    """A value with its range, so many pixels below the middle of its row."""
    colour, shape = _looks("time:N", TIMES)
    axis = alt.Axis(title="As a multiple of what was thought before", values=[0.25, 0.5, 1, 2, 4])
    scale = alt.Scale(type="log", nice=False, padding=8)
    spans = base.mark_rule(strokeWidth=2, yOffset=place)
    yield spans.encode(x=alt.X("low:Q"), x2=alt.X2("high:Q"), color=colour)
    yield base.mark_point(filled=True, opacity=1, size=80, yOffset=place).encode(
        x=alt.X("times:Q", scale=scale, axis=axis),
        color=colour,
        shape=shape,
        tooltip=[
            alt.Tooltip("name:N", title="Parameter"),
            alt.Tooltip("time:N", title="When"),
            alt.Tooltip("value:Q", format=".3~g", title="Value"),
            alt.Tooltip("words:N", title="One standard error either side"),
        ],
    )


# Parts --------------------------------------------------------------------------------------------


def _looks(field: str, looks: dict[str, tuple[str, str]]) -> tuple[alt.Color, alt.Shape]:
    """Colour and shape of a word, with one legend for both."""
    colours, shapes = ([look[part] for look in looks.values()] for part in (0, 1))
    legend = alt.Legend(title=None, orient="bottom", columns=3, labelLimit=260)
    return (
        alt.Color(field, scale=alt.Scale(domain=list(looks), range=colours), legend=legend),
        alt.Shape(field, scale=alt.Scale(domain=list(looks), range=shapes), legend=legend),
    )


def _labels(base: alt.Chart) -> alt.Chart:
    """Names above what they name, from the left edge on."""
    text = base.mark_text(align="left", dy=-11, fontSize=12)
    return text.encode(x=alt.value(0), text=alt.Text("label:N"))
