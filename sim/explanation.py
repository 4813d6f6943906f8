"""One member on one clause in one world, as an exact sum, and what would change its mind."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from sim import appraisal, belief, rules
from sim.appraisal import Stakes
from sim.constants import LARGEST
from sim.outlook import outlook
from sim.rules import SLACK, Stance
from sim.scenario import Number, Scenario, load, pair_of, sha256
from sim.worlds import Worlds, central, single

DECIMALS = 4
"""Digits to which a flip is rounded, away from where the number is now, so that typing it flips."""

DEAF = 1e-9
"""Where a member's own view weighs no more in what it expresses, no change of that view flips it."""


@dataclass(frozen=True)
class Contribution:
    """What one interest adds to the appraisal and takes from it, at the tabled level."""

    interest: str
    gain: float
    cost: float


@dataclass(frozen=True)
class Flip:
    """A change of one number of the member that changes its stance, all else equal."""

    address: str
    start: float
    to: float
    becomes: Stance

    @property
    def size(self) -> float:
        """The change in proportion to the number, by which flips are ordered."""
        return abs(self.to - self.start) / self.start if self.start else math.inf


@dataclass(frozen=True)
class Explanation:
    """A member's stance on a clause: Σ gain − Σ cost = appraisal; + consultation = expressed."""

    scenario: Scenario
    world: int | None
    seed: int | None
    member: str
    clause: str
    level: float
    trust: float
    contributions: tuple[Contribution, ...]
    appraisal: float
    expressed: float
    resolve: float
    own: Stance
    stance: Stance
    ceiling: Mapping[str, float]
    flips: tuple[Flip, ...]

    @property
    def consultation(self) -> float:
        """What hearing the others out has added."""
        return self.expressed - self.appraisal

    @property
    def reservation(self) -> bool:
        """Would object by its own appraisal, keeps silent after consultation."""
        return self.own is Stance.OBJECT and self.stance is not Stance.OBJECT

    @property
    def solidarity(self) -> bool:
        """Silent by its own appraisal, objects after consultation."""
        return self.own is not Stance.OBJECT and self.stance is Stance.OBJECT

    def as_json(self) -> dict[str, Any]:
        """The explanation as JSON sees it; no limit is null."""
        return {
            "schema": 1,
            "scenario": self.scenario.name,
            "sha256": sha256(self.scenario),
            "levers": self.scenario.changes,
            "world": self.world,
            "seed": self.seed,
            "member": self.member,
            "clause": self.clause,
            "level": self.level,
            "trust": self.trust,
            "contributions": [vars(part) for part in self.contributions],
            "appraisal": self.appraisal,
            "consultation": self.consultation,
            "expressed": self.expressed,
            "resolve": self.resolve,
            "stance": self.stance.name.lower(),
            "reservation": self.reservation,
            "solidarity": self.solidarity,
            "ceiling": {
                kind: value if math.isfinite(value) else None
                for kind, value in self.ceiling.items()
            },
            "flips": [
                {
                    "address": flip.address,
                    "from": flip.start,
                    "to": flip.to,
                    "becomes": flip.becomes.name.lower(),
                }
                for flip in self.flips
            ],
        }


def explain(
    scenario: Scenario | str | Path,
    member: str,
    clause: str,
    *,
    world: int | None = None,
    seed: int = 0,
) -> Explanation:
    """Why a member takes its stance on a clause: in the central world, or in one of a seed.

    `member` and `clause` are ids or names, in any case. Float64 throughout. Raises RequestError for
    an unknown member or clause.
    """
    scenario = scenario if isinstance(scenario, Scenario) else load(scenario)
    member, clause = pair_of(scenario, member, clause)
    dealt = central(scenario) if world is None else _one(scenario, seed, world)
    return _View(scenario, dealt, member, clause).explanation(world, seed)


def _one(scenario: Scenario, seed: int, world: int) -> Worlds:
    """World number `world` of a seed, alone and in float64."""
    dealt = single(scenario, seed, world)
    alone: dict[str, Any] = {
        name: value[..., dealt.shown].astype(np.float64)
        for name, value in vars(dealt).items()
        if isinstance(value, np.ndarray)
    }
    alone["items"] = {
        name: value[:, dealt.shown].astype(float) for name, value in dealt.items.items()
    }
    return replace(dealt, shown=slice(0, 1), **alone)


class _View:
    """Everything that bears on one member's stance on one clause, in one world."""

    def __init__(self, scenario: Scenario, dealt: Worlds, member: str, clause: str) -> None:
        self.scenario, self.member, self.clause = scenario, member, clause
        self.i, self.c = list(scenario.seats).index(member), list(scenario.clauses).index(clause)
        row = scenario.clauses[clause]
        self.x = max(row.level * scenario.proposer.opening, min(row.level, row.least))
        kinds = [interest.kind == "principle" for interest in scenario.interests.values()]
        self.principled = np.array(kinds, float)
        seen = outlook(scenario, dealt)
        self.dealt = seen.worlds
        self.reading, self.trusts = seen.reading, seen.trust[:, 0].tolist()
        self.stakes = [self._at_stake(held) for held in seen.stakes]
        self.listens = seen.consult(np.eye(len(seen.stakes))[..., None])[self.i, :, 0]
        self.resolve = float(dealt.resolve[self.i, 0])

    def _at_stake(self, held: Stakes) -> tuple[float, float, float]:
        """Gain, principle and divisible cost of the clause for a member."""
        at = (self.c, 0)
        return float(held.gain[at]), float(held.principle[at]), float(held.divisible[at])

    def explanation(self, world: int | None, seed: int) -> Explanation:
        motives = np.array([t * g - p for t, (g, p, _) in zip(self.trusts, self.stakes)])
        curves = np.array([a for _, _, a in self.stakes])
        views = (motives - curves * self.x) * self.x
        self.own, self.expressed = float(views[self.i]), float(self.listens @ views)
        return Explanation(
            scenario=self.scenario,
            world=world,
            seed=None if world is None else seed,
            member=self.member,
            clause=self.clause,
            level=self.x,
            trust=self.trusts[self.i],
            contributions=tuple(self._contributions()),
            appraisal=self.own,
            expressed=self.expressed,
            resolve=self.resolve,
            own=self._stance(self.own),
            stance=self._stance(self.expressed),
            ceiling={
                "own": self._ceiling(motives[self.i], curves[self.i]),
                "expressed": self._ceiling(self.listens @ motives, self.listens @ curves),
            },
            flips=tuple(sorted(self._flips(), key=lambda flip: flip.size)),
        )

    def _stance(self, view: float) -> Stance:
        return Stance(int(rules.stance(np.array([view]), np.array([self.resolve]))[0]))

    def _ceiling(self, motive: float, curvature: float) -> float:
        limit = appraisal.ceiling(
            np.array([motive]), np.array([curvature]), np.array([self.resolve])
        )
        return float(limit[0])

    # Contributions ---------------------------------------------------------------------------

    def _contributions(self) -> Iterator[Contribution]:
        for k, name in enumerate(self.scenario.interests):
            if self.scenario.spatial and name != self.clause:  # it has no part in any other
                continue
            weight = self.dealt.weight[self.i, k, 0]
            burden = weight * self.dealt.exposure[self.i, k, 0] * self._reach(k)
            yield Contribution(
                interest=name,
                gain=float(self.trusts[self.i] * weight * self._gain(k) * self.x),
                cost=float(burden * self.dealt.cost[k, self.c, 0]),
            )

    def _gain(self, k: int) -> float:
        """What the clause gives on an interest, turned as the member's ideal point lies."""
        lean = 1.0 if self.dealt.lean is None else self.dealt.lean[self.i, self.c, 0]
        return float(self.dealt.gain[k, self.c, 0] * lean)

    def _reach(self, k: int) -> float:
        """How a cost grows with the level: in proportion for a principle, else with its square."""
        return float(self.x if self.principled[k] else self.x**2)

    # Flips -----------------------------------------------------------------------------------

    def _flips(self) -> Iterator[Flip]:
        stance = self._stance(self.expressed)
        beyond = -self.resolve - 2 * SLACK
        targets = {
            Stance.OBJECT: ((-self.resolve, Stance.ACQUIESCE),),
            Stance.ACQUIESCE: ((beyond, Stance.OBJECT), (self.resolve, Stance.SUPPORT)),
            Stance.SUPPORT: ((self.resolve, Stance.ACQUIESCE),),
        }
        for target, becomes in targets[stance]:
            if self.listens[self.i] > DEAF:
                missing = (target - self.expressed) / self.listens[self.i]
                yield from self._flips_of_view(missing, becomes)
            yield from self._flip_of_resolve(becomes)

    def _flips_of_view(self, missing: float, becomes: Stance) -> Iterator[Flip]:
        """Single numbers that add `missing` to the member's own appraisal; it is affine in each."""
        member, dealt = self.scenario.seats[self.member], self.dealt
        for k, name in enumerate(self.scenario.interests):
            gain, cost = self._gain(k), dealt.cost[k, self.c, 0]
            weight, exposure = dealt.weight[self.i, k, 0], dealt.exposure[self.i, k, 0]
            per_weight = self.trusts[self.i] * gain * self.x - exposure * cost * self._reach(k)
            per_exposure = -weight * cost * self._reach(k)
            for table, numbers, now, slope in (
                ("weight", member.weight, weight, per_weight),
                ("exposure", member.exposure, exposure, per_exposure),
            ):
                part = "salience" if self.scenario.spatial else table
                if slope and not (table == "exposure" and self.scenario.spatial):
                    yield from self._scaled(
                        f"{part}.{name}", numbers[name], now, now + missing / slope, becomes
                    )
        if self.scenario.spatial:
            yield from self._flip_of_ideal(missing, becomes)
        else:
            yield from self._flip_of_trust(missing, becomes)

    def _flip_of_ideal(self, missing: float, becomes: Stance) -> Iterator[Flip]:
        """Where its ideal point would have to lie, on the scale of the clause."""
        name = list(self.scenario.clauses)[self.c]
        scale, start = self.scenario.clauses[name].scale, self.scenario.seats[self.member].ideal
        weight = float((self.dealt.weight[self.i, :, 0] * self.dealt.gain[:, self.c, 0]).sum())
        slope = 2 * weight * self.x / (scale.tabled - scale.status_quo)
        if slope:
            now = start[name].value
            limits = (scale.low, scale.high)
            yield from self._rounded(
                f"ideal.{name}", now, now + missing / slope, becomes, within=limits
            )

    def _flip_of_resolve(self, becomes: Stance) -> Iterator[Flip]:
        """The resolve at which the view is just bad, or just good, enough."""
        number = self.scenario.seats[self.member].resolve
        objecting = Stance.OBJECT in (becomes, self._stance(self.expressed))
        needed = -self.expressed if objecting else self.expressed
        needed -= 2 * SLACK if becomes is Stance.OBJECT else 0
        yield from self._scaled("resolve", number, self.resolve, needed, becomes)

    def _flip_of_trust(self, missing: float, becomes: Stance) -> Iterator[Flip]:
        gain = self.stakes[self.i][0]
        if not gain or self.scenario.process.condition:  # then trust also moves how likely that is
            return
        wanted = self.trusts[self.i] + missing / (gain * self.x)
        odds = self._odds_for(wanted)
        if odds is None:
            return
        pretext = self.scenario.assumptions.pretext.value
        low, high = belief.bounds(self.scenario.keep, pretext)
        start = self.scenario.seats[self.member].trust.value
        shift = math.log(odds / float(self.dealt.odds[self.i, 0]))
        log_odds = belief.log_odds(start, self.scenario.keep, pretext) + shift
        to = low + (high - low) / (1 + math.exp(-log_odds))
        yield from self._rounded("trust", start, to, becomes, within=(low, high))

    def _odds_for(self, trust: float) -> float | None:
        """The odds of security seeker that make up a trust in this world; None if none do."""
        above = (trust * self.reading.others - self.reading.kept)[0]
        below = (self.reading.seeker - trust)[0]
        return float(above / below) if above > 0 and below > 0 else None

    def _scaled(
        self, part: str, number: Number, now: float, needed: float, becomes: Stance
    ) -> Iterator[Flip]:
        """In units of the number in the file: this world's noise multiplies it."""
        noise = float(now) / number.value if number.value else 1.0
        limits = (-math.inf, LARGEST)
        yield from self._rounded(part, number.value, needed / noise, becomes, within=limits)

    def _rounded(
        self, part: str, start: float, to: float, becomes: Stance, *, within: tuple[float, float]
    ) -> Iterator[Flip]:
        """The flip, rounded away from where the number is now; nothing if that is out of range."""
        unit = 10.0**-DECIMALS
        beyond = math.copysign(unit / 100, to - start) + to
        shown = round((math.ceil if to > start else math.floor)(beyond / unit) * unit, DECIMALS)
        low, high = within
        if shown >= 0 and low < shown < high:
            yield Flip(f"members.{self.member}.{part}", start, shown, becomes)
