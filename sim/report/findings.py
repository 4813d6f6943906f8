"""Everything that a report says of a what-if, worked out once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sim import ensemble, rules, story
from sim.analysis.compare import Comparison, Played, between, play
from sim.analysis.dials import dials
from sim.analysis.over import tips
from sim.analysis.persuasion import Persuasion, members_of, persuasion
from sim.analysis.power import Power, power
from sim.analysis.rescue import Rescue, other_rules, rescue
from sim.analysis.robustness import Robustness, robustness
from sim.analysis.rounds import Rounds
from sim.analysis.rounds import play as play_rounds
from sim.analysis.tipping import Curve
from sim.explanation import Explanation, explain
from sim.outcome import Outcome
from sim.scenario import Scenario, as_read, with_changes

Progress = Callable[[int], None]

STEPS = 8
"""What is worked out one after the other, for progress."""

SETTING = 512
"""Worlds of a setting of a dial, at most: a curve is no place for more digits."""


@dataclass(frozen=True)
class Findings:
    """What was found of a what-if, in the same worlds throughout.

    clause, member: those that are looked at closely; comparison: with the scenario as in its file, None
    where nothing is changed; rounds: None where there is a single one; pins: other what-ifs on the same
    scenario, by name.
    """

    played: Played
    clause: str
    member: str
    comparison: Comparison | None
    rescue: Rescue
    explanation: Explanation
    whom: Persuasion
    curves: tuple[Curve, ...]
    power: Power
    robustness: Robustness
    rounds: Rounds | None
    pins: Mapping[str, Outcome]

    @property
    def outcome(self) -> Outcome:
        """What came out."""
        return self.played.outcome

    @property
    def scenario(self) -> Scenario:
        """What was asked."""
        return self.played.outcome.scenario

    @property
    def by_rule(self) -> dict[str, Outcome]:
        """The same worlds under every rule, its own first."""
        own = self.scenario.rule.name
        found = {rule: row.outcome for rule, row in self.power.conditional.items()}
        return {own: self.outcome} | {rule: row for rule, row in found.items() if rule != own}


def find(
    scenario: Scenario,
    *,
    worlds: int,
    seed: int,
    clause: str | None = None,
    pins: Mapping[str, Mapping[str, Any]],
    progress: Progress | None = None,
) -> Findings:
    """Work all of it out; `pins` are what else to change in the file, by name.

    `progress` is told how many of the steps are done. Raises OnevetoError where a pin does not fit.
    """
    original = as_read(scenario) if scenario.changes else scenario
    pinned = {name: with_changes(original, changes) for name, changes in pins.items()}
    tell = _counting(progress)
    played = tell(play(scenario, worlds=worlds, seed=seed))
    outcome = played.outcome
    clause = clause or story.telling(outcome)
    member = _against(outcome, clause)
    before = play(original, worlds=worlds, seed=seed) if scenario.changes else None
    whom = tell(persuasion(scenario, clause))
    first = next(iter(members_of(whom.cheapest or ())), member)
    return Findings(
        played=played,
        clause=clause,
        member=member,
        comparison=tell(between(before, played) if before else None),
        rescue=tell(rescue(played, clause, other_rules(scenario))),
        explanation=explain(scenario, member, clause),
        whom=whom,
        curves=tell(_curves(scenario, clause, first, worlds, seed)),
        power=tell(power(scenario, clause, worlds=worlds, seed=seed)),
        robustness=tell(robustness(scenario, worlds=worlds, seed=seed)),
        rounds=play_rounds(scenario, worlds=worlds, seed=seed)
        if scenario.process.rounds > 1
        else None,
        pins=tell(
            {name: ensemble.run(each, worlds=worlds, seed=seed) for name, each in pinned.items()}
        ),
    )


def _counting(progress: Progress | None) -> Callable[[Any], Any]:
    """Passes on what it is given, and tells how many times it was given something."""
    done = 0

    def tell(found: Any) -> Any:
        nonlocal done
        done += 1
        if progress:
            progress(done)
        return found

    return tell


def _against(outcome: Outcome, clause: str) -> str:
    """The member that kills a clause most often, or else the first that has a say."""
    scenario = outcome.scenario
    heard = rules.named(scenario.rule.name, scenario.table).present(len(scenario.seats))
    present = [iso for iso, has_say in zip(scenario.seats, heard) if has_say]
    return str(next(iter(outcome.measures()[clause]["blockers"]), present[0]))


def _curves(
    scenario: Scenario, clause: str, member: str, worlds: int, seed: int
) -> tuple[Curve, ...]:
    """Where the clause tips on each dial that there is."""
    if not dials(scenario, clause, member):
        return ()
    return tuple(tips(scenario, clause, member, worlds=min(worlds, SETTING), seed=seed))
