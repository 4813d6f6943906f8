"""How far a clause moves when one thing after the other is turned to either end of its range.

Each dial goes from the lowest to the highest setting that a reader would think possible, all else as
the scenario has it. At either end stand the margin of the least willing member with every assumption
at its centre, without dice, and the share of the same worlds in which the clause survives.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim.analysis.ceilings import ceilings
from sim.analysis.dials import Dial, dials
from sim.analysis.tipping import Share, survivors
from sim.arrays import REAL
from sim.ensemble import alone, run
from sim.errors import ScenarioError
from sim.outcome import provenance
from sim.scenario import Scenario, with_changes
from sim.worlds import central

STILL = 1e-6
"""A margin that moves by less has moved by rounding, in weight units."""


@dataclass(frozen=True)
class End:
    """What becomes of a clause at one setting of a dial; None for the scenario as it is.

    margin: how far the least willing member is from breaking the silence at the centre, in weight
    units, below 0 beyond it.
    """

    at: float | None
    margin: float
    share: Share


@dataclass(frozen=True)
class Swing:
    """A dial turned to both of its ends; no end where the setting fits no scenario."""

    dial: Dial
    low: End | None
    high: End | None

    @property
    def ends(self) -> tuple[End, ...]:
        """The ends that there are."""
        return tuple(end for end in (self.low, self.high) if end)


@dataclass(frozen=True)
class Tornado:
    """All dials turned, those that move the margin furthest first."""

    scenario: Scenario
    clause: str
    worlds: int
    seed: int
    here: End
    swings: tuple[Swing, ...]
    method = "tornado"

    def size(self, swing: Swing) -> float:
        """How far the margin moves between the ends, the scenario as it is among them."""
        margins = [self.here.margin, *(end.margin for end in swing.ends)]
        return max(margins) - min(margins)

    def moves(self, swing: Swing) -> bool:
        """Whether a dial moves the margin at all, rounding aside."""
        return self.size(swing) > STILL

    def turns(self, swing: Swing) -> bool:
        """Whether a dial takes the least willing member over the line between silence and objection."""
        return any((end.margin >= 0) != (self.here.margin >= 0) for end in swing.ends)

    def frame(self) -> pd.DataFrame:
        """One row a dial, the widest swing first."""
        return pd.DataFrame([self._row(swing) for swing in self.swings])

    def _row(self, swing: Swing) -> dict[str, Any]:
        row: dict[str, Any] = {"dial": swing.dial.name, "title": swing.dial.title}
        for name, end, at in (
            ("low", swing.low, swing.dial.low),
            ("high", swing.high, swing.dial.high),
        ):
            row |= {name: at}
            row |= {f"{name}_margin": None if end is None else end.margin}
            row |= {f"{name}_survival": None if end is None else end.share.survival}
        return row | {"swing": self.size(swing)}

    def as_json(self) -> dict[str, Any]:
        """The swings as JSON sees them."""
        rows = [self._row(swing) | {"here": swing.dial.here} for swing in self.swings]
        return {
            "schema": 1,
            **provenance(self.scenario, self.seed, self.worlds),
            "clause": self.clause,
            "method": self.method,
            "output": "margin of the least willing member",
            "margin": self.here.margin,
            "survival": self.here.share.survival,
            "dials": rows,
        }


@dataclass(frozen=True)
class Turning:
    """The tornado of a clause; work in cells.

    member: whose trust is a dial of its own; that with the lowest ceiling where it is left out.
    """

    scenario: Scenario
    clause: str
    worlds: int = 2000
    seed: int = 0
    member: str | None = None

    @property
    def dials(self) -> tuple[Dial, ...]:
        """What is turned."""
        lowest = ceilings(self.scenario, self.clause).members[0].member
        return dials(self.scenario, self.clause, self.member or lowest)

    @property
    def cells(self) -> list[tuple[int, float] | None]:
        """The scenario as it is, then each dial by its place at either end."""
        known = enumerate(self.dials)
        return [None, *((place, at) for place, dial in known for at in (dial.low, dial.high))]

    def cell(self, cell: tuple[int, float] | None) -> End | None:
        """What becomes of the clause there; None where the setting fits no scenario."""
        if cell is None:
            return self._end(self.scenario, None)
        place, at = cell
        try:
            turned = with_changes(self.scenario, self.dials[place].changes(at))
        except ScenarioError:
            return None
        return self._end(turned, at)

    def _end(self, scenario: Scenario, at: float | None) -> End:
        outcome = run(scenario, worlds=self.worlds, seed=self.seed)
        share = survivors(outcome).share(self.clause)
        return End(at, margin(scenario, self.clause), share)

    def result(self, parts: Sequence[End | None]) -> Tornado:
        """The swings in order."""
        here, *ends = parts
        assert here is not None
        swings = map(Swing, self.dials, ends[::2], ends[1::2])
        found = Tornado(self.scenario, self.clause, self.worlds, self.seed, here, tuple(swings))
        ranked = sorted(found.swings, key=lambda swing: -found.size(swing))
        return Tornado(self.scenario, self.clause, self.worlds, self.seed, here, tuple(ranked))


def margin(scenario: Scenario, clause: str) -> float:
    """How far the least willing member is from breaking the silence, all assumptions at the centre."""
    with alone(scenario) as council:
        council.deal(central(scenario, REAL))
        council.run_model()
        return float(council.margin()[list(scenario.clauses).index(clause), 0])
