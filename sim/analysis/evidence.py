"""What the evidence says: likelihood ratios, what they leave of a belief, and what they cannot tell."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim import belief
from sim.scenario import TYPES, Scenario
from sim.worlds import central

BARE_MENTION = 3.2
"""A likelihood ratio below this is not worth more than a bare mention.

Source: Kass & Raftery (1995), Bayes factors, Journal of the American Statistical Association 90(430),
doi:10.1080/01621459.1995.10476572.
"""

PAIRS = (
    ("security_seeker", "expansionist"),
    ("security_seeker", "pretext_seeker"),
    ("expansionist", "pretext_seeker"),
)


@dataclass(frozen=True)
class Item:
    """An item of evidence: how often it counts, and how likely it is under each type."""

    name: str
    title: str
    date: str | None
    count: float
    likelihood: tuple[float, float, float]


@dataclass(frozen=True)
class Report:
    """All items, what they add up to, and what members believe; (M,) by member id.

    ratios: the likelihood ratio of everything that counts, for each pair of types. before: the trust
    that remains when every item is taken away; trust: with the evidence that counts; belief: of every
    member in the types, in the order of `TYPES`.
    """

    scenario: Scenario
    items: tuple[Item, ...]
    ratios: Mapping[tuple[str, str], float]
    before: Mapping[str, float]
    trust: Mapping[str, float]
    belief: Mapping[str, tuple[float, ...]]

    @property
    def alike(self) -> list[tuple[str, str]]:
        """The pairs of types that the evidence cannot tell apart."""
        least = math.log(BARE_MENTION)
        return [pair for pair, ratio in self.ratios.items() if abs(math.log(ratio)) < least]

    def as_json(self) -> dict[str, Any]:
        """The report as JSON sees it."""
        return {
            "schema": 1,
            "scenario": self.scenario.name,
            "types": list(TYPES),
            "items": [vars(item) for item in self.items],
            "ratios": {f"{one}:{other}": ratio for (one, other), ratio in self.ratios.items()},
            "cannot_be_told_apart": [list(pair) for pair in self.alike],
            "threshold": BARE_MENTION,
            "members": [
                {
                    "id": iso,
                    "trust_before_evidence": self.before[iso],
                    "trust": self.trust[iso],
                    "belief": self.belief[iso],
                }
                for iso in self.scenario.seats
            ],
        }


def report(scenario: Scenario) -> Report:
    """What the evidence of a scenario says, at the centre of all assumptions."""
    dealt, seats = central(scenario), list(scenario.seats)
    items = tuple(_item(scenario, name, dealt.items[name][:, 0]) for name in scenario.evidence)
    counted = sum(
        (item.count * np.log(item.likelihood) for item in items), start=np.zeros(len(TYPES))
    )
    included = sum(
        (_included(scenario, item.name) * np.log(item.likelihood) for item in items),
        start=np.zeros(len(TYPES)),
    )
    base = dealt.split[:, 0]

    def trusts(evidence: Any) -> dict[str, float]:
        reading = belief.reading(belief.likelihoods(evidence[:, None]), dealt.keep)
        return {iso: float(belief.trust(odds, reading)[0]) for iso, odds in zip(seats, dealt.odds)}

    likelihood = belief.likelihoods((base + dealt.seen[:, 0])[:, None])
    return Report(
        scenario=scenario,
        items=items,
        ratios={
            (one, other): _ratio(counted[TYPES.index(one)] - counted[TYPES.index(other)])
            for one, other in PAIRS
        },
        before=trusts(base - included),
        trust=trusts(base + dealt.seen[:, 0]),
        belief={
            iso: tuple(belief.belief(odds, likelihood)[:, 0].tolist())
            for iso, odds in zip(seats, dealt.odds)
        },
    )


def _ratio(log_ratio: float) -> float:
    """A likelihood ratio, held where belief is certainty anyway."""
    return float(np.exp(np.clip(log_ratio, -belief.FARTHEST, belief.FARTHEST)))


def _item(scenario: Scenario, name: str, log_likelihood: Any) -> Item:
    row = scenario.evidence[name]
    likelihood = np.exp(log_likelihood).tolist()
    date = None if row.date is None else row.date.isoformat()
    return Item(name, row.title, date, row.count, (likelihood[0], likelihood[1], likelihood[2]))


def _included(scenario: Scenario, name: str) -> float:
    """How often an item is contained in the trust that the members' numbers state."""
    row = scenario.evidence[name]
    return row.count if row.included is None else row.included
