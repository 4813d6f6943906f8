"""One member moved and whom to persuade: exact answers, and agreement with the council that plays."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sim import centre, load, with_changes
from sim.analysis.arguments import Room, cheapest, fewest
from sim.analysis.one_member import moves
from sim.analysis.persuasion import members_of, persuasion, room, total
from sim.analysis.turned import knob, turned
from sim.constants import LARGEST
from sim.rules import RULES
from sim.scenario import from_document
from sim.worlds import central
from tests import strategies

FLAGSHIP = load("draft-treaty-2021")
TOY = load("three-neighbours")
BUNDLED = with_changes(FLAGSHIP, {"process": "package"})


def survives(scenario, clause, move, value):
    """Whether the clause stands in the played central world when a number is moved to a value."""
    if move.interest != "*":
        changed = with_changes(scenario, {move.address: value})
    else:
        numbers = getattr(scenario.seats[move.member], move.number)
        own = move.address.removesuffix("*")
        factors = {f"{own}{name}": number.value * value for name, number in numbers.items()}
        changed = with_changes(scenario, factors)
    return centre(changed).survival[clause] == 1


def bisected(scenario, clause, move):
    """Where playing the central world over and over says that the verdict tips."""
    near, far = move.start, move.to + (move.to - move.start) * 1e-3
    before = survives(scenario, clause, move, near)
    assert survives(scenario, clause, move, far) != before
    for _ in range(26):
        middle = (near + far) / 2
        if survives(scenario, clause, move, middle) == before:
            near = middle
        else:
            far = middle
    return far


# One member moved -------------------------------------------------------------------------------

CASES = [
    (FLAGSHIP, "N5.1"),
    (FLAGSHIP, "N1.4"),
    (with_changes(FLAGSHIP, {"rule": "majority"}), "N7.3"),
    (with_changes(FLAGSHIP, {"rule": "consensus-3"}), "N5.1"),
    (with_changes(FLAGSHIP, {"assumptions.cohesion": 0}), "N3.1"),
    (with_changes(FLAGSHIP, {"assumptions.cohesion": 0.47}), "N5.1"),
    (load("us-draft-2021"), "U1"),
    (TOY, "strip"),
]


@pytest.mark.parametrize(("scenario", "clause"), CASES)
def test_the_exact_tipping_point_equals_the_one_found_by_bisection_over_runs(scenario, clause):
    found = moves(scenario, clause)
    assert found.exact
    assert found.flipping
    kinds = {}
    for move in found.flipping:
        kinds.setdefault(move.number, move)
    for move in kinds.values():
        assert bisected(scenario, clause, move) == pytest.approx(move.to, rel=1e-6)
