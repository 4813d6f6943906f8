"""A negotiation round by round, three processes side by side, and zones of possible agreement."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd

from sim import story
from sim.analysis.processes import Process
from sim.analysis.rounds import Rounds, Turn
from sim.arrays import Reals
from sim.charts.looks import ROW, by_rows, every_label
from sim.palette import BLUE, FAINT, GREY, ORANGE
from sim.scenario import Scenario

if TYPE_CHECKING:  # its solver takes a fifth of a second to load
    from sim.analysis.treaty import Treaties

LABEL = alt.ExprRef("containerSize()[0] < 400 ? 105 : 240")
"""The longest label of a row, in pixels, so that a phone has room for the picture."""

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
WAYS = {"clauses": "Clauses", "package": "Package", "steps": "Steps"}
TREATIES = {"alone": "clause by clause", "package": "one package", "earnest": "package in earnest"}


# Rounds ------------------------------------------------------------------------------------------


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
        layers.append(_on_shade(base, "adopted", "shown"))
    elif found.worlds == 1 and len(columns) <= MOST_GLYPHS:
        layers.append(_on_shade(base, "adopted", "glyph"))
    if now is not None:
        there = frame[(frame["stage"] == now.stage) & (frame["number"] == now.number)]
        outline = alt.Chart(there).mark_rect(filled=False, stroke=ORANGE, strokeWidth=2)
        layers.append(
            outline.encode(x=alt.X("number:O", sort=columns), y=alt.Y("label:N", sort=order))
        )
    return alt.LayerChart(layer=layers).properties(**by_rows(ROW))


def _columns(found: Rounds) -> str:
    return "Round" if len(found.scenario.stages) == 1 else "Round of the clause's own step"


def _on_shade(base: alt.Chart, shade: str, text: str, **looks: Any) -> alt.Chart:
    """A text on cells that run from pale to full: dark on pale ones, white on full ones."""
    return base.mark_text(fontSize=11, **looks).encode(
        text=f"{text}:N",
        color=alt.condition(f"datum.{shade} > 0.8", alt.value("white"), alt.value("#222222")),
    )


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
        "label": _clause(found.scenario, name),
        "round": _round_name(found, turn),
        "stage": turn.stage,
        "number": turn.number,
        "adopted": adopted,
        "open": float(found.course.open[turn.place, place] / found.worlds),
        "level": level["p50"],
        "low": level["p05"],
        "high": level["p95"],
        "glyph": glyph,
        "shown": f"{_written(level['p50'])} {glyph}".strip(),
    }


def _written(level: float | None) -> str:
    """A level as a cell writes it; nothing where the clause is not on the table."""
    if level is None:
        return ""
    return f"{level:.2f}".removeprefix("0") if level < 1 else "1"


def _clause(scenario: Scenario, name: str) -> str:
    return f"{name}  {scenario.clauses[name].title}"


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
        layers.append(_on_shade(base, "objects", "shown"))
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


# Side by side ------------------------------------------------------------------------------------


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
            "label": _clause(scenario, name),
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
    above = _on_shade(base, "survival", "survives", dy=-7)
    below = _on_shade(base, "survival", "kept", dy=7)
    return (cells + above + below).properties(**by_rows(ROW + 12))


def _survives(share: float, level: float | None) -> str:
    """`72 % at .78`, and only the share where the text is as tabled or falls."""
    if level is None or level == 1:
        return story.percent(share)
    return f"{story.percent(share)} at {_written(level)}"


# Zones -------------------------------------------------------------------------------------------


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
        "label": _clause(best.scenario, zone.clause),
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
        {"label": _clause(best.scenario, name), "treaty": TREATIES[kind], "level": float(level)}
        for kind, levels in _levels(best).items()
        for name, level in zip(best.scenario.clauses, levels)
        if level > 1e-3
    ]
