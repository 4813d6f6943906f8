"""What there is to choose from in a scenario, and what is usual in it."""

from __future__ import annotations

from sim.scenario.tables import Scenario


def rules_of(scenario: Scenario) -> list[str]:
    """Every rule that fits the scenario; `only` its most populous member."""
    largest = max(scenario.seats, key=lambda iso: scenario.seats[iso].population)
    names = ["consensus", "consensus-2", "majority", "qualified", "affirmative"]
    names += ["entry-into-force", f"only:{largest}"]
    names += ["weighted"] if scenario.rule.weighted else []
    names += ["vetoes"] if scenario.rule.vetoes else []
    names = names if scenario.counts_people else [name for name in names if name != "qualified"]
    own = [scenario.rule.name] if scenario.rule.name not in names else []
    fits = len(scenario.seats) > 2
    return [name for name in own + names if fits or name != "consensus-2"]


def middle_resolve(scenario: Scenario) -> float:
    """The resolve of the member in the middle."""
    resolves = sorted(member.resolve.value for member in scenario.seats.values())
    return resolves[len(resolves) // 2]
