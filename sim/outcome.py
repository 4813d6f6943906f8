"""What came out of many worlds: integer counts, read as shares, intervals and percentiles.

A tally is integers only, so that it is the same whatever the size of the blocks, the number of workers
and the order in which they finish, and as small for ten million worlds as for ten.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from importlib import metadata
from typing import Any

import numpy as np

from sim.arrays import CLAUSES, WORLDS, Bools, Counts, Reals
from sim.rules import OBJECT, SUPPORT, Stances
from sim.scenario import Scenario, sha256


@dataclass(frozen=True)
class Scale:
    """Fixed bins for percentiles: the nearest multiple of `step` up to `top`, and one beyond."""

    step: float
    top: float

    @property
    def bins(self) -> int:
        """Multiples of the step from 0 to the top, and an overflow bin."""
        return round(self.top / self.step) + 2

    def count(self, values: Reals) -> Counts:
        """How often each bin occurs in each row. (R, D) -> (R, bins)."""
        near = np.rint(np.minimum(values / values.dtype.type(self.step), self.bins - 1))
        place = near.astype(np.int64) + self.bins * np.arange(len(values))[:, None]
        size = self.bins * len(values)
        return np.bincount(place.ravel(), minlength=size).reshape(len(values), self.bins)

    def percentiles(self, row: Counts) -> dict[str, float | None]:
        """5th, 50th and 95th percentile; None beyond the top, and where nothing was counted."""
        return {f"p{p:02d}": self._percentile(row, p) for p in (5, 50, 95)}

    def _percentile(self, row: Counts, percent: int) -> float | None:
        total = int(row.sum())
        place = int(np.searchsorted(np.cumsum(row), math.ceil(total * percent / 100)))
        return None if not total or place == self.bins - 1 else round(place * self.step, 6)


CEILINGS = Scale(0.005, 2)
LEVELS = Scale(0.005, 1)
PRICES = Scale(0.01, 20)
TRUST = Scale(0.005, 1)


@dataclass(frozen=True)
class Decisions:
    """What the council decided in D worlds, and what would have been needed.

    own is the stance before consultation; stance, ceiling and price are as expressed after it. asked
    is the level of the draft, tabled the last on the table. silences: how many objectors would have
    had to fall silent. survivable: the highest level that the rule adopts; binding: whose limit that
    is. stopping: whose objection counts under the rule; binds: whom a clause would bind. kept: if the
    proposer keeps its word on it; bought: adopted for a side payment; spent: what that cost; withdrawn:
    agreed, and taken back because the rest had fallen.
    """

    adopted: Bools  # (C, D)
    asked: Reals  # (C,)
    tabled: Reals  # (C, D)
    own: Stances  # (M, C, D)
    stance: Stances  # (M, C, D)
    silences: Counts  # (C, D)
    stopping: Bools  # (M,)
    binds: Bools  # (M, C, D)
    survivable: Reals  # (C, D)
    ceiling: Reals  # (M, C, D)
    binding: Bools  # (M, C, D)
    price: Reals  # (C, D)
    trust: Reals  # (M, D)
    kept: Bools  # (C, D)
    bought: Bools  # (C, D)
    spent: Reals  # (D,)
    withdrawn: Bools  # (C, D)


@dataclass(frozen=True)
class Tally:
    """Counts over worlds; adding two tallies is running both sets of worlds."""

    worlds: int
    treaty: int
    adopted: Counts  # (C,)
    as_tabled: Counts  # (C,)
    delivered: Counts  # (C,)
    bought: Counts  # (C,)
    withdrawn: Counts  # (C,)
    objects: Counts  # (M, C)
    supports: Counts  # (M, C)
    blocks: Counts  # (M, C)
    blocks_alone: Counts  # (M, C)
    reservations: Counts  # (M, C)
    solidarity: Counts  # (M, C)
    binds: Counts  # (M, C)
    bound: Counts  # (M, C)
    ceilings: Counts  # (C, bins)
    levels: Counts  # (C, bins)
    prices: Counts  # (C, bins)
    trust: Counts  # (M, bins)

    @classmethod
    def of(cls, block: Decisions) -> Tally:
        """Count one block of worlds."""
        objects = block.stance == OBJECT
        objected = block.own == OBJECT
        fell = ~block.adopted & ~block.withdrawn
        blocks = objects & fell & block.stopping[:, None, None]
        adopted_level = np.where(block.adopted, block.tabled, np.inf)
        return cls(
            worlds=block.adopted.shape[-1],
            treaty=int(block.adopted.all(axis=CLAUSES).sum()),
            adopted=_count(block.adopted),
            as_tabled=_count(block.adopted & (block.tabled >= block.asked[:, None])),
            delivered=_count(block.adopted & block.kept),
            bought=_count(block.bought & block.adopted),
            withdrawn=_count(block.withdrawn),
            objects=_count(objects),
            supports=_count(block.stance == SUPPORT),
            blocks=_count(blocks),
            blocks_alone=_count(blocks & (block.silences == 1)),
            reservations=_count(objected & ~objects),
            solidarity=_count(objects & ~objected),
            binds=_count(block.binding),
            bound=_count(block.binds & block.adopted),
            ceilings=CEILINGS.count(block.survivable),
            levels=LEVELS.count(adopted_level),
            prices=PRICES.count(block.price),
            trust=TRUST.count(block.trust),
        )

    def __add__(self, other: Tally) -> Tally:
        """The tally of both sets of worlds."""
        mine, theirs = vars(self), vars(other)
        return Tally(**{name: mine[name] + theirs[name] for name in mine})


def _count(worlds: Bools) -> Counts:
    """In how many worlds. (..., D) -> (...)."""
    return np.count_nonzero(worlds, axis=WORLDS)


def wilson(successes: int, trials: int, z: float = 1.959964) -> tuple[float, float]:
    """95 % interval of a share; covers the dice, not the assumptions.

    Source: Wilson (1927), Journal of the American Statistical Association 22(158),
    doi:10.1080/01621459.1927.10502953.

    >>> [round(end, 3) for end in wilson(0, 100)]
    [0.0, 0.037]
    """
    share = successes / trials
    centre = share + z * z / (2 * trials)
    half = z * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    scale = 1 + z * z / trials
    low = (centre - half) / scale if successes else 0.0  # exactly, and not within a rounding
    return low, (centre + half) / scale if successes < trials else 1.0


@dataclass(frozen=True)
class Outcome:
    """What came out: the scenario, the seed and the tally of its worlds.

    seed is None for the one central world, which has no dice.
    """

    scenario: Scenario
    seed: int | None
    tally: Tally

    @property
    def worlds(self) -> int:
        """How many worlds were played."""
        return self.tally.worlds

    def share(self, counts: Counts | int) -> Any:
        """Counts as a share of the worlds."""
        return counts / self.worlds

    @property
    def survival(self) -> dict[str, float]:
        """The share of worlds in which each clause is adopted."""
        return dict(zip(self.scenario.clauses, self.share(self.tally.adopted).tolist()))

    def measures(self) -> dict[str, dict[str, Any]]:
        """Everything that is measured, by clause and for the treaty, under the names of the JSON.

        Worked out once; whoever asks shares it and must not change it.
        """
        return self._measures

    @functools.cached_property
    def _measures(self) -> dict[str, dict[str, Any]]:
        clauses = {name: self._clause(i, name) for i, name in enumerate(self.scenario.clauses)}
        treaty = {
            "survival": self.share(self.tally.treaty),
            "interval": wilson(self.tally.treaty, self.worlds),
        }
        return {"treaty": treaty} | clauses

    def _clause(self, place: int, name: str) -> dict[str, Any]:
        tally, column = self.tally, (slice(None), place)
        adopted = int(tally.adopted[place])
        return {
            "id": name,
            "title": self.scenario.clauses[name].title,
            "survival": adopted / self.worlds,
            "as_tabled": int(tally.as_tabled[place]) / self.worlds,
            "delivered": int(tally.delivered[place]) / self.worlds,
            "bought": int(tally.bought[place]) / self.worlds,
            "withdrawn": int(tally.withdrawn[place]) / self.worlds,
            "interval": wilson(adopted, self.worlds),
            "objectors": int(tally.objects[column].sum()) / self.worlds,
            "supporters": int(tally.supports[column].sum()) / self.worlds,
            "usual_objectors": int((2 * tally.objects[column] > self.worlds).sum()),
            "blockers": self._by_member(tally.blocks[column]),
            "sole_blockers": self._by_member(tally.blocks_alone[column]),
            "ceiling": CEILINGS.percentiles(tally.ceilings[place])
            | {"binding": self._by_member(tally.binds[column])},
            "level": LEVELS.percentiles(_adopted_only(tally.levels[place])),
            "price": PRICES.percentiles(tally.prices[place]),
            "bound": self._by_member(tally.bound[column]),
        }

    def _by_member(self, counts: Counts) -> dict[str, float]:
        """Shares of worlds by member, those above zero, the largest first."""
        pairs = [(iso, int(n)) for iso, n in zip(self.scenario.seats, counts) if n]
        pairs.sort(key=lambda pair: (-pair[1], pair[0]))
        return {iso: n / self.worlds for iso, n in pairs}

    def _by_clause(self, counts: Counts) -> dict[str, float]:
        """Shares of worlds by clause, those above zero, in the treaty's order."""
        return {c: int(n) / self.worlds for c, n in zip(self.scenario.clauses, counts) if n}

    def members(self) -> list[dict[str, Any]]:
        """What is measured of each member."""
        tally = self.tally
        return [
            {
                "id": iso,
                "trust": TRUST.percentiles(tally.trust[i]),
                "objects": self._by_clause(tally.objects[i]),
                "reservations": self._by_clause(tally.reservations[i]),
                "solidarity": self._by_clause(tally.solidarity[i]),
            }
            for i, iso in enumerate(self.scenario.seats)
        ]

    def provenance(self) -> dict[str, Any]:
        """Enough to run the same worlds again."""
        return provenance(self.scenario, self.seed, self.worlds)

    def as_json(self) -> dict[str, Any]:
        """The outcome as JSON sees it; fields are only ever added to schema 1."""
        measures = dict(self.measures())
        treaty = measures.pop("treaty")
        return {
            "schema": 1,
            **self.provenance(),
            "treaty": treaty,
            "clauses": list(measures.values()),
            "members": self.members(),
        }


def usual_blockers(row: dict[str, Any]) -> list[str]:
    """The members that block a clause in more than half of the worlds in which it falls.

    `row` is that of the clause among an outcome's measures.
    """
    fallen = 1 - row["survival"]
    return [iso for iso, share in row["blockers"].items() if share > fallen / 2]


def _adopted_only(row: Counts) -> Counts:
    """Levels where adopted; the overflow bin holds the worlds where the clause fell."""
    kept = row.copy()
    kept[-1] = 0
    return kept


def provenance(
    scenario: Scenario, seed: int | None, worlds: int, *libraries: str
) -> dict[str, Any]:
    """Enough to run the same worlds again; `libraries` had a part in it beside those of every run."""
    return {
        "scenario": scenario.name,
        "sha256": sha256(scenario),
        "seed": seed,
        "worlds": worlds,
        "rule": scenario.rule.name,
        "process": scenario.process.kind,
        "levers": scenario.changes,
        "versions": versions(*libraries),
    }


def versions(*libraries: str) -> dict[str, str]:
    """What computed the outcome."""
    return {name: metadata.version(name) for name in ("oneveto", "numpy", "mesa", *libraries)}
