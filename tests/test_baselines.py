"""What other schools compute: the numbers of their own tools, and what must hold of them.

Numbers come from the small data sets and expected outputs of other projects, typed in where they stand.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sim.averages import weighted_mean, weighted_median
from sim.baselines import condorcet, spatial
from sim.baselines.exchange import exchange

EMISSIONS = np.array(
    [
        # capability, position (years until the standard holds), salience
        [0.08, 4, 0.8],  # Netherlands
        [0.08, 7, 0.4],  # Belgium
        [0.03, 4, 0.2],  # Luxembourg
        [0.16, 4, 0.8],  # Germany
        [0.16, 10, 0.6],  # France
        [0.16, 10, 0.6],  # Italy
        [0.16, 10, 0.9],  # United Kingdom
        [0.05, 7, 0.1],  # Ireland
        [0.05, 4, 1.0],  # Denmark
        [0.08, 7, 0.7],  # Greece
    ]
)
"""Emission standards of medium cars in the European Community: Bueno de Mesquita (1994), p. 78, as in
Scholz, Calbert & Smith (2011), table 1, without Spain and Portugal."""

PARIS = {
    # differentiation, mrv, legal form: position and salience of each; power
    "African group": (70, 0.75, 50, 0.65, 80, 0.6, 0.25),
    "AILAC": (50, 0.6, 85, 0.75, 50, 0.75, 0.35),
    "ALBA": (80, 0.65, 0, 0.4, 70, 0.3, 0.05),
    "AOSIS": (40, 0.6, 80, 0.75, 100, 0.8, 0.5),
    "Arab states": (100, 0.75, 0, 0.55, 0, 0.5, 0.4),
    "LDCs": (60, 0.6, 70, 0.7, 100, 0.75, 0.5),
    "Brazil": (80, 0.8, 50, 0.55, 50, 0.5, 0.7),
    "China": (80, 0.75, 0, 0.8, 20, 0.65, 1),
    "EIG": (40, 0.75, 85, 0.8, 100, 0.75, 0.35),
    "EU": (30, 0.75, 100, 0.8, 100, 0.7, 0.75),
    "India": (90, 0.75, 0, 0.55, 20, 0.7, 0.6),
    "Umbrella": (25, 0.9, 70, 0.7, 70, 0.75, 0.4),
    "Japan": (25, 0.9, 100, 0.7, 70, 0.65, 0.6),
    "Russia": (15, 0.8, 50, 0.45, 50, 0.5, 0.6),
    "USA": (20, 0.95, 70, 0.7, 40, 1, 1),
}
"""Three issues of the Paris climate conference, October 2015: sample data of the equal-gain exchange
model (github.com/foarsitter/equal-gain)."""

TRADED = (
    # who gives way, on what, to where; the other, on what, to where; the gain of each
    ("USA", 1, 6.35937321285599, "China", 0, 20, 1.128903122498),
    ("EU", 2, 37.7766138536074, "India", 1, 100, 0.756186984417965),
    ("Arab states", 2, 83.8085853298023, "AOSIS", 0, 100, 0.665147502617478),
    ("China", 2, 70.648299202299, "AOSIS", 1, 0, 0.578400075855748),
    ("Russia", 2, 95.1945556445156, "LDCs", 0, 15, 0.518815052041633),
    ("Brazil", 1, 100, "EU", 0, 64.1230596375033, 0.51794742911209),
    ("Arab states", 1, 89.029728181372, "EU", 0, 100, 0.448820811180153),
    ("China", 2, 100, "LDCs", 1, 20.4410509031199, 0.329333071450395),
    ("Russia", 1, 77.7416748213386, "AILAC", 0, 15, 0.323658927141713),
    ("Brazil", 2, 83.3578863090472, "EIG", 0, 80, 0.302642113690953),
    ("Japan", 2, 20, "India", 0, 50.4618506493506, 0.30073051948052),
    ("African group", 2, 40, "USA", 0, 26.6289252543123, 0.113445378151261),
    ("Umbrella", 2, 31.0279948096408, "India", 0, 25, 0.085409426959391),
    ("Arab states", 2, 100, "EIG", 0, 91.4643293214722, 0.0722831012062398),
    ("Japan", 1, 78.5524848450189, "African group", 0, 25, 0.0600480384307447),
    ("ALBA", 1, 100, "Japan", 0, 28.0090881514553, 0.0224712456757636),
    ("ALBA", 2, 40, "USA", 0, 27.0581222702897, 0.0183314732142857),
    ("EIG", 2, 92.335847290726, "Russia", 1, 85, 0.0179628579123611),
    ("Brazil", 2, 100, "EIG", 1, 66.2370349321786, 0.00963085283041243),
    ("Arab states", 1, 100, "Japan", 0, 31.8853228612205, 0.00804419565068959),
)
"""All exchanges of the first round that the same model makes of these data, in its order."""

KTAB = np.array(
    [
        # position and salience on three dimensions
        [75.79, 49.53, 6.37, 5.91, 70.45, 28.15],
        [82.72, 30.33, 73.50, 21.22, 64.00, 24.79],
        [82.45, 48.47, 90.89, 13.55, 0.07, 34.62],
        [62.52, 20.76, 50.82, 39.24, 62.33, 22.21],
        [82.34, 40.96, 45.77, 25.43, 73.31, 22.59],
        [84.48, 22.92, 33.70, 39.35, 88.11, 15.42],
        [70.96, 31.75, 33.46, 27.93, 90.36, 26.03],
    ]
)
"""Made-up actors, from the examples of KTAB (github.com/lsyaseen/KTAB, dummyData_3Dim.csv)."""

DUELS = [
    # strengths of the coalitions; conditional, uniform, incentive: what KTAB makes of them
    (
        [[0, 51.212], [19.714, 0]],
        [0.8709, 0.1291],
        [0.8709, 0.1291],
        [0.8709, 0.1291],
    ),
    (
        [[0, 12.099, 54.921], [10.333, 0, 27.079], [5.007, 55.047, 0]],
        [0.8659, 0.1241, 0.0100],
        [0.6351, 0.2148, 0.1501],
        [0.5094, 0.2796, 0.2110],
    ),
]
"""Elections in KTAB's own demonstration of its reference manual, to four digits."""


def paris():
    """Positions, saliences (M, C) and power (M,) of the Paris conference."""
    table = np.array(list(PARIS.values()), float)
    return table[:, 0:6:2], table[:, 1:6:2], table[:, 6]


# Known answers ------------------------------------------------------------------------------------


def test_the_means_of_the_emission_standards_are_those_in_print():
    capability, position, salience = EMISSIONS.T
    asked = (position[:, None], salience[:, None], capability)
    assert weighted_mean(*asked)[0] == pytest.approx(7.389955686853767, abs=1e-14)
    assert weighted_median(*asked)[0] == 7


def test_the_means_of_the_paris_conference_are_those_of_the_exchange_model():
    assert weighted_mean(*paris()) == pytest.approx([49.255404, 57.211274, 57.968750], abs=5e-7)


def test_two_actors_by_hand():
    positions, saliences = np.array([[0.0, 0], [100, 100]]), np.array([[10.0, 90], [60, 50]])
    mean = weighted_mean(positions, saliences, np.ones(2))
    assert mean == pytest.approx([600 / 7, 250 / 7], abs=1e-12)


def test_every_exchange_of_the_paris_conference_is_that_of_the_exchange_model():
    made = exchange(*paris()).exchanges
    assert len(made) == len(TRADED)
    names = list(PARIS)
    for found, (one, gives, to, other, wants, there, gain) in zip(made, TRADED):
        moves = {(names[move.member], move.clause): move.to for move in found.moves}
        assert moves == pytest.approx({(one, gives): to, (other, wants): there}, abs=1e-10)
        assert found.gain == pytest.approx(gain, abs=1e-12)


def test_what_an_option_is_worth_is_what_it_is_in_ktab():
    positions, saliences = KTAB[:, 0::2] / 100, KTAB[:, 1::2]
    worth = spatial.value(positions, saliences, positions)
    printed = [1, 0.903, 0.639, 0.870, 0.929, 0.882, 0.890]
    assert worth[0] == pytest.approx(printed, abs=5e-4)


@pytest.mark.parametrize(("strength", "conditional", "uniform", "incentive"), DUELS)
def test_elections_come_out_as_in_ktab(strength, conditional, uniform, incentive):
    strength = np.array(strength)
    chance = condorcet.victory(strength)
    assert condorcet.conditional(chance) == pytest.approx(conditional, abs=5e-5)
    assert condorcet.uniform(chance) == pytest.approx(uniform, abs=5e-5)
    assert condorcet.incentive(strength, chance) == pytest.approx(incentive, abs=5e-5)


def test_duels_are_won_as_often_as_in_ktab():
    chance = condorcet.victory(np.array(DUELS[1][0]))
    printed = [[0.5, 0.5782, 0.9918], [0.4218, 0.5, 0.1948], [0.0082, 0.8052, 0.5]]
    assert chance == pytest.approx(np.array(printed), abs=5e-5)


def test_in_a_circle_of_sure_defeats_everybody_has_a_third():
    strength = np.array([[0.0, 1, 0], [0, 0, 1], [1, 0, 0]])
    chance = condorcet.victory(strength)
    for found in (
        condorcet.conditional(chance),
        condorcet.uniform(chance),
        condorcet.incentive(strength, chance),
    ):
        assert found == pytest.approx([1 / 3] * 3, abs=1e-9)


# What must hold of averages -----------------------------------------------------------------------

SHARES = st.floats(0, 1).map(lambda value: round(value, 3))


@st.composite
def tables(draw, least=1, clauses=3):
    """Positions, saliences (M, C), capabilities (M,) of a few members; nothing weighs nothing."""
    shape = draw(st.integers(least, 6)), draw(st.integers(1, clauses))
    positions, saliences = (draw(arrays(float, shape, elements=SHARES)) for _ in range(2))
    return positions, saliences, draw(arrays(float, shape[0], elements=SHARES))


@given(tables())
def test_an_average_lies_between_those_who_weigh_or_nowhere(asked):
    positions, saliences, capabilities = asked
    pull = saliences * capabilities[:, None]
    for average in (weighted_mean(*asked), weighted_median(*asked)):
        for place, level in enumerate(average):
            heard = positions[pull[:, place] > 0, place]
            if not len(heard):
                assert np.isnan(level)
            else:
                assert heard.min() - 1e-12 <= level <= heard.max() + 1e-12


@given(tables(), st.randoms(use_true_random=False))
def test_an_average_does_not_depend_on_who_is_named_first(asked, random):
    order = list(range(len(asked[2])))
    random.shuffle(order)
    turned = [part[order] for part in asked]
    for average in (weighted_mean, weighted_median):
        assert average(*turned) == pytest.approx(average(*asked), abs=1e-12, nan_ok=True)


@given(tables(), st.sampled_from([0.25, 2.0, 8.0]))
def test_an_average_knows_no_unit_of_weight(asked, times):
    positions, saliences, capabilities = asked
    for average in (weighted_mean, weighted_median):
        louder = average(positions, saliences * times, capabilities * times)
        assert louder == pytest.approx(average(*asked), abs=1e-12, nan_ok=True)
        wider = average(positions * times, saliences, capabilities)
        assert wider == pytest.approx(times * average(*asked), abs=1e-12, nan_ok=True)


def test_of_equal_weights_the_mean_and_the_median_are_the_usual_ones():
    positions = np.array([[0.1], [0.9], [0.2], [0.8], [0.3]])
    asked = (positions, np.ones((5, 1)), np.full(5, 0.1))
    assert weighted_mean(*asked)[0] == pytest.approx(positions.mean())
    assert weighted_median(*asked)[0] == np.median(positions)


def test_the_median_of_two_equals_is_the_lower():
    asked = (np.array([[0.7], [0.2]]), np.ones((2, 1)), np.ones(2))
    assert weighted_median(*asked)[0] == 0.2


@pytest.mark.parametrize(("members", "voice"), [(6, 0.3), (8, 0.7), (20, 0.1)])
def test_half_is_half_however_it_is_added_up(members, voice):
    """Six voices of .3 make a hair more than twice three of them."""
    positions = np.arange(members, dtype=float)[:, None]
    asked = (positions, np.ones((members, 1)), np.full(members, voice))
    assert weighted_median(*asked)[0] == members / 2 - 1


# What must hold of values and elections -----------------------------------------------------------


@given(tables())
def test_nothing_is_worth_more_than_what_one_stands_for(asked):
    positions, saliences, _ = asked
    worth = spatial.value(positions, saliences, positions)
    assert (worth <= 1).all()
    assert (worth >= -1e-12).all()
    assert np.diag(worth) == pytest.approx(1)


def test_whoever_cares_for_nothing_finds_all_options_equal():
    worth = spatial.value(np.array([[0.2, 0.9]]), np.zeros((1, 2)), np.array([[0.0, 0], [1, 1]]))
    assert worth.tolist() == [[1, 1]]


@pytest.mark.parametrize("risk", [-1, -0.5, 0, 0.5, 1])
def test_risk_bends_a_value_and_keeps_its_order(risk):
    value = np.linspace(0, 1, 21)
    felt = spatial.utility(value, risk)
    assert felt[0] == 0
    assert felt[-1] == 1
    assert (np.diff(felt) > 0).all()
    assert np.sign(felt[10] - 0.5) == np.sign(risk)


@st.composite
def elections(draw):
    """Utilities (M, O) of a few members for a few options, and their weights (M,)."""
    members, options = draw(st.integers(1, 5)), draw(st.integers(2, 5))
    utility = draw(arrays(float, (members, options), elements=SHARES))
    return utility, draw(arrays(float, members, elements=SHARES))


def distributions(strength):
    chance = condorcet.victory(strength)
    return (
        condorcet.conditional(chance),
        condorcet.uniform(chance),
        condorcet.incentive(strength, chance),
    )


@given(elections(), st.sampled_from([0.5, 1.0, 2.0, 4.0]))
def test_one_of_two_wins(asked, power):
    chance = condorcet.victory(condorcet.strengths(*asked), power)
    assert chance + chance.T == pytest.approx(np.ones_like(chance))


@given(elections())
def test_some_option_wins(asked):
    for shares in distributions(condorcet.strengths(*asked)):
        assert shares.sum() == pytest.approx(1)
        assert (shares >= 0).all()


@given(elections())
def test_who_cares_for_no_option_more_than_for_another_does_not_count(asked):
    utility, weight = asked
    joined = np.vstack([utility, np.full(utility.shape[1], 0.5)]), np.append(weight, 7.0)
    assert condorcet.strengths(*joined) == pytest.approx(condorcet.strengths(*asked))


def test_options_nobody_tells_apart_are_equally_likely():
    for shares in distributions(np.zeros((4, 4))):
        assert shares == pytest.approx([0.25] * 4)


@given(elections())
def test_all_voices_louder_change_no_election(asked):
    strength = condorcet.strengths(*asked)
    for shares, louder in zip(distributions(strength), distributions(8 * strength)):
        assert louder == pytest.approx(shares, abs=1e-6)


@given(tables(clauses=1))
def test_no_position_on_a_line_beats_the_median(asked):
    """Black's median voter, with weights: S[a, b] − S[b, a] = Σ w·(|x − b| − |x − a|)."""
    positions, saliences, capabilities = asked
    weight = (saliences * capabilities[:, None])[:, 0]
    if not weight.any():
        return
    options = np.append(positions, weighted_median(*asked)[:, None], axis=0)
    worth = spatial.value(positions, np.ones_like(positions), options)
    chance = condorcet.victory(condorcet.strengths(worth, weight))
    margin = condorcet.strengths(worth, weight)
    assert (margin[-1] >= margin[:, -1] - 1e-9).all()
    assert ((chance[-1] >= 0.5 - 1e-6) | (margin[-1] < 1e-6)).all()


# What must hold of exchanges ----------------------------------------------------------------------


def gains(positions, saliences, before, after):
    """What each member gains on each clause, towards its own side of the mean. (M, C)."""
    side = np.sign(positions - before[0])
    return saliences * side * (after - before[1])


@given(tables(least=2))
def test_both_gain_the_same_by_an_exchange_and_never_lose(asked):
    positions, saliences, capabilities = asked
    now, first = positions.copy(), weighted_mean(*asked)
    for made in exchange(*asked).exchanges:
        before = weighted_mean(now, saliences, capabilities)
        for move in made.moves:
            assert now[move.member, move.clause] == move.start
            now[move.member, move.clause] = move.to
        after = weighted_mean(now, saliences, capabilities)
        got = np.nansum(gains(positions, saliences, (first, before), after), axis=1)
        assert made.gain > 0
        for move in made.moves:
            assert got[move.member] == pytest.approx(made.gain, abs=1e-9)


@given(tables(least=2))
def test_nobody_is_moved_beyond_what_somebody_wants(asked):
    found = exchange(*asked)
    positions = asked[0]
    assert (found.positions >= positions.min(axis=0) - 1e-12).all()
    assert (found.positions <= positions.max(axis=0) + 1e-12).all()


@given(tables(least=2))
def test_members_stand_in_the_end_where_their_exchanges_have_brought_them(asked):
    found, now = exchange(*asked), asked[0].copy()
    for made in found.exchanges:
        for move in made.moves:
            now[move.member, move.clause] = move.to
    assert (found.positions == now).all()


@given(tables(clauses=1))
def test_on_one_clause_there_is_nothing_to_trade(asked):
    found = exchange(*asked)
    assert found.exchanges == ()
    assert found.outcome == pytest.approx(weighted_mean(*asked), nan_ok=True)


def test_equals_in_care_have_nothing_to_trade():
    positions = np.array([[0.0, 0], [1, 1]])
    assert exchange(positions, np.ones((2, 2)), np.ones(2)).exchanges == ()


def test_two_who_care_for_different_things_each_get_their_own():
    """Each gives way where it cares a ninth as much: the outcomes go from .1 and .9 to 0 and 1."""
    positions, saliences = np.array([[0.0, 0], [1, 1]]), np.array([[9.0, 1], [1, 9]])
    found = exchange(positions, saliences, np.ones(2))
    assert len(found.exchanges) == 1
    assert found.outcome.tolist() == [0, 1]
    assert weighted_mean(positions, saliences, np.ones(2)).tolist() == [0.1, 0.9]
    assert found.exchanges[0].gain == pytest.approx(9 * 0.1 - 1 * 0.1)


@given(tables(least=2))
def test_whoever_weighs_nothing_has_nothing_to_give(asked):
    positions, saliences, _ = asked
    silent = np.zeros(len(positions))
    assert exchange(positions, saliences, silent).exchanges == ()
