"""How far a treaty could have gone: zones, the best clause by clause, the best as one text."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from sim import load, with_changes
from sim.analysis.package import GAP, best_package
from sim.analysis.treaty import best_treaties, clause_by_clause, zones
from sim.errors import OnevetoError, RequestError
from sim.outlook import outlook
from sim.scenario import names
from tests import strategies
from tests.test_cli import oneveto

FLAGSHIP = load("draft-treaty-2021")
HERE = np.arange(3)


def package(motive, curvature, resolve, value=None, logroll=0.25):
    """The best package of tables written as lists; every clause is worth 1 unless said otherwise."""
    tables = [np.array(table, float) for table in (motive, curvature, resolve)]
    worth = np.ones(tables[0].shape[1]) if value is None else np.array(value, float)
    return best_package(*tables, worth, logroll=logroll)


def left(motive, curvature, resolve, levels, logroll):
    """The patience that members have left after a package. (M,)."""
    views = (motive - curvature * levels) * levels
    return np.minimum(views, logroll * views).sum(axis=1) + resolve


def made(members, clauses):
    """A small scenario: interests of both kinds, calm gained and force or honour lost."""
    interests = {"force": "divisible", "honour": "principle", "calm": "divisible"}
    return strategies.from_document(strategies.document(members, clauses, interests))


def member(**changes):
    row = {"population": 1e6, "trust": 0.5, "resolve": 0.05, "weight": {"force": 1.0, "calm": 1.0}}
    return row | changes


# The best package -------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(50))
def test_the_proof_closes_on_random_councils(seed):
    dice = np.random.default_rng(seed)
    members, clauses = dice.integers(1, 31), dice.integers(1, 19)
    motive = dice.normal(size=(members, clauses)) * dice.uniform(0.05, 2)
    curvature = dice.uniform(0, 1, (members, clauses)) * dice.integers(0, 2, clauses)
    resolve, value = dice.uniform(0, 0.1, members), dice.uniform(0, 1, clauses)
    logroll = dice.choice([0, 0.25, 1])
    best = best_package(motive, curvature, resolve, value, logroll=logroll)
    assert best.primal <= best.dual + 1e-12
    assert best.gap < 1e-6
    assert ((best.levels >= 0) & (best.levels <= 1)).all()
    patience = left(motive, curvature, resolve, best.levels, logroll)
    assert patience.min() >= -1e-14
    assert patience[best.binding] == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("resolve", [0.0, 0.03])
@pytest.mark.parametrize("logroll", [0.0, 0.25, 1.0])
@pytest.mark.parametrize("members", [2, 3])
def test_the_best_of_two_clauses_is_what_trying_finds(members, logroll, resolve):
    dice = np.random.default_rng(members)
    motive, curvature = dice.normal(0.1, 0.4, (members, 2)), dice.uniform(0, 1, (members, 2))
    patience, value = np.full(members, resolve), np.array([1.0, 0.6])
    best = best_package(motive, curvature, patience, value, logroll=logroll)
    axis = np.linspace(0, 1, 2001)
    highest = 0.0
    for level in axis:
        levels = np.stack([np.full_like(axis, level), axis])
        views = (motive[..., None] - curvature[..., None] * levels) * levels
        fits = np.minimum(views, logroll * views).sum(axis=1) >= -patience[:, None]
        highest = max(highest, (value @ levels)[fits.all(axis=0)].max(initial=0))
    assert highest <= best.dual + 1e-12
    assert highest == pytest.approx(best.primal, abs=2e-3)


@pytest.mark.parametrize("logroll", [0, 0.25, 0.5, 1])
def test_the_proof_closes_on_the_draft_treaty_and_estonia_writes_it(logroll):
    best = best_treaties(FLAGSHIP, logroll=logroll)
    assert -1e-12 <= best.package.gap < 1e-6
    assert list(best.binding) == ["EST"]
    assert best.worth(best.earnest) <= best.package.dual


@pytest.mark.parametrize("name", names())
def test_the_proof_closes_on_every_shipped_scenario_and_the_view_fits(name, capsys, monkeypatch):
    assert best_treaties(name).package.gap < 1e-6
    monkeypatch.setenv("COLUMNS", "60")
    for command in ("treaty", "steps"):
        code, out, err = oneveto(command, name, capsys=capsys)
        if command == "steps" and load(name).at_its_word:
            assert code == 2
            assert "a first step has nobody to reassure" in err
            continue
        assert (code, err) == (0, "")
        assert max(map(len, out.splitlines())) <= 60


def test_one_clause_and_one_member_meet_at_the_ceiling():
    best = package([[-0.1]], [[0.2]], [0.05])
    assert best.levels == pytest.approx([zone := (-0.1 + np.sqrt(0.01 + 0.04)) / 0.4], abs=1e-6)
    assert 0 < zone < 1


@pytest.mark.parametrize("curvature", [0.0, 0.4])
def test_what_everybody_likes_passes_as_drafted(curvature):
    best = package([[0.5, 0.5], [0.6, 0.9]], [[curvature] * 2] * 2, [0.01, 0.01])
    assert (best.levels == 1).all()
    assert not best.binding.any()


def test_a_bad_clause_passes_as_far_as_a_good_one_pays_for_it():
    """A gain of .4 pays .4·λ of a loss that grows with the level, and the resolve pays .1."""
    for logroll in (0, 0.5, 1):
        best = package([[0.4, -1.0]], [[0.0, 0.0]], [0.1], logroll=logroll)
        assert best.levels == pytest.approx([1, 0.1 + 0.4 * logroll], abs=1e-6)


def test_a_multiplier_is_what_a_little_more_resolve_is_worth():
    seen = outlook(FLAGSHIP)
    motive, curvature = (table[..., 0] for table in seen.expressed())
    value, resolve = seen.worlds.cost.max(axis=0)[:, 0], seen.worlds.resolve[:, 0].copy()
    before = best_package(motive, curvature, resolve, value, logroll=0.25)
    place = list(FLAGSHIP.seats).index("EST")
    resolve[place] += 1e-3
    after = best_package(motive, curvature, resolve, value, logroll=0.25)
    gained = (after.primal - before.primal) / 1e-3
    assert gained == pytest.approx(before.multipliers[place], rel=0.01)


def test_the_unit_of_a_member_or_of_the_value_changes_nothing():
    motive, curvature = [[0.3, -0.2], [-0.1, 0.4]], [[0.1, 0.3], [0.2, 0.1]]
    plain = package(motive, curvature, [0.02, 0.03])
    large = package(
        [[300, -200], [-0.1, 0.4]], [[100, 300], [0.2, 0.1]], [20, 0.03], value=[50, 50]
    )
    assert large.levels == pytest.approx(plain.levels, abs=1e-6)
    assert large.primal == pytest.approx(50 * plain.primal, abs=1e-5)


def test_a_member_without_resolve_or_gain_forbids_what_hurts_it():
    best = package([[0.0, 0.5], [0.5, 0.5]], [[1.0, 0.0], [0.1, 0.1]], [0.0, 0.05], logroll=0)
    assert best.levels == pytest.approx([0, 1])
    assert best.multipliers[0] == np.inf
    assert best.gap < GAP


def test_without_a_clause_there_is_nothing_to_agree_on():
    best = package(np.empty((2, 0)), np.empty((2, 0)), [0.1, 0.1])
    assert (len(best.levels), best.primal, best.dual) == (0, 0, 0)


@pytest.mark.parametrize("logroll", [-0.1, 1.1, float("nan")])
def test_a_logroll_that_is_no_share_is_one_sentence(logroll):
    with pytest.raises(RequestError, match="it must lie between 0"):
        package([[0.1]], [[0.1]], [0.1], logroll=logroll)


def test_numbers_without_a_proof_are_one_sentence():
    """What one member gains the other loses, to the last digit, and neither has any resolve."""
    with pytest.raises(OnevetoError, match=r"cannot be proven.*try a resolve above 0"):
        package([[-1, 1, 1], [1, -1, -1]], [[0, 1, 0], [0, 0, 0]], [0, 0], logroll=1)


# Zones, and clause by clause --------------------------------------------------------------------


def test_a_clause_below_its_least_level_or_without_its_host_falls():
    ceiling, least = np.array([0.2, 0.8, np.inf]), np.full(3, 0.25)
    assert clause_by_clause(ceiling, np.ones(3), least, HERE).tolist() == [0, 0.8, 1]
    assert clause_by_clause(ceiling, np.ones(3), least, np.array([0, 0, 2])).tolist() == [0, 0, 1]


def test_a_zone_reaches_from_the_least_level_or_the_floor_to_the_ceiling():
    found = {zone.clause: zone for zone in zones(FLAGSHIP, floor=0)}
    assert found["N5.1"].binding == ("EST",)
    assert (found["N5.1"].low, found["N5.1"].empty) == (0.25, False)
    assert found["N5.1"].high == found["N5.1"].ceiling < 1
    assert all(found[name].empty for name in ("N4.1", "N6.1", "N6.2", "N7.1", "N7.2"))
    assert (found["N2.3"].high, found["N2.3"].ceiling > 1) == (1, True)


def test_the_floor_is_that_of_the_scenarios_proposer_unless_another_is_given():
    """A security seeker would come down to .4 of its text, .3 of the way back for its audience."""
    public = {zone.clause: zone for zone in zones(FLAGSHIP)}
    private = {z.clause: z for z in zones(with_changes(FLAGSHIP, {"proposer.publicity": 0.0}))}
    assert public["N5.1"].low == pytest.approx(0.4 + 0.3 * 0.6)
    assert private["N5.1"].low == pytest.approx(0.4)


def test_a_floor_above_the_ceiling_empties_the_zone():
    high = {zone.clause: zone for zone in zones(FLAGSHIP, floor=0.9)}
    assert high["N5.1"].empty
    assert high["N5.1"].low == 0.9
    assert not high["N2.3"].empty
    assert high["N6.1"].low == 1  # all or nothing
    with pytest.raises(RequestError, match="the floor is 2"):
        zones(FLAGSHIP, floor=2)


def test_the_ceiling_is_that_of_the_rule():
    by_all, by_few = zones(FLAGSHIP), zones(with_changes(FLAGSHIP, {"rule": "consensus-3"}))
    assert all(more.ceiling >= less.ceiling for less, more in zip(by_all, by_few))
    majority = {z.clause: z for z in zones(with_changes(FLAGSHIP, {"rule": "majority"}))}
    assert majority["N5.1"].high == 1
    assert majority["N6.1"].empty


def test_a_dependent_clause_falls_with_its_host_and_stays_in_the_text_of_a_package():
    calm, hurt = {"calm": 0.2}, {"force": 0.8}
    clauses = {
        "HOST": {"gain": {"calm": 0.01}, "cost": hurt, "least": 1.0},
        "LEANS": {"gain": calm, "cost": {"force": 0.01}, "tabled_with": "HOST"},
    }
    best = best_treaties(made({"ONE": member()}, clauses))
    assert best.alone.tolist() == [0, 0]
    assert best.package.levels == pytest.approx([0.26, 1], abs=0.03)
    assert best.in_other_words == ("HOST",)
    assert best.earnest.tolist() == [0, 0]


def test_only_those_with_a_say_are_asked():
    best = best_treaties(with_changes(FLAGSHIP, {"rule": "only:USA"}))
    assert best.seats == ("USA",)
    assert list(best.binding) == ["USA"]
    assert best.package.primal > best_treaties(FLAGSHIP).package.primal


def test_what_the_proposer_values_can_be_said():
    value = [float(name == "N5.1") for name in FLAGSHIP.clauses]
    best = best_treaties(FLAGSHIP, value=value)
    place = list(FLAGSHIP.clauses).index("N5.1")
    assert best.package.primal == pytest.approx(best.package.levels[place])
    assert best.package.levels[place] > best_treaties(FLAGSHIP).package.levels[place]


# What it says -----------------------------------------------------------------------------------


def test_small_harms_add_up_unless_good_clauses_pay_for_them():
    without, paid = (best_treaties(FLAGSHIP, logroll=roll) for roll in (0, 0.25))
    assert without.package.primal < without.worth(without.alone) < paid.worth(paid.earnest)
    assert (paid.earnest[paid.earnest > 0] >= paid.least[paid.earnest > 0] - 1e-6).all()


def test_the_logroll_is_the_scenarios_unless_another_is_given():
    assert best_treaties(FLAGSHIP).logroll == FLAGSHIP.assumptions.logroll.value == 0.25
    assert best_treaties(FLAGSHIP, logroll=0).logroll == 0


@pytest.mark.parametrize("width", [80, 60])
def test_the_view_fits_and_names_primal_dual_and_gap(width, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(width))
    code, out, err = oneveto("treaty", "draft-treaty-2021", capsys=capsys)
    assert (code, err) == (0, "")
    assert max(map(len, out.splitlines())) <= width
    words = " ".join(out.split())
    assert all(part in words for part in ("primal 1.1435", "dual 1.1435", "gap "))
    assert "Estonia alone writes the package's ceiling" in words
    row = next(line for line in out.splitlines() if "N5.1" in line).split()
    assert row[-4:] == ["EST", "0.81", "0.69", "0.71"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--logroll", "0"), "small harms add up"),
        (("--logroll", "1"), "what members like pays for the rest"),
        (("--rule", "majority"), "here the rule asks for something else"),
        (("--rule", "only:USA"), "United States alone writes"),
        (("--set", "members.*.resolve=0"), "alone writes"),
        (("--set", "members.*.resolve=100"), "Nobody limits the package."),
    ],
    ids=" ".join,
)
def test_the_closing_sentences_fit_what_was_found(options, said, capsys):
    code, out, _ = oneveto("treaty", "draft-treaty-2021", *options, capsys=capsys)
    assert code == 0
    assert said in " ".join(out.split())


def test_the_json_has_the_promised_fields(capsys):
    changes = ("--json", "--set", "members.HUN.trust=.4")
    code, out, _ = oneveto("treaty", "draft-treaty-2021", *changes, capsys=capsys)
    data = json.loads(out)
    assert code == 0
    assert next(iter(data.items())) == ("schema", 1)
    assert data["levers"] == {"members.HUN.trust": 0.4}
    assert {"primal", "dual", "gap", "binding", "in_other_words"} == data["package"].keys()
    promised = "id title value least ceiling binding zone alone package earnest"
    rows = {row["id"]: row for row in data["clauses"]}
    assert rows["N5.1"].keys() == {*promised.split()}
    assert (rows["N4.1"]["zone"], rows["N2.3"]["zone"]) == (None, pytest.approx([0.58, 1]))
    whole = sum(row["value"] * row["package"] for row in rows.values())
    assert whole == pytest.approx(data["package"]["primal"])


def test_without_a_limit_json_says_null():
    nobody = best_treaties(with_changes(FLAGSHIP, {"members.*.resolve": 100.0}))
    free = replace(nobody.zones[0], ceiling=np.inf)
    data = replace(nobody, zones=(free, *nobody.zones[1:])).as_json()
    assert data["clauses"][0]["ceiling"] is None
    json.dumps(data, allow_nan=False)


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("treaty", "draft-treaty-2022"), "Did you mean `draft-treaty-2021`?"),
        (("treaty", "draft-treaty-2021", "--logroll", "1.5"), "logroll is 1.5"),
        (("treaty", "draft-treaty-2021", "--logroll", "-1"), "logroll is -1"),
        (("treaty", "draft-treaty-2021", "--rule", "concensus"), "Did you mean `consensus`?"),
    ],
    ids=str,
)
def test_bad_input_is_one_sentence_and_exit_code_two(command, said, capsys):
    code, out, err = oneveto(*command, capsys=capsys)
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert said in err


def test_other_commands_do_not_load_the_solver():
    code = "import sys, sim.console, sim.ensemble; print('clarabel' in sys.modules)"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "False"
