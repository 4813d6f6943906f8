"""What members believe about the proposer, and what that is worth as trust.

A proposer is a security seeker, an expansionist or a pretext seeker (in this order, axis T). Trust is
the probability that it keeps its word: the types' keeping, mixed by belief. A roster states trust as
it was on a day; the belief behind it is backed out, and only evidence that comes or goes after that
moves it (Bayes' rule in odds form). Structure after Kydd (2005), Trust and Mistrust in International
Relations, ch. 2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.arrays import Reals

SEEKER, EXPANSIONIST, PRETEXT = 0, 1, 2
"""Places on the axis of types."""

TINY = 1e-12
"""The least probability of what has been seen."""

FARTHEST = 40.0
"""Log-odds beyond which belief is certainty; keeps single precision finite."""


def bounds(keep: Sequence[float], pretext: float) -> tuple[float, float]:
    """The trust of one sure that the proposer is no security seeker, and of one sure that it is.

    >>> bounds((.85, .15, .05), .4)
    (0.11, 0.85)
    """
    return float((1 - pretext) * keep[EXPANSIONIST] + pretext * keep[PRETEXT]), float(keep[SEEKER])


def log_odds(trust: float, keep: Sequence[float], pretext: float) -> float:
    """The log-odds of security seeker against the others that make up this trust.

    Even where all types keep their word alike: trust then says nothing of the type.
    """
    if len(set(keep)) == 1:
        return 0.0
    low, high = bounds(keep, pretext)
    return float(np.log((trust - low) / (high - trust)))


def split(pretext: Reals) -> Reals:
    """Log prior of the types relative to the odds of security seeker. (D,) -> (T, D)."""
    doubt = np.clip(pretext, 1e-6, 1 - 1e-6)
    return np.stack([np.zeros_like(doubt), np.log1p(-doubt), np.log(doubt)])


def likelihoods(evidence: Reals) -> Reals:
    """How much likelier than under a security seeker, type by type. (T, D) log -> (T, D)."""
    return np.exp(np.clip(evidence - evidence[SEEKER], -FARTHEST, FARTHEST))


def belief(odds: Reals, likelihood: Reals) -> Reals:
    """The probability of each type. (D,), (T, D) -> (T, D), summing to one over types.

    odds: of security seeker, before `likelihood`; likelihood: as `likelihoods` gives it.
    """
    total = odds + likelihood[EXPANSIONIST] + likelihood[PRETEXT]
    return np.stack([odds, likelihood[EXPANSIONIST], likelihood[PRETEXT]]) / total


@dataclass(frozen=True)
class Reading:
    """What the evidence says to everybody, whatever its prior; each (D,).

    seeker: how a security seeker keeps its word; others: how likely the evidence is under the other
    types; kept: that, times how they keep theirs.
    """

    seeker: Reals
    others: Reals
    kept: Reals


def reading(likelihood: Reals, keep: Reals) -> Reading:
    """Take the types that are no security seekers together. (T, D), (T, D)."""
    return Reading(
        seeker=keep[SEEKER],
        others=likelihood[EXPANSIONIST] + likelihood[PRETEXT],
        kept=likelihood[EXPANSIONIST] * keep[EXPANSIONIST] + likelihood[PRETEXT] * keep[PRETEXT],
    )


def trust(odds: Reals, reading: Reading) -> Reals:
    """The probability that the proposer keeps its word, t = Σ_θ belief(θ)·keep(θ). (D,) -> (D,)."""
    return (odds * reading.seeker + reading.kept) / (odds + reading.others)


def chance(odds: Reals, likelihood: Reals, item: Reals) -> Reals:
    """How likely an item is to come, as a member sees it: Σ_θ belief(θ)·L(θ). (D,), (T, D), (T, D).

    item: its log-likelihood under each type.
    """
    come = np.exp(np.minimum(item, 0))
    others = likelihood[EXPANSIONIST] * come[EXPANSIONIST] + likelihood[PRETEXT] * come[PRETEXT]
    total = odds + likelihood[EXPANSIONIST] + likelihood[PRETEXT]
    return (odds * come[SEEKER] + others) / total
