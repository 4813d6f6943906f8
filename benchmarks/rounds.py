"""Eight rounds in many worlds at once: what the baseline does, by the ensemble."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.council import Council
from sim.worlds import Worlds

LEVELS = [1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3]
"""What is tabled round by round, until the negotiation has rounds of its own."""

ITEM = "maximal_demand"
"""Seen once more each round, so that beliefs, appraisals and consultation are worked out anew."""


def play(council: Council, block: Worlds) -> NDArray[np.bool_]:
    """Play a block of worlds -> (rounds, C, count), what was adopted."""
    council.deal(block)
    adopted = np.empty((len(LEVELS), len(council.hosts), block.count), bool)
    for r, level in enumerate(LEVELS):
        council.table([level] * len(council.hosts))
        if r:
            council.observe(ITEM)
        council.step()
        adopted[r] = council.adopted[:, block.shown]
    return adopted
