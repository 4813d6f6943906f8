"""The members' formulas for all of them at once, and the dice, compiled by Numba.

NumPy walks through memory once for every operation, and members act one after the other; compiled
code walks once for every formula, through the whole council. The formulas are the same and so are the
bits. Numba is an extra, and pays in long runs only, since it takes half a second to load.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim import ziggurat
from sim.arrays import Bools, Counts, Reals
from sim.rules import Stances

MANY = 1_000_000
"""Worlds times rounds from which on Numba saves more time than it takes to load."""


@dataclass(frozen=True)
class Compiled:
    """What the members do with the council's arrays; the last ones are written into.

    stakes(weight, exposure (M, K, D), gain, cost (K, C, D), principled (K,), then as members hold them:
    gain, principle, divisible (M, C, D)).
    appraise(trust (M, D), gain, principle, divisible (M, C, D), rows (R,), level (R, D), appraisal
    (M, R, D)): of the clauses in `rows`.
    room(moments of the first views (N, R, D), taken (N,), 1 - cohesion, cohesion (D,), room (N, R, D)).
    speak(own (M, R, D), room (N, R, D), attention (M, 1 + N, D), patience, resolve (M, D), whether the
    views are kept, expressed, stance (M, R, D)).
    hear(own, room, attention, expressed): the same without a stance.
    decide(rows (R,), turn, tabled, adopts (R, D), level, turns, adopted (C, D)): of what is still open.
    recall(trusts, chances (turns, M, D), whether chances count, turn, level (C, D), gain, principle,
    divisible (M, C, D), whether views have changed since, own, motive, curvature (M, C, D)): what was
    thought of each clause when it was last on the table.
    ceiling(motive, curvature (M, C, D), resolve (M, D), ceiling (M, C, D)).
    shortfall(expressed (M, C, D), resolve (M, D), shortfall (M, C, D)).
    throw(states (P, A, 4), how many normals, thrown (A, rows, P, PAGE)): from streams, uniforms last.
    """

    stakes: Callable[..., None]
    appraise: Callable[..., None]
    room: Callable[..., None]
    speak: Callable[..., None]
    hear: Callable[..., None]
    decide: Callable[..., None]
    recall: Callable[..., None]
    ceiling: Callable[..., None]
    shortfall: Callable[..., None]
    throw: Callable[..., None]


def fastest(plays: int) -> Compiled | None:
    """Compiled formulas where they are loaded, or pay for so many worlds times rounds."""
    return compiled() if loaded() or (plays >= MANY and find_spec("numba")) else None


def loaded() -> bool:
    """Whether Numba has been loaded already."""
    return compiled.cache_info().currsize > 0


@functools.cache
def compiled() -> Compiled:
    """Numba loads here and nowhere else."""
    import numba

    def compile_(function: Callable[..., None]) -> Callable[..., None]:
        kept, anew = (numba.njit(cache=cache, error_model="numpy") for cache in (True, False))
        try:
            return kept(function)
        except RuntimeError:  # nowhere to keep what is compiled: a system that cannot be written
            return anew(function)

    return Compiled(
        stakes=compile_(_stakes),
        appraise=compile_(_appraise),
        room=compile_(_room),
        speak=_by_exchanges(compile_, _speaker),
        hear=_by_exchanges(compile_, _hearer),
        decide=compile_(_decide),
        recall=compile_(_recall),
        ceiling=compile_(_ceiling),
        shortfall=compile_(_shortfall),
        throw=_thrower(compile_(ziggurat.words), compile_(ziggurat.numbers)),
    )


def _by_exchanges(
    compile_: Callable[[Callable[..., None]], Callable[..., None]],
    make: Callable[[int], Callable[..., None]],
) -> Callable[..., None]:
    """Compiled anew for every number of exchanges: the loop over them is then no loop any more."""
    made = functools.cache(lambda times: compile_(make(times)))

    def formula(own: Reals, room: Reals, *rest: Any) -> None:
        made(len(room))(own, room, *rest)

    return formula


def _thrower(words: Callable[..., None], numbers: Callable[..., None]) -> Callable[..., None]:
    """Page by page, so that what the streams say stays in the processor's cache."""
    tables = ziggurat.tables()

    def throw(states: NDArray[np.uint64], normals: int, thrown: Reals) -> None:
        addresses, rows, pages, worlds = thrown.shape
        said = np.empty((addresses, ziggurat.enough(rows * worlds)), np.uint32)
        for page in range(pages):
            words(states[page], said)
            numbers(said, *tables, normals, thrown[:, :, page])

    return throw


# Loops as compilers like them: `appraisal.stakes`, `appraisal.appraise`, `consultation.hear`,
# `rules.said`, `Member.recall` and `appraisal.ceiling`. A test sees to it that they give NumPy's bits.


def _stakes(
    weight: Reals,
    exposure: Reals,
    gain: Reals,
    cost: Reals,
    principled: Reals,
    gains: Reals,
    principle: Reals,
    divisible: Reals,
) -> None:
    members, interests, worlds = weight.shape
    clauses = gain.shape[1]
    useful, costly = (
        np.empty((interests, clauses), np.bool_),
        np.empty((interests, clauses), np.bool_),
    )
    for k in range(interests):
        for c in range(clauses):
            useful[k, c], costly[k, c] = gain[k, c].any(), cost[k, c].any()
    burden = np.empty((interests, worlds), weight.dtype)
    for m in range(members):
        for k in range(interests):
            for d in range(worlds):
                burden[k, d] = weight[m, k, d] * exposure[m, k, d]
        for c in range(clauses):
            gains[m, c] = 0
            principle[m, c] = 0
            divisible[m, c] = 0
            for k in range(interests):
                costs = principle if principled[k] else divisible
                if useful[k, c]:
                    for d in range(worlds):
                        gains[m, c, d] += weight[m, k, d] * gain[k, c, d]
                if costly[k, c]:
                    for d in range(worlds):
                        costs[m, c, d] += burden[k, d] * cost[k, c, d]


def _appraise(
    trust: Reals,
    gain: Reals,
    principle: Reals,
    divisible: Reals,
    rows: Counts,
    level: Reals,
    appraised: Reals,
) -> None:
    for m in range(gain.shape[0]):
        for r in range(len(rows)):
            c = rows[r]
            for d in range(gain.shape[2]):
                pull = trust[m, d] * gain[m, c, d] - principle[m, c, d]
                appraised[m, r, d] = (pull - divisible[m, c, d] * level[r, d]) * level[r, d]


def _room(first: Reals, taken: Reals, firm: Reals, cohesion: Reals, room: Reals) -> None:
    moments = np.empty((len(first), first.shape[2]), first.dtype)
    for c in range(first.shape[1]):
        moments[...] = first[:, c]
        for n in range(len(first)):
            room[n, c] = moments[0]
            for k in range(len(first) - n - 1):
                for d in range(first.shape[2]):
                    heard = taken[k] * room[n, c, d] - moments[k + 1, d]
                    moments[k, d] = firm[d] * first[k, c, d] + cohesion[d] * heard


def _speaker(times: int) -> Callable[..., None]:
    def speak(
        own: Reals,
        room: Reals,
        attention: Reals,
        patience: Reals,
        resolve: Reals,
        keep: bool,
        expressed: Reals,
        stance: Stances,
    ) -> None:
        for m in range(own.shape[0]):
            for c in range(room.shape[1]):
                for d in range(own.shape[2]):
                    view = own[m, c, d] * attention[m, 0, d]
                    for n in range(times):
                        view += room[n, c, d] * attention[m, n + 1, d]
                    if keep:
                        expressed[m, c, d] = view
                    silent, supports = view >= patience[m, d], view > resolve[m, d]
                    stance[m, c, d] = np.int8(silent) + np.int8(supports)

    return speak


def _hearer(times: int) -> Callable[..., None]:
    def hear(own: Reals, room: Reals, attention: Reals, expressed: Reals) -> None:
        for m in range(own.shape[0]):
            for c in range(own.shape[1]):
                for d in range(own.shape[2]):
                    view = own[m, c, d] * attention[m, 0, d]
                    for n in range(times):
                        view += room[n, c, d] * attention[m, n + 1, d]
                    expressed[m, c, d] = view

    return hear


def _decide(
    rows: Counts,
    turn: int,
    tabled: Reals,
    adopts: Bools,
    level: Reals,
    turns: Counts,
    adopted: Bools,
) -> None:
    for r in range(len(rows)):
        c = rows[r]
        for d in range(tabled.shape[1]):
            if not adopted[c, d]:
                level[c, d] = tabled[r, d]
                turns[c, d] = turn
                adopted[c, d] = adopts[r, d]


def _recall(
    trusts: Reals,
    chances: Reals,
    conditional: bool,
    turn: Counts,
    level: Reals,
    gain: Reals,
    principle: Reals,
    divisible: Reals,
    changed: bool,
    own: Reals,
    motive: Reals,
    curvature: Reals,
) -> None:
    for m in range(gain.shape[0]):
        for c in range(gain.shape[1]):
            for d in range(gain.shape[2]):
                then = turn[c, d]
                hoped, feared = trusts[then, m, d] * gain[m, c, d], principle[m, c, d]
                curve = divisible[m, c, d]
                if conditional:
                    chance = chances[then, m, d]
                    hoped, feared, curve = chance * hoped, chance * feared, chance * curve
                pull = hoped - feared
                motive[m, c, d], curvature[m, c, d] = pull, curve
                if changed:
                    own[m, c, d] = (pull - curve * level[c, d]) * level[c, d]


def _ceiling(motive: Reals, curvature: Reals, resolve: Reals, ceiling: Reals) -> None:
    for m in range(motive.shape[0]):
        for c in range(motive.shape[1]):
            for d in range(motive.shape[2]):
                pull, curve = motive[m, c, d], curvature[m, c, d]
                curve += curve  # twice, and no number of another type: the bits of single precision
                patience = resolve[m, d] + resolve[m, d]
                root = np.sqrt(pull * pull + curve * patience)
                if pull < 0:
                    ceiling[m, c, d] = patience / (root - pull)
                elif curve > 0:
                    ceiling[m, c, d] = (pull + root) / curve
                else:
                    ceiling[m, c, d] = np.inf


def _shortfall(expressed: Reals, resolve: Reals, shortfall: Reals) -> None:
    for m in range(expressed.shape[0]):
        for c in range(expressed.shape[1]):
            for d in range(expressed.shape[2]):
                shortfall[m, c, d] = max(-resolve[m, d] - expressed[m, c, d], 0)
