"""How the members' formulas are carried out in many worlds: by NumPy, or compiled by Numba.

NumPy walks through memory once for every operation, compiled code once for every formula. The formulas
are the same and so are the bits. Numba is an extra, and pays in long runs only, since it takes half a
second to load.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np

from sim import appraisal, consultation, rules
from sim.appraisal import Stakes
from sim.arrays import Reals
from sim.rules import Stances

MANY = 1_000_000
"""Worlds times rounds from which on Numba saves more time than it takes to load."""


@dataclass(frozen=True)
class Arithmetic:
    """What a member does with its slices of the council's arrays; the last ones are written into.

    stakes as `appraisal.stakes`; appraise(trust (D,), stakes (C, D), level (C, D), appraisal (C, D));
    speak(own (C, D), room (N, C, D), attention (1 + N, D), patience, resolve (D,), expressed (C, D),
    stance (C, D)).
    """

    name: str
    stakes: Callable[[Reals, Reals, Reals, Reals, Reals], Stakes]
    appraise: Callable[[Reals, Stakes, Reals, Reals], None]
    speak: Callable[[Reals, Reals, Reals, Reals, Reals, Reals, Stances], None]


def fastest(plays: int) -> Arithmetic:
    """The faster of those installed for so many worlds times rounds."""
    return compiled() if plays >= MANY and find_spec("numba") else NUMPY


def _appraise(trust: Reals, stakes: Stakes, level: Reals, appraised: Reals) -> None:
    appraised[...] = appraisal.appraise(trust, stakes, level)


def _speak(
    own: Reals,
    room: Reals,
    attention: Reals,
    patience: Reals,
    resolve: Reals,
    expressed: Reals,
    stance: Stances,
) -> None:
    consultation.hear(own, room, attention, out=expressed)
    stance[...] = rules.said(expressed, patience, resolve)


NUMPY = Arithmetic("NumPy", appraisal.stakes, _appraise, _speak)


@functools.cache
def compiled() -> Arithmetic:
    """The same formulas in one pass each; Numba loads here and nowhere else."""
    import numba

    compile_ = numba.njit(cache=True)
    stakes_rows, appraise_rows = compile_(_stakes_rows), compile_(_appraise_rows)

    def stakes(
        weight: Reals, exposure: Reals, gain: Reals, cost: Reals, principled: Reals
    ) -> Stakes:
        return Stakes(*stakes_rows(weight, weight * exposure, gain, cost, principled))

    def appraise(trust: Reals, stakes: Stakes, level: Reals, appraised: Reals) -> None:
        appraise_rows(trust, stakes.gain, stakes.principle, stakes.divisible, level, appraised)

    return Arithmetic("Numba", stakes, appraise, compile_(_speak_rows))


# Loops as compilers like them: `appraisal.stakes`, `appraisal.appraise`, then `consultation.hear` and
# `rules.stance`. A test sees to it that they give NumPy's bits.


def _stakes_rows(
    weight: Reals, burden: Reals, gain: Reals, cost: Reals, principled: Reals
) -> tuple[Reals, Reals, Reals]:
    gains, principle, divisible = (
        np.zeros_like(gain[0]),
        np.zeros_like(gain[0]),
        np.zeros_like(gain[0]),
    )
    for c in range(gain.shape[1]):
        for k in range(gain.shape[0]):
            costs = principle if principled[k] else divisible
            for d in range(gain.shape[2]):
                gains[c, d] += weight[k, d] * gain[k, c, d]
            for d in range(gain.shape[2]):
                costs[c, d] += burden[k, d] * cost[k, c, d]
    return gains, principle, divisible


def _appraise_rows(
    trust: Reals, gain: Reals, principle: Reals, divisible: Reals, level: Reals, appraised: Reals
) -> None:
    for c in range(gain.shape[0]):
        for d in range(gain.shape[1]):
            pull = trust[d] * gain[c, d] - principle[c, d]
            appraised[c, d] = (pull - divisible[c, d] * level[c, d]) * level[c, d]


def _speak_rows(
    own: Reals,
    room: Reals,
    attention: Reals,
    patience: Reals,
    resolve: Reals,
    expressed: Reals,
    stance: Stances,
) -> None:
    for c in range(own.shape[0]):
        for d in range(own.shape[1]):
            expressed[c, d] = own[c, d] * attention[0, d]
        for n in range(room.shape[0]):
            for d in range(own.shape[1]):
                expressed[c, d] += room[n, c, d] * attention[n + 1, d]
        for d in range(own.shape[1]):
            silent, supports = expressed[c, d] >= patience[d], expressed[c, d] > resolve[d]
            stance[c, d] = np.int8(silent) + np.int8(supports)
