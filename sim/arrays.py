"""What every array of the project agrees on: axes, number type, page.

Axes are always (M, C, D): members, clauses, worlds. Worlds trail and lie contiguous in memory,
so that a member's slice does too. Beliefs are (T, D) over proposer types, stakes (K, C, D) over
interests.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

MEMBERS, CLAUSES, WORLDS = 0, -2, -1
"""Axes of a (members, clauses, worlds) array; the last two also of a (clauses, worlds) array."""

INTERESTS = 0
"""Axis of an (interests, clauses, worlds) array."""

REAL = np.float32
"""Number type of the hot arrays; exact companions use float64."""

PAGE = 256
"""Worlds whose dice are thrown, and whose arithmetic is done, together."""

Reals = NDArray[np.floating[Any]]
Bools = NDArray[np.bool_]
Counts = NDArray[np.integer[Any]]
