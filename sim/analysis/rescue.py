"""What would save a clause that falls: less of it, another rule, more consultation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim import rules, tactics
from sim.analysis.tipping import silent_from
from sim.arrays import Bools
from sim.outcome import Outcome
from sim.outlook import outlook
from sim.rules import Stances
from sim.scenario import Scenario

OTHER_RULES = ("consensus-2", "majority", "qualified", "affirmative", "entry-into-force")


@dataclass(frozen=True)
class Rescue:
    """What would save one clause.

    survival: the share of worlds in which it stands as it is; ceiling: the level that survives in half
    of the worlds, None above every level; least: below that it is the status quo in other words; rules:
    other rules that take it as tabled at the centre of all assumptions; cohesion: at which the last veto
    on it falls silent there, None where that is not so; killers: who would have to keep silent.
    """

    clause: str
    survival: float
    ceiling: float | None
    least: float
    rules: tuple[str, ...]
    cohesion: float | None
    killers: tuple[str, ...]


def other_rules(scenario: Scenario) -> dict[str, frozenset[str]]:
    """Which clauses other rules would take as tabled, from the stances at the centre of all assumptions.

    Rules that ask everybody, so that members say the same under each of them.
    """
    stances, table = _stances(scenario), scenario.table
    fits = [
        rule
        for rule in OTHER_RULES
        if rule != scenario.rule.name and (rule != "consensus-2" or len(scenario.seats) > 2)
    ]
    return {rule: _taken(scenario, rules.named(rule, table).adopts(stances)) for rule in fits}


def _stances(scenario: Scenario) -> Stances:
    """What members say of every clause as it is first tabled, each by itself. (M, C, 1)."""
    seen = outlook(scenario)
    motive, curvature = seen.expressed()
    rows = scenario.clauses.values()
    level = tactics.tabled(
        np.array([[row.level] for row in rows]),
        np.array([row.least for row in rows]),
        np.array(scenario.proposer.opening),
    )
    return rules.stance((motive - curvature * level) * level, seen.worlds.resolve[:, None])


def _taken(scenario: Scenario, adopted: Bools) -> frozenset[str]:
    """The clauses that stand, none without the one that it hangs on."""
    stands = {name for name, yes in zip(scenario.clauses, adopted[:, 0]) if yes}
    hosts = {name: row.tabled_with for name, row in scenario.clauses.items()}
    return frozenset(name for name in stands if hosts[name] is None or hosts[name] in stands)


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
        cohesion=silent_from(outcome.scenario, clause),
        killers=tuple(iso for iso, share in row["blockers"].items() if share > fallen / 2),
    )
