"""What each school predicts of each clause, beside what the rule lets stand.

Means, medians, elections and exchanges name a level wherever anybody cares. A council that decides by
consensus may come to no agreement.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim import exact
from sim.arrays import Bools, Reals
from sim.averages import weighted_mean, weighted_median, weights
from sim.baselines import condorcet, spatial
from sim.baselines.exchange import Exchange, exchange
from sim.baselines.preferences import Preferences, preferences
from sim.outcome import provenance
from sim.outlook import Outlook, outlook
from sim.rules import OBJECT, SUPPORT, Rule
from sim.scenario import Scale, Scenario

TABLED = 1.0
"""The level of the whole text."""

SCHOOLS = ("mean", "median", "condorcet", "exchange")
"""The other models, by the names of what they predict."""


@dataclass(frozen=True)
class Election:
    """A probabilistic Condorcet election over the positions that members take on one clause.

    options (O,): the positions, none twice; conditional, uniform, incentive (O,): the chance of each
    in the three ways to count. Empty where nobody cares.
    """

    options: Reals
    conditional: Reals
    uniform: Reals
    incentive: Reals

    @property
    def ways(self) -> dict[str, Reals]:
        """The chances in the three ways to count."""
        names = ("conditional", "uniform", "incentive")
        return {name: getattr(self, name) for name in names}

    @property
    def winner(self) -> float:
        """The likeliest position, the lower of two that are equally likely."""
        return float(self.options[self.conditional.argmax()]) if len(self.options) else math.nan

    def expected(self, chance: Reals) -> float:
        """The mean level, by the chances of one way to count."""
        return float(self.options @ chance) if len(self.options) else math.nan

    def as_json(self) -> dict[str, Any]:
        """The election as JSON sees it."""
        ways = {
            way: {"expected": _number(self.expected(chance)), "p": chance.tolist()}
            for way, chance in self.ways.items()
        }
        return {"winner": _number(self.winner), "options": self.options.tolist(), **ways}


@dataclass(frozen=True)
class Prediction:
    """What becomes of one clause by each school, and by the rule of the scenario.

    levels: what the models predict that always agree, by `SCHOOLS`; NaN where nobody cares, and beyond
    0 and 1 where members with ideal points stand there. Of the election it is the mean level, by its
    conditional chances. best: the highest level, at most as tabled, that the rule adopts, 0 where it
    adopts none; limit: the same beyond the text as well, infinite where no level is refused. A rule
    that counts support can adopt much and refuse less. binding: who limits the best, or beyond the text
    the limit; vetoes: where there is no agreement, who stops by objecting what would
    stand if they kept silent; host: the clause that it cannot stand without, where that one falls.
    scale: that on which ideal points are measured, if members have any.
    """

    clause: str
    least: float
    levels: Mapping[str, float]
    election: Election
    best: float
    limit: float
    binding: tuple[str, ...]
    vetoes: tuple[str, ...]
    host: str | None
    scale: Scale | None = None

    def place(self, level: float) -> float:
        """A level on the scale on which ideal points are measured; the level where there is none."""
        if self.scale is None:
            return level
        return self.scale.status_quo + level * (self.scale.tabled - self.scale.status_quo)

    @property
    def agreed(self) -> float | None:
        """How far the rule lets the clause go, at most as tabled; None: there is no agreement."""
        if self.best < self.least or self.host is not None:
            return None
        return self.best

    def as_json(self) -> dict[str, Any]:
        """The prediction as JSON sees it; null is no agreement, no limit, or nobody who cares."""
        return {
            "id": self.clause,
            "least": self.least,
            "verdict": {
                "agreement": self.agreed is not None,
                "level": self.agreed,
                "limit": _number(self.limit),
                "binding": list(self.binding),
                "vetoes": list(self.vetoes),
                "falls_with": self.host,
            },
            **{school: _number(level) for school, level in self.levels.items()},
            "election": self.election.as_json(),
            "scale": self._on_scale() if self.scale else None,
        }

    def _on_scale(self) -> dict[str, float | None]:
        """The same where ideal points are measured."""
        agreed = math.nan if self.agreed is None else self.agreed
        levels = {"status_quo": 0.0, "tabled": 1.0, "agreed": agreed, **self.levels}
        return {name: _number(self.place(level)) for name, level in levels.items()}


@dataclass(frozen=True)
class Predictions:
    """All clauses of a scenario in the eyes of all schools; exact, in the central world.

    ceilings (M, C): the highest level each member can live with, after consultation.
    """

    scenario: Scenario
    preferences: Preferences
    ceilings: Reals
    exchanges: tuple[Exchange, ...]
    clauses: Mapping[str, Prediction]

    def frame(self) -> pd.DataFrame:
        """One row a clause: the level by each school, and by the rule (NaN: no agreement)."""
        rows = [
            {"clause": name, "agreed": row.agreed, "limit": row.limit, **row.levels}
            for name, row in self.clauses.items()
        ]
        return pd.DataFrame(rows).astype({"agreed": float})

    def members(self, clause: str) -> list[dict[str, Any]]:
        """Where members stand on one clause, from the status quo on; `ceiling` may be infinite.

        `worth`: what the status quo, the mean and the whole text are worth to each in the spatial model,
        1 at its own position, less by the distance in lengths of the scale.
        """
        who, place = self.preferences, self.preferences.clauses.index(clause)
        columns = {
            "member": who.members,
            "position": who.positions[:, place].tolist(),
            "salience": who.saliences[:, place].tolist(),
            "capability": who.capabilities[:, place].tolist(),
            "ceiling": self.ceilings[:, place].tolist(),
            "worth": self._worth(clause, place),
        }
        rows = [dict(zip(columns, row)) for row in zip(*columns.values())]
        return sorted(rows, key=lambda row: (row["position"], row["ceiling"]))

    def _worth(self, clause: str, place: int) -> list[dict[str, float]]:
        """The spatial values of outcomes on one clause, a row for each member; NaN: no such outcome."""
        who = self.preferences
        outcomes = {
            "status_quo": 0.0,
            "mean": self.clauses[clause].levels["mean"],
            "tabled": TABLED,
        }
        length = who.reach[place] / 100 if self.scenario.spatial else 1.0
        at = np.array(list(outcomes.values()))[:, None]
        worth = spatial.value(
            who.positions[:, [place]] * length, who.saliences[:, [place]], at * length
        )
        return [
            dict(zip(outcomes, row)) for row in np.where(np.isnan(at.T), np.nan, worth).tolist()
        ]

    def as_json(self, clause: str | None = None) -> dict[str, Any]:
        """All of it as JSON sees it, or one clause with where its members stand."""
        names = [clause] if clause else list(self.clauses)
        return {
            "schema": 1,
            **provenance(self.scenario, None, 1),
            "clauses": [
                self.clauses[name].as_json()
                | {"title": self.scenario.clauses[name].title, "members": self._members(name)}
                for name in names
            ],
            "exchanges": [self._exchange(each) for each in self.exchanges],
        }

    def _members(self, clause: str) -> list[dict[str, Any]]:
        rows = self.members(clause)
        return [
            row
            | {"ceiling": _number(row["ceiling"])}
            | {"worth": {name: _number(value) for name, value in row["worth"].items()}}
            for row in rows
        ]

    def _exchange(self, made: Exchange) -> dict[str, Any]:
        who = self.preferences
        moves = [
            {
                "member": who.members[move.member],
                "clause": who.clauses[move.clause],
                "from": move.start,
                "to": move.to,
            }
            for move in made.moves
        ]
        return {"gain": made.gain, "moves": moves}


def predictions(scenario: Scenario) -> Predictions:
    """What becomes of every clause by each school, and under the scenario's own rule.

    Each clause by itself, before anybody has answered: no process, no rounds, no side payments.
    """
    seen = outlook(scenario)
    who = preferences(scenario, seen)
    asked_of = (seen.rule, *seen.expressed(), seen.worlds.resolve[:, None])
    limit, ceiling, beyond = exact.survivable(*asked_of)
    best, _, within = exact.survivable(*asked_of, ceiling=ceiling, most=TABLED)
    binding = np.where(best < TABLED, within, beyond)
    vetoes = _vetoes(scenario, seen, best, ceiling)
    asked = (who.positions, who.saliences, who.capabilities)
    elections = [elected(who, place) for place in range(len(who.clauses))]
    traded = exchange(who.positions, who.saliences * who.reach, who.capabilities)
    levels = {
        "mean": weighted_mean(*asked),
        "median": weighted_median(*asked),
        "condorcet": np.array([each.expected(each.conditional) for each in elections]),
        "exchange": traded.outcome,
    }
    found = {
        name: Prediction(
            clause=name,
            least=row.least,
            levels={school: float(levels[school][place]) for school in SCHOOLS},
            election=elections[place],
            best=float(best[place, 0]),
            limit=float(limit[place, 0]),
            binding=_named(scenario, binding[:, place, 0]),
            vetoes=_named(scenario, vetoes[:, place]),
            host=_fallen(scenario, best[:, 0], name),
            scale=row.scale if scenario.spatial else None,
        )
        for place, (name, row) in enumerate(scenario.clauses.items())
    }
    return Predictions(scenario, who, ceiling[seen.present, :, 0], traded.exchanges, found)


def elected(who: Preferences, place: int) -> Election:
    """The election between the positions on one clause; voters weigh as in the mean.

    On one clause alone a position is worth 1 minus its distance, whatever the salience; the salience
    is in the voter's weight, c·s.
    """
    weight = weights(who.saliences, who.capabilities)[:, place]
    if not weight.any():
        nobody = np.empty(0)
        return Election(nobody, nobody, nobody, nobody)
    stand = who.positions[weight > 0][:, [place]]
    options = np.unique(stand)
    worth = spatial.value(stand, np.ones_like(stand), options[:, None])
    strength = condorcet.strengths(worth, weight[weight > 0])
    chance = condorcet.victory(strength)
    return Election(
        options=options,
        conditional=condorcet.conditional(chance),
        uniform=condorcet.uniform(chance),
        incentive=condorcet.incentive(strength, chance),
    )


def _vetoes(scenario: Scenario, seen: Outlook, best: Reals, ceiling: Reals) -> Bools:
    """Who stops by objecting what would stand if all who can do that kept silent. (M, C)."""
    least = np.array([[row.least] for row in scenario.clauses.values()])
    holders = _alone(seen.rule, len(ceiling))[:, None, None]
    resolve = seen.worlds.resolve[:, None]
    silent = np.where(holders, np.inf, ceiling)
    asked = (seen.rule, *seen.expressed(), resolve)
    without, *_ = exact.survivable(*asked, ceiling=silent, most=TABLED)
    stopped = (best < least) & (without >= least)
    vetoed: Bools = holders & stopped & (ceiling < without)
    return vetoed[..., 0]


def _alone(rule: Rule, members: int) -> Bools:
    """Who stops by one objection what all others support. (M,)."""
    stances = np.full((members, 1, members), SUPPORT, np.int8)  # in each world another one objects
    np.fill_diagonal(stances[:, 0], OBJECT)
    return ~rule.adopts(stances)[0]


def _named(scenario: Scenario, who: Bools) -> tuple[str, ...]:
    return tuple(iso for iso, named in zip(scenario.seats, who) if named)


def _fallen(scenario: Scenario, best: Reals, clause: str) -> str | None:
    """The clause without which this one cannot stand, if it falls."""
    host = scenario.clauses[clause].tabled_with
    if host is None or best[list(scenario.clauses).index(host)] >= scenario.clauses[host].least:
        return None
    return host


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None
