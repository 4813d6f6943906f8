"""Decisions whose outcome is known, and what the model says of them before it is.

The prediction sees the scenario only: the members and their data of that day. What happened is kept
apart and meets it in the scores.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from sim import ensemble, worlds
from sim.arrays import CLAUSES, REAL, WORLDS, Bools, Reals
from sim.council import Council
from sim.dice import PagedDice, checked_seed
from sim.rules import OBJECT
from sim.scenario import Happened, Scenario
from sim.worlds import Sampler, Worlds, checked_count

WORLDS_EACH = 1024
"""Worlds in which a precedent is played: the dice then move a share by one or two in a hundred."""

SUREST = 0.01
"""The tool is never surer than one in a hundred. A judgement: with some thirty cases nobody can be."""

RESOLVE, COHESION, OWN_MATTER, ENGAGEMENT = "resolve", "cohesion", "own_matter", "engagement"
PURPOSE, SPREAD = "purpose", "spread"
"""What all precedents share: see `shared`."""


@dataclass(frozen=True)
class Case:
    """One decision by consensus: what was known on its eve, and what happened."""

    scenario: Scenario
    happened: Happened

    @property
    def name(self) -> str:
        """The name by which commands call it."""
        return self.scenario.name

    @cached_property
    def blocked(self) -> Bools:
        """Who blocked it, in the order of the seats. (M,)."""
        return np.array([iso in self.happened.blockers for iso in self.scenario.seats])

    @cached_property
    def counted(self) -> Bools:
        """Who is counted: everybody but the cool and the unknown. (M,)."""
        return np.array([iso not in self.happened.uncounted for iso in self.scenario.seats])

    @cached_property
    def matters(self) -> Reals:
        """The grade of each member's matter of its own, 0 where it has none. (M,)."""
        weights = (member.weight.get(OWN_MATTER) for member in self.scenario.seats.values())
        return np.array([0.0 if weight is None else weight.value for weight in weights])

    @property
    def added(self) -> bool:
        """Whether it was added to the table of precedents."""
        return self.happened.case.startswith("X")


@dataclass(frozen=True)
class Forecast:
    """How likely it is to be adopted as put, and each member to break the silence. objects (M,)."""

    survival: float
    objects: Reals

    @property
    def held(self) -> Forecast:
        """The same, never surer than `SUREST`."""
        survival = min(max(self.survival, SUREST), 1 - SUREST)
        return Forecast(survival, np.clip(self.objects, SUREST, 1 - SUREST))


class Hearing:
    """A precedent before its council, in the same worlds however often it is asked.

    Raises RequestError for a seed or a number of worlds out of range.
    """

    def __init__(self, scenario: Scenario, *, count: int = WORLDS_EACH, seed: int = 0) -> None:
        self.scenario = scenario
        self.dice = PagedDice(checked_seed(seed), 0, checked_count("worlds", count))
        self.dealt = Sampler(scenario, seed).thrown(self.dice)
        self.noise = worlds.noise(scenario, self.dealt)

    def forecast(self, values: Mapping[str, float]) -> Forecast:
        """What the council does when the step is first put, under these shared parameters."""
        with _seated(self.scenario) as council:
            council.deal(self.worlds(values))
            council.step()
            objects = np.any(council.stance == OBJECT, axis=CLAUSES)[:, self.dealt.shown]
            passed = np.all(council.adopted, axis=CLAUSES)[self.dealt.shown]
        return Forecast(float(passed.mean()), np.asarray(objects.mean(axis=WORLDS), float))

    def worlds(self, values: Mapping[str, float]) -> Worlds:
        """Its worlds under these shared parameters."""
        dealt = self.dealt
        if SPREAD in values:
            dealt = worlds.widened(dealt, self.noise, values[SPREAD])
        return shared(self.scenario, dealt, self.dice, values)


def shared(
    scenario: Scenario, dealt: Worlds, dice: PagedDice, values: Mapping[str, float]
) -> Worlds:
    """The same worlds under other shared parameters; those left out are as in the scenario.

    resolve and engagement multiply every member's resolve and weight of that interest, own_matter
    multiplies what every clause costs on matters of a member's own, purpose what it gains on what it is
    for; cohesion is the centre itself. The same as changes of these numbers in the scenario, without
    reading it anew, for a fit asks fifty thousand times. spread is for `worlds.widened`.
    """
    interests = list(scenario.interests)
    changed = dealt
    if RESOLVE in values:
        changed = replace(changed, resolve=dealt.resolve * REAL(values[RESOLVE]))
    if COHESION in values:
        centre = scenario.assumptions.cohesion.model_copy(update={"value": values[COHESION]})
        cohesion = worlds.share(centre, dice, "assumptions.cohesion")
        changed = replace(changed, cohesion=cohesion)
    if OWN_MATTER in values and OWN_MATTER in interests:
        cost = dealt.cost.copy()
        cost[interests.index(OWN_MATTER)] *= REAL(values[OWN_MATTER])
        changed = replace(changed, cost=cost)
    if PURPOSE in values and PURPOSE in interests:
        gain = dealt.gain.copy()
        gain[interests.index(PURPOSE)] *= REAL(values[PURPOSE])
        changed = replace(changed, gain=gain)
    if ENGAGEMENT in values and ENGAGEMENT in interests:
        weight = dealt.weight.copy()
        weight[:, interests.index(ENGAGEMENT)] *= REAL(values[ENGAGEMENT])
        changed = replace(changed, weight=weight)
    return changed


_COUNCILS: dict[tuple[str, ...], Council] = {}
"""One council for every roster, seated once: Mesa keeps every model alive that it ever made."""

_LOCK = threading.Lock()


@contextlib.contextmanager
def _seated(scenario: Scenario) -> Iterator[Council]:
    """The council of a scenario's members, to oneself; they keep their seats from case to case."""
    seats = tuple(scenario.seats)
    with _LOCK, ensemble.one_thread():
        if seats not in _COUNCILS:
            _COUNCILS[seats] = Council(scenario, worlds=0, rng=0)
            _COUNCILS[seats].diary = False
        council = _COUNCILS[seats]
        council.seat(scenario)
        yield council
