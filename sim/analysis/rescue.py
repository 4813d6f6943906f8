"""What would save a clause that falls: less of it, another rule, more consultation."""

from __future__ import annotations

from dataclasses import dataclass

from sim.ensemble import centre
from sim.outcome import Outcome
from sim.scenario import Scenario, with_changes

OTHER_RULES = ("consensus-2", "majority", "qualified", "affirmative", "entry-into-force")


@dataclass(frozen=True)
class Rescue:
    """What would save one clause.

    survival: the share of worlds in which it stands as it is; ceiling: the level that survives in half
    of the worlds, None above every level; least: below that it is the status quo in other words; rules:
    other rules that take it as tabled at the centre of all assumptions; killers: who would have to keep
    silent.
    """

    clause: str
    survival: float
    ceiling: float | None
    least: float
    rules: tuple[str, ...]
    killers: tuple[str, ...]


def other_rules(scenario: Scenario) -> dict[str, frozenset[str]]:
    """Which clauses other rules take as they are tabled, at the centre of all assumptions."""
    fits = [
        rule
        for rule in OTHER_RULES
        if rule != scenario.rule.name and (rule != "consensus-2" or len(scenario.seats) > 2)
    ]
    return {rule: _taken(with_changes(scenario, {"rule": rule})) for rule in fits}


def _taken(scenario: Scenario) -> frozenset[str]:
    return frozenset(name for name, share in centre(scenario).survival.items() if share)


def rescue(outcome: Outcome, clause: str, rules: dict[str, frozenset[str]]) -> Rescue:
    """What would save a clause of an outcome; `rules` are those of `other_rules`."""
    row = outcome.measures()[clause]
    fallen = 1 - row["survival"]
    return Rescue(
        clause=clause,
        survival=row["survival"],
        ceiling=row["ceiling"]["p50"],
        least=outcome.scenario.clauses[clause].least,
        rules=tuple(rule for rule, taken in rules.items() if clause in taken),
        killers=tuple(iso for iso, share in row["blockers"].items() if share > fallen / 2),
    )
