"""What a member says of a clause: it objects, keeps silent, or supports it."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from sim.arrays import MEMBERS, Bools, Counts, Reals

SLACK = 1e-6
"""Far above float32's rounding, so that tabling exactly a ceiling passes."""

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
