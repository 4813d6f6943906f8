"""The table: consensus as it grows, and what each member would do alone with the proposer."""

from __future__ import annotations

from math import comb
from statistics import NormalDist

import numpy as np
import pytest

from sim import load, run, with_changes
from sim.analysis.table import alone, alone_with, growth, heard_at_once, nobody_objects
from sim.errors import RequestError
from sim.scenario import names, rules_of
from tests import strategies

FLAGSHIP = load("draft-treaty-2021")
ALL_OR_NOTHING = {"proposer.true_type": "pretext_seeker"}


# How consensus fares as the table grows -----------------------------------------------------------


@pytest.mark.parametrize("members", [1, 2, 7, 30])
def test_the_chance_that_no_objector_is_drawn_is_that_of_an_urn(members):
    table = nobody_objects(members)
    for objectors in range(members + 1):
        for taken in range(1, members + 1):
            exact = comb(members - objectors, taken) / comb(members, taken)
            assert table[objectors, taken - 1] == pytest.approx(exact, abs=1e-12)


@pytest.mark.parametrize("silent", [0.9, 0.97])
def test_among_equal_members_with_own_noise_consensus_fades_as_chance_says(silent):
    scenario = strategies.equals(12, NormalDist().inv_cdf(silent), spread=0.5)
    grown = growth(scenario, worlds=20_000, seed=3)
    expected = silent ** np.arange(1, 13)
    assert np.abs(grown.consensus("C") - expected).max() < 0.012
    assert np.abs(grown.apart("C") - expected).max() < 0.012


def test_objections_that_come_together_leave_more_consensus_than_chance():
    grown = growth(FLAGSHIP, worlds=512, seed=1)
    assert grown.consensus("N5.1")[-1] > 2 * grown.apart("N5.1")[-1]


@pytest.mark.parametrize("name", ["draft-treaty-2021", "three-neighbours", "us-draft-2021"])
def test_the_whole_table_is_the_council_under_consensus(name):
    scenario = load(name)
    grown = growth(scenario, worlds=300, seed=2)
    under = run(with_changes(scenario, {"rule": "consensus"}), worlds=300, seed=2)
    for place, (clause, row) in enumerate(scenario.clauses.items()):
        tally = under.tally
        objections = tally.objects[:, place].sum()
        assert grown.objectors[place] @ np.arange(grown.members + 1) == objections
        assert grown.consensus(clause)[0] == pytest.approx(grown.apart(clause)[0])
        if row.tabled_with is None:
            assert grown.consensus(clause)[-1] == pytest.approx(under.survival[clause])


@pytest.mark.parametrize("name", names())
def test_a_larger_table_never_agrees_more_often(name):
    grown = growth(load(name), worlds=64)
    assert grown.worlds == 64
    for clause in grown.scenario.clauses:
        curve = grown.consensus(clause)
        assert (np.diff(curve) <= 1e-12).all()
        half = grown.rarer_than_half(clause)
        if half is None:
            assert curve[-1] >= 0.5
        else:
            assert curve[half - 1] < 0.5
            assert half == 1 or curve[half - 2] >= 0.5


def test_whoever_has_no_say_is_asked_as_well():
    few = with_changes(FLAGSHIP, {"rule": "only:USA"})
    assert np.array_equal(growth(few, worlds=64).objectors, growth(FLAGSHIP, worlds=64).objectors)


# Alone with the proposer --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("draft-treaty-2021", {}),
        ("draft-treaty-2021", {"process": "package"}),
        ("draft-treaty-2021", {"rule": "majority", **ALL_OR_NOTHING}),
        ("draft-treaty-2021", {"process.condition": "step_back"}),
        ("us-draft-2021", {}),
        ("three-neighbours", {}),
        ("nato-russia-2009", {}),
    ],
    ids=str,
)
def test_one_run_tells_what_every_member_would_do_alone(name, changes):
    scenario = with_changes(load(name), changes)
    told = alone(scenario, worlds=300, seed=4)
    for iso, row in zip(scenario.seats, told.stands):
        if iso in ("USA", "POL", "DEU", "A", list(scenario.seats)[-1]):
            assert tuple(row) == alone_with(scenario, iso, worlds=300, seed=4), iso


@pytest.mark.parametrize(
    "changes",
    [{"process.rounds": 6}, {"process": "steps"}, {"proposer.budget": 0.2}],
    ids=str,
)
def test_what_hangs_on_what_the_others_did_is_not_told_by_one_run(changes):
    scenario = with_changes(FLAGSHIP, changes)
    assert not heard_at_once(scenario)
    with pytest.raises(RequestError, match="must be played for each"):
        alone(scenario, worlds=1)


def test_alone_is_one_less_objections_reservations_and_more_what_others_talked_it_into():
    told = alone(FLAGSHIP, worlds=300)
    tally = run(FLAGSHIP, worlds=300).tally
    free = [not row.tabled_with for row in FLAGSHIP.clauses.values()]
    expected = 300 - (tally.objects + tally.reservations - tally.solidarity)
    assert np.array_equal(told.stands[:, free], expected[:, free])


def test_washington_alone_takes_the_missiles_and_neither_enlargement_nor_withdrawal():
    told = alone(FLAGSHIP)
    assert told.share("USA", "N5.1") > 0.7
    for clause in ("N4.1", "N6.1", "N6.2"):
        assert told.share("USA", clause) < 0.02
        assert told.willing(clause) == []
    assert set(FLAGSHIP.seats) - set(told.willing("N5.1")) == {"POL", "EST", "LVA", "LTU"}
    assert "N5.1" in told.lets_stand("USA")
    assert "N6.1" not in told.lets_stand("USA")


# The rules that fit --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", names())
def test_every_rule_that_is_said_to_fit_can_be_played(name):
    scenario = load(name)
    fitting = rules_of(scenario)
    assert scenario.rule.name in fitting
    assert len(fitting) == len(set(fitting))
    for rule in fitting:
        assert with_changes(scenario, {"rule": rule}).rule.name == rule
