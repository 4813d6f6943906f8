"""Whether a few members, once convinced of the proposer, carry a clause in most worlds.

To win a member over is to convince it that the proposer seeks no more than its own security: its trust
rises to the last hundredth below that of one who is sure (`sim.belief.bounds`). The members then hear
each other out as ever, so that who is won moves the others by as much as they listen. Other than the
arguments of `sim.analysis.persuasion`, which may be worth anything at the centre, this is bounded, and
counted over worlds.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from sim import appraisal, belief, rules
from sim.analysis.rescue import takes_part
from sim.analysis.verdicts import said_once, tabled_first
from sim.arrays import CLAUSES, Counts, Reals
from sim.outlook import Outlook, outlook
from sim.rules import Rule
from sim.scenario import Scenario, with_changes
from sim.worlds import draw


def convinced(scenario: Scenario) -> float:
    """The trust of a member that is won: the last hundredth below that of who has no doubt."""
    sure = belief.bounds(scenario.keep, scenario.assumptions.pretext.value)[1]
    return (math.ceil(round(sure * 100, 9)) - 1) / 100


def changes(scenario: Scenario, members: Iterable[str]) -> dict[str, Any]:
    """What winning these members means for `with_changes`."""
    return {f"members.{iso}.trust": convinced(scenario) for iso in members}


def can_be_won(scenario: Scenario) -> tuple[str, ...]:
    """The members whose trust can rise to that; none where the proposer is taken at its word."""
    if scenario.at_its_word:
        return ()
    return tuple(
        iso for iso, row in scenario.seats.items() if row.trust.value < convinced(scenario)
    )


def exact(scenario: Scenario) -> bool:
    """Whether members speak once on each clause by itself: then sets of members need not be played."""
    return said_once(scenario) and scenario.process.kind == "clauses" and takes_part(scenario)


@dataclass(frozen=True)
class Room:
    """What members express on a clause and on what it hangs on, and what each of them would add if won.

    views (M, R, D); lifts (M, M, R, D): lifts[i] is what winning member i adds to what each expresses,
    for trust is a member's own and consultation is linear; resolve (M, 1, D).
    """

    members: tuple[str, ...]
    views: Reals
    lifts: Reals
    resolve: Reals
    rule: Rule

    def share(self, won: Sequence[str]) -> float:
        """The share of worlds in which the clause survives once these members are won."""
        return self._share([self.members.index(iso) for iso in won])

    def best(self, size: int, first: str) -> tuple[tuple[str, ...], float]:
        """Of the sets of so many members that begin with this one, the best, and its share.

        In the order of the table; an empty set where there are none.
        """
        sets = list(self._sets(size, self.members.index(first)))
        shares = [self._share(each) for each in sets]
        if not shares:
            return (), 0.0
        place = int(np.argmax(shares))
        return tuple(self.members[seat] for seat in sets[place]), shares[place]

    def _sets(self, size: int, first: int) -> Iterator[tuple[int, ...]]:
        later = range(first + 1, len(self.members))
        return ((first, *rest) for rest in combinations(later, size - 1))

    def _share(self, seats: Sequence[int]) -> float:
        views = self.views.copy()
        for seat in seats:
            views += self.lifts[seat]
        stances = rules.stance(views, self.resolve)
        return float(self.rule.adopts(stances).all(axis=CLAUSES).mean())


def room(scenario: Scenario, clause: str, *, worlds: int = 256, seed: int = 0) -> Room:
    """The members before anybody is won, in the worlds of a seed; only where this is `exact`."""
    ids, host = list(scenario.clauses), scenario.clauses[clause].tabled_with
    rows = np.array([ids.index(name) for name in (clause, host) if name])
    won = with_changes(scenario, changes(scenario, can_be_won(scenario)))
    seen, sure = (outlook(each, draw(each, seed, 0, worlds)) for each in (scenario, won))
    shown = seen.worlds.shown
    before, after = (_own(each, scenario, rows) for each in (seen, sure))
    heard = seen.consult(_everyone(len(before), before.shape[-1]))[:, :, None]
    lifts = np.moveaxis(heard * (after - before)[None], 1, 0)
    views = seen.consult(before)
    return Room(
        members=tuple(scenario.seats),
        views=views[..., shown],
        lifts=np.ascontiguousarray(lifts[..., shown]),
        resolve=seen.worlds.resolve[:, None, shown],
        rule=seen.rule,
    )


def _own(seen: Outlook, scenario: Scenario, rows: Counts) -> Reals:
    """What members make of some clauses by themselves. (M, R, D)."""
    level = tabled_first(scenario)[rows, None]
    stakes = [held.among(rows) for held in seen.stakes]
    views = [appraisal.appraise(trust, held, level) for trust, held in zip(seen.trust, stakes)]
    return np.stack(views)


def _everyone(members: int, worlds: int) -> Reals:
    """One voice at a time, in every world. (M, M, D)."""
    return np.repeat(np.eye(members)[..., None], worlds, axis=2)
