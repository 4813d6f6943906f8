"""What a clause is worth to a member by itself, and how far it could go along.

The quadratic spatial model with a status quo: gains grow with the level and come only if the
proposer keeps its word; costs are paid anyway, in proportion to the level where a principle is at
stake, with its square where the interest is divisible. Sources: Enelow & Hinich (1984), The Spatial
Theory of Voting, ch. 2; Tsebelis (2002), Veto Players, ch. 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.arrays import Counts, Reals


@dataclass(frozen=True)
class Stakes:
    """What clauses at level 1 hold for one member, in weight units.

    gain: if the proposer keeps its word; principle: cost in proportion to the level; divisible: cost
    with the square of the level. Each (C, D), at or above zero; only the gain of a member whose ideal
    point lies on the other side of the status quo is below.
    """

    gain: Reals
    principle: Reals
    divisible: Reals

    def among(self, rows: Counts) -> Stakes:
        """The stakes of some of the clauses."""
        return Stakes(self.gain[rows], self.principle[rows], self.divisible[rows])


def stakes(
    weight: Reals,
    exposure: Reals,
    gain: Reals,
    cost: Reals,
    principled: Reals,
    out: Stakes | None = None,
) -> Stakes:
    """One member's stakes, summed over interests.

    weight, exposure (K, D); gain, cost (K, C, D); principled (K,), 1 for principles -> (C, D) each,
    written into `out` where given.
    """
    burden = weight * exposure
    matter = burden * principled[:, None]
    into = (None, None, None) if out is None else (out.gain, out.principle, out.divisible)
    products = ((weight, gain), (matter, cost), (burden - matter, cost))
    return Stakes(*(np.einsum("kd,kcd->cd", *two, out=place) for two, place in zip(products, into)))


def motive(trust: Reals, stakes: Stakes) -> Reals:
    """The pull at the first step, b = t·G − P. (D,), Stakes -> (C, D)."""
    return trust * stakes.gain - stakes.principle


def appraise(trust: Reals, stakes: Stakes, level: Reals) -> Reals:
    """What a clause at `level` is worth to a member, against the status quo: U = (t·G − P − A·x)·x.

    trust (D,), stakes (C, D), level (C, D) -> (C, D), in weight units.
    """
    return (motive(trust, stakes) - stakes.divisible * level) * level


def ceiling(motive: Reals, curvature: Reals, resolve: Reals) -> Reals:
    """The highest level a member can live with: the larger root of b·x − A·x² = −resolve.

    Infinite where nothing ever hurts. motive and curvature own or expressed, (..., D) -> (..., D).
    For b < 0 the stable form, so that small ceilings keep their digits.
    """
    root = np.sqrt(motive**2 + 4 * curvature * resolve)
    with np.errstate(divide="ignore", invalid="ignore"):
        low = 2 * resolve / (root - motive)
        high = (motive + root) / (2 * curvature)
    # Where nothing pulls and nothing hurts, 0/0 is a clause one can live with at any level.
    return np.where(motive < 0, low, np.where(curvature > 0, high, np.inf))


def support(motive: Reals, curvature: Reals, resolve: Reals) -> tuple[Reals, Reals]:
    """The interval of levels that a member supports, roots of b·x − A·x² = resolve.

    Less can be too small to be worth supporting. NaN where it supports no level. (..., D) each.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        root = np.sqrt(motive**2 - 4 * curvature * resolve)
        low = 2 * resolve / (motive + root)
        high = np.where(curvature > 0, (motive + root) / (2 * curvature), np.inf)
    never = ~(motive > 0) | np.isnan(root)
    return np.where(never, np.nan, low), np.where(never, np.nan, high)


def shortfall(expressed: Reals, resolve: Reals) -> Reals:
    """What would have to be added for a member to keep silent; 0 where it does. (..., D)."""
    return np.maximum(-resolve - expressed, 0)
