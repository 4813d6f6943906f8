"""A live room: people with phones play the members of this what-if."""

from __future__ import annotations

import shlex

import streamlit as st

from dashboard import reproduce, results
from dashboard.question import Question
from dashboard.room import landlord, links
from dashboard.room.landlord import Let
from sim.errors import OnevetoError
from sim.room import scripts
from sim.room.invitation import Invitation, looking_back
from sim.room.seats import SEATINGS, seats, usual
from sim.scenario import Scenario
from sim.story import counted
from sim.story.reproduce import changing

SEATING, SCRIPT, PHONES = "room seating", "room script", "room phones"
REFUSED, STOPPED = "room refused", "room stopped"
"""Keys of the sentence why no room was opened, and of what is left of the one that was stopped."""

NO_SCRIPT = ""


def show(question: Question) -> None:
    """What a room is, how one is opened for this what-if, and the one that runs."""
    scenario = results.scenario(question.what_if)
    st.subheader("A live room")
    st.markdown(
        "In a live room people play the members: each joins with a phone, reads a role card, and keeps "
        "or breaks the silence on one text after another. "
        "A facilitator puts the texts from a desk, and a board for the projector shows who vetoed what. "
        "Afterwards the debrief sets what people did beside what the model would have done."
    )
    found = landlord.current()
    if found:
        _running(found)
    else:
        _to_open(scenario)
    st.markdown("The same from a terminal, where phones in the same Wi-Fi are to come in:")
    st.code(_command(scenario, question), language=None, wrap_lines=True)


def _to_open(scenario: Scenario) -> None:
    """Who is played by people, which script, who may come in."""
    kinds = [kind for kind in SEATINGS if kind != "blocs" or scenario.room.blocs]
    st.session_state.setdefault(SEATING, usual(scenario))
    st.segmented_control(
        "Who is played by people",
        kinds,
        key=SEATING,
        required=True,
        format_func=lambda kind: _seating(scenario, kind),
        help="The model plays the others, and every seat that stays empty.",
    )
    st.selectbox(
        "Script",
        [NO_SCRIPT, *scripts.names(scenario)],
        key=SCRIPT,
        on_change=_seat,
        args=(scenario,),
        format_func=lambda name: _titled(scenario, name),
    )
    st.toggle(
        "Phones in the same network may come in",
        key=PHONES,
        help="Off: only this machine gets there, which is enough to try it.",
    )
    st.button("Open a room", on_click=_open, args=(scenario,), key="open room")
    if refused := st.session_state.get(REFUSED):
        st.error(refused)
    if stopped := st.session_state.get(STOPPED):
        st.success(stopped)


def _seat(scenario: Scenario) -> None:
    """A script brings its seating along."""
    if name := st.session_state[SCRIPT]:
        st.session_state[SEATING] = scripts.script(scenario, name).seating


def _titled(scenario: Scenario, name: str) -> str:
    """A script by its title."""
    return scripts.script(scenario, name).title if name else "None: the desk decides"


def _seating(scenario: Scenario, kind: str) -> str:
    many = len(seats(scenario, kind))
    if kind == "blocs":
        return counted(many, "bloc")
    return f"All {many}" if kind == "all" else f"The {many} that matter most"


def _open(scenario: Scenario) -> None:
    st.session_state[REFUSED] = st.session_state[STOPPED] = ""
    try:
        landlord.let(
            scenario,
            st.session_state[SEATING],
            st.session_state.get(SCRIPT, NO_SCRIPT),
            to_phones=st.session_state[PHONES],
        )
    except OnevetoError as error:
        st.session_state[REFUSED] = str(error)


def _running(found: Let) -> None:
    """Where everybody goes, and the way to stop it."""
    told = found.invitation
    room, here = told.room, f"http://127.0.0.1:{told.port}"
    with st.container(border=True):
        st.markdown(f"**Room {room.code}: {room.scenario.about.title}**")
        left, right = st.columns([3, 1], vertical_alignment="center")
        with left:
            st.markdown(
                f"- Desk, for you: [{here}/desk]({here}/r/{room.code}/desk)\n"
                f"- PIN of the desk: **{told.pin[:4]} {told.pin[4:]}**; show it to nobody\n"
                f"- Board, for the projector: [{here}/board]({here}/board)\n"
                f"- Phones: [{told.link}]({told.link})"
            )
            st.caption(
                "The room stops with this dashboard. From its file a terminal goes on with it:"
            )
            st.code(told.again, language=None, wrap_lines=True)
        right.html(f'<img src="{links.square(told.link)}" alt="QR code of the link" width="160">')
        st.button("Stop the room", on_click=_stop, args=(told,), key="stop room")


def _stop(told: Invitation) -> None:
    """Stop it, and say what is left."""
    landlord.close()
    back = looking_back(told.room.store.path)
    st.session_state[STOPPED] = (
        f"Room {told.room.code} is stopped; all that happened is kept. Look back: `{back}`. "
        f"Go on: `{told.again}`."
    )


def _command(scenario: Scenario, question: Question) -> str:
    """The command that opens a room for this what-if."""
    words = ["oneveto", "room", reproduce.file(question.what_if.name), *changing(scenario)]
    seating = st.session_state.get(SEATING) or usual(scenario)
    script = st.session_state.get(SCRIPT, NO_SCRIPT)
    words += ["--seating", seating, *(["--script", script] if script else []), "--open"]
    return shlex.join(words)
