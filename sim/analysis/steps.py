"""How large a first step must be to reassure, and how small: the reassurance table.

Two sides cooperate or defect at a stake of 1, at one stroke or split into a first step and the rest.
Neither knows whether the other is trustworthy. A first step tells when trustworthy sides dare to take
it and others do not care to feign it for the sake of the rest: steps can be too big, and too small to
be a signal. Structure after Kydd (2000), Trust, Reassurance, and Cooperation, International
Organization 54(2), doi:10.1162/002081800551190.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from sim.arrays import Bools, Reals
from sim.belief import SEEKER
from sim.errors import RequestError
from sim.outlook import outlook
from sim.scenario import Scenario, load

Reading = Literal["signal", "too big", "too small", "both"]
"""What a step is to a member; both: too big to be risked and too small to be a signal."""


@dataclass(frozen=True)
class Payoffs:
    """What each side gets for the whole stake; the numbers are a judgement.

    both: when both cooperate; loss: what a cooperator loses to a defector; trustworthy, untrustworthy:
    what each type gets by defecting on a cooperator. Nothing is gained when both defect.

    Raises RequestError for numbers with which nobody is trustworthy, or everybody.
    """

    both: float = 1.0
    loss: float = 1.0
    trustworthy: float = 0.5
    untrustworthy: float = 1.5

    def __post_init__(self) -> None:
        for name, number in vars(self).items():
            if not (math.isfinite(number) and number >= 0):
                raise RequestError(
                    f"the payoff `{name}` is {number:g}; write a number at or above 0"
                )
        if self.loss == 0:
            raise RequestError("the payoff `loss` is 0; where nothing can be lost, trust is idle")
        if not self.trustworthy < self.both < self.untrustworthy:
            raise RequestError(
                f"defecting pays the trustworthy {self.trustworthy:g} and the untrustworthy "
                f"{self.untrustworthy:g}; that must lie below and above the {self.both:g} for which "
                "both cooperate"
            )


def one_shot(payoffs: Payoffs) -> float:
    """The prior trust from which cooperation at one stroke works.

    >>> round(one_shot(Payoffs()), 4)
    0.6667
    """
    return payoffs.loss / (payoffs.loss + payoffs.both - payoffs.trustworthy)


def in_steps(payoffs: Payoffs) -> float:
    """The prior trust from which a first step can reassure.

    >>> round(in_steps(Payoffs()), 4)
    0.2857
    """
    risk = payoffs.loss * (payoffs.untrustworthy - payoffs.both)
    hope = payoffs.both * (2 * payoffs.untrustworthy - payoffs.both)
    return risk / (risk + hope - payoffs.untrustworthy * payoffs.trustworthy)


def first_step(prior: float, payoffs: Payoffs) -> tuple[float, float] | None:
    """The smallest and the largest first step that tells the types apart; None if none does.

    >>> first_step(.25, Payoffs()) is None
    True
    """
    low, high, works = first_steps(np.array([prior]), payoffs)
    return (float(low[0]), float(high[0])) if works[0] else None


def first_steps(prior: Reals, payoffs: Payoffs) -> tuple[Reals, Reals, Bools]:
    """The reassurance table: bounds of the first step for many priors, and whether one works.

    low: a smaller step would be feigned for the sake of the rest; high: a larger one would not be
    risked, at most the whole. Where low exceeds high no step works. (N,) -> (N,) each.

    Raises RequestError for a prior that is no probability.

    >>> low, high, works = first_steps(np.array([.4, .3, .2]), Payoffs())
    >>> low[works].round(4), high[works].round(4)
    (array([0.4286, 0.3462]), array([0.5   , 0.3529]))
    """
    if not ((prior >= 0) & (prior <= 1)).all():
        raise RequestError(
            f"a prior is {prior.min():g} to {prior.max():g}; write it within 0 and 1"
        )
    risk = (1 - prior) * payoffs.loss
    feigned, honest = prior * payoffs.untrustworthy, prior * payoffs.both
    low = feigned / (2 * feigned - honest + risk)
    dare = risk + prior * payoffs.trustworthy
    high = np.divide(honest, dare, out=np.ones_like(dare), where=honest < dare)
    works = prior >= in_steps(payoffs)
    return low, np.where(works, np.maximum(low, high), high), works


@dataclass(frozen=True)
class Reassurance:
    """What a first step would be to each member; its prior is its belief in a security seeker.

    prior, low, high (M,) as in `first_steps`; works (M,): whether some step is a signal to the member;
    step: the one that is a signal to most, None where none is to anybody.
    """

    scenario: Scenario
    payoffs: Payoffs
    prior: Reals
    low: Reals
    high: Reals
    works: Bools
    step: float | None

    @property
    def readings(self) -> dict[str, Reading]:
        """What that step is to each member; empty where there is none."""
        if self.step is None:
            return {}
        big, small = self.step > self.high, self.step < self.low
        return {iso: _reading(b, s) for iso, b, s in zip(self.scenario.seats, big, small)}

    def as_json(self) -> dict[str, Any]:
        """The table as JSON sees it; no step is null."""
        return {
            "schema": 1,
            "scenario": self.scenario.name,
            "levers": self.scenario.changes,
            "payoffs": vars(self.payoffs),
            "one_shot": one_shot(self.payoffs),
            "in_steps": in_steps(self.payoffs),
            "step": self.step,
            "members": [self._member(i, iso) for i, iso in enumerate(self.scenario.seats)],
        }

    def _member(self, place: int, iso: str) -> dict[str, Any]:
        step = [float(self.low[place]), float(self.high[place])] if self.works[place] else None
        return {
            "id": iso,
            "prior": float(self.prior[place]),
            "first_step": step,
            "reading": self.readings.get(iso),
        }


def reassurance(scenario: Scenario | str | Path, *, payoffs: Payoffs | None = None) -> Reassurance:
    """The reassurance table of a scenario's members, in the central world.

    Raises RequestError where everybody takes the proposer at its word.
    """
    scenario = scenario if isinstance(scenario, Scenario) else load(scenario)
    if scenario.at_its_word:
        raise RequestError(
            f"in {scenario.name} nobody doubts the proposer's word, so a first step has nobody to "
            "reassure; try `oneveto treaty` for how far a text could go"
        )
    payoffs = payoffs or Payoffs()
    prior = outlook(scenario).belief[:, SEEKER, 0]
    low, high, works = first_steps(prior, payoffs)
    return Reassurance(scenario, payoffs, prior, low, high, works, _widest(low[works], high[works]))


def _widest(low: Reals, high: Reals) -> float | None:
    """The middle of the steps that lie in most of the intervals; None where there are none."""
    if not len(low):
        return None
    among = (low <= low[:, None]) & (
        low[:, None] <= high
    )  # [place, member], a step at each low end
    most = among[np.argmax(among.sum(axis=1))]
    return float((low[most].max() + high[most].min()) / 2)


def _reading(big: bool, small: bool) -> Reading:
    if big:
        return "both" if small else "too big"
    return "too small" if small else "signal"
