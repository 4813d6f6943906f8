"""How stances become a decision: the rules, frozen and pure.

A rule reads who supports, who keeps silent and who objects, and says which clauses are adopted. A rule
also says how many objectors would have to fall silent for a fallen clause to be adopted: one means
that each of them is pivotal (under consensus: the sole blocker).
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from sim.arrays import MEMBERS, Bools, Counts, Reals
from sim.rules.stances import SLACK, SUPPORT, Stances, objectors, supporters

NEVER = np.iinfo(np.int16).max
"""More silences than any council has members: silence alone cannot carry the clause."""


class Rule(Protocol):
    """Stances in, decisions out."""

    @property
    def tolerates(self) -> int | None:
        """How many objections it survives where silence is consent; None where support counts."""

    def adopts(self, stances: Stances) -> Bools:
        """Which clauses stand. (M, C, D) -> (C, D)."""

    def silences(self, stances: Stances) -> Counts:
        """How many objectors must fall silent for the clause to stand. (M, C, D) -> (C, D).

        0 where it stands, `NEVER` where no silence would carry it.
        """

    def present(self, members: int) -> Bools:
        """Who has a say. -> (M,)."""

    def stops(self, members: int) -> Bools:
        """Whose objection counts against a clause, so that its silence may carry it. -> (M,)."""

    def binds(self, stances: Stances) -> Bools:
        """Whom a clause would bind if it stood. (M, C, D) -> (M, C, D)."""


@dataclass(frozen=True)
class _Everybody:
    """A rule in which every member has a say."""

    @property
    def tolerates(self) -> int | None:
        return None

    def present(self, members: int) -> Bools:
        return np.ones(members, dtype=bool)

    def stops(self, members: int) -> Bools:
        return self.present(members)

    def binds(self, stances: Stances) -> Bools:
        return np.ones(stances.shape, dtype=bool)


@dataclass(frozen=True)
class ConsensusMinus(_Everybody):
    """Silence is consent: a clause stands unless more than `k` members object.

    `k = 0` is consensus by silence procedure, as NATO decides.
    """

    k: int = 0

    @property
    def tolerates(self) -> int:
        return self.k

    def adopts(self, stances: Stances) -> Bools:
        return objectors(stances) <= self.k

    def silences(self, stances: Stances) -> Counts:
        return np.maximum(objectors(stances) - self.k, 0)


@dataclass(frozen=True)
class Only:
    """Consensus among a few, over the heads of the others; `seats` are places in the roster."""

    seats: tuple[int, ...]

    @property
    def tolerates(self) -> int:
        return 0

    def adopts(self, stances: Stances) -> Bools:
        return objectors(stances[list(self.seats)]) == 0

    def silences(self, stances: Stances) -> Counts:
        return objectors(stances[list(self.seats)])

    def present(self, members: int) -> Bools:
        return np.isin(np.arange(members), self.seats)

    def stops(self, members: int) -> Bools:
        return self.present(members)

    def binds(self, stances: Stances) -> Bools:
        seated = self.present(len(stances))[:, None, None]
        return np.broadcast_to(seated, stances.shape)


@dataclass(frozen=True)
class SimpleMajority(_Everybody):
    """More members support than object, and at least one supports; silence is an abstention."""

    def adopts(self, stances: Stances) -> Bools:
        return supporters(stances) > objectors(stances)

    def silences(self, stances: Stances) -> Counts:
        support = supporters(stances)
        missing = np.maximum(objectors(stances) - support + 1, 0)
        return np.where(support > 0, missing, NEVER)


@dataclass(frozen=True)
class _Support(_Everybody, ABC):
    """A rule in which only support counts, so that no silence ever carries a clause."""

    @abstractmethod
    def adopts(self, stances: Stances) -> Bools: ...

    def silences(self, stances: Stances) -> Counts:
        return np.where(self.adopts(stances), 0, NEVER)


@dataclass(frozen=True)
class AffirmativeUnanimity(_Support):
    """Every member must say yes; silence is not enough."""

    def adopts(self, stances: Stances) -> Bools:
        return (stances == SUPPORT).all(axis=MEMBERS)


@dataclass(frozen=True)
class EntryIntoForce(_Support):
    """The draft's own Article 9: in force once more than half support; it binds only those."""

    def adopts(self, stances: Stances) -> Bools:
        return 2 * supporters(stances) > len(stances)

    def binds(self, stances: Stances) -> Bools:
        return stances == SUPPORT


@dataclass(frozen=True)
class Weighted(_Support):
    """The weights of the supporters reach the quota."""

    weights: tuple[float, ...]
    quota: float

    def adopts(self, stances: Stances) -> Bools:
        return _weight(stances, self.weights) >= self.quota - SLACK


@dataclass(frozen=True)
class QualifiedMajority(_Support):
    """A share of the members and a share of the population, as in the EU Council.

    `share` of the members must support; the supporters must also hold `population_share` of the
    population, unless fewer than `blocking_minority` members are not in favour. Silence is not
    in favour. Defaults: Treaty on European Union, Article 16(4).
    """

    population: tuple[float, ...]
    share: float = 0.55
    population_share: float = 0.65
    blocking_minority: int = 4

    def least(self, members: int) -> int:
        """How many of so many members must support."""
        return math.ceil(self.share * members - SLACK)

    def adopts(self, stances: Stances) -> Bools:
        members = len(stances)
        support = supporters(stances)
        people = _weight(stances, self.population) / math.fsum(self.population)
        enough = people >= self.population_share - SLACK
        blocked = members - support >= self.blocking_minority
        return (support >= self.share * members - SLACK) & (enough | ~blocked)


@dataclass(frozen=True)
class Vetoes(_Everybody):
    """So many must support, and none of a few object, as in the Security Council.

    `holders` are the places in the roster of those who have a veto; `quota` counts supporters, the
    holders among them. Silence abstains: it adds no support, and a holder that abstains vetoes nothing.

    Source: Charter of the United Nations, Article 27(3), as it is practised: International Court of
    Justice, Namibia, advisory opinion of 21 June 1971, I.C.J. Reports 1971, p. 16, paragraph 22.
    """

    holders: tuple[int, ...]
    quota: int

    def adopts(self, stances: Stances) -> Bools:
        return (supporters(stances) >= self.quota) & (self._vetoes(stances) == 0)

    def silences(self, stances: Stances) -> Counts:
        return np.where(supporters(stances) >= self.quota, self._vetoes(stances), NEVER)

    def stops(self, members: int) -> Bools:
        return np.isin(np.arange(members), self.holders)

    def _vetoes(self, stances: Stances) -> Counts:
        """How many holders object. (M, C, D) -> (C, D)."""
        return objectors(stances[list(self.holders)])


def _weight(stances: Stances, weights: tuple[float, ...]) -> Reals:
    """The summed weight of the supporters, float64. (M, C, D) -> (C, D)."""
    return np.einsum("m,mcd->cd", np.array(weights), stances == SUPPORT)


Consensus = ConsensusMinus
"""Consensus is `ConsensusMinus(0)`."""
