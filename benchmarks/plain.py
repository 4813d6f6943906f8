"""The baseline: a plain Mesa model, one world at a time, as the Mesa tutorial teaches.

The same equations through the project's own pure functions, NumPy inside the agents; only the
ensemble's idea is missing, that a member acts in every world at once.
"""

from __future__ import annotations

from collections.abc import Callable

import mesa
import numpy as np
from numpy.typing import NDArray

from sim import appraisal, belief, consultation, rules
from sim.arrays import REAL
from sim.scenario import Scenario
from sim.worlds import Worlds


class Setting:
    """What is the same in every world, worked out once, as a careful modeller would."""

    def __init__(self, scenario: Scenario) -> None:
        table = scenario.table
        self.rule = rules.named(scenario.rule.name, table)
        self.seats, self.clauses = len(table.ids), list(scenario.clauses)
        kinds = [interest.kind == "principle" for interest in scenario.interests.values()]
        self.principled = np.array(kinds, REAL)
        listening = consultation.listening(table.population, self.rule.present(self.seats))
        exchanges = consultation.exchanges(listening, scenario.process.consultations)
        self.exchanges = exchanges.astype(REAL)
        hosts = [row.tabled_with or name for name, row in scenario.clauses.items()]
        self.hosts = np.array([self.clauses.index(host) for host in hosts])


class PlainMember(mesa.Agent):
    """A member in one world."""

    def __init__(self, model: PlainCouncil, place: int, dealt: Worlds) -> None:
        super().__init__(model)
        self.place = place
        self.odds, self.resolve = dealt.odds[place], dealt.resolve[place]
        self.stakes = appraisal.stakes(
            dealt.weight[place],
            dealt.exposure[place],
            dealt.gain,
            dealt.cost,
            model.setting.principled,
        )

    def appraise(self) -> None:
        self.trust = belief.trust(self.odds, self.model.likelihood, self.model.dealt.keep)
        self.model.views[self.place] = appraisal.appraise(self.trust, self.stakes, self.model.level)

    def speak(self) -> None:
        self.model.stance[self.place] = rules.stance(self.model.expressed[self.place], self.resolve)


class PlainCouncil(mesa.Model):
    """A council in one world, made anew for each."""

    def __init__(self, setting: Setting, dealt: Worlds, levels: list[float], item: str) -> None:
        super().__init__(rng=0)
        self.setting, self.dealt, self.levels, self.item = setting, dealt, levels, item
        self.evidence = dealt.split + dealt.seen
        shape = (setting.seats, len(setting.clauses), 1)
        self.views, self.stance = np.empty(shape, REAL), np.empty(shape, np.int8)
        for place in range(setting.seats):
            PlainMember(self, place, dealt)

    def step(self) -> None:
        self.level = np.full(self.views.shape[1:], self.levels[self.steps - 1], REAL)
        if self.steps > 1:
            self.evidence = self.evidence + self.dealt.items[self.item]
        self.likelihood = belief.likelihoods(self.evidence)
        self.agents.do("appraise")
        self.expressed = consultation.consult(
            self.views, self.dealt.cohesion, self.setting.exchanges
        )
        self.agents.do("speak")
        adopted = self.setting.rule.adopts(self.stance)
        self.adopted = adopted & adopted[self.setting.hosts]
        self.running = self.steps < len(self.levels)


class TutorialCouncil(PlainCouncil):
    """The same as the Mesa tutorial writes it: all is made in the constructor, data is collected."""

    def __init__(self, scenario: Scenario, dealt: Worlds, levels: list[float], item: str) -> None:
        super().__init__(Setting(scenario), dealt, levels, item)
        self.datacollector = mesa.DataCollector(
            model_reporters={"adopted": lambda model: model.adopted[:, 0].tolist()},
            agent_reporters={
                "trust": lambda member: float(member.trust[0]),
                "stances": lambda member: member.model.stance[member.place, :, 0].tolist(),
            },
        )

    def step(self) -> None:
        super().step()
        self.datacollector.collect(self)


def play(
    make: Callable[[Worlds], PlainCouncil], block: Worlds, rounds: int, count: int
) -> NDArray[np.bool_]:
    """Play the first `count` worlds of a block, one by one -> (rounds, C, count), what stood."""
    adopted = []
    for w in range(count):
        council = make(one(block, w))
        for _ in range(rounds):
            council.step()
            adopted.append(council.adopted[:, 0])
        forget(council)
    return np.array(adopted).reshape(count, rounds, -1).transpose(1, 2, 0)


def one(block: Worlds, w: int) -> Worlds:
    """World `w` of a block, alone."""
    at = slice(block.shown.start + w, block.shown.start + w + 1)
    return Worlds(
        shown=slice(0, 1),
        items={name: item[:, at] for name, item in block.items.items()},
        **{
            name: np.ascontiguousarray(value[..., at])
            for name, value in vars(block).items()
            if isinstance(value, np.ndarray)
        },
    )


def forget(council: mesa.Model) -> None:
    """Mesa 3.3 keeps every model alive; in the baseline's favour, let this one go."""
    mesa.Agent._ids.pop(council, None)


def doubled(setting: Setting, block: Worlds) -> NDArray[np.int8]:
    """The stances of a block at the drafted level, worked out in double precision. (M, C, D)."""
    wide = {
        name: value.astype(np.float64)
        for name, value in vars(block).items()
        if isinstance(value, np.ndarray)
    }
    likelihood = belief.likelihoods(wide["split"] + wide["seen"])
    views = np.stack(
        [
            appraisal.appraise(
                belief.trust(wide["odds"][i], likelihood, wide["keep"]),
                appraisal.stakes(
                    wide["weight"][i],
                    wide["exposure"][i],
                    wide["gain"],
                    wide["cost"],
                    setting.principled.astype(np.float64),
                ),
                np.ones((len(setting.clauses), 1)),
            )
            for i in range(setting.seats)
        ]
    )
    exchanges = setting.exchanges.astype(np.float64)
    expressed = consultation.consult(views, wide["cohesion"], exchanges)
    return rules.stance(expressed, wide["resolve"][:, None])
