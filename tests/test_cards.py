"""Role cards: what a delegation is told is what the model makes its members do."""

from __future__ import annotations

import json
import re

import pytest

from sim import load
from sim.room import views
from sim.room.briefing import WORDS
from sim.room.cards import Card, card, cards
from sim.room.events import OBJECT, SUPPORT
from sim.room.mind import minds
from sim.room.seats import seats
from sim.scenario import names, precedents, with_changes
from sim.story import part
from tests.test_ideal_points import scenario as two_on_one_scale

FLAGSHIP = "draft-treaty-2021"
EVERY = [*names(), *precedents()]


def dealt(scenario, seating: str = "all") -> tuple[Card, ...]:
    return cards(scenario, seats(scenario, seating))


def said(dealt_card: Card, heading: str) -> str:
    return " ".join(dealt_card.sections.get(heading, ()))


def levels(scenario) -> dict[str, float]:
    return {name: row.level for name, row in scenario.clauses.items()}


@pytest.mark.parametrize("name", EVERY)
def test_red_lines_are_what_the_model_objects_to(name):
    scenario = load(name)
    model, table = minds(scenario), dealt(scenario)
    for clause, level in levels(scenario).items():
        stances = model.stances({clause: level})
        for one in table:
            crossed = clause in {line.clause for line in one.red_lines}
            assert crossed == (stances[one.members[0]] == OBJECT)
            assert (clause in one.supports) == (stances[one.members[0]] == SUPPORT)


@pytest.mark.parametrize("name", EVERY)
def test_every_clause_stands_on_a_card_once(name):
    scenario = load(name)
    for one in dealt(scenario):
        shared = [*(line.clause for line in one.red_lines), *one.accepts, *one.supports]
        assert sorted(shared) == sorted(scenario.clauses)


def test_a_bloc_is_told_of_members_and_not_of_as_many_delegations():
    told = " ".join(
        said(one, "confidential_instructions") for one in dealt(load(FLAGSHIP), "blocs")
    )
    assert "22 other members break the silence on it: you need not be first." in told
    assert not re.search(r"\d others", told)


@pytest.mark.parametrize("seating", ["blocs", "key", "all"])
def test_up_to_its_limit_a_delegation_can_live_with_a_text_and_not_above(seating):
    scenario = load(FLAGSHIP)
    model = minds(scenario)
    for one in dealt(scenario, seating):
        for line in one.red_lines:
            least = scenario.clauses[line.clause].least
            at = line.level or least
            lived = OBJECT not in {model.stances({line.clause: at})[iso] for iso in one.members}
            assert lived == (line.level is not None)
            above = model.stances({line.clause: at + 0.001})
            assert OBJECT in {above[iso] for iso in one.members}


def test_a_bloc_breaks_the_silence_for_any_of_its_members_and_says_for_whom():
    scenario = load(FLAGSHIP)
    by_title = {one.title: one for one in dealt(scenario, "blocs")}
    baltic = {line.clause: line for line in by_title["Baltic states and Poland"].red_lines}
    assert baltic["N5.1"].by == ("EST", "LVA", "LTU", "POL")
    assert baltic["N5.1"].others == ()
    assert "One is enough" in said(
        by_title["Baltic states and Poland"], "confidential_instructions"
    )
    moved = with_changes(scenario, {"members.POL.trust": 0.8})
    card_ = {one.title: one for one in dealt(moved, "blocs")}["Baltic states and Poland"]
    assert "POL" not in {line.clause: line for line in card_.red_lines}["N5.1"].by
    assert "(Estonia" in said(card_, "your_red_lines")


def test_poland_is_told_whom_it_has_beside_it_and_how_far_it_may_go():
    scenario = load(FLAGSHIP)
    poland = card(scenario, "Poland", ["POL"])
    told = said(poland, "confidential_instructions")
    assert "Break the silence on N5.1 No missiles within reach" in told
    assert "Estonia, Lithuania and Latvia" in told or "Estonia, Latvia and Lithuania" in told
    assert part(minds(scenario).ceilings("N5.1")["POL"]) in told
    germany = said(card(scenario, "Germany", ["DEU"]), "confidential_instructions")
    assert "You want N5.1 No missiles within reach. In the way: Estonia" in germany


def test_trust_on_the_card_is_that_of_the_roster_and_of_a_what_if():
    scenario = load(FLAGSHIP)
    share = round(100 * scenario.seats["POL"].trust.value)
    assert f"a chance of {share} %" in said(card(scenario, "Poland", ["POL"]), "your_trust")
    changed = with_changes(scenario, {"members.POL.trust": 0.8})
    assert "a chance of 80 %" in said(card(changed, "Poland", ["POL"]), "your_trust")
    later = with_changes(scenario, {"evidence.step_back": 1})
    assert "Russia steps back" in said(card(later, "Poland", ["POL"]), "what_has_been_seen")


@pytest.mark.parametrize("name", ["eu-council-2022", "security-council-2022"])
def test_where_a_proposer_is_taken_at_its_word_nobody_doubts_it(name):
    for one in dealt(load(name)):
        assert said(one, "your_trust").startswith("Nobody here doubts the word of")


def test_whoever_has_no_say_is_told():
    scenario = load("us-draft-2021")
    assert "you have no say" in said(card(scenario, "Estonia", ["EST"]), "you_are")
    assert "no say" not in said(card(scenario, "United States", ["USA"]), "you_are")


def test_whoever_has_no_say_is_not_told_to_hold_out_nor_that_it_stops_anything():
    scenario = load("us-draft-2021")
    poland, america = (card(scenario, iso, [iso]) for iso in ("POL", "USA"))
    secret = "confidential_instructions"
    assert said(poland, secret).startswith(
        "The decision is not yours. Bring your red lines before whoever decides (United States), and"
    )
    assert "Break the silence" not in said(poland, secret)
    assert "under this rule that stops nothing" in said(poland, WORDS)
    assert "you stop it, and say why" in said(america, WORDS)


@pytest.mark.parametrize(
    ("rule", "seat", "told"),
    [
        ("consensus", ["EST"], "you stop it, and say why"),
        ("consensus-2", ["EST"], "alone that need not stop it"),
        ("consensus-2", ["EST", "LVA", "LTU"], "you stop it, and say why"),
        ("affirmative", ["EST"], "you hold your support back"),
        ("majority", ["EST"], "alone that need not stop it"),
    ],
)
def test_what_breaking_the_silence_does_is_told_by_the_rule(rule, seat, told):
    scenario = with_changes(load("draft-treaty-2021"), {"rule": rule})
    assert told in said(card(scenario, "A seat", seat), WORDS)


def test_a_veto_of_the_security_council_is_told_that_one_is_enough_and_an_elected_member_is_not():
    scenario = load("security-council-2022")
    russia = said(card(scenario, "Russia", ["RUS"]), "confidential_instructions")
    assert "One is enough" in russia
    assert "as one text as drafted: break the silence" in russia


def test_members_with_ideal_points_are_told_where_they_stand():
    scenario = two_on_one_scale()
    against = card(scenario, "B", ["B"])
    assert said(against, "what_you_want") == (
        "A tax: you would like 10 best; today it is 20, the text says 70."
    )
    assert [line.clause for line in against.red_lines] == ["tax"]
    assert said(against, "your_trust").startswith("Nobody here doubts")


@pytest.mark.parametrize("name", EVERY)
def test_a_phone_is_sent_a_small_card_of_plain_sentences(name):
    scenario = load(name)
    for seat in seats(scenario, "key").values():
        found = views.card(scenario, seat)
        assert found["title"] == seat.title
        assert len(json.dumps(found, ensure_ascii=False)) < 8000
        lines = [line for key, rows in found.items() if key != "title" for line in rows]
        assert all(isinstance(line, str) and line.strip() == line and line for line in lines)
        assert not any(mark in line for line in lines for mark in ("**", "nan", "inf ", "  "))


def test_a_card_is_the_same_every_time():
    assert dealt(load(FLAGSHIP), "blocs") == dealt(load(FLAGSHIP), "blocs")


def test_a_resolution_is_not_called_a_treaty():
    told = [said(one, "what_you_fear") for one in dealt(load("security-council-2022"))]
    assert "Nothing here hits you harder than most." in told
    assert not any("treaty" in line for line in told)


def test_all_texts_say_of_which_there_is_no_less_to_be_had():
    scenario = load(FLAGSHIP)
    whole = {name for name, row in scenario.clauses.items() if row.least == 1}
    assert 0 < len(whole) < len(scenario.clauses)
    for (name, row), shown in zip(scenario.clauses.items(), views.texts(scenario)):
        assert shown["text"] == row.text + (" It is all or nothing." if name in whole else "")
