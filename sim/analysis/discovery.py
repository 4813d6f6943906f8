"""In which region of the assumptions a clause survives, or falls.

The assumptions are varied over all that is thinkable, worlds are played, and boxes are looked for
in which the clause survives far more often than elsewhere. Then they are put to the test on worlds of
another seed, which had no part in finding them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.boxes import WEIGHT, Box, Fit, boxes, fit
from sim.analysis.cells import done as done
from sim.analysis.experiments import EACH, Design, Range, Table, joined, ranges
from sim.analysis.extras import required
from sim.dice import checked_seed
from sim.errors import RequestError
from sim.outcome import provenance
from sim.scenario import Scenario
from sim.worlds import checked_count

WORLDS, FEWEST = 10_000, 1000
"""Worlds that are searched, and again as many for the test; with fewer a box is luck."""

BATCH = 8
"""Settings that are played in one cell."""

MOST = 5
"""Boxes beyond which nobody reads on."""


@dataclass(frozen=True)
class Region:
    """A box, how well it fits where it was found, and how well on worlds of another seed."""

    box: Box
    fit: Fit
    again: Fit


@dataclass(frozen=True)
class Discovery:
    """The boxes in which a clause survives, or falls; none where there are none.

    share and share_again: how often it does so in all worlds, of this seed and of the other; together
    and together_again: all boxes as one; table: the worlds in which they were found.
    """

    scenario: Scenario
    clause: str
    falls: bool
    varied: tuple[Range, ...] = field(compare=False)  # functions are never equal
    worlds: int
    seed: int
    share: float
    share_again: float
    regions: tuple[Region, ...]
    together: Fit
    together_again: Fit
    table: Table = field(repr=False, compare=False)

    def frame(self) -> pd.DataFrame:
        """One row for each box and dial that it limits."""
        rows = [
            {"box": number, "dial": name, **vars(limit), **vars(region.fit)}
            | {f"{key}_again": value for key, value in vars(region.again).items()}
            for number, region in enumerate(self.regions, 1)
            for name, limit in region.box.limits.items()
        ]
        return pd.DataFrame(rows)

    def as_json(self) -> dict[str, Any]:
        """The boxes as JSON sees them."""
        return {
            "schema": 1,
            **provenance(self.scenario, self.seed, self.worlds, "ema_workbench"),
            "clause": self.clause,
            "what": "falls" if self.falls else "survives",
            "seed_again": self.seed + 1,
            "varied": [
                {"dial": each.name, "title": each.dial.title, "low": each.low, "high": each.high}
                for each in self.varied
            ],
            "share": self.share,
            "share_again": self.share_again,
            "boxes": [_as_json(region) for region in self.regions],
            "together": {"found": vars(self.together), "again": vars(self.together_again)},
        }


def _as_json(region: Region) -> dict[str, Any]:
    return {
        "limits": {name: vars(limit) for name, limit in region.box.limits.items()},
        "found": vars(region.fit),
        "again": vars(region.again),
    }


@dataclass(frozen=True)
class Search:
    """Look for boxes; work in cells, half of which are the worlds of the test.

    wanted: what is varied, as `experiments.ranges` reads it. most and weight: see `boxes.boxes`.

    Raises RequestError or ScenarioError for what cannot be varied, and numbers out of range.
    """

    scenario: Scenario
    clause: str
    falls: bool = False
    wanted: tuple[str, ...] = ()
    worlds: int = WORLDS
    seed: int = 0
    most: int = 2
    weight: float = WEIGHT

    def __post_init__(self) -> None:
        checked_seed(self.seed)
        checked_count("worlds", self.worlds, least=FEWEST)
        if not 1 <= checked_count("boxes", self.most) <= MOST:
            raise RequestError(f"boxes is {self.most}; write a whole number from 1 to {MOST}")
        required("ema_workbench", "Discovery")

    @cached_property
    def varied(self) -> tuple[Range, ...]:
        """What is varied, and how far."""
        return ranges(self.scenario, self.clause, self.wanted)

    @property
    def settings(self) -> int:
        """How many settings have worlds of their own."""
        return -(-self.worlds // EACH)

    @property
    def cells(self) -> list[tuple[int, int, int]]:
        """Seed, first setting and up to which."""
        return [
            (seed, first, min(first + BATCH, self.settings))
            for seed in (self.seed, self.seed + 1)
            for first in range(0, self.settings, BATCH)
        ]

    def cell(self, cell: tuple[int, int, int]) -> Table | None:
        """The worlds of a few settings; None where none of them fits the scenario."""
        seed, first, stop = cell
        design = Design(self.scenario, self.clause, self.varied, self.settings, seed)
        found = design.play(first, stop)
        return Table(found.values, ~found.happened) if found and self.falls else found

    def result(self, parts: Sequence[Table | None]) -> Discovery:
        """The boxes, and how they stand the test."""
        half = len(parts) // 2
        table, again = self._table(parts[:half]), self._table(parts[half:])
        found = boxes(table, most=self.most, weight=self.weight)
        return Discovery(
            scenario=self.scenario,
            clause=self.clause,
            falls=self.falls,
            varied=self.varied,
            worlds=len(table),
            seed=self.seed,
            share=float(table.happened.mean()),
            share_again=float(again.happened.mean()),
            regions=tuple(Region(box, _fit([box], table), _fit([box], again)) for box in found),
            together=_fit(found, table),
            together_again=_fit(found, again),
            table=table,
        )

    def _table(self, parts: Sequence[Table | None]) -> Table:
        fit_scenario = [part for part in parts if part]
        if not fit_scenario:
            raise RequestError(
                "no setting of what is varied fits the scenario; vary less, or over shorter ranges"
            )
        return joined(fit_scenario)


def _fit(found: Sequence[Box], table: Table) -> Fit:
    """How well some boxes together tell where it happens."""
    inside = np.zeros(len(table), bool)
    for box in found:
        inside |= box.holds(table)
    return fit(inside, table.happened)
