"""The uncertain numbers of a scenario one by one, and worlds in which somebody sets them.

Every number with a band has a place among the dice. Whoever asks what drives a verdict turns these
dice by hand: one at a time, in groups, or along a design, all else at its central value.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import ndtri

from sim.arrays import REAL, Reals
from sim.dice import GivenDice
from sim.scenario import Scenario
from sim.worlds import OWN, Banded, Sampler, Worlds, assumptions

EDGE = 1e-9
"""A share of all worlds beyond which no quantile is asked for: the tails of a normal are endless."""


@dataclass(frozen=True)
class Input:
    """An uncertain number: where its dice lie and how wide it is.

    address: of the number in the scenario; stream and row: its place among the dice; value: its
    centre; band: one standard deviation, or half the width where `dist` is uniform; of stakes,
    weights, exposures, resolve and items in logarithms, of trust in log-odds, of assumptions as it is.
    """

    address: str
    stream: str
    row: int
    value: float
    band: float
    dist: str = "normal"

    def dice(self, quantiles: Reals) -> Reals:
        """The standard draws that lie at these quantiles between 0 and 1."""
        inside = np.clip(quantiles, EDGE, 1 - EDGE)
        return np.asarray(2 * inside - 1 if self.dist == "uniform" else ndtri(inside))


def inputs(scenario: Scenario) -> tuple[Input, ...]:
    """Every number with a band, assumptions first; the proposer's word is chance, and no number."""
    return tuple(each for each in _all(Sampler(scenario, 0)) if each.band)


def _all(sampler: Sampler) -> Iterator[Input]:
    scenario, centres = sampler.scenario, sampler.centres
    for address, number in assumptions(scenario).items():
        yield Input(address, address, 0, number.value, number.band or 0.0, number.dist)
    for name, item in scenario.evidence.items():
        if not item.complement_of:
            yield Input(f"evidence.{name}", f"evidence.{name}", 0, 1.0, item.band)
    names = list(scenario.interests)
    for place, iso in enumerate(scenario.seats):
        own = f"members.{iso}"
        trust = scenario.seats[iso].trust.value
        yield Input(f"{own}.trust", own, 0, trust, float(centres.trust.band[place, 0]))
        yield _row(centres.resolve, place, 0, f"{own}.resolve", own, 1)
        yield from _over(names, centres.weight, place, own, "weight", OWN)
        yield from _over(names, centres.exposure, place, own, "exposure", OWN + len(names))
        for row, (clause, ideal) in enumerate(scenario.seats[iso].ideal.items(), OWN + len(names)):
            yield Input(f"{own}.ideal.{clause}", own, row, ideal.value, ideal.band or 0.0)
    for place, clause in enumerate(scenario.clauses):
        own = f"clauses.{clause}"
        yield from _over(names, centres.gain, place, own, "gain", 0)
        yield from _over(names, centres.cost, place, own, "cost", len(names))


def _over(
    names: Sequence[str], kind: Banded, place: int, own: str, word: str, first: int
) -> Iterator[Input]:
    for column, interest in enumerate(names):
        yield _row(kind, place, column, f"{own}.{word}.{interest}", own, first + column)


def _row(kind: Banded, place: int, column: int, address: str, stream: str, row: int) -> Input:
    value, band = float(kind.value[place, column]), float(kind.band[place, column])
    return Input(
        address, stream, row, value, band if value else 0.0
    )  # nothing times noise is nothing


def dealt(sampler: Sampler, known: Sequence[Input], quantiles: Reals) -> Worlds:
    """Worlds with these inputs at these quantiles, everything else at its centre. (I, D).

    One half is the centre; the worlds are in whole pages, of which D are shown.
    """
    given: dict[str, Any] = {}
    size = {each.stream: 0 for each in known}
    for each in known:
        size[each.stream] = max(size[each.stream], each.row + 1)
    for stream, rows in size.items():
        given[stream] = np.zeros((rows, quantiles.shape[1]), REAL)
    for each, row in zip(known, quantiles):
        given[each.stream][each.row] = each.dice(row)
    return sampler.thrown(GivenDice(given, quantiles.shape[1]))
