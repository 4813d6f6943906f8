"""A negotiation round by round, in all worlds at once: what is tabled, adopted, refused and believed."""

from __future__ import annotations

import contextlib
import functools
import operator
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim import ensemble
from sim.arrays import CLAUSES, MEMBERS, REAL, WORLDS, Bools, Counts, Reals
from sim.council import Council
from sim.outcome import LEVELS, Scale
from sim.rules import OBJECT
from sim.scenario import Scenario
from sim.worlds import single

UNIT = 1_000_000
"""Beliefs are added up in whole millionths, so that the order in which worlds come changes nothing."""

BELIEFS = Scale(0.005, 1)


@dataclass(frozen=True)
class Course:
    """Counts over worlds, round by round; adding two is playing both sets of worlds.

    R turns are the rounds of the first stage, then those of the second and so on. open: the clause is
    on the table; adopted: it has been adopted by the end of the round, side payments and all; objects:
    it is on the table, and the member, which has a say, breaks the silence; levels: at which it is on
    the table. belief: the sum of each member's belief in millionths; spread: the average of all
    members, by world. A world in which nothing is left to decide keeps what it had. Of S stages: bound,
    those of which something stands at the end; kept, those of them on which the proposer kept its
    word. withdrawn: agreed, and taken back at the end.
    """

    worlds: int
    open: Counts  # (R, C)
    adopted: Counts  # (R, C)
    objects: Counts  # (R, M, C)
    levels: Counts  # (R, C, bins)
    belief: Counts  # (R, M, T)
    spread: Counts  # (R, T, bins)
    bound: Counts  # (S,)
    kept: Counts  # (S,)
    withdrawn: Counts  # (C,)

    def __add__(self, other: Course) -> Course:
        """The course of both sets of worlds."""
        mine, theirs = vars(self), vars(other)
        return Course(**{name: mine[name] + theirs[name] for name in mine})


@dataclass(frozen=True)
class Turn:
    """One round of one stage, both numbered from 1, and its place among all turns."""

    stage: int
    number: int
    place: int


@dataclass(frozen=True)
class Rounds:
    """All rounds of a negotiation: the scenario and the counts of its worlds.

    seed is None for the central world; world is the number of a world that was played by itself.
    """

    scenario: Scenario
    seed: int | None
    world: int | None
    course: Course

    @property
    def worlds(self) -> int:
        """How many worlds were played."""
        return self.course.worlds

    @functools.cached_property
    def turns(self) -> tuple[Turn, ...]:
        """The rounds in which anything was on the table in any world."""
        rounds = self.scenario.process.rounds
        return tuple(
            Turn(place // rounds + 1, place % rounds + 1, place)
            for place in np.flatnonzero(self.course.open.any(axis=1)).tolist()
        )

    def of(self, clause: str) -> tuple[Turn, ...]:
        """The rounds of the stage in which a clause is negotiated."""
        stages = self.scenario.stages
        stage = next(n for n, row in enumerate(stages, 1) if clause in row.clauses)
        return tuple(turn for turn in self.turns if turn.stage == stage)

    @functools.cached_property
    def adopted(self) -> Reals:
        """The share of worlds in which each clause has been adopted by then. (R, C)."""
        return self.course.adopted / self.worlds

    @functools.cached_property
    def objects(self) -> Reals:
        """The share of worlds in which each member breaks the silence on each clause. (R, M, C)."""
        return self.course.objects / self.worlds

    @functools.cached_property
    def belief(self) -> Reals:
        """What each member believes of the types, averaged over worlds. (R, M, T)."""
        return self.course.belief / (UNIT * self.worlds)

    @functools.cached_property
    def mean_belief(self) -> Reals:
        """What members believe on average. (R, T)."""
        return self.belief.mean(axis=1)

    def level(self, turn: Turn, clause: str) -> dict[str, float | None]:
        """5th, 50th and 95th percentile of the level on the table; None where it never is."""
        place = list(self.scenario.clauses).index(clause)
        return LEVELS.percentiles(self.course.levels[turn.place, place])

    def range_of_belief(self, turn: Turn, kind: int) -> tuple[float, float]:
        """5th and 95th percentile over worlds of the members' average belief in a type."""
        found = BELIEFS.percentiles(self.course.spread[turn.place, kind])
        return float(found["p05"] or 0), float(found["p95"] or 0)


def play(
    scenario: Scenario, *, worlds: int = 2000, seed: int = 0, block: int = ensemble.BLOCK
) -> Rounds:
    """Play worlds of a seed and count after every round; `block` of them at once changes nothing.

    Raises RequestError for numbers out of range.
    """
    with contextlib.closing(ensemble.seated(scenario, seed, worlds, block=block)) as councils:
        course = functools.reduce(operator.add, map(_course, councils))
    return Rounds(scenario, seed, None, course)


def one(scenario: Scenario, *, world: int | None = None, seed: int = 0) -> Rounds:
    """The same of one world by itself: one of a seed, or the central one.

    Raises RequestError for a world that no run has.
    """
    dealt = single(scenario, seed, world)
    with ensemble.alone(scenario) as council:
        council.deal(dealt)
        return Rounds(scenario, None if world is None else seed, world, _course(council))


@dataclass(frozen=True)
class _Seen:
    """What is counted after one round of a block of worlds."""

    open: Counts
    adopted: Counts
    objects: Counts
    levels: Counts
    belief: Counts
    spread: Counts

    def when_settled(self) -> _Seen:
        """The rounds that a block no longer plays: nothing is open, and nothing changes."""
        none = {name: np.zeros_like(getattr(self, name)) for name in ("open", "objects", "levels")}
        return _Seen(adopted=self.adopted, belief=self.belief, spread=self.spread, **none)


def _course(council: Council) -> Course:
    """Step a council that has been dealt its worlds to the end, and count."""
    seen = list(_every_round(council))
    shown = council.dealt.shown
    bound = np.stack([council.adopted[rows].any(axis=CLAUSES)[shown] for rows in council.stages])
    tables = {name: np.stack([getattr(row, name) for row in seen]) for name in vars(seen[0])}
    return Course(
        worlds=council.dealt.count,
        **tables,
        bound=_count(bound),
        kept=_count(bound & council.kept[:, shown]),
        withdrawn=_count((council.agreed & ~council.adopted)[:, shown]),
    )


def _every_round(council: Council) -> Iterator[_Seen]:
    """What is seen in every round of every stage, also in those that no world needs any more."""
    while council.running:
        stage, played = council.stage, 0
        while council.running and (council.stage, council.round) == (stage, played):
            seen = _round(council)
            played += 1
            yield seen
        for _ in range(played, council.rounds):
            yield seen.when_settled()


def _round(council: Council) -> _Seen:
    """Play one round and read it."""
    rows, stance, tabled = council.rows, council.stance, _on_the_table(council)
    council.step()
    shown, shape = council.dealt.shown, council.adopted.shape
    open_, level = np.zeros(shape, bool), np.full(shape, np.inf, REAL)
    open_[rows] = tabled
    level[rows] = np.where(tabled, council.level[rows], level[rows])
    objects = np.zeros((len(council.members), len(open_)), np.int64)
    heard = (stance == OBJECT) & council.stopping[:, None, None]
    objects[:, rows] = _count((heard & tabled)[..., shown])
    belief = np.stack([_millionths(member.belief[:, shown]) for member in council.members])
    return _Seen(
        open=_count(open_[:, shown]),
        adopted=_count(council.agreed[:, shown]),
        objects=objects,
        levels=_those_on_the_table(LEVELS.count(level[:, shown])),
        belief=belief.sum(axis=WORLDS),
        spread=BELIEFS.count(belief.sum(axis=MEMBERS) / (UNIT * len(council.members))),
    )


def _on_the_table(council: Council) -> Bools:
    """Of the clauses in this round: neither adopted nor without the one that they hang on. (R, D)."""
    rows = council.rows
    foreign = council.foreign[council.stage][rows][:, None]
    return ~council.adopted[rows] & (council.adopted[council.hosts[rows]] | ~foreign)


def _those_on_the_table(levels: Counts) -> Counts:
    """Without the overflow bin, which holds the worlds in which a clause is not on the table."""
    levels[:, -1] = 0
    return levels


def _millionths(belief: Reals) -> Counts:
    return np.rint(belief.astype(float) * UNIT).astype(np.int64)


def _count(worlds: Bools) -> Counts:
    """In how many worlds. (..., D) -> (...)."""
    return np.count_nonzero(worlds, axis=WORLDS)
