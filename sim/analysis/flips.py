"""The smallest turn of a number that flips what is said of the verdict: looked for, then closed in on.

A verdict need not be monotone in a number: through consultation one member's softer view moves others,
and trust cuts both ways. So a number is turned step by step, finely where it stands and coarsely far
from there, up to the first step at which the verdict is another, and the place between the last two
steps is halved until nothing is left of it. Where several members change their minds within one step
in which the verdict does not change, that step is looked through more closely.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sim.analysis.verdicts import Judge, Verdicts
from sim.arrays import Bools, Counts, Reals

STEPS, CLOSER = 32, 16
"""Steps along a way, and within a step in which several members change their minds."""

HALVINGS = 26
"""So often is the place of a flip halved: to some 5e-10 of the way."""

FINEST = 0.02
"""The first step changes a number by about this share of itself, over the number of steps."""

Says = Callable[[Verdicts], Bools]
"""What is said of verdicts: one row a claim, one column a world. -> (Q, D)."""


@dataclass(frozen=True)
class Way:
    """A way along which a knob is turned: its place among the knobs, and its value from 0 to 1."""

    knob: int
    at: Callable[[Reals], Reals]


def way(knob: int, start: float, limit: float) -> Way:
    """From where a number stands to a limit, by steps that grow in proportion to the way made."""
    reach = limit - start
    pace = np.log1p(abs(reach) / (FINEST * max(abs(start), 0.05)))

    def at(progress: Reals) -> Reals:
        return np.asarray(start + reach * np.expm1(pace * progress) / np.expm1(pace))

    return Way(knob, at)


def most_worlds(ways: Sequence[Way]) -> int:
    """About how many worlds are judged for these ways at most, a closer look aside."""
    return len(ways) * (STEPS + HALVINGS + 2)


@dataclass(frozen=True)
class Steps:
    """Between which two steps of each way each claim flips first; NaN where it never does. (Q, W)."""

    before: Reals
    after: Reals


def first_steps(judge: Judge, ways: Sequence[Way], says: Says) -> Steps:
    """Turn every knob along its ways, and see at which step each claim flips first.

    A way ends where the number makes up no scenario.
    """
    progress = np.linspace(0, 1, STEPS + 1)
    found = judge(
        np.repeat([each.knob for each in ways], STEPS + 1),
        np.concatenate([each.at(progress) for each in ways]),
    )
    shape = (len(ways), STEPS + 1)
    held = says(found).reshape(-1, *shape)
    fits = np.logical_and.accumulate(found.fits.reshape(shape), axis=1)
    flipped = (held != held[..., :1]) & fits
    after = np.where(flipped.any(axis=-1), progress[flipped.argmax(axis=-1)], np.nan)
    steps = Steps(after - progress[1], after)
    return _closer(judge, ways, says, steps, _crowded(found, fits))


def _crowded(found: Verdicts, fits: Bools) -> Bools:
    """Steps within which more than one stance changes. (W, STEPS)."""
    stance = found.stance.reshape(*found.stance.shape[:2], *fits.shape)
    changes = np.count_nonzero(stance[..., 1:] != stance[..., :-1], axis=(0, 1))
    return np.asarray((changes > 1) & fits[:, 1:])


def _closer(judge: Judge, ways: Sequence[Way], says: Says, steps: Steps, crowded: Bools) -> Steps:
    """The same, with a closer look at crowded steps that some claim gets through without a flip."""
    last = np.nan_to_num(steps.after, nan=2.0).max(axis=0)
    which, step = np.nonzero(crowded & (np.arange(STEPS) / STEPS < last[:, None]))
    if not len(which):
        return steps
    chosen = [ways[place] for place in which.tolist()]
    inside = (step[:, None] + np.linspace(0, 1, CLOSER + 1)) / STEPS
    found = judge(
        np.repeat([each.knob for each in chosen], CLOSER + 1),
        np.concatenate([each.at(row) for each, row in zip(chosen, inside)]),
    )
    held = says(found).reshape(-1, *inside.shape)
    flipped = (held != held[..., :1]) & found.fits.reshape(inside.shape)
    before, after = steps.before.copy(), steps.after.copy()
    for claim, cell in zip(*np.nonzero(flipped.any(axis=-1))):
        place, first = which[cell], int(flipped[claim, cell].argmax())
        if not inside[cell, first] >= after[claim, place]:  # or it has never flipped so far
            before[claim, place] = inside[cell, first - 1]
            after[claim, place] = inside[cell, first]
    return Steps(before, after)


def closed_in(judge: Judge, ways: Sequence[Way], says: Says, steps: Steps, pairs: Counts) -> Reals:
    """How far along their ways claims flip, on the far side. pairs (2, P): claim and way -> (P,)."""
    claim, place = pairs
    low, high = steps.before[claim, place], steps.after[claim, place]
    chosen = [ways[each] for each in place.tolist()]
    if not chosen:
        return high
    knobs, columns = np.array([each.knob for each in chosen]), np.arange(len(chosen))

    def said(progress: Reals) -> Bools:
        values = [float(each.at(step)) for each, step in zip(chosen, progress)]
        return says(judge(knobs, np.array(values)))[claim, columns]

    start = said(low)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        same = said(middle) == start
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    return high
