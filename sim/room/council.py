"""What the model says of everybody before a room opens: stances, ceilings, trust, voices."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim import appraisal, rules
from sim.arrays import Reals
from sim.outlook import Outlook, outlook
from sim.room.events import OBJECT, SUPPORT
from sim.room.mind import SAID, heard, minds
from sim.rules import Stance
from sim.scenario import Scenario


@dataclass(frozen=True)
class Line:
    """A red line: a clause on which a delegation breaks the silence as tabled.

    level: the highest that all its members can live with, None where that is below the clause's least;
    by: the members who break the silence; others: members of other delegations who do as well.
    """

    clause: str
    level: float | None
    by: tuple[str, ...]
    others: tuple[str, ...]


class Council:
    """What the model says of everybody, worked out once for all the cards of a scenario."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.minds = minds(scenario)
        self.isos = list(scenario.seats)
        self.tabled = {name: row.level for name, row in scenario.clauses.items()}
        self.stances = {
            name: self.minds.stances({name: level}) for name, level in self.tabled.items()
        }
        self.ceilings = {name: self.minds.ceilings(name) for name in self.tabled}
        self.rule = rules.named(scenario.rule.name, scenario.table)

    @cached_property
    def outlook(self) -> Outlook:
        """What everybody makes of proposer and treaty, at the centre of all assumptions."""
        return outlook(self.scenario)

    @cached_property
    def counting(self) -> frozenset[str]:
        """Members whose objection stops a text under the rule."""
        stops = self.rule.stops(len(self.isos)).tolist()
        return frozenset(iso for iso, counts in zip(self.isos, stops) if counts)

    @cached_property
    def present(self) -> frozenset[str]:
        """Members who have a say under the rule."""
        here = self.rule.present(len(self.isos)).tolist()
        return frozenset(iso for iso, counts in zip(self.isos, here) if counts)

    @cached_property
    def trust(self) -> dict[str, float]:
        """How likely everybody thinks it that the proposer keeps its word."""
        return dict(zip(self.isos, self.outlook.trust[:, 0].tolist()))

    @cached_property
    def voice(self) -> dict[str, float]:
        """How loud everybody is in the consultations."""
        return dict(zip(self.isos, self.outlook.voices.voice.tolist()))

    @cached_property
    def alone(self) -> dict[str, dict[str, str]]:
        """What everybody would say of each clause as tabled before it hears the others."""
        level = np.array(list(self.tabled.values()))[:, None]
        seen = self.outlook
        own = [
            appraisal.appraise(trust, held, level) for trust, held in zip(seen.trust, seen.stakes)
        ]
        said = rules.stance(np.stack(own), seen.worlds.resolve[:, None])[..., 0]
        return {
            name: {iso: SAID[Stance(one)] for iso, one in zip(self.isos, said[:, c].tolist())}
            for c, name in enumerate(self.tabled)
        }

    @cached_property
    def weight(self) -> Reals:
        """How much each interest counts for everybody. (M, interests)."""
        rows = self.scenario.seats.values()
        return np.array([[number.value for number in row.weight.values()] for row in rows])

    @cached_property
    def burden(self) -> Reals:
        """How hard a cost on each interest hits everybody: weight times exposure. (M, interests)."""
        rows = self.scenario.seats.values()
        exposed = [[number.value for number in row.exposure.values()] for row in rows]
        return self.weight * np.array(exposed)

    @cached_property
    def whole(self) -> dict[str, str]:
        """What everybody would say of everything as one text, as tabled."""
        return self.minds.stances(self.tabled)

    def wanted(self, clause: str) -> int:
        """How many support a clause as tabled."""
        return list(self.stances[clause].values()).count(SUPPORT)

    def resistance(self, clause: str) -> tuple[int, int]:
        """Clauses that few stop come before those that many stop, and the most wanted of these first."""
        return len(self.stoppers(clause)), -self.wanted(clause)

    def stoppers(self, clause: str) -> tuple[str, ...]:
        """Members who break the silence on a clause as tabled, and whose objection counts."""
        return tuple(iso for iso in self.objectors(clause) if iso in self.counting)

    def lowest(self, clause: str) -> float:
        """The level of a clause above which somebody stops it."""
        return min((self.ceilings[clause][iso] for iso in self.counting), default=np.inf)

    def stands(self, clause: str, level: float) -> bool:
        """Whether the council would let a clause stand at a level."""
        return bool(self.rule.adopts(heard(self.minds.stances({clause: level}).values()))[0, 0])

    def objectors(self, clause: str) -> tuple[str, ...]:
        """Members who break the silence on a clause as tabled."""
        return tuple(iso for iso, said in self.stances[clause].items() if said == OBJECT)

    def highest(self, clause: str, members: Iterable[str]) -> float | None:
        """The highest level of a clause that all of these can live with; None where there is none."""
        level = min(self.ceilings[clause][iso] for iso in members)
        return None if level < self.scenario.clauses[clause].least else level

    def red_lines(self, members: Sequence[str]) -> tuple[Line, ...]:
        """The clauses on which one of these members breaks the silence as tabled."""
        lines = []
        for clause in self.tabled:
            against = self.objectors(clause)
            by = tuple(iso for iso in members if iso in against)
            others = tuple(iso for iso in against if iso not in members)
            if by:
                lines.append(Line(clause, self.highest(clause, members), by, others))
        return tuple(lines)

    def supported(self, members: Sequence[str]) -> tuple[str, ...]:
        """The clauses that all these members support as tabled."""
        return tuple(
            clause
            for clause, said in self.stances.items()
            if all(said[iso] == SUPPORT for iso in members)
        )
