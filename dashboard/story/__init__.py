"""The guided story for a class: one scene at a time, one thought in each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import streamlit as st

from dashboard.question import Question
from dashboard.story import bet, package, place, puzzle, rule, sandbox, seat, vetoes

LARGE = """<style>
[data-testid="stMain"] [data-testid="stMarkdownContainer"] p,
[data-testid="stMain"] [data-testid="stMarkdownContainer"] li { font-size: 1.2rem; line-height: 1.45; }
[data-testid="stMain"] [data-testid="stCaptionContainer"] p { font-size: 1rem; }
[data-testid="stMain"] [data-testid="stHeading"] h2 { font-size: 1.9rem; padding: 0.3rem 0; }
[data-testid="stMain"] [data-testid="stMetricValue"] p { font-size: 3.2rem; line-height: 1.2; }
[data-testid="stMain"] :is(button, summary) { min-height: 44px; }
[data-testid="stMain"] [data-testid="stSelectbox"] :is(input, div) { font-size: 1.125rem; }
[data-testid="stMain"] [data-testid="stBaseButton-primary"]:not(:disabled) {
  background: #0072B2; border-color: #0072B2; color: white; }
@media (min-width: 1000px) {
  [data-testid="stMain"] { --map-width: 600px; --tile-height: 58px; --tile-letters: 17px; }
}
[data-testid="stMain"] button [data-testid="stMarkdownContainer"] p { font-size: 1.125rem; }
</style>"""
"""Letters that are read from the last row, and buttons that a thumb meets."""

SCENE = "scene"
"""Key of the scene, also in the address."""


@dataclass(frozen=True)
class Scene:
    """A scene: its title, what it shows, and whether it makes sense for what is asked."""

    title: str
    show: Callable[[Question], None]
    fits: Callable[[Question], bool] = lambda question: True


SCENES: Mapping[str, Scene] = {
    "seat": Scene("Your seat", seat.show),
    "bet": Scene("Your bet", bet.show),
    "reveal": Scene("Reveal", bet.reveal),
    "vetoes": Scene("Vetoes", vetoes.show, vetoes.fits),
    "rule": Scene("Rules", rule.show),
    "puzzle": Scene("Puzzle", puzzle.show, puzzle.fits),
    "package": Scene("Steps", package.show, package.fits),
    "sandbox": Scene("Sandbox", sandbox.show),
}
"""By their names in the address, in the order in which they are told."""


def show(question: Question) -> None:
    """The scene that the address names, and the ways to the others."""
    st.html(LARGE)
    told = {name: scene for name, scene in SCENES.items() if scene.fits(question)}
    now = place.word(SCENE, told, next(iter(told)))
    _bar(list(told), now)
    _left_out(now)
    told[now].show(question)


def _left_out(now: str) -> None:
    """Say so where the address names a scene that is not told."""
    wanted = st.query_params.get(SCENE, now)
    if wanted in SCENES and wanted != now:
        st.info(f"The scene “{SCENES[wanted].title}” has nothing to tell of this scenario.")
    elif wanted != now:
        st.warning("The link asks for a scene that is not here; the story begins anew.")


def _bar(names: list[str], now: str) -> None:
    """Back, Next, and all scenes to jump to: at the same place in every one."""
    at = names.index(now)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        _step("Back", names[max(at - 1, 0)], disabled=at == 0)
        _step("Next", names[min(at + 1, len(names) - 1)], disabled=at == len(names) - 1)
        st.session_state["scenes"] = now
        st.segmented_control(
            "Scenes",
            names,
            format_func=lambda name: f"{names.index(name) + 1} {SCENES[name].title}",
            required=True,
            key="scenes",
            label_visibility="collapsed",
            on_change=lambda: place.write(scene=st.session_state["scenes"]),
        )


def _step(title: str, to: str, *, disabled: bool) -> None:
    st.button(
        title,
        key=f"story {title}",
        on_click=place.write,
        kwargs={SCENE: to},
        disabled=disabled,
        width=90,
    )
