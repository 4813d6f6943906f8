"""One veto after the other, on the clause that most want and that falls; then silenced again."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard import results, tiles
from dashboard.question import Question, WhatIf
from dashboard.story import place
from sim import story
from sim.analysis.vetoes import Vetoes, can_veto
from sim.charts.looks import STANCES
from sim.scenario import Scenario
from sim.story import guided

VETO = "veto"
"""Key of how often was pressed, also in the address: first members speak, then they are silenced."""

SUPPORTS, SILENT, BREAKS = STANCES


def fits(question: Question) -> bool:
    """Whether a clause falls by vetoes."""
    return can_veto(results.scenario(question.what_if)) and bool(
        falls(question.what_if) and _found(question.what_if).members
    )


def falls(asked: WhatIf) -> bool:
    """Whether the clause that tells most falls in most worlds."""
    return results.outcome(asked).survival[results.clause_to_look_at(asked)] < guided.MOST


def _found(asked: WhatIf) -> Vetoes:
    return results.vetoes(asked, results.clause_to_look_at(asked))


def show(question: Question) -> None:
    """The map as far as members have spoken, the sentence, and the next one to speak."""
    found, scenario = _found(question.what_if), results.scenario(question.what_if)
    count = place.number(VETO, 2 * len(found.members)) or 0
    st.header("One veto after the other", anchor=False)
    left, right = st.columns(2, gap="large")
    with left:
        label = f"Who has spoken on {story.clause_name(scenario, found.clause)}"
        shown = _tiles(question, found, count)
        tiles.draw("veto map", label, shown, _press(found, count), STANCES)
    with right:
        st.markdown(f"**{story.clause_name(scenario, found.clause)}**")
        st.markdown(guided.spoken(scenario, found, count))
        st.metric(*guided.done(found, count))
        _buttons(scenario, found, count)
        worlds = story.played(results.outcome(question.what_if))
        st.caption(
            f"{worlds}. Those who have not spoken count as silent, or as they would support."
        )


def _press(found: Vetoes, count: int) -> Callable[[str | None], None]:
    """The tile of the member whose turn it is does what the button does."""
    turn = found.members[count % len(found.members)] if count < 2 * len(found.members) else None
    return lambda iso: place.write(veto=count + 1) if iso and iso == turn else None


def _buttons(scenario: Scenario, found: Vetoes, count: int) -> None:
    most = len(found.members)
    if count < 2 * most:
        name = story.member_name(scenario, found.members[count % most])
        title = f"Let {name} speak" if count < most else f"Silence {name}"
        st.button(
            title,
            key="next veto",
            on_click=place.write,
            kwargs={VETO: count + 1},
            type="primary",
        )
    with st.container(horizontal=True):
        st.button(
            "One back",
            on_click=place.write,
            kwargs={VETO: count - 1 or ""},
            disabled=count == 0,
        )
        st.button("Start again", on_click=place.write, kwargs={VETO: ""}, disabled=count == 0)


def _tiles(question: Question, found: Vetoes, count: int) -> list[tiles.Tile]:
    """What members do most often, but those who veto keep silent until they speak, and when silenced."""
    outcome, most = results.outcome(question.what_if), len(found.members)
    speaks = found.members[max(0, count - most) : count] if count else ()
    return [
        tile | _as(tile, dict(zip(found.members, found.often)), speaks)
        for tile in tiles.tiles(outcome, found.clause, "")
    ]


def _as(tile: tiles.Tile, often: dict[str, float], speaks: tuple[str, ...]) -> tiles.Tile:
    if tile["id"] in speaks:
        color, glyph = STANCES[BREAKS]
        share = story.percent(often[tile["id"]])
        return {
            "color": color,
            "glyph": glyph,
            "share": share.replace(" ", "\u00a0"),
            "says": f"breaks the silence in {share} of worlds",
        }
    if tile["id"] in often or tile["glyph"] == STANCES[BREAKS][1]:
        color, glyph = STANCES[SILENT]
        return {"color": color, "glyph": glyph, "share": "", "says": "is silent"}
    return {"share": ""}
