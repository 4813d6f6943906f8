"""Which inputs of any function move its output: Sobol' indices and Morris's screening.

A function takes quantiles, (I, D) numbers between 0 and 1, an input a row and a world a column, and
gives (D,) outputs; it knows nothing of this module. The work comes in cells that can be done one by
one, in any order, kept, and put together: `sobol_cells`, `sobol_cell`, `sobol`, and likewise for
Morris. Whatever is done in cells is the same as in one go, and the same seed gives the same numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sim.analysis.extras import extra, required
from sim.arrays import Reals
from sim.dice import checked_seed, generator
from sim.errors import RequestError

Function = Callable[[Reals], Reals]

STRIDE = 64
"""Points of a Sobol' design in a cell: so that memory does not grow with the design."""

MOST_POINTS, MOST_PATHS = 2**20, 512
"""Beyond them a design would take days, or all memory."""

CONFIDENCE = 0.95

LEVELS = 4
"""Morris's grid: an input takes so many values, and each step goes over two thirds of the range."""

FLAT = 1e-6
"""An output that moves by less, in proportion, moves by rounding only."""


@dataclass(frozen=True)
class Index:
    """A measure of an input with its 95 % interval, from a bootstrap over the design."""

    value: float
    low: float
    high: float

    @property
    def told_apart(self) -> bool:
        """Whether it can be told apart from nothing."""
        return self.low > 0


@dataclass(frozen=True)
class Indices:
    """How much of the variance of an output a group of inputs explains.

    first: by itself, averaged over all others; total: with all its interactions.
    """

    first: Index
    total: Index

    @property
    def main(self) -> Index:
        """The measure by which groups are ranked."""
        return self.total


@dataclass(frozen=True)
class Effect:
    """What moving one input over its whole range does to an output, from many starting points.

    In proportion: the steps go over two thirds of the range.

    size: the mean absolute change (Campolongo's mu*); spread: the standard deviation of the change
    (Morris's sigma), large where the input interacts with others or works in both directions; change:
    the mean change with its sign.
    """

    size: Index
    spread: float
    change: float

    @property
    def main(self) -> Index:
        """The measure by which inputs are ranked."""
        return self.size


def flat(output: Reals) -> bool:
    """Whether an output is the same everywhere, within rounding; no index of it has a meaning."""
    return bool(np.ptp(output) <= FLAT * max(1.0, float(np.abs(output).max())))


# Sobol' -----------------------------------------------------------------------------------------


def sobol_cells(samples: int) -> list[tuple[int, int]]:
    """The cells of a design of so many points: first point, and up to which.

    Raises RequestError unless the number of points is a power of two, as a Sobol' sequence needs.
    """
    required("SALib", "Sensitivity")
    if samples < 2 or samples & (samples - 1) or samples > MOST_POINTS:
        near = 2 ** int(np.clip(round(np.log2(max(samples, 2))), 1, np.log2(MOST_POINTS)))
        raise RequestError(f"samples is {samples}; write a power of two from 2, as {near}")
    return [(start, min(start + STRIDE, samples)) for start in range(0, samples, STRIDE)]


def sobol_cell(
    function: Function, groups: Sequence[str], cell: tuple[int, int], *, seed: int
) -> Reals:
    """The outputs at the points of a cell, as `sobol` needs them.

    groups: the name of the group that each input belongs to, (I,); a group moves as a whole.
    """
    return function(_crossed(groups, cell, checked_seed(seed)).T)


def _crossed(groups: Sequence[str], cell: tuple[int, int], seed: int) -> Reals:
    """Points A, then A with one group after the other taken from B, then B. (P·(G + 2), I).

    These are the rows of `SALib.sample.sobol`, which makes all of them at once and in slow loops.
    """
    start, stop = cell
    inputs, names = len(groups), _names(groups)
    qmc = extra("scipy.stats.qmc", "Sensitivity")  # takes most of a second to load
    sequence = qmc.Sobol(d=2 * inputs, scramble=True, seed=generator(seed, "sobol"))
    if start:
        sequence.fast_forward(start)
    points = sequence.random(stop - start)
    one, other = points[:, None, :inputs], points[:, None, inputs:]
    taken = np.array([[False] * inputs, *[[own == name for own in groups] for name in names]])
    rows = np.where(taken, other, one)
    return np.concatenate([rows, other], axis=1).reshape(-1, inputs)


def _names(groups: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(groups))


def sobol(groups: Sequence[str], outputs: Sequence[Reals], *, seed: int) -> dict[str, Indices]:
    """Sobol' indices of first and total order for each group; nothing where the output is constant.

    outputs: those of all cells, in order.

    Source: Sobol' (2001), doi:10.1016/S0378-4754(00)00270-6; estimators of Saltelli et al. (2010),
    doi:10.1016/j.cpc.2009.09.018, by SALib.
    """
    output, names = np.concatenate(outputs).astype(float), _names(groups)
    if flat(output):
        return {}
    found = extra("SALib.analyze.sobol", "Sensitivity").analyze(
        {"num_vars": len(names), "names": names},
        output,
        calc_second_order=False,
        conf_level=CONFIDENCE,
        seed=checked_seed(seed) + 1,  # SALib takes 0 for no seed
    )
    rows = zip(found["S1"], found["S1_conf"], found["ST"], found["ST_conf"])
    return {
        name: Indices(_index(first, around), _index(total, about))
        for name, (first, around, total, about) in zip(names, rows)
    }


def _index(value: float, around: float, scale: float = 1.0) -> Index:
    """A measure with its interval, which holds nothing where the measure is rounding only."""
    low = float(value - around)
    return Index(
        float(value), min(low, 0.0) if value <= FLAT * scale else low, float(value + around)
    )


# Morris -----------------------------------------------------------------------------------------


def morris_cells(paths: int) -> range:
    """The cells of a screening along so many paths: a path each."""
    required("SALib", "Sensitivity")
    if not 2 <= paths <= MOST_PATHS:
        raise RequestError(
            f"samples is {paths}; write a whole number of paths from 2 to {MOST_PATHS}"
        )
    return range(paths)


def morris_cell(function: Function, inputs: int, cell: int, *, seed: int) -> Reals:
    """The outputs along a path on which every input moves once. (I + 1,)."""
    return function(_path(inputs, cell, seed).T)


def _path(inputs: int, cell: int, seed: int) -> Reals:
    sample = extra("SALib.sample.morris", "Sensitivity").sample
    dice = generator(seed, f"morris.{cell}")
    return np.asarray(sample(_problem(inputs), 1, num_levels=LEVELS, seed=dice))


def _problem(inputs: int) -> dict[str, object]:
    names = [str(place) for place in range(inputs)]
    return {"num_vars": inputs, "names": names, "bounds": [[0, 1]] * inputs}


def morris(names: Sequence[str], outputs: Sequence[Reals], *, seed: int) -> dict[str, Effect]:
    """What each input does to the output; nothing where the output is constant.

    outputs: those of all cells, in order.

    Source: Morris (1991), doi:10.1080/00401706.1991.10484804; mu* of Campolongo et al. (2007),
    doi:10.1016/j.envsoft.2006.10.004, by SALib.
    """
    output, inputs = np.concatenate(outputs).astype(float), len(names)
    if flat(output):
        return {}
    paths = np.concatenate([_path(inputs, cell, seed) for cell in range(len(outputs))])
    found = extra("SALib.analyze.morris", "Sensitivity").analyze(
        _problem(inputs),
        paths,
        output,
        conf_level=CONFIDENCE,
        num_levels=LEVELS,
        seed=generator(seed, "morris"),
    )
    rows = zip(found["mu_star"], found["mu_star_conf"], found["sigma"], found["mu"])
    scale = max(1.0, float(np.abs(output).max()))
    return {
        name: Effect(_index(size, around, scale), float(spread), float(change))
        for name, (size, around, spread, change) in zip(names, rows)
    }


# In one go --------------------------------------------------------------------------------------


def indices(
    function: Function, groups: Sequence[str], *, samples: int = 1024, seed: int = 0
) -> dict[str, Indices]:
    """The Sobol' indices of a function; see `sobol`."""
    cells = sobol_cells(samples)
    return sobol(groups, [sobol_cell(function, groups, c, seed=seed) for c in cells], seed=seed)


def effects(
    function: Function, names: Sequence[str], *, samples: int = 32, seed: int = 0
) -> dict[str, Effect]:
    """The effects of the inputs of a function; see `morris`."""
    cells = morris_cells(samples)
    found = [morris_cell(function, len(names), cell, seed=seed) for cell in cells]
    return morris(names, found, seed=seed)
