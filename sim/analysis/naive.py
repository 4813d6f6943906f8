"""Forecasts that know less than the model, for it to be measured against.

Each learns from the other cases. One that does as well as the model is the better one: it is simpler.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from sim.analysis.precedents import Case, Forecast

Naive = Callable[[Case, Sequence[Case]], Forecast]
"""What is forecast of a case whose outcome is unknown, from other cases whose outcome is known."""


def nobody_blocks(case: Case, others: Sequence[Case]) -> Forecast:
    """Everything passes, as most things do."""
    return Forecast(1.0, np.zeros(len(case.scenario.seats)))


def base_rate(case: Case, others: Sequence[Case]) -> Forecast:
    """Everything passes, and everybody blocks, as often as in the other cases."""
    return Forecast(
        _rate((other.happened.passed for other in others), 0.5),
        np.full(len(case.scenario.seats), _blocking(others)),
    )


def bilateral(case: Case, others: Sequence[Case]) -> Forecast:
    """Only a member's own matter counts: as often as in the other cases with a matter of that grade.

    The outcome as often as in the others whose gravest matter is as grave. What few cases know leans on
    all of them, as if one more had gone the average way.
    """
    rate = _blocking(others)
    by_grade = {grade: _of_grade(others, grade, rate) for grade in set(case.matters.tolist())}
    gravest = case.matters.max()
    alike = [other.happened.passed for other in others if other.matters.max() == gravest]
    passing = _rate((other.happened.passed for other in others), 0.5)
    return Forecast(
        _rate(alike, passing), np.array([by_grade[grade] for grade in case.matters.tolist()])
    )


def _of_grade(others: Sequence[Case], grade: float, average: float) -> float:
    """How often a member with a matter of that grade blocks."""
    return _rate(
        (
            blocks
            for other in others
            for blocks in other.blocked[other.counted & (other.matters == grade)].tolist()
        ),
        average,
    )


def _blocking(others: Sequence[Case]) -> float:
    """How often a member blocks."""
    return _rate(
        (blocks for other in others for blocks in other.blocked[other.counted].tolist()), 0.05
    )


def _rate(happened: Iterable[bool], average: float) -> float:
    """How often, with one more that went the average way, so that nothing is ever certain.

    >>> _rate([True, False, False], .5)
    0.375
    """
    seen = list(happened)
    return (sum(seen) + average) / (len(seen) + 1)


@dataclass(frozen=True)
class Rival:
    """A forecast that knows less, in words."""

    name: str
    label: str
    forecast: Naive


RIVALS = (
    Rival("nobody", "nobody blocks", nobody_blocks),
    Rival("base_rate", "base rate of the others", base_rate),
    Rival("bilateral", "a matter of one's own alone", bilateral),
)


def forecasts(rival: Rival, cases: Sequence[Case]) -> list[Forecast]:
    """What it says of each case, from all the others."""
    return [
        rival.forecast(case, [*cases[:place], *cases[place + 1 :]])
        for place, case in enumerate(cases)
    ]
