"""The facilitator's desk: put a text, let the gavel fall, reveal; behind the PIN."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping

import pandas as pd
import streamlit as st

from dashboard import folds
from dashboard.room import acts, compose, hall, links, people, script, sight
from sim.room import told
from sim.room.events import OBJECT, STANCES
from sim.room.live import LiveRoom
from sim.room.proposals import answers, passing, plain_step, would_stand
from sim.room.state import State, Text, undoable
from sim.room.verdict import Verdict, verdict

EVERY = 1
"""Seconds after which the desk looks again."""

TALKS = (60, 120, 180, 300, 600)
"""How long talks in the corridor may be, in seconds."""

OWED = "to be drawn once more"
"""Key of whether another drawing of the desk is to follow."""

EYES = "show what is said"
"""Key of the switch that shows ballots before the reveal; a desk may stand on the projector too."""

STYLE = """<style>
[data-testid="stMainBlockContainer"] { padding: 1.2rem 2rem 2rem; max-width: 1500px; }
[data-testid="stHeader"] { display: none; }
.clock { margin: 0; font-size: 2.2rem; font-weight: 700; font-variant-numeric: tabular-nums; }
[data-testid="stMain"] button[data-testid^="stBaseButton"] { min-height: 44px; }
[data-testid="stMain"] summary { min-height: 44px; }
[data-testid="stMain"] button[data-testid="stBaseButton-primary"],
[data-testid="stMain"] [data-testid="stMultiSelectTagsContainer"] [data-tag] {
  background: #0067a3; color: white; }
@media (max-width: 640px) { [data-testid="stMainBlockContainer"] { padding: 1rem; } }
</style>"""


def show() -> None:
    """The desk for who has typed the PIN, the way to the PIN for everybody else."""
    st.html(STYLE)
    room = hall.room()
    if not hall.at_desk():
        st.header("The facilitator's desk", anchor=False)
        links.to_the_pin("It opens with the PIN that the room printed when it was started.")
        return
    alone, st.session_state[OWED] = st.session_state.pop(acts.ALONE, False), False
    _head(room)
    left, right = st.columns([11, 9], gap="large")
    with left:
        script.show(room)
        acts.refusal(len(room.deeds))
        _now(room)
        with st.container(border=True):
            st.markdown("##### Put a text")
            compose.show(room, "secondary" if script.leads(room) else "primary")
    with right:
        _around(room)
    st.session_state[OWED] = not alone


def _head(room: LiveRoom) -> None:
    left, right = st.columns([6, 5], vertical_alignment="center")
    left.markdown(f"**{room.scenario.about.title}** · code **{room.code}**")
    with right, st.container(horizontal=True):
        st.link_button("Board", "/board")
        st.link_button("Debrief", "/debrief")
        with st.popover("Link and QR code"):
            st.markdown(f"Phones: {links.join()}")
            st.html(f'<img src="{links.square(links.join())}" alt="QR code" width="240">')


# What is on the table -----------------------------------------------------------------------------


def _now(room: LiveRoom) -> None:
    with st.container(border=True):
        st.markdown("##### On the table")
        _follow(_signature(room))
        st.toggle("Show me what is said before the reveal", key=EYES)
        _next(room)


def _signature(room: LiveRoom) -> Hashable:
    """What the widgets depend on; when it is another, the whole desk is drawn anew."""
    state, last = room.state, undoable(room.deeds)
    people = tuple((who, person.seat) for who, person in state.people.items())
    act = script.following(room)
    return last and last.number, act, state.phase, people, state.locked, state.closed


@st.fragment(run_every=EVERY)
def _follow(drawn: Hashable) -> None:
    """What changes by itself: the clocks and who has spoken. It has no widgets.

    After every press it has the desk drawn once more. Where a look is asked for in the moment in which
    a drawing ends, Streamlit 1.67 can lose that end (its issue 9921): half of the desk would be missing,
    and the button that was pressed would stay below the next one.
    """
    room = hall.room()
    if _signature(room) != drawn or st.session_state[OWED]:
        st.session_state[acts.ALONE] = True
        st.rerun()
    state, text = room.state, room.state.text
    _here(room)
    if text is None:
        st.markdown("Nothing has been put yet.")
        return
    before = "Before: " if state.ahead else ""
    st.markdown(f"{before}**{told.text(room.scenario, text.put.levels)}**")
    if state.phase == "revealed":
        found = verdict(room.scenario, state, text)
        st.markdown(told.moment(room.scenario, state, found))
        _called(sight.roll(room, found))
        _otherwise(sight.under_other_rules(room))
    else:
        _speaking(room, state, text)


def _here(room: LiveRoom) -> None:
    """Who is here, since when, and what they talk about."""
    talks = sight.talks(room)
    clock = f" · talks **{talks}**" if talks else ""
    closed = " · closed to newcomers" if room.state.closed else ""
    st.markdown(f"{sight.people(room.state)}{closed}{sight.since(room)}{clock}")
    if room.state.ahead:
        st.markdown(f"They talk about **{told.text(room.scenario, room.state.ahead)}**.")


def _speaking(room: LiveRoom, state: State, text: Text) -> None:
    """How long silence still lasts, and who has spoken; what they said only where it is asked for."""
    seconds = sight.left(text.deadline, room.clock())
    if not text.open:
        st.markdown("The gavel has fallen.")
    elif seconds is not None:
        st.html(f'<p class="clock" role="timer">{sight.clock(seconds)}</p>')
    spoken = [state.seats[seat].title for seat in text.ballots]
    here = {person.seat for person in (state.people if text.open else text.people).values()}
    waiting = [
        seat.title
        for name, seat in state.seats.items()
        if name in here and name not in text.ballots
    ]
    st.markdown(f"Spoken ({len(spoken)}): {', '.join(spoken) or 'nobody'}.")
    if waiting:
        silent = "Silent so far" if text.open else "Silent"
        st.markdown(f"{silent} ({len(waiting)}): {', '.join(waiting)}.")
    if st.session_state.get(EYES):
        _ballots(room, text)


def _called(roll: list[sight.Call]) -> None:
    """The roll as the board calls it, to be read aloud where the board cannot be seen."""
    st.markdown("\n".join(f"- **{line.what}:** {line.said}" for line in roll))


def _otherwise(rules: list[sight.Otherwise]) -> None:
    """What the board says of other rules, and why: people ask how two majorities can differ."""
    lines = (
        f"- {'✓' if one.stands else '✕'} **{one.rule}:** "
        f"{'stands' if one.stands else 'falls'}. {one.asks}"
        for one in rules
    )
    st.markdown("The same voices under other rules, and why:\n" + "\n".join(lines))


def _ballots(room: LiveRoom, text: Text) -> None:
    rows = [
        (room.state.seats[seat].title, STANCES[ballot.stance], room.reasons.get(ballot.reason, ""))
        for seat, ballot in text.ballots.items()
    ]
    frame = pd.DataFrame(rows, columns=["Seat", "What it does", "Why"])
    st.dataframe(frame, hide_index=True, width="stretch")


def _next(room: LiveRoom) -> None:
    """The one thing that comes next, unless it is the script's button, and the way back."""
    phase, act = room.state.phase, script.following(room)
    scripted = act.do if act else ""
    first = "secondary" if script.leads(room) else "primary"
    if phase == "open" and scripted != "gavel":
        acts.button("Gavel", room.gavel, type=first, key="gavel")
    elif phase == "gavelled" and scripted != "reveal":
        acts.button("Reveal", room.reveal, type=first, key="reveal")
    elif phase == "revealed":
        _again(room)
    last = undoable(room.deeds)
    if last is not None:
        words = told.act(room.scenario, room.state, last)
        acts.button(f"Take back {words}", room.undo, last.number, key="undo")


def _again(room: LiveRoom) -> None:
    """After a text has fallen, the same once more: as it was after news, or at lower levels."""
    state, scenario, text = room.state, room.scenario, room.state.text
    assert text is not None
    levels, found, lower = text.put.levels, verdict(scenario, state, text), None
    if found.adopted:
        return
    if not would_stand(scenario, room.minds(), levels, found):
        lower = passing(scenario, room.minds(), levels, found)
        _advise(room, lower, found)
    elif state.injects != text.injects:
        _put(room, found, levels, "as it was", "By the model it would stand after the news")
    else:
        st.caption(f"By the model {_silent(room, found)}: ask them what they need.")
    plain = plain_step(scenario, levels)
    if plain and plain != lower and found.blockers:
        _put(room, found, plain, told.lowered(levels, plain))


def _advise(room: LiveRoom, lower: Mapping[str, float] | None, found: Verdict) -> None:
    """The highest level at which a text would stand, or why there is none."""
    if lower:
        words = told.lowered(found.text.put.levels, lower)
        _put(room, found, lower, words, "By the model it would stand there")
    elif found.blockers:
        st.caption("By the model it would not stand at a lower level either.")
    else:
        st.caption("What it lacks is support, and by the model a lower text would not win it.")


def _silent(room: LiveRoom, found: Verdict) -> str:
    """Who would have kept silent by the model, of those who broke the silence."""
    said = answers(room.minds(), found, found.text.put.levels)
    if any(said[iso] == OBJECT for iso in found.blockers):
        return "enough of them would keep silent"
    return "they would not break the silence"


def _put(
    room: LiveRoom, found: Verdict, levels: Mapping[str, float], words: str, why: str | None = None
) -> None:
    """A button that puts a text again; `why`: what the model has to say for it."""
    put = found.text.put
    acts.button(
        f"Put again {words}" + (" (the model's advice)" if why else ""),
        lambda: room.put(levels, put.rule, put.seconds, put.empty),
        key="again" if why else "step",
        help=why,
    )


# Around it ----------------------------------------------------------------------------------------


def _around(room: LiveRoom) -> None:
    people.table(room)
    parts: dict[str, Callable[[], None]] = {
        "What happens in the world": lambda: _injects(room),
        "Clock for talks": lambda: _talks(room),
        "Speak on behalf of a seat": lambda: people.on_behalf(room),
        "Lock a seat, or close the room": lambda: people.doors(room),
        "Move somebody, or show them out": lambda: people.persons(room),
    }
    for title, part in parts.items():
        folds.section(title, title, part)


def _injects(room: LiveRoom) -> None:
    injects = room.scenario.room.injects
    if not injects:
        st.caption("This scenario has no news for you to let happen.")
    for name, inject in injects.items():
        happened = name in room.state.injects
        st.markdown(f"“{inject.text}”")
        label = f"{inject.title}: has happened" if happened else inject.title
        key = f"inject {name}"
        acts.button(label, room.inject, name, disabled=happened, key=key, place=key)


def _talks(room: LiveRoom) -> None:
    with st.container(horizontal=True):
        for seconds in TALKS:
            label, key = f"{seconds // 60} min", f"talks {seconds}"
            acts.button(label, room.time, seconds, room.state.ahead, key=key, place="talks")
    if room.state.clock is not None:
        acts.button("Stop the clock", room.time, 0, key="talks 0", place="talks")
