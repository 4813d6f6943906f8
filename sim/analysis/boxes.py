"""In which box of the assumptions something happens: patient rule induction on any table of worlds.

PRIM peels thin slices off a box, each time the one whose loss raises the density most, and so draws a
line from the box that covers all to the box that is pure. Where on that line to stop is a choice; here
it follows a rule, so that nobody's eye decides.

Source: Friedman & Fisher (1999), doi:10.1023/A:1008894516817; for scenario discovery, with quasi-p-
values, Bryant & Lempert (2010), doi:10.1016/j.techfore.2009.08.002; by the EMA Workbench.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.special import bdtrc

from sim.analysis.experiments import Table
from sim.analysis.extras import extra
from sim.arrays import Bools, Reals

WEIGHT = 0.5
"""Coverage counts half as much as density: a box of which the sentence is not true is worth little."""

PEEL, LEAST_MASS = 0.05, 0.02
"""Each peel takes a twentieth of a box, and no box is smaller than a fiftieth of all worlds."""

SIMPLER = 0.02
"""A box with fewer limits is taken where it is at most so much worse."""

CHANCE = 0.05
"""A limit whose gain in density chance would bring more often than that is dropped."""

NOISE = (
    (UserWarning, "ipyparallel not installed"),
    (DeprecationWarning, "The inplace keyword"),
)
"""What the EMA Workbench 2.5 says on import and at work, and what is no concern of anybody's here."""

DIGITS = 2
"""Limits are rounded to about a hundredth of the range, so that what is said is what is measured."""

EVEN, TWICE = 0.5, 2.0
"""In a box it happens more often than in all worlds, and in half of its own or twice as often."""

EVENTS = 50
"""What happens in fewer worlds, or does not happen in fewer, is too rare to say where."""


@dataclass(frozen=True)
class Limit:
    """How far a dial may be turned inside a box; None where nothing limits that side.

    chance: the quasi-p-value, how often chance alone would make the box as dense as this limit does;
    of two limits the larger. It takes worlds for independent, so worlds that share a setting make it
    too small.
    """

    low: float | None
    high: float | None
    chance: float

    def holds(self, value: Reals) -> Bools:
        """Which values are within the limit. (D,)."""
        above = True if self.low is None else value >= self.low
        below = True if self.high is None else value <= self.high
        return np.ones(value.shape, bool) & above & below


@dataclass(frozen=True)
class Fit:
    """How well a box tells where it happens.

    coverage: the share of all worlds in which it happens that lie inside; density: the share of the
    worlds inside in which it happens; mass: the share of all worlds that lie inside.
    """

    coverage: float
    density: float
    mass: float


@dataclass(frozen=True)
class Box:
    """Limits on some of the dials, the most telling first; all others may be anywhere."""

    limits: Mapping[str, Limit]

    def holds(self, table: Table) -> Bools:
        """Which worlds lie inside. (D,)."""
        inside = np.ones(len(table), bool)
        for name, limit in self.limits.items():
            inside &= limit.holds(table.values[name])
        return inside

    def without(self, name: str) -> Box:
        """The box without its limits on a dial."""
        return Box({other: limit for other, limit in self.limits.items() if other != name})

    def loosened(self, name: str, side: str) -> Box:
        """The box without its limit on one side, "low" or "high", of a dial."""
        limit = self.limits[name]
        limit = replace(limit, low=None) if side == "low" else replace(limit, high=None)
        if limit.low is None and limit.high is None:
            return self.without(name)
        return Box({**self.limits, name: limit})


def fit(inside: Bools, happened: Bools) -> Fit:
    """How well the worlds inside tell where it happens."""
    both, within, total = (int(each.sum()) for each in (inside & happened, inside, happened))
    return Fit(both / max(total, 1), both / max(within, 1), within / max(len(inside), 1))


def boxes(table: Table, *, most: int = 2, weight: float = WEIGHT) -> tuple[Box, ...]:
    """The boxes in which it happens, one after the other, each in what those before have left.

    Of the boxes that PRIM peels, the one with the best F-measure of coverage and density is taken, in
    which coverage counts `weight` times as much as density; of those with fewer limits one that is
    nearly as good; and a limit that chance would bring is dropped. Fewer than `most` where nothing
    more is found; none where it happens nearly always or never.
    """
    if rare(table):
        return ()
    share = float(table.happened.mean())
    found: list[Box] = []
    left = table
    while len(found) < most and 0 < left.happened.mean() < 1:
        box = _told(_simplest(_line(left), left, weight), left)
        how = fit(box.holds(left), left.happened)
        if not box.limits or how.density <= share or how.density < min(EVEN, TWICE * share):
            break
        found.append(box)
        left = _among(left, ~box.holds(left))
    return tuple(found)


def rare(table: Table) -> bool:
    """Whether it happens, or does not happen, in too few worlds to say where."""
    happened = int(table.happened.sum())
    return min(happened, len(table) - happened) < EVENTS


def _among(table: Table, these: Bools) -> Table:
    values = {name: value[these] for name, value in table.values.items()}
    return Table(values, table.happened[these])


# PRIM -------------------------------------------------------------------------------------------


def _line(table: Table) -> list[Box]:
    """The boxes that PRIM peels, from the one that holds everything."""
    rows = pd.DataFrame({name: value.astype(float) for name, value in table.values.items()})
    with warnings.catch_warnings():
        for category, message in NOISE:
            warnings.filterwarnings("ignore", message, category, r"ema_workbench\.")
        library = extra("ema_workbench.analysis.prim", "Discovery")
        prim = library.Prim(
            rows, table.happened, threshold=0.0, peel_alpha=PEEL, mass_min=LEAST_MASS
        )
        peeled = prim.find_box().box_lims
    return [_box(each, peeled[0]) for each in peeled]


def _box(limits: pd.DataFrame, widest: pd.DataFrame) -> Box:
    """Only what is narrower than the data is a limit, rounded as it will be read."""
    found = {}
    for name in limits.columns:
        (low, high), (least, largest) = limits[name], widest[name]
        digits = DIGITS - math.floor(math.log10(1.01 * (largest - least))) if largest > least else 0
        below = None if low == least else round(float(low), digits)
        above = None if high == largest else round(float(high), digits)
        if below is not None or above is not None:
            found[str(name)] = Limit(below, above, 0.0)
    return Box(found)


# Which box --------------------------------------------------------------------------------------


def _simplest(line: Sequence[Box], table: Table, weight: float) -> Box:
    """The box with the best measure, or with fewer limits one that is nearly as good."""
    worth = [_worth(fit(box.holds(table), table.happened), weight) for box in line]
    near = [place for place, each in enumerate(worth) if each >= (1 - SIMPLER) * max(worth)]
    fewest = min(len(line[place].limits) for place in near)
    return line[max((p for p in near if len(line[p].limits) == fewest), key=worth.__getitem__)]


def _worth(how: Fit, weight: float) -> float:
    """The F-measure: the weighted harmonic mean of coverage and density."""
    both = how.coverage + weight**2 * how.density
    return (1 + weight**2) * how.coverage * how.density / both if both else 0.0


def _told(box: Box, table: Table) -> Box:
    """The box without the limits that chance would bring, the most telling dial first."""
    chances = {
        (name, side): _chance(box, box.loosened(name, side), table)
        for name, limit in box.limits.items()
        for side in ("low", "high")
        if getattr(limit, side) is not None
    }
    worst = max(chances, key=chances.__getitem__, default=None)
    if worst and chances[worst] > CHANCE:
        return _told(box.loosened(*worst), table)
    ranked = sorted(
        box.limits, key=lambda name: fit(box.without(name).holds(table), table.happened).density
    )
    return Box(
        {
            name: replace(
                box.limits[name],
                chance=max(chance for (own, _), chance in chances.items() if own == name),
            )
            for name in ranked
        }
    )


def _chance(box: Box, wider: Box, table: Table) -> float:
    """How often the worlds of the box, drawn by chance from a wider one, would be as dense."""
    inside = box.holds(table)
    without = fit(wider.holds(table), table.happened).density
    happened = int((inside & table.happened).sum())
    return float(bdtrc(happened - 1, int(inside.sum()), without)) if happened else 1.0
