"""What would save a clause."""

from __future__ import annotations

import pytest

from sim import centre, load, run, story, with_changes
from sim.analysis.rescue import OTHER_RULES, other_rules, rescue
from sim.scenario import names


@pytest.mark.parametrize("name", sorted({*names()} - {"pretext-seeker"}))
def test_other_rules_take_what_they_take_when_they_are_in_force(name):
    scenario = load(name)
    if scenario.rule.name.startswith("only:"):
        pytest.skip("others are not heard there")
    once = with_changes(scenario, {"process.kind": "clauses", "process.rounds": 1})
    for rule, taken in other_rules(once).items():
        survival = centre(with_changes(once, {"rule": rule})).survival
        assert taken == {clause for clause, share in survival.items() if share}


def test_the_rule_in_force_is_not_another_and_two_members_cannot_pass_over_two():
    assert set(other_rules(load("draft-treaty-2021"))) == set(OTHER_RULES)
    scenario = with_changes(load("three-neighbours"), {"members.drop": ["SEA"]})
    assert "consensus-2" not in other_rules(scenario)


def test_the_killers_silence_saves_a_clause_and_so_does_its_ceiling():
    scenario = load("draft-treaty-2021")
    found = rescue(run(scenario, worlds=1000), "N5.1", other_rules(scenario))
    assert set(found.killers) == {"EST", "LVA", "LTU", "POL"}
    silent = {f"members.{iso}.resolve": 100.0 for iso in found.killers}
    assert run(with_changes(scenario, silent), worlds=1000).survival["N5.1"] > 0.5
    lower = with_changes(scenario, {"clauses.N5.1.level": found.ceiling - 0.01})
    assert run(lower, worlds=1000).survival["N5.1"] > 0.5
    assert run(scenario, worlds=1000).survival["N5.1"] < 0.5


def test_nothing_saves_what_everybody_objects_to_and_nothing_needs_to_save_what_stands():
    scenario = load("draft-treaty-2021")
    outcome, rules = run(scenario, worlds=300), other_rules(scenario)
    assert story.saved(rescue(outcome, "N6.1", rules), scenario).endswith("too many against it.")
    assert "no saving" in story.saved(rescue(outcome, "N2.3", rules), scenario)
