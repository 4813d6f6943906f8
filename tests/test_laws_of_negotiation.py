"""What must hold of rounds, packages, steps and payments, whatever the scenario."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import appraisal, belief, consultation, rules
from sim.council import Council
from sim.outcome import Decisions
from sim.rules import Stance
from sim.scenario import TYPES, Scenario, from_document, load, with_changes
from sim.worlds import draw
from tests import strategies

FLAGSHIP = load("draft-treaty-2021")
SEED, WORLDS = 5, 256


def council_of(scenario: Scenario, worlds: int = WORLDS) -> Council:
    council = Council(scenario, worlds=0, rng=0)
    council.deal(draw(scenario, SEED, 0, worlds))
    return council


def decisions(scenario: Scenario, **changes: object) -> Decisions:
    addresses = {name.replace("__", "."): value for name, value in changes.items()}
    council = council_of(with_changes(scenario, addresses) if addresses else scenario)
    council.run_model()
    return council.decisions()


def bargaining(draw_: st.DataObject) -> dict[str, object]:
    """How a random proposer bargains."""
    floors = {f"proposer.floor.{kind}": draw_.draw(strategies.amounts(0.2, 1)) for kind in TYPES}
    return {
        "process.rounds": draw_.draw(st.integers(2, 6)),
        "proposer.opening": draw_.draw(strategies.amounts(0.3, 1)),
        "proposer.true_type": draw_.draw(st.sampled_from(TYPES)),
        **floors,
    }


# Rounds -----------------------------------------------------------------------------------------


@given(data=st.data(), scenario=strategies.scenarios(cohesion=None, spread=0.2))
def test_the_proposer_never_asks_for_more_than_before(data, scenario):
    council = council_of(with_changes(scenario, bargaining(data)))
    council.step()
    before = council.level.copy()
    assert (before <= council.draft).all()
    while council.running:
        council.step()
        assert (council.level <= before).all()
        before = council.level.copy()


@given(data=st.data(), scenario=strategies.scenarios(cohesion=None, spread=0.2))
def test_an_adopted_clause_never_changes(data, scenario):
    council = council_of(with_changes(scenario, bargaining(data)))
    while council.running:
        stood, at = council.agreed.copy(), council.level.copy()
        council.step()
        assert council.agreed[stood].all()
        assert (council.level[stood] == at[stood]).all()


@given(scenario=strategies.scenarios(cohesion=None, spread=0.2), floor=strategies.amounts(0.2, 0.9))
def test_one_round_is_the_plain_decision(scenario, floor):
    """Whatever the proposer might concede later, one round is appraisal, consultation and rule."""
    scenario = with_changes(scenario, {f"proposer.floor.{kind}": floor for kind in TYPES})
    council = council_of(scenario)
    council.run_model()
    dealt = council.dealt
    reading = belief.reading(belief.likelihoods(dealt.split + dealt.seen), dealt.keep)
    level = np.ones_like(dealt.gain[0])
    views = np.stack(
        [
            appraisal.appraise(belief.trust(odds, reading), member.stakes, level)
            for odds, member in zip(dealt.odds, council.members)
        ]
    ).astype(council.voices.precision)
    expressed = consultation.consult(views, dealt.cohesion, council.voices)
    stance = rules.stance(expressed, dealt.resolve[:, None])
    assert (council.stance == stance).all()
    assert (council.adopted == rules.Consensus().adopts(stance)).all()


@pytest.mark.parametrize("kind", TYPES)
def test_the_number_of_rounds_changes_no_decision(kind):
    """With the same end level; only the level of what is adopted is found more finely."""
    changes = {"proposer.true_type": kind, "proposer.accepts_part.pretext_seeker": True}
    few = decisions(with_changes(FLAGSHIP, {**changes, "process.rounds": 4}))
    assert 0.1 < few.adopted.mean() < 0.9
    for count in (8, 16, 32):
        many = decisions(with_changes(FLAGSHIP, {**changes, "process.rounds": count}))
        assert (few.adopted == many.adopted).mean() > 0.999
        assert (many.tabled[many.adopted] >= few.tabled[many.adopted] - 1 / 3).all()


@pytest.mark.parametrize("kind", TYPES)
def test_padding_the_opening_never_pays(kind):
    """Asking for more, to come down later, leaves no more trust and wins no more clauses."""
    outcomes = []
    for opening in (0.6, 0.7, 0.8, 0.9, 1.0):
        padded = (opening - 0.6) / 0.4
        found = decisions(
            FLAGSHIP,
            process__rounds=6,
            proposer__true_type=kind,
            proposer__accepts_part__pretext_seeker=True,
            proposer__opening=opening,
            evidence__maximal_demand=padded,
            evidence__moderate_demand=1 - padded,
        )
        outcomes.append((found.trust.mean(), found.adopted.mean()))
    trust, adopted = np.array(outcomes).T
    assert (np.diff(trust) < 0).all()
    assert (np.diff(adopted) < 0.005).all()
    assert adopted[-1] < adopted[0]


# Payments ---------------------------------------------------------------------------------------


@given(scenario=strategies.scenarios(cohesion=None, spread=0.3), step=strategies.amounts(0.01, 0.3))
def test_a_larger_budget_never_loses_a_clause(scenario, step):
    before = decisions(scenario)
    for budget in (step, 2 * step, 4 * step):
        after = decisions(scenario, proposer__budget=budget)
        assert (after.adopted >= before.adopted).all()
        assert (after.spent <= budget + 1e-6).all()
        assert (after.adopted == (before.adopted | after.bought)).all() or budget > step
        before = after
    assert decisions(scenario, proposer__budget=100).adopted.all()


# Packages and all-or-nothing --------------------------------------------------------------------


def package(scenario: Scenario, logroll: float) -> Decisions:
    changes = {"process.kind": "package", "assumptions.logroll": logroll}
    return decisions(with_changes(scenario, changes))


@given(scenario=strategies.scenarios(spread=0.2), logroll=strategies.amounts(0.2, 1))
def test_clauses_that_hurt_nobody_also_pass_as_a_package(scenario, logroll):
    kind = with_changes(
        scenario, {f"clauses.{c}.cost.{k}": 0 for c in scenario.clauses for k in scenario.interests}
    )
    assert decisions(kind).adopted.all()
    assert package(kind, logroll).adopted.all()


@given(scenario=strategies.scenarios(cohesion=None, spread=0.2))
def test_a_package_is_never_kinder_than_its_worst_clause_without_logrolling(scenario):
    alone, together = decisions(scenario), package(scenario, 0.0)
    whole = alone.adopted.all(axis=0)
    assert not (together.adopted & ~whole).any()
    worst = alone.stance.min(axis=1, keepdims=True)
    assert (together.stance <= np.minimum(worst, Stance.ACQUIESCE)).all()


@given(data=st.data(), scenario=strategies.scenarios(cohesion=None, spread=0.3))
def test_all_or_nothing_leaves_all_or_nothing(data, scenario):
    chosen = bargaining(data)
    refuses = {f"proposer.accepts_part.{kind}": False for kind in TYPES}
    takes = {f"proposer.accepts_part.{kind}": True for kind in TYPES}
    part = decisions(with_changes(scenario, chosen | takes))
    whole = decisions(with_changes(scenario, chosen | refuses))
    assert (whole.adopted == part.adopted.all(axis=0)).all()
    assert (whole.withdrawn == part.adopted & ~whole.adopted).all()


# Steps ------------------------------------------------------------------------------------------


def in_steps(scenario: Scenario, stages: list[list[str]], **process: object) -> Scenario:
    rows = [{"clauses": clauses} for clauses in stages]
    made = {"kind": "steps", "stages": rows, **process}
    return from_document({**scenario.origin.document, "process": made})


@given(scenario=strategies.scenarios(cohesion=None, spread=0.2), rounds=st.integers(1, 4))
def test_one_stage_of_everything_is_the_process_clause_by_clause(scenario, rounds):
    floors = {f"proposer.floor.{kind}": 0.3 for kind in TYPES}
    apart = with_changes(scenario, floors | {"process.rounds": rounds})
    staged = with_changes(in_steps(scenario, [list(scenario.clauses)], rounds=rounds), floors)
    one, other = decisions(apart), decisions(staged)
    for name, value in vars(one).items():
        assert np.array_equal(value, getattr(other, name)), name


@given(keep=st.tuples(*[strategies.amounts(0.05, 0.95)] * 3), small=strategies.amounts(0.05, 0.4))
def test_a_kept_promise_never_costs_trust_and_a_broken_one_always_does(keep, small):
    """And the more so the more was at stake; tried in a council whose proposer keeps or breaks."""
    seeker, *others = sorted(keep, reverse=True)
    types = dict(zip(TYPES, (max(seeker, others[0] + 0.04), *others)))
    moved = []
    for cost in (small, 2 * small):
        made = strategies.document(
            members={
                "A": {"population": 1e6, "trust": 0.5, "resolve": 9.0, "weight": {"calm": 1.0}}
            },
            clauses={c: {"gain": {"calm": 0.5}, "cost": {"calm": cost}} for c in ("C1", "C2")},
            interests={"calm": "divisible"},
        )
        for kind, value in types.items():
            made["proposer"]["keep"][kind]["value"] = value
        low = 0.6 * types["expansionist"] + 0.4 * types["pretext_seeker"]
        made["members"]["A"]["trust"] = (low + types["security_seeker"]) / 2
        council = council_of(in_steps(from_document(made), [["C1"], ["C2"]]))
        council.step()
        before = council.trust[0].copy()
        kept = council.kept[0].copy()
        council.step()
        moved.append((council.trust[0] - before, kept))
    (little, kept), (much, kept_much) = moved
    assert kept.any() or kept_much.any() or min(keep) < 0.1
    assert (little[kept] >= -1e-6).all()
    assert (much[kept_much] >= -1e-6).all()
    assert (little[~kept] <= 1e-6).all()
    assert (much[~kept_much] <= 1e-6).all()
    both = kept & kept_much
    assert (much[both] >= little[both] - 1e-6).all()


# Conditions -------------------------------------------------------------------------------------


@given(scenario=strategies.scenarios(spread=0.2))
def test_a_condition_makes_promises_cheaper_to_accept(scenario):
    """What binds only when a telling item comes true is judged as if it had, and weighs less."""
    plain = decisions(scenario)
    conditional = decisions(scenario, process__condition="telling")
    seen = decisions(scenario, evidence__telling=1)
    assert (conditional.adopted >= seen.adopted).all()
    assert (conditional.adopted >= plain.adopted).all()
    assert (conditional.ceiling >= seen.ceiling * 0.999).all()
