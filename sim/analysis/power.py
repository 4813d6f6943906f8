"""Power in the worlds played: who alone kills a clause, whom the decision turns on, whose limit binds.

A priori every member has the same power under consensus, whatever it wants. These measures take what
members want into account: they count over worlds, under every rule in the same ones.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim import ensemble, rules
from sim.analysis.games import Indices, a_priori
from sim.arrays import WORLDS, Bools, Counts, Reals
from sim.council import Council
from sim.outcome import Outcome, Tally
from sim.rules import OBJECT, SUPPORT, Rule, Stances
from sim.scenario import Scenario, rules_of, with_changes

Progress = Callable[[int], None]


def pivotal(rule: Rule, stances: Stances) -> Bools:
    """On whom each decision turns: it stands if the member supports it and falls if it objects.

    All others keep the stances that they have. Of a fallen clause these are the members that could
    carry it, of an adopted one those that could sink it. If everybody objected or supported by the
    toss of a coin, a member would be pivotal as often as Penrose's measure says (`Indices.tossed`).

    (M, C, D) -> (M, C, D).
    """
    said, found = stances.copy(), np.empty(stances.shape, bool)
    for place, own in enumerate(stances):
        said[place] = SUPPORT
        carried = rule.adopts(said)
        said[place] = OBJECT
        found[place] = carried & ~rule.adopts(said)
        said[place] = own
    return found


@dataclass(frozen=True)
class Conditional:
    """How often each member decides under one rule, in the worlds of an outcome.

    carried (C,): in how many worlds the stances of the members carry a clause; pivotal (M, C): in how
    many that turns on a member. Both in the round in which the clause was last on the table, before the
    proposer buys silence or takes anything back, and never for a clause whose host fell.
    """

    outcome: Outcome
    carried: Counts
    pivotal: Counts

    def counts(self) -> dict[str, Counts]:
        """Worlds by measure, member and clause, each (M, C).

        sole_blocker: its silence alone would have carried the fallen clause (of several that would each
        do, under rules that tolerate objections, all count); binding: the highest level that the rule
        adopts is this member's limit.
        """
        tally = self.outcome.tally
        return {
            "sole_blocker": tally.blocks_alone,
            "pivotal": self.pivotal,
            "binding": tally.binds,
        }

    def shares(self, clause: str | None = None) -> dict[str, Reals]:
        """The same as shares of the worlds, of one clause or the mean over all, each (M,)."""
        return {name: self._share(counts, clause) for name, counts in self.counts().items()}

    def stands(self, clause: str | None = None) -> float:
        """The share of worlds in which a clause is carried, or the mean over all."""
        return float(self._share(self.carried, clause))

    def _share(self, counts: Counts, clause: str | None) -> Reals:
        """The mean over the clauses asked about, as a share of the worlds. (..., C) -> (...)."""
        names = list(self.outcome.scenario.clauses)
        columns = slice(None) if clause is None else [names.index(clause)]
        return np.asarray(counts[..., columns].mean(axis=-1) / self.outcome.worlds)


@dataclass(frozen=True)
class Power:
    """Power under every rule that fits a scenario, a priori and in the same worlds.

    clause: the one that is asked about, None for all. rules: by name, the scenario's own among them.
    """

    scenario: Scenario
    clause: str | None
    a_priori: Mapping[str, Indices]
    conditional: Mapping[str, Conditional]

    @property
    def rule(self) -> str:
        """The scenario's own rule."""
        return self.scenario.rule.name

    def rows(self, rule: str) -> list[dict[str, Any]]:
        """What is measured of every member under a rule, the most powerful first."""
        prior, shares = self.a_priori[rule], self.conditional[rule].shares(self.clause)
        columns = {
            "member": list(self.scenario.seats),
            "swings": prior.swings,
            "banzhaf": [float(share) for share in prior.banzhaf],
            "shapley_shubik": [float(share) for share in prior.shapley_shubik],
            **{name: share.tolist() for name, share in shares.items()},
        }
        rows = [dict(zip(columns, row)) for row in zip(*columns.values())]
        measures = ("pivotal", "sole_blocker", "binding", "shapley_shubik")
        return sorted(rows, key=lambda row: [-row[name] for name in measures])

    def as_json(self) -> dict[str, Any]:
        """The power of everybody as JSON sees it."""
        shared = self.conditional[self.rule].outcome.provenance()
        rows = {rule: self._as_json(rule) for rule in self.a_priori}
        return {"schema": 1, **shared, "clause": self.clause, "rules": rows}

    def _as_json(self, rule: str) -> dict[str, Any]:
        prior = self.a_priori[rule]
        return {
            "carried": self.conditional[rule].stands(self.clause),
            "power_to_act": float(prior.act),
            "rounded_to": float(prior.game.unit) if prior.game.rounded else None,
            "members": self.rows(rule),
        }


def power(
    scenario: Scenario,
    clause: str | None = None,
    *,
    worlds: int = 2000,
    seed: int = 0,
    progress: Progress | None = None,
) -> Power:
    """Measure power under every rule of `rules_of`, in the same worlds.

    `progress` is told how many worlds are done, of those under all rules together.
    """
    table, found = scenario.table, {}
    for place, name in enumerate(rules_of(scenario)):
        own = name == scenario.rule.name
        ruled = scenario if own else with_changes(scenario, {"rule": name})
        before = place * worlds
        found[name] = conditional(
            ruled, worlds=worlds, seed=seed, progress=_after(before, progress)
        )
    prior = {name: a_priori(rules.named(name, table), len(table.ids)) for name in found}
    return Power(scenario, clause, prior, found)


def _after(before: int, progress: Progress | None) -> Progress | None:
    """Progress that counts on from what was done before."""
    return None if progress is None else lambda done: progress(before + done)


def conditional(
    scenario: Scenario, *, worlds: int = 2000, seed: int = 0, progress: Progress | None = None
) -> Conditional:
    """How often each member decides under the scenario's rule."""
    blocks = ensemble.read(scenario, seed, worlds, _look)
    tally, carried, turns = functools.reduce(_together, _reported(blocks, progress))
    return Conditional(Outcome(scenario, seed, tally), carried, turns)


Seen = tuple[Tally, Counts, Counts]
"""What is counted in a block of worlds: the tally, what was carried and on whom it turned."""


def _look(council: Council) -> Seen:
    decided, rule, hosted = council.decisions(), council.rule, _hosted(council)
    carried = rule.adopts(decided.stance) & hosted
    turns = pivotal(rule, decided.stance) & hosted
    return (
        Tally.of(decided),
        np.count_nonzero(carried, axis=WORLDS),
        np.count_nonzero(turns, axis=WORLDS),
    )


def _together(one: Seen, other: Seen) -> Seen:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]


def _reported(blocks: Iterator[Seen], progress: Progress | None) -> Iterator[Seen]:
    """Blocks as they come in, each reported; none is kept."""
    done = 0
    for block in blocks:
        done += block[0].worlds
        if progress:
            progress(done)
        yield block


def _hosted(council: Council) -> Bools:
    """Where the clause that another hangs on was adopted, or it hangs on none. (C, D)."""
    alone = council.hosts == np.arange(len(council.hosts))
    return np.asarray((council.agreed[council.hosts] | alone[:, None])[:, council.dealt.shown])


def frame(found: Power) -> pd.DataFrame:
    """One row for each rule and member: swings, both indices, and shares of the worlds."""
    rows = [{"rule": rule} | row for rule in found.a_priori for row in found.rows(rule)]
    return pd.DataFrame(rows)
