"""Compiled or not, members come to the same bits, and the council to the same decisions."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import fields

import numpy as np
import pytest

from sim import load, with_changes
from sim.arithmetic import MANY, compiled, fastest
from sim.council import Council
from sim.council.acts import manner
from sim.outcome import Decisions
from sim.worlds import draw

TWO = ("POL", "EST")

RULES = ("consensus", "only:USA,POL", "majority")

MANNERS = {
    "one round": {},
    "eight rounds": {"process.rounds": 8},
    "a package": {"process.kind": "package"},
    "a purse": {"process.rounds": 3, "proposer.budget": 0.5},
    "a few voices": {"members.drop": ["USA", "DEU", "TUR", "FRA", "GBR", "ITA"]},
    "two voices, in double precision": {
        "members.drop": [iso for iso in load("draft-treaty-2021").seats if iso not in TWO],
        "process.rounds": 3,
    },
}


def both(scenario, look):
    """What the council does one member after the other, and compiled."""
    council = Council(scenario, worlds=0, rng=0)
    found = []
    for arithmetic in (None, compiled()):
        council.acts = manner(arithmetic)
        council.deal(draw(scenario, 7, 0, 700))
        found.append(look(council))
    return found


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("consultations", [0, 1, 3])
def test_compiled_formulas_give_the_same_bits(rule, consultations):
    changes = {"rule": rule, "process.consultations": consultations}
    scenario = with_changes(load("draft-treaty-2021"), changes)

    def one_round(council):
        council.table(np.linspace(0.3, 1, len(scenario.clauses)))
        council.step()
        views = (council.appraisal, council.expressed, council.stance, council.adopted)
        return [array.tobytes() for array in views]

    one_by_one, at_once = both(scenario, one_round)
    assert one_by_one == at_once


def decided(council):
    council.run_model()
    decisions: Decisions = council.decisions()
    found = {field.name: getattr(decisions, field.name) for field in fields(decisions)}
    return {name: np.asarray(value).tobytes() for name, value in found.items()} | {
        "views": council.appraisal.tobytes(),
        "margin": council.margin().tobytes(),
    }


@pytest.mark.parametrize("changes", MANNERS.values(), ids=MANNERS)
def test_compiled_councils_decide_the_same_to_the_last_bit(changes):
    one_by_one, at_once = both(with_changes(load("draft-treaty-2021"), changes), decided)
    assert one_by_one == at_once


@pytest.mark.parametrize("name", ["risk-reduction-steps", "three-neighbours"])
def test_steps_with_conditions_and_small_councils_too(name):
    one_by_one, at_once = both(load(name), decided)
    assert one_by_one == at_once


@pytest.mark.parametrize("rounds", [1, 3])
def test_and_where_all_hangs_on_a_condition(rounds):
    changes = {"process.condition": "step_back", "process.rounds": rounds}
    one_by_one, at_once = both(with_changes(load("western-reply-2022"), changes), decided)
    assert one_by_one == at_once


def test_short_runs_do_not_wait_for_the_compiler():
    code = """
import sys
from sim import run
run("three-neighbours", worlds=300)
sys.exit("numba" in sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    assert fastest(MANY) is compiled()


def test_where_the_compiler_is_loaded_short_runs_use_it_too():
    assert compiled() is fastest(1)
