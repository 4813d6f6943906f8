"""What history says of the few numbers that all precedents share, and of a case that it left out.

The fit maximises a penalised likelihood: what was forecast of each case against what happened, and each
parameter against its prior. The path of the optimiser (Nelder & Mead 1965, A simplex method for
function minimization, Computer Journal 7(4), doi:10.1093/comjnl/7.4.308) starts at the priors' centres
and depends on comparisons only, so fits with one case left out walk the same way for long and share
forecasts.
Nothing of a case that is left out reaches its fit, not even as a start.
"""

from __future__ import annotations

import math
import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import optimize

from sim.analysis.precedents import (
    COHESION,
    ENGAGEMENT,
    OWN_MATTER,
    RESOLVE,
    WORLDS_EACH,
    Case,
    Forecast,
    Hearing,
)
from sim.arrays import Reals
from sim.worlds import checked_count

# Parameters -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Parameter:
    """A number that all precedents share, and what was thought of it before any was looked at.

    kind `log`: normal on the log scale, `spread` a standard deviation there; `plain`: normal, held
    between 0 and 1. base: what the files have, where the parameter multiplies that.
    """

    name: str
    label: str
    unit: str
    kind: Literal["log", "plain"]
    centre: float
    spread: float
    judgement: str
    base: float = 1.0

    def value(self, standing: float) -> float:
        """The number that lies so many prior standard deviations from the prior's centre."""
        if self.kind == "log":
            return self.centre * math.exp(self.spread * standing)
        return min(max(self.centre + self.spread * standing, 0.0), 1.0)

    def range(self, standing: float, width: float = 1.0) -> tuple[float, float]:
        """One standard error, of `width` prior standard deviations, either side of a number."""
        return self.value(standing - width), self.value(standing + width)


PARAMETERS = (
    Parameter(
        RESOLVE,
        "how bad it must be before a member breaks the silence",
        "weight units",
        "log",
        0.03,
        math.log(2),
        "A judgement of the flagship: .015 and .06 are as arguable.",
        base=0.03,
    ),
    Parameter(
        COHESION,
        "how far members move towards those they consult",
        "share",
        "plain",
        0.3,
        0.1,
        "A judgement of the flagship, where .15 to .40 is arguable.",
    ),
    Parameter(
        OWN_MATTER,
        "what a red line of a member's own weighs",
        "weight units",
        "log",
        0.5,
        math.log(2.5),
        "About as much as a clear stake in the step itself; hardly less than .2, hardly more than 1.25.",
    ),
    Parameter(
        ENGAGEMENT,
        "how dear engagement with Russia is, against the members' formula",
        "times",
        "log",
        1.0,
        math.log(1.5),
        "The formula as it stands; its scale against deterrence is a judgement.",
    ),
)
"""What is fitted. A spread is one standard deviation, on a log scale but for cohesion."""

Standing = tuple[float, ...]
"""A number for each parameter: how many prior standard deviations it lies from the prior's centre."""

PRIOR: Standing = (0.0,) * len(PARAMETERS)
"""The priors' centres: the model without any fit."""


def values(standing: Standing) -> dict[str, float]:
    """The parameters as people read them."""
    return {row.name: row.value(place) for row, place in zip(PARAMETERS, standing)}


def asked(standing: Standing) -> dict[str, float]:
    """The parameters as a hearing takes them: as multiples of what the files have."""
    return {row.name: row.value(place) / row.base for row, place in zip(PARAMETERS, standing)}


# Likelihood -------------------------------------------------------------------------------------

MEMBERS_WEIGHT = 0.5
"""What the members' silence and objections count against the outcome.

A judgement: objections in one case hang together, so thirty members say less than thirty cases. The
members are added up as if each were alone, which keeps forecasts honest whatever hangs together; to
weigh those who blocked as heavily as all the others would reward saying one half of everybody. Source:
Chandler & Bate (2007), Inference for clustered data using the independence loglikelihood, Biometrika
94(1), doi:10.1093/biomet/asm015.
"""


def log_likelihood(case: Case, forecast: Forecast) -> float:
    """How well a forecast fits what happened: the outcome, those who blocked, those who kept silent."""
    held, blocked = forecast.held, case.blocked
    outcome = math.log(held.survival if case.happened.passed else 1 - held.survival)
    members = np.log(np.where(blocked, held.objects, 1 - held.objects))[case.counted]
    return outcome + MEMBERS_WEIGHT * float(members.sum())


def penalty(standing: Standing) -> float:
    """How far the parameters have strayed from their priors, as a log-density but for a constant."""
    return sum(place * place for place in standing) / 2


# Fits -------------------------------------------------------------------------------------------

Forecaster = Callable[[Standing], Sequence[Forecast]]
"""What is forecast of every case under these parameters; sees nothing of what happened."""

FIRST_STEP, CLOSE, LONGEST = 0.7, 0.02, 200
"""Nelder-Mead: its first steps and when it stops, in prior standard deviations; its most looks."""


@dataclass(frozen=True)
class Fit:
    """The parameters that fit some cases best, in how many looks, and how well."""

    standing: Standing
    looks: int
    objective: float

    @property
    def values(self) -> dict[str, float]:
        """The parameters as people read them."""
        return values(self.standing)


def fit(forecaster: Forecaster, cases: Sequence[Case], without: int | None = None) -> Fit:
    """Fit the parameters to all cases, or to all but the one at that place."""
    among = [place for place in range(len(cases)) if place != without]

    def objective(point: Reals) -> float:
        standing = tuple(point.tolist())
        told = forecaster(standing)
        fits = math.fsum(log_likelihood(cases[place], told[place]) for place in among)
        return penalty(standing) - fits

    start = np.array(PRIOR)
    simplex = np.vstack([start, start + FIRST_STEP * np.eye(len(start))])
    found = optimize.minimize(
        objective,
        start,
        method="Nelder-Mead",
        options={"initial_simplex": simplex, "xatol": CLOSE, "fatol": CLOSE, "maxfev": LONGEST},
    )
    return Fit(tuple(found.x.tolist()), int(found.nfev), float(found.fun))


class Remembering:
    """A forecaster of real cases that never works out the same parameters twice."""

    def __init__(self, cases: Sequence[Case], *, count: int, seed: int) -> None:
        self.hearings = [Hearing(case.scenario, count=count, seed=seed) for case in cases]
        self.told: dict[Standing, tuple[Forecast, ...]] = {}

    def __call__(self, standing: Standing) -> Sequence[Forecast]:
        """What is forecast of every case."""
        if standing not in self.told:
            wanted = asked(standing)
            self.told[standing] = tuple(each.forecast(wanted) for each in self.hearings)
        return self.told[standing]


@dataclass(frozen=True)
class LeftOut:
    """A case, what was fitted to all the others, and what that says of it."""

    case: Case
    fit: Fit
    forecast: Forecast


@dataclass(frozen=True)
class History:
    """What all cases together say of the parameters, and of each case what the others say.

    shipped: the forecasts under the priors' centres, without any fit.
    """

    whole: Fit
    left_out: tuple[LeftOut, ...]
    shipped: tuple[Forecast, ...]

    @property
    def standings(self) -> Reals:
        """The fits with one case left out. (cases, parameters)."""
        return np.array([row.fit.standing for row in self.left_out])


Progress = Callable[[int], None]


def learn(
    cases: Sequence[Case],
    *,
    count: int = WORLDS_EACH,
    seed: int = 0,
    workers: int = 1,
    progress: Progress | None = None,
) -> History:
    """Fit to all cases and to all but each one; `progress` is told how many of the fits are done.

    The same numbers at every number of workers. Raises RequestError for numbers out of range.
    """
    workers = min(checked_count("workers", workers), len(cases) + 1)
    folds: list[int | None] = [None, *range(len(cases))]
    played = _here if workers == 1 else _spread
    found: list[tuple[Fit, Forecast | None]] = []
    for row in played(cases, folds, count, seed, workers):
        found.append(row)
        if progress:
            progress(len(found))
    (whole, _), *others = found
    rows = tuple(
        LeftOut(case, each, forecast) for case, (each, forecast) in zip(cases, others) if forecast
    )
    shipped = (Hearing(case.scenario, count=count, seed=seed) for case in cases)
    return History(whole, rows, tuple(hearing.forecast(asked(PRIOR)) for hearing in shipped))


def _fold(
    forecaster: Forecaster, cases: Sequence[Case], fold: int | None
) -> tuple[Fit, Forecast | None]:
    """One fit, and what it says of the case that it has not seen."""
    found = fit(forecaster, cases, fold)
    return found, None if fold is None else forecaster(found.standing)[fold]


def _here(
    cases: Sequence[Case], folds: Sequence[int | None], count: int, seed: int, workers: int
) -> Iterator[tuple[Fit, Forecast | None]]:
    forecaster = Remembering(cases, count=count, seed=seed)
    return (_fold(forecaster, cases, fold) for fold in folds)


_AT_WORK: list[tuple[Forecaster, Sequence[Case]]] = []
"""In a worker: what it forecasts, and the cases."""


def _spread(
    cases: Sequence[Case], folds: Sequence[int | None], count: int, seed: int, workers: int
) -> Iterator[tuple[Fit, Forecast | None]]:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, _take_seats, (cases, count, seed)) as pool:
        yield from pool.map(_work, folds)


def _take_seats(cases: Sequence[Case], count: int, seed: int) -> None:
    _AT_WORK[:] = [(Remembering(cases, count=count, seed=seed), cases)]


def _work(fold: int | None) -> tuple[Fit, Forecast | None]:
    return _fold(*_AT_WORK[0], fold)
