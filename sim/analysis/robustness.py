"""How much a run's headline claims rest on any single number, and which judgement carries most.

Every claim follows from the run itself. Beside the share of worlds in which it holds stands the smallest
move of one number that overturns it at the centre of all assumptions: the share is about all numbers
erring at once, the move about one of them erring alone. Moves are measured in the number's own bands,
one band being a standard deviation on the scale of its kind (a uniform half-width counts √3 of them).
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim import belief, ensemble, rules
from sim.analysis.ceilings import ceilings
from sim.analysis.cells import Progress, adding
from sim.analysis.dials import Dial, dials
from sim.analysis.flips import Way, closed_in, first_steps, most_worlds
from sim.analysis.grounds import grounds
from sim.analysis.rescue import takes_part
from sim.analysis.turned import knob
from sim.analysis.verdicts import Verdicts, at_centre, judge, said_once
from sim.arrays import CLAUSES, WORLDS, Bools, Counts, Reals
from sim.council import Council
from sim.errors import ScenarioError
from sim.inputs import Input, inputs
from sim.outcome import Outcome, wilson
from sim.rules import OBJECT
from sim.scenario import Scenario, with_changes

REACH = 4.0
"""Bands within which a number is moved: beyond that, nobody would say that it is the same number."""

SETTINGS = 17
"""So many settings of each number that has no band."""

CHOSEN = ("opening", "publicity", "rounds")
"""Dials of numbers without a band, beside the counts of evidence and the levels."""

HALF = 0.5

# Results ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Overturn:
    """A move of one number that overturns a claim at the centre: its address, from where to where.

    bands: how many of its own bands that is, with its sign.
    """

    address: str
    start: float
    to: float
    bands: float


@dataclass(frozen=True)
class Setting:
    """A number without a band, and its nearest setting that overturns a claim; None where none does.

    start is None where no setting of the dial is what the scenario says.
    """

    name: str
    title: str
    start: float | None
    to: float


@dataclass(frozen=True)
class Claim:
    """A headline of a run, and what it takes to overturn it.

    kind and subject: `treaty`; `clause` and its id; `killer` and the member's id, of whom it is
    claimed that nobody kills more clauses. survives: what is claimed of a treaty or clause. share: of
    the worlds in which the claim holds, with its 95 % interval. central: whether it holds at the centre.
    overturns: every number that overturns it there within `REACH` bands, the nearest first; empty where
    none does, or where it does not hold at the centre. chosen: the same for numbers without a band.
    """

    kind: str
    subject: str
    survives: bool
    share: float
    low: float
    high: float
    central: bool
    overturns: tuple[Overturn, ...]
    chosen: tuple[Setting, ...]

    @property
    def key(self) -> str:
        """A word for it: `treaty`, the clause, or `killer`."""
        return self.subject if self.kind == "clause" else self.kind

    @property
    def bands(self) -> float:
        """How many bands the nearest number must move; infinite where none does, 0 if it is false."""
        if not self.central:
            return 0.0
        return min((abs(move.bands) for move in self.overturns), default=np.inf)


@dataclass(frozen=True)
class Weight:
    """An input that carries claims: which ones it overturns, and by how many bands the first."""

    address: str
    claims: tuple[str, ...]
    bands: float
    grounds: str


@dataclass(frozen=True)
class Robustness:
    """The claims of a run, the most fragile first, and the numbers that carry them, heaviest first."""

    outcome: Outcome
    exact: bool
    numbers: int
    claims: tuple[Claim, ...]
    weights: tuple[Weight, ...]

    def frame(self) -> pd.DataFrame:
        """One row a claim, with its nearest overturning move."""
        return pd.DataFrame([_row(claim) for claim in self.claims])

    def as_json(self) -> dict[str, Any]:
        """Everything as JSON sees it; no move is null."""
        return {
            "schema": 1,
            **self.outcome.provenance(),
            "reach": REACH,
            "numbers": self.numbers,
            "exact": self.exact,
            "claims": [asdict(claim) for claim in self.claims],
            "weights": [asdict(weight) for weight in self.weights],
        }


def _row(claim: Claim) -> dict[str, Any]:
    words = {name: getattr(claim, name) for name in ("kind", "subject", "survives", "share")}
    nearest = asdict(claim.overturns[0]) if claim.overturns else {}
    moved = {name: nearest.get(name) for name in ("address", "start", "to", "bands")}
    return words | {"low": claim.low, "high": claim.high, "central": claim.central} | moved


# What is claimed ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Headlines:
    """What a run claims: of the treaty, of every clause, and who kills most; `killer` is a seat."""

    treaty: bool
    clauses: Bools
    stopping: Bools
    killer: int | None

    def hold(self, found: Verdicts) -> Bools:
        """Which claims hold in which worlds: the treaty's, the clauses', the killer's. -> (Q, D)."""
        adopted = found.adopted
        whole = adopted.all(axis=CLAUSES, keepdims=True) == self.treaty
        each = adopted == self.clauses[:, None]
        if self.killer is None:
            return np.concatenate([whole, each])
        killed = kills(found, self.stopping)
        most = killed[[self.killer]] == killed.max(axis=0)
        return np.concatenate([whole, each, most])

    def holding(self, council: Council) -> tuple[Counts, int]:
        """In how many of a council's worlds each claim holds, and how many worlds these are."""
        found = council.decisions()
        worlds = found.adopted.shape[WORLDS]
        held = self.hold(Verdicts(found.adopted, found.stance, np.ones(worlds, bool)))
        return np.count_nonzero(held, axis=WORLDS), worlds

    def named(self, scenario: Scenario) -> Iterator[tuple[str, str, bool]]:
        """Kind and subject of each claim, and what is claimed, in the order of `hold`."""
        yield "treaty", "treaty", self.treaty
        for clause, survives in zip(scenario.clauses, self.clauses.tolist()):
            yield "clause", clause, survives
        if self.killer is not None:
            yield "killer", list(scenario.seats)[self.killer], False


def kills(found: Verdicts, stopping: Bools) -> Counts:
    """How many fallen clauses each member objects to, if its objection counts. (M, D)."""
    objects = (found.stance == OBJECT) & ~found.adopted & stopping[:, None, None]
    return np.count_nonzero(objects, axis=1)


def robustness(
    scenario: Scenario,
    *,
    worlds: int = 2000,
    seed: int = 0,
    progress: Progress | None = None,
) -> Robustness:
    """Put every headline of a run to the test of each single number.

    The worlds are played twice, to see what is claimed and how often it holds, and then numbers are
    moved in many central worlds; `progress` is told how many worlds there have been, and of about how
    many.
    """
    ways = _ways(scenario)
    total = 2 * worlds + most_worlds(ways)
    tell = None if progress is None else lambda done: progress(done, total)
    outcome = ensemble.run(scenario, worlds=worlds, seed=seed, progress=tell)
    said = _headlines(outcome)
    counts = _counts(outcome, said, tell)
    central = said.hold(at_centre(scenario, _all(scenario)))[:, 0]
    moved = _moved(scenario, said, ways, adding(progress, total, 2 * worlds))
    chosen = _chosen(scenario, said)
    rows = [
        Claim(
            *named,
            count / worlds,
            *wilson(count, worlds),
            bool(central[place]),
            moved[place] if central[place] else (),
            chosen[place] if central[place] else (),
        )
        for place, (named, count) in enumerate(zip(said.named(scenario), counts))
    ]
    claims = sorted(rows, key=lambda claim: (claim.bands, claim.share))
    weights = tuple(_weights(scenario, claims))
    return Robustness(outcome, said_once(scenario), len(inputs(scenario)), tuple(claims), weights)


def _headlines(outcome: Outcome) -> _Headlines:
    tally, scenario = outcome.tally, outcome.scenario
    rule = rules.named(scenario.rule.name, scenario.table)
    stopping = rule.stops(len(scenario.seats))
    killed = tally.blocks.sum(axis=1)
    alone = np.count_nonzero(killed == killed.max()) == 1 and stopping.sum() > 1
    return _Headlines(
        treaty=tally.treaty >= HALF * tally.worlds,
        clauses=np.asarray(tally.adopted >= HALF * tally.worlds),
        stopping=stopping,
        killer=int(np.argmax(killed)) if alone else None,
    )


def _counts(
    outcome: Outcome, said: _Headlines, progress: Callable[[int], None] | None
) -> list[int]:
    """In how many worlds each claim holds."""
    total: Counts = np.zeros(1, int)
    done = outcome.worlds
    for held in ensemble.read(outcome.scenario, outcome.seed or 0, outcome.worlds, said.holding):
        total, done = total + held[0], done + held[1]
        if progress:
            progress(done)
    counts: list[int] = total.tolist()
    return counts


def _all(scenario: Scenario) -> Counts:
    return np.arange(len(scenario.clauses))


# Numbers with a band ------------------------------------------------------------------------------


def _ways(scenario: Scenario) -> list[Way]:
    """Every number with a band, down and up."""
    return [
        _way(scenario, place, each, sign)
        for place, each in enumerate(inputs(scenario))
        for sign in (-1.0, 1.0)
    ]


def _moved(
    scenario: Scenario,
    said: _Headlines,
    ways: Sequence[Way],
    progress: Callable[[int], None] | None,
) -> list[tuple[Overturn, ...]]:
    """What overturns each claim at the centre, the nearest number first."""
    known = inputs(scenario)
    if not known:
        return [() for _ in said.named(scenario)]
    knobs = [knob(scenario, each.address) for each in known]
    judged = judge(scenario, knobs, _all(scenario), progress)
    steps = first_steps(judged, ways, said.hold)
    pairs = np.stack(np.nonzero(~np.isnan(steps.after)))
    parts = closed_in(judged, ways, said.hold, steps, pairs)
    moves: list[list[Overturn]] = [[] for _ in said.named(scenario)]
    for claim, place, part in zip(*pairs.tolist(), parts.tolist()):
        number = known[ways[place].knob]
        to = float(ways[place].at(np.array(part)))
        bands = part * REACH * (1 if place % 2 else -1)
        start = knobs[ways[place].knob].start
        moves[claim].append(Overturn(number.address, start, to, bands))
    return [_nearest(each) for each in moves]


def _nearest(moves: Sequence[Overturn]) -> tuple[Overturn, ...]:
    """Of each number its nearer move, the nearest of all first."""
    ranked = sorted(moves, key=lambda move: abs(move.bands))
    first = {move.address: move for move in reversed(ranked)}
    return tuple(sorted(first.values(), key=lambda move: abs(move.bands)))


def _way(scenario: Scenario, place: int, number: Input, sign: float) -> Way:
    """So many bands up or down, on the scale of the number; a share stops at nothing and at 1."""
    reach = sign * REACH * number.band / (np.sqrt(3) if number.dist == "uniform" else 1)
    low, high = belief.bounds(scenario.keep, scenario.assumptions.pretext.value)

    def shifted(progress: Reals) -> Reals:
        return number.value + reach * progress

    def share(progress: Reals) -> Reals:
        return np.clip(number.value + reach * progress, 0, 1)

    def scaled(progress: Reals) -> Reals:
        return np.asarray(number.value * np.exp(reach * progress))

    def trust(progress: Reals) -> Reals:
        if low == high:  # all types keep their word alike: no belief moves it
            return np.full_like(progress, low)
        odds = (number.value - low) / (high - number.value) * np.exp(reach * progress)
        return np.asarray((low + odds * high) / (1 + odds))

    if number.address == "assumptions.trust":
        return Way(place, shifted)
    if number.address.startswith(("assumptions.", "proposer.")):
        return Way(place, share)
    return Way(place, trust if number.address.endswith(".trust") else scaled)


# Numbers without a band ---------------------------------------------------------------------------


def _chosen(scenario: Scenario, said: _Headlines) -> list[tuple[Setting, ...]]:
    """For each claim, the nearest settings of numbers without a band that overturn it."""
    found: list[list[Setting]] = [[] for _ in said.named(scenario)]
    first = next(iter(scenario.seats))
    for dial in dials(scenario, next(iter(scenario.clauses)), first):
        if dial.name in CHOSEN or dial.name in scenario.evidence:
            for claim, setting in _over(scenario, said, dial):
                found[claim].append(setting)
    if said_once(scenario) and scenario.process.kind == "clauses" and takes_part(scenario):
        for place, clause in enumerate(scenario.clauses):
            if not said.clauses[place]:
                found[1 + place] += _watered_down(scenario, clause)
    return [tuple(each) for each in found]


def _over(scenario: Scenario, said: _Headlines, dial: Dial) -> Iterator[tuple[int, Setting]]:
    """Which claims a dial overturns, at which of its settings; evidence is whole, it counts or not."""
    counts = tuple(range(math.ceil(dial.low), math.floor(dial.high) + 1))
    settings = counts if dial.name in scenario.evidence else dial.settings(SETTINGS)
    start = dial.low if dial.here is None else dial.here
    overturned: set[int] = set()
    for value in sorted(settings, key=lambda value: abs(value - start)):
        with contextlib.suppress(ScenarioError):
            changed = with_changes(scenario, dial.changes(value))
            holds = said.hold(at_centre(changed, _all(changed)))[:, 0]
            for claim in np.flatnonzero(~holds).tolist():
                if claim not in overturned:
                    overturned.add(claim)
                    yield claim, Setting(dial.name, dial.title, dial.here, value)


def _watered_down(scenario: Scenario, clause: str) -> Iterator[Setting]:
    """The highest level at which a clause that falls would be adopted, where that is in earnest."""
    found = ceilings(scenario, clause)
    if scenario.clauses[clause].tabled_with is None and found.least <= found.survivable:
        level = scenario.clauses[clause].level
        to = found.survivable / scenario.proposer.opening
        if to < level:
            yield Setting("level", f"Level of {clause}", level, to)


# Which judgement carries most ---------------------------------------------------------------------


def _weights(scenario: Scenario, claims: Sequence[Claim]) -> Iterator[Weight]:
    """Every number that overturns a claim, those that overturn most of them first."""
    carried: dict[str, list[tuple[str, float]]] = {}
    for claim in claims:
        for move in claim.overturns:
            carried.setdefault(move.address, []).append((claim.key, abs(move.bands)))
    ranked = sorted(
        carried.items(), key=lambda item: (-len(item[1]), min(bands for _, bands in item[1]))
    )
    for address, found in ranked:
        keys = tuple(key for key, _ in found)
        nearest = min(bands for _, bands in found)
        yield Weight(address, keys, nearest, grounds(scenario, address))
