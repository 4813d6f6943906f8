"""What a proposer might have done otherwise, and what members might know, as changes of a scenario.

An opening or a publication is a level *and* something that members see. Here both move together.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sim.errors import RequestError, did_you_mean
from sim.scenario.tables import Scenario

MODERATE = 0.6
"""The opening that counts as moderate; 1 is the maximum, and in between it is partly either."""

OPENINGS = ("maximal_demand", "moderate_demand")
PUBLICITY = ("public_demand", "private_demand")
"""Items of evidence that go with how a proposer opens, where a scenario has them."""


def opening(scenario: Scenario, share: float) -> dict[str, Any]:
    """Open with this share of the draft, and be seen to."""
    maximal = min(1.0, max(0.0, (share - MODERATE) / (1 - MODERATE)))
    return {"proposer.opening": share} | _instead(scenario, OPENINGS, round(maximal, 9))


def publicity(scenario: Scenario, public: float) -> dict[str, Any]:
    """Table the demands in public (1) or in private (0), and be seen to."""
    return {"proposer.publicity": public} | _instead(scenario, PUBLICITY, public)


def _instead(scenario: Scenario, pair: tuple[str, str], share: float) -> dict[str, Any]:
    """So much of one item, and of its opposite what is missing to one."""
    one, other = pair
    if one not in scenario.evidence or other not in scenario.evidence:
        return {}
    return {f"evidence.{one}": share, f"evidence.{other}": round(1 - share, 9)}


def evidence(scenario: Scenario, text: str) -> dict[str, Any]:
    """`ITEM=COUNT` says how often an item counts; `until=DATE` forgets what came after a day.

    Raises RequestError with a sentence for an unknown item, no count, or no date.
    """
    name, equals, value = (part.strip() for part in text.partition("="))
    if not equals or not name or not value:
        raise RequestError(f"`{text}` is no evidence; write ITEM=COUNT or until=2021-11-30")
    if name == "until":
        return _until(scenario, value)
    if name not in scenario.evidence:
        hint = did_you_mean(name, scenario.evidence)
        raise RequestError(f"`{name}` is not among the evidence. {hint}".rstrip())
    try:
        return {f"evidence.{name}": float(value)}
    except ValueError:
        raise RequestError(f"`{text}`: `{value}` is no count; write a number from 0") from None


def _until(scenario: Scenario, text: str) -> dict[str, Any]:
    """Everything that is dated after a day has not been seen."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise RequestError(f"`{text}` is no date; write it as 2021-11-30") from None
    return {
        f"evidence.{name}": 0.0
        for name, item in scenario.evidence.items()
        if item.date is not None and item.date > day and item.count
    }


def warnings(scenario: Scenario) -> list[str]:
    """What a scenario says that is allowed and leads somewhere odd."""
    return [*_padding(scenario), *_twice(scenario)]


def _twice(scenario: Scenario) -> list[str]:
    """A condition that has been seen already is asked for once more."""
    name = scenario.process.condition
    if name is None or not scenario.evidence[name].count:
        return []
    return [
        f"process.condition asks for `{name}`, which counts as seen already, so everything hangs on its "
        f"coming once more; set evidence.{name} to 0 or drop the condition"
    ]


def _padding(scenario: Scenario) -> list[str]:
    """Coming down would tell members more than the opening."""
    maximal, conceded = (scenario.evidence.get(name) for name in (OPENINGS[0], "conceded"))
    if maximal is None or conceded is None:
        return []
    asked, given = maximal.likelihood or {}, conceded.likelihood or {}
    return [
        f"evidence: coming down from a maximal opening would tell members more than the opening "
        f"itself ({bargain:.3g} against {opens:.3g}, {kind} against security_seeker), so padding the "
        "opening would pay; make `maximal_demand` tell more or `conceded` less"
        for kind in ("expansionist", "pretext_seeker")
        if asked and given
        if (opens := _odds_ratio(asked[kind], asked["security_seeker"]))
        < (bargain := _odds_ratio(given["security_seeker"], given[kind])) * (1 - 1e-9)
    ]


def _odds_ratio(one: float, other: float) -> float:
    """How much likelier an item is than its opposite under one type than under another."""
    if one >= 1 or other <= 0:
        return float("inf")
    return (one / (1 - one)) / (other / (1 - other)) if other < 1 else 0.0
