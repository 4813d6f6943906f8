"""Who must be persuaded, and how far, so that a clause survives: the cheapest set of members, exactly.

An argument of worth δ ≥ 0, in weight units, adds to a member's own view of a clause as it is tabled
first, at the centre of all assumptions; the members then hear each other out as ever
(`sim.analysis.arguments`).

This is not the price of consensus (`sim.exact.price`). A side payment is made after consultation, to
whom it silences and nobody else; an argument is made before, so a member takes over only part of it, but
passes it on to all who listen. With no cohesion, and where silence is consent, both are the sum of the
shortfalls.

A clause that hangs on another needs arguments for both, and both are counted. A package is argued for
as a whole: the worth adds to what the whole text is worth, beside its clauses, and is not discounted by
logroll.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim import appraisal, belief, tactics
from sim.analysis.arguments import Room, cheapest, fewest
from sim.analysis.cells import Progress
from sim.analysis.verdicts import tabled_first
from sim.appraisal import Stakes
from sim.arrays import Counts, Reals
from sim.outlook import Outlook, outlook
from sim.scenario import Scenario


@dataclass(frozen=True)
class Argument:
    """What one member must be persuaded of on one text.

    worth: by how much more it must come to value the text, in weight units; of_costs: that as a
    share of what the text costs it, None where it costs nothing; trust and needed: the trust that it
    has, and that which would do the same, None where no trust would.
    """

    member: str
    text: str
    worth: float
    of_costs: float | None
    trust: float
    needed: float | None


@dataclass(frozen=True)
class Persuasion:
    """Whom to persuade so that a clause survives, at the centre, as tabled first.

    stands: nobody needs to be. texts: the clause and what it hangs on, or the package as one.
    cheapest: of the least total worth; fewest: to the fewest members, none of whom is argued beyond
    holding that the text costs it nothing. None where no such arguments carry the clause.
    """

    scenario: Scenario
    clause: str
    texts: tuple[str, ...]
    stands: bool
    cheapest: tuple[Argument, ...] | None
    fewest: tuple[Argument, ...] | None

    def frame(self) -> pd.DataFrame:
        """One row an argument; `aim` says in which of the two sets."""
        sets = {"cheapest": self.cheapest, "fewest": self.fewest}
        return pd.DataFrame(
            [{"aim": aim, **asdict(row)} for aim, found in sets.items() for row in found or ()]
        )

    def as_json(self) -> dict[str, Any]:
        """Both sets as JSON sees them, with their totals; null where there is none."""
        sets = {"cheapest": self.cheapest, "fewest": self.fewest}
        return {
            "texts": list(self.texts),
            "stands": self.stands,
            **{
                aim: None
                if found is None
                else {"total": total(found), "arguments": [asdict(row) for row in found]}
                for aim, found in sets.items()
            },
        }


def total(arguments: tuple[Argument, ...]) -> float:
    """The worth of all arguments together."""
    return sum(row.worth for row in arguments)


def members_of(arguments: tuple[Argument, ...]) -> tuple[str, ...]:
    """Who is persuaded, whom of the most first."""
    return tuple(dict.fromkeys(row.member for row in arguments))


def persuasion(scenario: Scenario, clause: str, *, progress: Progress | None = None) -> Persuasion:
    """The cheapest and the smallest set of members to persuade so that a clause survives.

    Survives the members, that is: a proposer that wants all or nothing may still take it back.
    `progress` is told when each of the two is found; where a rule leaves open who it is that must be
    won, that may take seconds.
    """
    case = _Case(scenario, clause, outlook(scenario))
    there = case.room()
    least = cheapest(there)
    if progress:
        progress(1, 2)
    return Persuasion(
        scenario=scenario,
        clause=clause,
        texts=case.texts,
        stands=there.adopts(np.zeros_like(there.views)),
        cheapest=case.arguments(least),
        fewest=case.arguments(fewest(there, case.costs)),
    )


def room(scenario: Scenario, clause: str) -> Room:
    """What members make of a clause and of what it hangs on, or of its package, before any argument."""
    return _Case(scenario, clause, outlook(scenario)).room()


@dataclass(frozen=True)
class _Case:
    """A clause of a scenario as it is tabled first, and what members make of it at the centre."""

    scenario: Scenario
    clause: str
    seen: Outlook

    @property
    def packaged(self) -> bool:
        """Whether the clause is part of a package, which is one text."""
        stages = self.scenario.stages
        return any(self.clause in each.clauses and each.kind == "package" for each in stages)

    @property
    def needed(self) -> tuple[str, ...]:
        """The clauses that must be adopted: with what it hangs on, or all of its package."""
        if self.packaged:
            stages = self.scenario.stages
            return next(each.clauses for each in stages if self.clause in each.clauses)
        host = self.scenario.clauses[self.clause].tabled_with
        return (self.clause, host) if host else (self.clause,)

    @property
    def texts(self) -> tuple[str, ...]:
        """What members speak on."""
        return ("the package",) if self.packaged else self.needed

    @property
    def rows(self) -> Counts:
        """The places of the clauses that must be adopted."""
        ids = list(self.scenario.clauses)
        return np.array([ids.index(name) for name in self.needed])

    @property
    def level(self) -> Reals:
        """The levels at which they are tabled first. (R, 1)."""
        return tabled_first(self.scenario)[self.rows, None]

    @property
    def stakes(self) -> list[Stakes]:
        """What they hold for each member."""
        return [held.among(self.rows) for held in self.seen.stakes]

    @property
    def costs(self) -> Reals:
        """What each text costs each member. (M, R)."""
        x = self.level
        return self._by_text([(held.principle + held.divisible * x) * x for held in self.stakes])

    @property
    def gains(self) -> Reals:
        """What each member would gain from each text at full trust. (M, R)."""
        return self._by_text([held.gain * self.level for held in self.stakes])

    def _by_text(self, values: list[Reals]) -> Reals:
        """(M, R, 1) clause by clause -> (M, R); of a package the sum."""
        each = np.stack(values)[..., 0]
        return each.sum(axis=1, keepdims=True) if self.packaged else each

    def room(self) -> Room:
        """What members express, and how far an argument would carry."""
        seen = self.seen
        own = [appraisal.appraise(t, held, self.level) for t, held in zip(seen.trust, self.stakes)]
        views = seen.consult(np.stack(own))
        if self.packaged:
            views = tactics.bundled(views, seen.worlds.logroll)
        heard = seen.consult(np.eye(len(own))[..., None])[..., 0]
        return Room(views[..., 0], heard, seen.worlds.resolve[:, 0], seen.rule)

    def arguments(self, worth: Reals | None) -> tuple[Argument, ...] | None:
        """Worths (M, R) as arguments, the largest first."""
        if worth is None:
            return None
        rows = [self._argument(i, r, float(worth[i, r])) for i, r in np.argwhere(worth).tolist()]
        return tuple(sorted(rows, key=lambda row: -row.worth))

    def _argument(self, member: int, text: int, worth: float) -> Argument:
        cost, gain = float(self.costs[member, text]), float(self.gains[member, text])
        trust = float(self.seen.trust[member, 0])
        return Argument(
            member=list(self.scenario.seats)[member],
            text=self.texts[text],
            worth=worth,
            of_costs=worth / cost if cost > 0 else None,
            trust=trust,
            needed=None if self.packaged else self._trust_for(trust, worth, gain),
        )

    def _trust_for(self, trust: float, worth: float, gain: float) -> float | None:
        """The trust that is worth as much as an argument; none beyond that of who has no doubt."""
        if gain <= 0 or self.scenario.process.condition or self.scenario.at_its_word:
            return None
        needed = trust + worth / gain
        pretext = self.scenario.assumptions.pretext.value
        return needed if needed < belief.bounds(self.scenario.keep, pretext)[1] else None
