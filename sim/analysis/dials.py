"""What a curve or a map can be drawn over: one assumption or number, turned through a range.

A dial knows its address, its range in plain words and where the scenario stands on it. Ranges are what
a reader would still think possible: judgements, widened where a scenario stands outside.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sim import belief
from sim.scenario import CONCEDED, HELD_FIRM, Scenario, opening, publicity, value_at
from sim.scenario.moves import OPENINGS, PUBLICITY

ELSEWHERE = (*OPENINGS, *PUBLICITY, CONCEDED, HELD_FIRM)
"""Items of evidence that follow from how the proposer opens and bargains, and move with that."""

OF_TRUST = ("trust", "pretext", "member")
"""Dials that turn nothing where the proposer is taken at its word."""

Turn = Callable[[float], dict[str, Any]]


@dataclass(frozen=True)
class Dial:
    """Something that can be turned from `low` to `high`, all else equal.

    name: a short word for links; title and unit in plain words; here: where the scenario stands, None
    where no setting gives the scenario as it is; changes: what a setting means for `with_changes`.
    """

    name: str
    title: str
    unit: str
    low: float
    high: float
    changes: Turn
    here: float | None = None
    whole: bool = False

    def settings(self, count: int) -> tuple[float, ...]:
        """So many settings from one end to the other; fewer where only whole numbers make sense."""
        even = np.linspace(self.low, self.high, count).tolist()
        return tuple(dict.fromkeys(round(value, 0 if self.whole else 6) for value in even))


def dials(scenario: Scenario, clause: str, member: str) -> tuple[Dial, ...]:
    """All that can be turned, cohesion first; `clause` and `member` have dials of their own."""
    made = [
        *_of_assumptions(scenario),
        *_of_proposer(scenario),
        *_of_evidence(scenario),
        _level(scenario, clause),
        _trust_of(scenario, member),
    ]
    if scenario.at_its_word:
        made = [dial for dial in made if dial.name not in OF_TRUST]
    placed = (_placed(scenario, dial) for dial in made)
    return tuple(dial for dial in placed if dial.low < dial.high)


def _placed(scenario: Scenario, dial: Dial) -> Dial:
    """The dial with a range that holds the scenario, and its mark where a setting is the scenario."""
    if dial.here is None:
        return dial
    low, high = min(dial.low, dial.here), max(dial.high, dial.here)
    same = all(_is(scenario, *change) for change in dial.changes(dial.here).items())
    return replace(dial, low=low, high=high, here=dial.here if same else None)


def _is(scenario: Scenario, address: str, value: float) -> bool:
    """Whether this is what the scenario says; `*` is checked by whoever gives the mark."""
    return "*" in address or math.isclose(value_at(scenario, address), value, abs_tol=1e-9)


def _set(address: str, value: float) -> dict[str, Any]:
    return {address: value}


def _set_whole(address: str, value: float) -> dict[str, Any]:
    return {address: round(value)}


def _plain(
    scenario: Scenario,
    name: str,
    address: str,
    title: str,
    unit: str,
    *,
    ends: tuple[float, float],
) -> Dial:
    """A dial of one address."""
    turn = functools.partial(_set, address)
    return Dial(name, title, unit, *ends, turn, value_at(scenario, address))


def _of_assumptions(scenario: Scenario) -> Iterator[Dial]:
    plain = functools.partial(_plain, scenario)
    yield plain(
        "cohesion",
        "assumptions.cohesion",
        "Cohesion",
        "how far members yield to those they consult",
        ends=(0, 1),
    )
    yield plain(
        "trust",
        "assumptions.trust",
        "Trust of all members",
        "shift in log-odds; +0.7 doubles the odds of good faith",
        ends=(-2, 2),
    )
    yield _resolve(scenario)
    yield plain(
        "pretext",
        "assumptions.pretext",
        "Suspicion of a pretext",
        "chance of a pretext seeker, if it seeks no security",
        ends=_pretexts(scenario),
    )
    if any(stage.kind == "package" for stage in scenario.stages):
        yield plain(
            "logroll",
            "assumptions.logroll",
            "Logroll",
            "how far good clauses of a package pay for bad ones",
            ends=(0, 1),
        )


def _resolve(scenario: Scenario) -> Dial:
    own = {member.resolve.value for member in scenario.seats.values()}
    return Dial(
        "resolve",
        "Resolve of all members",
        "harm swallowed to avoid a breach, in weight units",
        0,
        0.12,
        changes=functools.partial(_set, "members.*.resolve"),
        here=own.pop() if len(own) == 1 else None,
    )


def _pretexts(scenario: Scenario) -> tuple[float, float]:
    """The suspicions that leave every member's trust possible: it lies above that of a sure doubter."""
    if scenario.at_its_word:
        return 0, 1
    trust = min(member.trust.value for member in scenario.seats.values())
    first, last = (belief.bounds(scenario.keep, share)[0] for share in (0, 1))
    if max(first, last) < trust:
        return 0, 1
    edge = 100 * (first - trust) / (first - last)
    return (math.floor(edge + 1) / 100, 1) if first > last else (0, math.ceil(edge - 1) / 100)


def _of_proposer(scenario: Scenario) -> Iterator[Dial]:
    proposer, process = scenario.proposer, scenario.process
    yield Dial(
        "opening",
        "Opening",
        "share of the draft that is asked for at first",
        0.2,
        1,
        changes=functools.partial(opening, scenario),
        here=proposer.opening,
    )
    yield Dial(
        "publicity",
        "Publicity",
        "0: handed over in private, 1: in public",
        0,
        1,
        changes=functools.partial(publicity, scenario),
        here=proposer.publicity,
    )
    yield Dial(
        "rounds",
        "Rounds",
        "how often blocked clauses are tabled, at falling levels",
        1,
        12,
        changes=functools.partial(_set_whole, "process.rounds"),
        here=process.rounds,
        whole=True,
    )


def _of_evidence(scenario: Scenario) -> Iterator[Dial]:
    for name, item in scenario.evidence.items():
        if name not in ELSEWHERE and not item.complement_of:
            yield _plain(
                scenario,
                name,
                f"evidence.{name}",
                item.title,
                "how many times it counts; 0: it has not happened",
                ends=(0, 2),
            )


def _level(scenario: Scenario, clause: str) -> Dial:
    return _plain(
        scenario,
        "level",
        f"clauses.{clause}.level",
        f"Level of {clause}",
        "part of the text that is tabled",
        ends=(scenario.clauses[clause].least, 1),
    )


def _trust_of(scenario: Scenario, member: str) -> Dial:
    low, high = belief.bounds(scenario.keep, scenario.assumptions.pretext.value)
    return _plain(
        scenario,
        "member",
        f"members.{member}.trust",
        f"Trust of {scenario.seats[member].name or member}",
        "chance it gives the proposer to keep its word",
        ends=(round(low + 0.005, 3), round(high - 0.005, 3)),
    )
