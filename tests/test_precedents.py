"""Decisions whose outcome is known: what the format asks of them, and what no prediction may read."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import numpy as np
import pytest

from scenarios import calibrate, facts
from sim import belief, ensemble, load, replay
from sim.analysis import dials
from sim.analysis import evidence as seen
from sim.errors import RequestError, ScenarioError
from sim.explanation import explain
from sim.scenario import (
    as_file,
    from_bytes,
    from_document,
    names,
    new,
    precedents,
    roster_of,
    shipped,
    with_changes,
)

BROKEN = Path(__file__).parent / "broken"
AT_ITS_WORD = {"security_seeker": 1.0, "expansionist": 1.0, "pretext_seeker": 1.0}


def council(**tables):
    """A small council with a proposer taken at its word."""
    document = tomllib.loads((BROKEN / "keep-upside-down.toml").read_text("utf-8"))
    document["proposer"]["keep"] = {
        kind: {"value": value, "judgement": "made up"} for kind, value in AT_ITS_WORD.items()
    }
    return from_document({**document, **tables})


# A proposer taken at its word -------------------------------------------------------------------


def test_everybody_trusts_a_proposer_taken_at_its_word_in_every_world():
    scenario = council()
    odd = with_changes(scenario, {"evidence.threat": 3, "assumptions.trust": 1})
    for asked in (scenario, odd):
        for number in range(3):
            played = replay.play(asked, world=number, seed=1)
            assert all(
                trust == pytest.approx(1, abs=1e-6)
                for turn in played.rounds
                for trust in turn.trust.values()
            )
    told = seen.report(odd)
    assert set(told.trust.values()) == set(told.before.values()) == {1.0}


def test_trust_is_exactly_one_whatever_the_belief():
    rng = np.random.default_rng(1)
    likelihood = rng.uniform(1e-6, 30, (3, 1000)).astype(np.float32)
    odds = rng.uniform(1e-6, 30, 1000).astype(np.float32)
    reading = belief.reading(likelihood, np.ones((3, 1000), np.float32))
    assert (belief.trust(odds, reading) == 1).all()


def test_belief_in_a_proposer_taken_at_its_word_is_even():
    assert belief.log_odds(0.3, (1, 1, 1), 0.4) == 0
    assert seen.report(council()).belief["AAA"] == pytest.approx((0.5, 0.3, 0.2))


def test_what_members_say_of_their_trust_changes_nothing_then():
    scenario = council()
    other = with_changes(scenario, {"members.AAA.trust": 0.99, "members.BBB.trust": 0.01})
    one, two = (ensemble.run(asked, worlds=50).as_json() for asked in (scenario, other))
    assert one["clauses"] == two["clauses"]


def test_no_dial_of_trust_is_offered_then_and_no_flip_of_it():
    scenario = council()
    offered = {dial.name for dial in dials.dials(scenario, "N5.1", "AAA")}
    assert not offered & set(dials.OF_TRUST)
    why = explain(scenario, "AAA", "N5.1")
    assert why.trust == 1
    assert not [flip for flip in why.flips if flip.address.endswith("trust")]


# What happened, in the file ---------------------------------------------------------------------

HAPPENED = {
    "case": "P00",
    "body": "A council",
    "date": tomllib.loads("date = 2021-12-18")["date"],
    "basis": "data",
    "passed": False,
    "blockers": ["BBB"],
    "ending": "It fell.",
    "source": "made up",
}


def test_what_happened_is_read_and_stays_what_it_was_in_a_what_if():
    scenario = council(happened=HAPPENED)
    assert scenario.happened.blockers == ("BBB",)
    assert scenario.happened.cool == ()
    assert with_changes(scenario, {"members.drop": "BBB"}).happened == scenario.happened


def test_nobody_changes_what_happened():
    with pytest.raises(RequestError, match="names nothing that can be changed"):
        with_changes(council(happened=HAPPENED), {"happened.passed": True})


def test_the_file_of_a_what_if_says_nothing_of_what_happened():
    scenario = council(happened=HAPPENED)
    assert from_bytes(as_file(scenario).encode(), "mine.toml").happened == scenario.happened
    changed = with_changes(scenario, {"members.drop": "BBB"})
    assert from_bytes(as_file(changed).encode(), "mine.toml").happened is None


def test_what_happened_is_not_taken_over_from_a_base(tmp_path):
    (tmp_path / "old.toml").write_text(as_file(council(happened=HAPPENED)), "utf-8")
    about = (
        '[about]\ntitle = "New"\nquestion = "What else?"\ndate = 2021-12-17\n'
        'sources = ["made up"]\nleaves_out = ["much"]\n'
    )
    (tmp_path / "new.toml").write_text(f'base = "old"\n{about}', "utf-8")
    assert load(tmp_path / "old.toml").happened is not None
    assert load(tmp_path / "new.toml").happened is None


# The precedents ---------------------------------------------------------------------------------

ROSTERS = {
    "nato-1997": 16,
    "nato-2003": 19,
    "nato-2008": 26,
    "nato-2009": 28,
    "nato-2014": 28,
    "nato-2019": 29,
    "nato-2021": 30,
    "nato-2024": 32,
    "eu-2001": 15,
    "eu-2004": 25,
    "eu-2008": 27,
    "eu-2014": 28,
    "eu-2022": 27,
    "osce": 57,
}


def own_matters(scenario):
    """Who has a matter of its own in a precedent."""
    return [iso for iso, member in scenario.seats.items() if member.weight["own_matter"].value]


@pytest.mark.parametrize("name", precedents())
def test_a_precedent_loads_under_its_name_and_has_one_clause_and_a_known_end(name):
    scenario = load(name)
    assert scenario.name == name
    assert scenario.happened is not None
    assert len(scenario.clauses) == 1
    assert not scenario.expect


@pytest.mark.parametrize("name", precedents())
def test_no_evidence_matter_or_roster_of_a_precedent_is_dated_after_its_eve(name):
    scenario = load(name)
    roster = roster_of(scenario)
    dates = [item.date for item in scenario.evidence.values() if item.date and item.count]
    dates += [member.known for member in scenario.seats.values() if member.known]
    if roster and "MNG" not in scenario.members.drop:  # the last to join the OSCE, in 2012
        dates.append(roster.date)
    assert all(date <= scenario.about.date for date in dates)
    assert scenario.about.date <= scenario.happened.date


@pytest.mark.parametrize("name", precedents())
def test_a_matter_of_ones_own_is_dated_and_argued_and_is_there_where_the_case_turns_on_one(name):
    scenario = load(name)
    found = own_matters(scenario)
    assert bool(found) == (scenario.happened.basis == "matter")
    for iso in found:
        member = scenario.seats[iso]
        assert member.known
        assert member.source
        assert member.judgement
        assert member.weight["own_matter"].value in (0.25, 0.5, 1)


@pytest.mark.parametrize("name", precedents())
def test_stakes_are_grades_and_argued(name):
    """A step among allies is for something that all want; what Russia asks of them need not be."""
    scenario = load(name)
    (clause,) = scenario.clauses.values()
    numbers = {**clause.gain, **clause.cost}.values()
    assert {number.value for number in numbers} <= {0, 0.25, 0.5, 1}
    assert clause.gain["purpose"].value or scenario.proposer.name == "Russia"
    assert clause.cost["own_matter"].value == (1 if own_matters(scenario) else 0)
    assert clause.source
    assert clause.judgement


@pytest.mark.parametrize("name", precedents())
def test_who_blocked_or_was_cool_sat_at_the_table(name):
    scenario = load(name)
    assert {*scenario.happened.blockers, *scenario.happened.cool} <= set(scenario.seats)


def played(document):
    """What a precedent's worlds give, byte by byte."""
    scenario = from_document(document, folder=shipped())
    outcome = ensemble.run(scenario, worlds=64, seed=7).as_json()
    return json.dumps([outcome["clauses"], outcome["members"]])


@pytest.mark.parametrize("name", precedents())
def test_the_prediction_does_not_read_what_happened(name):
    scenario = load(name)
    document = scenario.origin.document
    before = played(document)
    happened = document["happened"]
    someone = next(iso for iso in scenario.seats if iso not in scenario.happened.blockers)
    who = {"blockers": [], "cool": [someone], "unknown": []}
    other = happened | {"passed": not happened["passed"]} | who
    assert played({**document, "happened": other}) == before
    del document["happened"]
    assert played(document) == before


@pytest.mark.parametrize("name", precedents())
def test_a_what_if_of_a_precedent_is_a_file_that_plays_the_same_worlds(name):
    scenario = load(name)
    away = scenario.happened.blockers[:1] or next(iter(scenario.seats))
    asked = with_changes(scenario, {"members.drop": away, "assumptions.cohesion": 0.2})
    read = from_bytes(as_file(asked).encode(), "mine.toml")
    one, other = (ensemble.run(each, worlds=50).as_json() for each in (asked, read))
    assert (one["clauses"], one["members"]) == (other["clauses"], other["members"])
    assert from_bytes(as_file(scenario).encode(), "mine.toml").happened == scenario.happened


@pytest.mark.parametrize("name", precedents())
def test_a_precedent_can_be_copied_anywhere(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    new.write("mine", name)
    assert load("mine.toml").seats == load(name).seats


def test_precedents_stand_beside_the_scenarios():
    assert "precedents/map-2008" in precedents()
    assert "precedents/common" not in precedents()
    assert not set(precedents()) & set(names())


def test_a_precedent_can_be_a_base_of_what_somebody_hands_over():
    about = (
        '[about]\ntitle = "Mine"\nquestion = "And now?"\ndate = 2008-04-02\n'
        'sources = ["made up"]\nleaves_out = ["much"]\n'
    )
    read = from_bytes(f'base = "precedents/map-2008"\n{about}'.encode(), "mine.toml")
    assert len(read.seats) == ROSTERS["nato-2008"]
    assert read.happened is None


@pytest.mark.parametrize(
    "typed", ["map-2008", "precedents/map-208", "map2008", "precedent/map-2008"]
)
def test_a_misspelt_precedent_is_guessed(typed):
    with pytest.raises(ScenarioError, match="Did you mean `precedents/map-2008`"):
        load(typed)


def test_a_folder_of_ones_own_called_precedents_is_read(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "precedents").mkdir()
    (tmp_path / "precedents" / "mine.toml").write_text(as_file(council()), "utf-8")
    assert load("precedents/mine").name == "mine"


@pytest.mark.parametrize("name", ROSTERS)
def test_a_roster_has_the_members_of_its_day(name):
    path = shipped() / "precedents" / "rosters" / f"{name}.toml"
    text = path.read_text("utf-8")
    assert text == calibrate.of_precedents()[name]
    members = tomllib.loads(text)["members"]
    assert len(members) == ROSTERS[name]
    assert list(members) == sorted(members)
    assert {member["weight"]["purpose"] for member in members.values()} == {1}
    assert {member["weight"]["own_matter"] for member in members.values()} == {0}


def test_who_came_and_went():
    at = {
        name: set(tomllib.loads(text)["members"])
        for name, text in calibrate.of_precedents().items()
    }
    assert set(at) == set(ROSTERS)
    assert at["nato-2003"] - at["nato-1997"] == {"CZE", "HUN", "POL"}
    assert at["nato-2009"] - at["nato-2008"] == {"ALB", "HRV"}
    assert at["nato-2019"] - at["nato-2009"] == {"MNE"}
    assert at["nato-2021"] - at["nato-2019"] == {"MKD"}
    assert at["nato-2024"] - at["nato-2021"] == {"FIN", "SWE"}
    assert at["eu-2008"] - at["eu-2004"] == {"BGR", "ROU"}
    assert at["eu-2014"] - at["eu-2008"] == {"HRV"}
    assert at["eu-2008"] ^ at["eu-2022"] == {"GBR", "HRV"}
    assert set.union(*at.values()) == at["osce"]


def test_facts_are_read_as_of_their_day():
    rows = {member.iso: member for member in facts.read()}
    then, now = facts.on("2008-04-02", rows["EST"]), facts.on("2021-12-17", rows["EST"])
    assert then.late
    assert not then.host
    assert now == rows["EST"]
    assert not facts.on("1999-03-12", rows["EST"]).late
    assert not facts.on("2009-04-04", rows["TUR"]).black_sea
    assert not facts.on("2009-04-04", rows["TUR"]).missile_defence
    assert facts.on("2009-04-04", rows["TUR"]).edge


def test_the_roster_of_2021_gives_the_five_interests_what_the_flagships_gives_them():
    flagship = tomllib.loads(calibrate.rosters()["nato-2021"])["members"]
    for iso, member in tomllib.loads(calibrate.of_precedents()["nato-2021"])["members"].items():
        assert member["weight"] == flagship[iso]["weight"] | calibrate.OF_STEPS
        assert member["exposure"] == flagship[iso]["exposure"]


def test_precedents_share_the_rule_and_the_assumptions_of_the_flagship():
    common = tomllib.loads((shipped() / "precedents" / "common.toml").read_text("utf-8"))
    flagship = load("draft-treaty-2021").origin.document
    assert common["rule"] == flagship["rule"]
    assert common["process"] == {"kind": "clauses", "rounds": 1, "consultations": 2}
    five = {key: row for key, row in common["interests"].items() if key not in calibrate.OF_STEPS}
    assert five == flagship["interests"]

    def numbers(table):
        return {
            key: {part: row[part] for part in ("value", "band") if part in row}
            for key, row in table.items()
            if key not in ("spread", "factor")  # twice as wide since precedents have been heard
        }

    ours, theirs = common["assumptions"], flagship["assumptions"]
    assert numbers(ours) == numbers(theirs)
    assert numbers(ours["spread"]) == numbers(theirs["spread"])
