"""Single numbers turned by hand, in many central worlds at once: one number a world, all else as it is.

`sim.inputs` turns the dice of a number, as far as they reach; this sets its value, wherever that may
lie, as `with_changes` would: who changes what a type of proposer is taken to be leaves the trust that
was stated as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sim import belief
from sim.arrays import PAGE, WORLDS, Bools, Counts, Reals
from sim.scenario import TYPES, Scenario, locate, value_at
from sim.worlds import Worlds, central

EVERY = "*"
"""In place of an interest: all of them, multiplied by a factor."""


@dataclass(frozen=True)
class Knob:
    """A number that can be turned: its address and the parts of that, and where it stands.

    `members.POL.weight.*` is the factor by which all weights of Poland are multiplied, and stands at 1;
    so is `evidence.build_up`, the factor by which all that an item tells is multiplied.
    """

    address: str
    parts: tuple[str, ...]
    start: float

    @property
    def factor(self) -> bool:
        """Whether it multiplies several numbers, and is none itself."""
        return self.parts[-1] == EVERY or self.parts[0] == "evidence"


def knob(scenario: Scenario, address: str) -> Knob:
    """The knob of an address; RequestError where it names nothing that can be changed."""
    place = tuple(str(part) for part in locate(scenario, address)[0])
    if address.endswith(f".{EVERY}"):
        return Knob(address, (*place[:3], EVERY), 1.0)
    if place[0] == "evidence":
        return Knob(address, place[:2], 1.0)
    parts = place[:-1] if place[-1] == "value" else place
    return Knob(address, parts, float(value_at(scenario, address)))


def turned(
    scenario: Scenario, knobs: Sequence[Knob], which: Counts, values: Reals, dtype: Any = np.float64
) -> Worlds:
    """Central worlds in each of which one knob has another value; NaN where no belief fits it.

    which (D,): the place of the world's knob among `knobs`; values (D,). The worlds are in whole
    pages, of which D are shown.
    """
    count = len(which)
    worlds = _repeated(central(scenario, dtype), -(-count // PAGE) * PAGE, count)
    order = np.argsort(which, kind="stable")
    places, first = np.unique(which[order], return_index=True)
    for place, columns in zip(places.tolist(), np.split(order, first[1:])):
        _set(scenario, worlds, knobs[place].parts, columns, values[columns])
    return worlds


def _repeated(one: Worlds, size: int, count: int) -> Worlds:
    """The one world so many times over, in arrays of its own."""

    def many(array: Reals) -> Reals:
        return np.repeat(array, size, axis=WORLDS)

    arrays: dict[str, Any] = {
        name: many(value) for name, value in vars(one).items() if isinstance(value, np.ndarray)
    }
    items = {name: many(value) for name, value in one.items.items()}
    return replace(one, shown=slice(0, count), items=items, **arrays)


def _set(
    scenario: Scenario, worlds: Worlds, parts: tuple[str, ...], at: Counts, values: Reals
) -> None:
    match parts:
        case ("members", iso, *rest):
            _set_member(scenario, worlds, iso, rest, at, values)
        case ("clauses", clause, ("gain" | "cost") as table, interest):
            row, place = (
                list(scenario.interests).index(interest),
                list(scenario.clauses).index(clause),
            )
            getattr(worlds, table)[row, place, at] = values
        case ("assumptions", "trust"):
            worlds.odds[:, at] *= np.exp(values - scenario.assumptions.trust.value)
        case ("assumptions", "pretext"):
            worlds.split[:, at] = belief.split(values)
            _restate(scenario, worlds, at, pretext=values)
        case ("assumptions", ("cohesion" | "logroll") as name):
            getattr(worlds, name)[at] = values
        case ("proposer", "keep", kind):
            worlds.keep[TYPES.index(kind), at] = values
            _restate(scenario, worlds, at)
        case ("proposer", "floor", _):
            worlds.floor[at] = values
        case ("proposer", "audience"):
            worlds.audience[at] = values
        case ("evidence", name):
            _weigh(scenario, worlds, name, at, values)
        case _:
            raise ValueError(f"{'.'.join(parts)} cannot be turned in single worlds")


def _set_member(
    scenario: Scenario, worlds: Worlds, iso: str, parts: Sequence[str], at: Counts, values: Reals
) -> None:
    """A trust as stated, a resolve, one weight or exposure, or the factor of all of them."""
    seat = list(scenario.seats).index(iso)
    if parts[0] == "trust":
        _restate(scenario, worlds, at, seat=seat, trust=values)
    elif parts[0] == "resolve":
        worlds.resolve[seat, at] = values
    elif parts[1] == EVERY:
        getattr(worlds, parts[0])[seat][:, at] *= values
    else:
        row = list(scenario.interests).index(parts[1])
        getattr(worlds, parts[0])[seat, row, at] = values


def _restate(
    scenario: Scenario,
    worlds: Worlds,
    at: Counts,
    *,
    seat: int | None = None,
    trust: Reals | None = None,
    pretext: Reals | None = None,
) -> None:
    """The odds behind the members' stated trust, or behind another of one member.

    NaN where no belief makes up that trust.
    """
    guess, seats = scenario.assumptions, list(scenario.seats.values())
    seeker, expansionist, other = worlds.keep[:, at]
    share = np.full(len(at), guess.pretext.value) if pretext is None else pretext
    low = (1 - share) * expansionist + share * other
    shift = np.exp(np.clip(guess.trust.value, -belief.FARTHEST / 2, belief.FARTHEST / 2))
    stated = (
        ((seat, trust),) if seat is not None else tuple(enumerate(m.trust.value for m in seats))
    )
    for place, value in stated:
        above, below = value - low, seeker - value
        fits = (above > 0) & (below > 0)
        odds = np.divide(above, below, out=np.full(len(at), np.nan), where=fits)
        worlds.odds[place, at] = odds * shift


def _weigh(scenario: Scenario, worlds: Worlds, name: str, at: Counts, values: Reals) -> None:
    """All that an item and its complement tell, so many times as strong."""
    for other, item in scenario.evidence.items():
        if name in (other, item.complement_of):
            told = worlds.items[other][:, at]
            worlds.items[other][:, at] = told * values
            included = item.count if item.included is None else item.included
            worlds.seen[:, at] += (item.count - included) * told * (values - 1)


def impossible(worlds: Worlds) -> Bools:
    """Worlds in which some member's trust is none that a belief makes up. (D,)."""
    return np.asarray(np.isnan(worlds.odds[:, worlds.shown]).any(axis=0))
