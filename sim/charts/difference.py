"""Two what-ifs on the same worlds, clause by clause."""

from __future__ import annotations

import functools
from typing import Any

import altair as alt
import pandas as pd

from sim.analysis.compare import Comparison
from sim.charts.looks import ROW, Picture, by_rows, every_label, layered
from sim.palette import BLUE, GREY, ORANGE
from sim.story import labelled

MOVES = {"Survives more often": BLUE, "Less often": ORANGE, "As before": GREY}


def difference(comparison: Comparison) -> Picture:
    """How often each clause survives: hollow before, full after, and the way between."""
    return Picture(_difference(), {"moves": _moves(comparison)})


@functools.cache
def _difference() -> dict[str, Any]:
    share = alt.Axis(format="%", tickCount=5, title="Survives in")
    scale = alt.Scale(domain=[0, 1])
    base = alt.Chart(alt.NamedData("moves")).encode(
        y=alt.Y("label:N", sort=None, axis=every_label(labelLimit=190)),
        color=alt.Color(
            "move:N",
            scale=alt.Scale(domain=list(MOVES), range=list(MOVES.values())),
            legend=alt.Legend(orient="top", title=None, columns=1),
        ),
        tooltip=[
            alt.Tooltip("label:N", title="Clause"),
            alt.Tooltip("before:Q", format=".1%", title="As in the file"),
            alt.Tooltip("after:Q", format=".1%", title="Now"),
        ],
    )
    before, after = (alt.X(f"{when}:Q", scale=scale, axis=share) for when in ("before", "after"))
    way = base.mark_rule(strokeWidth=4, opacity=0.6).encode(x=before, x2=alt.X2("after:Q"))
    hollow = base.mark_point(size=90, filled=False, strokeWidth=2).encode(x=before)
    full = base.mark_point(size=110, filled=True, opacity=1).encode(x=after)
    return layered(way, hollow, full).properties(**by_rows(ROW)).to_dict()


def _moves(comparison: Comparison) -> pd.DataFrame:
    clauses = comparison.second.clauses
    rows = [
        {
            "label": labelled(name, clauses[name].title, " "),
            "before": row.survival[0],
            "after": row.survival[1],
            "move": _move(row.effect),
        }
        for name, row in comparison.changes.items()
    ]
    return pd.DataFrame(rows)


def _move(effect: float) -> str:
    more, less, same = MOVES
    return more if effect >= 0.005 else less if effect <= -0.005 else same
