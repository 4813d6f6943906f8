"""The probabilistic Condorcet election: every option against every other, and chance decides.

Whoever gains by an option throws all its weight into the scale for it; the stronger coalition wins more
often, not always. Three ways to make one distribution of all these duels. As the KAPSARC Toolkit for
Behavioral Analysis (KTAB) has them.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.arrays import Reals

SQUARE = 2.0
"""How much more often the stronger coalition wins: KTAB's square law, ν = 2."""

PATIENCE = 1e-10
"""How keen an option that holds is to challenge itself: so little that it counts only if no other is."""

STEPS, STILL = 100_000, 1e-13
"""A chain of elections that has not come to rest by then never will; what counts as rest."""


def strengths(utility: Reals, weight: Reals) -> Reals:
    """The coalition for each option against each other, S[a, b] = Σ w·max(u(a) − u(b), 0).

    utility (M, O), weight (M,) -> (O, O).
    """
    better = np.maximum(utility[:, :, None] - utility[:, None, :], 0)
    return np.einsum("m,mab->ab", weight, better)


def victory(strength: Reals, power: float = SQUARE) -> Reals:
    """How likely each option beats each other, V = S[a, b]^ν / (S[a, b]^ν + S[b, a]^ν).

    A half where nobody minds, and against itself. (O, O) -> (O, O), V + Vᵀ = 1.
    """
    largest = np.maximum(strength, strength.T)
    ratio = np.divide(strength, largest, out=np.ones_like(strength), where=largest > 0) ** power
    chance = np.asarray(ratio / (ratio + ratio.T))
    np.fill_diagonal(chance, 0.5)
    return chance


def conditional(victory: Reals) -> Reals:
    """The chance of each option, given that one beats all others: p ∝ Π V(a, b).

    Equal where none can: in a circle in which each is sure to lose to one. (O, O) -> (O,).
    """
    with np.errstate(divide="ignore"):
        logs = np.log(victory).sum(axis=1)
    if not np.isfinite(logs.max()):
        return np.full(len(logs), 1 / len(logs))
    return _shares(np.exp(logs - logs.max()))


def uniform(victory: Reals) -> Reals:
    """Where a chain of elections comes to rest in which any option challenges the one that holds.

    p'(a) = Σ_b V(a, b)·(p(a) + p(b)) / n, all challengers equally likely. (O, O) -> (O,).
    """
    return _rest(lambda held: victory.sum(axis=1) * held + victory @ held, len(victory))


def incentive(strength: Reals, victory: Reals) -> Reals:
    """The same, where those challenge more often who have more to gain by it and are likelier to win.

    The chance that a challenges b is ∝ S[a, b]·V(a, b); averaged with where it stood before, so that the
    chain comes to rest. (O, O) each -> (O,).
    """
    pull = strength / (strength.max() or 1) * victory + PATIENCE * np.eye(len(strength))
    challenge = pull / pull.sum(axis=0)

    def after(held: Reals) -> Reals:
        duels = challenge * held  # a challenges b, who holds
        return np.asarray(held + (victory * (duels + duels.T)).sum(axis=1))

    return _rest(after, len(strength))


def _rest(after: Callable[[Reals], Reals], options: int) -> Reals:
    """From equal chances to where a step changes nothing."""
    held = np.full(options, 1 / options)
    for _ in range(STEPS):
        last, held = held, _shares(after(held))
        if np.abs(held - last).max() <= STILL:
            break
    return held


def _shares(parts: Reals) -> Reals:
    return np.asarray(parts / parts.sum())
