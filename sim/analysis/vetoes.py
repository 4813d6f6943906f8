"""One veto after the other: how often a clause is dead by then, and alive had they kept silent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim import appraisal, rules
from sim.analysis.compare import Played
from sim.analysis.rescue import takes_part
from sim.analysis.verdicts import tabled_first
from sim.arrays import MEMBERS, WORLDS, Bools, Counts, Reals
from sim.errors import RequestError
from sim.outlook import outlook
from sim.rules import Stances
from sim.scenario import Scenario

MOST = 8
"""Members that are heard one after the other, at most."""

OFTEN = 0.5
"""Who breaks the silence in so many worlds is heard even where the clause is dead before."""

REST = 0.01
"""Where the others bring a clause down in no more worlds than this, they need not be heard."""


@dataclass(frozen=True)
class Vetoes:
    """Members that break the silence on a clause, the most frequent first, heard one after the other.

    often: the share of worlds in which each objects. dead: the share in which the first 0, 1, 2, …
    objections bring the clause down. alive: that in which it stands if the first 0, 1, 2, … had kept
    silent and nobody else had changed its mind.
    """

    clause: str
    members: tuple[str, ...]
    often: tuple[float, ...]
    dead: tuple[float, ...]
    alive: tuple[float, ...]


def can_veto(scenario: Scenario) -> bool:
    """Whether objections sink a clause and silence carries it, whatever becomes of the others."""
    rule = rules.named(scenario.rule.name, scenario.table)
    return rule.tolerates is not None and takes_part(scenario)


def vetoes(played: Played, clause: str) -> Vetoes:
    """Who breaks the silence on a clause, one after the other.

    Raises RequestError where silence is no consent, or where the proposer takes no part for the whole.
    """
    scenario = played.scenario
    if not can_veto(scenario):
        raise RequestError("under this rule, or with this proposer, silence alone carries nothing")
    place = list(scenario.clauses).index(clause)
    objects = played.objects[:, place]
    share = objects.mean(axis=WORLDS)
    tolerates = rules.named(scenario.rule.name, scenario.table).tolerates or 0
    order = _heard(objects, share, tolerates)
    adopted, host, spoken = played.adopted[place], _host(played, clause), _first(objects[order])
    return Vetoes(
        clause=clause,
        members=tuple(list(scenario.seats)[seat] for seat in order),
        often=tuple(share[order].tolist()),
        dead=_shares(spoken > tolerates),
        alive=_shares(adopted | (host & (objects.sum(axis=MEMBERS) - spoken <= tolerates))),
    )


def _heard(objects: Bools, share: Reals, tolerates: int) -> Counts:
    """Places of those who are heard: enough to bring the clause down, and all who object often."""
    order = np.argsort(-share, kind="stable")[:MOST]
    dead = (_first(objects[order]) > tolerates).mean(axis=WORLDS)
    total = (objects.sum(axis=MEMBERS) > tolerates).mean()
    short = int((dead < total - REST).sum())
    often = int((share[order] >= OFTEN).sum())
    return order[: min(max(short, often), int((share[order] > 0).sum()))]


def _shares(worlds: Bools) -> tuple[float, ...]:
    return tuple(worlds.mean(axis=WORLDS).tolist())


def _first(objects: Bools) -> Counts:
    """How many of the first 0, 1, 2, … object. (N, D) -> (1 + N, D)."""
    none = np.zeros((1, objects.shape[1]), int)
    return np.concatenate([none, np.cumsum(objects, axis=MEMBERS)])


def _host(played: Played, clause: str) -> Bools:
    """Where that stands on which the clause hangs; everywhere where it hangs on nothing. (D,)."""
    host = played.scenario.clauses[clause].tabled_with
    if host is None:
        return np.ones(played.adopted.shape[1], bool)
    return played.adopted[list(played.scenario.clauses).index(host)]


def by_itself(scenario: Scenario) -> Stances:
    """What each member would say of each clause before it hears the others.

    At the centre of all assumptions, as the clauses are tabled first. -> (M, C) int8 of `Stance`.
    """
    seen, level = outlook(scenario), tabled_first(scenario)[:, None]
    own = [appraisal.appraise(trust, held, level) for trust, held in zip(seen.trust, seen.stakes)]
    return np.asarray(rules.stance(np.stack(own), seen.worlds.resolve[:, None])[..., 0])
