"""The debrief: what a room's log says of people and of the model, counted by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.room import called
from sim.room.debrief import debrief
from sim.room.events import SILENT
from sim.room.live import LiveRoom
from sim.room.proposals import passing
from tests.rooms import decide, decision, opened


@pytest.fixture
def room(tmp_path: Path) -> LiveRoom:
    return opened(tmp_path)


def test_who_blocked_and_why_is_counted(found):
    hotline, missiles, lower = found.texts
    assert (hotline.adopted, missiles.adopted, lower.adopted) == (True, False, False)
    # Poland's model would have broken the silence too, but somebody sat there and kept it
    assert set(missiles.blockers) == {"EST", "LVA", "LTU"}
    assert missiles.reasons() == {"deterrence": 1}
    assert missiles.reasons("reserve") == {"trust": 1}
    assert lower.blockers == ("EST",)
    assert found.stands == {"N2.1": 1.0}


def test_the_model_is_asked_about_the_same_texts(found):
    _, missiles, lower = found.texts
    assert set(missiles.model_blockers) == {"EST", "LVA", "LTU", "POL"}
    assert lower.model_blockers == ()
    assert (missiles.model_adopted, lower.model_adopted) == (False, True)
    assert found.model_stands == {"N2.1": 1.0, "N5.1": 0.6}


def test_people_are_set_beside_the_model_where_they_played(found):
    _, missiles, lower = found.texts
    beside = {one.member: one.beside for one in missiles.said if one.played}
    # the model: Estonia and Poland break the silence, Germany supports; silence is consent
    assert beside == {"EST": "same", "POL": "softer", "DEU": "same"}
    assert missiles.beside() == {"same": 2, "harder": 0, "softer": 1}
    assert {one.member for one in lower.said if one.beside == "harder"} >= {"EST"}
    assert sum(found.beside.values()) == 9  # three people, three texts


def test_what_watering_down_would_have_saved_is_the_tightest_ceiling_of_those_who_blocked(found):
    _, missiles, lower = found.texts
    tightest = min(missiles.ceilings.values())
    level = missiles.bearable["N5.1"]
    assert level <= tightest < level + 0.01
    assert set(missiles.ceilings) == set(missiles.blockers)
    assert lower.bearable == {"N5.1": 0.6}  # the model's Estonia could have lived with it as put


def test_of_a_package_the_worst_clauses_are_taken_out(played):
    decide(played, {"N2.1": 1.0, "N6.1": 1.0, "N2.2": 1.0})
    text = debrief(played.scenario, played.log).texts[-1]
    assert not text.adopted
    assert text.bearable == {"N2.1": 1.0, "N2.2": 1.0}
    assert text.ceilings == {}


def test_where_support_is_missing_no_silence_saves_a_text(played):
    decide(played, {"N5.1": 1.0}, rule="affirmative")
    assert debrief(played.scenario, played.log).texts[-1].bearable == {}


@pytest.mark.parametrize(
    ("name", "clause", "rule", "level"),
    [
        ("draft-treaty-2021", "N7.3", "qualified", 0.98),
        ("opened-moderately", "N7.3", "affirmative", 0.8),
        ("opened-privately", "N5.1", "affirmative", 0.81),
        ("opened-privately", "N7.3", "affirmative", 0.55),
        ("three-neighbours", "strip", "affirmative", 0.45),
        ("security-council-2022", "withdraw", "qualified", None),
    ],
)
def test_where_support_is_missing_a_debrief_names_the_level_that_the_desk_proposes(
    tmp_path, name, clause, rule, level
):
    room = opened(tmp_path, name, "all")
    decide(room, {clause: 1.0}, rule=rule)
    fallen = decision(room)
    assert fallen.missing is None
    (text,) = debrief(room.scenario, room.log).texts
    assert text.passing == (passing(room.scenario, room.minds(), {clause: 1.0}, fallen) or {})
    assert text.passing == ({clause: level} if level else {})
    if level:
        decide(room, {clause: level}, rule=rule)
        assert decision(room).adopted


def test_where_a_silence_would_carry_a_text_or_it_stands_no_level_is_named_for_support(found):
    assert [text.passing for text in found.texts] == [{}, {}, {}]


def test_support_that_people_gave_goes_with_that_of_the_model(tmp_path):
    room = opened(tmp_path, "security-council-2022", "all")
    ada, ben = (room.join(name, name)[0] for name in ("ALB", "IND"))
    decide(room, {"deplore": 1.0}, (ada, "support", ""), (ben, "support", ""))
    (text,) = debrief(room.scenario, room.log).texts
    model = room.minds()
    for iso in ("ALB", "IND"):
        turns = [model.stances({"deplore": level})[iso] for level in (1.0, 0.54)]
        assert text.then[iso] == ("silent" if turns == ["support", "silent"] else "support")


def test_the_same_voices_are_counted_under_other_rules(found):
    _, missiles, lower = found.texts
    assert missiles.elsewhere["consensus"] is False
    assert missiles.elsewhere["majority"] is True  # three break the silence, most support
    assert missiles.elsewhere["consensus-2"] is False
    assert lower.elsewhere["consensus-2"] is True


def test_a_delegation_is_followed_over_all_texts(found):
    records = {record.seat: record for record in found.records}
    assert (records["EST"].spoke, records["EST"].broke, records["EST"].supported) == (3, 2, 1)
    assert (records["DEU"].spoke, records["DEU"].reserved, records["DEU"].changes) == (2, 1, 1)
    assert (records["POL"].spoke, records["POL"].played) == (0, 3)
    assert records["USA"].played == 0


def test_events_change_what_the_model_would_have_said(room):
    number = decide(room, {"N5.1": 1.0})
    room.inject("step_back")
    after = decide(room, {"N5.1": 1.0})
    first, second = debrief(room.scenario, room.log).texts
    assert (first.number, second.number) == (number, after)
    assert (first.injects, second.injects) == ((), ("step_back",))
    assert len(second.model_blockers) < len(first.model_blockers)


def test_minutes_are_counted_from_the_opening(found):
    assert [text.minute for text in found.texts] == [0, 1.5, 3]
    assert [text.lasted for text in found.texts] == [1.5, 1.5, 1.5]
    assert found.minutes == 4.5
    assert [moment.what for moment in found.moments[:4]] == [
        "opened",
        "put",
        "gavelled",
        "revealed",
    ]


def test_what_was_taken_back_never_happened(played):
    before = debrief(played.scenario, played.log)
    played.inject("troops_move")
    played.undo()
    played.put({"N3.1": 1.0})
    played.undo()
    after = debrief(played.scenario, played.log)
    assert after.texts == before.texts
    assert after.moments == before.moments


def test_seats_that_are_told_to_be_silent_when_empty_are_nobodys_answers(room):
    decide(room, {"N5.1": 1.0}, empty=SILENT)
    found = debrief(room.scenario, room.log)
    assert sum(found.beside.values()) == 0
    assert found.texts[0].adopted  # nobody broke the silence


def test_where_support_counts_silence_is_harder_than_the_support_of_the_model(room):
    room.join("Ben", "DEU")
    room.put({"N5.1": 1.0}, rule="majority")
    room.gavel()
    room.reveal()
    (text,) = debrief(room.scenario, room.log).texts
    assert {one.member: one.beside for one in text.said if one.played} == {"DEU": "harder"}


def test_a_bloc_is_as_hard_as_the_model_of_its_hardest_member(tmp_path):
    room = opened(tmp_path, seating="blocs")
    ada, _ = room.join("Ada", "baltic")
    decide(room, {"N1.1": 0.75}, (ada, "object", "trust"))
    (text,) = debrief(room.scenario, room.log).texts
    assert {one.model for one in text.said if one.seat == "baltic"} != {"object"}
    assert {one.beside for one in text.said if one.seat == "baltic"} == {"same"}


def test_a_bloc_speaks_for_all_its_members(tmp_path):
    room = opened(tmp_path, seating="blocs")
    ada, _ = room.join("Ada", "baltic")
    decide(room, {"N5.1": 1.0}, (ada, "object", "trust"))
    (text,) = debrief(room.scenario, room.log).texts
    assert set(text.blockers) == {"EST", "LVA", "LTU", "POL"}
    assert text.reasons() == {"trust": 1}  # one delegation gave it
    assert text.beside() == {"same": 1, "harder": 0, "softer": 0}
    assert (
        called.who(debrief(room.scenario, room.log), text.by("object"))
        == "Baltic states and Poland"
    )


def test_who_leaves_and_comes_back_is_one_person(played):
    for _ in range(3):
        played.leave(played.join("Dan")[0])
    assert debrief(played.scenario, played.log).people == 4
