"""Eight rounds in many worlds at once: what the baseline does, by the ensemble."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.council import Council
from sim.scenario import Scenario, load, with_changes
from sim.worlds import Worlds

ROUNDS = 8


def scenario() -> Scenario:
    """The flagship, negotiated: blocked clauses come back lower, and everybody learns from that."""
    return with_changes(load("draft-treaty-2021"), {"process.rounds": ROUNDS})


def play(council: Council, block: Worlds) -> NDArray[np.float32]:
    """Play a block of worlds -> (C, count), the level that was adopted, 0 where none was."""
    council.deal(block)
    council.run_model()
    return (council.adopted * council.level)[:, block.shown]
