"""Which of a scenario's uncertain numbers decide how near a clause is to a veto.

What is explained is the margin: how far the least willing member is from breaking the silence, in
weight units, below 0 beyond it. Survival is yes or no, so the margin says more. Every uncertain number
is turned within the band that the scenario gives it, independently of all others.

    >>> from sim import load
    >>> found = done(Sobol(load("draft-treaty-2021"), "N5.1", samples=64))
    >>> next(iter(found.factors)), found.worlds
    ('clauses.N5.1', 3136)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np
import pandas as pd

from sim.analysis import estimators
from sim.analysis.cells import done as done
from sim.analysis.estimators import Effect, Function, Index, Indices
from sim.arrays import WORLDS, Reals
from sim.dice import checked_seed
from sim.ensemble import BLOCK, alone
from sim.inputs import Input, dealt, inputs
from sim.outcome import provenance
from sim.scenario import Scenario
from sim.worlds import Sampler

POINTS, PATHS = 1024, 32
"""Designs that settle the order of the first few inputs within seconds."""

OTHERS = "clauses.*"
"""The stakes of all clauses but the one that is asked about."""

TAIL = 0.05
"""Morris's paths go from the 5th to the 95th percentile of a band, not to its endless ends."""

Kind = TypeVar("Kind", Indices, Effect)


@dataclass(frozen=True)
class Sensitivity(Generic[Kind]):
    """What each input, or group of inputs, does to the margin on a clause; the strongest first.

    factors {address: what it does}; empty where the margin is the same in all worlds, as where nothing
    is uncertain. samples: points or paths of the design; worlds: how many were played; inputs: how many
    numbers were turned; mean and deviation: of the margin over the worlds of the design.
    """

    scenario: Scenario
    clause: str
    method: str
    samples: int
    seed: int
    worlds: int
    inputs: int
    mean: float
    deviation: float
    factors: Mapping[str, Kind]

    @property
    def constant(self) -> bool:
        """Whether nothing that is uncertain moves the margin."""
        return not self.factors

    def clear(self, most: int | None = None) -> dict[str, Kind]:
        """The first factors of those that can be told apart from nothing."""
        clear = [each for each in self.factors.items() if each[1].main.told_apart]
        return dict(clear[:most])

    def frame(self) -> pd.DataFrame:
        """One row a factor, the strongest first."""
        rows = [{"factor": name, **_flat(found)} for name, found in self.factors.items()]
        return pd.DataFrame(rows)

    def as_json(self) -> dict[str, Any]:
        """The measures as JSON sees them."""
        names = ("clause", "method", "samples", "inputs")
        return {
            "schema": 1,
            **provenance(self.scenario, self.seed, self.worlds, "SALib"),
            **{name: getattr(self, name) for name in names},
            "output": "margin of the least willing member",
            "constant": self.constant,
            "mean": self.mean,
            "deviation": self.deviation,
            "factors": self.frame().to_dict("records"),
        }


def _flat(found: Indices | Effect) -> dict[str, Any]:
    """Measures with their intervals side by side."""
    row: dict[str, Any] = {}
    for name, value in vars(found).items():
        if isinstance(value, Index):
            row |= {name: value.value, f"{name}_low": value.low, f"{name}_high": value.high}
            row[f"{name}_told_apart"] = value.told_apart
        else:
            row[name] = value
    return row


# What is turned ---------------------------------------------------------------------------------


def margins(scenario: Scenario, clause: str) -> Function:
    """The margin on a clause as a function of the quantiles of all `inputs` of a scenario."""
    known, sampler = inputs(scenario), Sampler(scenario, 0)
    place = list(scenario.clauses).index(clause)

    def margin(quantiles: Reals) -> Reals:
        found = np.empty(quantiles.shape[WORLDS])
        with alone(scenario) as council:
            for start in range(0, len(found), BLOCK):
                block = slice(start, start + BLOCK)
                council.deal(dealt(sampler, known, quantiles[:, block]))
                council.run_model()
                found[block] = council.margin()[place]
        return found

    return margin


def group(known: Input, clause: str) -> str:
    """With what a number is turned: all of a member's own, a clause's stakes; others by themselves."""
    if known.stream.startswith("clauses.") and known.stream != f"clauses.{clause}":
        return OTHERS
    return known.stream


# How --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sobol:
    """How much of the variance of the margin each group of inputs explains; work in cells.

    Raises RequestError for a number of samples that no design has, and where SALib is missing.
    """

    scenario: Scenario
    clause: str
    samples: int = POINTS
    seed: int = 0

    def __post_init__(self) -> None:
        checked_seed(self.seed)
        estimators.sobol_cells(self.samples)

    @property
    def groups(self) -> list[str]:
        """The group of each input."""
        return [group(each, self.clause) for each in inputs(self.scenario)]

    @property
    def cells(self) -> list[tuple[int, int]]:
        """The cells of the design; none where nothing is uncertain."""
        cells = estimators.sobol_cells(self.samples)
        return cells if self.groups else []

    def cell(self, cell: tuple[int, int]) -> Reals:
        """The margins at the points of a cell."""
        function = margins(self.scenario, self.clause)
        return estimators.sobol_cell(function, self.groups, cell, seed=self.seed)

    def result(self, parts: Sequence[Reals]) -> Sensitivity[Indices]:
        """The indices, the largest total first."""
        found = estimators.sobol(self.groups, parts, seed=self.seed) if parts else {}
        ranked = sorted(found.items(), key=lambda each: -each[1].main.value)
        return _told(self, "sobol", len(self.groups), parts, dict(ranked))


@dataclass(frozen=True)
class Morris:
    """What moving each input by itself does to the margin, from many starting points; in cells.

    Raises RequestError for a number of samples that no design has, and where SALib is missing.
    """

    scenario: Scenario
    clause: str
    samples: int = PATHS
    seed: int = 0

    def __post_init__(self) -> None:
        checked_seed(self.seed)
        estimators.morris_cells(self.samples)

    @property
    def names(self) -> list[str]:
        """The address of each input."""
        return [each.address for each in inputs(self.scenario)]

    @property
    def cells(self) -> Sequence[int]:
        """The paths; none where nothing is uncertain."""
        cells = estimators.morris_cells(self.samples)
        return cells if self.names else []

    def cell(self, cell: int) -> Reals:
        """The margins along a path."""
        function, count = margins(self.scenario, self.clause), len(self.names)

        def inside(quantiles: Reals) -> Reals:
            return function(TAIL + (1 - 2 * TAIL) * quantiles)

        return estimators.morris_cell(inside, count, cell, seed=self.seed)

    def result(self, parts: Sequence[Reals]) -> Sensitivity[Effect]:
        """The effects, the largest first."""
        found = estimators.morris(self.names, parts, seed=self.seed) if parts else {}
        ranked = sorted(found.items(), key=lambda each: -each[1].main.value)
        return _told(self, "morris", len(self.names), parts, dict(ranked))


def _told(
    asked: Sobol | Morris,
    method: str,
    count: int,
    parts: Sequence[Reals],
    factors: Mapping[str, Kind],
) -> Sensitivity[Kind]:
    centre = np.full((count, 1), 0.5)
    margin = np.concatenate(parts) if parts else margins(asked.scenario, asked.clause)(centre)
    return Sensitivity(
        scenario=asked.scenario,
        clause=asked.clause,
        method=method,
        samples=asked.samples,
        seed=asked.seed,
        worlds=len(margin) if parts else 0,
        inputs=count,
        mean=float(margin.mean()),
        deviation=float(margin.std()),
        factors=factors,
    )
