"""Support that a text lacked, in numbers: exactly where no silence would have carried it."""

from __future__ import annotations

import re

import pytest

from sim.room.events import OBJECT, SILENT, SUPPORT
from sim.room.opening import open_room
from sim.room.support import hears_objections, lacking
from sim.scenario import load, with_changes
from sim.scenario.choices import rules_of
from tests.rooms import decision


@pytest.mark.parametrize(
    ("name", "rule", "support", "object_", "told_"),
    [
        ("security-council-2022", "vetoes", 7, 0, "7 in support, 9 needed"),
        ("security-council-2022", "vetoes", 9, 1, ""),
        ("security-council-2022", "majority", 3, 3, "3 in support, 4 needed"),
        ("security-council-2022", "majority", 0, 0, "nobody in support, 1 needed"),
        ("security-council-2022", "entry-into-force", 7, 0, "7 in support, 8 needed"),
        ("security-council-2022", "consensus", 7, 2, ""),
        ("security-council-2022", "only:USA", 7, 2, ""),
        ("eu-council-2022", "qualified", 14, 0, "14 in support, 15 needed"),
        ("eu-council-2022", "qualified", 24, 3, ""),
    ],
)
def test_what_support_a_text_lacked_is_told_in_numbers(name, rule, support, object_, told_):
    scenario = load(name)
    said = [SUPPORT] * support + [OBJECT] * object_
    said += [SILENT] * (len(scenario.seats) - len(said))
    assert lacking(scenario, rule, dict(zip(scenario.seats, said))) == told_


def test_members_enough_of_too_few_people_are_told_by_their_share():
    scenario = load("eu-council-2022")
    smallest = sorted(scenario.seats, key=lambda iso: scenario.seats[iso].population)
    said = {iso: SUPPORT if iso in smallest[:20] else SILENT for iso in scenario.seats}
    told_ = lacking(scenario, "qualified", said)
    assert re.fullmatch(r"20 with [\d.]+ % of the population in support, 65 % needed", told_)


def test_votes_that_were_lacking_are_counted():
    votes = {"weights": {"HILL": 3, "LAKE": 2, "SEA": 1}, "quota": 4, "judgement": "made up"}
    scenario = with_changes(load("three-neighbours"), {"rule.weighted": votes})
    said = {iso: SUPPORT if iso == "HILL" else SILENT for iso in scenario.seats}
    assert lacking(scenario, "weighted", said) == "3 votes in support, 4 needed"
    assert lacking(scenario, "weighted", said | {"SEA": SUPPORT}) == ""


@pytest.mark.parametrize("name", ["draft-treaty-2021", "security-council-2022", "us-draft-2021"])
def test_where_only_support_counts_an_objection_weighs_no_more_than_silence(name):
    scenario = load(name)
    known = [*rules_of(scenario), "consensus-2", f"only:{next(iter(scenario.seats))}"]
    deaf = {rule for rule in known if not hears_objections(scenario, rule)}
    assert deaf == {"affirmative", "qualified", "entry-into-force"}


def test_weights_are_those_of_support_alone():
    votes = {"weights": {"HILL": 3, "LAKE": 2, "SEA": 1}, "quota": 4, "judgement": "made up"}
    scenario = with_changes(load("three-neighbours"), {"rule.weighted": votes})
    assert not hears_objections(scenario, "weighted")


@pytest.mark.parametrize("name", ["draft-treaty-2021", "eu-council-2022", "security-council-2022"])
def test_support_is_lacking_exactly_where_no_silence_would_carry_a_text(tmp_path, name):
    room = open_room(load(name), tmp_path, seating_="all")
    for clause in list(room.scenario.clauses)[:3]:
        room.put({clause: 1.0})
        room.gavel()
        for rule in rules_of(room.scenario):
            found = decision(room, rule)
            short = lacking(room.scenario, rule, found.stances)
            assert not (short and found.adopted)
            if found.missing is None:
                assert short
