"""What history says of the few numbers that all precedents share, and of a case that it left out.

The fit maximises a penalised likelihood: what was forecast of each case against what happened, and each
parameter against its prior. The model is asked once, at points that are spread evenly over all that the
priors allow, and between them its forecasts are interpolated; so leaving a case out costs no more
worlds, and nothing of what happened can reach a forecast but by way of the fit to the other cases. What
is reported of a case that was left out is the model's own forecast again.
"""

from __future__ import annotations

import math
import multiprocessing
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import optimize, special
from scipy.interpolate import RBFInterpolator
from scipy.stats import qmc

from sim import ensemble
from sim.analysis.precedents import (
    COHESION,
    ENGAGEMENT,
    OWN_MATTER,
    PURPOSE,
    RESOLVE,
    SPREAD,
    WORLDS_EACH,
    Case,
    Forecast,
    Hearing,
)
from sim.arrays import Reals
from sim.errors import OnevetoError
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
    Parameter(
        PURPOSE,
        "how dear the purpose of a step is, to everybody",
        "times",
        "log",
        1.0,
        math.log(2.5),
        "A vital purpose as dear as the dearest interest; hardly less than .4, hardly more than 2.5.",
    ),
    Parameter(
        SPREAD,
        "how far off coded numbers are, against what the files say",
        "times",
        "log",
        1.0,
        math.log(2),
        "The flagship's spreads, of which half and double are as arguable.",
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


AFTER_A_LOOK = (PURPOSE, SPREAD)
"""Parameters that were added after a first look at the forecasts, which were too sure."""


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


# Asking the model -------------------------------------------------------------------------------

Told = Sequence[Forecast]
"""What is forecast of every case."""

Forecaster = Callable[[Standing], Told]
"""What is forecast of every case under these parameters; sees nothing of what happened."""

POINTS, FARTHEST = 1024, 2.5
"""Where the model is asked: at so many points, up to so many prior standard deviations away."""

ONE_GO = 8
"""Points that a worker answers before it reports."""

FAINTEST = 0.0005
"""A share below it is not told from it: about half a world."""


def design(points: int = POINTS) -> list[Standing]:
    """The priors' centres, and points spread evenly around them.

    Source: Halton (1960), On the efficiency of certain quasi-random sequences of points in evaluating
    multi-dimensional integrals, Numerische Mathematik 2, doi:10.1007/BF01386213.
    """
    spread = qmc.Halton(len(PARAMETERS), scramble=False).random(points)[1:]
    return [PRIOR, *map(tuple, ((2 * spread - 1) * FARTHEST).tolist())]


class Hearings:
    """All cases before their councils, asked one after the other."""

    def __init__(self, cases: Sequence[Case], *, count: int = WORLDS_EACH, seed: int = 0) -> None:
        self.hearings = [Hearing(case.scenario, count=count, seed=seed) for case in cases]

    def __call__(self, standing: Standing) -> list[Forecast]:
        """What the model says of every case."""
        return [hearing.forecast(asked(standing)) for hearing in self.hearings]


class Between:
    """What the model says between the points at which it was asked.

    A share of worlds counts as what a normal deviate leaves below it: the noise in the worlds is about
    normal, so that straight lines err less there than on log-odds.

    Source: thin-plate splines, Duchon (1977), Splines minimizing rotation-invariant semi-norms in
    Sobolev spaces, doi:10.1007/BFb0086566.
    """

    def __init__(self, points: Sequence[Standing], told: Sequence[Told]) -> None:
        self.ends = np.cumsum([1 + len(each.objects) for each in told[0]])[:-1]
        rows = [np.concatenate([[each.survival, *each.objects] for each in row]) for row in told]
        shares = np.clip(np.array(rows), FAINTEST, 1 - FAINTEST)
        self.deviates = RBFInterpolator(np.array(points), special.ndtri(shares))

    def __call__(self, standing: Standing) -> list[Forecast]:
        """About what the model would say of every case."""
        shares = special.ndtr(self.deviates(np.array([standing]))[0])
        return [Forecast(float(each[0]), each[1:]) for each in np.split(shares, self.ends)]


# Fits -------------------------------------------------------------------------------------------

FIRST_STEP, CLOSE, LONGEST = 0.7, 0.01, 1000
"""The optimiser's first steps and when it stops, in prior standard deviations; its most looks."""


@dataclass(frozen=True)
class Fit:
    """The parameters that fit some cases best, and how well: the less, the better."""

    standing: Standing
    objective: float

    @property
    def values(self) -> dict[str, float]:
        """The parameters as people read them."""
        return values(self.standing)


def fit(
    forecaster: Forecaster,
    cases: Sequence[Case],
    without: int | None = None,
    *,
    held: Collection[str] = (),
) -> Fit:
    """Fit the parameters to all cases, or to all but the one at that place, from the priors' centres.

    Those that are held stay there.

    Source: Nelder & Mead (1965), A simplex method for function minimization, Computer Journal 7(4),
    doi:10.1093/comjnl/7.4.308.
    """
    among = [place for place in range(len(cases)) if place != without]

    free = [place for place, row in enumerate(PARAMETERS) if row.name not in held]

    def standing_at(point: Reals) -> Standing:
        whole = np.array(PRIOR)
        whole[free] = point
        return tuple(whole.tolist())

    def objective(point: Reals) -> float:
        standing = standing_at(point)
        told = forecaster(standing)
        fits = math.fsum(log_likelihood(cases[place], told[place]) for place in among)
        return penalty(standing) - fits

    start = np.array(PRIOR)[free]
    simplex = np.vstack([start, start + FIRST_STEP * np.eye(len(start))])
    found = optimize.minimize(
        objective,
        start,
        method="Nelder-Mead",
        bounds=[(-FARTHEST, FARTHEST)] * len(start),
        options={"initial_simplex": simplex, "xatol": CLOSE, "fatol": CLOSE, "maxfev": LONGEST},
    )
    if not found.success:
        raise OnevetoError(
            f"the fit has not come to rest after {found.nfev} looks: {found.message}"
        )
    return Fit(standing_at(found.x), float(found.fun))


@dataclass(frozen=True)
class LeftOut:
    """A case, what was fitted to all the others, and what the model then says of it."""

    case: Case
    fit: Fit
    forecast: Forecast


@dataclass(frozen=True)
class History:
    """What all cases together say of the parameters, and of each case what the others say.

    before: each case as in left_out, with the parameters that were added after a look held at their
    priors' centres; unfitted: the forecasts under all priors' centres.
    """

    whole: Fit
    left_out: tuple[LeftOut, ...]
    before: tuple[LeftOut, ...]
    unfitted: tuple[Forecast, ...]

    @property
    def standings(self) -> Reals:
        """The fits with one case left out. (cases, parameters)."""
        return np.array([row.fit.standing for row in self.left_out])


Progress = Callable[[int, int], None]
"""Told how many of how many points are done."""


def learn(
    cases: Sequence[Case],
    *,
    count: int = WORLDS_EACH,
    seed: int = 0,
    workers: int = 1,
    points: int = POINTS,
    progress: Progress | None = None,
) -> History:
    """Fit to all cases and to all but each one.

    The same numbers at every number of workers. Raises RequestError for numbers out of range.
    """
    workers = min(checked_count("workers", workers), -(-points // ONE_GO))
    places = design(points)
    told: list[Told] = []
    answers = _here if workers == 1 else _spread
    for answer in answers(cases, places, checked_count("worlds", count), seed, workers):
        told.append(answer)
        if progress:
            progress(len(told), len(places))
    with ensemble.one_thread():
        between = Between(places, told)
        whole = fit(between, cases)
        fits = [fit(between, cases, place) for place in range(len(cases))]
        fewer = [fit(between, cases, place, held=AFTER_A_LOOK) for place in range(len(cases))]
    left_out, before = (
        tuple(_left_out(case, each, count, seed) for case, each in zip(cases, found))
        for found in (fits, fewer)
    )
    return History(whole, left_out, before, tuple(told[0]))


def _left_out(case: Case, others: Fit, count: int, seed: int) -> LeftOut:
    hearing = Hearing(case.scenario, count=count, seed=seed)
    return LeftOut(case, others, hearing.forecast(asked(others.standing)))


def _here(
    cases: Sequence[Case], places: Sequence[Standing], count: int, seed: int, workers: int
) -> Iterator[Told]:
    return map(Hearings(cases, count=count, seed=seed), places)


_AT_WORK: list[Hearings] = []
"""In a worker: the cases before their councils."""


def _spread(
    cases: Sequence[Case], places: Sequence[Standing], count: int, seed: int, workers: int
) -> Iterator[Told]:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, _take_seats, (cases, count, seed)) as pool:
        yield from pool.map(_answer, places, chunksize=ONE_GO)


def _take_seats(cases: Sequence[Case], count: int, seed: int) -> None:
    _AT_WORK[:] = [Hearings(cases, count=count, seed=seed)]


def _answer(standing: Standing) -> Told:
    return _AT_WORK[0](standing)
