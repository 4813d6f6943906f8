"""The script of a workshop: what to say and do next, and one button that does it."""

from __future__ import annotations

import streamlit as st

from dashboard.room import acts, compose, sight
from sim.room import scripts, told
from sim.room.live import LiveRoom
from sim.room.progress import levels, reached
from sim.scenario.room import Act, Script

SAID = "said so far"
"""Key of the number of the act up to which the facilitator has said everything."""


def show(room: LiveRoom) -> None:
    """The next act with its button, and all acts below; nothing where the room has no script."""
    script = of(room)
    if script is None:
        return
    with st.container(border=True):
        st.markdown(f"##### Script: {script.title}")
        place = current(room, script)
        if place == len(script.acts):
            st.success("The script is through. Open the debrief.")
        else:
            _next(room, script, place)
        with st.expander("All acts"):
            st.markdown("\n".join(_listed(room, script, place)))


def of(room: LiveRoom) -> Script | None:
    """The script that the room was opened with."""
    name = room.state.opened.script
    return scripts.script(room.scenario, name) if name else None


def leads(room: LiveRoom) -> bool:
    """Whether there is a script with something left to do: then its button is the first to press."""
    script = of(room)
    return script is not None and current(room, script) < len(script.acts)


def current(room: LiveRoom, script: Script) -> int:
    """The number of the act that comes next, from nought."""
    place = reached(room.scenario, script, room.log)
    said = st.session_state.get(SAID, 0)
    while place < min(said, len(script.acts)) and script.acts[place].do == "say":
        place += 1
    return place


def _next(room: LiveRoom, script: Script, place: int) -> None:
    act = script.acts[place]
    st.caption(f"By the script minute {act.minute:g} of {script.minutes}")
    if act.say:
        st.markdown(f"“{act.say}”")
    if act.do == "inject" and act.inject:
        st.markdown(f"Read out: “{room.scenario.room.injects[act.inject].text}”")
    key = f"act {place}"  # each its own: a late second press is not for the next act
    acts.button(_label(room, act), _do, room, act, place, type="primary", key=key)


def _do(room: LiveRoom, act: Act, place: int) -> None:
    """What an act does; the words before it count as said."""
    match act.do:
        case "put":
            room.put(levels(room.scenario, act), seconds=act.seconds, **compose.settings())
        case "gavel":
            room.gavel()
        case "reveal":
            room.reveal()
        case "inject":
            room.inject(act.inject or "")
        case "talk":
            room.time(act.seconds, levels(room.scenario, act))
    st.session_state[SAID] = place + 1


def _label(room: LiveRoom, act: Act) -> str:
    match act.do:
        case "put":
            return f"Put {told.text(room.scenario, levels(room.scenario, act))}"
        case "gavel":
            return "Let the gavel fall"
        case "reveal":
            return "Reveal"
        case "inject":
            return f"Let it happen: {room.scenario.room.injects[act.inject or ''].title}"
        case "talk":
            return f"Start the talks: {sight.clock(act.seconds)}"
    return "Said; go on"


def _listed(room: LiveRoom, script: Script, place: int) -> list[str]:
    """All acts, a line each; those that are done are struck out, the next one stands out."""
    lines = []
    for number, act in enumerate(script.acts):
        words = f"{act.minute:g}′ {act.say if act.do in ('say', 'talk') else _label(room, act)}"
        mark = "~~" if number < place else "**" if number == place else ""
        lines.append(f"- {mark}{words}{mark}")
    return lines
