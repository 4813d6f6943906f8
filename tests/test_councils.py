"""Other councils: five vetoes among fifteen, unanimity and a qualified majority among twenty-seven."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest

from sim import centre, load, replay, rules, story, with_changes
from sim.analysis import rounds
from sim.analysis.games import a_priori
from sim.errors import RequestError, ScenarioError
from sim.outcome import Outcome
from sim.rules import OBJECT, SUPPORT, Stance, Vetoes, named
from sim.scenario import files, from_document
from tests import strategies

ACQUIESCE = Stance.ACQUIESCE.value
FIVE = Vetoes(tuple(range(5)), 9)
SECURITY, UNION = load("security-council-2022"), load("eu-council-2022")
EXEMPT = dict(UNION.levers["exemption"].set)


def stances(permanent: str, elected: str) -> np.ndarray:
    """The stances of five and ten members, each a letter: + supports, 0 abstains, - objects."""
    said = {"+": SUPPORT, "0": ACQUIESCE, "-": OBJECT}
    return np.array([said[letter] for letter in permanent + elected], np.int8)[:, None, None]


# The rule ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("permanent", "elected", "adopted", "silences"),
    [
        ("+++++", "++++000000", True, 0),  # nine, the least there can be
        ("+++++", "+++0000000", False, rules.NEVER),  # eight
        ("+++++", "++++------", True, 0),  # six against, none with a veto
        ("++++-", "++++++++++", False, 1),  # fourteen in favour, and one veto
        ("+++--", "++++++++++", False, 2),
        ("++++0", "+++++00000", True, 0),  # a permanent member that abstains vetoes nothing
        ("00000", "+++++++++0", True, 0),  # nor do five
        ("+++0-", "++++++++00", False, 1),  # 25 February 2022
        ("000--", "++++++++--", False, rules.NEVER),  # two vetoes, and too little support anyway
    ],
)
def test_nine_must_support_and_no_permanent_member_object(permanent, elected, adopted, silences):
    found = stances(permanent, elected)
    assert FIVE.adopts(found)[0, 0] == adopted
    assert FIVE.silences(found)[0, 0] == silences


def test_only_holders_of_a_veto_stop_anything_and_everybody_has_a_say():
    assert FIVE.stops(15).tolist() == [True] * 5 + [False] * 10
    assert FIVE.present(15).all()
    assert FIVE.tolerates is None


def test_where_everybody_holds_a_veto_and_nobody_must_support_it_is_consensus():
    like = Vetoes((0, 1, 2), 0)
    for said in itertools.product((OBJECT, ACQUIESCE, SUPPORT), repeat=3):
        column = np.array(said, np.int8)[:, None, None]
        assert like.adopts(column) == rules.Consensus().adopts(column)
        assert like.silences(column) == rules.Consensus().silences(column)


def test_power_by_the_rule_alone_is_that_of_the_textbooks():
    """Shapley-Shubik and Banzhaf of the Security Council since 1966: weights 7 and 1, quota 39."""
    found = a_priori(FIVE, 15)
    weighted = a_priori(rules.Weighted((7.0,) * 5 + (1.0,) * 10, 39.0), 15)
    assert set(found.shapley_shubik[:5]) == {Fraction(421, 2145)}
    assert set(found.shapley_shubik[5:]) == {Fraction(4, 2145)}
    assert set(found.banzhaf[:5]) == {Fraction(106, 635)}
    assert set(found.banzhaf[5:]) == {Fraction(21, 1270)}
    assert (found.swings, found.shapley_shubik) == (weighted.swings, weighted.shapley_shubik)
    assert found.winning == weighted.winning == 848


def test_power_before_1966_had_six_elected_members_and_needed_seven():
    """Shapley and Shubik (1954): 76/77 for the five permanent members together."""
    found = a_priori(Vetoes(tuple(range(5)), 7), 11)
    assert sum(found.shapley_shubik[:5]) == Fraction(76, 77)


def test_a_holder_that_is_left_out_has_no_veto_and_a_stranger_never_had_one():
    absent = with_changes(SECURITY, {"members.drop": "RUS,CHN"})
    assert named("vetoes", absent.table).holders == (3, 5, 12)
    document = strategies.document({"AAA": row(), "BBB": row()}, {"C": {}}, {"calm": "divisible"})
    document["rule"] = {"name": "vetoes", "vetoes": {"holders": ["CCC"], "quota": 1, **GUESS}}
    with pytest.raises(ScenarioError, match="holders names `CCC`, which is not among the members"):
        from_document(document)


GUESS = {"judgement": "made up"}


def row():
    return {"population": 1e6, "trust": 0.4, "resolve": 0.05, "weight": {}}


def test_more_support_than_there_are_members_is_refused_in_a_sentence():
    few = ",".join(list(SECURITY.seats)[:7])
    with pytest.raises(ScenarioError, match="9 must support, but only 8 sit at the table"):
        with_changes(SECURITY, {"members.drop": few})


def test_the_rule_is_offered_only_where_the_scenario_states_it():
    with pytest.raises(ScenarioError, match=r"needs a table \[rule.vetoes\]"):
        with_changes(load("draft-treaty-2021"), {"rule": "vetoes"})
    with pytest.raises(RequestError, match="Did you mean `vetoes`"):
        named("vetos", SECURITY.table)


# The Security Council -----------------------------------------------------------------------------


def said(outcome: Outcome, clause: str) -> dict[str, set[str]]:
    """Who supports and who objects in the central world."""
    place = list(outcome.scenario.clauses).index(clause)
    counts = {"supports": outcome.tally.supports, "objects": outcome.tally.objects}
    seats = np.array(list(outcome.scenario.seats))
    return {word: set(seats[count[:, place] > 0]) for word, count in counts.items()}


def test_the_centre_is_the_vote_of_25_february_2022():
    """S/2022/155: eleven in favour, Russia against, China, India and the Emirates abstaining."""
    found = said(centre(SECURITY), "withdraw")
    eleven = {"ALB", "BRA", "FRA", "GAB", "GBR", "GHA", "IRL", "KEN", "MEX", "NOR", "USA"}
    assert found == {"supports": eleven, "objects": {"RUS"}}
    assert set(SECURITY.seats) - eleven - {"RUS"} == {"CHN", "IND", "ARE"}


def test_five_permanent_members_sit_in_every_year_with_the_same_numbers_and_ten_change():
    years = {
        year: with_changes(SECURITY, {"members.roster": year}).seats
        for year in ("2021", "2022", "2023")
    }
    holders = set(SECURITY.rule.vetoes.holders)
    for seats in years.values():
        assert len(seats) == 15
        assert holders < set(seats)
    for one, other in itertools.combinations(years.values(), 2):
        assert all(one[iso] == other[iso] for iso in one.keys() & other.keys())
    assert len(years["2021"].keys() - years["2022"].keys()) == 5
    assert set(years["2021"]) & set(years["2023"]) == holders


def test_an_elected_member_that_objects_kills_nothing_and_a_permanent_one_does():
    for iso, killed in (("IND", False), ("CHN", True)):
        harder = {f"members.{iso}.weight.talks": 9.0, "members.drop": "RUS"}
        outcome = centre(with_changes(SECURITY, harder))
        assert said(outcome, "withdraw")["objects"] == {iso}
        assert (outcome.survival["withdraw"] == 0) == killed
        assert bool(outcome.measures()["withdraw"]["blockers"]) == killed


def test_too_little_support_is_told_from_a_veto():
    vetoed = centre(SECURITY)
    measured = vetoed.measures()["withdraw"]
    assert story.killed_by(vetoed, measured) == "RUS"
    assert "Russia kills it" in story.headline(vetoed)
    cool = {
        f"members.{iso}.resolve": 9.0
        for iso in ("BRA", "GAB", "GHA", "KEN", "MEX")  # then six support
    }
    lonely = centre(with_changes(SECURITY, cool | {"members.drop": "RUS"}))
    assert story.killed_by(lonely, lonely.measures()["withdraw"]) == "too little support"
    both = centre(with_changes(SECURITY, cool))
    assert story.killed_by(both, both.measures()["withdraw"]) == "too little support"


def test_the_price_of_a_text_is_that_of_the_veto_on_it_whoever_else_objects():
    """India's objection costs nothing to live with, though it would be the cheaper to buy."""
    apart = with_changes(SECURITY, {"assumptions.cohesion": 0})
    against = with_changes(apart, {"members.IND.weight.talks": 2.0})
    alone, beside = (centre(each).measures()["withdraw"] for each in (apart, against))
    assert (alone["objectors"], beside["objectors"]) == (1, 2)
    assert alone["price"]["p50"] == beside["price"]["p50"] > 1
    by_consensus = centre(with_changes(against, {"rule": "consensus"})).measures()["withdraw"]
    assert by_consensus["price"]["p50"] > beside["price"]["p50"]


# The Council of the European Union ----------------------------------------------------------------


def test_the_package_loses_under_unanimity_what_was_taken_out_of_it():
    """Adopted on 3 June 2022 without pipeline oil, shipping services and the Patriarch."""
    outcome = centre(UNION)
    fell = {name for name, share in outcome.survival.items() if not share}
    assert fell == {"by_pipeline", "shipping_services", "patriarch"}
    assert said(outcome, "patriarch")["objects"] == {"HUN"}
    assert said(outcome, "shipping_services")["objects"] == {"GRC", "CYP", "MLT"}
    assert "HUN" in said(outcome, "by_pipeline")["objects"]


def test_a_qualified_majority_takes_all_and_an_exemption_saves_its_clause_alone():
    by_majority = centre(with_changes(UNION, {"rule": "qualified"})).survival
    assert all(by_majority.values())
    before, after = centre(UNION).survival, centre(with_changes(UNION, EXEMPT)).survival
    assert {name for name in before if before[name] != after[name]} == {"by_pipeline"}


def test_three_members_never_block_a_qualified_majority_however_large():
    rule = named("qualified", UNION.table)
    seats = list(UNION.seats)
    largest = sorted(seats, key=lambda iso: UNION.seats[iso].population)[-3:]
    everybody = np.full((27, 1, 1), SUPPORT, np.int8)
    for iso in largest:
        everybody[seats.index(iso)] = OBJECT
    held = sum(UNION.seats[iso].population for iso in largest)
    assert held > 0.35 * sum(member.population for member in UNION.seats.values())
    assert rule.adopts(everybody)[0, 0]


def test_the_union_of_2014_has_twenty_eight_members():
    then = with_changes(UNION, {"members.roster": "2014"})
    assert set(then.seats) - set(UNION.seats) == {"GBR"}
    assert len(then.seats) == 28


def test_nobody_is_sent_from_one_council_to_the_table_of_another():
    assert set(files.kin("nato-2021")) == {"nato-2021", "nato-2024"}
    assert set(files.kin("unsc-2022")) == {"unsc-2021", "unsc-2022", "unsc-2023"}
    assert "unsc-2022" in files.kin("security-2022")  # a name that is nobody's may be anybody's


# Their words --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("draft-treaty-2021", "NATO"),
        ("nato-32", "NATO"),
        ("precedents/map-2008", "NATO"),
        ("eu-council-2022", "The Council of the European Union"),
        ("precedents/oil-embargo-2022", "The Council of the European Union"),
        ("security-council-2022", "The Security Council"),
        ("three-neighbours", None),
        ("precedents/osce-chair-2023", None),
    ],
)
def test_how_a_council_decides_is_said_of_that_council_alone(name, body):
    scenario = load(name)
    practice = story.practice(scenario)
    assert (practice.body if practice else None) == body
    assert ("NATO" in story.other_rules_are(scenario)) == (body == "NATO")


@pytest.mark.parametrize("name", ["security-council-2022", "eu-council-2022"])
def test_a_proposer_taken_at_its_word_is_not_said_to_be_doubted(name):
    scenario = load(name)
    package = with_changes(scenario, {"process.kind": "package"})
    assert "seeker" not in story.manner(package)
    played = replay.play(scenario)
    assert "at its word" in story.beliefs(played, played.rounds[0])
    in_all = rounds.play(package, worlds=8)
    assert story.beliefs_moved(in_all) == story.beliefs(played, played.rounds[0])


def test_an_article_is_small_inside_a_sentence():
    played = replay.play(UNION)
    assert "takes the European Commission at its word" in story.beliefs(played, played.rounds[0])
    assert story.ending(played).endswith("The European Commission keeps its word.")
