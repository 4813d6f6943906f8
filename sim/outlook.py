"""What members make of the proposer and of the treaty before anybody speaks.

The companion of a council that has no rounds and no agents: the same pure functions, in the number
type of the worlds it is given, float64 in the central world.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sim import appraisal, belief, consultation, rules
from sim.appraisal import Stakes
from sim.arrays import Bools, Reals
from sim.belief import Reading
from sim.consultation import Voices
from sim.rules import Rule
from sim.scenario import Scenario
from sim.worlds import Worlds, central


@dataclass(frozen=True)
class Outlook:
    """Beliefs, trust and stakes of every member in D worlds.

    belief (M, T, D); trust (M, D); stakes: a member's, (C, D) each; rule and present (M,): who has a
    say; voices: who listens to whom.
    """

    worlds: Worlds
    reading: Reading
    belief: Reals
    trust: Reals
    stakes: tuple[Stakes, ...]
    rule: Rule
    present: Bools
    voices: Voices

    def consult(self, values: Reals) -> Reals:
        """Whatever members think, after they have heard each other out. (M, C, D) -> (M, C, D)."""
        return consultation.consult(values, self.worlds.cohesion, self.voices)

    def expressed(self) -> tuple[Reals, Reals]:
        """Motive and curvature after consultation, (M, C, D) each; consultation is linear."""
        own = [appraisal.motive(trust, held) for trust, held in zip(self.trust, self.stakes)]
        curvature = self.consult(np.stack([held.divisible for held in self.stakes]))
        return self.consult(np.stack(own)), np.maximum(curvature, 0)


def outlook(scenario: Scenario, worlds: Worlds | None = None) -> Outlook:
    """What members of a scenario make of it, in the central world or in those given."""
    dealt = central(scenario) if worlds is None else worlds
    likelihood = belief.likelihoods(dealt.split + dealt.seen)
    dealt, reading = _under_condition(scenario.process.condition, dealt, likelihood)
    table = scenario.table
    rule = rules.named(scenario.rule.name, table)
    present = rule.present(len(table.ids))
    return Outlook(
        worlds=dealt,
        reading=reading,
        belief=np.stack([belief.belief(odds, likelihood) for odds in dealt.odds]),
        trust=np.stack([belief.trust(odds, reading) for odds in dealt.odds]),
        stakes=tuple(_stakes(scenario, dealt)),
        rule=rule,
        present=present,
        voices=consultation.voices(table.population, present, scenario.process.consultations),
    )


def _under_condition(name: str | None, dealt: Worlds, likelihood: Reals) -> tuple[Worlds, Reading]:
    """What binds only if an item comes true weighs as much less, and is judged as if it had."""
    if name is None:
        return dealt, belief.reading(likelihood, dealt.keep)
    item = dealt.items[name]
    chance = np.stack([belief.chance(odds, likelihood, item) for odds in dealt.odds])
    fulfilled = belief.likelihoods(dealt.split + dealt.seen + item)
    weighed = replace(dealt, weight=dealt.weight * chance[:, None])
    return weighed, belief.reading(fulfilled, dealt.keep)


def _stakes(scenario: Scenario, dealt: Worlds) -> list[Stakes]:
    kinds = [interest.kind == "principle" for interest in scenario.interests.values()]
    principled = np.array(kinds, float)
    held = [
        appraisal.stakes(weight, exposure, dealt.gain, dealt.cost, principled)
        for weight, exposure in zip(dealt.weight, dealt.exposure)
    ]
    if dealt.lean is None:
        return held
    return [replace(one, gain=one.gain * lean) for one, lean in zip(held, dealt.lean)]
