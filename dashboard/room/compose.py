"""What to put next: clauses, level, rule, how long silence must last, what empty seats do."""

from __future__ import annotations

import streamlit as st

from dashboard.room import acts
from sim.room import told
from sim.room.events import MODEL, SILENT
from sim.room.live import LiveRoom
from sim.scenario import Scenario
from sim.story import clause_name, listed, rule_title

SECONDS = {0: "No limit", 30: "30 s", 60: "1 min", 120: "2 min", 300: "5 min"}
"""How long silence must last: what is offered."""

USUAL = 120
"""How long it lasts unless somebody chooses otherwise."""

EMPTY = {MODEL: "The model speaks", SILENT: "Silent"}
"""What is done for seats where nobody sits."""

WHOLE = "All clauses"
CLAUSES, TOGETHER = "put clauses", "put together"
RULE, EMPTY_SEATS = "put rule", "put empty seats"
"""Keys of what is asked."""


def show(room: LiveRoom, look: str) -> None:
    """The widgets, and the button that puts the text: `primary` where it is the first to press."""
    scenario = room.scenario
    _choose(scenario)
    chosen = list(st.session_state[CLAUSES])
    levels = _levels(scenario, chosen)
    with st.expander("Rule, silence, empty seats", key="open put settings"):
        rule = st.selectbox(
            "Rule",
            room.rules,
            index=room.rules.index(room.state.opened.rule),
            format_func=lambda name: rule_title(scenario, name),
            key=RULE,
            help="The rule that decides the next texts, those of the script too. What the same voices "
            "would have decided under the others stands on the board after every reveal.",
        )
        seconds = st.segmented_control(
            "How long silence must last",
            list(SECONDS),
            default=USUAL,
            format_func=SECONDS.__getitem__,
            required=True,
        )
        empty = st.segmented_control(
            "Empty seats",
            list(EMPTY),
            default=MODEL,
            format_func=EMPTY.__getitem__,
            required=True,
            key=EMPTY_SEATS,
            help="Where nobody sits, the model's members say what they think, or nothing; on texts of "
            "the script too.",
        )
    open_now = room.state.phase == "open"
    wait = None if chosen else "Choose a clause first."
    if open_now:
        wait = "A text is open; let the gavel fall first."
    acts.button(
        "Put this text" if len(chosen) < 2 else f"Put these {len(chosen)} as one text",
        lambda: room.put(levels, rule, seconds, empty),
        type="secondary" if open_now else look,
        disabled=bool(wait),
        key="put",
        help=wait,
    )


def settings() -> dict[str, str]:
    """Rule and empty seats as they are asked for, whoever puts the text."""
    state = st.session_state
    return {"rule": state.get(RULE, ""), "empty": state.get(EMPTY_SEATS) or MODEL}


def _choose(scenario: Scenario) -> None:
    """One clause or several; those of a step, or all, at one press."""
    if CLAUSES not in st.session_state:
        st.session_state[CLAUSES] = [next(iter(scenario.clauses))]
    st.multiselect(
        "One clause, or several as one text",
        list(scenario.clauses),
        key=CLAUSES,
        format_func=lambda name: clause_name(scenario, name),
    )
    if groups := _groups(scenario):
        st.pills(
            "Choose together",
            list(groups),
            key=TOGETHER,
            on_change=_take,
            args=(groups,),
            label_visibility="collapsed",
        )


def _take(groups: dict[str, list[str]]) -> None:
    chosen = st.session_state[TOGETHER]
    if chosen:
        st.session_state[CLAUSES] = groups[chosen]
        st.session_state[TOGETHER] = None


def _groups(scenario: Scenario) -> dict[str, list[str]]:
    """Clauses that belong together: the steps of the process, and everything."""
    if len(scenario.clauses) == 1:
        return {}
    steps = {
        stage.title or f"Step {number}": list(stage.clauses)
        for number, stage in enumerate(scenario.stages, 1)
        if len(scenario.stages) > 1
    }
    return steps | {WHOLE: list(scenario.clauses)}


def _levels(scenario: Scenario, chosen: list[str]) -> dict[str, float]:
    """The level of every chosen clause: one slider moves them all, as far as each can go."""
    if not chosen:
        return {}
    rows = {name: scenario.clauses[name] for name in chosen}
    least = min(row.least for row in rows.values())
    tabled = max(row.level for row in rows.values())
    if least >= 1:
        st.caption("This can only be put as drafted.")
        return dict.fromkeys(chosen, 1.0)
    level = st.slider(
        "Level",
        least,
        1.0,
        tabled,
        0.01,
        key=f"level {' '.join(chosen)}",
        help="How much of the text is put: 1 is the text as drafted. Below its least level a clause "
        "is the status quo in other words.",
    )
    levels = {name: max(level, row.least) for name, row in rows.items()}
    if len(chosen) == 1:
        st.caption(f"{rows[chosen[0]].text} Put {told.level(level)}.")
    elif raised := [name for name in chosen if levels[name] > level]:
        put = listed([f"{name} is put {told.level(levels[name])}" for name in raised])
        st.caption(f"Not everything can go so low: {put}.")
    return levels
