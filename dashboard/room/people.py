"""Who sits where, and what the facilitator may do about it.

Names come from strangers: they are shown where nothing is read as Markdown.
"""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.room import acts
from sim.room.events import OBJECT, RESERVE, STANCES
from sim.room.live import LiveRoom

UNNAMED = "no name"
MANY = 16
"""From so many rows on, the table of seats scrolls."""


def table(room: LiveRoom) -> None:
    """Every seat with its people; observers last."""
    state = room.state
    rows = [
        (
            seat.title,
            ", ".join(_name(room, who) for who in state.sitting(name)),
            "locked" if name in state.locked else "",
        )
        for name, seat in state.seats.items()
    ]
    watching = [_name(room, who) for who, person in state.people.items() if not person.seat]
    if watching:
        rows.append((f"Observers: {len(watching)}", ", ".join(watching), ""))
    frame = pd.DataFrame(rows, columns=["Seat", "Who", "Lock"])
    shown = frame if state.locked else frame[["Seat", "Who"]]
    st.dataframe(
        shown, hide_index=True, width="stretch", height="content" if len(rows) < MANY else "auto"
    )


def doors(room: LiveRoom) -> None:
    """Lock a seat or the whole room, or open them again."""
    state = room.state
    seat = st.selectbox("Seat", list(state.seats), format_func=lambda one: state.seats[one].title)
    locked = seat in state.locked
    turn = "Unlock" if locked else "Lock"
    acts.button(turn, room.lock, seat, not locked, key="lock", place="lock")
    label = "Open the room to newcomers" if state.closed else "Close the room to newcomers"
    acts.button(label, room.close, not state.closed, key="close", place="close")
    st.caption(
        "Whoever sits on a locked seat stays there, and nobody else takes it. Whoever is in a closed "
        "room stays, and comes back after a lost network or a reload."
    )


def persons(room: LiveRoom) -> None:
    """Show somebody out, or move them to another seat."""
    state = room.state
    if not state.people:
        st.caption("Nobody is here yet.")
        return
    who = st.selectbox(
        "Person",
        list(state.people),
        index=None,
        placeholder="Choose somebody",
        format_func=lambda one: _placed(room, one),
        key=f"person {len(state.people)}",  # nobody is chosen when somebody has gone
    )
    seat = st.selectbox(
        "Move to", ["", *state.free], format_func=lambda s: _title(room, s) or "Observers"
    )
    left, right = st.columns(2)
    with left:
        acts.button("Move", room.sit, who, seat, key="move", place="persons", disabled=who is None)
    with right:
        acts.button(
            "Show out", room.leave, who, key="show out", place="persons", disabled=who is None
        )
    again = "" if state.closed else "; whoever is shown out can come in again"
    st.caption(f"Neither can be taken back{again}.")


def on_behalf(room: LiveRoom) -> None:
    """A ballot typed in where a phone cannot: on the text that is open."""
    state = room.state
    seat = st.selectbox(
        "For which seat", list(state.seats), format_func=lambda one: state.seats[one].title
    )
    stance = st.selectbox("What it does", list(STANCES), index=1, format_func=STANCES.__getitem__)
    reason = ""
    if stance in (OBJECT, RESERVE):
        reason = st.selectbox(
            "Why",
            ["", *room.reasons],
            format_func=lambda one: room.reasons.get(one, "No reason given"),
        )
    acts.button(
        "Say it",
        room.speak_for,
        seat,
        stance,
        reason,
        disabled=state.phase != "open",
        key="say it",
        place="say it",
        help=None if state.phase == "open" else "No text is open.",
    )


def _name(room: LiveRoom, who: str) -> str:
    return room.state.people[who].name or f"{UNNAMED} ({who})"


def _placed(room: LiveRoom, who: str) -> str:
    return f"{_name(room, who)} · {_title(room, room.state.people[who].seat) or 'observer'}"


def _title(room: LiveRoom, seat: str) -> str:
    return room.state.seats[seat].title if seat else ""
