"""The baseline: a plain Mesa model, one world at a time, as the Mesa tutorial teaches.

The same equations through the project's own pure functions, NumPy inside the agents; only the
ensemble's idea is missing, that a member acts in every world at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import mesa
import numpy as np
from numpy.typing import NDArray

from sim import appraisal, belief, consultation, rules, tactics
from sim.arrays import REAL, Reals
from sim.scenario import CONCEDED, HELD_FIRM, Scenario
from sim.worlds import Sampler, Worlds


class Setting:
    """What is the same in every world, worked out once, as a careful modeller would."""

    def __init__(self, scenario: Scenario) -> None:
        table = scenario.table
        self.rule = rules.named(scenario.rule.name, table)
        self.seats, self.clauses = len(table.ids), list(scenario.clauses)
        kinds = [interest.kind == "principle" for interest in scenario.interests.values()]
        self.principled = np.array(kinds, REAL)
        self.voices = consultation.voices(
            table.population, self.rule.present(self.seats), scenario.process.consultations
        )
        hosts = [row.tabled_with or name for name, row in scenario.clauses.items()]
        self.hosts = np.array([self.clauses.index(host) for host in hosts])
        rows = scenario.clauses.values()
        self.least = np.array([row.least for row in rows], REAL)
        self.asked = np.array([[row.level] for row in rows], REAL)
        self.proposer, self.rounds = scenario.proposer, scenario.process.rounds


@dataclass(frozen=True)
class OwnDice:
    """One world's draws from the generator of the model that lives in it."""

    rng: np.random.Generator

    @property
    def shown(self) -> slice:
        return slice(0, 1)

    def normals(self, addresses: Sequence[str], rows: int) -> Reals:
        return self.rng.standard_normal((len(addresses), rows, 1), dtype=REAL)

    def both(self, addresses: Sequence[str]) -> Reals:
        normal = self.rng.standard_normal((len(addresses), 1), dtype=REAL)
        uniform = 2 * self.rng.random((len(addresses), 1), dtype=REAL) - 1
        return np.stack([normal, uniform], axis=1)


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
        self.trust = belief.trust(self.odds, self.model.reading)
        self.model.views[self.place] = appraisal.appraise(self.trust, self.stakes, self.model.level)

    def speak(self) -> None:
        self.model.stance[self.place] = rules.stance(self.model.expressed[self.place], self.resolve)


class PlainCouncil(mesa.Model):
    """A council in one world, made anew for each; it draws its world unless it is handed one."""

    def __init__(
        self, setting: Setting, sampler: Sampler, rng: int, dealt: Worlds | None = None
    ) -> None:
        super().__init__(rng=rng)
        dealt = dealt or sampler.thrown(OwnDice(self.rng))
        self.setting, self.dealt = setting, dealt
        self.evidence = dealt.split + dealt.seen
        attention = consultation.attention(dealt.cohesion, setting.voices)
        self.attention = attention.swapaxes(0, 1)[:, :, None]  # for all members at once
        self.floor = tactics.floor(dealt.floor, dealt.audience, setting.proposer.publicity)
        shape = (setting.seats, len(setting.clauses), 1)
        self.views, self.stance = np.empty(shape, REAL), np.empty(shape, np.int8)
        self.adopted, self.standing = np.zeros(shape[1:], bool), np.zeros(shape[1:], REAL)
        for place in range(setting.seats):
            PlainMember(self, place, dealt)

    def step(self) -> None:
        setting, items = self.setting, self.dealt.items
        progress = (self.steps - 1) / max(setting.rounds - 1, 1)
        offer = tactics.offer(setting.proposer.opening, self.floor, progress)
        self.level = tactics.tabled(setting.asked, setting.least, offer)
        asked = tactics.tabled(setting.asked, setting.least, REAL(setting.proposer.opening))
        conceded = tactics.conceded(asked, self.level)
        held_firm = np.maximum(progress - conceded, 0)
        seen = conceded * items[CONCEDED] + held_firm * items[HELD_FIRM]
        likelihood = belief.likelihoods(self.evidence + seen)
        self.reading = belief.reading(likelihood, self.dealt.keep)
        self.agents.do("appraise")
        room = consultation.room(self.views, self.dealt.cohesion, setting.voices)
        self.expressed = consultation.hear(self.views, room, self.attention)
        self.agents.do("speak")
        stands = self.adopted | setting.rule.adopts(self.stance)
        stands &= stands[setting.hosts]
        self.standing[stands & ~self.adopted] = self.level[stands & ~self.adopted]
        self.adopted = stands
        self.running = self.steps < setting.rounds and not stands.all()


class TutorialCouncil(PlainCouncil):
    """The same as the Mesa tutorial writes it: all is made in the constructor, data is collected."""

    def __init__(self, sampler: Sampler, rng: int, dealt: Worlds | None = None) -> None:
        super().__init__(Setting(sampler.scenario), sampler, rng, dealt)
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


def play(make: Callable[[int], PlainCouncil], count: int) -> NDArray[np.float32]:
    """Play worlds 0 to `count`, one by one -> (C, count), the level that was adopted or 0."""
    standing = []
    for w in range(count):
        council = make(w)
        while council.running:
            council.step()
        standing.append(council.standing[:, 0])
        forget(council)
    return np.stack(standing, axis=1)


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


def doubled(block: Worlds) -> Worlds:
    """The same worlds in double precision."""
    wide = {
        name: value.astype(np.float64)
        for name, value in vars(block).items()
        if isinstance(value, np.ndarray)
    }
    items = {name: item.astype(np.float64) for name, item in block.items.items()}
    return replace(block, **wide, items=items)
