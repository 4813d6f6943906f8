"""What it takes to overturn a headline: known answers, and agreement with the council that plays."""

from __future__ import annotations

import functools
import json

import numpy as np
import pytest

from sim import centre, load, run, with_changes
from sim.analysis.robustness import REACH, robustness
from sim.inputs import inputs
from sim.scenario import from_document
from sim.story import robustness as story
from tests import strategies
from tests.test_cli import oneveto

NAMES = ["draft-treaty-2021", "us-draft-2021", "risk-reduction-steps"]


@functools.cache
def result(name):
    return robustness(load(name), worlds=256)


def claims(name, kind):
    return {claim.subject: claim for claim in result(name).claims if claim.kind == kind}


@pytest.fixture(params=NAMES)
def name(request):
    return request.param


def test_the_claims_are_those_of_the_run_with_its_shares(name):
    outcome = run(load(name), worlds=256)
    assert result(name).outcome.as_json() == outcome.as_json()
    for subject, claim in claims(name, "clause").items():
        row = outcome.measures()[subject]
        assert claim.survives == (row["survival"] >= 0.5)
        assert claim.share == max(row["survival"], 1 - row["survival"])
    (treaty,) = claims(name, "treaty").values()
    treaty_share = outcome.measures()["treaty"]["survival"]
    assert treaty.share == max(treaty_share, 1 - treaty_share)


def test_the_central_verdict_is_that_of_the_central_world(name):
    survival = centre(load(name)).survival
    for subject, claim in claims(name, "clause").items():
        assert claim.central == (survival[subject] == claim.survives)


def set_at(move):
    """The change of a scenario that a move is; a weight of evidence has no address of its own."""
    return None if move.address.startswith("evidence.") else {move.address: move.to}


def test_the_nearest_move_overturns_its_claim_when_played_and_a_little_less_does_not(name):
    scenario = load(name)
    looked = 0
    for subject, claim in claims(name, "clause").items():
        for move in claim.overturns[:3]:
            if move.address.startswith("evidence."):
                continue
            looked += 1
            for share, overturned in ((1 + 1e-4, True), (1 - 1e-4, False)):
                value = move.start + share * (move.to - move.start)
                changed = with_changes(scenario, {move.address: value})
                holds = centre(changed).survival[subject] == claim.survives
                assert holds != overturned, (subject, move)
    assert looked > 5


def test_a_number_that_is_said_to_overturn_nothing_within_reach_does_not(name):
    scenario = load(name)
    known = {each.address: each for each in inputs(scenario)}
    for address in ("assumptions.cohesion", "members.USA.resolve", "members.EST.trust"):
        one = known[address]
        for bands in (-3.9, -2, -0.5, 0.5, 2, 3.9):
            survival = centre(
                with_changes(scenario, {address: moved(scenario, one, bands)})
            ).survival
            for subject, claim in claims(name, "clause").items():
                nearest = [m.bands for m in claim.overturns if m.address == address]
                if claim.central and not nearest:
                    assert (survival[subject] == 1) == claim.survives
                if nearest and abs(bands) < abs(nearest[0]):
                    assert (survival[subject] == 1) == claim.survives


def moved(scenario, one, bands):
    """An input so many bands away, written out anew."""
    if one.address.startswith("assumptions."):
        return float(np.clip(one.value + bands * one.band, 0, 1))
    if one.address.endswith("trust"):
        keep, share = scenario.keep, scenario.assumptions.pretext.value
        low, high = (1 - share) * keep[1] + share * keep[2], keep[0]
        odds = (one.value - low) / (high - one.value) * np.exp(bands * one.band)
        return float((low + odds * high) / (1 + odds))
    return float(one.value * np.exp(bands * one.band))


def test_a_band_is_a_standard_deviation_on_the_scale_of_the_number():
    for claim in claims("draft-treaty-2021", "clause").values():
        for move in claim.overturns:
            if move.address.startswith("clauses."):
                band = np.log(move.to / move.start) / move.bands
                assert band == pytest.approx(0.4) or band == pytest.approx(0.7, abs=0.3)
            if move.address == "assumptions.cohesion":
                assert (move.to - move.start) / move.bands == pytest.approx(0.06)


def one_number(band, dist="normal"):
    """Two members whose only uncertain number is cohesion; one gains .3, one loses .2."""
    row = {"population": 1e6, "trust": 0.5, "resolve": 0.05}
    made = strategies.document(
        members={
            "A": row | {"weight": {"calm": 1.0, "honour": 0.0}},
            "B": row | {"weight": {"calm": 0.0, "honour": 1.0}},
        },
        clauses={"C": {"gain": {"calm": 0.6}, "cost": {"honour": 0.2}}},
        interests={"calm": "divisible", "honour": "principle"},
    )
    guess = {"value": 0.1, "band": band, "dist": dist, "judgement": "a guess of ours"}
    made["assumptions"]["cohesion"] = guess
    made["process"] = {"consultations": 1}
    return from_document(made)


@pytest.mark.parametrize(("dist", "factor"), [("normal", 1), ("uniform", np.sqrt(3))])
def test_by_hand_the_veto_falls_silent_at_a_cohesion_of_three_tenths(dist, factor):
    """B says (1 − h)·(−.2) + h·.3, and is silent from −.05 on: h = .3, that is .2 away."""
    found = robustness(one_number(0.1, dist), worlds=64)
    (claim,) = (claim for claim in found.claims if claim.kind == "clause")
    (move,) = claim.overturns
    assert move.address == "assumptions.cohesion"
    assert move.to == pytest.approx(0.3, abs=1e-5)
    assert move.bands == pytest.approx(2 * factor, abs=1e-3)
    assert found.weights[0].grounds == "a guess of ours"
    assert set(found.weights[0].claims) >= {"treaty", "C"}


def test_beyond_four_bands_nothing_is_called_a_move_of_the_same_number():
    found = robustness(one_number(0.04), worlds=64)
    assert not any(claim.overturns for claim in found.claims)
    assert f"moved by up to {REACH:g} bands" in story.sturdy(found)
    assert found.weights == ()


def test_the_most_fragile_claim_comes_first_and_nobody_who_decides_alone_is_claimed_to_kill_most(
    name,
):
    found = result(name)
    bands = [claim.bands for claim in found.claims]
    assert bands == sorted(bands)
    assert len(found.claims) <= 22
    killers = claims(name, "killer")
    assert (len(killers) == 0) == (name == "us-draft-2021")


def test_nobody_is_the_worst_killer_where_several_kill_as_many():
    package = with_changes(load("draft-treaty-2021"), {"process.kind": "package"})
    found = robustness(package, worlds=64)
    killed = found.outcome.tally.blocks.sum(axis=1)
    assert np.count_nonzero(killed == killed.max()) > 1
    assert all(claim.kind != "killer" for claim in found.claims)


def test_progress_goes_on_from_the_worlds_played_to_those_searched():
    told = []
    robustness(load("us-draft-2021"), worlds=300, progress=lambda *done: told.append(done))
    counts = [done for done, _ in told]
    assert counts == sorted(counts)
    assert 600 in counts[:-1]
    assert all(done <= total for done, total in told)


def test_numbers_without_a_band_overturn_what_they_are_said_to():
    scenario = load("draft-treaty-2021")
    n51 = claims("draft-treaty-2021", "clause")["N5.1"]
    to = {setting.name: setting.to for setting in n51.chosen}
    assert centre(with_changes(scenario, {"evidence.step_back": to["step_back"]})).survival["N5.1"]
    for much, stands in ((-1e-4, 1), (1e-4, 0)):
        lower = with_changes(scenario, {"clauses.N5.1.level": to["level"] + much})
        assert centre(lower).survival["N5.1"] == stands


def test_a_scenario_without_any_band_says_so():
    found = robustness(load("three-neighbours"), worlds=8)
    assert found.numbers == 0
    assert "No number of this scenario has a band" in story.sturdy(found)
    (strip,) = (claim for claim in found.claims if claim.subject == "strip")
    assert {setting.name: round(setting.to, 3) for setting in strip.chosen}["level"] == 0.8


def test_the_frame_has_a_row_for_each_claim():
    frame = result("draft-treaty-2021").frame()
    assert len(frame) == len(result("draft-treaty-2021").claims)
    assert frame.loc[frame.subject == "N6.1", "bands"].isna().all()


def test_the_command_fits_the_screen_and_names_the_judgement(monkeypatch, capsys):
    shown = {}
    for width in (80, 60):
        monkeypatch.setenv("COLUMNS", str(width))
        command = ("robust", "draft-treaty-2021", "--worlds", "256")
        code, out, err = oneveto(*command, capsys=capsys)
        assert (code, err) == (0, "")
        assert max(map(len, out.splitlines())) <= width
        shown[width] = " ".join(out.split())
    assert "Which judgement carries most" in shown[60]
    assert "overturns that the treaty as a whole falls" in shown[80]


def test_the_json_of_robust_has_the_promised_fields(capsys):
    out = oneveto("robust", "three-neighbours", "--worlds", "8", "--json", capsys=capsys)[1]
    data = json.loads(out)
    assert data["schema"] == 1
    assert (data["worlds"], data["numbers"], data["reach"]) == (8, 0, REACH)
    assert {"kind", "subject", "survives", "share", "overturns", "chosen"} <= set(data["claims"][0])
