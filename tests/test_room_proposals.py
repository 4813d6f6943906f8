"""What may be put next after a text has fallen: a level that could pass, where there is one."""

from __future__ import annotations

import pytest

from sim.room.debrief import bearable
from sim.room.events import OBJECT, SILENT
from sim.room.opening import open_room
from sim.room.proposals import passing, plain_step
from sim.scenario import load
from tests.rooms import MISSILES, decision


@pytest.fixture
def room(treaty, tmp_path):
    return open_room(treaty, tmp_path, seating_="blocs")


def fallen(room, text, rule=""):
    """The verdict on a text that the model's members have answered, which is then revealed."""
    room.put(text, rule)
    room.gavel()
    room.reveal()
    return decision(room)


def test_the_level_that_is_proposed_passes_and_a_hundredth_more_does_not(room):
    minds = room.minds()
    found = fallen(room, MISSILES)
    lower = passing(room.scenario, minds, MISSILES, found)
    assert lower is not None
    assert OBJECT not in {minds.stances(lower)[iso] for iso in found.blockers}
    above = {"N5.1": lower["N5.1"] + 0.01}
    assert OBJECT in {minds.stances(above)[iso] for iso in found.blockers}
    assert lower["N5.1"] <= min(minds.ceilings("N5.1")[iso] for iso in found.blockers)


def test_where_a_rule_bears_some_objections_only_so_many_need_to_be_brought_round(room):
    minds = room.minds()
    found = fallen(room, MISSILES, "consensus-2")
    limits = sorted(minds.ceilings("N5.1")[iso] for iso in found.blockers)
    assert (len(limits), found.missing) == (4, 2)
    level = passing(room.scenario, minds, MISSILES, found)["N5.1"]
    assert level <= limits[2] < level + 0.01
    assert list(minds.stances({"N5.1": level}).values()).count(OBJECT) == 2
    assert bearable(room.scenario, minds, MISSILES, found) == {"N5.1": level}


def test_no_level_is_proposed_where_none_would_do_nor_to_those_whom_the_model_has_silent(room):
    minds = room.minds()
    text = {"N4.1": 1.0}
    assert passing(room.scenario, minds, text, fallen(room, text)) is None
    assert minds.stances(MISSILES)["DEU"] != OBJECT
    room.put(MISSILES, empty=SILENT)
    room.speak_for("west", OBJECT)
    assert passing(room.scenario, minds, MISSILES, decision(room)) is None


def test_no_level_is_proposed_at_which_a_text_would_lack_support(tmp_path):
    room = open_room(load("security-council-2022"), tmp_path, seating_="all")
    found, minds = fallen(room, {"deplore": 1.0}), room.minds()
    assert found.blockers == ("RUS",)
    assert minds.stances({"deplore": 0.5})["RUS"] != OBJECT
    assert not fallen(room, {"deplore": 0.5}).adopted
    assert passing(room.scenario, minds, {"deplore": 1.0}, found) is None
    room.store.close()


def test_a_step_down_never_goes_below_the_least_level(treaty):
    put, steps = {"N5.1": 1.0}, []
    while put := plain_step(treaty, put):
        steps.append(put["N5.1"])
    assert steps == [step for step in (0.75, 0.5, 0.25) if step >= treaty.clauses["N5.1"].least]
