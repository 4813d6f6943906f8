"""What must hold, whatever the scenario. `docs/laws.md` lists these laws with what each catches."""

from __future__ import annotations

import itertools
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sim import appraisal, consultation, exact, rules
from sim.analysis.package import GAP, best_package
from sim.analysis.steps import Payoffs, first_step
from sim.analysis.treaty import best_treaties
from sim.appraisal import Stakes
from sim.council import Council
from sim.outcome import Tally
from sim.rules import NEVER, RULES, Stance
from sim.scenario import Scenario, from_document, load, with_changes
from sim.worlds import Sampler, central, draw
from tests import strategies
from tests.strategies import KEEP

EVERY_RULE = pytest.mark.parametrize("name", RULES)
CONSENT = pytest.mark.parametrize("name", ["consensus", "consensus-2", "only:"])


def decided(scenario: Scenario, worlds: int = 1, seed: int | None = None) -> Council:
    """A council that has decided: in the central world, or in worlds of a seed."""
    council = Council(scenario, worlds=0, rng=0)
    council.deal(central(scenario) if seed is None else draw(scenario, seed, 0, worlds))
    council.run_model()
    return council


def survivors(scenario: Scenario) -> set[str]:
    adopted = decided(scenario).adopted[:, 0]
    return {name for name, stands in zip(scenario.clauses, adopted) if stands}


# Stances and rules ------------------------------------------------------------------------------


@EVERY_RULE
@given(stances=strategies.stances())
def test_a_kinder_stance_never_sinks_a_clause(name, stances):
    rule = strategies.rule(name, len(stances))
    for place in range(len(stances)):
        kinder = stances.copy()
        kinder[place] = np.minimum(kinder[place] + 1, Stance.SUPPORT)
        assert (rule.adopts(kinder) >= rule.adopts(stances)).all()


@EVERY_RULE
@given(stances=strategies.stances())
def test_what_everybody_affirms_every_rule_adopts(name, stances):
    stances[:, 0] = Stance.SUPPORT
    affirmed = rules.AffirmativeUnanimity().adopts(stances)
    assert affirmed[0].all()
    assert strategies.rule(name, len(stances)).adopts(stances)[affirmed].all()


@CONSENT
@given(stances=strategies.stances())
def test_what_consensus_adopts_every_rule_of_silent_consent_adopts(name, stances):
    stances[:, 0] = np.maximum(stances[:, 0], Stance.ACQUIESCE)
    agreed = rules.Consensus().adopts(stances)
    assert agreed[0].all()
    assert strategies.rule(name, len(stances)).adopts(stances)[agreed].all()


@EVERY_RULE
@given(stances=strategies.stances())
def test_the_silences_needed_are_those_that_trying_finds(name, stances):
    rule = strategies.rule(name, len(stances))
    present = rule.present(len(stances))
    for c, d in itertools.product(*map(range, stances.shape[1:])):
        column = stances[:, c : c + 1, d : d + 1]
        objectors = np.flatnonzero((column[:, 0, 0] == Stance.OBJECT) & present)
        sets = (
            some
            for count in range(len(objectors) + 1)
            for some in itertools.combinations(objectors, count)
        )
        found = next((len(some) for some in sets if rule.adopts(silenced(column, some))), NEVER)
        assert rule.silences(stances)[c, d] == found


@EVERY_RULE
@given(stances=strategies.stances())
def test_an_objection_that_does_not_count_is_as_good_as_silence(name, stances):
    rule = strategies.rule(name, len(stances))
    idle = np.flatnonzero(~rule.stops(len(stances)))
    assert (rule.adopts(silenced(stances, idle)) == rule.adopts(stances)).all()
    assert (rule.silences(silenced(stances, idle)) == rule.silences(stances)).all()


def silenced(stances, who):
    """The stances with the objections of some members gone."""
    quiet = stances.copy()
    quiet[list(who)] = np.maximum(quiet[list(who)], Stance.ACQUIESCE)
    return quiet


# Appraisals -------------------------------------------------------------------------------------


@given(
    numbers=st.tuples(*[strategies.amounts()] * 4),
    level=strategies.amounts(0.1, 1),
    more=strategies.amounts(),
)
def test_more_trust_never_lowers_an_appraisal(numbers, level, more):
    gain, principle, divisible, trust = (np.array([value]) for value in numbers)
    stakes = Stakes(gain, principle, divisible)
    higher = np.minimum(trust + more, 1)
    before = appraisal.appraise(trust, stakes, level)
    after = appraisal.appraise(higher, stakes, level)
    assert after >= before
    assert after > before or gain * level * (higher - trust) < 1e-9


@given(scenario=strategies.scenarios(), factor=st.sampled_from([0.5, 2.0, 8.0]))
def test_scaling_weights_and_resolve_together_changes_no_stance(scenario, factor):
    scaled = with_changes(
        scenario,
        {
            f"members.{iso}.{part}": value * factor
            for iso, member in scenario.seats.items()
            for part, value in [
                ("resolve", member.resolve.value),
                *((f"weight.{k}", number.value) for k, number in member.weight.items()),
            ]
        },
    )
    before, after = decided(scenario), decided(scaled)
    margin = np.abs(np.abs(before.expressed) - before.dealt.resolve[:, None])
    clear = margin > 1e-5
    assert (before.stance == after.stance)[clear].all()


@given(scenario=strategies.scenarios(cohesion=None))
def test_tabling_exactly_a_ceiling_passes_and_a_hair_more_does_not(scenario):
    council = decided(scenario)
    ceiling = council.decisions().ceiling
    # Beyond level 2 nothing can be tabled, and single precision rounds by more than the slack.
    levels = np.where(ceiling < 2, ceiling, 1).astype(ceiling.dtype)
    for place in range(len(scenario.seats)):
        bounded = (levels[place] == ceiling[place])[:, 0]
        council.deal(council.dealt)
        council.table(levels[place])
        council.step()
        assert (council.stance[place, :, 0] != Stance.OBJECT)[bounded].all()
        council.table(levels[place] * 1.001 + 1e-4)
        council.step()
        slope = np.abs(council.expressed[place, :, 0] + council.dealt.resolve[place, 0])
        assert (council.stance[place, :, 0] == Stance.OBJECT)[bounded & (slope > 1e-5)].all()


# Consensus without consultation -----------------------------------------------------------------


@given(scenario=strategies.scenarios())
def test_one_member_that_always_objects_leaves_nothing(scenario):
    iso = next(iter(scenario.seats))
    parts = [f"clauses.{c}.cost.honour" for c in scenario.clauses]
    parts += [f"members.{iso}.weight.honour", f"members.{iso}.exposure.honour"]
    against = with_changes(scenario, dict.fromkeys(parts, 10.0))
    assert not survivors(against)


@given(scenario=strategies.scenarios())
def test_a_member_that_never_objects_never_matters(scenario):
    council = decided(scenario)
    for place, iso in enumerate(scenario.seats):
        if len(scenario.seats) > 1 and (council.stance[place] != Stance.OBJECT).all():
            assert survivors(with_changes(scenario, {"members.drop": iso})) == survivors(scenario)


@given(scenario=strategies.scenarios())
def test_adding_a_member_never_adds_a_surviving_clause(scenario):
    assume(len(scenario.seats) > 1)
    for iso in scenario.seats:
        assert survivors(with_changes(scenario, {"members.drop": iso})) >= survivors(scenario)


@given(scenario=strategies.scenarios())
def test_a_member_whose_ceiling_lies_above_anothers_changes_no_decision(scenario):
    assume(len(scenario.seats) > 1)
    ceilings = decided(scenario).decisions().ceiling[:, :, 0]
    for place, iso in enumerate(scenario.seats):
        others = np.delete(ceilings, place, axis=0).min(axis=0)
        with_it = survivors(scenario)
        without = survivors(with_changes(scenario, {"members.drop": iso}))
        for c, clause in enumerate(scenario.clauses):
            if ceilings[place, c] > others[c]:
                assert (clause in with_it) == (clause in without)


def test_with_consultation_a_member_that_never_objects_can_matter():
    """A counter-example to show, not a law: members talk each other round."""
    scenario = load("draft-treaty-2021")
    alone = with_changes(scenario, {"assumptions.cohesion": 0.5})
    council = decided(alone)
    place = list(scenario.seats).index("DEU")
    assert (council.stance[place, list(scenario.clauses).index("N5.1")] != Stance.OBJECT).all()
    quiet = ["DEU", "FRA", "ITA", "ESP", "TUR", "CAN", "NLD", "BEL"]
    without = with_changes(alone, {"members.drop": ",".join(quiet)})
    assert "N5.1" in survivors(alone)
    assert "N5.1" not in survivors(without)


# Exact companions -------------------------------------------------------------------------------


@EVERY_RULE
@given(data=st.data())
def test_the_survivable_level_is_the_highest_that_trying_finds(name, data):
    members = data.draw(st.integers(2, 5))
    rule = strategies.rule(name, members)

    def drawn(low, high):
        values = data.draw(
            st.lists(strategies.amounts(low, high), min_size=members, max_size=members)
        )
        return np.array(values)[:, None, None]

    motive, curvature, resolve = drawn(-0.5, 1), drawn(0.05, 1), drawn(0.01, 0.1)
    level, _, binding = exact.survivable(rule, motive, curvature, resolve)
    tried = np.linspace(0.001, 25, 25_000)[None, None]
    adopted = rule.adopts(rules.stance((motive - curvature * tried) * tried, resolve))[0]
    highest = tried[0, 0][adopted].max(initial=0)
    # Between two tried levels, or narrower than one step, the sweep sees what trying cannot.
    assert level[0, 0] >= highest - 2e-3
    at_level = (motive - curvature * level) * level
    if level[0, 0] > 0:
        nudged = np.where(np.abs(at_level - resolve) < 1e-9, resolve + 1e-9, at_level)
        assert rule.adopts(rules.stance(nudged, resolve))[0, 0]
        assert binding.any()
        assert np.abs(at_level)[binding] == pytest.approx(resolve[binding], abs=1e-6)


@EVERY_RULE
@given(stances=strategies.stances(), data=st.data())
def test_the_price_is_that_of_the_cheapest_silence(name, stances, data):
    rule = strategies.rule(name, len(stances))
    present = rule.present(len(stances))
    size = stances.size
    owed = data.draw(st.lists(strategies.amounts(0.01, 1), min_size=size, max_size=size))
    short = np.where(stances == Stance.OBJECT, np.array(owed).reshape(stances.shape), 0)
    stops = rule.stops(len(stances))
    price = exact.price(stances, short, rule.silences(stances), stops)
    for c, d in itertools.product(*map(range, stances.shape[1:])):
        column = stances[:, c : c + 1, d : d + 1]
        objectors = np.flatnonzero((column[:, 0, 0] == Stance.OBJECT) & present)
        cheapest = np.inf
        for count in range(len(objectors) + 1):
            for bought in itertools.combinations(objectors, count):
                if rule.adopts(silenced(column, bought))[0, 0]:
                    cheapest = min(cheapest, short[list(bought), c, d].sum())
        assert price[c, d] == pytest.approx(cheapest)


# The best treaty --------------------------------------------------------------------------------


@given(scenario=strategies.scenarios(cohesion=None), logroll=strategies.amounts())
def test_in_the_best_package_no_member_objects(scenario, logroll):
    package = with_changes(scenario, {"process.kind": "package", "assumptions.logroll": logroll})
    best, council = best_treaties(package), Council(package, worlds=0, rng=0)
    for levels in (best.package.levels, best.earnest):
        council.deal(central(package))
        council.table(levels)
        council.step()
        assert (council.stance != Stance.OBJECT).all()


@given(scenario=strategies.scenarios(cohesion=None))
def test_where_good_clauses_pay_in_full_one_text_is_as_good_as_clause_by_clause(scenario):
    without = with_changes(scenario, {"members.*.resolve": 0.0, "assumptions.logroll": 1.0})
    best = best_treaties(without)
    assert best.package.dual >= best.worth(best.alone) - 1e-9
    assert best.package.primal >= best.worth(best.alone) - GAP


@given(numbers=strategies.councils(), logroll=strategies.amounts())
def test_no_package_that_trying_finds_is_worth_more_than_the_best(numbers, logroll):
    motive, curvature, resolve, value = numbers
    best = best_package(motive, curvature, resolve, value, logroll=logroll)
    assert best.primal == value @ best.levels
    assert -1e-12 <= best.gap <= GAP
    axes = np.meshgrid(*[np.linspace(0, 1, 41)] * len(value), indexing="ij")
    tried = np.stack([axis.ravel() for axis in axes])
    views = (motive[..., None] - curvature[..., None] * tried) * tried
    whole = np.minimum(views, logroll * views).sum(axis=1)
    accepted = (whole >= -resolve[:, None]).all(axis=0)
    assert (value @ tried)[accepted].max() <= best.dual + 1e-12


@given(
    prior=strategies.amounts(),
    step=strategies.amounts(0.001),
    cheat=strategies.amounts(0, 0.9),
    others=strategies.amounts(1.1, 3),
)
def test_a_first_step_works_where_honesty_pays_the_honest_alone(prior, step, cheat, others):
    """The game played out: a step, and the rest where both have taken it."""
    pay, rest = Payoffs(1, 1, cheat, others), 1 - step
    risked = (1 - prior) * step * pay.loss
    honest = prior * pay.both - risked - prior * step * pay.trustworthy
    feigned = prior * (step * pay.both + rest * pay.untrustworthy) - risked
    caught = feigned - prior * step * pay.untrustworthy
    assume(prior > 0 and min(abs(honest), abs(caught)) > 1e-9)
    found = first_step(prior, pay)
    assert (honest > 0 > caught) == (found is not None and found[0] <= step <= found[1])


# Belief -----------------------------------------------------------------------------------------


def believed(scenario: Scenario, *seen: str) -> np.ndarray:
    """Every member's belief in the central world after some evidence. (M, T)."""
    council = decided(scenario)
    for item in seen:
        council.observe(item)
    council.table(council.asked)
    council.step()
    return np.stack([member.belief[:, 0] for member in council.members])


@given(scenario=strategies.scenarios())
def test_evidence_equally_likely_under_all_types_changes_nothing(scenario):
    assert believed(scenario, "common") == pytest.approx(believed(scenario), abs=1e-6)
    assert believed(scenario, "telling") != pytest.approx(believed(scenario), abs=1e-6)


@given(scenario=strategies.scenarios())
def test_two_types_equal_in_an_item_keep_their_mutual_odds(scenario):
    before, after = believed(scenario), believed(scenario, "twins")
    assert after[:, 1] / after[:, 2] == pytest.approx(before[:, 1] / before[:, 2], rel=1e-5)
    assert (after[:, 0] > before[:, 0]).all()


@given(scenario=strategies.scenarios())
def test_the_order_of_evidence_is_irrelevant(scenario):
    one = believed(scenario, "telling", "twins")
    other = believed(scenario, "twins", "telling")
    assert one == pytest.approx(other, abs=1e-6)


@given(scenario=strategies.scenarios())
def test_beliefs_sum_to_one_and_mix_into_trust(scenario):
    council = decided(scenario)
    for member in council.members:
        assert member.belief[:, 0].sum() == pytest.approx(1, abs=1e-6)
        assert member.trust[0] == pytest.approx(member.belief[:, 0] @ KEEP, abs=1e-6)


@given(scenario=strategies.scenarios())
def test_trust_at_the_centre_is_what_the_roster_says(scenario):
    stated = [member.trust.value for member in scenario.seats.values()]
    assert decided(scenario).trust[:, 0] == pytest.approx(stated, abs=1e-6)


@given(scenario=strategies.scenarios())
def test_what_trust_already_contains_is_not_added_again(scenario):
    document = {**scenario.origin.document}
    item = {**document["evidence"]["telling"], "count": 2}
    document["evidence"] = {**document["evidence"], "telling": item}
    seen = from_document(document)
    assert decided(seen).trust == pytest.approx(decided(scenario).trust)
    forgotten = with_changes(seen, {"evidence.telling": 0})
    assert (decided(forgotten).trust < decided(seen).trust).all()


# Consultation -----------------------------------------------------------------------------------


@given(data=st.data(), cohesion=strategies.amounts(), times=st.integers(0, 4))
def test_consultation_is_the_recursion_that_defines_it(data, cohesion, times):
    views = np.array(data.draw(st.lists(strategies.amounts(-1, 1), min_size=1, max_size=5)))
    people = np.arange(1, len(views) + 1) * 1e6
    present = np.ones(len(views), bool)
    voice, listening = np.log1p(people / 1e6), np.eye(len(views))
    if len(views) > 1:
        listening = np.tile(voice, (len(views), 1)) * (1 - np.eye(len(views)))
        listening /= listening.sum(axis=1, keepdims=True)
    heard = views.copy()
    for _ in range(times):
        heard = (1 - cohesion) * views + cohesion * listening @ heard
    voices = consultation.voices(list(people), present, times)
    expressed = consultation.consult(views[:, None, None], np.array([cohesion]), voices)
    assert expressed[:, 0, 0] == pytest.approx(heard)


@given(view=strategies.amounts(-1, 1), cohesion=strategies.amounts())
def test_a_member_with_nobody_to_listen_to_keeps_its_own_view(view, cohesion):
    present = np.array([True, False, False])
    voices = consultation.voices([1e6, 2e6, 3e6], present, times=2)
    views = np.array([view, -1.0, 1.0])[:, None, None]
    expressed = consultation.consult(views, np.array([cohesion]), voices)
    assert expressed == pytest.approx(views)


@given(people=st.lists(st.floats(1e5, 3e8), min_size=2, max_size=6))
def test_everybody_listens_to_the_others_and_not_to_itself(people):
    voices = consultation.voices(people, np.ones(len(people), bool), times=1)
    units = np.eye(len(people))[..., None]
    listening = consultation.consult(units, np.ones(1), voices)[..., 0]
    assert listening.sum(axis=1) == pytest.approx(1)
    assert np.diag(listening) == pytest.approx(0)
    assert (listening >= -1e-12).all()


# Worlds -----------------------------------------------------------------------------------------

FLAGSHIP = load("draft-treaty-2021")


def reordered(scenario: Scenario, table: str) -> Scenario:
    """The scenario with a table of its document turned round; a roster is written out first."""
    document = {**scenario.origin.document}
    if table == "members":
        rows = {iso: member.model_dump(exclude_none=True) for iso, member in scenario.seats.items()}
        document["members"] = strategies.GUESS | dict(reversed(rows.items()))
    else:
        document[table] = dict(reversed(document[table].items()))
    return from_document(document)


@pytest.mark.parametrize("table", ["members", "clauses"])
def test_reordering_members_or_clauses_changes_no_decision(table):
    before, after = (
        decided(scenario, 512, seed=3) for scenario in (FLAGSHIP, reordered(FLAGSHIP, table))
    )
    turn = {"members": np.s_[::-1], "clauses": np.s_[:, ::-1]}[table]
    assert (before.stance == after.stance[turn]).all()
    assert (before.adopted == (after.adopted if table == "members" else after.adopted[::-1])).all()


def test_a_world_is_the_same_in_a_run_of_a_hundred_and_of_a_thousand():
    few, many = draw(FLAGSHIP, 7, 0, 100), draw(FLAGSHIP, 7, 0, 1000)
    late = draw(FLAGSHIP, 7, 50, 300)
    for name in ("odds", "resolve", "weight", "exposure", "gain", "cost", "cohesion", "keep"):
        whole = getattr(many, name)
        assert (getattr(few, name)[..., few.shown] == whole[..., :100]).all()
        assert (getattr(late, name)[..., late.shown] == whole[..., 50:300]).all()


def test_another_seed_gives_other_worlds_and_zero_is_a_seed():
    zero, one = draw(FLAGSHIP, 0, 0, 256), draw(FLAGSHIP, 1, 0, 256)
    assert (zero.odds != one.odds).mean() > 0.99
    assert (zero.odds == draw(FLAGSHIP, 0, 0, 256).odds).all()


def test_a_new_member_leaves_the_dice_of_the_others_alone():
    thirty = draw(FLAGSHIP, 5, 0, 256)
    more = with_changes(FLAGSHIP, {"members.roster": "2024"})
    places = [list(more.seats).index(iso) for iso in FLAGSHIP.seats]
    joined = draw(more, 5, 0, 256)
    for name in ("odds", "resolve", "weight", "exposure"):
        assert (getattr(joined, name)[places] == getattr(thirty, name)).all()
    assert (joined.gain == thirty.gain).all()
    assert (joined.cohesion == thirty.cohesion).all()


def test_moving_a_centre_keeps_the_dice():
    moved = with_changes(FLAGSHIP, {"members.POL.resolve": 0.06, "rule": "majority"})
    before, after = draw(FLAGSHIP, 5, 0, 256), draw(moved, 5, 0, 256)
    place = list(FLAGSHIP.seats).index("POL")
    assert after.resolve[place] == pytest.approx(2 * before.resolve[place], rel=1e-5)
    assert (np.delete(after.resolve, place, 0) == np.delete(before.resolve, place, 0)).all()


@pytest.mark.parametrize(("members", "silent"), [(1, 0.9), (5, 0.9), (30, 0.95)])
def test_equal_members_with_own_noise_agree_as_often_as_chance_says(members, silent):
    """Survival p^n; share of worlds with exactly one objector n(1-p)p^(n-1)."""
    worlds = 8192
    scenario = strategies.equals(members, NormalDist().inv_cdf(silent), spread=0.5)
    council = decided(scenario, worlds, seed=1)
    for found, expected in (
        (council.adopted[0].mean(), silent**members),
        (
            (rules.objectors(council.stance)[0] == 1).mean(),
            members * (1 - silent) * silent ** (members - 1),
        ),
    ):
        assert abs(found - expected) < 4 * np.sqrt(expected * (1 - expected) / worlds)


# The same bits, however the worlds are dealt ----------------------------------------------------


def played(size: int, stop: int = 1024) -> dict[str, np.ndarray]:
    """Raw floats of the first worlds of a seed, dealt in blocks of a size."""
    council, sampler = Council(FLAGSHIP, worlds=0, rng=0), Sampler(FLAGSHIP, 9)
    parts: dict[str, list[np.ndarray]] = {}
    for start in range(0, stop, size):
        council.deal(sampler.worlds(start, min(start + size, stop)))
        council.run_model()
        found = {
            "trust": council.trust,
            "appraisal": council.appraisal,
            "expressed": council.expressed,
        }
        kept = {name: value[..., council.dealt.shown].copy() for name, value in found.items()}
        kept |= {"ceiling": council.decisions().ceiling, "price": council.decisions().price}
        for name, value in kept.items():
            parts.setdefault(name, []).append(value.copy())
    return {name: np.concatenate(values, axis=-1) for name, values in parts.items()}


@pytest.mark.parametrize("size", [7, 256, 1000])
def test_raw_floats_are_the_same_at_every_size_of_block(size):
    whole, apart = played(1024), played(size)
    for name in whole:
        assert whole[name].tobytes() == apart[name].tobytes(), name


def test_raw_floats_are_the_same_one_world_at_a_time():
    whole, apart = played(1024), played(1, stop=40)
    for name in whole:
        assert whole[name][..., :40].tobytes() == apart[name].tobytes(), name


@pytest.mark.parametrize("size", [100, 256, 512])
def test_tallies_add_up_to_the_same_bytes(size):
    council, sampler = Council(FLAGSHIP, worlds=0, rng=0), Sampler(FLAGSHIP, 9)

    def tally(start: int, stop: int) -> Tally:
        council.deal(sampler.worlds(start, stop))
        council.run_model()
        return Tally.of(council.decisions())

    whole = tally(0, 1024)
    parts = [tally(start, min(start + size, 1024)) for start in range(0, 1024, size)]
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    assert [name for name in vars(whole) if not same_bytes(total, whole, name)] == []


def same_bytes(one: Tally, other: Tally, name: str) -> bool:
    """Asked by name: to show where a hundred thousand bytes differ takes minutes."""
    first, second = (np.asarray(getattr(each, name)).tobytes() for each in (one, other))
    return first == second


def test_an_observation_can_be_undone_by_its_opposite():
    """The same evidence counted once and minus once leaves every appraisal as it was."""
    council = decided(FLAGSHIP, 256, seed=2)
    before = council.appraisal.copy()
    found = []
    for count in (1, -1):
        council.observe("step_back", count)
        council.table(council.asked)
        council.step()
        found.append(council.appraisal.copy())
    assert found[0] != pytest.approx(before, abs=1e-3)
    assert found[1] == pytest.approx(before, abs=1e-6)
