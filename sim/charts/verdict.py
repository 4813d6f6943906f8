"""Which clauses survive, and who objects to what."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from sim import story, tables
from sim.charts.looks import FATES, ROW, STANCES, Picture, by_rows, every_label, layered
from sim.outcome import Outcome
from sim.palette import GREY

CHOSEN = "#F0E442"
"""The edge of what is looked at; Okabe & Ito's yellow (2008)."""

DECISION = "Decision"
"""The last row of the matrix: the rule's verdict."""


# Clauses ----------------------------------------------------------------------------------------


def survival(outcome: Outcome, chosen: str | None = None) -> Picture:
    """What becomes of each clause: as tabled, watered down, dead, in shares of the worlds.

    A click on a row selects its `id` under the name `clause`.
    """
    frame = tables.clauses(outcome)
    mark = frame["id"].map(lambda name: "▸ " if name == chosen else "")
    names = [story.labelled(*each, " ") for each in zip(frame["id"], frame["title"])]
    frame["label"] = mark + names
    frame["shown"] = frame["survival"].map(story.percent)
    long = frame["survival"] >= 0.75
    parts = {"fates": _fates(frame), "clauses": frame, "short": frame[~long], "long": frame[long]}
    return Picture(_survival(), parts)


@functools.cache
def _survival() -> dict[str, Any]:
    rows = alt.Y("label:N", sort=None, axis=every_label(labelLimit=190))
    interval = alt.Chart(alt.NamedData("clauses")).mark_rule(color=GREY, strokeWidth=2)
    span = interval.encode(y=rows, x=alt.X("survival_low:Q"), x2=alt.X2("survival_high:Q"))
    picture = layered(_bars(rows), span, *_percentages(rows)).properties(**by_rows(ROW))
    return picture.to_dict()


def _bars(rows: alt.Y) -> alt.Chart:
    picked = alt.selection_point(name="clause", fields=["id"], empty=False)
    share = alt.Axis(format="%", tickCount=5, title="Share of worlds")
    bars = alt.Chart(alt.NamedData("fates"), name="bars").mark_bar()
    return bars.encode(
        y=rows,
        x=alt.X("share:Q", scale=alt.Scale(domain=[0, 1]), axis=share, stack="zero"),
        fillOpacity=alt.FillOpacity("opacity:Q", scale=None, legend=None),
        color=alt.Color(
            "fate:N",
            scale=alt.Scale(domain=list(FATES), range=list(FATES.values())),
            legend=alt.Legend(orient="top", title=None, columns=1),
        ),
        order=alt.Order("order:Q"),
        tooltip=[
            alt.Tooltip("label:N", title="Clause"),
            alt.Tooltip("fate:N", title="Fate"),
            alt.Tooltip("share:Q", format=".1%", title="In"),
            alt.Tooltip("objectors:Q", format=".1f", title="Members against"),
        ],
    ).add_params(picked)


def _percentages(rows: alt.Y) -> Iterator[alt.Chart]:
    """How often a clause survives: beside a short bar, within a long one."""
    text = alt.Text("shown:N")
    beside = alt.Chart(alt.NamedData("short")).mark_text(align="left", dx=6, fontSize=12)
    yield beside.encode(y=rows, x=alt.X("survival_high:Q"), text=text)
    within = alt.Chart(alt.NamedData("long"))
    letters = within.mark_text(align="right", dx=-6, color="white", fontSize=12)
    yield letters.encode(y=rows, x=alt.X("survival_low:Q"), text=text)


def _fates(frame: pd.DataFrame) -> pd.DataFrame:
    """One row for each clause and fate, clause by clause."""
    parts = [frame["as_tabled"], frame["survival"] - frame["as_tabled"], 1 - frame["survival"]]
    kept = frame[["id", "label", "objectors"]]
    fates = [
        kept.assign(fate=fate, share=share, order=order, opacity=0.3 if order == 2 else 1.0)
        for order, (fate, share) in enumerate(zip(FATES, parts))
    ]
    return pd.concat(fates).sort_index(kind="stable")


# Members by clauses -----------------------------------------------------------------------------


def matrix(outcome: Outcome) -> Picture:
    """Members by clauses: what each does most often; below them, what the rule makes of it.

    Sorted so that the staircase shows. A click on a cell selects `member` and `clause` under the name
    `cell`.
    """
    ballots = _ballots(outcome)
    down, across = _most(ballots, "member"), _most(ballots, "clause")
    frame = pd.concat([ballots, _verdicts(outcome)])
    place = {iso: number for number, iso in enumerate([*down, DECISION])}
    column = {name: number for number, name in enumerate(across)}
    order = frame["member"].map(place) * len(column) + frame["clause"].map(column)
    cells = frame.iloc[order.argsort().to_numpy()]
    return Picture(_matrix(), {"cells": cells, "chosen": cells[["member", "clause"]].iloc[:0]})


def pointed(matrix: Picture, member: str, clause: str) -> Picture:
    """The matrix with an edge around one cell; all else stays as it is, and need not be drawn anew."""
    return matrix.showing(chosen=pd.DataFrame({"member": [member], "clause": [clause]}))


@functools.cache
def _matrix() -> dict[str, Any]:
    picked = alt.selection_point(name="cell", fields=["member", "clause"], empty=False)
    x = alt.X("clause:N", sort=None, axis=every_label(labelAngle=-90, orient="top"))
    y = alt.Y("member:N", sort=None, axis=every_label())
    base = alt.Chart(alt.NamedData("cells")).encode(
        x=x,
        y=y,
        tooltip=[
            alt.Tooltip("name:N", title="Member"),
            alt.Tooltip("clause:N", title="Clause"),
            alt.Tooltip("objects:Q", format=".0%", title="Breaks the silence in"),
            alt.Tooltip("supports:Q", format=".0%", title="Supports in"),
            alt.Tooltip("alone:Q", format=".0%", title="Alone in"),
        ],
    )
    cells = base.mark_rect(strokeWidth=2, cornerRadius=2).encode(
        color=alt.Color(
            "does:N",
            scale=alt.Scale(domain=list(STANCES), range=[c for c, _ in STANCES.values()]),
            legend=alt.Legend(orient="bottom", title=None, columns=2),
        ),
        fillOpacity=alt.FillOpacity(
            "share:Q", scale=alt.Scale(domain=[0.34, 1], range=[0.35, 1]), legend=None
        ),
    )
    glyphs = base.mark_text(color="white", fontSize=12, fontWeight="bold").encode(
        text=alt.Text("glyph:N")
    )
    pressed = cells.add_params(picked).properties(name="cells")
    edge = alt.Chart(alt.NamedData("chosen")).mark_rect(fill=None, stroke=CHOSEN, strokeWidth=2)
    return layered(pressed, glyphs, edge.encode(x=x, y=y)).properties(**by_rows(ROW - 3)).to_dict()


def _ballots(outcome: Outcome) -> pd.DataFrame:
    """What each member does most often on each clause, and in which share of the worlds."""
    frame = tables.members(outcome)
    silent = 1 - frame["objects"] - frame["supports"]
    shares = np.stack([frame["supports"], silent, frame["objects"]])
    most = shares.argmax(axis=0)
    names = {iso: row.name or iso for iso, row in outcome.scenario.seats.items()}
    return frame[["member", "clause", "objects", "supports"]].assign(
        name=frame["member"].map(names),
        alone=frame["sole_blocker"],
        does=np.array(list(STANCES))[most],
        share=shares.max(axis=0),
        glyph=np.array([glyph for _, glyph in STANCES.values()])[most],
    )


def _verdicts(outcome: Outcome) -> pd.DataFrame:
    """The last row: adopted or not, in the colours and with the glyphs of support and objection."""
    supports, _, objects = STANCES
    rows = [
        {
            "member": DECISION,
            "name": "The alliance: the rule's verdict",
            "clause": name,
            "objects": 1 - share,
            "supports": share,
            "alone": 0.0,
            "does": supports if share >= 0.5 else objects,
            "share": max(share, 1 - share),
            "glyph": STANCES[supports if share >= 0.5 else objects][1],
        }
        for name, share in outcome.survival.items()
    ]
    return pd.DataFrame(rows)


def _most(frame: pd.DataFrame, key: str) -> list[str]:
    """Members or clauses, those with most objections first."""
    totals = frame.groupby(key, sort=False)["objects"].sum()
    return list(totals.sort_values(ascending=False, kind="stable").index)
