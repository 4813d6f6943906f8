"""How far a script has been played, and what its acts put."""

from __future__ import annotations

import pytest

from sim.room import told
from sim.room.live import Refusal
from sim.room.progress import levels, reached, together
from sim.room.state import undoable
from sim.scenario.room import Act
from tests.rooms import MISSILES, scripted
from tests.screens import playing


@pytest.fixture
def room(seated, treaty):
    return seated(treaty)


SCRIPT = scripted(
    Act(minute=0, say="Welcome."),
    Act(minute=2, do="put", clauses=("N5.1",)),
    Act(minute=5, do="gavel"),
    Act(minute=6, do="reveal"),
    Act(minute=8, do="inject", inject="troops_move"),
    Act(minute=9, do="put", clauses=("N5.1",), level=0.75),
)


def test_a_script_is_as_far_as_what_was_done(room):
    at = [reached(room.scenario, SCRIPT, room.log)]
    room.put({"N2.1": 1.0})  # beside the script
    room.gavel()
    room.reveal()
    at.append(reached(room.scenario, SCRIPT, room.log))
    for act in (
        lambda: room.put(levels(room.scenario, SCRIPT.acts[1])),
        room.gavel,
        room.reveal,
        lambda: room.inject("troops_move"),
        lambda: room.put(levels(room.scenario, SCRIPT.acts[5])),
        room.undo,
    ):
        act()
        at.append(reached(room.scenario, SCRIPT, room.log))
    assert at == [0, 0, 2, 3, 4, 5, 6, 5]


def test_what_was_said_is_not_said_again_once_the_deed_before_it_is_done(seated, treaty):
    acts = (
        *SCRIPT.acts[:3],
        Act(minute=6, say="Well."),
        Act(minute=7, say="Now."),
        *SCRIPT.acts[3:],
    )
    script = scripted(*acts)
    with pytest.raises(Refusal, match="no such act"):
        seated(treaty).go_past(0)
    room = seated(playing(treaty, scripts={"words": script}), script="words")
    for number in (-1, len(acts)):
        with pytest.raises(Refusal, match="no such act"):
            room.go_past(number)
    at = []
    for act in (
        lambda: room.go_past(0),
        lambda: room.put(levels(room.scenario, acts[1])),
        room.gavel,
        lambda: room.go_past(3),
        lambda: room.go_past(4),
        room.undo,
        room.undo,
        room.undo,
    ):
        act()
        at.append(reached(room.scenario, script, room.deeds))
    assert at == [1, 2, 3, 4, 5, 4, 3, 2]
    room.undo()
    room.go_past(*together(script, 1))
    assert reached(room.scenario, script, room.log) == 3


def test_an_act_puts_its_clauses_as_tabled_or_at_its_level(treaty):
    assert levels(treaty, SCRIPT.acts[1]) == {"N5.1": treaty.clauses["N5.1"].level}
    assert levels(treaty, SCRIPT.acts[5]) == {"N5.1": 0.75}


def test_talks_of_a_script_are_done_once_their_clock_has_been_set(room):
    talk = Act(minute=1, do="talk", clauses=("N5.1",), level=0.75, seconds=60)
    script = scripted(talk)
    room.time(60)
    assert reached(room.scenario, script, room.log) == 0
    room.put(MISSILES)
    with pytest.raises(Refusal, match="A text is open"):
        room.time(60, levels(room.scenario, talk))
    room.undo()
    room.time(60, levels(room.scenario, talk))
    assert reached(room.scenario, script, room.log) == 1
    assert told.act(room.scenario, room.state, undoable(room.log)) == "the clock for talks"
    room.undo()
    assert room.state.ahead == {}


def test_a_text_put_by_hand_that_the_script_would_put_next_counts_and_its_talks_as_held(room):
    told_of = {"clauses": ("N5.1",), "level": 0.75}
    acts = (Act(minute=1, do="talk", seconds=60, **told_of), Act(minute=2, do="put", **told_of))
    script = scripted(*acts)
    room.put({"N5.1": 0.5})
    assert reached(room.scenario, script, room.log) == 0
    room.undo()
    room.put({"N5.1": 0.75})
    assert reached(room.scenario, script, room.log) == 2


def test_what_has_happened_before_the_script_gets_there_is_no_act_of_it_any_more(room):
    room.inject("troops_move")
    at = [reached(room.scenario, SCRIPT, room.log)]
    for act in (lambda: room.put(levels(room.scenario, SCRIPT.acts[1])), room.gavel, room.reveal):
        act()
    at.append(reached(room.scenario, SCRIPT, room.log))
    for _ in range(4):
        room.undo()
    for act in (lambda: room.put(levels(room.scenario, SCRIPT.acts[1])), room.gavel, room.reveal):
        act()
    at.append(reached(room.scenario, SCRIPT, room.log))
    room.inject("troops_move")
    room.put(levels(room.scenario, SCRIPT.acts[5]))
    at.append(reached(room.scenario, SCRIPT, room.log))
    assert at == [0, 5, 4, 6]
