"""Long work on a clause, which is done only when somebody asks for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from dashboard.question import WhatIf
from sim.analysis.cells import Work
from sim.analysis.discovery import Search
from sim.analysis.sensitivity import Sobol
from sim.analysis.tornado import Turning
from sim.scenario import Scenario

Make = Callable[[Scenario, str, int, int], Work[Any]]
"""The work, from a scenario, a clause, the size and a seed."""


def _surviving(scenario: Scenario, clause: str, worlds: int, seed: int) -> Search:
    return Search(scenario, clause, worlds=worlds, seed=seed)


def _falling(scenario: Scenario, clause: str, worlds: int, seed: int) -> Search:
    return Search(scenario, clause, falls=True, worlds=worlds, seed=seed)


SOUGHT: Mapping[str, Make] = {
    "tornado": Turning,
    "sobol": Sobol,
    "survives": _surviving,
    "falls": _falling,
}


@dataclass(frozen=True)
class Study:
    """What is `SOUGHT` on a clause, in so many worlds, or points of a design, as the what-if has."""

    sought: str
    what_if: WhatIf
    clause: str

    def work(self, scenario: Scenario) -> Work[Any]:
        """The work, not yet done, on the what-if's scenario."""
        size, seed = self.what_if.worlds, self.what_if.seed
        return SOUGHT[self.sought](scenario, self.clause, size, seed)
