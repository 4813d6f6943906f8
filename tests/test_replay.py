"""One world round by round, two what-ifs side by side, and what the evidence tells."""

from __future__ import annotations

import itertools
import json
import re

import numpy as np
import pytest

from sim import centre, explain, load, replay, run, with_changes
from sim.analysis.compare import _paired, compare
from sim.analysis.evidence import report
from sim.council import Council
from sim.errors import RequestError
from sim.scenario import TYPES, opening, publicity, warnings
from tests.test_cli import oneveto

FLAGSHIP = load("draft-treaty-2021")
SIX = with_changes(FLAGSHIP, {"process.rounds": 6})


def test_a_replay_ends_where_the_run_ends():
    played = replay.play(SIX)
    rows = centre(SIX).measures()
    assert set(played.adopted) == {name for name in SIX.clauses if rows[name]["survival"] == 1}
    for name, level in played.adopted.items():
        assert rows[name]["level"]["p50"] == pytest.approx(level, abs=0.005)


@pytest.mark.parametrize("world", [0, 3, 300])
def test_a_replayed_world_is_the_world_of_the_ensemble(world):
    played = replay.play(SIX, world=world, seed=5)
    council = Council(SIX, worlds=512, rng=5)
    council.run_model()
    stands = council.adopted[:, world]
    assert set(played.adopted) == {name for name, yes in zip(SIX.clauses, stands) if yes}
    last = played.rounds[-1]
    assert list(last.trust.values()) == pytest.approx(council.trust[:, world].tolist())
    assert sum(last.belief["POL"]) == pytest.approx(1, abs=1e-5)


def test_levels_fall_and_settled_clauses_leave_the_table():
    rounds = replay.play(SIX).rounds
    assert [row.number for row in rounds] == [1, 2, 3, 4, 5, 6]
    for before, after in itertools.pairwise(rounds):
        assert set(after.level) == set(before.level) - set(before.adopted)
        assert all(level <= before.level[name] for name, level in after.level.items())
    assert rounds[0].objectors["N5.1"] == ("EST", "LTU", "LVA", "POL")


@pytest.mark.parametrize("world", [-1, 10**9, 2**40])
def test_a_world_that_no_run_has_is_refused(world):
    with pytest.raises(RequestError, match=f"the world is {world}"):
        replay.play(FLAGSHIP, world=world)
    with pytest.raises(RequestError, match=f"the world is {world}"):
        explain(FLAGSHIP, "POL", "N5.1", world=world)


def test_play_prints_every_round_and_its_json_has_the_same(capsys):
    code, out, _ = oneveto("play", "draft-treaty-2021", "--rounds", 3, capsys=capsys)
    assert code == 0
    assert "Round 3 of 3. On the table: 9 clauses" in out
    assert "N5.1" in out.splitlines()[-2] + out.splitlines()[-1]
    code, out, _ = oneveto("play", "draft-treaty-2021", "--rounds", 3, "--json", capsys=capsys)
    data = json.loads(out)
    assert (code, data["schema"], len(data["rounds"])) == (0, 1, 3)


def test_steps_a_package_and_payments_have_their_words(capsys):
    stepped = oneveto("play", "draft-treaty-2021", "--process", "steps", capsys=capsys)[1]
    assert "Step 2 of 4: Words and restraint" in stepped
    assert "its word on step 1" in stepped
    assert stepped.index("its word on step 1") < stepped.index("Step 2 of 4")
    bundled = oneveto("play", "draft-treaty-2021", "--process", "package", capsys=capsys)[1]
    assert "as one package" in bundled
    assert "✕ the package: " in bundled
    assert "None of 18 clauses stands." in bundled
    paid = oneveto("play", "draft-treaty-2021", "--budget", 1, capsys=capsys)[1]
    assert "Side payments buy silence on N1.1" in paid


# Two what-ifs -----------------------------------------------------------------------------------


def test_a_comparison_counts_the_worlds_that_flip_and_who_moved():
    found = compare(
        FLAGSHIP, with_changes(FLAGSHIP, {"evidence.step_back": 1}), worlds=1500, seed=3
    )
    before, after = (
        run(with_changes(FLAGSHIP, {"evidence.step_back": count}), worlds=1500, seed=3)
        for count in (0, 1)
    )
    for name, row in found.changes.items():
        assert row.survival == (before.survival[name], after.survival[name])
        assert row.effect == pytest.approx(row.won - row.lost)
        assert row.interval[0] <= row.effect <= row.interval[1]
    row = found.changes["N5.1"]
    assert set(list(row.by_silence)[:4]) == {"EST", "LTU", "LVA", "POL"}
    assert row.after[1] > row.before[1]
    assert row.by_objection == {}
    back = compare(found.second, found.first, worlds=1500, seed=3).changes["N5.1"]
    assert (back.lost, back.by_objection) == (row.won, row.by_silence)
    assert back.interval == pytest.approx((-row.interval[1], -row.interval[0]))


def test_nothing_flips_between_a_scenario_and_itself():
    found = compare(FLAGSHIP, FLAGSHIP, worlds=300)
    assert all((row.won, row.lost, row.effect) == (0, 0, 0) for row in found.changes.values())


def test_members_that_only_one_side_has_are_left_out():
    found = compare(FLAGSHIP, with_changes(FLAGSHIP, {"members.drop": "EST,LTU,LVA"}), worlds=300)
    assert found.changes["N5.1"].effect > 0
    assert "EST" not in found.changes["N5.1"].by_silence


def test_flips_both_ways_have_an_interval_around_the_effect():
    other = with_changes(FLAGSHIP, {"members.EST.trust": 0.6, "members.ITA.trust": 0.13})
    row = compare(FLAGSHIP, with_changes(other, {"members.ITA.resolve": 0}), worlds=2000).changes
    both = [r for r in row.values() if r.won and r.lost]
    assert both
    assert all(r.interval[0] < r.effect < r.interval[1] for r in both)


def test_compare_takes_levers_and_changes_in_words(capsys):
    short = oneveto("compare", "draft-treaty-2021", "+step_back", "--worlds", 300, capsys=capsys)
    long = oneveto(
        "compare",
        "draft-treaty-2021",
        "draft-treaty-2021 evidence.step_back=1",
        "--worlds",
        300,
        capsys=capsys,
    )
    assert short == long
    assert "no longer break the silence" in short[1]
    wrong = oneveto("compare", "draft-treaty-2021", "+step_bak", capsys=capsys)
    assert wrong[0] == 2
    assert "Did you mean `step_back`?" in wrong[2]
    for empty in ("", "  ", "+", "step_back + rule=majority"):
        nothing = oneveto("compare", "draft-treaty-2021", empty, capsys=capsys)
        assert nothing[0] == 2
        assert nothing[2].startswith("nothing to compare; write a scenario")
    plain = oneveto("compare", "draft-treaty-2021", "step_back", "--worlds", 300, capsys=capsys)
    assert plain == short


def test_an_interval_is_symmetric_where_nothing_flips_and_covers_none_after_one_flip():
    low, high = _paired(500, 0, 0, 500)
    assert low == pytest.approx(-high)
    assert 0 < high < 0.01
    assert _paired(0, 0, 1, 299)[0] < 0 < _paired(0, 0, 1, 299)[1]
    low, high = _paired(10, 20, 120, 350)
    assert low < 0.2 < high
    assert low > 0.13
    assert high < 0.27


def test_a_comparison_shows_what_is_kept():
    other = with_changes(FLAGSHIP, {"proposer.true_type": "expansionist"})
    row = compare(FLAGSHIP, other, worlds=500).changes["N2.3"]
    assert row.survival == (1, 1)
    assert row.delivered[0] > 0.9 > row.delivered[1]


@pytest.mark.parametrize("level", [0.65, 0.7, 0.9])
def test_a_level_is_said_as_it_was_typed(level):
    asked = with_changes(FLAGSHIP, {"clauses.N5.1.level": level})
    found = compare(FLAGSHIP, asked, worlds=200)
    assert found.changes["N5.1"].level == (1.0, level)


def test_a_comparison_says_at_what_level_and_who_takes_it_back(capsys):
    words = ("compare", "draft-treaty-2021", "+process.rounds=6", "--worlds", 300)
    said = " ".join(oneveto(*words, capsys=capsys)[1].split())
    assert re.search(
        r"N5\.1 survives in [56]\d % instead of [12]\d % .{,30}, at \.[78]\d? of the text", said
    )
    words = ("compare", "draft-treaty-2021", "+proposer.true_type=pretext_seeker", "--worlds", 300)
    said = " ".join(oneveto(*words, capsys=capsys)[1].split())
    assert re.search(r"N2\.3 survives in 0 % instead of 100 % .{,30}: Russia takes it back\.", said)


def test_a_condition_that_does_not_come_true_binds_nobody():
    scenario = with_changes(FLAGSHIP, {"process.condition": "step_back"})
    council = Council(scenario, worlds=256, rng=1)
    council.run_model()
    kept = council.decisions().kept
    for world in range(6):
        played = replay.play(scenario, world=world, seed=1)
        assert (played.come and played.kept[1]) == kept[0, world]
    seen = with_changes(scenario, {"evidence.step_back": 1})
    assert any("once more" in warning for warning in warnings(seen))


def test_evidence_beyond_all_measure_is_still_told(capsys):
    changes = ("build_up.count=100", "build_up.likelihood.security_seeker=0.00001")
    sets = [part for change in changes for part in ("--set", f"evidence.{change}")]
    assert oneveto("evidence", "draft-treaty-2021", *sets, capsys=capsys)[0] == 0


# Evidence and openings --------------------------------------------------------------------------


def test_trust_before_any_evidence_is_what_taking_all_of_it_away_leaves():
    found = report(FLAGSHIP)
    none = with_changes(FLAGSHIP, {f"evidence.{name}": 0 for name in FLAGSHIP.evidence})
    assert found.before == pytest.approx(report(none).trust)
    assert found.trust["POL"] == pytest.approx(FLAGSHIP.seats["POL"].trust.value)
    assert sum(found.belief["POL"]) == pytest.approx(1)


def test_ratios_multiply():
    found = report(FLAGSHIP)
    product = 1.0
    for item in FLAGSHIP.evidence.values():
        if item.count and item.likelihood:
            one, other = (item.likelihood[kind] for kind in TYPES[:2])
            product *= (one / other) ** item.count
    assert found.ratios[TYPES[0], TYPES[1]] == pytest.approx(product)


def test_an_opening_between_the_two_is_partly_either():
    assert opening(FLAGSHIP, 0.6)["evidence.moderate_demand"] == 1
    half = opening(FLAGSHIP, 0.8)
    assert half["evidence.maximal_demand"] == half["evidence.moderate_demand"] == 0.5
    assert publicity(FLAGSHIP, 0.0)["evidence.private_demand"] == 1
    trusts = [
        np.mean(list(report(with_changes(FLAGSHIP, opening(FLAGSHIP, x))).trust.values()))
        for x in (1.0, 0.8, 0.6)
    ]
    assert trusts == sorted(trusts)


def test_evidence_is_cut_at_a_date(capsys):
    until = "until=2021-11-29"
    code, out, _ = oneveto(
        "evidence", "draft-treaty-2021", "--evidence", until, "--json", capsys=capsys
    )
    data = json.loads(out)
    counts = {item["name"]: item["count"] for item in data["items"]}
    assert code == 0
    assert counts["broken_agreements"] == 2
    assert counts["build_up"] == counts["maximal_demand"] == counts["public_demand"] == 0


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("until=yesterday", "`yesterday` is no date; write it as 2021-11-30"),
        ("build_up", "write ITEM=COUNT"),
        ("build=1", "Did you mean `build_up`?"),
        ("build_up=often", "is no count"),
        ("build_up=-1", "it must be at least 0"),
    ],
)
def test_bad_evidence_is_one_sentence(wrong, says, capsys):
    code, _, err = oneveto("run", "draft-treaty-2021", "--evidence", wrong, capsys=capsys)
    assert code == 2
    assert says in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize(
    ("option", "says"),
    [
        (("--budget", -1), "it must be at least 0"),
        (("--budget", "nan"), "budget"),
        (("--opening", 0), "it must be above 0"),
        (("--opening", 1.5), "it must be at most 1"),
        (("--rounds", 0), "it must be at least 1"),
        (("--process", "bundle"), "it can be `clauses`, `package` or `steps`"),
        (("--true-type", "expansionst"), "did you mean `expansionist`?"),
    ],
)
def test_bad_bargaining_is_one_sentence(option, says, capsys):
    code, _, err = oneveto("play", "draft-treaty-2021", *option, capsys=capsys)
    assert code == 2
    assert says in err
    assert len(err.splitlines()) == 1


def test_a_warning_is_given_when_padding_would_pay(capsys):
    assert warnings(FLAGSHIP) == []
    likelihood = {"evidence.maximal_demand.likelihood.expansionist": 0.45}
    (warning,) = warnings(with_changes(FLAGSHIP, likelihood))
    assert "padding the opening would pay" in warning
    assert "expansionist against security_seeker" in warning
