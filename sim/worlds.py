"""Scenario and dice to worlds: every assumption drawn, its band applied to the dice."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sim import belief
from sim.arrays import REAL, WORLDS, Bools, Reals
from sim.constants import MOST
from sim.dice import Dice, NoDice, PagedDice, checked_seed
from sim.errors import RequestError
from sim.scenario import TYPES, Assumption, Evidence, Number, Scenario

OWN = 2
"""Dice a member throws before those for its interests: trust, resolve."""


@dataclass(frozen=True)
class Worlds:
    """One draw of all assumptions in D worlds; D is whole pages, of which those `shown` count.

    Whole pages, because a product of matrices may round a world by its place in the page.

    odds (M, D) of security seeker by the members' trust; split, seen (T, D) log prior and evidence of
    the other types; keep (T, D); cohesion, logroll (D,); resolve (M, D); weight, exposure (M, K, D);
    gain, cost (K, C, D); items {evidence: (T, D)} the log-likelihood of seeing it once. Of the proposer
    as it is in truth: floor, audience (D,); word (S, D) uniform dice, one for each stage, and one
    more for the condition if there is one. lean (M, C, D): what a member's gain is multiplied by,
    twice its ideal level; None where members have no ideal points.
    """

    shown: slice
    odds: Reals
    split: Reals
    seen: Reals
    keep: Reals
    cohesion: Reals
    logroll: Reals
    floor: Reals
    audience: Reals
    word: Reals
    resolve: Reals
    weight: Reals
    exposure: Reals
    gain: Reals
    cost: Reals
    items: dict[str, Reals]
    lean: Reals | None = None

    @property
    def count(self) -> int:
        """How many worlds count."""
        return int(self.shown.stop - self.shown.start)


class Sampler:
    """Draws the worlds of one scenario and seed, as many as asked, wherever asked."""

    def __init__(self, scenario: Scenario, seed: int) -> None:
        self.scenario = scenario
        self.seed = checked_seed(seed)
        self.centres = _centres(scenario, REAL)

    def worlds(self, start: int, stop: int) -> Worlds:
        """Worlds number `start` up to but without `stop`."""
        return self.thrown(PagedDice(self.seed, start, stop))

    def thrown(self, dice: Dice) -> Worlds:
        """The worlds that these dice make of the scenario."""
        return _deal(self.scenario, self.centres, dice)


def draw(scenario: Scenario, seed: int, start: int, stop: int) -> Worlds:
    """Worlds `start` to `stop` of a seed; a `Sampler` is faster for many calls."""
    return Sampler(scenario, seed).worlds(start, stop)


def central(scenario: Scenario, dtype: Any = np.float64) -> Worlds:
    """The one world in which every assumption has its central value; no dice, D = 1."""
    return _deal(scenario, _centres(scenario, dtype), NoDice(dtype))


@dataclass(frozen=True)
class Noise:
    """How far numbers lie from their central values, as logarithms: 0 where a band is a number's own.

    Of what follows the spreads of the scenario or of a clause; shapes as in `Worlds`.
    """

    resolve: Reals
    weight: Reals
    exposure: Reals
    gain: Reals
    cost: Reals


def noise(scenario: Scenario, drawn: Worlds) -> Noise:
    """The noise of spreads in worlds that were drawn."""
    seats, clauses = scenario.seats.values(), scenario.clauses.values()
    centre = central(scenario, REAL)

    def of_members(name: str) -> Reals:
        own = [[number.band is None for number in getattr(m, name).values()] for m in seats]
        return _logarithms(drawn, centre, name, np.array(own)[..., None])

    def of_clauses(name: str) -> Reals:
        own = [[number.band is None for number in getattr(c, name).values()] for c in clauses]
        return _logarithms(drawn, centre, name, np.array(own).T[..., None])

    resolve = np.array([[member.resolve.band is None] for member in seats])
    return Noise(
        resolve=_logarithms(drawn, centre, "resolve", resolve),
        weight=of_members("weight"),
        exposure=of_members("exposure"),
        gain=of_clauses("gain"),
        cost=of_clauses("cost"),
    )


def _logarithms(drawn: Worlds, centre: Worlds, name: str, spread: Bools) -> Reals:
    value, middle = getattr(drawn, name), getattr(centre, name)
    ratio = np.divide(value, middle, out=np.ones_like(value), where=spread & (middle != 0))
    return np.log(ratio, out=ratio)


def widened(drawn: Worlds, noise: Noise, factor: float) -> Worlds:
    """The same dice with spreads so many times as wide, within rounding.

    Every member's own error in resolve, weights and exposures, and that in the stakes; trust and the
    assumptions keep their bands.
    """
    times = REAL(factor - 1)
    wide = {name: getattr(drawn, name) * np.exp(times * far) for name, far in vars(noise).items()}
    return replace(drawn, **wide)


def single(scenario: Scenario, seed: int, world: int | None) -> Worlds:
    """One world of a seed, or the central one.

    Raises RequestError for a world that no run has.
    """
    if world is None:
        return central(scenario, REAL)
    if not 0 <= world < MOST:
        raise RequestError(f"the world is {world}; write a whole number from 0 to {MOST - 1:,}")
    return draw(scenario, seed, world, world + 1)


def checked_count(name: str, number: int, *, least: int = 1) -> int:
    """How many worlds, or workers: a whole number, of any kind that counts."""
    whole = isinstance(number, int | np.integer) and not isinstance(number, bool)
    if not whole or not least <= number <= MOST:
        raise RequestError(f"{name} is {number}; write a whole number from {least} to {MOST:,}")
    return int(number)


# Values ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Banded:
    """Central values and bands of numbers of one kind, in rows and columns."""

    value: Reals
    band: Reals


@dataclass(frozen=True)
class Centres:
    """The scenario's own numbers as arrays, before any dice: (M, 1), (M, K) or (C, K); (T, 1)."""

    trust: Banded
    resolve: Banded
    weight: Banded
    exposure: Banded
    gain: Banded
    cost: Banded
    items: dict[str, Reals]
    lean: Banded | None


def _centres(scenario: Scenario, dtype: Any) -> Centres:
    """Everything that is the same for every block of worlds."""
    seats, clauses = list(scenario.seats.values()), list(scenario.clauses.values())
    spread = scenario.assumptions.spread
    factor = spread.factor.value
    own = [spread.stakes.value if row.spread is None else row.spread for row in clauses]
    stakes = [factor * band for band in own]

    def of_members(rows: list[list[Number]], default: Number, factor: float = factor) -> Banded:
        return _banded(rows, [factor * default.value] * len(rows), dtype)

    return Centres(
        trust=_as_log_odds(scenario, of_members([[m.trust] for m in seats], spread.trust, 1.0)),
        resolve=of_members([[m.resolve] for m in seats], spread.resolve),
        weight=of_members([list(m.weight.values()) for m in seats], spread.weights),
        exposure=of_members([list(m.exposure.values()) for m in seats], spread.exposures),
        gain=_banded([list(c.gain.values()) for c in clauses], stakes, dtype),
        cost=_banded([list(c.cost.values()) for c in clauses], stakes, dtype),
        items={
            name: np.array(_log_likelihood(scenario, item), dtype)[:, None]
            for name, item in scenario.evidence.items()
        },
        lean=_leaning(scenario, dtype) if scenario.spatial else None,
    )


def _leaning(scenario: Scenario, dtype: Any) -> Banded:
    """Twice the ideal level, by which a member's gain is multiplied, and its band. (M, C) each.

    U = 2·s·ideal·x − s·x², Enelow & Hinich (1984), ch. 2, with the status quo at 0.
    """
    scales = [clause.scale for clause in scenario.clauses.values()]
    ideals = [[row.ideal[name] for name in scenario.clauses] for row in scenario.seats.values()]
    start = np.array([scale.status_quo for scale in scales])
    way = np.array([scale.tabled for scale in scales]) - start
    value = np.array([[number.value for number in row] for row in ideals])
    band = np.array([[number.band or 0.0 for number in row] for row in ideals])
    return Banded((2 * (value - start) / way).astype(dtype), (2 * band / way).astype(dtype))


def _banded(rows: list[list[Number]], spreads: list[float], dtype: Any) -> Banded:
    """Numbers without a band of their own take the spread of their row."""
    values = [[number.value for number in row] for row in rows]
    bands = [
        [spread if number.band is None else number.band for number in row]
        for row, spread in zip(rows, spreads, strict=True)
    ]
    return Banded(np.array(values, dtype), np.array(bands, dtype))


def _as_log_odds(scenario: Scenario, trust: Banded) -> Banded:
    """The belief that a stated trust implies, as log-odds of security seeker."""
    pretext = scenario.assumptions.pretext.value
    odds = [[belief.log_odds(t, scenario.keep, pretext)] for t in trust.value[:, 0].tolist()]
    return Banded(np.array(odds, trust.value.dtype), trust.band)


def _log_likelihood(scenario: Scenario, item: Evidence) -> list[float]:
    """Log-likelihood of an item type by type; a complement's is that of not seeing the other."""
    if item.likelihood is not None:
        return [float(np.log(item.likelihood[kind])) for kind in TYPES]
    other = scenario.evidence[str(item.complement_of)].likelihood or {}
    return [float(np.log1p(-other[kind])) for kind in TYPES]


def _deal(scenario: Scenario, centres: Centres, dice: Dice) -> Worlds:
    """Apply the bands to the dice."""
    interests = len(scenario.interests)
    second = _rows(centres.exposure, interests)
    if (
        centres.lean is not None
    ):  # a clause is an interest: its ideal point has the dice of exposure
        second = max(second, interests + int(centres.lean.band.any()) * interests)
    members = dice.normals([f"members.{name}" for name in scenario.seats], OWN + second)
    clauses = dice.normals(
        [f"clauses.{name}" for name in scenario.clauses], _rows(centres.cost, interests)
    )
    common = _common(scenario, dice)
    items = _weighed(scenario, centres, dice)
    return Worlds(
        shown=dice.shown,
        odds=_odds(centres.trust, members[:, 0], common["assumptions.trust"]),
        split=belief.split(_share(common["assumptions.pretext"])),
        seen=_seen(scenario, items, members.shape[2], members.dtype),
        keep=np.stack([_share(common[f"proposer.keep.{kind}"]) for kind in TYPES]),
        cohesion=_share(common["assumptions.cohesion"]),
        logroll=_share(common["assumptions.logroll"]),
        floor=_share(common[f"proposer.floor.{scenario.proposer.true_type}"]),
        audience=_share(common["proposer.audience"]),
        word=_word(scenario, dice),
        resolve=_noisy(centres.resolve, members[:, 1:2])[:, 0],
        weight=_noisy(centres.weight, members[:, OWN : OWN + interests]),
        exposure=_noisy(centres.exposure, members[:, OWN + interests :]),
        gain=_over_interests(_noisy(centres.gain, clauses[:, :interests])),
        cost=_over_interests(_noisy(centres.cost, clauses[:, interests:])),
        items=items,
        lean=_leaned(centres.lean, members[:, OWN + interests :]),
    )


def _leaned(lean: Banded | None, dice: Reals) -> Reals | None:
    """Twice the ideal level in every world, value + band·z. (M, C), (M, n, D) -> (M, C, D)."""
    if lean is None:
        return None
    value = np.repeat(lean.value[..., None], dice.shape[WORLDS], axis=WORLDS)
    return value + lean.band[..., None] * dice if lean.band.any() else value


def _word(scenario: Scenario, dice: Dice) -> Reals:
    """Whether the proposer keeps its word, stage by stage; last whether a condition comes true."""
    names = [f"proposer.word.{stage}" for stage in range(len(scenario.stages))]
    names += [] if scenario.process.condition is None else ["proposer.condition"]
    return np.asarray((1 + dice.both(names)[:, 1]) / 2)


def _rows(second: Banded, interests: int) -> int:
    """How many dice to throw for two numbers an interest: all first ones, then the second ones.

    The last second ones may be without any band or value, as costs on interests that no clause
    touches; nobody would see those dice, so they stay in the cup.
    """
    seen = np.flatnonzero((second.value * second.band).any(axis=0))
    return interests + (int(seen[-1]) + 1 if len(seen) else 0)


def _noisy(number: Banded, dice: Reals) -> Reals:
    """Multiplicative noise: value·exp(band·z). (R, N), (R, n ≤ N, D) -> (R, N, D)."""
    thrown = dice.shape[1]
    noise = number.band[:, :thrown, None] * dice
    noise = np.exp(noise, out=noise)
    noise *= number.value[:, :thrown, None]
    if thrown == number.value.shape[1]:
        return noise
    still = np.repeat(number.value[:, thrown:, None], dice.shape[WORLDS], axis=WORLDS)
    return np.concatenate([noise, still], axis=1)


def _over_interests(stakes: Reals) -> Reals:
    """(C, K, D) -> (K, C, D), contiguous."""
    return np.ascontiguousarray(stakes.transpose(1, 0, 2))


def _odds(trust: Banded, own: Reals, common: Reals) -> Reals:
    """Odds of security seeker, with the members' own and their common noise. -> (M, D)."""
    log_odds = trust.value + trust.band * own + common
    return np.exp(np.clip(log_odds, -belief.FARTHEST / 2, belief.FARTHEST / 2))


def _common(scenario: Scenario, dice: Dice) -> dict[str, Reals]:
    """Every assumption in every world, by its address. (D,) each."""
    numbers = assumptions(scenario)
    thrown = dice.both(list(numbers))
    return {name: _shape(numbers[name], both) for name, both in zip(numbers, thrown)}


def assumptions(scenario: Scenario) -> dict[str, Assumption]:
    """The numbers that are uncertain in the same way for everybody, by address."""
    guess, proposer = scenario.assumptions, scenario.proposer
    true = proposer.true_type
    return {
        "assumptions.trust": guess.trust,
        "assumptions.cohesion": guess.cohesion,
        "assumptions.pretext": guess.pretext,
        "assumptions.logroll": guess.logroll,
        **{f"proposer.keep.{kind}": getattr(proposer.keep, kind) for kind in TYPES},
        f"proposer.floor.{true}": getattr(proposer.floor, true),
        "proposer.audience": proposer.audience,
    }


def _shape(number: Assumption, both: Reals) -> Reals:
    """An assumption in every world, value + band·z. (2, D) -> (D,)."""
    noise = both[0 if number.dist == "normal" else 1]
    return noise.dtype.type(number.value) + noise.dtype.type(number.band or 0) * noise


def _share(values: Reals) -> Reals:
    """An assumption that is a share: noise beyond 0 or 1 stops there."""
    return np.clip(values, 0, 1)


def share(number: Assumption, dice: Dice, address: str) -> Reals:
    """One assumption that is a share, in every world. -> (D,)."""
    return _share(_shape(number, dice.both([address])[0]))


def _weighed(scenario: Scenario, centres: Centres, dice: Dice) -> dict[str, Reals]:
    """Every item's log-likelihood under each type, its weight uncertain. (T, D) each.

    An item and its complement are one question, so they share the dice and the band.
    """
    owners = {name: item.complement_of or name for name, item in scenario.evidence.items()}
    names = list(dict.fromkeys(owners.values()))
    thrown = dict(zip(names, dice.normals([f"evidence.{name}" for name in names], 1)))
    return {
        name: centres.items[name] * np.exp(REAL(scenario.evidence[owner].band) * thrown[owner])
        for name, owner in owners.items()
    }


def _seen(scenario: Scenario, items: dict[str, Reals], worlds: int, dtype: Any) -> Reals:
    """What has been seen since the members' trust was stated, as log-likelihoods. -> (T, D)."""
    total = np.zeros((len(TYPES), worlds), dtype)
    for name, item in scenario.evidence.items():
        included = item.count if item.included is None else item.included
        if item.count != included:
            total = total + dtype.type(item.count - included) * items[name]
    return total
