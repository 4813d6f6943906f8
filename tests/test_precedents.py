"""Decisions whose outcome is known: what the format asks of them, and what no prediction may read."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest

from sim import belief, ensemble, load, replay
from sim.analysis import dials
from sim.analysis import evidence as seen
from sim.errors import RequestError
from sim.explanation import explain
from sim.scenario import as_file, from_bytes, from_document, with_changes

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
