"""The same worlds negotiated clause by clause, as one package and in steps, with a step back or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sim.outcome import Outcome
from sim.scenario import Scenario, says

KINDS = ("clauses", "package", "steps")
"""How a treaty can be negotiated, as scenario files write it."""

STEP_BACK = "step_back"
"""The what-if of a scenario in which the proposer steps back before the members decide."""


@dataclass(frozen=True)
class Reach:
    """How far one clause gets: shares of worlds, and its median level where it is adopted."""

    survival: float
    delivered: float
    level: float | None


@dataclass(frozen=True)
class Process:
    """How far a treaty gets in one kind of negotiation; back: after the proposer has stepped back."""

    kind: str
    back: bool
    clauses: Mapping[str, Reach]

    @property
    def stand(self) -> float:
        """How many clauses survive, on average over worlds."""
        return sum(reach.survival for reach in self.clauses.values())

    @property
    def delivered(self) -> float:
        """How many survive and are kept, on average over worlds."""
        return sum(reach.delivered for reach in self.clauses.values())


def possible(scenario: Scenario) -> tuple[str, ...]:
    """The kinds of negotiation that a scenario allows: without stages there are no steps."""
    return KINDS if scenario.process.stages else KINDS[:-1]


def step_back(scenario: Scenario) -> dict[str, Any]:
    """What its step back changes; nothing where it has none, or where it has been made already."""
    lever = scenario.levers.get(STEP_BACK)
    changes = dict(lever.set) if lever else {}
    return {} if says(scenario, changes) else changes


def reached(outcome: Outcome, *, back: bool = False) -> Process:
    """How far a treaty got."""
    rows = {name: row for name, row in outcome.measures().items() if name != "treaty"}
    return Process(
        kind=outcome.scenario.process.kind,
        back=back,
        clauses={
            name: Reach(row["survival"], row["delivered"], row["level"]["p50"])
            for name, row in rows.items()
        },
    )
