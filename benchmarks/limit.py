"""What the equations cannot do without: random numbers, products of matrices, passes through memory.

Each is done by the fastest way at hand and for nothing else: the dice of every number that has a band,
one product for what the room hears in every round, and the bytes that must move even if all formulas
cost nothing. The ensemble cannot be faster than their sum.
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


def passes(council: Council, block: Worlds) -> dict[str, Callable[[], object]]:
    """What one block needs, by name; to be timed."""
    tabled = _tabled(council, block)
    return {
        "limit: random numbers": _random(council, block),
        "limit: products of matrices": _products(council, block, tabled),
        "limit: passes through memory": _memory(council, block, tabled),
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


def _memory(council: Council, block: Worlds, tabled: list[int]) -> Callable[[], object]:
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
