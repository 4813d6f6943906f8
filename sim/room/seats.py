"""Who is played by people, and who speaks for whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np

from sim import exact
from sim.errors import RequestError, alternatives, did_you_mean
from sim.outlook import outlook
from sim.room.events import Seat
from sim.scenario import Scenario
from sim.story import member_name

Seating = Literal["blocs", "key", "all"]

SEATINGS = ("blocs", "key", "all")
"""A handful of delegations, a dozen members, or everybody."""

FEW = 12
"""So many members are the key ones where a scenario does not name them."""

ROUND_TABLE = 16
"""A council of so many is played whole: to leave out a few would spare hardly anybody."""


def seats(scenario: Scenario, seating: str) -> Mapping[str, Seat]:
    """The seats of one seating; members for whom none speaks are played by the model.

    Raises RequestError for an unknown seating, and for blocs where the scenario has none.
    """
    if seating not in SEATINGS:
        hint = did_you_mean(seating, SEATINGS)
        raise RequestError(f"`{seating}` is no seating. {hint or alternatives(SEATINGS)}".rstrip())
    if seating == "blocs":
        return _blocs(scenario)
    chosen = scenario.seats if seating == "all" else key_members(scenario)
    return {iso: Seat(member_name(scenario, iso), (iso,)) for iso in chosen}


def usual(scenario: Scenario) -> Seating:
    """The seating that suits most: key members where there are many, else everybody."""
    return "key" if len(scenario.seats) > ROUND_TABLE else "all"


def fitting(scenario: Scenario, people: int) -> str:
    """The smallest seating with a seat for so many, or every member."""
    kinds = [kind for kind in SEATINGS if kind != "blocs" or scenario.room.blocs]
    return next((kind for kind in kinds if len(seats(scenario, kind)) >= people), "all")


def _blocs(scenario: Scenario) -> Mapping[str, Seat]:
    if not scenario.room.blocs:
        raise RequestError(
            f"{scenario.name} names no blocs; take the seating key or all, or write [room.blocs]"
        )
    among = {
        name: Seat(bloc.title, tuple(iso for iso in bloc.members if iso in scenario.seats))
        for name, bloc in scenario.room.blocs.items()
    }
    return {name: seat for name, seat in among.items() if seat.members}


def key_members(scenario: Scenario) -> list[str]:
    """The members that matter most, as the scenario names them, else those with the lowest ceilings."""
    named = [iso for iso in scenario.room.key if iso in scenario.seats]
    return named or _least_willing(scenario)


def _least_willing(scenario: Scenario) -> list[str]:
    """Those who set the limit most tightly, averaged over clauses.

    Among equals those who hold a veto come first, then the most populous, then the order of the roster.
    """
    seen, isos = outlook(scenario), list(scenario.seats)
    motive, curvature = seen.expressed()
    limits = exact.ceilings(motive, curvature, seen.worlds.resolve)[:, :, 0]
    mean = np.minimum(limits, 2).mean(axis=1)  # so whoever can live with all of it is equal
    holders = scenario.rule.vetoes.holders if scenario.rule.vetoes else ()

    def rank(place: int) -> tuple[float, bool, float]:
        iso = isos[place]
        return float(mean[place]), iso not in holders, -scenario.seats[iso].population

    return [isos[place] for place in sorted(sorted(range(len(isos)), key=rank)[:FEW])]
