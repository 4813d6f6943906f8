"""What the equations cannot do without: random numbers, products of matrices, passes through memory.

Each is done by the fastest way at hand and for nothing else: the dice of every number that has a band,
one product for what the room hears in every round, and one pass for every product, sum and comparison of
the members' formulas, over a member's slice, which the cache holds. Compiled formulas need fewer passes:
fused as far as they can be, what is left is the bytes that must move, the strictest limit of all.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim import streams
from sim.arithmetic import compiled
from sim.arrays import PAGE, REAL
from sim.council import Council
from sim.inputs import inputs
from sim.worlds import Worlds

PASSES, FUSED = "a pass for every operation", "all operations in one pass"
"""Two ways to move numbers through memory, of which a program has one."""


def passes(council: Council, block: Worlds) -> dict[str, Callable[[], object]]:
    """What one block needs, by name; to be timed."""
    tabled = _tabled(council, block)
    return {
        "random numbers": _random(council, block),
        "products of matrices": _products(council, block, tabled),
        PASSES: _one_by_one(council, block, tabled),
        FUSED: _fused(council, block, tabled),
    }


def _tabled(council: Council, block: Worlds) -> list[int]:
    """How many clauses are on the table in each round."""
    council.deal(block)
    counts = []
    while council.running:
        counts.append(len(council.rows))
        council.step()
    return counts


def _random(council: Council, block: Worlds) -> Callable[[], object]:
    """A normal for every number that is uncertain, and its noise."""
    pages = len(block.cohesion) // PAGE
    rows = len(inputs(council.scenario))
    states = streams.states([np.arange(4, dtype=np.uint32)], range(pages))
    thrown = np.empty((1, rows, pages, PAGE), REAL)
    noise = np.empty_like(thrown)

    def throw() -> None:
        compiled().throw(states, rows, thrown)
        np.exp(thrown, out=noise)

    return throw


def _products(council: Council, block: Worlds, tabled: list[int]) -> Callable[[], object]:
    """The moments of all views in every round."""
    moments = council.voices.moments.astype(REAL)
    worlds = len(block.cohesion)
    views = [np.ones((len(council.members), rows * worlds), REAL) for rows in tabled]

    def multiply() -> None:
        for view in views:
            moments @ view

    return multiply


def _fused(council: Council, block: Worlds, tabled: list[int]) -> Callable[[], object]:
    """Stakes written once; in every round read, views written, read twice, and stances written.

    In twelve-byte passes: two numbers read and one written.
    """
    worlds, members = len(block.cohesion), len(council.members)
    whole = members * len(council.hosts) * worlds
    rounds = sum(members * rows * worlds for rows in tabled)
    once = 3 * 4 * whole  # stakes, three numbers of four bytes
    each = (3 + 1 + 2) * 4 + 1  # stakes, view, view twice, and a stance of one byte
    numbers = (once + each * rounds) // 12
    one, other, out = (np.ones(whole, REAL) for _ in range(3))

    def move() -> None:
        left = numbers
        while left > 0:
            part = min(left, whole)
            np.add(one[:part], other[:part], out=out[:part])
            left -= part

    return move


def _one_by_one(council: Council, block: Worlds, tabled: list[int]) -> Callable[[], object]:
    """A stake is a product and a sum for every number of a clause that is not 0.

    A view takes three products and two differences; after hearing, a product more than exchanges and a
    sum for each; a stance two comparisons and a sum.
    """
    worlds, members, clauses = len(block.cohesion), len(council.members), len(council.hosts)
    stakes = np.count_nonzero(block.gain[..., 0]) + np.count_nonzero(block.cost[..., 0])
    each = 5 + 2 * council.voices.times + 1 + 3
    operations = members * (2 * int(stakes) + each * sum(tabled))
    one, other, out = (np.ones((clauses, worlds), REAL) for _ in range(3))

    def work() -> None:
        for _ in range(round(operations / clauses)):
            np.multiply(one, other, out=out)

    return work
