"""What hangs on the council: its rule, its size, who sits in it, and who would do without it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import altair as alt
import pandas as pd

from sim import story
from sim.analysis.table import Alone, Growth
from sim.charts.looks import ROW, by_rows, every_label
from sim.outcome import Outcome
from sim.palette import BLUE, FAINT, GREY
from sim.scenario import Scenario

WHOLE = "treaty"
"""The treaty as a whole, in a row of its own."""

NARROW = 620
"""Below this width, in pixels, a row is called by its id alone."""

SHADES = alt.Scale(domain=[0, 1], range=[FAINT, BLUE])
MARK = "▸ "


def under_rules(outcomes: Mapping[str, Outcome], now: str) -> alt.LayerChart:
    """How often each clause survives under each rule, the rule that is in force marked."""
    first = next(iter(outcomes.values())).scenario
    titles = {rule: story.rule_title(first, rule) for rule in outcomes}
    frame = pd.DataFrame(
        [
            {"clause": clause, "rule": _marked(titles[rule], rule == now), "share": share}
            for rule, outcome in outcomes.items()
            for clause, share in (outcome.survival | _whole(outcome)).items()
        ]
    )
    frame["label"] = frame["clause"].map(_clause_labels(first) | {WHOLE: "All  clauses together"})
    frame["shown"] = frame["share"].map(_number)
    order = [_marked(titles[rule], rule == now) for rule in outcomes]
    base = alt.Chart(frame).encode(
        x=alt.X("rule:N", sort=order, axis=_heads(labelLimit=170)),
        y=alt.Y("label:N", sort=_most(frame, "label"), axis=_rows()),
        tooltip=[
            alt.Tooltip("label:N", title="Clause"),
            alt.Tooltip("rule:N", title="Rule"),
            alt.Tooltip("share:Q", format=".1%", title="Survives in"),
        ],
    )
    return _cells(base, "Survives in")


def _whole(outcome: Outcome) -> dict[str, float]:
    return {WHOLE: float(outcome.share(outcome.tally.treaty))}


def _cells(base: alt.Chart, title: str) -> alt.LayerChart:
    """Shades with numbers on them."""
    legend = alt.Legend(format="%", title=title, orient="bottom", gradientLength=160)
    shades = base.mark_rect(stroke=None).encode(
        color=alt.Color("share:Q", scale=SHADES, legend=legend)
    )
    return (shades + _on_shades(base, "shown:N")).properties(**by_rows(ROW))


def _on_shades(base: alt.Chart, text: str) -> alt.Chart:
    """Words on shades, dark on light and light on dark, whatever the page is."""
    dark = alt.condition("datum.share > 0.9", alt.value("white"), alt.value("black"))
    return base.mark_text(fontSize=11).encode(text=text, color=dark)


def _number(share: float) -> str:
    """A share in per cent, short enough for a cell."""
    return story.percent(share).replace(" %", "").replace(" ", "")


def growth(grown: Growth, clause: str) -> alt.LayerChart:
    """How the chance that nobody objects falls as the table grows, beside independent objections."""
    sizes = range(1, grown.members + 1)
    ways = {
        "as members spoke": grown.consensus(clause),
        "if each objected by itself": grown.apart(clause),
    }
    frame = pd.DataFrame(
        [
            {"size": size, "way": way, "share": float(share)}
            for way, curve in ways.items()
            for size, share in zip(sizes, curve)
        ]
    )
    legend = alt.Legend(title=None, orient="bottom", columns=1)
    share = alt.Axis(format="%", tickCount=5, title="Nobody objects in")
    whole = alt.Axis(tickMinStep=1, title="Members at the table, taken at random")
    lines = (
        alt.Chart(frame)
        .mark_line(point=True)
        .encode(
            x=alt.X("size:Q", scale=alt.Scale(domain=[1, max(2, grown.members)]), axis=whole),
            y=alt.Y("share:Q", scale=alt.Scale(domain=[0, 1]), axis=share),
            color=alt.Color("way:N", scale=_pair(ways, [BLUE, GREY]), legend=legend),
            strokeDash=alt.StrokeDash("way:N", scale=_pair(ways, [[1, 0], [4, 3]]), legend=legend),
            tooltip=[
                alt.Tooltip("size:Q", title="Members"),
                alt.Tooltip("way:N", title="If they object"),
                alt.Tooltip("share:Q", format=".1%", title="Nobody objects in"),
            ],
        )
    )
    half = alt.Chart(pd.DataFrame({"share": [0.5]})).mark_rule(color=GREY)
    return (half.encode(y=alt.Y("share:Q")) + lines).properties(height=340)


def without(whole: Outcome, rest: Outcome, member: str) -> alt.LayerChart:
    """How often each clause survives with one member at the table and without it."""
    name = story.member_name(whole.scenario, member)
    sides = {f"with {name}": whole.survival, f"without {name}": rest.survival}
    frame = pd.DataFrame(
        [
            {"clause": clause, "side": side, "share": share}
            for side, survival in sides.items()
            for clause, share in survival.items()
        ]
    )
    frame["label"] = frame["clause"].map(_clause_labels(whole.scenario))
    order = list(dict.fromkeys(frame["label"]))
    legend = alt.Legend(title=None, orient="bottom", columns=1, symbolSize=90, labelLimit=280)
    share = alt.Axis(format="%", tickCount=5, title="Survives in")
    base = alt.Chart(frame).encode(
        y=alt.Y("label:N", sort=order, axis=_rows()),
        x=alt.X("share:Q", scale=alt.Scale(domain=[0, 1]), axis=share),
    )
    between = base.mark_line(color=GREY, strokeWidth=2).encode(detail=alt.Detail("label:N"))
    ends = base.mark_point(size=90, opacity=1, strokeWidth=2).encode(
        color=alt.Color("side:N", scale=_pair(sides, [GREY, BLUE]), legend=legend),
        shape=alt.Shape("side:N", scale=_pair(sides, ["circle", "cross"]), legend=legend),
        tooltip=[
            alt.Tooltip("label:N", title="Clause"),
            alt.Tooltip("side:N", title="Table"),
            alt.Tooltip("share:Q", format=".1%", title="Survives in"),
        ],
    )
    return (between + ends).properties(**by_rows(ROW))


def alone(found: Alone, member: str) -> alt.LayerChart:
    """What every member would let stand alone with the proposer, one member marked."""
    scenario = found.scenario
    names = {
        iso: _marked(story.labelled(iso, story.member_name(scenario, iso)), iso == member)
        for iso in scenario.seats
    }
    frame = pd.DataFrame(
        [
            {"member": names[iso], "clause": clause, "share": float(share)}
            for iso, row in zip(scenario.seats, found.shares)
            for clause, share in zip(scenario.clauses, row)
        ]
    )
    frame["title"] = frame["clause"].map(_clause_labels(scenario))
    frame["shown"] = frame["share"].map(lambda share: "✓" if share >= 0.5 else "")
    base = alt.Chart(frame).encode(
        x=alt.X("clause:N", sort=_most(frame, "clause"), axis=_heads()),
        y=alt.Y("member:N", sort=_most(frame, "member"), axis=_rows()),
        tooltip=[
            alt.Tooltip("member:N", title="Member"),
            alt.Tooltip("title:N", title="Clause"),
            alt.Tooltip("share:Q", format=".0%", title="Would let it stand in"),
        ],
    )
    return _cells(base, "✓ lets it stand in most worlds")


def _pair(names: Iterable[str], looks: list[Any]) -> alt.Scale:
    """Two things and how each looks."""
    return alt.Scale(domain=list(names), range=looks)


# Labels -------------------------------------------------------------------------------------------


def _clause_labels(scenario: Scenario) -> dict[str, str]:
    """Clauses by id, then title; two blanks between, where a narrow page cuts them off."""
    return {name: story.labelled(name, row.title) for name, row in scenario.clauses.items()}


def _marked(title: str, here: bool) -> str:
    return f"{MARK}{title}" if here else title


def _rows() -> alt.Axis:
    """An axis of names that shrink to their ids where the page is narrow."""
    short = f"containerSize()[0] < {NARROW} ? split(datum.label, '  ')[0] : datum.label"
    return every_label(labelLimit=260, labelExpr=short)


def _heads(**looks: Any) -> alt.Axis:
    """Heads of columns, slanted, above them."""
    return every_label(labelAngle=-60, orient="top", **looks)


def _most(frame: pd.DataFrame, key: str) -> list[str]:
    """Rows or columns, those that survive most often first."""
    totals = frame.groupby(key, sort=False)["share"].sum()
    return list(totals.sort_values(ascending=False, kind="stable").index)
