"""Exact companions of a decision: how far a clause could have gone, and what silence would cost."""

from __future__ import annotations

import numpy as np

from sim import appraisal
from sim.arrays import MEMBERS, Bools, Counts, Reals
from sim.rules import NEVER, OBJECT, Rule, Stances


def survivable(
    rule: Rule,
    motive: Reals,
    curvature: Reals,
    resolve: Reals,
    ceiling: Reals | None = None,
    most: float = np.inf,
) -> tuple[Reals, Reals, Bools]:
    """The highest level of each clause that the rule adopts, and whose limit that is.

    Where silence is consent and k objections are tolerated, this is the (k+1)-th smallest ceiling.
    Under other rules the roots of y = ±resolve are swept, since less can lose a majority too.

    motive, curvature (M, C, D), resolve (M, 1, D), expressed; ceiling (M, C, D) where it is known
    already; most: beyond which no level is asked for -> level (C, D), 0 where no level is adopted and
    `most` where none up to that is refused; ceiling (M, C, D); binding (M, C, D).
    """
    if ceiling is None:
        ceiling = ceilings(motive, curvature, resolve)
    present = rule.present(len(ceiling))
    if rule.tolerates is not None:
        level = _smallest(ceiling if present.all() else ceiling[present], rule.tolerates)
        level = np.minimum(level, most)
        return level, ceiling, _binding(ceiling, level, present)
    low, high = appraisal.support(motive, curvature, resolve)
    level = np.zeros_like(ceiling[0])
    for root in (*ceiling, *high):
        limit = np.minimum(root, most)
        stances = (limit <= ceiling).view(np.int8) + ((low <= limit) & (limit <= high))
        level = np.where(rule.adopts(stances) & (limit > level), limit, level)
    binding = _binding(ceiling, level, present) | _binding(high, level, present)
    return level, ceiling, binding


def ceilings(motive: Reals, curvature: Reals, resolve: Reals) -> Reals:
    """Every member's ceilings, one member after the other: a slice fits the processor's cache.

    motive, curvature (M, C, D), resolve (M, 1, D) -> (M, C, D).
    """
    ceiling = np.empty_like(motive)
    for place in range(len(ceiling)):
        ceiling[place] = appraisal.ceiling(motive[place], curvature[place], resolve[place])
    return ceiling


def _smallest(ceiling: Reals, passed: int) -> Reals:
    """The smallest ceiling but for those that are passed over. (M, C, D) -> (C, D)."""
    if passed == 0:
        return np.asarray(ceiling.min(axis=MEMBERS))
    return np.partition(ceiling, passed, axis=MEMBERS)[passed]


def _binding(limits: Reals, level: Reals, present: Bools) -> Bools:
    """Whose limit the level is; nobody's where there is none. (M, C, D)."""
    return (limits == level) & np.isfinite(level) & (level > 0) & present[:, None, None]


def price(stances: Stances, shortfall: Reals, silences: Counts, stopping: Bools) -> Reals:
    """The price of consensus: the shortfalls that would have to be made good.

    Of the cheapest objectors, as many as must fall silent for the rule to adopt the clause; infinite
    where no silence carries it. stances, shortfall (M, C, D), silences (C, D), stopping (M,), whose
    objection counts -> (C, D).
    """
    objects = (stances == OBJECT) & stopping[:, None, None]
    never = silences >= NEVER
    whole = silences == np.count_nonzero(objects, axis=MEMBERS)
    everybody = np.where(never, np.inf, (shortfall * objects).sum(axis=MEMBERS))
    if (never | whole).all():
        return everybody
    bill = np.sort(np.where(objects, shortfall, np.inf), axis=MEMBERS).cumsum(axis=MEMBERS)
    last = np.clip(silences - 1, 0, len(stances) - 1)[None]
    dearest = np.take_along_axis(bill, last, axis=MEMBERS)[0]
    # As above, sums in the order of seats: the bits must not depend on the other worlds of a block.
    return np.where(never | whole, everybody, np.where(silences == 0, 0, dearest))
