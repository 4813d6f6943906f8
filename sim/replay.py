"""One world, round by round: what was tabled, who objected, what everybody then believed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.council import Council
from sim.ensemble import alone
from sim.rules import OBJECT, SUPPORT
from sim.scenario import TYPES, Scenario
from sim.worlds import Worlds, single


@dataclass(frozen=True)
class Round:
    """What happened in one round of one stage.

    level: of every clause on the table; objectors: members that broke the silence, by clause;
    supporters: how many supported, by clause; adopted: what the rule adopted now. belief: in the
    types, in the order of `TYPES`, and trust: of every member.
    """

    stage: int
    number: int
    level: Mapping[str, float]
    objectors: Mapping[str, tuple[str, ...]]
    supporters: Mapping[str, int]
    adopted: tuple[str, ...]
    belief: Mapping[str, tuple[float, ...]]
    trust: Mapping[str, float]

    @property
    def mean_belief(self) -> tuple[float, ...]:
        """The belief in each type, averaged over members."""
        return tuple(np.mean(list(self.belief.values()), axis=0).tolist())


@dataclass(frozen=True)
class Replay:
    """A whole negotiation in one world: None for the central one.

    adopted: the level of what stands at the end; kept: by stage that adopted something, whether the
    proposer kept its word; come: whether the condition has come true, None where there is none;
    bought: clauses whose silence was paid for; withdrawn: agreed, and taken back by the proposer.
    """

    scenario: Scenario
    world: int | None
    seed: int
    rounds: tuple[Round, ...]
    adopted: Mapping[str, float]
    kept: Mapping[int, bool]
    come: bool | None
    bought: tuple[str, ...]
    withdrawn: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The replay as JSON sees it."""
        rest = {name: value for name, value in vars(self).items() if name != "scenario"}
        return {
            "schema": 1,
            "scenario": self.scenario.name,
            "levers": self.scenario.changes,
            "types": list(TYPES),
            **rest,
            "rounds": [vars(row) for row in self.rounds],
        }


def play(scenario: Scenario, *, world: int | None = None, seed: int = 0) -> Replay:
    """Play one world to its end: the central one, or one of a seed, and keep every round.

    Raises RequestError for a world that no run has.
    """
    dealt = single(scenario, seed, world)
    with alone(scenario) as council:
        council.deal(dealt)
        rounds = tuple(_rounds(council, dealt))
        return _ended(council, dealt, world, seed, rounds)


def _rounds(council: Council, dealt: Worlds) -> list[Round]:
    found = []
    while council.running:
        before = council.adopted.copy()
        stage, number, rows = council.stage, council.round, council.rows
        open_ = ~before[rows, dealt.shown.start]
        stance = council.stance
        council.step()
        if open_.any():
            found.append(
                _round(council, dealt, (stage, number, rows[open_]), before, stance[:, open_])
            )
    return found


def _round(
    council: Council, dealt: Worlds, where: tuple[int, int, Any], before: Any, stance: Any
) -> Round:
    """Read one round from the council, in the one world that counts."""
    stage, number, rows = where
    at, ids = dealt.shown.start, list(council.scenario.clauses)
    seats = [member.iso for member in council.members]
    names = [ids[row] for row in rows]
    ballots = dict(zip(names, stance[:, :, at].T))
    new = council.agreed[:, at] & ~before[:, at]
    return Round(
        stage=stage + 1,
        number=number + 1,
        level={name: float(council.level[row, at]) for name, row in zip(names, rows)},
        objectors={
            name: tuple(seats[i] for i in np.flatnonzero((ballot == OBJECT) & council.present))
            for name, ballot in ballots.items()
        },
        supporters={
            name: int(((ballot == SUPPORT) & council.present).sum())
            for name, ballot in ballots.items()
        },
        adopted=tuple(name for name, row in zip(names, rows) if new[row]),
        belief={m.iso: tuple(m.belief[:, at].tolist()) for m in council.members},
        trust={m.iso: float(m.belief[:, at] @ dealt.keep[:, at]) for m in council.members},
    )


def _ended(
    council: Council, dealt: Worlds, world: int | None, seed: int, rounds: tuple[Round, ...]
) -> Replay:
    at, ids = dealt.shown.start, list(council.scenario.clauses)

    def those(clauses: Any) -> tuple[str, ...]:
        return tuple(name for name, yes in zip(ids, clauses[:, at]) if yes)

    return Replay(
        scenario=council.scenario,
        world=world,
        seed=seed,
        rounds=rounds,
        adopted={
            name: float(council.level[ids.index(name), at]) for name in those(council.adopted)
        },
        kept={
            stage: bool(word[at])
            for stage, (rows, word) in enumerate(zip(council.stages, council.kept), 1)
            if council.adopted[rows, at].any()
        },
        come=council.has_come(at),
        bought=those(council.bought & council.adopted),
        withdrawn=those(council.agreed & ~council.adopted),
    )
