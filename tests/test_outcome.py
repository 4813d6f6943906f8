"""One council worked out by hand, and what results make of it."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from sim import centre, exact, explain, load, run, story, with_changes
from sim.council import Council
from sim.outcome import Outcome, versions
from sim.rules import QualifiedMajority, SimpleMajority, Stance, Weighted
from sim.scenario import Scenario, from_document, sha256
from sim.worlds import central, draw
from tests import strategies
from tests.strategies import GUESS

# The council: four members of one size, so that each listens to the other three alike; cohesion 1/4,
# heard once: y = 3/4·u + 1/4·(mean of the others). Trust 1/2, D's 2/5; resolve .05, D's .1. X, Y and Z
# are each one principle with gain and cost 1: u = trust − exposure. Z hangs on X.
#
#            own view u                expressed y                     stance
#     X  −.2  −.06  0    +.2    −.1383 −.0450 −.0050 +.1283    ✕ – – ✓  (B had a mind to object)
#     Y  −.3  −.2  −.02  −.04   −.2467 −.1800 −.0600 −.0733    ✕ ✕ ✕ –  (C had not)
#     Z  +.1  +.1  +.1   −.2    +.0750 +.0750 +.0750 −.1250    ✓ ✓ ✓ ✕
#     V  +.048 +.096 +.048 +.04  +.0513 +.0833 +.0513 +.0460   ✓ ✓ ✓ –
#
# V is divisible, at level .4: u = (trust − level/2)·weight·level, weights .4, .8, .4, .5.
# Ceilings: X .05/.1383 = .361, Y .05/.2467 = .203, Z .1/.125 = .8; V by the formula, for B
# (.35 + √(.35² + 4·.354167·.05)) / (2·.354167) = 1.115, for the others 1.174 and more.
# Prices: X .1383 − .05 = .088, Y .1967 + .13 + .01 = .337, Z cannot be had since X has fallen.

MEMBERS = "ABCD"
EXPOSURE = {
    "A": {"x": 0.7, "y": 0.8, "z": 0.4},
    "B": {"x": 0.56, "y": 0.7, "z": 0.4},
    "C": {"x": 0.5, "y": 0.52, "z": 0.4},
    "D": {"x": 0.2, "y": 0.44, "z": 0.6},
}
CALM = {"A": 0.4, "B": 0.8, "C": 0.4, "D": 0.5}


def council(**tables) -> Scenario:
    made = strategies.document(
        members={
            iso: {
                "population": 1e6,
                "trust": 0.4 if iso == "D" else 0.5,
                "resolve": 0.1 if iso == "D" else 0.05,
                "weight": {"x": 1.0, "y": 1.0, "z": 1.0, "calm": CALM[iso]},
                "exposure": EXPOSURE[iso],
            }
            for iso in MEMBERS
        },
        clauses={
            "X": {"gain": {"x": 1.0}, "cost": {"x": 1.0}},
            "Y": {"gain": {"y": 1.0}, "cost": {"y": 1.0}},
            "Z": {"gain": {"z": 1.0}, "cost": {"z": 1.0}, "tabled_with": "X"},
            "V": {"gain": {"calm": 1.0}, "cost": {"calm": 0.5}, "level": 0.4},
        },
        interests={"x": "principle", "y": "principle", "z": "principle", "calm": "divisible"},
        cohesion=0.25,
    )
    made["process"] = {"consultations": 1}
    made["proposer"]["keep"]["security_seeker"] = {"value": 1.0, **GUESS}
    return from_document(made | tables)


def percentiles(value):
    return {"p05": value, "p50": value, "p95": value}


def clause(name, *, never, always=None, **found):
    """A row of the JSON; `never` and `always` are the intervals of a share of none and of all."""
    adopted = always is not None
    share = 1.0 if adopted else 0.0
    return {
        "id": name,
        "title": name,
        "survival": share,
        "as_tabled": share,
        "delivered": share,
        "bought": 0.0,
        "withdrawn": 0.0,
        "interval": pytest.approx(always if adopted else never, abs=5e-6),
        "level": percentiles(0.4 if adopted else None),
        "bound": dict.fromkeys(MEMBERS, 1.0) if adopted else {},
        **found,
    }


def by_hand(never, always):
    """Clauses and members of the JSON, whatever the number of worlds: all worlds are alike."""
    return {
        "treaty": {"survival": 0.0, "interval": pytest.approx(never, abs=5e-6)},
        "clauses": [
            clause(
                "X",
                never=never,
                objectors=1.0,
                supporters=1.0,
                usual_objectors=1,
                blockers={"A": 1.0},
                sole_blockers={"A": 1.0},
                ceiling=percentiles(0.36) | {"binding": {"A": 1.0}},
                price=percentiles(0.09),
            ),
            clause(
                "Y",
                never=never,
                objectors=3.0,
                supporters=0.0,
                usual_objectors=3,
                blockers={"A": 1.0, "B": 1.0, "C": 1.0},
                sole_blockers={},
                ceiling=percentiles(0.205) | {"binding": {"A": 1.0}},
                price=percentiles(0.34),
            ),
            clause(
                "Z",
                never=never,
                objectors=1.0,
                supporters=3.0,
                usual_objectors=1,
                blockers={"D": 1.0},
                sole_blockers={},
                ceiling=percentiles(0.8) | {"binding": {"D": 1.0}},
                price=percentiles(None),
            ),
            clause(
                "V",
                never=never,
                always=always,
                objectors=0.0,
                supporters=3.0,
                usual_objectors=0,
                blockers={},
                sole_blockers={},
                ceiling=percentiles(1.115) | {"binding": {"B": 1.0}},
                price=percentiles(0.0),
            ),
        ],
        "members": [
            member("A", 0.5, objects={"X": 1.0, "Y": 1.0}),
            member("B", 0.5, objects={"Y": 1.0}, reservations={"X": 1.0}),
            member("C", 0.5, objects={"Y": 1.0}, solidarity={"Y": 1.0}),
            member("D", 0.4, objects={"Z": 1.0}),
        ],
    }


def member(iso, trust, objects, reservations=None, solidarity=None):
    return {
        "id": iso,
        "trust": percentiles(trust),
        "objects": objects,
        "reservations": reservations or {},
        "solidarity": solidarity or {},
    }


def provenance(scenario, seed, worlds):
    return {
        "schema": 1,
        "scenario": "scenario",
        "sha256": sha256(scenario),
        "seed": seed,
        "worlds": worlds,
        "rule": "consensus",
        "process": "clauses",
        "levers": {},
        "versions": versions(),
    }


# Wilson (1927) with z² = 3.8415: none of n is 0 to z²/(n + z²), all of n is n/(n + z²) to 1.


@pytest.mark.parametrize("seed", [0, 7])
def test_a_run_is_what_the_hand_works_out(seed):
    scenario = council()
    expected = by_hand(never=(0, 3.841459 / 11.841459), always=(8 / 11.841459, 1))
    assert run(scenario, worlds=8, seed=seed).as_json() == provenance(scenario, seed, 8) | expected


def test_the_centre_is_what_the_hand_works_out():
    scenario = council()
    expected = by_hand(never=(0, 3.841459 / 4.841459), always=(1 / 4.841459, 1))
    assert centre(scenario).as_json() == provenance(scenario, None, 1) | expected


def test_views_are_what_the_hand_works_out():
    made = Council(council(), worlds=1, rng=0)
    made.run_model()
    expressed = np.array(
        [
            [-0.138333, -0.246667, 0.075, 0.051333],
            [-0.045, -0.18, 0.075, 0.083333],
            [-0.005, -0.06, 0.075, 0.051333],
            [0.128333, -0.073333, -0.125, 0.046],
        ]
    )
    assert made.expressed[..., 0] == pytest.approx(expressed, abs=1e-6)


# Thresholds -------------------------------------------------------------------------------------


def counted(worlds: int = 4, **changed) -> Outcome:
    """The outcome of so many worlds with some counts of clause X replaced, member by member."""
    outcome = run(council(), worlds=worlds)
    counts = {}
    for name, column in changed.items():
        counts[name] = getattr(outcome.tally, name).copy()
        counts[name][..., 0] = column
    return replace(outcome, tally=replace(outcome.tally, **counts))


def test_usual_objectors_object_in_more_than_half_of_the_worlds():
    outcome = counted(objects=[4, 3, 2, 1])
    assert outcome.measures()["X"]["usual_objectors"] == 2


def test_killers_object_in_more_than_half_of_the_worlds_in_which_the_clause_falls():
    outcome = counted(worlds=8, adopted=2, objects=[6, 4, 3, 2], blocks=[6, 4, 3, 2])
    row = outcome.measures()["X"]
    assert row["survival"] == 0.25
    assert story.killers(outcome, row) == ["A", "B"]


EU = QualifiedMajority(population=(35.0, 20.0, 15.0, 15.0, 5.0, 5.0, 5.0))


def adopts(rule, supporters, members):
    stances = np.full((members, 1, 1), Stance.ACQUIESCE, np.int8)
    stances[list(supporters)] = Stance.SUPPORT
    return bool(rule.adopts(stances)[0, 0])


@pytest.mark.parametrize(
    ("supporters", "adopted"),
    [
        ((0, 2, 3, 4), True),  # four of seven are .571, with .70 of the people
        ((0, 2, 4), False),  # three of seven are too few members
        ((1, 2, 3, 4), True),  # .55 of the people, yet only three are not in favour
        ((2, 3, 4, 5, 6), True),  # and here two with .55 of the people
    ],
)
def test_a_minority_of_three_does_not_block(supporters, adopted):
    assert adopts(EU, supporters, 7) is adopted


TEN = (40.0, 21.0, 5.0, 5.0, 5.0, 5.0, 5.0, 5.0, 4.5, 4.5)


@pytest.mark.parametrize(
    ("supporters", "adopted"),
    [
        ((0, 2, 3, 4, 5, 6), True),  # .65 of the people, exactly: four are not in favour
        ((0, 2, 3, 4, 5, 8), False),  # .645: four are not in favour, and block
        ((1, 2, 3, 4, 5, 6, 7), True),  # .51, but only three are not in favour
        ((0, 1, 2, 3, 4), False),  # .76, but five of ten are less than .55
    ],
)
def test_four_with_more_than_a_share_of_the_people_block(supporters, adopted):
    assert adopts(QualifiedMajority(TEN), supporters, 10) is adopted


def test_the_share_of_members_is_enough_when_exactly_reached():
    rule = QualifiedMajority(population=(1.0,) * 20)
    assert adopts(replace(rule, population_share=0.55), range(11), 20)
    assert not adopts(replace(rule, population_share=0.5), range(10), 20)


def test_a_quota_that_is_exactly_reached_adopts():
    rule = Weighted((0.1, 0.2, 0.3, 0.4), quota=0.6)
    assert adopts(rule, (0, 1, 2), 4)
    assert adopts(replace(rule, weights=(1.0, 2.0, 3.0, 4.0), quota=6.0), (0, 1, 2), 4)
    assert not adopts(rule, (0, 3), 4)


# Assumptions ------------------------------------------------------------------------------------


def opposite(band: float = 0.0) -> Scenario:
    telling = strategies.evidence((0.5, 0.2, 0.1)) | {"band": band}
    other = {"title": "not seen", "count": 0, "complement_of": "telling", **GUESS}
    return council(evidence={"telling": telling, "untold": other})


def test_the_complement_of_an_item_is_not_seeing_it():
    items = central(opposite()).items
    assert items["telling"][:, 0] == pytest.approx(np.log([0.5, 0.2, 0.1]))
    assert items["untold"][:, 0] == pytest.approx(np.log([0.5, 0.8, 0.9]))


def test_an_item_and_its_complement_share_their_dice():
    items = draw(opposite(band=0.5), 3, 0, 256).items
    noise = items["telling"] / np.log([[0.5], [0.2], [0.1]])
    assert noise.std() > 0.2
    assert items["untold"] == pytest.approx(np.log([[0.5], [0.8], [0.9]]) * noise, rel=1e-4)


@pytest.mark.parametrize("dist", ["normal", "uniform"])
def test_a_uniform_assumption_stays_within_its_band_and_fills_it(dist):
    document = council().origin.document
    cohesion = {"value": 0.5, "band": 0.1, "dist": dist, **GUESS}
    assumptions = document["assumptions"] | {"cohesion": cohesion}
    drawn = draw(council(assumptions=assumptions), 5, 0, 4096).cohesion
    low, high, inner = drawn.min(), drawn.max(), np.mean(np.abs(drawn - 0.5) < 0.05)
    if dist == "uniform":
        assert 0.4 <= low < 0.402
        assert 0.598 < high <= 0.6
        assert inner == pytest.approx(0.5, abs=0.04)
    else:
        assert low < 0.3
        assert high > 0.7
        assert inner == pytest.approx(0.383, abs=0.04)


# Explanations -----------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", ["consensus", "only:USA,POL,EST"])
def test_an_explanation_expresses_what_the_council_hears(rule):
    scenario = with_changes(load("draft-treaty-2021"), {"rule": rule})
    made = Council(scenario, worlds=0, rng=0)
    made.deal(central(scenario))
    made.run_model()
    pairs = itertools.product(enumerate(scenario.seats), enumerate(scenario.clauses))
    for (i, iso), (c, name) in pairs:
        why = explain(scenario, iso, name)
        assert why.appraisal == pytest.approx(made.appraisal[i, c, 0], abs=2e-6)
        assert why.expressed == pytest.approx(made.expressed[i, c, 0], abs=2e-6)
        assert why.stance == made.stance[i, c, 0]


def test_a_price_has_the_same_bits_whatever_other_worlds_are_beside_it():
    """A world where all three objectors must fall silent, beside one where two of three must."""
    rule = SimpleMajority()
    stances = np.array([[0, 0], [0, 0], [0, 0], [2, 2], [1, 2]], np.int8)[:, None]
    short = np.array([0.3, 0.2, 0.1, 0, 0])[:, None, None].repeat(2, axis=2)
    silences, present = rule.silences(stances), rule.present(5)
    assert silences.tolist() == [[3, 2]]
    alone = exact.price(stances[..., :1], short[..., :1], silences[:, :1], present)
    beside = exact.price(stances, short, silences, present)
    assert beside[0, 0] == alone[0, 0]
