"""How stances become a decision: stances and rules, frozen and pure.

A rule reads who supports, who keeps silent and who objects, and says which clauses are adopted. A rule
also says how many objectors would have to fall silent for a fallen clause to be adopted: one means
that each of them is pivotal (under consensus: the sole blocker).
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sim.arrays import MEMBERS, Bools, Counts, Reals
from sim.errors import RequestError, did_you_mean, short

SLACK = 1e-6
"""Far above float32's rounding, so that tabling exactly a ceiling passes."""

NEVER = np.iinfo(np.int16).max
"""More silences than any council has members: silence alone cannot carry the clause."""

Stances = NDArray[np.int8]


class Stance(IntEnum):
    """What a member does when a clause is on the table."""

    OBJECT = 0
    ACQUIESCE = 1
    SUPPORT = 2


OBJECT, SUPPORT = Stance.OBJECT.value, Stance.SUPPORT.value
"""Plain numbers: NumPy compares an array with a member of an enumeration thirteen times slower."""


def stance(expressed: Reals, resolve: Reals) -> Stances:
    """Break silence below minus the resolve, support above it, else keep silent.

    expressed (..., D), resolve (D,) or broadcastable -> (..., D) int8 of `Stance`.
    """
    return said(expressed, patience(resolve), resolve)


def said(expressed: Reals, patience: Reals, resolve: Reals) -> Stances:
    """The same, for a patience that is known already."""
    silent = expressed >= patience
    return silent.view(np.int8) + (expressed > resolve).view(np.int8)


def patience(resolve: Reals) -> Reals:
    """The lowest view that a member keeps silent with. (..., D)."""
    return -resolve - SLACK


def objectors(stances: Stances) -> Counts:
    """How many members object. (M, C, D) -> (C, D)."""
    return _count(stances == OBJECT)


def supporters(stances: Stances) -> Counts:
    """How many members support. (M, C, D) -> (C, D)."""
    return _count(stances == SUPPORT)


def _count(members: Bools) -> Counts:
    """How many members, summed in single bytes where those suffice. (M, C, D) -> (C, D) int16."""
    narrow = np.uint8 if len(members) < 256 else np.uint16
    total: Counts = np.add.reduce(members.view(np.uint8), axis=MEMBERS, dtype=narrow)
    return total.astype(np.int16)


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


@dataclass(frozen=True)
class Table:
    """What a rule may need to know of the members that sit at the table.

    population in persons; `qualified` (share, population share, blocking minority), `weighted`
    (weights by member, quota) and `vetoes` (holders, quota) as the scenario states them, or None.
    """

    ids: tuple[str, ...]
    population: tuple[float, ...]
    qualified: tuple[float, float, int] = (0.55, 0.65, 4)
    weights: Mapping[str, float] = field(default_factory=dict)
    quota: float | None = None
    vetoes: tuple[tuple[str, ...], int] | None = None


RULES = (
    "consensus",
    "consensus-2",
    "affirmative",
    "majority",
    "qualified",
    "weighted",
    "vetoes",
    "only:",
    "entry-into-force",
)
"""The rules by the name that files and commands use; `-2` and what follows `only:` are examples."""

MEANINGS = {
    "consensus": "Silence is consent: a clause stands unless a member objects.",
    "consensus-": "Silence is consent: a clause stands if no more than {} object.",
    "only:": "Silence is consent, and nobody but {} has a say: a clause stands unless one of "
    "these objects.",
    "affirmative": "Silence is not consent: every member must support a clause.",
    "majority": "Silence abstains: a clause stands if more members support it than object.",
    "qualified": "Silence is not consent: 55 % of the members with 65 % of the population must support "
    "a clause, unless the scenario sets other shares.",
    "weighted": "Silence is not consent: the weights of a clause's supporters must reach the quota.",
    "vetoes": "Silence abstains: a clause stands if enough members support it and none that holds a "
    "veto objects.",
    "entry-into-force": "Silence is not consent: more than half of the members must support a clause, "
    "which then binds only these.",
}
"""What each kind of rule means, in one sentence."""


def meaning(name: str) -> str:
    """One sentence on a rule, by the name that files and commands use.

    >>> meaning("consensus-3")
    'Silence is consent: a clause stands if no more than 3 object.'
    """
    for kind in ("consensus-", "only:"):
        if name.startswith(kind):
            return MEANINGS[kind].format(name.removeprefix(kind).replace(",", ", "))
    return MEANINGS[name]


def named(name: str, table: Table) -> Rule:
    """The rule that a scenario or a command names, for the members at this table.

    Raises RequestError with a sentence when there is no such rule or it does not fit the table.

    >>> named("consensus-1", Table(("A", "B"), (1.0, 1.0)))
    ConsensusMinus(k=1)
    """
    kind, _, argument = name.partition(":")
    if kind == "only":
        return _only(argument, table)
    if kind.startswith("consensus-") and kind.removeprefix("consensus-").isdecimal():
        return _consensus_minus(kind.removeprefix("consensus-"), table)
    simple: dict[str, Rule] = {
        "consensus": ConsensusMinus(),
        "affirmative": AffirmativeUnanimity(),
        "majority": SimpleMajority(),
        "qualified": QualifiedMajority(table.population, *table.qualified),
        "entry-into-force": EntryIntoForce(),
    }
    made = {"weighted": _weighted, "vetoes": _vetoes}
    if name in made:
        return made[name](table)
    if name not in simple:
        known = [rule if rule != "only:" else f"only:{table.ids[0]}" for rule in RULES]
        hint = did_you_mean(name, known)
        raise RequestError(f"there is no rule `{short(name, 40)}`. {hint}".rstrip())
    return simple[name]


def _consensus_minus(digits: str, table: Table) -> Rule:
    seats, k = len(table.ids), short(digits.lstrip("0") or "0", 20)
    if not k.isdecimal() or int(k) >= seats:
        raise RequestError(
            f"`consensus-{k}` lets {k} members object, but only {seats} sit at the table; "
            f"write at most `consensus-{seats - 1}`"
        )
    return ConsensusMinus(int(k))


def _only(argument: str, table: Table) -> Rule:
    seats = [seat.strip() for seat in argument.split(",") if seat.strip()]
    if not seats:
        raise RequestError(f"`only:` names nobody; write for instance `only:{table.ids[0]}`")
    for seat in seats:
        if seat not in table.ids:
            raise RequestError(
                f"`only:{argument}` names {seat}, who is not a member. "
                f"{did_you_mean(seat, table.ids)}".rstrip()
            )
    return Only(tuple(sorted({table.ids.index(seat) for seat in seats})))


def _weighted(table: Table) -> Rule:
    if table.quota is None:
        raise RequestError(
            "the rule `weighted` needs a table [rule.weighted] with `weights` and `quota`"
        )
    weights = tuple(float(table.weights.get(seat, 0.0)) for seat in table.ids)
    if table.quota > math.fsum(weights):
        raise RequestError(
            f"the quota {table.quota:g} is above the total weight {math.fsum(weights):g}, "
            "so nothing could ever be adopted; lower `rule.weighted.quota`"
        )
    return Weighted(weights, float(table.quota))


def _vetoes(table: Table) -> Rule:
    if table.vetoes is None:
        raise RequestError(
            "the rule `vetoes` needs a table [rule.vetoes] with `holders` and `quota`"
        )
    holders, quota = table.vetoes
    if quota > len(table.ids):
        raise RequestError(
            f"{quota} must support, but only {len(table.ids)} sit at the table, so nothing could "
            "ever be adopted; lower `rule.vetoes.quota`"
        )
    return Vetoes(tuple(place for place, seat in enumerate(table.ids) if seat in holders), quota)
