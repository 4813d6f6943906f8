"""The script of a workshop: what to say and do next, and one button that does it."""

from __future__ import annotations

import streamlit as st

from dashboard.room import acts, compose, sight
from sim.room import scripts, told
from sim.room.live import LiveRoom
from sim.room.progress import levels, reached
from sim.scenario.room import Act, Script


def show(room: LiveRoom) -> None:
    """The next act with its button, and all acts below; nothing where the room has no script."""
    script = of(room)
    if script is None:
        return
    with st.container(border=True):
        st.markdown(f"##### Script: {script.title}")
        place = reached(room.scenario, script, room.log)
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


def following(room: LiveRoom) -> Act | None:
    """The act of the script that comes next, whose button is the first to press; None without one."""
    script = of(room)
    if script is None:
        return None
    place = reached(room.scenario, script, room.log)
    return script.acts[place] if place < len(script.acts) else None


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
    """What an act does; the words before it count as said with it."""
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
        case _:
            room.say(place)


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
