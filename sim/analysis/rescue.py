"""What would save a clause that falls: silence, less of it, more consultation, another rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim import rules, tactics
from sim.analysis.compare import Played
from sim.analysis.tipping import silent_from
from sim.arrays import MEMBERS, Bools
from sim.ensemble import centre
from sim.outcome import usual_blockers
from sim.outlook import outlook
from sim.rules import Stances
from sim.scenario import Scenario, rules_of, with_changes

OTHER_RULES = (
    "consensus",
    "consensus-2",
    "majority",
    "qualified",
    "affirmative",
    "entry-into-force",
)

MOST = 0.5
"""The share of worlds in which a clause must stand to count as saved."""


@dataclass(frozen=True)
class Rescue:
    """What would save one clause.

    survival: the share of worlds in which it stands as it is; killers: who would have to keep silent for
    it to stand in half of them, silenced: the share in which it then stands; ceiling: the level that
    survives in half of the worlds, None where a lower level would not do; cohesion: at which the last
    veto on it falls silent at the centre of all assumptions, None where that is not so; rules: other
    rules that take it there; all_or_nothing: the proposer takes no part for the whole, so that a clause
    cannot be saved by itself.
    """

    clause: str
    survival: float
    killers: tuple[str, ...]
    silenced: float
    ceiling: float | None
    cohesion: float | None
    rules: tuple[str, ...]
    all_or_nothing: bool


def rescue(played: Played, clause: str, others: Mapping[str, frozenset[str]]) -> Rescue:
    """What would save a clause of a what-if; `others` are the rules of `other_rules`."""
    outcome, scenario = played.outcome, played.scenario
    row = outcome.measures()[clause]
    alone = _by_itself(scenario, clause) and takes_part(scenario)
    ceiling = row["ceiling"]["p50"]
    enough = alone and ceiling is not None and scenario.clauses[clause].least <= ceiling < 1
    silence_carries = takes_part(scenario) and row["price"]["p50"] is not None
    killers = usual_blockers(row) if silence_carries else []
    silenced = _with_silent(played, clause, killers)
    return Rescue(
        clause=clause,
        survival=row["survival"],
        killers=tuple(killers) if silenced >= MOST else (),
        silenced=silenced,
        ceiling=ceiling if enough else None,
        cohesion=silent_from(scenario, clause) if takes_part(scenario) else None,
        rules=tuple(rule for rule, taken in others.items() if clause in taken),
        all_or_nothing=not takes_part(scenario),
    )


def _with_silent(played: Played, clause: str, who: Sequence[str]) -> float:
    """The share of worlds in which a clause stands if these do not object."""
    place = list(played.scenario.clauses).index(clause)
    seats = [seat for seat, iso in enumerate(played.scenario.seats) if iso in who]
    fewer = played.objects[seats, place].sum(axis=MEMBERS)
    return float((played.adopted[place] | (played.silences[place] <= fewer)).mean())


def takes_part(scenario: Scenario) -> bool:
    """Whether the proposer, being what it is, takes a part of its treaty when the rest has fallen."""
    return bool(getattr(scenario.proposer.accepts_part, scenario.proposer.true_type))


def _by_itself(scenario: Scenario, clause: str) -> bool:
    """Whether a clause is judged by itself, and neither in a package nor with one that it hangs on."""
    bundled = {
        name for stage in scenario.stages if stage.kind == "package" for name in stage.clauses
    }
    return clause not in bundled and scenario.clauses[clause].tabled_with is None


def other_rules(scenario: Scenario) -> dict[str, frozenset[str]]:
    """Which clauses other rules would take, at the centre of all assumptions."""
    known = rules_of(scenario)
    fits = [rule for rule in OTHER_RULES if rule in known and rule != scenario.rule.name]
    if not _said_once(scenario):
        return {rule: _in_force(scenario, rule) for rule in fits}
    stances, table = _stances(scenario), scenario.table
    return {rule: _taken(scenario, rules.named(rule, table).adopts(stances)) for rule in fits}


def _said_once(scenario: Scenario) -> bool:
    """Whether all members say the same under every rule, and what the rule adopts stands."""
    process, proposer = scenario.process, scenario.proposer
    once = process.kind == "clauses" and process.rounds == 1 and process.condition is None
    everybody = not scenario.rule.name.startswith("only:")
    return once and everybody and takes_part(scenario) and not proposer.budget


def _in_force(scenario: Scenario, rule: str) -> frozenset[str]:
    survival = centre(with_changes(scenario, {"rule": rule})).survival
    return frozenset(name for name, share in survival.items() if share)


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
