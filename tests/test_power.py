"""Power: a priori in simple games, and on whom decisions turn in the worlds played."""

from __future__ import annotations

import itertools
import json
from fractions import Fraction
from math import factorial
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import load, rules, run, with_changes
from sim.analysis import games
from sim.analysis.games import a_priori, counting, indices, weighing
from sim.analysis.power import Power, conditional, frame, pivotal, power
from sim.errors import RequestError
from sim.rules import OBJECT, RULES, SUPPORT
from sim.scenario import from_document, rules_of
from sim.story import power as story
from tests import strategies
from tests.test_cli import oneveto

FLAGSHIP = load("draft-treaty-2021")


# Known answers ------------------------------------------------------------------------------------

UNITED_NATIONS = ([7] * 5 + [1] * 10, 39)
BEFORE_1966 = ([5] * 5 + [1] * 6, 27)
EEC = ([4, 4, 4, 2, 2, 1], 12)
EU_9 = ([10] * 4 + [5] * 2 + [3] * 2 + [2], 41)
EU_10 = ([10] * 4 + [5] * 3 + [3] * 2 + [2], 45)
EU_12 = ([10] * 4 + [8] + [5] * 4 + [3] * 2 + [2], 54)
EU_15 = ([10] * 4 + [8] + [5] * 4 + [4] * 2 + [3] * 3 + [2], 62)
NASSAU = ([9, 9, 7, 3, 1, 1], 16)

KNOWN = [
    # game, place of a member, swings, Banzhaf, Shapley-Shubik, winning coalitions
    ("United Nations", UNITED_NATIONS, 0, 848, "106/635", "421/2145", 848),
    ("United Nations", UNITED_NATIONS, -1, 84, "21/1270", "4/2145", 848),
    ("before 1966", BEFORE_1966, 0, 57, "19/105", "76/385", 57),
    ("before 1966", BEFORE_1966, -1, 5, "1/63", "1/462", 57),
    ("EEC", EEC, 0, 10, "5/21", "7/30", 14),
    ("EEC", EEC, 3, 6, "3/21", "3/20", 14),
    ("EEC", EEC, 5, 0, "0", "0", 14),
    ("EU of nine", EU_9, 0, 53, "53/317", "5/28", 75),
    ("EU of ten", EU_10, 0, 100, "50/317", "73/420", 140),
    ("EU of twelve", EU_12, 0, 286, "13/101", "31/231", 402),
    ("EU of twelve", EU_12, 4, 242, "11/101", "257/2310", 402),
    ("EU of fifteen", EU_15, 0, 1849, "1849/16565", "7/60", 2549),
    ("EU of fifteen", EU_15, 4, 1531, "1531/16565", "860/9009", 2549),
    ("EU of fifteen", EU_15, -1, 375, "75/3313", "932/45045", 2549),
    ("Straffin", ([4, 3, 2, 1], 6), 0, 5, "5/12", "5/12", 7),
    ("3 2 1 1", ([3, 2, 1, 1], 4), 0, 6, "1/2", "1/2", 8),
    ("4 3 2", ([4, 3, 2], 6), 0, 3, "3/5", "2/3", 3),
    ("Nassau", NASSAU, 0, 16, "1/3", "1/3", 32),
    ("Nassau", NASSAU, 2, 16, "1/3", "1/3", 32),
    ("Nassau", NASSAU, 3, 0, "0", "0", 32),
]
"""The Security Council of fifteen and of eleven, the Councils of the EEC and the EU by the weights and
quotas of their treaties, Nassau County's board of 1964, and classroom examples. In print: the Security
Council of fifteen, the EEC, Straffin's and the other classroom examples, Nassau; the rest was worked out
by listing all coalitions, as a test below does for smaller games."""


@pytest.mark.parametrize(
    ("game", "place", "swings", "banzhaf", "shapley_shubik", "winning"),
    [row[1:] for row in KNOWN],
    ids=[f"{row[0]}, {row[2]}" for row in KNOWN],
)
def test_textbook_games_have_their_known_powers(
    game, place, swings, banzhaf, shapley_shubik, winning
):
    found = indices(weighing(*game))
    assert found.swings[place] == swings
    assert found.banzhaf[place] == Fraction(banzhaf)
    assert found.shapley_shubik[place] == Fraction(shapley_shubik)
    assert found.winning == winning
    assert found.act == Fraction(winning, 2 ** len(game[0]))


@pytest.mark.parametrize("members", [1, 2, 30, 32, 70])
def test_under_unanimity_everybody_has_one_share_and_the_body_hardly_acts(members):
    found = a_priori(rules.named("consensus", strategies.table(members)), members)
    assert set(found.banzhaf) == set(found.shapley_shubik) == {Fraction(1, members)}
    assert found.act == Fraction(1, 2**members)


def listed(wins, members):
    """Swings, Shapley-Shubik and winning coalitions by listing all of them."""
    says = np.array(list(itertools.product([OBJECT, SUPPORT], repeat=members)), np.int8).T
    adopted = wins(says[:, None, :])[0]
    swings, shares = [], []
    for place in range(members):
        yes = says[place] == SUPPORT
        joined = adopted[yes] & ~adopted[~yes]  # both in the order of the others' stances
        swings.append(int(joined.sum()))
        before = (says[:, yes] == SUPPORT).sum(axis=0)[joined] - 1
        orders = [factorial(size) * factorial(members - 1 - size) for size in before.tolist()]
        shares.append(Fraction(sum(orders), factorial(members)))
    return tuple(swings), tuple(shares), int(adopted.sum())


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("members", [1, 2, 3, 6, 9])
def test_counting_finds_what_listing_all_coalitions_finds(name, members):
    rule = strategies.rule(name, members)
    swings, shares, winning = listed(rule.adopts, members)
    found = a_priori(rule, members)
    unheard = 2 ** (members - found.game.players)  # what these say makes no difference
    assert tuple(unheard * number for number in found.swings) == swings
    assert found.shapley_shubik == shares
    assert found.act == Fraction(winning, 2**members)


weights = st.lists(st.sampled_from([0, 0.1, 0.25, 1, 2, 3.5, 7, 40]), min_size=1, max_size=7)


@given(weights=weights.filter(any), part=st.floats(0.01, 1), population=st.booleans())
def test_weights_and_populations_of_any_kind_are_counted_as_the_rule_counts_them(
    weights, part, population
):
    quota = round(part * sum(weights), 3) or 0.001
    rule: rules.Rule = rules.Weighted(tuple(weights), min(quota, sum(weights)))
    if population:
        rule = rules.QualifiedMajority(tuple(weights), 0.55, round(part, 3), 2)
    swings, shares, _ = listed(rule.adopts, len(weights))
    found = a_priori(rule, len(weights))
    assert (found.swings, found.shapley_shubik) == (swings, shares)
    assert not found.game.rounded


@pytest.mark.parametrize("name", RULES)
def test_power_is_shared_out_whole(name):
    found = a_priori(strategies.rule(name, 12), 12)
    assert sum(found.banzhaf) == sum(found.shapley_shubik) == 1


@given(weights=st.lists(st.integers(1, 9), min_size=2, max_size=8), part=st.floats(0.01, 1))
def test_more_weight_is_never_less_power(weights, part):
    found = indices(weighing(weights, max(1, part * sum(weights))))
    by_weight = sorted(zip(weights, found.swings, found.shapley_shubik))
    for (_, swings, share), (_, more, larger) in itertools.pairwise(by_weight):
        assert swings <= more
        assert share <= larger


def test_a_council_too_large_for_machine_integers_is_counted_all_the_same():
    found = indices(weighing([2] + [1] * 69, 36))
    alike = indices(weighing([200] + [100] * 69, 3600))
    assert sum(found.shapley_shubik) == 1
    assert (found.swings, found.winning) == (alike.swings, alike.winning)
    assert indices(counting(69, 35)).tossed[0] == Fraction(
        factorial(68), factorial(34) ** 2 * 2**68
    )


def winning_by_halves(rule, members):
    """Winning coalitions, and those of each member in the first half: exact in persons.

    The coalitions of either half are listed, and for each of the one those of the other that suffice.
    """
    people = np.array(rule.population).astype(int)
    least, enough = -int(-rule.share * members // 1), members - rule.blocking_minority + 1
    needed = rule.population_share * people.sum()
    half = members // 2
    mine, others = (
        np.array(list(itertools.product([0, 1], repeat=count))) for count in (half, members - half)
    )
    held, theirs = mine @ people[:half], others @ people[half:]
    suffice = np.zeros(len(mine), int)
    for size in range(members - half + 1):
        pool = np.sort(theirs[others.sum(axis=1) == size])
        together = mine.sum(axis=1) + size
        heavy = len(pool) - np.searchsorted(pool, needed - held)
        suffice += np.where(together >= enough, len(pool), heavy) * (together >= least)
    return int(suffice.sum()), (suffice @ mine).tolist()


def test_populations_in_persons_are_rounded_and_that_does_not_matter():
    rule = rules.named("qualified", FLAGSHIP.table)
    found = a_priori(rule, 30)
    mirrored = rules.QualifiedMajority(rule.population[::-1])
    winning, first = winning_by_halves(rule, 30)
    again, last = winning_by_halves(mirrored, 30)
    swings = [
        2 * count - winning for count in first + last[::-1]
    ]  # wins with it less those without
    assert winning == again
    assert (found.game.rounded, found.game.unit) == (True, 10_000)
    assert float(found.act) == pytest.approx(winning / 2**30, abs=2e-6)
    shares = np.array(swings) / sum(swings)
    assert np.abs(shares - [float(share) for share in found.banzhaf]).max() < 2e-5


def test_a_council_too_large_for_fine_weights_is_counted_in_coarser_ones(monkeypatch):
    fine = indices(weighing([400, 310, 205, 199, 80, 6], 700))
    monkeypatch.setattr(games, "CELLS", 1000)
    coarse = indices(weighing([400, 310, 205, 199, 80, 6], 700))
    assert (fine.game.rounded, fine.game.unit) == (False, 1)
    assert (coarse.game.rounded, coarse.game.unit) == (True, 10)
    assert coarse.game.weights == (40, 31, 20, 20, 8, 1)
    assert (coarse.swings, coarse.winning) == (fine.swings, fine.winning)


def test_weights_of_nothing_are_refused_in_a_sentence():
    with pytest.raises(RequestError, match="nobody has any weight"):
        weighing([0, 0], 1)


# In the worlds played -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("members", [1, 3, 7])
def test_if_everybody_tosses_a_coin_power_in_the_worlds_is_power_a_priori(name, members):
    rule = strategies.rule(name, members)
    says = np.array(list(itertools.product([OBJECT, SUPPORT], repeat=members)), np.int8).T
    turns = pivotal(rule, says[:, None, :]).mean(axis=(1, 2))
    assert turns.tolist() == [float(chance) for chance in a_priori(rule, members).tossed]


@pytest.mark.parametrize("name", RULES)
@given(stances=strategies.stances())
def test_whoever_can_change_a_decision_by_another_stance_is_pivotal_and_nobody_else(name, stances):
    members = len(stances)
    rule = strategies.rule(name, members)
    found = pivotal(rule, stances)
    for place in range(members):
        decisions = []
        for stance in rules.Stance:
            other = stances.copy()
            other[place] = stance
            decisions.append(rule.adopts(other))
        changed = np.any(decisions, axis=0) & ~np.all(decisions, axis=0)
        assert (found[place] == changed).all()


@pytest.mark.parametrize("name", RULES)
@given(stances=strategies.stances())
def test_whose_silence_alone_would_do_is_pivotal(name, stances):
    rule = strategies.rule(name, len(stances))
    objects = (stances == OBJECT) & rule.stops(len(stances))[:, None, None]
    alone = objects & (rule.silences(stances) == 1)
    assert (pivotal(rule, stances) >= alone).all()


@pytest.mark.parametrize(("silent", "survives"), [(0.98, 0.545), (0.95, 0.215), (0.90, 0.042)])
def test_thirty_independent_members_block_and_decide_as_chance_says(silent, survives):
    members, worlds = 30, 40_000
    dice = np.random.default_rng(7).random((members, 1, worlds))
    stances = np.where(dice < silent, SUPPORT, OBJECT).astype(np.int8)
    consensus = rules.Consensus()
    adopted = consensus.adopts(stances).mean()
    alone = (consensus.silences(stances) == 1).mean()
    turns = pivotal(consensus, stances).mean(axis=(1, 2))
    assert silent**members == pytest.approx(survives, abs=5e-4)
    assert adopted == pytest.approx(survives, abs=0.01)
    assert alone == pytest.approx(members * (1 - silent) * silent ** (members - 1), abs=0.01)
    assert np.abs(turns - silent ** (members - 1)).max() < 0.012


def test_a_council_of_equals_with_own_noise_does_the_same():
    members, silent = 12, 0.95
    scenario = strategies.equals(members, NormalDist().inv_cdf(silent), spread=0.5)
    found = conditional(scenario, worlds=20_000, seed=3)
    shares = found.shares("C")
    chance = silent ** (members - 1)
    assert found.outcome.survival["C"] == pytest.approx(silent**members, abs=0.012)
    assert shares["sole_blocker"].sum() == pytest.approx(members * (1 - silent) * chance, abs=0.012)
    assert np.abs(shares["pivotal"] - chance).max() < 0.015


@pytest.mark.parametrize("name", ["draft-treaty-2021", "negotiated-2021", "three-neighbours"])
def test_by_consensus_members_are_pivotal_to_what_stands_and_to_what_they_alone_sink(name):
    scenario = with_changes(load(name), {"rule": "consensus"})
    found = conditional(scenario, worlds=300, seed=1)
    tally = found.outcome.tally
    free = [row.tabled_with is None for row in scenario.clauses.values()]
    assert (found.carried == tally.adopted).all()
    assert (found.pivotal == tally.adopted + tally.blocks_alone)[:, free].all()


def test_what_is_taken_back_was_carried_and_what_is_bought_was_not():
    back = conditional(load("pretext-seeker"), worlds=64)
    assert not back.outcome.tally.adopted.any()
    assert (back.carried == back.outcome.tally.withdrawn).all()
    paid = conditional(with_changes(FLAGSHIP, {"proposer.budget": 0.3}), worlds=64)
    tally = paid.outcome.tally
    assert tally.bought.any()
    assert (paid.carried == tally.adopted - tally.bought).all()


def test_nobody_is_pivotal_on_a_clause_whose_host_fell():
    for rule in ("consensus-2", "majority", "only:USA"):
        found = conditional(with_changes(FLAGSHIP, {"rule": rule}), worlds=512)
        host, guest = (list(FLAGSHIP.clauses).index(name) for name in ("N4.1", "N4.2"))
        assert found.pivotal[:, guest].max() <= found.outcome.tally.adopted[host]


@pytest.fixture(scope="module")
def measured() -> Power:
    return power(FLAGSHIP, "N5.1", worlds=600, seed=4)


def test_every_rule_is_played_in_the_worlds_of_a_run(measured):
    assert list(measured.conditional) == list(measured.a_priori) == rules_of(FLAGSHIP)
    for rule, found in measured.conditional.items():
        played = run(with_changes(FLAGSHIP, {"rule": rule}), worlds=600, seed=4)
        assert found.outcome.measures() == played.measures()


def test_progress_counts_every_world_under_every_rule():
    told: list[int] = []
    found = power(FLAGSHIP, worlds=1030, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1030 * len(found.conditional)
    assert {each.outcome.worlds for each in found.conditional.values()} == {1030}


def test_who_has_no_say_decides_nothing(measured):
    rows = {row["member"]: row for row in measured.rows("only:USA")}
    assert rows["USA"]["pivotal"] == rows["USA"]["banzhaf"] == 1
    assert {row["pivotal"] for iso, row in rows.items() if iso != "USA"} == {0}


def test_over_the_treaty_a_share_is_the_mean_over_its_clauses(measured):
    found = measured.conditional["consensus"]
    each = [found.shares(clause)["pivotal"] for clause in FLAGSHIP.clauses]
    assert np.allclose(found.shares()["pivotal"], np.mean(each, axis=0))


def test_the_frame_has_a_row_for_every_rule_and_member(measured):
    table = frame(measured)
    assert len(table) == len(rules_of(FLAGSHIP)) * 30
    assert not table.isna().any(axis=None)
    assert table.groupby("rule")["banzhaf"].sum().round(9).eq(1).all()
    consensus = table[table["rule"] == "consensus"]
    assert consensus["pivotal"].is_monotonic_decreasing
    assert set(consensus["member"][:4]) == {"POL", "EST", "LVA", "LTU"}


# In words -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "all 30 members have the same power, 1/30 each. Each of them can stop a clause"),
        ((), "adopted once in 1,073,741,824 times and"),
        (("--rule", "majority"), "On whom a clause turns hangs on what they want"),
        (("--rule", "qualified"), "United States has the largest share of power, 14.5 %"),
        (("--rule", "qualified"), "under this rule support counts"),
        (("--rule", "qualified"), "populations are rounded to 10,000"),
        (("--rule", "consensus-2"), "Where one more silence would do, it could most often be"),
        (("--rule", "only:POL"), "Poland has all the power: nobody else ever decides"),
        (
            ("--rule", "only:POL,EST"),
            "2 members have the same power, 1/2 each, and the others none",
        ),
        (("--budget", ".3"), "what is bought or taken back afterwards"),
        ((), "each could have sunk it"),
        (("N6.1",), "no member is ever pivotal"),
        (("n2.3",), "each member is pivotal in 100 %"),
    ],
    ids=str,
)
def test_the_sentences_fit_what_was_found(options, said, capsys):
    code, out, _ = oneveto("power", "draft-treaty-2021", *options, "--worlds", "64", capsys=capsys)
    assert code == 0
    assert said in " ".join(out.split())
    assert max(map(len, out.splitlines())) <= 80


def test_weights_that_a_scenario_gives_have_power():
    row = {"population": 1e6, "trust": 0.4, "resolve": 0.05, "weight": {"calm": 1.0, "honour": 1.0}}
    made = strategies.document(
        members=dict.fromkeys(["A", "B", "C", "D", "E", "F"], row),
        clauses={"C1": {"gain": {"calm": 1.0}, "cost": {"honour": 0.5}}},
        interests={"calm": "divisible", "honour": "principle"},
    )
    county = dict(zip("ABCDEF", NASSAU[0]))
    weighted = {"weights": county, "quota": NASSAU[1], **strategies.GUESS}
    made["rule"] = {"name": "weighted", "weighted": weighted}
    found = power(from_document(made), worlds=16)
    assert [row["banzhaf"] for row in found.rows("weighted")] == pytest.approx(
        [1 / 3] * 3 + [0] * 3
    )
    assert story.before(found) == (
        "Before anything is known of what members want, 3 members have the same power, 1/3 each, and "
        "the others none. On whom a clause turns hangs on what they want, as in the worlds played."
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("N9.9",), "there is no clause or member `N9.9`"),
        (("POL",), "`POL` is a member; write a clause, as N1.1"),
        (("N5.1", "--rule", "weighted"), "the rule `weighted` needs a table"),
        (("N5.1", "--rule", "majorty"), "Did you mean `majority`?"),
    ],
    ids=str,
)
def test_what_cannot_be_measured_is_said_in_one_sentence(words, said, capsys):
    code, out, err = oneveto("power", "draft-treaty-2021", *words, capsys=capsys)
    assert (code, out) == (2, "")
    assert said in err
    assert len(err.splitlines()) == 1


def test_the_json_has_the_promised_fields(capsys):
    words = ("power", "draft-treaty-2021", "N5.1", "--worlds", "64", "--seed", "9", "--json")
    data = json.loads(oneveto(*words, capsys=capsys)[1])
    assert next(iter(data.items())) == ("schema", 1)
    assert (data["seed"], data["worlds"], data["clause"]) == (9, 64, "N5.1")
    assert (data["rule"], data["levers"]) == ("consensus", {})
    assert list(data["rules"]) == rules_of(FLAGSHIP)
    consensus, qualified = data["rules"]["consensus"], data["rules"]["qualified"]
    promised = "member swings banzhaf shapley_shubik sole_blocker pivotal binding"
    assert consensus["members"][0].keys() == {*promised.split()}
    assert consensus["power_to_act"] == 2.0**-30
    assert (consensus["rounded_to"], qualified["rounded_to"]) == (None, 10_000)
