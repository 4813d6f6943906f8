"""Any scenario as the input of other schools: where members stand, how much they care, what they weigh.

These models know a point for each member and nothing else; a clause is a scale from the status quo, 0,
to the text as tabled, 1. What follows reads that off the members' own appraisals, in the central world
and before consultation, since averaging is what these models do themselves. Members with ideal points
say all three themselves.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim import appraisal
from sim.arrays import Reals
from sim.outlook import Outlook, outlook
from sim.scenario import Scenario, powers


@dataclass(frozen=True)
class Preferences:
    """Who stands where on what, of the members that have a say.

    positions (M, C): levels, 0 the status quo and 1 as tabled; beyond these where an ideal point lies
    there. saliences (M, C), in weight units; capabilities (M, C). reach (C,): how far the whole text
    goes in the unit in which saliences compare one clause with another: hundredths of its scale, as the
    programs of these models have it, where there is one; else 1.
    """

    members: tuple[str, ...]
    clauses: tuple[str, ...]
    positions: Reals
    saliences: Reals
    capabilities: Reals
    reach: Reals


def positions(motive: Reals, curvature: Reals) -> Reals:
    """The level that a member would choose: where b·x − A·x² is highest between 0 and 1.

    That is b/2A, at most the whole text and at least none of it; all or nothing where nothing bends.
    Nothing where a clause leaves a member cold. Elementwise, motive and curvature -> positions.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        ideal = motive / (2 * curvature)
    return np.where(curvature > 0, np.clip(ideal, 0, 1), (motive > 0).astype(float))


def saliences(motive: Reals, curvature: Reals) -> Reals:
    """How much a member cares: what it would lose at the far end of the scale, by the distance squared.

    For a member whose ideal point lies on the scale that is the curvature A, the salience of the
    quadratic spatial model, so that data with ideal points and saliences come back as they were, and
    the weighted mean is the level that is worth most to all together. For one that wants all or nothing
    it is the difference which the whole clause makes. A judgement: the models say only "salience".
    Elementwise, in weight units.
    """
    point = positions(motive, curvature)
    far = (point < 0.5).astype(float)  # the end that lies further away
    lost = (motive - curvature * (point + far)) * (point - far)
    return np.asarray(np.maximum(lost, 0) / (point - far) ** 2)


def preferences(scenario: Scenario, seen: Outlook | None = None) -> Preferences:
    """Positions, saliences and capabilities of everybody with a say, in the central world.

    Where members have no ideal points, capability is the voice that they have in consultation,
    ln(1 + millions of people): a judgement, the only weight that the scenario gives to members.
    seen: the scenario's outlook, if it is known.
    """
    seen = outlook(scenario) if seen is None else seen
    return _said(scenario, seen) if scenario.spatial else _read_off(scenario, seen)


def _read_off(scenario: Scenario, seen: Outlook) -> Preferences:
    """What follows from gains and costs."""
    pairs = zip(seen.trust, seen.stakes)
    motive = np.stack([appraisal.motive(trust, held) for trust, held in pairs])[..., 0]
    curvature = np.stack([held.divisible for held in seen.stakes])[..., 0]
    voice = np.repeat(seen.voices.voice[:, None], len(scenario.clauses), axis=1)
    stand, care = positions(motive, curvature), saliences(motive, curvature)
    return _heard(scenario, seen, stand, care, voice, np.ones(len(scenario.clauses)))


def _said(scenario: Scenario, seen: Outlook) -> Preferences:
    """Ideal points, saliences and capabilities as the scenario says them, nothing added."""
    clauses, seats = scenario.clauses, scenario.seats.values()
    start, end = (
        np.array([getattr(row.scale, place) for row in clauses.values()])
        for place in ("status_quo", "tabled")
    )
    ideal = np.array([[row.ideal[name].value for name in clauses] for row in seats])
    care = np.array([[row.weight[name].value for name in clauses] for row in seats])
    power = np.array([powers(row.capability, clauses) for row in seats])
    reach = 100 * np.array([abs(row.scale.step) for row in clauses.values()])
    return _heard(scenario, seen, (ideal - start) / (end - start), care, power, reach)


def _heard(
    scenario: Scenario, seen: Outlook, stand: Reals, care: Reals, weigh: Reals, reach: Reals
) -> Preferences:
    """Of all members those who have a say."""
    heard = seen.present
    return Preferences(
        members=tuple(iso for iso, speaks in zip(scenario.seats, heard) if speaks),
        clauses=tuple(scenario.clauses),
        positions=stand[heard],
        saliences=care[heard],
        capabilities=weigh[heard],
        reach=reach,
    )
