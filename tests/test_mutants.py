"""Every law catches a mistake: one sign, comparison or name changed in the simulator."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# law: (file, text that occurs once, what the mutant has instead)
MUTANTS = {
    "test_a_kinder_stance_never_sinks_a_clause": (
        "rules/decisions.py",
        "return objectors(stances) <= self.k",
        "return objectors(stances) >= self.k",
    ),
    "test_what_everybody_affirms_every_rule_adopts": (
        "rules/decisions.py",
        "2 * supporters(stances) > len(stances)",
        "2 * supporters(stances) < len(stances)",
    ),
    "test_what_consensus_adopts_every_rule_of_silent_consent_adopts": (
        "rules/decisions.py",
        "return objectors(stances[list(self.seats)]) == 0",
        "return objectors(stances[list(self.seats)]) > 0",
    ),
    "test_the_silences_needed_are_those_that_trying_finds": (
        "rules/decisions.py",
        "objectors(stances) - support + 1",
        "objectors(stances) - support - 1",
    ),
    "test_an_objection_that_does_not_count_is_as_good_as_silence": (
        "rules/decisions.py",
        "self.quota, self._vetoes(stances), NEVER)",
        "self.quota, objectors(stances), NEVER)",
    ),
    "test_more_trust_never_lowers_an_appraisal": (
        "appraisal.py",
        "return trust * stakes.gain - stakes.principle",
        "return -trust * stakes.gain - stakes.principle",
    ),
    "test_scaling_weights_and_resolve_together_changes_no_stance": (
        "appraisal.py",
        "burden = weight * exposure",
        "burden = weight + exposure",
    ),
    "test_tabling_exactly_a_ceiling_passes_and_a_hair_more_does_not": (
        "appraisal.py",
        "root = np.sqrt(motive**2 + 4 * curvature * resolve)",
        "root = np.sqrt(motive**2 + 2 * curvature * resolve)",
    ),
    "test_one_member_that_always_objects_leaves_nothing": (
        "rules/stances.py",
        "silent = expressed >= patience",
        "silent = expressed <= patience",
    ),
    "test_a_member_that_never_objects_never_matters": (
        "rules/stances.py",
        "return _count(stances == OBJECT)",
        "return _count(stances != OBJECT)",
    ),
    "test_adding_a_member_never_adds_a_surviving_clause": (
        "rules/decisions.py",
        "return objectors(stances) <= self.k",
        "return objectors(stances) > self.k",
    ),
    "test_a_member_whose_ceiling_lies_above_anothers_changes_no_decision": (
        "exact.py",
        "appraisal.ceiling(motive[place], curvature",
        "appraisal.ceiling(-motive[place], curvature",
    ),
    "test_the_survivable_level_is_the_highest_that_trying_finds": (
        "exact.py",
        "(limit > level), limit, level)",
        "(limit < level), limit, level)",
    ),
    "test_the_price_is_that_of_the_cheapest_silence": (
        "exact.py",
        "np.clip(silences - 1,",
        "np.clip(silences + 1,",
    ),
    "test_in_the_best_package_no_member_objects": (
        "outlook.py",
        "np.maximum(curvature, 0)",
        "np.minimum(curvature, 0)",
    ),
    "test_where_good_clauses_pay_in_full_one_text_is_as_good_as_clause_by_clause": (
        "analysis/treaty.py",
        "levels = np.minimum(ceiling, tabled)",
        "levels = np.maximum(ceiling, tabled)",
    ),
    "test_no_package_that_trying_finds_is_worth_more_than_the_best": (
        "analysis/package.py",
        "multipliers @ text.resolve + (",
        "multipliers @ text.resolve - (",
    ),
    "test_a_first_step_works_where_honesty_pays_the_honest_alone": (
        "analysis/steps.py",
        "low = feigned / (2 * feigned - honest + risk)",
        "low = feigned / (2 * feigned + honest + risk)",
    ),
    "test_evidence_equally_likely_under_all_types_changes_nothing": (
        "belief.py",
        "np.clip(evidence - evidence[SEEKER],",
        "np.clip(evidence + evidence[SEEKER],",
    ),
    "test_two_types_equal_in_an_item_keep_their_mutual_odds": (
        "belief.py",
        "likelihood[PRETEXT]]) / total",
        "likelihood[PRETEXT]]) - total",
    ),
    "test_the_order_of_evidence_is_irrelevant": (
        "council/council.py",
        "self.evidence = self.evidence + REAL(count)",
        "self.evidence = -self.evidence + REAL(count)",
    ),
    "test_beliefs_sum_to_one_and_mix_into_trust": (
        "belief.py",
        "(odds * reading.seeker + reading.kept)",
        "(odds * reading.seeker - reading.kept)",
    ),
    "test_trust_at_the_centre_is_what_the_roster_says": (
        "belief.py",
        "np.log((trust - low) / (high - trust))",
        "np.log((trust + low) / (high - trust))",
    ),
    "test_what_trust_already_contains_is_not_added_again": (
        "worlds.py",
        "dtype.type(item.count - included)",
        "dtype.type(item.count + included)",
    ),
    "test_consultation_is_the_recursion_that_defines_it": (
        "consultation.py",
        "taken[:rest] * moments[0] - moments[1:]",
        "taken[:rest] * moments[0] + moments[1:]",
    ),
    "test_a_member_with_nobody_to_listen_to_keeps_its_own_view": (
        "consultation.py",
        "np.where(listens, pull * voice, -1.0)",
        "np.where(listens, pull * voice, 1.0)",
    ),
    "test_everybody_listens_to_the_others_and_not_to_itself": (
        "consultation.py",
        "others = voice.sum() - voice",
        "others = voice.sum() + voice",
    ),
    "test_reordering_members_or_clauses_changes_no_decision": (
        "council/council.py",
        "self.adopted[hanging] &= self.adopted[self.hosts[hanging]]",
        "self.adopted &= self.adopted[-self.hosts]",
    ),
    "test_a_world_is_the_same_in_a_run_of_a_hundred_and_of_a_thousand": (
        "dice.py",
        "return slice(offset, offset + self.stop - self.first)",
        "return slice(offset, offset + self.stop + self.first)",
    ),
    "test_another_seed_gives_other_worlds_and_zero_is_a_seed": (
        "dice.py",
        "for number in (seed, key, *page)",
        "for number in (0, key, *page)",
    ),
    "test_a_new_member_leaves_the_dice_of_the_others_alone": (
        "worlds.py",
        'f"members.{name}" for name in',
        'f"members.{len(scenario.seats)}.{name}" for name in',
    ),
    "test_moving_a_centre_keeps_the_dice": (
        "worlds.py",
        "noise *= number.value[:, :thrown, None]",
        "noise += number.value[:, :thrown, None]",
    ),
    "test_equal_members_with_own_noise_agree_as_often_as_chance_says": (
        "worlds.py",
        "log_odds = trust.value + trust.band * own + common",
        "log_odds = trust.value + trust.band * own * own + common",
    ),
    "test_raw_floats_are_the_same_at_every_size_of_block": (
        "dice.py",
        "offset = self.first % PAGE",
        "offset = self.first % (PAGE - 1)",
    ),
    "test_raw_floats_are_the_same_one_world_at_a_time": (
        "dice.py",
        "offset = self.first % PAGE",
        "offset = 0 * self.first",
    ),
    "test_tallies_add_up_to_the_same_bytes": (
        "outcome.py",
        "mine[name] + theirs[name]",
        "mine[name] + mine[name]",
    ),
    "test_an_observation_can_be_undone_by_its_opposite": (
        "council/council.py",
        "+ REAL(count) * self.dealt.items[item]",
        "+ REAL(abs(count)) * self.dealt.items[item]",
    ),
}

MUTANTS |= {
    "test_the_proposer_never_asks_for_more_than_before": (
        "tactics.py",
        "return start - np.maximum(start - floor, 0)",
        "return start + np.maximum(start - floor, 0)",
    ),
    "test_an_adopted_clause_never_changes": (
        "council/acts.py",
        "council.level[rows] = np.where(open_,",
        "council.level[rows] = np.where(open_ | True,",
    ),
    "test_a_larger_budget_never_loses_a_clause": (
        "tactics.py",
        "np.where(bill <= budget,",
        "np.where(bill >= budget,",
    ),
    "test_one_round_is_the_plain_decision": (
        "council/members.py",
        "progress = council.round / max(",
        "progress = (1 + council.round) / max(",
    ),
    "test_the_number_of_rounds_changes_no_decision": (
        "council/council.py",
        "HELD_FIRM: np.maximum(progress - conceded, 0)",
        "HELD_FIRM: np.maximum(self.round - conceded, 0)",
    ),
    "test_padding_the_opening_never_pays": (
        "council/council.py",
        "{CONCEDED: conceded,",
        "{CONCEDED: 9 * conceded,",
    ),
    "test_clauses_that_hurt_nobody_also_pass_as_a_package": (
        "tactics.py",
        "return losses + logroll *",
        "return losses - logroll *",
    ),
    "test_a_package_is_never_kinder_than_its_worst_clause_without_logrolling": (
        "tactics.py",
        "np.minimum(views, 0).sum(",
        "np.maximum(views, 0).sum(",
    ),
    "test_a_kept_promise_never_costs_trust_and_a_broken_one_always_does": (
        "council/council.py",
        "np.where(self.kept[self.stage], kept, 1 - kept)",
        "np.where(self.kept[self.stage], 1 - kept, kept)",
    ),
    "test_all_or_nothing_leaves_all_or_nothing": (
        "council/council.py",
        "self.adopted & self.adopted[rows].all(axis=CLAUSES)",
        "self.adopted & ~self.adopted[rows].all(axis=CLAUSES)",
    ),
    "test_one_stage_of_everything_is_the_process_clause_by_clause": (
        "scenario/tables.py",
        'if self.process.kind == "steps":',
        'if self.process.kind != "steps":',
    ),
    "test_a_condition_makes_promises_cheaper_to_accept": (
        "belief.py",
        "come = np.exp(np.minimum(item, 0))",
        "come = np.exp(-np.minimum(item, 0))",
    ),
}
"""Laws of negotiation, in `tests/test_laws_of_negotiation.py`."""

SHOWN = {"test_with_consultation_a_member_that_never_objects_can_matter"}
"""Counter-examples: shown, not asserted as laws."""


def laws() -> set[str]:
    text = "".join(path.read_text("utf-8") for path in (ROOT / "tests").glob("test_laws*.py"))
    return set(re.findall(r"^def (test_\w+)", text, re.MULTILINE)) - SHOWN


def test_every_law_has_a_mutant():
    assert set(MUTANTS) == laws()


def test_the_page_of_laws_lists_every_law_and_its_mutant():
    page = (ROOT / "docs" / "laws.md").read_text("utf-8")
    for law, (_, text, mutant) in MUTANTS.items():
        row = next((line for line in page.splitlines() if f"`{law}`" in line), "")
        assert f"`{text}`" in row, law
        assert f"`{mutant}`" in row, law


@pytest.mark.parametrize("law", MUTANTS)
def test_what_a_mutant_changes_is_still_there(law):
    file, text, _ = MUTANTS[law]
    assert (ROOT / "sim" / file).read_text("utf-8").count(text) == 1


def copy(folder: Path) -> None:
    for name in ("sim", "scenarios", "tests", "dashboard", "pyproject.toml"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)


def outcome(folder: Path, law: str) -> tuple[int, str]:
    """Exit code of pytest for one law in a copy of the project (1: a test failed), and its words."""
    command = [sys.executable, "-m", "pytest", "-x", "-p", "no:randomly", "-p", "no:cacheprovider"]
    run = subprocess.run(
        [*command, "tests/test_laws.py", "tests/test_laws_of_negotiation.py", "-k", law],
        cwd=folder,
        env=os.environ | {"HYPOTHESIS_PROFILE": "quick", "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    return run.returncode, run.stdout


def survives(folder: Path, law: str) -> str:
    """An empty string when the law catches its mutant, else what happened instead."""
    copy(folder)
    file, text, mutant = MUTANTS[law]
    source = (folder / "sim" / file).read_text("utf-8")
    (folder / "sim" / file).write_text(source.replace(text, mutant), "utf-8")
    code, said = outcome(folder, law)
    return "" if code == 1 else f"{law} (exit code {code}): {said[-400:]}"


@pytest.mark.slow
def test_every_law_catches_its_mutant(tmp_path):
    with ThreadPoolExecutor(2) as pool:
        found = pool.map(lambda law: survives(tmp_path / law, law), MUTANTS)
    assert not [line for line in found if line]


@pytest.mark.slow
def test_without_a_mutant_the_laws_hold_in_the_copy(tmp_path):
    copy(tmp_path)
    code, said = outcome(tmp_path, "test_")
    assert code == 0, said
