"""The puzzle: carry a clause by persuading as few members as can be."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dashboard import controls, results, tiles, work
from dashboard.question import Question, WhatIf
from dashboard.story import place, vetoes
from sim import story
from sim.analysis import winning
from sim.analysis.rescue import takes_part
from sim.scenario import Scenario, spelled
from sim.story import guided

MOST = 3
"""Members that may be persuaded at first."""

PICKS, TRIED, HINT, PROOF = "picks", "tried", "hint", "proof"
"""Keys of whom the player has chosen and persuaded, and of what was asked for, also in the address."""

KEY = {"Chosen": ("#0072B2", "●"), "Not chosen": (tiles.SLATE, "\u00a0")}


def fits(question: Question) -> bool:
    """Whether a clause falls by the members' will, and more can be persuaded than may be."""
    scenario, able = _scenario(question), winning.can_be_won(_scenario(question))
    return vetoes.falls(question.what_if) and takes_part(scenario) and len(able) > MOST


def _scenario(question: Question) -> Scenario:
    return results.scenario(question.what_if)


def show(question: Question) -> None:
    """The task, the map to choose from, and what choosing has brought."""
    asked, scenario = question.what_if, _scenario(question)
    clause = results.clause_to_look_at(asked)
    able = winning.can_be_won(scenario)
    found = _searched(asked, clause, able) if place.word(PROOF, ("1",)) else None
    most = max(MOST, len(found.won) if found else 0)
    picks = place.words(PICKS, able)[:most]
    st.header(f"Make {clause} pass", anchor=False)
    share, trust = _share(asked, clause, ()), winning.convinced(scenario)
    st.markdown(guided.task(scenario, clause, share, most, trust))
    left, right = st.columns(2, gap="large")
    with left:
        label, shown = f"Whom to persuade, {most} at most", _tiles(scenario, picks)
        tiles.draw("puzzle map", label, shown, _pick(picks, able, most), KEY)
    with right:
        tried = place.words(TRIED, able)
        _act(picks, tried, most)
        _brought(asked, clause, tried)
        if place.word(HINT, ("1",)) and len(picks) < most:
            _hint(asked, clause, picks, able)
        if found is not None:
            _told(asked, clause, found, able)


def _tiles(scenario: Scenario, picks: tuple[str, ...]) -> list[tiles.Tile]:
    color, glyph = KEY["Chosen"]
    return [
        tile | ({"color": color, "glyph": glyph, "says": "is chosen"} if tile["chosen"] else {})
        for tile in tiles.blank(scenario, picks)
    ]


def _act(picks: tuple[str, ...], tried: tuple[str, ...], most: int) -> None:
    """What to do with those who are chosen."""
    chosen = story.counted(len(picks), "member")
    with st.container(horizontal=True):
        st.button(
            f"Persuade {chosen}" if picks else "Press a tile",
            key="persuade",
            on_click=place.write,
            kwargs={TRIED: ",".join(picks), HINT: ""},
            disabled=not picks,
            type="primary",
        )
        again = {PICKS: "", TRIED: "", HINT: ""}
        st.button("Clear", on_click=place.write, kwargs=again, disabled=not picks + tried)
        st.button("Hint", on_click=place.write, kwargs={HINT: 1}, disabled=len(picks) == most)
        st.button("Can it be done?", on_click=place.write, kwargs={PROOF: 1})


def _pick(picks: tuple[str, ...], able: tuple[str, ...], most: int) -> Callable[[str | None], None]:
    """What pressing a tile does: choose, or let go; one too many is not taken."""

    def press(iso: str | None) -> None:
        if iso in picks:
            place.write(picks=",".join(other for other in picks if other != iso))
        elif iso in able and len(picks) < most:
            place.write(picks=",".join((*picks, iso)))
        elif iso in able:
            st.toast(f"{story.counted(most, 'member')} at most: let one go first.")

    return press


# What it brings ---------------------------------------------------------------------------------


def _won(asked: WhatIf, won: Iterable[str]) -> WhatIf:
    """The same what-if with some members won."""
    changes = winning.changes(results.scenario(asked), won)
    return asked.but(changes) if changes else asked


def _share(asked: WhatIf, clause: str, won: Iterable[str]) -> float:
    """How often the clause survives with some members won; never where they cannot be."""
    found = results.survivors(_won(asked, won))
    return found.share(clause).survival if found else 0.0


def _brought(asked: WhatIf, clause: str, won: tuple[str, ...]) -> None:
    """What persuading these members has brought, and the line that says the same."""
    if not won:
        return
    scenario = results.scenario(asked)
    after = results.beside(asked, _won(asked, won))
    names = story.listed(story.member_name(scenario, iso) for iso in won)
    st.markdown(f"Persuaded: {names}.")
    share, before = after.survival[clause], _share(asked, clause, ())
    st.metric(
        guided.survives(clause),
        story.percent(share),
        f"instead of {story.percent(before)}",
        delta_arrow="off",
        delta_color="off",
    )
    st.markdown(guided.tried(won, share, guided.still_against(after, clause)))
    changes = winning.changes(scenario, won)
    st.code(spelled(changes), language=None, wrap_lines=True)
    st.button("Open on What if", on_click=_open, args=(changes, scenario))


def _open(changes: Mapping[str, Any], scenario: Scenario) -> None:
    controls.write(changes, scenario)
    controls.go("what-if")


# Whether it can be done -------------------------------------------------------------------------


@dataclass(frozen=True)
class Search:
    """Whom to win, as far as it was looked for.

    best: the best of all sets of its size, and no smaller set does it; empty where sets cannot all be
    tried. won: the fewest that were found to do it, empty where not even all members do.
    """

    best: tuple[str, ...]
    won: tuple[str, ...]


def _searched(asked: WhatIf, clause: str, able: tuple[str, ...]) -> Search | None:
    """The fewest to win, as far as can be said; None where somebody has stopped the search."""
    best: tuple[str, ...] | None = ()
    if _share(asked, clause, able) < guided.MOST:  # and fewer never do more
        return Search((), ())
    if winning.exact(results.scenario(asked)):
        best = _best(asked, clause, able)
    won = None if best is None else _one_by_one(asked, clause, able, best)
    if best is None or won is None:
        return None
    return Search(best, won)


def _best(asked: WhatIf, clause: str, able: tuple[str, ...]) -> tuple[str, ...] | None:
    """The best set of one, two or three, the smallest that does it."""
    best: tuple[str, ...] = ()
    for size in range(1, MOST + 1):
        found = work.gathered(
            f"puzzle.{size}",
            (asked, clause, size),
            able,
            lambda first, size=size: results.best_won(asked, clause, size, first),
            f"Trying every set of {size}",
        )
        if found is None:
            return None
        best, share = max(found, key=lambda pair: pair[1])
        if share >= guided.MOST:
            break
    return best


def _one_by_one(
    asked: WhatIf, clause: str, able: tuple[str, ...], won: tuple[str, ...]
) -> tuple[str, ...] | None:
    """More and more members, each time the one that helps most, until the clause survives."""
    share = _share(asked, clause, won)
    while share < guided.MOST and len(won) < min(story.FEW, len(able)):
        found = _next(asked, clause, able, won, "next")
        if found is None:
            return None
        won, share = (*won, found[0]), found[1]
    return won


def _next(
    asked: WhatIf, clause: str, able: tuple[str, ...], won: tuple[str, ...], key: str
) -> tuple[str, float] | None:
    """Who helps most beside those who are won, and how often the clause then survives."""
    rest = [iso for iso in able if iso not in won]
    shares = work.gathered(
        f"puzzle.{key}.{len(won)}",
        (asked, clause, won),
        rest,
        lambda iso: _share(asked, clause, (*won, iso)),
        "Trying one member after the other",
    )
    if shares is None:
        return None
    place_of = max(range(len(rest)), key=shares.__getitem__)
    return rest[place_of], shares[place_of]


def _hint(asked: WhatIf, clause: str, picks: tuple[str, ...], able: tuple[str, ...]) -> None:
    found = _next(asked, clause, able, picks, "hint")
    if found is not None:
        st.markdown(guided.hint(results.scenario(asked), *found))


def _told(asked: WhatIf, clause: str, found: Search, able: tuple[str, ...]) -> None:
    """Whether it can be done with three, and what the least is."""
    scenario = results.scenario(asked)
    if not found.won:
        st.markdown(guided.never(len(able), _share(asked, clause, able)))
    if found.best:
        sets = math.comb(len(scenario.seats), len(found.best))
        share = _share(asked, clause, found.best)
        st.markdown(guided.proof(scenario, found.best, share, sets))
    if found.won != found.best:
        share = _share(asked, clause, found.won)
        st.markdown(guided.least(scenario, found.won, share, len(found.best)))
