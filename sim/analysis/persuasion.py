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
from sim.analysis.verdicts import tabled_first
from sim.arrays import Reals
from sim.outlook import Outlook, outlook
from sim.scenario import Scenario


@dataclass(frozen=True)
class Argument:
    """What one member must be persuaded of on one text.

    worth: what it must come to hold the text to be worth more, in weight units; of_costs: that as a
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


def persuasion(scenario: Scenario, clause: str) -> Persuasion:
    """The cheapest and the smallest set of members to persuade so that a clause survives."""
    seen = outlook(scenario)
    packaged = any(clause in stage.clauses and stage.kind == "package" for stage in scenario.stages)
    texts, room = _room(scenario, seen, clause, packaged)
    costs, gains = _at_stake(scenario, seen, clause, packaged)
    stands = room.adopts(np.zeros_like(room.views))

    def told(worth: Reals | None) -> tuple[Argument, ...] | None:
        if worth is None:
            return None
        rows = [
            _argument(scenario, seen, member, texts[text], worth[member, text], costs, gains, text)
            for member, text in zip(*(found.tolist() for found in np.nonzero(worth)))
        ]
        return tuple(sorted(rows, key=lambda row: -row.worth))

    return Persuasion(
        scenario, clause, texts, stands, told(cheapest(room)), told(fewest(room, costs))
    )


def room(scenario: Scenario, clause: str) -> Room:
    """What members make of a clause and of what it hangs on, or of its package, before any argument."""
    packaged = any(clause in stage.clauses and stage.kind == "package" for stage in scenario.stages)
    return _room(scenario, outlook(scenario), clause, packaged)[1]


def _rows(scenario: Scenario, clause: str, packaged: bool) -> list[int]:
    """The clauses that must be adopted: with its host, or all of its package."""
    ids = list(scenario.clauses)
    if packaged:
        stage = next(stage for stage in scenario.stages if clause in stage.clauses)
        return [ids.index(name) for name in stage.clauses]
    return [ids.index(name) for name in (clause, scenario.clauses[clause].tabled_with) if name]


def _room(
    scenario: Scenario, seen: Outlook, clause: str, packaged: bool
) -> tuple[tuple[str, ...], Room]:
    rows = _rows(scenario, clause, packaged)
    level = tabled_first(scenario)[:, None]
    own = [appraisal.appraise(trust, held, level) for trust, held in zip(seen.trust, seen.stakes)]
    views = seen.consult(np.stack(own))[:, rows]
    texts = tuple(list(scenario.clauses)[row] for row in rows)
    if packaged:
        views, texts = tactics.bundled(views, seen.worlds.logroll), ("the package",)
    heard = seen.consult(np.eye(len(own))[..., None])[..., 0]
    return texts, Room(views[..., 0], heard, seen.worlds.resolve[:, 0], seen.rule)


def _at_stake(
    scenario: Scenario, seen: Outlook, clause: str, packaged: bool
) -> tuple[Reals, Reals]:
    """What each text costs each member, and what it would gain from it at full trust. (M, R) each."""
    rows = _rows(scenario, clause, packaged)
    level = tabled_first(scenario)[rows, None]
    held = [each.among(np.array(rows)) for each in seen.stakes]
    costs = np.stack([(each.principle + each.divisible * level) * level for each in held])[..., 0]
    gains = np.stack([each.gain * level for each in held])[..., 0]
    if packaged:
        costs, gains = costs.sum(axis=1, keepdims=True), gains.sum(axis=1, keepdims=True)
    return costs, gains


def _argument(
    scenario: Scenario,
    seen: Outlook,
    member: int,
    name: str,
    worth: float,
    costs: Reals,
    gains: Reals,
    text: int,
) -> Argument:
    cost, gain = float(costs[member, text]), float(gains[member, text])
    trust = float(seen.trust[member, 0])
    return Argument(
        member=list(scenario.seats)[member],
        text=name,
        worth=float(worth),
        of_costs=float(worth) / cost if cost > 0 else None,
        trust=trust,
        needed=_trust_for(scenario, trust, float(worth), gain)
        if name in scenario.clauses
        else None,
    )


def _trust_for(scenario: Scenario, trust: float, worth: float, gain: float) -> float | None:
    """The trust that is worth as much as an argument; none beyond that of who has no doubt."""
    if gain <= 0 or scenario.process.condition or scenario.at_its_word:
        return None
    needed = trust + worth / gain
    highest = belief.bounds(scenario.keep, scenario.assumptions.pretext.value)[1]
    return needed if needed < highest else None
