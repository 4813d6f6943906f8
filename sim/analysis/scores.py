"""How good forecasts were: known answers in, scores out. Pure functions on arrays; nothing of the model.

`forecast` are probabilities, `happened` whether the thing came about, each (N,).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.random import Generator
from scipy import stats

from sim.arrays import Bools, Reals
from sim.outcome import wilson

HALF = 0.5
"""From here on a forecast says yes."""

RESAMPLES = 9999
"""How often a bootstrap draws the cases anew."""


def misses(forecast: Reals, happened: Bools) -> Reals:
    """The squared distance of each forecast from what happened, 0 to 1. (N,) -> (N,)."""
    return (np.asarray(forecast, float) - np.asarray(happened, float)) ** 2


def brier(forecast: Reals, happened: Bools) -> float:
    """The mean squared distance: 0 for a seer, .25 for who always says one half.

    Source: Brier (1950), Verification of forecasts expressed in terms of probability, Monthly Weather
    Review 78(1), doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2; the form for two outcomes.

    >>> brier([1, 0], [True, False]), brier([.5, .5], [True, False])
    (0.0, 0.25)
    """
    return float(misses(forecast, happened).mean())


@dataclass(frozen=True)
class Bin:
    """Forecasts between two ends: how many, what they said, and how often it happened.

    interval: 95 % of that share, as far as the number of forecasts goes.
    """

    low: float
    high: float
    count: int
    said: float
    happened: int
    interval: tuple[float, float]

    @property
    def share(self) -> float:
        """How often it happened."""
        return self.happened / self.count

    @property
    def honest(self) -> bool:
        """Whether what was said lies within the interval of what happened."""
        return self.interval[0] <= self.said <= self.interval[1]


def reliability(forecast: Reals, happened: Bools, edges: Sequence[float]) -> tuple[Bin, ...]:
    """What was said against what happened, from bin to bin; empty bins are left out.

    A bin holds its lower end, the last one both. Source: Murphy & Winkler (1977), Reliability of
    subjective probability forecasts of precipitation and temperature, Applied Statistics 26(1),
    doi:10.2307/2346866; intervals after Wilson, see `outcome.wilson`.
    """
    said, came = np.asarray(forecast, float), np.asarray(happened, bool)
    place = np.clip(np.searchsorted(edges, said, side="right") - 1, 0, len(edges) - 2)
    return tuple(
        _bin(low, high, said[place == number], came[place == number])
        for number, (low, high) in enumerate(pairwise(edges))
        if (place == number).any()
    )


def _bin(low: float, high: float, said: Reals, came: Bools) -> Bin:
    count, happened = len(said), int(came.sum())
    return Bin(low, high, count, float(said.mean()), happened, wilson(happened, count))


@dataclass(frozen=True)
class Hits:
    """Who was named and who it was: precision is the share of the named, recall that of the real.

    Counts, or sums of probabilities. None where nobody was named, or nobody did it.
    """

    named: float
    real: float
    hit: float

    @property
    def precision(self) -> float | None:
        """How much of what was named is real."""
        return self.hit / self.named if self.named else None

    @property
    def recall(self) -> float | None:
        """How much of what is real was named."""
        return self.hit / self.real if self.real else None


def hits(forecast: Reals, happened: Bools, *, at: float = HALF) -> Hits:
    """Who is named at a probability of `at` and above, against who it was.

    Source: van Rijsbergen (1979), Information Retrieval, ch. 7.

    >>> hits([.9, .6, .2], [True, False, True]).precision
    0.5
    """
    named, real = np.asarray(forecast) >= at, np.asarray(happened, bool)
    return Hits(float(named.sum()), float(real.sum()), float((named & real).sum()))


def weighted_hits(forecast: Reals, happened: Bools) -> Hits:
    """The same without a threshold: everybody is named as far as the probability goes.

    >>> weighted_hits([.75, .25], [True, False]).precision
    0.75
    """
    said, real = np.asarray(forecast, float), np.asarray(happened, bool)
    return Hits(float(said.sum()), float(real.sum()), float(said[real].sum()))


@dataclass(frozen=True)
class Difference:
    """How much more one forecaster misses than another on the same cases; below 0: it misses less.

    low, high: 95 % interval over cases, as they might have been drawn.
    """

    mean: float
    low: float
    high: float

    @property
    def sure(self) -> bool:
        """Whether the interval leaves zero out."""
        return self.low > 0 or self.high < 0


def difference(one: Reals, other: Reals, dice: Generator) -> Difference:
    """The mean paired difference of two forecasters' misses, case by case, with its interval.

    one, other (N,). The cases are drawn anew, with what both said on each: a bootstrap, bias-corrected
    and accelerated; as it is where all differences are one number or there are fewer than three cases.

    Source: Efron (1987), Better bootstrap confidence intervals, Journal of the American Statistical
    Association 82(397), doi:10.1080/01621459.1987.10478410.
    """
    gap = np.asarray(one, float) - np.asarray(other, float)
    mean = float(gap.mean())
    if len(gap) < 3 or np.ptp(gap) < 1e-12:
        return Difference(mean, mean, mean)
    found = stats.bootstrap(
        (gap,), np.mean, n_resamples=RESAMPLES, method="BCa", random_state=dice
    ).confidence_interval
    return Difference(mean, float(found.low), float(found.high))


def jackknife(left_out: Reals) -> Reals:
    """The standard error of an estimate from those with one case left out. (N, ...) -> (...).

    Source: Efron & Stein (1981), The jackknife estimate of variance, Annals of Statistics 9(3),
    doi:10.1214/aos/1176345462.
    """
    values = np.asarray(left_out, float)
    count = len(values)
    spread = ((values - values.mean(axis=0)) ** 2).sum(axis=0)
    return np.asarray(np.sqrt((count - 1) / count * spread))
