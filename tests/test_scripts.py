"""Workshops: what a script puts does at the model's table what the facilitator says it does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sim import load
from sim.errors import RequestError
from sim.room.council import Council
from sim.room.events import OBJECT
from sim.room.mind import minds
from sim.room.progress import levels
from sim.room.scripts import LENGTHS, names, script
from sim.room.seats import seats
from sim.scenario import Scenario, precedents, with_changes
from sim.scenario import names as scenarios
from sim.scenario.choices import rules_of
from sim.scenario.room import Script

FLAGSHIP = "draft-treaty-2021"
EDGE = {"EST", "LVA", "LTU", "POL"}


def played(scenario: Scenario, script: Script) -> Iterator[tuple[str, set[str]]]:
    """Each text of a script, and who breaks the silence on it after what has happened by then."""
    injects: list[str] = []
    for act in script.acts:
        if act.do == "inject":
            injects.append(act.inject)
        if act.do == "put":
            said = minds(scenario, injects).stances(levels(scenario, act))
            text = "+".join(act.clauses) + (f"@{act.level:g}" if act.level else "")
            yield text, {iso for iso, word in said.items() if word == OBJECT}


def test_twenty_minutes_one_text_falls_to_a_bloc_and_stands_watered_down():
    scenario = load(FLAGSHIP)
    found = script(scenario, "short")
    assert list(played(scenario, found)) == [("N2.3", set()), ("N5.1", EDGE), ("N5.1@0.75", set())]
    (bloc,) = [set(who) for _, who in seats(scenario, found.seating).values() if EDGE & set(who)]
    assert bloc == EDGE


def test_three_quarters_of_an_hour_the_news_moves_the_price():
    scenario = load(FLAGSHIP)
    texts = list(played(scenario, script(scenario, "half")))
    assert texts == [
        ("N3.2", set()),
        ("N5.1", EDGE),
        ("N5.1@0.75", EDGE - {"POL"}),
        ("N5.1@0.5", set()),
        ("N1.4+N2.1+N2.2+N2.3+N3.2+N5.1", set()),
    ]
    before = minds(scenario).stances({"N5.1": 0.75})
    assert OBJECT not in before.values(), "the facilitator says that it would have stood"


def test_an_hour_and_a_half_a_whole_negotiation():
    scenario = load(FLAGSHIP)
    everybody = set(scenario.seats)
    *texts, (whole, against) = played(scenario, script(scenario, "long"))
    assert texts == [
        ("N2.3", set()),
        ("N5.1", EDGE),
        ("N5.1@0.75", set()),
        ("N7.3@0.65", EDGE - {"POL"}),
        ("N7.3@0.65", set()),
        ("N6.1", everybody),
        ("N1.1+N2.1+N2.2+N2.3+N3.2", set()),
    ]
    assert whole == "+".join(scenario.clauses)
    assert against == everybody
    before = minds(scenario)
    assert OBJECT not in before.stances({"N7.3": 0.65}).values()
    after = minds(scenario, ["troops_move", "washington_calls"]).stances({"N1.1": 1})
    assert {iso for iso, word in after.items() if word == OBJECT} == EDGE


@pytest.mark.parametrize("name", [*scenarios(), *precedents()])
def test_every_scenario_can_be_played_by_a_script(name):
    scenario = load(name)
    for length in names(scenario):
        found = script(scenario, length)
        minutes = [act.minute for act in found.acts]
        assert minutes == sorted(minutes)
        assert minutes[-1] <= found.minutes - 3, "time for the debrief"
        assert found.acts[0].say
        assert found.acts[-1].do == "say"
        assert seats(scenario, found.seating)
        deeds = [act.do for act in found.acts if act.do not in ("say", "talk", "inject")]
        assert deeds == ["put", "gavel", "reveal"] * (len(deeds) // 3)
        for act in found.acts:
            for clause, level in levels(scenario, act).items():
                assert scenario.clauses[clause].least <= level <= 1


@pytest.mark.parametrize("name", [*scenarios(), *precedents()])
def test_a_computed_script_waters_down_to_what_nobody_stops(name):
    scenario = load(name)
    for length in LENGTHS:
        found = script(scenario, length)
        injects = [act.inject for act in found.acts if act.do == "inject"]
        for act in found.acts:
            if act.do == "put" and act.level and not scenario.room.scripts:
                said = minds(scenario, injects).stances(levels(scenario, act))
                assert OBJECT not in {said[iso] for iso in Council(scenario).counting}


@pytest.mark.parametrize("name", ["security-council-2022", "eu-council-2022", "us-draft-2021"])
def test_a_computed_script_waters_down_only_what_falls_and_to_where_it_stands(name):
    for rule in rules_of(load(name)):
        scenario = with_changes(load(name), {"rule": rule})
        council = Council(scenario)
        for act in script(scenario, "half").acts:
            if act.do == "put" and act.level:
                (clause,) = act.clauses
                assert not council.stands(clause, council.tabled[clause])
                assert council.stands(clause, act.level)


def test_where_everything_stands_a_computed_script_puts_what_is_resisted():
    scenario = with_changes(load("security-council-2022"), {"rule": "majority"})
    texts = [text for text, _ in played(scenario, script(scenario, "short"))]
    assert texts == ["aid", "deplore", "deplore+withdraw+recognition+aid"]


def test_where_nobody_stops_a_text_the_talks_are_about_support():
    scenario = with_changes(load("opened-moderately"), {"rule": "affirmative"})
    said = [act.say for act in script(scenario, "short").acts if "Leave your seats" in act.say]
    assert said
    assert all("those who would not support it need?" in one for one in said)


def test_a_computed_script_goes_from_the_easy_to_the_whole():
    scenario = load("three-neighbours")
    texts = [text for text, _ in played(scenario, script(scenario, "half"))]
    assert texts == ["hotline", "strip", "strip@0.8", "hotline+strip"]


def test_an_unknown_script_is_met_with_the_right_word():
    with pytest.raises(RequestError, match=r"has no script `shrt`. Did you mean `short`"):
        script(load(FLAGSHIP), "shrt")


def test_a_computed_script_takes_the_news_of_the_scenario_with_it():
    scenario = load(FLAGSHIP)
    bare = scenario.model_copy(update={"room": scenario.room.model_copy(update={"scripts": {}})})
    bare.remember(scenario.origin, {})
    texts = dict(played(bare, script(bare, "half")))
    assert texts["N5.1@0.65"] == set()
    assert texts["N6.2"] == set(scenario.seats)
