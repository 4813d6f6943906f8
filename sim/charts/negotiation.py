"""A negotiation round by round, in one world and in all."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd

from sim import story
from sim.analysis.rounds import Rounds, Turn
from sim.charts.looks import LABEL, ROW, by_rows, clause_label, every_label, on_shade, written
from sim.palette import BLUE, FAINT, GREY, ORANGE

if TYPE_CHECKING:  # its solver takes a fifth of a second to load
    pass

SELDOM = 0.01
"""Below this share of worlds a member is left out of a picture of objections."""

MOST_COLUMNS = 8
"""Rounds up to which a cell has room for a number."""

MOST_GLYPHS = 20
"""Rounds up to which a cell has room for a glyph."""

APART = 0.055
"""How far the name of a line must be from every line and every other name, as a part of the axis."""

PLACES = [place / 100 for place in range(97, 2, -3)]
"""Where the name of a line may be, as parts of the axis, from above."""

LINES = {"security seeker": BLUE, "expansionist": ORANGE, "pretext seeker": GREY}
DASHES: tuple[list[int], ...] = ([1, 0], [8, 3], [2, 3])


def beliefs(found: Rounds, now: Turn | None = None) -> alt.LayerChart:
    """What members believe of the proposer, on average, from round to round.

    The shades are where the average lies in nine of ten worlds; now: the round that is looked at.
    """
    frame = _beliefs(found)
    order = list(dict.fromkeys(frame["round"]))
    top = min(1.0, math.ceil(10 * frame["high"].max() + 1) / 10)
    colour = alt.Color(
        "kind:N", scale=alt.Scale(domain=list(LINES), range=list(LINES.values())), legend=None
    )
    share = alt.Axis(format="%", tickCount=5, title="Average belief")
    base = alt.Chart(frame).encode(
        x=alt.X("round:N", sort=order, axis=_rounds_axis(found, labelOverlap="greedy")),
        y=alt.Y("belief:Q", scale=alt.Scale(domain=[0, top]), axis=share),
        color=colour,
        tooltip=[
            alt.Tooltip("kind:N", title="Type"),
            alt.Tooltip("round:N", title="Round"),
            alt.Tooltip("belief:Q", format=".1%", title="Average belief"),
            alt.Tooltip("low:Q", format=".0%", title="In 5 % of worlds below"),
            alt.Tooltip("high:Q", format=".0%", title="In 5 % of worlds above"),
        ],
    )
    dash = alt.StrokeDash(
        "kind:N", scale=alt.Scale(domain=list(LINES), range=list(DASHES)), legend=None
    )
    lines = base.mark_line(strokeWidth=2.5).encode(strokeDash=dash)
    points = base.mark_point(filled=True, size=36, opacity=1)
    names = (
        alt.Chart(_line_ends(frame, top))
        .mark_text(align="right", dx=-4, fontWeight="bold")
        .encode(
            x=alt.X("round:N", sort=order),
            y=alt.Y("place:Q"),
            text=alt.Text("label:N"),
            color=colour,
        )
    )
    layers: list[Any] = [lines, points, names]
    if found.worlds > 1:
        layers.insert(0, base.mark_area(opacity=0.12).encode(y=alt.Y("low:Q"), y2=alt.Y2("high:Q")))
    if now is not None:
        layers.insert(0, _at(_round_name(found, now), order))
    return alt.LayerChart(layer=layers).properties(height=260)


def _beliefs(found: Rounds) -> pd.DataFrame:
    rows = []
    for turn in found.turns:
        for place, kind in enumerate(LINES):
            low, high = found.range_of_belief(turn, place)
            belief = float(found.mean_belief[turn.place, place])
            rows.append(
                {
                    "round": _round_name(found, turn),
                    "kind": kind,
                    "belief": belief,
                    "low": low,
                    "high": high,
                }
            )
    return pd.DataFrame(rows)


def _line_ends(frame: pd.DataFrame, top: float) -> pd.DataFrame:
    """Where the names of the lines go: near their ends, where no line and no other name is."""
    rounds = list(dict.fromkeys(frame["round"]))
    late = frame["round"].isin(rounds[len(rounds) // 2 :])
    taken = (frame.loc[late, "belief"] / top).tolist()
    ends = frame[frame["round"] == rounds[-1]].sort_values("belief", ascending=False)
    places = _spread((ends["belief"] / top).tolist(), taken)
    label = ends["kind"] + "  " + ends["belief"].map(story.percent)
    return ends.assign(place=[place * top for place in places], label=label)


def _spread(ends: list[float], taken: list[float]) -> tuple[float, ...]:
    """Places as near as can be to the ends, in their order, apart from each other and what is taken."""
    free = [place for place in PLACES if all(abs(place - at) >= APART for at in taken)]
    ways = [
        places
        for among in (free, PLACES)
        for places in itertools.combinations(among, len(ends))
        if all(one - other >= APART for one, other in itertools.pairwise(places))
    ]
    return min(ways, key=lambda places: _strain(places, ends, free))


def _strain(places: Sequence[float], ends: list[float], free: list[float]) -> float:
    """How far names are from their lines; one upon a line is worse than any distance."""
    far = sum(abs(place - end) for place, end in zip(places, ends))
    return far + sum(place not in free for place in places) * len(ends)


def _at(name: str, order: Sequence[str]) -> alt.Chart:
    """The round that is looked at."""
    frame = pd.DataFrame({"round": [name]})
    return (
        alt.Chart(frame)
        .mark_rule(color=GREY, strokeWidth=14, opacity=0.25)
        .encode(x=alt.X("round:N", sort=list(order)))
    )


def _round_name(found: Rounds, turn: Turn) -> str:
    """A round by its number, with the step before it where there are several."""
    one = len(found.scenario.stages) == 1
    return f"{turn.number}" if one else f"{turn.stage}.{turn.number}"


def _rounds_axis(found: Rounds, **looks: Any) -> alt.Axis:
    title = "Round" if len(found.scenario.stages) == 1 else "Step.round"
    return alt.Axis(title=title, labelAngle=0, **looks)


def course(found: Rounds, now: Turn | None = None) -> alt.LayerChart:
    """What is tabled in each round, at what level, and in how many worlds it has been adopted by then.

    Of one world: what is adopted ✓ and what falls ✕. In steps, a clause has the rounds of its own step.
    """
    frame = _course(found)
    order = list(dict.fromkeys(frame["label"]))
    columns = sorted(set(frame["number"]))
    base = alt.Chart(frame).encode(
        x=alt.X(
            "number:O",
            sort=columns,
            axis=alt.Axis(orient="top", title=_columns(found), labelAngle=0, labelOverlap="greedy"),
        ),
        y=alt.Y("label:N", sort=order, axis=every_label(labelLimit=LABEL)),
        tooltip=[
            alt.Tooltip("label:N", title="Clause"),
            alt.Tooltip("round:N", title="Round"),
            alt.Tooltip("adopted:Q", format=".0%", title="Adopted by then in"),
            alt.Tooltip("open:Q", format=".0%", title="On the table in"),
            alt.Tooltip("level:Q", format=".2f", title="At the level, in the middle of worlds"),
            alt.Tooltip("low:Q", format=".2f", title="In 5 % of worlds below"),
            alt.Tooltip("high:Q", format=".2f", title="In 5 % of worlds above"),
        ],
    )
    cells = base.mark_rect(stroke=GREY, strokeWidth=0.3).encode(
        color=alt.Color(
            "adopted:Q",
            scale=alt.Scale(domain=[0, 1], range=[FAINT, BLUE]),
            legend=None
            if found.worlds == 1
            else alt.Legend(format="%", title="Adopted by then in", orient="bottom", tickCount=3),
        )
    )
    layers: list[Any] = [cells]
    if len(columns) <= MOST_COLUMNS:
        layers.append(on_shade(base, "adopted", "shown"))
    elif found.worlds == 1 and len(columns) <= MOST_GLYPHS:
        layers.append(on_shade(base, "adopted", "glyph"))
    if now is not None:
        there = frame[(frame["stage"] == now.stage) & (frame["number"] == now.number)]
        outline = alt.Chart(there).mark_rect(filled=False, stroke=ORANGE, strokeWidth=2)
        layers.append(
            outline.encode(x=alt.X("number:O", sort=columns), y=alt.Y("label:N", sort=order))
        )
    return alt.LayerChart(layer=layers).properties(**by_rows(ROW))


def _columns(found: Rounds) -> str:
    return "Round" if len(found.scenario.stages) == 1 else "Round of the clause's own step"


def _course(found: Rounds) -> pd.DataFrame:
    """One row for each clause and round of its step, the steps in their order."""
    clauses, every = list(found.scenario.clauses), found.scenario.process.rounds
    last = max(turn.number for turn in found.turns)
    return pd.DataFrame(
        [
            _cell(found, name, clauses.index(name), Turn(number, count, place))
            for number, stage in enumerate(found.scenario.stages, 1)
            for name in clauses
            if name in stage.clauses
            for count, place in enumerate(range((number - 1) * every, number * every), 1)
            if count <= last
        ]
    )


def _cell(found: Rounds, name: str, place: int, turn: Turn) -> dict[str, Any]:
    level = found.level(turn, name)
    adopted = float(found.adopted[turn.place, place])
    settled = found.worlds > 1 or level["p50"] is None
    glyph = "" if settled else "✓" if adopted else "✕"
    return {
        "label": clause_label(found.scenario, name),
        "round": _round_name(found, turn),
        "stage": turn.stage,
        "number": turn.number,
        "adopted": adopted,
        "open": float(found.course.open[turn.place, place] / found.worlds),
        "level": level["p50"],
        "low": level["p05"],
        "high": level["p95"],
        "glyph": glyph,
        "shown": f"{written(level['p50'])} {glyph}".strip(),
    }


def refusals(found: Rounds, clause: str) -> alt.LayerChart | None:
    """Who breaks the silence on a clause, round by round; None where hardly anybody does."""
    frame = _refusals(found, clause)
    if frame.empty:
        return None
    totals = frame.groupby("name", sort=False)["objects"].sum()
    order = list(totals.sort_values(ascending=False, kind="stable").index)
    columns = sorted(set(frame["number"]))
    base = alt.Chart(frame).encode(
        x=alt.X(
            "number:O",
            sort=columns,
            axis=alt.Axis(orient="top", title="Round", labelAngle=0, labelOverlap="greedy"),
        ),
        y=alt.Y("name:N", sort=order, axis=every_label(labelLimit=LABEL)),
        tooltip=[
            alt.Tooltip("name:N", title="Member"),
            alt.Tooltip("number:O", title="Round"),
            alt.Tooltip("objects:Q", format=".1%", title="Breaks the silence in"),
        ],
    )
    cells = base.mark_rect(stroke=GREY, strokeWidth=0.3).encode(
        color=alt.Color(
            "objects:Q", scale=alt.Scale(domain=[0, 1], range=[FAINT, ORANGE]), legend=None
        )
    )
    layers = [cells]
    if len(columns) <= MOST_COLUMNS:
        layers.append(on_shade(base, "objects", "shown"))
    return alt.LayerChart(layer=layers).properties(**by_rows(ROW))


def _refusals(found: Rounds, clause: str) -> pd.DataFrame:
    """Members that break the silence in one world of a hundred in any round, by round."""
    column, turns = list(found.scenario.clauses).index(clause), found.of(clause)
    most = (
        found.course.objects[[turn.place for turn in turns], :, column].max(axis=0) / found.worlds
    )
    names = [row.name or iso for iso, row in found.scenario.seats.items()]
    rows = []
    for seat in range(len(names)):
        for turn in turns if most[seat] >= SELDOM else ():
            share = float(found.objects[turn.place, seat, column])
            shown = "✕" * bool(share) if found.worlds == 1 else story.percent(share)
            rows.append(
                {"name": names[seat], "number": turn.number, "objects": share, "shown": shown}
            )
    return pd.DataFrame(rows, columns=["name", "number", "objects", "shown"])
