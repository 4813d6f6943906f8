"""The table: how consensus fares as it grows, and what each member would do alone with the proposer."""

from __future__ import annotations

import functools
import operator
from dataclasses import dataclass

import numpy as np

from sim import ensemble
from sim.arrays import CLAUSES, WORLDS, Counts, Reals
from sim.council import Council
from sim.errors import RequestError
from sim.rules import OBJECT, objectors
from sim.scenario import Scenario, with_changes

# How consensus fares as the table grows -----------------------------------------------------------


@dataclass(frozen=True)
class Growth:
    """In how many worlds so many members broke the silence, and what smaller tables would have heard.

    objectors (C, 1 + M): worlds by the number of objectors, from none to everybody. Members are taken
    at random from this council, with the stances that they took in the whole of it.
    """

    scenario: Scenario
    seed: int
    objectors: Counts

    @property
    def members(self) -> int:
        """How many sit at the whole table."""
        return self.objectors.shape[1] - 1

    @property
    def worlds(self) -> int:
        """How many worlds were played."""
        return int(self.objectors[0].sum())

    def consensus(self, clause: str) -> Reals:
        """The chance that nobody objects among 1, 2, … M members taken at random. (M,)."""
        return np.asarray(self._shares(clause) @ nobody_objects(self.members))

    def apart(self, clause: str) -> Reals:
        """The same if members objected independently of each other, all at the mean rate. (M,)."""
        rate = self._shares(clause) @ np.arange(self.members + 1) / self.members
        return np.asarray((1 - rate) ** np.arange(1, self.members + 1))

    def rarer_than_half(self, clause: str) -> int | None:
        """The smallest table at which consensus is rarer than a half; None if not even the whole."""
        below = np.flatnonzero(self.consensus(clause) < 0.5)
        return int(below[0]) + 1 if len(below) else None

    def _shares(self, clause: str) -> Reals:
        row = self.objectors[list(self.scenario.clauses).index(clause)]
        return np.asarray(row / row.sum())


def nobody_objects(members: int) -> Reals:
    """The chance that none of k objectors is among n of the members taken at random.

    C(M − k, n) / C(M, n), for k = 0 … M and n = 1 … M. -> (1 + M, M).

    >>> nobody_objects(3)[1].round(3).tolist()
    [0.667, 0.333, 0.0]
    """
    objecting, taken = np.arange(members + 1)[:, None], np.arange(members)
    return np.cumprod((members - objecting - taken).clip(0) / (members - taken), axis=1)


def growth(scenario: Scenario, *, worlds: int = 2000, seed: int = 0) -> Growth:
    """Count the objectors to every clause, in the round in which it was last on the table.

    By consensus, whatever the scenario's rule: a rule that leaves members out has them consult nobody.
    """
    council = with_changes(scenario, {"rule": "consensus"})
    members = len(council.seats)

    def look(council: Council) -> Counts:
        against = objectors(council.decisions().stance)
        return np.stack([np.bincount(row, minlength=members + 1) for row in against])

    blocks = ensemble.read(council, seed, worlds, look)
    return Growth(council, seed, functools.reduce(operator.add, blocks))


# Alone with the proposer --------------------------------------------------------------------------


@dataclass(frozen=True)
class Alone:
    """In how many worlds each member would let a clause stand if nobody else had a say. (M, C).

    Alone a member consults nobody: it is its own appraisal that speaks.
    """

    scenario: Scenario
    seed: int
    worlds: int
    stands: Counts

    @property
    def shares(self) -> Reals:
        """The same as shares of the worlds. (M, C)."""
        return self.stands / self.worlds

    def share(self, member: str, clause: str) -> float:
        """In which share of worlds one member would let one clause stand."""
        return float(self.shares[self._seat(member), list(self.scenario.clauses).index(clause)])

    def lets_stand(self, member: str) -> list[str]:
        """The clauses that a member alone would let stand in at least half of the worlds."""
        row = self.shares[self._seat(member)]
        return [name for name, share in zip(self.scenario.clauses, row) if share >= 0.5]

    def willing(self, clause: str) -> list[str]:
        """The members that would let a clause stand in at least half of the worlds."""
        return [iso for iso in self.scenario.seats if clause in self.lets_stand(iso)]

    def _seat(self, member: str) -> int:
        return list(self.scenario.seats).index(member)


def heard_at_once(scenario: Scenario) -> bool:
    """Whether one run tells what every member would do alone: all is tabled once, and nothing bought.

    Otherwise what is tabled, and what has been learnt by then, hangs on what the others did before.
    """
    process = scenario.process
    return process.kind != "steps" and process.rounds == 1 and not scenario.proposer.budget


def alone(scenario: Scenario, *, worlds: int = 2000, seed: int = 0) -> Alone:
    """What every member would let stand alone with the proposer, from one run of the whole council.

    Raises RequestError unless all is `heard_at_once`; then play every member with `alone_with`.
    """
    if not heard_at_once(scenario):
        raise RequestError("what members would do alone must be played for each of them")

    def look(council: Council) -> Counts:
        stands = council.decisions().own != OBJECT
        stands &= stands[:, council.hosts]
        if not council.proposer.takes_part():
            stands &= stands.all(axis=CLAUSES, keepdims=True)
        return np.asarray(np.count_nonzero(stands, axis=WORLDS))

    blocks = ensemble.read(scenario, seed, worlds, look)
    return Alone(scenario, seed, worlds, functools.reduce(operator.add, blocks))


def alone_with(
    scenario: Scenario, member: str, *, worlds: int = 2000, seed: int = 0
) -> tuple[int, ...]:
    """In how many worlds each clause stands if only this member has a say. (C,)."""
    outcome = ensemble.run(
        with_changes(scenario, {"rule": f"only:{member}"}), worlds=worlds, seed=seed
    )
    return tuple(outcome.tally.adopted.tolist())
