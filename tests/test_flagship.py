"""What the shipped draft treaty must show, at seeds that nobody tuned with."""

from __future__ import annotations

import pytest

from sim import centre, claims, load, run, with_changes
from sim.constants import LARGEST
from sim.outcome import CEILINGS
from sim.scenario import names

SEEDS = (11, 2022, 987654321)
FEW = ("N1.1", "N3.1", "N5.1", "N7.3")
DEAD = ("N4.1", "N6.1", "N6.2", "N7.1", "N7.2")


@pytest.mark.parametrize("name", names())
@pytest.mark.parametrize("seed", SEEDS)
def test_every_claim_of_a_shipped_scenario_holds(name, seed):
    failed = [row for row in claims.check(load(name), seed=seed) if not row.holds]
    assert not failed


def test_there_are_eighteen_clauses_and_thirty_members():
    scenario = load("draft-treaty-2021")
    assert len(scenario.clauses) == 18
    assert len(scenario.seats) == 30


def test_sole_blockers_turned_silent_let_the_missile_clause_live():
    """In every world in which one member alone kills N5.1, its silence alone carries it."""
    scenario = load("draft-treaty-2021")
    before = run(scenario, seed=5)
    place = list(scenario.clauses).index("N5.1")
    alone = dict(zip(scenario.seats, before.tally.blocks_alone[:, place].tolist()))
    guilty = [iso for iso, worlds in alone.items() if worlds]
    assert guilty
    assert sum(alone.values()) > 50
    after = run(with_changes(scenario, dict.fromkeys(map(_resolve, guilty), LARGEST)), seed=5)
    saved = after.tally.adopted[place] - before.tally.adopted[place]
    assert saved >= sum(alone.values())
    for iso in guilty:  # and each by itself what it alone had killed, no more and no less
        after = run(with_changes(scenario, {_resolve(iso): LARGEST}), seed=5)
        assert after.tally.adopted[place] - before.tally.adopted[place] == alone[iso]


def _resolve(iso: str) -> str:
    return f"members.{iso}.resolve"


def test_the_four_that_kill_the_missile_clause_could_save_it():
    scenario = load("draft-treaty-2021")
    four = with_changes(
        scenario, {f"members.{iso}.resolve": 1 for iso in ("POL", "EST", "LVA", "LTU")}
    )
    assert run(scenario).survival["N5.1"] < 0.25
    assert run(four).survival["N5.1"] > 0.55  # in the others somebody else objects as well
    assert (centre(scenario).survival["N5.1"], centre(four).survival["N5.1"]) == (0, 1)


def test_cohesion_of_a_half_lifts_the_vetoes_on_missiles():
    scenario = load("draft-treaty-2021")
    close = with_changes(scenario, {"assumptions.cohesion": 0.5})
    assert centre(scenario).survival["N5.1"] == 0
    assert centre(close).survival["N5.1"] == 1


@pytest.mark.parametrize("seed", SEEDS)
def test_median_ceilings_of_the_contested_lie_above_all_but_stray_ceilings_of_the_dead(seed):
    outcome = run("draft-treaty-2021", seed=seed)
    places = [list(outcome.survival).index(name) for name in DEAD]
    lowest = min(outcome.measures()[name]["ceiling"]["p50"] for name in FEW)
    beyond = outcome.tally.ceilings[places][:, round(lowest / CEILINGS.step) :].sum()
    assert beyond <= len(DEAD) * outcome.worlds / 1000


@pytest.mark.parametrize("name", names())
def test_every_lever_of_a_shipped_scenario_can_be_pulled(name):
    scenario = load(name)
    before = run(scenario, worlds=256)
    for name_of, lever in scenario.levers.items():
        after = run(with_changes(scenario, lever.set), worlds=256)
        moved = (after.measures(), after.members()) != (before.measures(), before.members())
        assert moved, name_of
