"""Compiled or not, members come to the same bits."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from sim import load, with_changes
from sim.arithmetic import MANY, compiled, fastest
from sim.council import Council
from sim.worlds import draw

RULES = ("consensus", "only:USA,POL")


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("consultations", [0, 1, 3])
def test_compiled_formulas_give_the_same_bits(rule, consultations):
    changes = {"rule": rule, "process.consultations": consultations}
    scenario = with_changes(load("draft-treaty-2021"), changes)
    council = Council(scenario, worlds=0, rng=0)
    found = []
    for arithmetic in (None, compiled()):
        council.compiled = arithmetic
        council.deal(draw(scenario, 7, 0, 700))
        council.table(np.linspace(0.3, 1, len(scenario.clauses)))
        council.step()
        views = (council.appraisal, council.expressed, council.stance, council.adopted)
        found.append([array.tobytes() for array in views])
    assert found[0] == found[1]


def test_short_runs_do_not_wait_for_the_compiler():
    code = "import sys; from sim import run; run('toy', worlds=300); sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    assert fastest(MANY) is compiled()


def test_where_the_compiler_is_loaded_short_runs_use_it_too():
    assert compiled() is fastest(1)
