"""The compromise model: everybody pulls at the outcome as hard as it can and cares.

Sources: Achen (2006), Institutional realism and bargaining models, in Thomson et al. (eds), The European
Union Decides, doi:10.1017/CBO9780511492082, where the weighted mean stands for the Nash bargaining
solution; the weighted median is Black's (1948), On the Rationale of Group Decision-making, Journal of
Political Economy 56(1), doi:10.1086/256633, with unequal voters.
"""

from __future__ import annotations

import numpy as np

from sim.arrays import MEMBERS, Reals

ROUNDING = 1e-12
"""A sum that misses a half by less, in proportion, misses it by rounding alone."""


def weights(saliences: Reals, capabilities: Reals) -> Reals:
    """How hard each member pulls at each clause, c·s.

    saliences (M, C), capabilities (M,), or (M, C) where they differ by clause -> (M, C).
    """
    return np.asarray(saliences * capabilities.reshape(len(capabilities), -1))


def weighted_mean(positions: Reals, saliences: Reals, capabilities: Reals) -> Reals:
    """The mean of all positions, Σ c·s·x / Σ c·s; NaN where nobody pulls.

    positions, saliences (M, C), capabilities (M,) or (M, C) -> (C,), in the units of the positions.
    """
    pull = weights(saliences, capabilities)
    total = pull.sum(axis=MEMBERS)
    return np.divide(
        (pull * positions).sum(axis=MEMBERS),
        total,
        out=np.full(len(total), np.nan),
        where=total > 0,
    )


def weighted_median(positions: Reals, saliences: Reals, capabilities: Reals) -> Reals:
    """The smallest position at which half of all pull has been passed; NaN where nobody pulls.

    positions, saliences (M, C), capabilities (M,) or (M, C) -> (C,), in the units of the positions.
    """
    order = np.argsort(positions, axis=MEMBERS, kind="stable")
    pull = np.take_along_axis(weights(saliences, capabilities), order, axis=MEMBERS)
    passed = np.cumsum(pull, axis=MEMBERS)
    half = passed[-1] / 2
    first = (passed >= half * (1 - ROUNDING)).argmax(axis=MEMBERS)
    middle = np.take_along_axis(positions, order, axis=MEMBERS)[first, np.arange(len(half))]
    return np.where(half > 0, middle, np.nan)
