"""Who decides on a clause, how far it could go, what silence would cost, and where it tips."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import altair as alt
import pandas as pd

from sim import story
from sim.analysis.ceilings import Ceiling, Ceilings
from sim.analysis.dials import Dial
from sim.analysis.tipping import HALF, Crossing, Curve, OutcomeMap
from sim.charts.looks import ROW, by_rows, every_label
from sim.outcome import Outcome
from sim.palette import BLUE, FAINT, GREY, ORANGE
from sim.scenario import Scenario

BEYOND, EDGE = 1.2, 1.6
"""Ceilings beyond the first are drawn there; the numbers stand at the edge, with an arrow."""

DARK, LIGHT = "#000000", "#ffffff"
"""Numbers inside a cell, whose own colour is behind them on every page."""

STRONG = 0.44
"""So far from one half a cell is dark enough for light numbers."""

NUMBERS = ".3~r"
"""Three digits, without zeros at the end."""

# Who decides ------------------------------------------------------------------------------------


def blockers(outcome: Outcome, clause: str, *, rows: int | None = None) -> alt.LayerChart:
    """How often each member's objection brings a clause down, alone and together with others."""
    row = outcome.measures()[clause]
    alone, kinds = row["sole_blockers"], _kinds(outcome.scenario)
    first = list(row["blockers"].items())[:rows]
    frame = pd.DataFrame(
        [
            {
                "name": story.member_name(outcome.scenario, iso),
                "kind": kind,
                "order": place,
                "share": part,
                "all": share,
                "shown": story.percent(share),
                "alone": story.percent(alone.get(iso, 0)),
            }
            for iso, share in first
            for place, (kind, part) in enumerate(
                zip(kinds, (alone.get(iso, 0.0), share - alone.get(iso, 0.0)))
            )
        ],
        columns=["name", "kind", "order", "share", "all", "shown", "alone"],
    )
    base = _members(frame).encode(
        tooltip=[
            alt.Tooltip("name:N", title="Member"),
            alt.Tooltip("shown:N", title="Breaks the silence and it falls"),
            alt.Tooltip("alone:N", title=kinds[0].capitalize()),
        ]
    )
    bars = base.mark_bar(color=ORANGE).encode(
        x=_of_worlds("share:Q"),
        order=alt.Order("order:O"),
        opacity=alt.Opacity(
            "kind:N",
            sort=list(kinds),
            scale=alt.Scale(domain=list(kinds), range=[1, 0.5]),
            legend=alt.Legend(title=None, orient="bottom", labelLimit=300, columns=1),
        ),
    )
    text = _beside(base.transform_filter(alt.datum.order == 0), "all:Q")
    return (bars + text).properties(**by_rows(ROW))


def _kinds(scenario: Scenario) -> tuple[str, str]:
    """What it means to be alone: under consensus the only one, else the one too many."""
    one = scenario.rule.name == "consensus" or scenario.rule.name.startswith("only:")
    return ("alone", "together with others") if one else ("its silence would do", "it would not")


def binding(outcome: Outcome, clause: str, *, rows: int | None = None) -> alt.LayerChart:
    """How often each member's ceiling is the lowest."""
    shares = outcome.measures()[clause]["ceiling"]["binding"]
    frame = pd.DataFrame(
        [
            {
                "name": story.member_name(outcome.scenario, iso),
                "share": share,
                "shown": story.percent(share),
            }
            for iso, share in list(shares.items())[:rows]
        ],
        columns=["name", "share", "shown"],
    )
    base = _members(frame).encode(
        tooltip=[
            alt.Tooltip("name:N", title="Member"),
            alt.Tooltip("shown:N", title="Its ceiling is the lowest in"),
        ]
    )
    bars = base.mark_bar(color=GREY).encode(x=_of_worlds("share:Q"))
    return (bars + _beside(base, "share:Q")).properties(**by_rows(ROW))


def _members(frame: pd.DataFrame) -> alt.Chart:
    """A chart with a row for each member, in the order of the table."""
    order = list(dict.fromkeys(frame["name"]))
    return alt.Chart(frame).encode(
        y=alt.Y("name:N", sort=order, axis=every_label(labelLimit=120)),
    )


def _of_worlds(field: str) -> alt.X:
    """Shares of worlds, with room for a number behind a full bar."""
    axis = alt.Axis(format="%", values=[0, 0.5, 1], title="Share of worlds")
    return alt.X(field, scale=alt.Scale(domain=[0, 1.2]), axis=axis)


def _beside(base: alt.Chart, field: str) -> alt.Chart:
    return base.mark_text(align="left", dx=5).encode(x=field, text=alt.Text("shown:N"))


# How far it could go ----------------------------------------------------------------------------

OBJECTS, LIVES, FIRST = "objects as tabled", "can live with it as tabled", "the lowest ceiling"


def ceilings(scenario: Scenario, found: Ceilings, *, rows: int | None = None) -> alt.LayerChart:
    """How far each member could go along with a clause at the centre, and what is tabled."""
    frame = pd.DataFrame([_ceiling(scenario, found, row) for row in found.members[:rows]])
    base = _members(frame).encode(
        tooltip=[
            alt.Tooltip("name:N", title="Member"),
            alt.Tooltip("kind:N", title="It"),
            alt.Tooltip("words:N", title="Could go as far as"),
            alt.Tooltip("own_words:N", title="By itself, before consultation"),
        ]
    )
    look = [OBJECTS, LIVES, FIRST]
    axis = alt.Axis(values=[0, 0.25, 0.5, 0.75, 1], format=NUMBERS, title="Part of the text")
    level = alt.X("level:Q", scale=alt.Scale(domain=[0, EDGE]), axis=axis)
    stems = base.mark_rule(color=GREY, opacity=0.6).encode(x=level)
    heads = base.mark_point(filled=True, size=90, opacity=1).encode(
        x=level,
        color=alt.Color(
            "kind:N",
            scale=alt.Scale(domain=look, range=[ORANGE, GREY, ORANGE]),
            legend=alt.Legend(title=None, orient="bottom", columns=1, labelLimit=300),
        ),
        shape=alt.Shape(
            "kind:N", scale=alt.Scale(domain=look, range=["cross", "circle", "diamond"])
        ),
    )
    own = base.mark_tick(color=GREY, thickness=2, size=10).encode(x=alt.X("own:Q"))
    text = base.mark_text(align="left", dx=9).encode(x=alt.datum(BEYOND), text=alt.Text("shown:N"))
    return (stems + own + heads + text + _tabled(found)).properties(**by_rows(ROW))


def _ceiling(scenario: Scenario, found: Ceilings, row: Ceiling) -> dict[str, Any]:
    passes = row.expressed >= found.tabled
    return {
        "name": story.member_name(scenario, row.member),
        "level": min(row.expressed, BEYOND),
        "own": min(row.own, BEYOND),
        "kind": FIRST if row.binding and not passes else LIVES if passes else OBJECTS,
        "words": story.as_far_as(row.expressed),
        "own_words": story.as_far_as(row.own),
        "shown": _short(row.expressed),
    }


def _short(level: float) -> str:
    """A ceiling as a label: an arrow beyond the picture."""
    if math.isinf(level):
        return "▸ any"
    if level > BEYOND:
        return f"▸ {level:.2g}"
    return f"{math.floor(level * 100 + 1e-6) / 100:g}".removeprefix("0")


def _tabled(found: Ceilings) -> alt.LayerChart:
    """The level on the table, as a line with its name."""
    line = alt.Chart(pd.DataFrame([{"level": found.tabled, "label": "tabled"}]))
    rule = line.mark_rule(color=BLUE, strokeWidth=2, strokeDash=[5, 3]).encode(x=alt.X("level:Q"))
    name = line.mark_text(baseline="bottom", dy=-2, fontWeight="bold").encode(
        x=alt.X("level:Q"), y=alt.value(0), text=alt.Text("label:N")
    )
    return rule + name


# What silence would cost ------------------------------------------------------------------------

LINEAR = 0.1
"""Below this the axis of prices is in proportion, above it is logarithmic: no harm is too small."""


def prices(outcome: Outcome) -> alt.LayerChart:
    """What silence on each clause would cost: the median, and the span of nine worlds in ten."""
    frame = pd.DataFrame([_price(outcome, name) for name in outcome.survival])
    top = max(1.0, float(frame["high"].max()))
    base = _rows_of_clauses(frame)
    ticks = [tick for tick in (0, 0.1, 1, 10) if tick <= top]
    price = alt.X(
        "low:Q",
        scale=alt.Scale(type="symlog", constant=LINEAR, domain=[0, 4 * top]),
        axis=alt.Axis(values=ticks, format=NUMBERS, title="Price in weight units"),
    )
    span = base.mark_rule(color=GREY, strokeWidth=3).encode(x=price, x2=alt.X2("high:Q"))
    middle = base.mark_tick(color=ORANGE, thickness=4, size=14).encode(
        x=alt.X("middle:Q", scale=alt.Scale(type="symlog", constant=LINEAR, domain=[0, 4 * top]))
    )
    text = base.mark_text(align="left", dx=6).encode(x=alt.X("high:Q"), text=alt.Text("shown:N"))
    return (span + middle + text).properties(**by_rows(ROW))


def _rows_of_clauses(frame: pd.DataFrame) -> alt.Chart:
    return alt.Chart(frame).encode(
        y=alt.Y("label:N", sort=list(frame["label"]), axis=every_label(labelLimit=190)),
        tooltip=[
            alt.Tooltip("label:N", title="Clause"),
            alt.Tooltip("words:N", title="At the median"),
            alt.Tooltip("between:N", title="In nine worlds of ten"),
        ],
    )


def _price(outcome: Outcome, clause: str) -> dict[str, Any]:
    row = outcome.measures()[clause]
    low, middle, high = (row["price"][p] for p in ("p05", "p50", "p95"))
    most = max((each for each in (low, middle, high) if each is not None), default=0.0)
    return {
        "label": f"{clause}  {row['title']}",
        "low": low or 0.0,
        "middle": middle,
        "high": most,
        "shown": "no silence carries it" if middle is None else f"{middle:.2f}" if middle else "0",
        "words": _in_words(outcome.scenario, middle),
        "between": f"{_bare(low)} to {_bare(high)}",
    }


def _in_words(scenario: Scenario, price: float | None) -> str:
    if price is None:
        return "no silence carries it"
    return f"{price:.2f}{story.swallowed(scenario, price)}"


def _bare(price: float | None) -> str:
    return "without limit" if price is None else f"{price:.2f}"


# Where it tips ----------------------------------------------------------------------------------


def tipping(curve: Curve) -> alt.LayerChart:
    """Survival of a clause over a dial, with the band of the dice and where it tips."""
    dial = curve.dial
    frame = pd.DataFrame(
        [
            {
                "at": point.at,
                "survival": point.share.survival,
                "low": point.share.low,
                "high": point.share.high,
                "setting": story.turned_to(dial, point.at),
                "words": story.survives(point.share),
            }
            for point in curve.points
            if point.share
        ],
        columns=["at", "survival", "low", "high", "setting", "words"],
    )
    tooltip = [
        alt.Tooltip("setting:N", title=dial.title),
        alt.Tooltip("words:N", title=curve.clause),
    ]
    base = alt.Chart(frame).encode(x=_turned(dial), tooltip=tooltip)
    survival = alt.Y(
        "survival:Q",
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format="%", values=[0, 0.25, 0.5, 0.75, 1], title="Survives in"),
    )
    band = base.mark_area(color=BLUE, opacity=0.25).encode(y=alt.Y("low:Q"), y2=alt.Y2("high:Q"))
    line = base.mark_line(color=BLUE, strokeWidth=2.5).encode(y=survival)
    dots = base.mark_circle(color=BLUE, size=40, opacity=1).encode(y=survival)
    half = alt.Chart(pd.DataFrame([{"half": HALF}])).mark_rule(color=GREY, strokeDash=[2, 3])
    layers = [band, half.encode(y=alt.Y("half:Q")), line, dots, *_stands(dial), *_tips(curve)]
    return alt.LayerChart(layer=layers).properties(**_tall(260))


def _tall(height: int) -> dict[str, Any]:
    """The size of a picture so many pixels high, axes not counted, in a column of any width."""
    return by_rows(ROW) | {"height": height}


def _turned(dial: Dial) -> alt.X:
    """The settings of a dial along an axis; long words on two lines."""
    axis = alt.Axis(title=_lines(dial), format=NUMBERS, tickCount=6, labelFlush=False)
    return alt.X("at:Q", scale=alt.Scale(domain=[dial.low, dial.high], nice=False), axis=axis)


def _lines(dial: Dial) -> list[str]:
    return [*textwrap.wrap(dial.title, 36), *textwrap.wrap(dial.unit, 44)]


def _stands(dial: Dial) -> list[alt.Chart]:
    """A line where the scenario stands."""
    if dial.here is None:
        return []
    words = f"the scenario: {story.turned_to(dial, dial.here)}"
    mark = alt.Chart(pd.DataFrame([{"at": dial.here, "label": words}]))
    rule = mark.mark_rule(color=GREY, strokeWidth=2).encode(x=alt.X("at:Q"))
    text = _inwards(mark, dial, dial.here, dy=10).encode(x=alt.X("at:Q"), y=alt.value(0))
    return [rule, text.encode(text=alt.Text("label:N"))]


def _tips(curve: Curve) -> list[alt.Chart]:
    """The points at which survival crosses one half, named."""
    return [layer for crossing in curve.crossings for layer in _tip(curve.dial, crossing)]


def _tip(dial: Dial, crossing: Crossing) -> list[alt.Chart]:
    words = f"tips at {story.tips_at(dial, crossing)}"
    mark = alt.Chart(pd.DataFrame([{"at": crossing.at, "half": HALF, "label": words}]))
    point = mark.mark_point(shape="diamond", filled=True, size=160, color=ORANGE, opacity=1)
    text = _inwards(mark, dial, crossing.at, dy=-12, fontWeight="bold")
    return [
        point.encode(x=alt.X("at:Q"), y=alt.Y("half:Q")),
        text.encode(x=alt.X("at:Q"), y=alt.Y("half:Q"), text=alt.Text("label:N")),
    ]


def _inwards(mark: alt.Chart, dial: Dial, at: float, **looks: Any) -> alt.Chart:
    """Words beside a place, on the side that has more room."""
    right = at > (dial.low + dial.high) / 2
    return mark.mark_text(align="right" if right else "left", dx=-8 if right else 8, **looks)


# Two at once ------------------------------------------------------------------------------------


def outcome_map(found: OutcomeMap) -> alt.LayerChart:
    """How often a clause survives over two dials, with the scenario's own place ringed."""
    frame = _cells(found)
    tooltip = [
        alt.Tooltip("across:N", title=found.across.title),
        alt.Tooltip("up:N", title=found.up.title),
        alt.Tooltip("words:N", title=found.clause),
    ]
    columns, rows = (sorted({place[axis] for place in found.cells}) for axis in (0, 1))
    base = alt.Chart(frame).encode(tooltip=tooltip)
    cells = base.mark_rect(stroke=None).encode(
        x=_along(alt.X, "left:Q", found.across, columns),
        x2=alt.X2("right:Q"),
        y=_along(alt.Y, "bottom:Q", found.up, rows),
        y2=alt.Y2("top:Q"),
        color=alt.Color(
            "survival:Q",
            scale=alt.Scale(domain=[0, HALF, 1], range=[ORANGE, FAINT, BLUE]),
            legend=alt.Legend(format="%", title="Survives in", orient="bottom", values=[0, 0.5, 1]),
        ),
    )
    numbers = base.mark_text(fontSize=11).encode(
        x=alt.X("x:Q"),
        y=alt.Y("y:Q"),
        text=alt.Text("shown:N"),
        color=alt.Color("ink:N", scale=None),
    )
    layers = [cells, *_ring(found), numbers]
    return alt.LayerChart(layer=layers).properties(**_tall(32 * len(rows)))


def _along(channel: Any, field: str, dial: Dial, settings: Sequence[float]) -> Any:
    edges = _edges(settings)
    axis = alt.Axis(
        title=_lines(dial), format=NUMBERS, values=list(settings), labelOverlap=True, grid=False
    )
    scale = alt.Scale(domain=[edges[0], edges[-1]], nice=False, zero=False)
    return channel(field, scale=scale, axis=axis)


def _edges(settings: Sequence[float]) -> list[float]:
    """Where the cells around some settings meet."""
    inner = [(one + other) / 2 for one, other in pairwise(settings)]
    return [2 * settings[0] - inner[0], *inner, 2 * settings[-1] - inner[-1]]


def _cells(found: OutcomeMap) -> pd.DataFrame:
    """A row for each cell whose settings fit a scenario."""
    columns, rows = (sorted({place[axis] for place in found.cells}) for axis in (0, 1))
    across, up = _edges(columns), _edges(rows)
    cells = [
        {
            "x": x,
            "y": y,
            "left": across[columns.index(x)],
            "right": across[columns.index(x) + 1],
            "bottom": up[rows.index(y)],
            "top": up[rows.index(y) + 1],
            "survival": share.survival,
            "shown": f"{100 * share.survival:.0f}",
            "ink": LIGHT if abs(share.survival - HALF) > STRONG else DARK,
            "across": story.turned_to(found.across, x),
            "up": story.turned_to(found.up, y),
            "words": story.survives(share),
        }
        for (x, y), share in found.cells.items()
        if share
    ]
    return pd.DataFrame(cells)


def _ring(found: OutcomeMap) -> list[alt.Chart]:
    """Where the scenario stands: a ring that shows on every colour."""
    if found.here is None:
        return []
    x, y = found.here
    mark = alt.Chart(pd.DataFrame([{"x": x, "y": y}])).encode(x=alt.X("x:Q"), y=alt.Y("y:Q"))
    return [
        mark.mark_point(filled=False, size=700, strokeWidth=width, stroke=colour, opacity=1)
        for width, colour in ((6, LIGHT), (3, DARK))
    ]
