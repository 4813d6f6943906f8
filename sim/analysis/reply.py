"""NATO's written reply of 26 January 2022 against the draft treaty, article by article.

A consistency check in sample, not validation: whoever coded the stakes knew the reply. What can be
asked is how well the two agree, and whether that hangs on the exact numbers of the stakes.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from sim import ensemble, exact
from sim.arrays import WORLDS, Reals
from sim.constants import FLAGSHIP
from sim.dice import generator
from sim.outcome import wilson
from sim.outlook import outlook
from sim.scenario import Scenario, load, shipped
from sim.worlds import Sampler, Worlds, central

Verdict = Literal["offered", "debated", "refused", "unanswered"]

READS: Mapping[str, Verdict] = {
    "accepted_in_kind": "offered",
    "negotiable": "debated",
    "rejected": "refused",
}
"""What the table of the reply calls a verdict, in one word."""

ORDER: tuple[Verdict, ...] = ("offered", "debated", "refused")
"""The most welcome first."""

DRAWS, WORLDS_EACH, FACTOR = 200, 256, 2.0
"""How often all stakes are multiplied at random, in how many worlds each, and by how much at most."""


@dataclass(frozen=True)
class Answer:
    """What the reply did with the article of a clause, and what the model says of the clause.

    ceiling: the highest level that all could live with, exact at the centre; infinite without limit.
    """

    clause: str
    title: str
    article: str
    verdict: Verdict
    reply: str
    survival: float
    ceiling: float

    @property
    def right(self) -> bool | None:
        """Whether what was offered survives and what was refused falls; None where neither was."""
        if self.verdict not in ("offered", "refused"):
            return None
        return (self.survival >= 0.5) == (self.verdict == "offered")


@dataclass(frozen=True)
class Order:
    """Whether the offered stand above the debated, and those above the refused.

    survival, ceiling: on average over the clauses of each, a ceiling counting up to the whole text;
    strictly: every single clause, by its ceiling; pairs: of two clauses with different answers, how
    often the more welcome has the higher ceiling, ties half.
    """

    survival: bool
    ceiling: bool
    strictly: bool
    pairs: float


@dataclass(frozen=True)
class Robustness:
    """How often the order holds when every stake is multiplied at random by ½ to 2."""

    draws: int
    survival: int
    ceiling: int
    strictly: int
    pairs: tuple[float, float, float]  # 5th, 50th and 95th percentile

    def interval(self, held: int) -> tuple[float, float]:
        """95 % of the share of draws, as far as their number goes."""
        return wilson(held, self.draws)


@dataclass(frozen=True)
class Reply:
    """The reply against the model: clause by clause, in order, and how firm the order is."""

    scenario: Scenario
    answers: tuple[Answer, ...]
    order: Order
    robustness: Robustness

    @property
    def scored(self) -> tuple[Answer, ...]:
        """The clauses of articles that were offered or refused."""
        return tuple(row for row in self.answers if row.right is not None)

    @property
    def brier(self) -> float:
        """Of the survival of what was offered and what was refused."""
        gaps = [row.survival - (row.verdict == "offered") for row in self.scored]
        return sum(gap * gap for gap in gaps) / len(gaps)

    def as_json(self) -> dict[str, Any]:
        """The reply as JSON sees it; no limit is null."""
        rows = [
            vars(row)
            | {"ceiling": row.ceiling if math.isfinite(row.ceiling) else None, "right": row.right}
            for row in self.answers
        ]
        return {
            "kind": "consistency check in sample",
            "scenario": self.scenario.name,
            "brier": self.brier,
            "clauses": rows,
            "order": vars(self.order),
            "stakes_multiplied": vars(self.robustness),
        }


def table() -> dict[str, tuple[Verdict, str]]:
    """What the reply did with each article: a verdict, and in which words."""
    path = shipped() / "data" / "nato_reply_2022-01-26.csv"
    lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
    return {row["article"]: (READS[row["verdict"]], row["reply"]) for row in csv.DictReader(lines)}


def reply(
    scenario: Scenario | None = None,
    *,
    worlds: int = 2000,
    seed: int = 0,
    draws: int = DRAWS,
) -> Reply:
    """The flagship, or another scenario with articles of the same draft, against the reply."""
    scenario = scenario or load(FLAGSHIP)
    told = table()
    survival = ensemble.run(scenario, worlds=worlds, seed=seed).survival
    ceiling = dict(zip(scenario.clauses, _ceilings(scenario, central(scenario)).tolist()))
    answers = []
    for name, row in scenario.clauses.items():
        verdict, words = told.get(row.article or "", ("unanswered", ""))
        numbers = survival[name], ceiling[name]
        answers.append(Answer(name, row.title, row.article or "", verdict, words, *numbers))
    places = _places(answers)
    found = _ordered(places, np.array([*survival.values()]), np.array([*ceiling.values()]))
    return Reply(scenario, tuple(answers), found, _robustness(scenario, places, seed, draws))


Places = Sequence[list[int]]
"""Of the offered, the debated and the refused clauses."""


def _places(answers: Sequence[Answer]) -> Places:
    return [[i for i, row in enumerate(answers) if row.verdict == word] for word in ORDER]


def _ordered(places: Places, survival: Reals, ceiling: Reals) -> Order:
    """survival, ceiling (C,)."""
    whole = np.minimum(ceiling, 1)
    ends = [(ceiling[rows].min(), ceiling[rows].max()) for rows in places]
    return Order(
        survival=_falls([survival[rows].mean() for rows in places]),
        ceiling=_falls([whole[rows].mean() for rows in places]),
        strictly=bool(ends[0][0] > ends[1][1] and ends[1][0] > ends[2][1]),
        pairs=_pairs(places, ceiling),
    )


def _falls(means: Sequence[float]) -> bool:
    return bool(means[0] > means[1] > means[2])


def _pairs(places: Places, ceiling: Reals) -> float:
    """The share of pairs of different answers that are in order, ties half."""
    above = [(0, 1), (0, 2), (1, 2)]
    pairs = [
        (ceiling[one], ceiling[other])
        for better, worse in above
        for one in places[better]
        for other in places[worse]
    ]
    return sum(1.0 if one > other else 0.5 if one == other else 0.0 for one, other in pairs) / len(
        pairs
    )


def _robustness(scenario: Scenario, places: Places, seed: int, draws: int) -> Robustness:
    found = [_ordered(places, *row) for row in _multiplied(scenario, seed, draws)]
    low, middle, high = np.percentile([row.pairs for row in found], (5, 50, 95)).tolist()
    return Robustness(
        draws=draws,
        survival=sum(row.survival for row in found),
        ceiling=sum(row.ceiling for row in found),
        strictly=sum(row.strictly for row in found),
        pairs=(low, middle, high),
    )


def _multiplied(scenario: Scenario, seed: int, draws: int) -> Iterator[tuple[Reals, Reals]]:
    """Survival and ceilings, (C,) each, with every stake multiplied, even on a log scale."""
    dice, worlds = generator(seed, "reply.stakes"), Sampler(scenario, seed).worlds(0, WORLDS_EACH)
    centre = central(scenario)
    with ensemble.alone(scenario) as council:
        for _ in range(draws):
            gain, cost = FACTOR ** dice.uniform(-1, 1, (2, *centre.gain.shape[:2], 1))
            council.deal(_times(worlds, gain, cost))
            council.run_model()
            survival = council.adopted[:, worlds.shown].mean(axis=WORLDS)
            yield survival, _ceilings(scenario, _times(centre, gain, cost))


def _times(worlds: Worlds, gain: Reals, cost: Reals) -> Worlds:
    """The same worlds with other stakes."""
    real = worlds.gain.dtype
    return replace(
        worlds, gain=worlds.gain * gain.astype(real), cost=worlds.cost * cost.astype(real)
    )


def _ceilings(scenario: Scenario, worlds: Worlds) -> Reals:
    """The highest level of each clause that the rule adopts, exact at the centre. (C,)."""
    seen = outlook(scenario, worlds)
    motive, curvature = seen.expressed()
    resolve = worlds.resolve[:, None]
    return np.asarray(exact.survivable(seen.rule, motive, curvature, resolve)[0][:, 0])
