"""The script of a workshop: what to say and do next, and one button that does it."""

from __future__ import annotations

import streamlit as st

from dashboard.room import acts, compose, sight
from sim.room import told
from sim.room.live import LiveRoom
from sim.room.progress import levels, reached, together
from sim.scenario.room import Act, Script

SETTLED = ("lobby", "revealed")

WHEN = {"put": SETTLED, "talk": SETTLED, "gavel": ("open",), "reveal": ("gavelled",)}
"""In which phases an act of the script has its place; the others have it always."""

LATER = "First the gavel and the reveal of the text that is on the table."

STANDS = "This stands already, as high or higher; put it again only if something has changed since."


def show(room: LiveRoom) -> None:
    """The next act with its button, and all acts below; nothing where the room has no script."""
    script = room.script
    if script is None:
        return
    with st.container(border=True):
        st.markdown(f"##### Script: {script.title}")
        place = reached(room.scenario, script, room.deeds)
        if place == len(script.acts):
            st.success("The script is through. Open the debrief.")
        else:
            _next(room, script, place)
        with st.expander("All acts"):
            st.markdown("\n".join(_listed(room, script, place)))


def leads(room: LiveRoom) -> bool:
    """Whether the next act of the script is the first to press: not while a text beside it is open."""
    act = following(room)
    return act is not None and fits(room, act)


def fits(room: LiveRoom, act: Act) -> bool:
    """Whether an act has its place now."""
    return room.state.phase in WHEN.get(act.do, (room.state.phase,))


def following(room: LiveRoom) -> Act | None:
    """The act of the script that comes next; None without one."""
    script = room.script
    if script is None:
        return None
    place = reached(room.scenario, script, room.deeds)
    return script.acts[place] if place < len(script.acts) else None


def _next(room: LiveRoom, script: Script, place: int) -> None:
    act = script.acts[place]
    st.caption(f"By the script minute {act.minute:g} of {script.minutes}")
    if act.say:
        st.markdown(f"“{act.say}”")
    if act.do == "inject" and act.inject:
        st.markdown(f"Read out: “{room.scenario.room.injects[act.inject].text}”")
    key = f"act {place}"  # each its own: a late second press is not for the next act
    now = fits(room, act)
    look = {
        "type": "primary" if now else "secondary",
        "disabled": not now,
        "help": None if now else LATER,
    }
    acts.button(_label(room, act), _do, room, act, place, key=key, **look)
    if act.do in ("put", "talk") and _stands(room, act):
        st.caption(STANDS)
    if act.do in ("put", "talk", "inject"):
        acts.button("Leave this out", room.go_past, *together(script, place), key=f"past {place}")


def _stands(room: LiveRoom, act: Act) -> bool:
    """Whether the table has gone another way than the script, and has what comes next."""
    standing, asked = sight.standing(room), levels(room.scenario, act)
    return bool(asked) and all(standing.get(name, 0) >= level for name, level in asked.items())


def _do(room: LiveRoom, act: Act, place: int) -> None:
    """Do what an act of the script says."""
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
        case "say":
            room.go_past(place)


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
