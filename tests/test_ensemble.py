"""The ensemble: workers, progress, entropy, and Mesa's conventions from outside."""

from __future__ import annotations

import gc
import json
import pickle
import weakref

import mesa
import numpy as np
import pytest

from sim import centre, ensemble, load, run, with_changes
from sim.analysis.compare import joined, play
from sim.council import Council
from sim.errors import RequestError, ScenarioError
from sim.outcome import CEILINGS, Scale, Tally, wilson
from sim.worlds import Sampler


def as_bytes(outcome):
    return {name: np.asarray(value).tobytes() for name, value in vars(outcome.tally).items()}


def test_zero_is_a_seed_and_another_seed_is_another_run():
    assert as_bytes(run("draft-treaty-2021", worlds=300)) == as_bytes(
        run("draft-treaty-2021", worlds=300, seed=0)
    )
    assert as_bytes(run("draft-treaty-2021", worlds=300)) != as_bytes(
        run("draft-treaty-2021", worlds=300, seed=1)
    )


@pytest.mark.slow
def test_workers_give_the_same_bytes():
    one = run("draft-treaty-2021", worlds=70_000, seed=3)
    two = run("draft-treaty-2021", worlds=70_000, seed=3, workers=2)
    assert as_bytes(one) == as_bytes(two)


def test_progress_is_told_and_ends_at_the_end():
    told = []
    run("draft-treaty-2021", worlds=40_000, progress=told.append)
    assert told == [32768, 40_000]


def test_a_run_that_is_given_up_leaves_the_council_to_the_next():
    def stop(done):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run("draft-treaty-2021", worlds=100, progress=stop)
    assert run("draft-treaty-2021", worlds=100).worlds == 100


def test_the_tallies_of_a_long_run_are_added_up_and_not_kept(monkeypatch):
    made, alive = [], []

    def remembered(block):
        tally = of(block)
        made.append(weakref.ref(tally))
        return tally

    of = Tally.of
    monkeypatch.setattr(ensemble, "CHUNK", 64)
    monkeypatch.setattr(ensemble.Tally, "of", remembered)

    def count(done):
        alive.append(sum(ref() is not None for ref in made))

    run("draft-treaty-2021", worlds=640, progress=count)
    assert len(alive) == len(made) == 10
    assert max(alive) <= 3


@pytest.mark.slow
def test_workers_are_given_a_few_spans_ahead_and_no_more(monkeypatch):
    taken = []
    spans = ensemble._spans(10**9)
    monkeypatch.setattr(ensemble, "CHUNK", 64)
    monkeypatch.setattr(ensemble, "_spans", lambda worlds: (taken.append(s) or s for s in spans))
    tallies = ensemble._spread(load("draft-treaty-2021"), seed=0, worlds=128, workers=2)
    next(tallies)
    tallies.close()
    assert len(taken) == 5


BAD = [{"worlds": 0}, {"worlds": 2.5}, {"worlds": True}, {"worlds": 10**9 + 1}]


@pytest.mark.parametrize("bad", [*BAD, {"seed": -1}, {"workers": 0}])
def test_numbers_out_of_range_are_one_sentence(bad):
    with pytest.raises(RequestError, match=f"{next(iter(bad))} is "):
        run("draft-treaty-2021", **bad)


def test_a_council_of_less_than_no_worlds_is_one_sentence():
    with pytest.raises(RequestError, match="worlds is -5"):
        Council(worlds=-5)


def test_numbers_of_numpy_are_numbers():
    outcome = run("draft-treaty-2021", worlds=np.int64(10), seed=np.uint8(3), workers=np.int32(1))
    assert (outcome.worlds, outcome.seed) == (10, 3)
    assert json.dumps(outcome.as_json())


def test_many_what_ifs_seat_one_council_only():
    scenario = load("draft-treaty-2021")
    run(scenario, worlds=10)
    before = sum(isinstance(thing, Council) for thing in gc.get_objects())
    for step in range(20):
        run(with_changes(scenario, {"assumptions.trust": step / 10}), worlds=10)
    run(with_changes(scenario, {"members.drop": "HUN"}), worlds=10)
    after = sum(isinstance(thing, Council) for thing in gc.get_objects())
    assert after == before
    assert run(scenario, worlds=10).survival == run(scenario, worlds=10).survival


def test_mesa_can_run_batches_of_it():
    rows = mesa.batch_run(
        Council,
        {"scenario": "draft-treaty-2021", "rng": range(3), "worlds": 100},
        display_progress=False,
    )
    assert [row["rng"] for row in rows] == [0, 1, 2]
    assert len({row["adopted"]["N5.1"] for row in rows}) > 1
    assert all(row["adopted"]["N6.1"] == 0 for row in rows)


def test_a_council_is_a_mesa_model_one_can_step():
    council = Council("draft-treaty-2021", rng=4)
    assert len(council.delegations) == 30
    assert len(council.agents) == 31  # and the proposer
    assert council.running
    council.step()
    assert not council.running
    assert council.datacollector.get_model_vars_dataframe().shape == (1, 1)


def test_without_a_seed_entropy_is_taken_and_reported():
    first, second = Council("draft-treaty-2021"), Council("draft-treaty-2021")
    assert first.seed != second.seed
    again = Council("draft-treaty-2021", rng=first.seed)
    assert (again.dealt.odds == first.dealt.odds).all()


def test_a_scenario_crosses_a_process_border():
    scenario = with_changes(load("draft-treaty-2021"), {"rule": "majority"})
    there = pickle.loads(pickle.dumps(scenario))
    assert centre(there).as_json() == centre(scenario).as_json()
    error = pickle.loads(pickle.dumps(ScenarioError("a.toml", ["is wrong"])))
    assert str(error) == "a.toml: is wrong"


def test_no_limit_is_null_in_json():
    data = run("draft-treaty-2021", worlds=256).as_json()
    assert "Infinity" not in json.dumps(data, allow_nan=False)
    hotline = next(row for row in data["clauses"] if row["id"] == "N2.3")
    assert hotline["ceiling"]["p50"] is None
    assert hotline["level"] == {"p05": 1.0, "p50": 1.0, "p95": 1.0}
    dead = next(row for row in data["clauses"] if row["id"] == "N6.1")
    assert dead["level"] == {"p05": None, "p50": None, "p95": None}


def test_percentiles_are_read_to_the_nearest_step():
    values = np.linspace(0, 1, 1001, dtype=np.float32)[None]
    row = CEILINGS.count(values)[0]
    assert CEILINGS.percentiles(row) == {"p05": 0.05, "p50": 0.5, "p95": 0.95}
    beyond = Scale(0.5, 1).count(np.array([[0.2, 0.3, 0.9, 7.0, np.inf]], np.float32))[0]
    assert beyond.tolist() == [1, 1, 1, 2]
    assert Scale(0.5, 1).percentiles(beyond)["p95"] is None


def test_the_interval_covers_what_it_should():
    low, high = wilson(50, 100)
    assert (round(low, 4), round(high, 4)) == (0.4038, 0.5962)
    assert wilson(100, 100)[1] == 1


def test_the_price_and_the_sole_blockers_fit_the_rule_in_force():
    scenario = with_changes(load("draft-treaty-2021"), {"rule": "affirmative"})
    row = run(scenario, worlds=256).measures()["N8.1"]
    assert row["survival"] < 0.5
    assert row["sole_blockers"] == {}
    assert row["price"]["p50"] is None


def test_a_clause_that_cannot_stand_alone_falls_with_its_host():
    kind = {f"clauses.N4.2.cost.{k}": 0 for k in ("deterrence", "equal_security")}
    outcome = centre(with_changes(load("draft-treaty-2021"), kind))
    row = outcome.measures()["N4.2"]
    assert (row["objectors"], row["survival"]) == (0, 0)


def test_only_those_with_a_seat_block():
    outcome = centre(with_changes(load("draft-treaty-2021"), {"rule": "only:USA"}))
    row = outcome.measures()["N6.1"]
    assert row["objectors"] == 30
    assert list(row["blockers"]) == ["USA"]
    assert list(row["sole_blockers"]) == ["USA"]


def test_parts_of_a_what_if_make_up_the_whole():
    scenario = load("draft-treaty-2021")
    whole = play(scenario, worlds=2100, seed=3)
    parts = [
        play(scenario, worlds=stop, seed=3, start=start)
        for start, stop in ((0, 2048), (2048, 2100))
    ]
    found = joined(parts)
    assert found.outcome.as_json() == whole.outcome.as_json()
    assert found.outcome.as_json() == run(scenario, worlds=2100, seed=3).as_json()
    for name in ("adopted", "delivered", "level", "objects", "margin"):
        assert np.array_equal(getattr(found, name), getattr(whole, name))


def test_a_factor_widens_everything_that_was_coded_and_not_trust():
    scenario = load("draft-treaty-2021")
    spread = scenario.assumptions.spread
    by_hand = {f"assumptions.spread.{name}": 3 * getattr(spread, name).value for name in CODED}
    by_hand |= {
        f"clauses.{name}.spread": 3 * row.spread
        for name, row in scenario.clauses.items()
        if row.spread is not None
    }
    once = Sampler(with_changes(scenario, {"assumptions.spread.factor": 3}), 1).worlds(0, 64)
    other = Sampler(with_changes(scenario, by_hand | {"assumptions.spread.factor": 1}), 1).worlds(
        0, 64
    )
    as_read = Sampler(scenario, 1).worlds(0, 64)
    for name in ("weight", "exposure", "gain", "cost", "resolve"):
        assert np.allclose(getattr(once, name), getattr(other, name), rtol=1e-6)
        assert not np.allclose(getattr(once, name), getattr(as_read, name))
    assert (once.odds == as_read.odds).all()


CODED = ("weights", "exposures", "stakes", "resolve")
