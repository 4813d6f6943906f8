"""One member on one clause, as the sum that it is."""

from __future__ import annotations

import functools
from typing import Any

import altair as alt
import pandas as pd

from sim.charts.looks import ROW, SHADE, Picture, by_rows, every_label, layered
from sim.explanation import Explanation
from sim.palette import BLUE, ORANGE

SIGNS = {"For": BLUE, "Against": ORANGE}


def contributions(why: Explanation) -> Picture:
    """What each interest adds and takes, what hearing the others adds, and what comes of it.

    The grey band is where the member stays silent: within its resolve of nothing.
    """
    silence = pd.DataFrame({"low": [-why.resolve], "high": [why.resolve]})
    return Picture(_contributions(), {"terms": _terms(why), "silence": silence})


@functools.cache
def _contributions() -> dict[str, Any]:
    bars = (
        alt.Chart(alt.NamedData("terms"))
        .mark_bar()
        .encode(
            y=alt.Y("term:N", sort=None, axis=every_label(labelLimit=170)),
            x=alt.X("value:Q", title="Worth to the member (weight units)"),
            color=alt.Color(
                "sign:N",
                scale=alt.Scale(domain=list(SIGNS), range=list(SIGNS.values())),
                legend=alt.Legend(orient="top", title=None),
            ),
            tooltip=[alt.Tooltip("term:N"), alt.Tooltip("value:Q", format="+.3f")],
        )
    )
    ground = alt.Chart(alt.NamedData("silence")).mark_rect(color=SHADE, opacity=0.5)
    band = ground.encode(x=alt.X("low:Q"), x2=alt.X2("high:Q"))
    return layered(band, bars).properties(**by_rows(ROW)).to_dict()


def _terms(why: Explanation) -> pd.DataFrame:
    titles = {name: row.title for name, row in why.scenario.interests.items()}
    rows: list[tuple[str, float]] = []
    for part in why.contributions:
        rows += [(titles[part.interest], part.gain), (titles[part.interest], -part.cost)]
    rows += [
        ("By itself", why.appraisal),
        ("Hearing the others adds", why.consultation),
        ("So it says", why.expressed),
    ]
    frame = pd.DataFrame(rows, columns=["term", "value"])
    return frame.assign(sign=["For" if value >= 0 else "Against" for value in frame["value"]])
