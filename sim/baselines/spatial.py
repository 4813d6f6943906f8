"""The spatial model of politics: the nearer an outcome, the better, on what one cares about.

As the KAPSARC Toolkit for Behavioral Analysis (KTAB) has it; the weighted Euclidean distance is that of
Davis, Hinich & Ordeshook (1970), An Expository Development of a Mathematical Model of the Electoral
Process, American Political Science Review 64(2), doi:10.2307/1953842.
"""

from __future__ import annotations

import numpy as np

from sim.arrays import Reals


def value(positions: Reals, saliences: Reals, options: Reals) -> Reals:
    """What each option is worth to each member: 1 at its own position, 0 at the far corner.

    v = 1 − √(Σ s²(x − o)² / Σ s²), with positions and options on scales from 0 to 1; a member that
    cares for nothing finds all options equally good. positions, saliences (M, C), options (O, C) ->
    (M, O).
    """
    care = saliences**2
    apart = (positions[:, None] - options) ** 2
    lost = np.einsum("mc,moc->mo", care, apart)
    total = care.sum(axis=1, keepdims=True)
    return 1 - np.sqrt(np.divide(lost, total, out=np.zeros_like(lost), where=total > 0))


def utility(value: Reals, risk: float | Reals = 0.0) -> Reals:
    """Values as members feel them: averse to risk (r > 0), neutral or seeking it, u = v + r·v(1 − v).

    value (M, O); risk from −1 to 1, one for all or (M, 1) -> (M, O), rising in the value.
    """
    return np.asarray(value + risk * value * (1 - value))
