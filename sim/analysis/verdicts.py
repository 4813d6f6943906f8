"""The verdict in worlds whose numbers somebody has set, each world on its own.

Where a scenario is said once, the stances follow from `sim.outlook` in double precision. Where a
negotiation has several rounds or stages the council plays it, in single precision as in every run.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sim import appraisal, rules, tactics
from sim.analysis.rescue import takes_part
from sim.analysis.turned import Knob, impossible, knob, turned
from sim.arrays import CLAUSES, REAL, Bools, Counts, Reals
from sim.ensemble import BLOCK, alone
from sim.outlook import outlook
from sim.rules import Stances
from sim.scenario import Scenario
from sim.worlds import Worlds


@dataclass(frozen=True)
class Verdicts:
    """What was decided in D worlds: adopted (C, D), stance (M, C, D), and whether the world fits (D,).

    A world does not fit whose numbers make up no scenario; what is decided there means nothing.
    """

    adopted: Bools
    stance: Stances
    fits: Bools


Judge = Callable[[Counts, Reals], Verdicts]
"""From the place of each world's knob and the knob's value, (D,) each, to the verdicts."""


def said_once(scenario: Scenario) -> bool:
    """Whether members speak once, and what the rule adopts stands: then all of it is closed form."""
    process = scenario.process
    return process.kind != "steps" and process.rounds == 1 and not scenario.proposer.budget


def needed(scenario: Scenario, clause: str) -> Counts:
    """The clauses on which the fate of one hangs, this one first; all where others may matter."""
    ids = list(scenario.clauses)
    host = scenario.clauses[clause].tabled_with
    first = [ids.index(name) for name in (clause, host) if name]
    alone = said_once(scenario) and scenario.process.kind == "clauses" and takes_part(scenario)
    return np.array(first + ([] if alone else [i for i in range(len(ids)) if i not in first]))


def judge(
    scenario: Scenario,
    knobs: Sequence[Knob],
    rows: Counts,
    progress: Callable[[int], None] | None = None,
) -> Judge:
    """Whoever judges worlds of these knobs, block by block; `rows`: the clauses that are looked at.

    `progress` is told of so many more worlds after each block.
    """
    once = said_once(scenario)
    dtype, decide = (np.float64, spoken) if once else (REAL, played)

    def judged(which: Counts, values: Reals) -> Verdicts:
        found = []
        for first in range(0, len(which), BLOCK):
            block = slice(first, first + BLOCK)
            worlds = turned(scenario, knobs, which[block], values[block], dtype)
            found.append(decide(scenario, worlds, rows))
            if progress:
                progress(len(which[block]))
        return Verdicts(
            np.concatenate([each.adopted for each in found], axis=-1),
            np.concatenate([each.stance for each in found], axis=-1),
            np.concatenate([each.fits for each in found]),
        )

    return judged


def at_centre(scenario: Scenario, rows: Counts) -> Verdicts:
    """The verdict in the central world."""
    one = knob(scenario, "assumptions.cohesion")
    return judge(scenario, [one], rows)(np.array([0]), np.array([one.start]))


def spoken(scenario: Scenario, worlds: Worlds, rows: Counts) -> Verdicts:
    """What follows from the members' outlook, in the number type of the worlds."""
    lean = None if worlds.lean is None else worlds.lean[:, rows]
    fewer = replace(worlds, gain=worlds.gain[:, rows], cost=worlds.cost[:, rows], lean=lean)
    seen = outlook(scenario, fewer)
    level = tabled_first(scenario)[rows, None]
    own = [appraisal.appraise(trust, held, level) for trust, held in zip(seen.trust, seen.stakes)]
    views = seen.consult(np.stack(own))
    if scenario.process.kind == "package":
        views = np.repeat(tactics.bundled(views, worlds.logroll), len(level), axis=CLAUSES)
    stance = rules.stance(views, worlds.resolve[:, None])
    adopted = seen.rule.adopts(stance)
    adopted &= adopted[_hosts(scenario, rows)]
    if not takes_part(scenario):
        adopted &= adopted.all(axis=CLAUSES)
    shown = worlds.shown
    return Verdicts(adopted[:, shown], stance[..., shown], ~impossible(worlds))


def _hosts(scenario: Scenario, rows: Counts) -> list[int]:
    """Among the clauses looked at, the place of the one that each hangs on, or its own."""
    ids = [list(scenario.clauses)[row] for row in rows]
    return [ids.index(scenario.clauses[name].tabled_with or name) for name in ids]


def tabled_first(scenario: Scenario) -> Reals:
    """The levels at which the clauses are tabled first. (C,)."""
    rows = scenario.clauses.values()
    draft, least = (np.array([getattr(row, name) for row in rows]) for name in ("level", "least"))
    return tactics.tabled(draft[:, None], least, np.array([scenario.proposer.opening]))[:, 0]


def played(scenario: Scenario, worlds: Worlds, rows: Counts) -> Verdicts:
    """What the council decides in all its rounds."""
    with alone(scenario) as council:
        council.deal(worlds)
        council.run_model()
        found = council.decisions()
        return Verdicts(found.adopted[rows], found.stance[:, rows], ~impossible(worlds))
