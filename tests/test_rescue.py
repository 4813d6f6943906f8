"""What would save a clause: every promise is kept by the model itself."""

from __future__ import annotations

import functools

import pytest

from sim import centre, load, run, story, with_changes
from sim.analysis.compare import play
from sim.analysis.rescue import other_rules, rescue
from sim.scenario import names

WORLDS = 400
ASKED = [(name, {}) for name in names()]
ASKED += [(name, {"process.kind": "package"}) for name in names()]
ASKED += [
    ("draft-treaty-2021", {"rule": "only:POL", "assumptions.cohesion": 0.6}),
    ("draft-treaty-2021", {"rule": "affirmative"}),
    ("us-draft-2021", {"rule": "majority"}),
    ("security-council-2022", {"process.kind": "clauses"}),
    ("draft-treaty-2021", {"rule": "consensus-2"}),
    ("draft-treaty-2021", {"rule": "qualified"}),
    ("draft-treaty-2021", {"proposer.true_type": "pretext_seeker", "process.rounds": 6}),
    ("draft-treaty-2021", {"process.rounds": 6}),
    ("draft-treaty-2021", {"process.kind": "steps"}),
]


@functools.cache
def played(place: int):
    name, changes = ASKED[place]
    scenario = with_changes(load(name), changes)
    found, others = play(scenario, worlds=WORLDS), other_rules(scenario)
    return scenario, [rescue(found, clause, others) for clause in scenario.clauses]


@pytest.fixture(params=range(len(ASKED)), ids=lambda place: f"{ASKED[place]}")
def found(request):
    return played(request.param)


def survival(scenario, clause, changes):
    return run(with_changes(scenario, changes), worlds=WORLDS).survival[clause]


def test_another_rule_that_is_said_to_take_a_clause_takes_it(found):
    scenario, rescues = found
    for rule in {rule for row in rescues for rule in row.rules}:
        stands = centre(with_changes(scenario, {"rule": rule})).survival
        promised = {row.clause for row in rescues if rule in row.rules}
        assert promised == {clause for clause, share in stands.items() if share}


def test_a_clause_that_is_said_to_stand_watered_down_does(found):
    scenario, rescues = found
    lower = [row for row in rescues if row.survival < 0.5 and row.ceiling is not None]
    for row in lower[:4]:
        level = row.ceiling / scenario.proposer.opening - 0.006
        changes = {f"clauses.{row.clause}.level": min(level, 1)}
        assert survival(scenario, row.clause, changes) >= 0.45


def test_a_clause_whose_killers_keep_silent_stands_as_often_as_is_said(found):
    scenario, rescues = found
    few = [row for row in rescues if row.survival < 0.5 and 0 < len(row.killers) <= story.FEW]
    for row in few[:4]:
        silent = {f"members.{iso}.resolve": 500.0 for iso in row.killers}
        assert row.silenced >= 0.5
        assert survival(scenario, row.clause, silent) == pytest.approx(
            row.silenced, abs=0.05
        )  # in rounds, silence changes what comes next


def test_the_last_veto_falls_silent_where_it_is_said_to(found):
    scenario, rescues = found
    for row in rescues:
        if row.cohesion is not None:
            at, clause = "assumptions.cohesion", row.clause
            beyond = centre(with_changes(scenario, {at: min(row.cohesion + 1e-3, 1)}))
            before = centre(with_changes(scenario, {at: row.cohesion - 1e-3}))
            assert (before.survival[clause], beyond.survival[clause]) == (0, 1)


def test_the_vetoes_of_the_draft_are_those_of_four_and_their_silence_saves_it():
    scenario, rescues = played(names().index("draft-treaty-2021"))
    row = next(row for row in rescues if row.clause == "N5.1")
    assert set(row.killers) == {"EST", "LVA", "LTU", "POL"}
    assert row.cohesion == pytest.approx(0.477, abs=0.001)
    assert "keeping silent" in story.saved(row, scenario)


def test_where_a_few_hold_a_veto_the_silence_of_the_one_that_uses_it_saves_the_text():
    scenario, rescues = played(names().index("security-council-2022"))
    for row in rescues:
        assert row.killers == ("RUS",)
        assert "Russia keeping silent" in story.saved(row, scenario)


def test_silence_alone_saves_nothing_where_support_is_what_is_missing():
    _, rescues = played(ASKED.index(("draft-treaty-2021", {"rule": "affirmative"})))
    assert not any(row.killers for row in rescues)


def test_nothing_saves_what_everybody_objects_to_and_nothing_needs_to_save_what_stands():
    scenario, rescues = played(names().index("draft-treaty-2021"))
    by_name = {row.clause: story.saved(row, scenario) for row in rescues}
    assert by_name["N6.1"].endswith("too many against it.")
    assert by_name["N2.3"] == "It needs no saving in most worlds."


def test_a_part_that_the_proposer_takes_back_cannot_be_saved_by_itself():
    scenario, rescues = played(names().index("pretext-seeker"))
    row = next(row for row in rescues if row.clause == "N3.2")
    assert "takes back a part" in story.saved(row, scenario)


def test_two_members_cannot_pass_over_two_objections():
    scenario = with_changes(load("three-neighbours"), {"members.drop": ["SEA"]})
    assert "consensus-2" not in other_rules(scenario)
