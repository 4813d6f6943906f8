"""How a proposer bargains: how far it comes down, what it pays, whether it keeps its word.

Coming down costs a proposer that has asked in public: Fearon (1994), Domestic political audiences and
the escalation of international disputes, American Political Science Review 88(3), doi:10.2307/2944796.
A promise says the more the more is at stake: Kydd (2000), Trust, reassurance, and cooperation,
International Organization 54(2), doi:10.1162/002081800551190.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.arrays import CLAUSES, INTERESTS, Bools, Reals


def floor(lowest: Reals, audience: Reals, publicity: float) -> Reals:
    """The share of the level below which the proposer never goes. (D,) each -> (D,).

    Its type sets the lowest; an audience raises that towards 1 as far as the demands are public.
    """
    return lowest + audience * lowest.dtype.type(publicity) * (1 - lowest)


def offer(opening: float, floor: Reals, progress: float) -> Reals:
    """The share of the level that is asked for, with `progress` from 0 to 1. (D,) -> (D,)."""
    start = floor.dtype.type(opening)
    return start - np.maximum(start - floor, 0) * floor.dtype.type(progress)


def tabled(draft: Reals, least: Reals, share: Reals | np.floating[Any]) -> Reals:
    """That share of a draft, but not the status quo in other words. (C, D), (C,), (D,) -> (C, D)."""
    return np.maximum(draft * share, np.minimum(draft, least[:, None]))


def conceded(asked: Reals, tabled: Reals) -> Reals:
    """How far a treaty has come down from what was asked at first, 0 to 1. (C, D) -> (D,).

    Clauses that are all or nothing cannot come down, and so concede nothing.
    """
    first = asked.sum(axis=CLAUSES)
    return 1 - np.divide(tabled.sum(axis=CLAUSES), first, out=np.ones_like(first), where=first > 0)


def bundled(views: Reals, logroll: Reals) -> Reals:
    """What a package is worth to a member: its bad clauses, and a share of its good ones.

    Σ min(y, 0) + logroll·Σ max(y, 0). (..., C, D), (D,) -> (..., 1, D).
    """
    losses = np.minimum(views, 0).sum(axis=CLAUSES, keepdims=True)
    return losses + logroll * np.maximum(views, 0).sum(axis=CLAUSES, keepdims=True)


def stake(adopted: Bools, level: Reals, cost: Reals) -> Reals:
    """How much the proposer could break: min(1, Σ_adopted x·max_k cost). (C, D), (K, C, D) -> (D,)."""
    return np.minimum((adopted * level * cost.max(axis=INTERESTS)).sum(axis=CLAUSES), 1)


def keeping(stake: Reals, keep: Reals) -> Reals:
    """The probability that a promise of that stake is kept: 1 − s·(1 − keep). (D,), (..., D)."""
    return 1 - stake * (1 - keep)


def payments(price: Reals, budget: Reals) -> Reals:
    """Which clauses a budget buys, the cheapest first. (C, D), (D,) -> (C, D) what is paid, or 0.

    Of equally dear clauses the earlier is bought. A clause whose price is 0 or infinite is not for sale.
    """
    wanted = np.where((price > 0) & np.isfinite(price), price, np.inf)
    order = np.argsort(wanted, axis=CLAUSES, kind="stable")
    prices = np.take_along_axis(wanted, order, axis=CLAUSES)
    bill = prices.cumsum(axis=CLAUSES, dtype=np.float64)
    paid = np.zeros_like(price)
    np.put_along_axis(paid, order, np.where(bill <= budget, prices, 0), axis=CLAUSES)
    return paid
