"""Curves and maps of survival over any number of a scenario, named by its address."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim import ensemble
from sim.analysis.dials import Dial, dials
from sim.analysis.tipping import (
    Curve,
    OutcomeMap,
    Place,
    Share,
    Survivors,
    changes,
    curve,
    outcome_map,
    survivors,
)
from sim.errors import RequestError, ScenarioError, short
from sim.scenario import Scenario, locate, value_at, with_changes
from sim.scenario.address import at
from sim.scenario.ranges import spread

MOST = 1001
"""Settings of one number; more belong into a sweep."""

SETTINGS = 9
"""Settings of each dial when all are looked at."""


@dataclass(frozen=True)
class Span:
    """A number to turn, as a dial, and the settings at which to look."""

    dial: Dial
    settings: tuple[float, ...]


def spanned(scenario: Scenario, text: str) -> Span:
    """`ADDRESS=LOW:HIGH:COUNT` as typed, on this scenario; fewer settings of whole numbers.

    Raises RequestError for what is no range, for an address that names nothing (with what may have been
    meant), and for one whose value is no number.
    """
    address, equals, values = (part.strip() for part in text.partition("="))
    if not equals or not address:
        raise RequestError(
            f"`{short(text, 60)}` turns nothing; write ADDRESS=LOW:HIGH:COUNT, as "
            "assumptions.cohesion=0:1:21"
        )
    asked = spread(address, values, most=MOST)
    dial = _dial(scenario, address, float(asked.low), float(asked.high))
    settings = (round(value) if dial.whole else value for value in asked.values)
    return Span(dial, tuple(dict.fromkeys(settings)))


def _dial(scenario: Scenario, address: str, low: float, high: float) -> Dial:
    found = locate(scenario, address)
    values = [at(scenario, place) for place in found]
    wrong = [value for value in values if isinstance(value, bool | str)]
    if wrong:
        raise RequestError(
            f"`{address}` is `{wrong[0]}` and no number; a curve needs a number to turn"
        )
    whole = all(isinstance(value, int) for value in values)

    def turn(value: float) -> dict[str, Any]:
        return {address: round(value) if whole else value}

    here = value_at(scenario, address)
    return Dial(address, address, "", low, high, turn, here, whole)


# Played -------------------------------------------------------------------------------------------

Progress = Callable[[int], None]


def curve_over(
    scenario: Scenario,
    clause: str,
    span: Span,
    *,
    worlds: int = 2000,
    seed: int = 0,
    progress: Progress | None = None,
) -> Curve:
    """Survival of a clause at each setting, always in the same worlds; a setting may fit no scenario.

    `progress` is told how many settings are done. Raises ScenarioError where none fits.
    """
    turns = [span.dial.changes(value) for value in span.settings]
    return curve(span.dial, clause, span.settings, _played(scenario, turns, worlds, seed, progress))


def map_over(
    scenario: Scenario,
    clause: str,
    across: Span,
    up: Span,
    *,
    worlds: int = 2000,
    seed: int = 0,
    progress: Progress | None = None,
) -> OutcomeMap:
    """The same over two numbers at once."""
    if across.dial.name == up.dial.name:
        raise RequestError(f"both ranges turn `{up.dial.name}`; a map needs two numbers")
    spots: list[Place] = [(x, y) for y in up.settings for x in across.settings]
    turns = [changes(across.dial, up.dial, spot) for spot in spots]
    found = _played(scenario, turns, worlds, seed, progress)
    return outcome_map(across.dial, up.dial, clause, spots, found)


def tips(
    scenario: Scenario,
    clause: str,
    member: str,
    *,
    worlds: int = 512,
    seed: int = 0,
    progress: Progress | None = None,
) -> tuple[Curve, ...]:
    """The curve of a clause over every dial; `member` is the one whose trust is among them."""
    curves = []
    for done, dial in enumerate(dials(scenario, clause, member), start=1):
        settings = dial.settings(SETTINGS)
        turns = [dial.changes(value) for value in settings]
        found = _played(scenario, turns, worlds, seed, None)
        curves.append(curve(dial, clause, settings, found))
        if progress:
            progress(done)
    return tuple(curves)


def _played(
    scenario: Scenario,
    turns: Sequence[dict[str, Any]],
    worlds: int,
    seed: int,
    progress: Progress | None,
) -> list[Survivors | None]:
    """What is kept of a run at every turn; None where that is no scenario."""
    found: list[Survivors | None] = []
    problem: ScenarioError | None = None
    for turn in turns:
        try:
            changed = with_changes(scenario, turn)
        except ScenarioError as error:
            problem = error
            found.append(None)
        else:
            found.append(survivors(ensemble.run(changed, worlds=worlds, seed=seed)))
        if progress:
            progress(len(found))
    if problem is not None and not any(found):
        raise problem
    return found


# Tables -------------------------------------------------------------------------------------------


def _shares(share: Share | None) -> dict[str, Any]:
    if share is None:
        return {"survival": None, "low": None, "high": None}
    return {"survival": share.survival, "low": share.low, "high": share.high}


def curve_frame(found: Curve) -> pd.DataFrame:
    """One row a setting: survival with its 95 % interval; empty where it fits no scenario."""
    return pd.DataFrame([{"at": point.at} | _shares(point.share) for point in found.points])


def map_frame(found: OutcomeMap) -> pd.DataFrame:
    """One row a place on the map, the same."""
    return pd.DataFrame(
        [{"across": x, "up": y} | _shares(share) for (x, y), share in found.cells.items()]
    )


def curve_json(found: Curve) -> dict[str, Any]:
    """A curve as JSON sees it."""
    return {
        "over": found.dial.name,
        "here": found.dial.here,
        "points": [{"at": point.at} | _shares(point.share) for point in found.points],
        "tips": [{"at": each.at, "rises": each.rises} for each in found.crossings],
    }


def map_json(found: OutcomeMap) -> dict[str, Any]:
    """A map as JSON sees it."""
    return {
        "across": {"over": found.across.name, "here": found.across.here},
        "up": {"over": found.up.name, "here": found.up.here},
        "places": [{"across": x, "up": y} | _shares(s) for (x, y), s in found.cells.items()],
    }
