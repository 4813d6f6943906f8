"""What is said of a room, in sentences: the verdict, the text, the rule, reasons and acts."""

from __future__ import annotations

import re

import pytest

from sim.room import cast, told
from sim.room.events import MODEL, OBJECT, SILENT, STANCES, SUPPORT
from sim.room.live import Refusal
from sim.room.opening import open_room
from sim.room.state import undoable
from sim.room.verdict import verdict
from sim.scenario import load, names, precedents, with_changes
from sim.scenario.choices import rules_of
from tests.rooms import MISSILES, decision


@pytest.fixture
def room(treaty, tmp_path):
    return open_room(treaty, tmp_path, seating_="blocs")


def decided(room, text=MISSILES, rule="", **said):
    """A text put to seats that say something, and its verdict in words."""
    room.put(text, rule, empty=SILENT)
    for seat, stance in said.items():
        room.speak_for(seat, stance, "too_far" if stance == OBJECT else "")
    room.gavel()
    room.reveal()
    found = verdict(room.scenario, room.state, room.state.text)
    return told.moment(room.scenario, room.state, found)


def test_one_veto_is_enough_and_two_are_more_than_enough(room):
    assert decided(room, baltic=OBJECT, west=SUPPORT) == (
        "Baltic states and Poland broke the silence. One is enough. The text falls."
    )
    both = decided(room, baltic=OBJECT, west=OBJECT)
    assert "Western Europe" in both
    assert both.endswith("broke the silence. One would have been enough. The text falls.")


def test_members_whom_the_model_plays_are_not_counted_as_delegations(room):
    room.put({"N6.1": 1.0})
    room.speak_for("baltic", OBJECT)
    room.gavel()
    room.reveal()
    count = list(room.state.text.model.values()).count(OBJECT)
    assert count > 4
    said = told.moment(room.scenario, room.state, decision(room))
    assert said.startswith(
        f"Baltic states and Poland, and {count} members played by the model broke the silence."
    )


def test_a_list_has_one_and_however_many_the_model_plays():
    few, many = ["Bulgaria", "Latvia", "Slovakia"], [f"M{place}" for place in range(8)]
    assert told.voiced(few, many) == "Bulgaria, Latvia, Slovakia and 8 members played by the model"
    assert told.voiced(many + few, many) == "11 delegations and 8 members played by the model"
    assert told.voiced([], many + few) == "11 members played by the model"


def test_one_is_not_said_to_be_enough_where_support_is_missing_too(room):
    assert decided(room, rule="affirmative", baltic=OBJECT) == (
        "Baltic states and Poland broke the silence. The text falls under the rule “All must support”: "
        "nobody in support, 30 needed."
    )


def test_silence_is_consent(room):
    assert decided(room) == "Nobody broke the silence. The text stands."
    assert decided(room, rule="affirmative") == (
        "Nobody broke the silence. The text falls under the rule “All must support”: nobody in "
        "support, 30 needed."
    )


def test_a_veto_under_another_rule_is_told_with_the_rule(room):
    said = decided(room, rule="majority", baltic=OBJECT, west=SUPPORT)
    assert said.endswith("broke the silence. The text stands under the rule “Simple majority”.")


@pytest.mark.parametrize(
    ("said", "told_"),
    [
        ({"HUN": OBJECT}, "Hungary broke the silence, which this rule passes over. The text "),
        (
            {"HUN": OBJECT, "USA": OBJECT},
            "United States broke the silence. One is enough. "
            "Hungary broke the silence too, which this rule passes over. The text falls.",
        ),
    ],
)
def test_a_voice_that_the_rule_passes_over_is_told_all_the_same(treaty, tmp_path, said, told_):
    key = open_room(treaty, tmp_path, seating_="key")
    assert decided(key, rule="only:USA", **said).startswith(told_)


def test_members_whom_the_model_plays_are_named_one_by_one(room):
    room.put(MISSILES)
    room.gavel()
    room.reveal()
    said = told.moment(room.scenario, room.state, verdict(room.scenario, room.state, _text(room)))
    assert said.startswith("Estonia, Latvia, Lithuania and Poland broke the silence.")


def _text(room):
    return room.state.text


def test_a_text_is_called_by_its_clauses(treaty):
    assert told.text(treaty, MISSILES) == "N5.1 No missiles within reach, as drafted"
    assert told.text(treaty, {"N5.1": 0.8}).endswith("at .8 of the text")
    assert told.text(treaty, {"N5.1": 0.8, "N2.1": 1.0}) == (
        "2 clauses as one text (N5.1 and N2.1), at several levels"
    )
    assert told.text(treaty, dict.fromkeys(treaty.clauses, 1.0)).startswith("The whole treaty")


@pytest.mark.parametrize("name", ["security-council-2022", "eu-council-2022"])
def test_what_has_no_articles_is_no_treaty(name):
    scenario = load(name)
    everything = dict.fromkeys(scenario.clauses, 1.0)
    assert told.text(scenario, everything) == "The whole text, as drafted"


SECURITY_COUNCIL = (
    "5 may veto. Silence abstains: it is no support and no veto. At least 9 of 15 members must "
    "support a text, and none of China, France, United Kingdom, Russia and United States may break the "
    "silence."
)


@pytest.mark.parametrize(
    ("name", "rule", "said"),
    [
        ("security-council-2022", "vetoes", SECURITY_COUNCIL),
        (
            "eu-council-2022",
            "qualified",
            "Qualified majority. Silence is not consent: at least 15 of 27 members (55 %) with 65 % of "
            "the population must support a text. Fewer than 4 members cannot stop it, however large.",
        ),
        (
            "three-neighbours",
            "qualified",  # two of three are enough, and one is too few to block by its population
            "Qualified majority. Silence is not consent: at least 2 of 3 members (55 %) must support a "
            "text.",
        ),
        (
            "draft-treaty-2021",
            "only:USA",
            "United States alone. Silence is consent, and only one member has a say (United States): a "
            "text stands unless it breaks the silence.",
        ),
        (
            "draft-treaty-2021",
            "only:USA,GBR",
            "United States and United Kingdom alone. Silence is consent, and only 2 members have a say "
            "(United Kingdom and United States): a text stands unless one of these breaks the silence.",
        ),
    ],
)
def test_a_rule_is_told_with_the_numbers_and_the_names_of_the_council(name, rule, said):
    assert told.consent(load(name), rule) == said


def test_whoever_is_left_out_has_no_veto_to_be_told_of():
    absent = with_changes(load("security-council-2022"), {"members.drop": "RUS,CHN"})
    said = told.consent(absent, "vetoes")
    assert said.startswith("3 may veto.")
    assert said.endswith(
        "At least 9 of 13 members must support a text, and none of France, United Kingdom and United "
        "States may break the silence."
    )


def test_one_veto_is_told_by_the_name_of_who_holds_it():
    absent = with_changes(load("security-council-2022"), {"members.drop": "CHN,FRA,GBR,USA"})
    said = told.consent(absent, "vetoes")
    assert said.endswith("must support a text, and Russia may not break the silence.")


def test_votes_are_told_with_the_quota_and_the_total():
    weights = {"HILL": 3, "LAKE": 2, "SEA": 1}
    votes = {"weights": weights, "quota": 4, "judgement": "made up"}
    scenario = with_changes(load("three-neighbours"), {"rule.weighted": votes})
    assert told.consent(scenario, "weighted").endswith(
        "the members that support a text must have at least 4 of 6 votes."
    )


@pytest.mark.parametrize("name", [*names(), *precedents()])
def test_every_rule_that_a_scenario_offers_is_told_in_whole_sentences(name):
    scenario = load(name)
    for rule in rules_of(scenario):
        said = told.consent(scenario, rule)
        assert re.search(r"\bSilence (is|abstains)", said)
        assert not re.search(r"[{}_]|unless the scenario|enough members", said)
        assert told.consent(scenario, rule).endswith(".")


COMMON = ["too_far", "solidarity", "consultation"]


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("eu-council-2022", ["engagement", "supply", "shipping", "church"]),
        ("security-council-2022", ["ties", "talks", "target"]),
        ("three-neighbours", ["calm", "defence", "freedom", "trust"]),
    ],
)
def test_reasons_are_those_that_bear_on_the_scenario(name, own):
    assert list(told.reasons(load(name))) == own + COMMON


def test_all_reasons_of_the_flagship_bear_on_it(treaty):
    assert told.reasons(treaty) == told.every_reason(treaty)
    assert list(told.reasons(treaty)) == [*treaty.interests, "trust", *COMMON]


def test_an_article_is_small_inside_a_reason():
    said = told.every_reason(load("eu-council-2022"))
    assert said["trust"] == "We do not trust the European Commission to keep it"


def test_an_ally_is_spoken_of_among_allies_alone(treaty):
    assert told.reasons(treaty)["solidarity"].startswith("An ally that is")
    assert told.reasons(load("eu-council-2022"))["solidarity"].startswith("A member that is")


@pytest.mark.parametrize("name", ["eu-council-2022", "security-council-2022", "western-reply-2022"])
def test_whoever_rehearses_gives_reasons_of_the_list(name):
    scenario = load(name)
    texts = [{clause: 1.0} for clause in scenario.clauses] + [dict.fromkeys(scenario.clauses, 1.0)]
    given = {
        reading.answer([iso], text)[1]
        for reading in cast.readings(scenario, (), people=20, seed=0)
        for text in texts
        for iso in scenario.seats
    }
    assert given - {""} <= set(told.reasons(scenario))
    assert given - {"", *COMMON}, "somebody is hurt"


def test_every_stance_has_a_look_of_its_own():
    assert list(told.LOOKS) == list(STANCES)
    for looks in zip(*told.LOOKS.values()):
        assert len(set(looks)) == len(STANCES)


def test_every_act_can_be_named_for_taking_it_back(room):
    doings = (
        lambda: room.lock("west"),
        lambda: room.lock("west", False),
        lambda: room.inject("troops_move"),
        lambda: room.time(60),
        lambda: room.time(0),
        lambda: room.put(MISSILES),
        lambda: room.speak_for("west", SUPPORT),
        room.gavel,
        room.reveal,
    )
    said = set()
    for do in doings:
        do()
        said.add(told.act(room.scenario, room.state, undoable(room.log)))
    assert len(said) == len(doings)


def test_taking_back_names_a_few_clauses_and_counts_many(room, treaty):
    said = []
    for clauses in (["N2.1", "N5.1"], list(treaty.clauses)):
        room.put(dict.fromkeys(clauses, 1.0))
        said.append(told.act(treaty, room.state, undoable(room.log)))
        room.gavel()
    assert said == ["the putting of N2.1 and N5.1", f"the putting of {len(treaty.clauses)} clauses"]


def test_an_undo_names_the_act_that_it_takes_back(room):
    room.put(MISSILES)
    seen = undoable(room.log).number
    room.gavel()
    with pytest.raises(Refusal, match="in the meantime"):
        room.undo(seen)
    assert room.state.phase == "gavelled"
    room.undo(undoable(room.log).number)
    assert room.state.phase == "open"


def test_the_model_speaks_for_empty_seats_unless_told_otherwise(room):
    assert room.state.opened.rule == "consensus"
    room.put(MISSILES, empty=MODEL)
    room.gavel()
    assert set(_text(room).model) == set(room.scenario.seats)
