"""What a step back, unbundling and small steps change: first guess, then try the combinations."""

from __future__ import annotations

import streamlit as st

from dashboard import pictures, results, work
from dashboard.question import Question, WhatIf
from dashboard.story import place
from sim import charts
from sim.analysis import processes
from sim.analysis.processes import Process
from sim.scenario import Scenario
from sim.story import guided

GUESS, KIND, BACK = "guess", "kind", "back"
"""Keys of the guess and of the combination that is looked at, also in the address."""

KINDS = {"package": "One package", "clauses": "Clause by clause", "steps": "Small steps"}


def fits(question: Question) -> bool:
    """Whether there is more than one clause, and more to try than a package."""
    scenario = results.scenario(question.what_if)
    more = bool(processes.step_back(scenario)) or bool(scenario.process.stages)
    return len(scenario.clauses) > 1 and more


def show(question: Question) -> None:
    """The guess; then how many clauses are adopted and kept, whatever is combined."""
    asked = question.what_if
    scenario = results.scenario(asked)
    proposer = scenario.proposer.name
    st.header("Which does more?", anchor=False)
    st.markdown("An agreement counts only if it is kept. What adds most clauses that are **kept**?")
    found = _found(asked)
    if found is None:
        return
    gains = guided.moves(found, _own(scenario))
    guess = place.word(GUESS, tuple(gains))
    with st.container(horizontal=True):
        for move in gains:
            st.button(
                guided.MOVES[move].format(proposer),
                key=f"guess {move}",
                on_click=place.write,
                kwargs={GUESS: move},
                disabled=guess == move,
            )
    if guess:
        left, right = st.columns([10, 11], gap="large")
        with left:
            st.markdown(guided.guessed(guess, gains, proposer))
            st.markdown(guided.reaches(_combined(found, scenario)))
        with right:
            _picture(found)


def _own(scenario: Scenario) -> str:
    return scenario.process.kind


def _found(asked: WhatIf) -> dict[tuple[str, bool], Process] | None:
    """Every combination, played in the same worlds; None where somebody has stopped that."""
    scenario = results.scenario(asked)
    kinds, back = processes.possible(scenario), processes.step_back(scenario)
    plain = {(kind, False): asked.but({"process.kind": kind}) for kind in kinds}
    ways = plain | {(kind, True): way.but(back) for (kind, _), way in plain.items() if back}
    played = work.gathered(
        "story.ways",
        asked,
        list(ways.items()),
        lambda way: results.process(way[1], way[0][1]),
        "Playing every combination",
    )
    return None if played is None else dict(zip(ways, played))


def _combined(found: dict[tuple[str, bool], Process], scenario: Scenario) -> Process:
    """The combination that the switches name."""
    kinds = [kind for kind in KINDS if (kind, False) in found]
    st.session_state["story kind"] = place.word(KIND, kinds, _own(scenario))
    kind = st.segmented_control(
        "How it is negotiated",
        kinds,
        format_func=KINDS.__getitem__,
        required=True,
        key="story kind",
        on_change=lambda: place.write(kind=st.session_state["story kind"]),
    )
    back = False
    if (kind, True) in found:
        st.session_state["story back"] = place.word(BACK, ("1",)) == "1"
        back = st.toggle(
            scenario.levers[processes.STEP_BACK].title,
            key="story back",
            on_change=lambda: place.write(back=int(st.session_state["story back"]) or ""),
        )
    return found[str(kind), back]


def _picture(found: dict[tuple[str, bool], Process]) -> None:
    pictures.show(
        charts.standing(list(found.values())),
        "story standing",
        "How many clauses survive in each combination, and how many of them are kept",
        letters=pictures.FAR,
    )
    st.caption(
        "Pale: clauses that survive, on average over worlds. Full: those that are kept as well."
    )
