"""Who takes part: members with their instructions and the proposer with its secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa
import numpy as np

from sim import appraisal, belief, consultation, rules, tactics
from sim.appraisal import Stakes
from sim.arrays import CLAUSES, Counts, Reals
from sim.scenario import TYPES
from sim.worlds import Worlds

if TYPE_CHECKING:
    from sim.council.council import Council


class Member(mesa.Agent):
    """A delegation with its instructions, in every world of the council at once."""

    model: Council

    def __init__(self, council: Council, iso: str, place: int) -> None:
        super().__init__(council)
        self.iso, self.place = iso, place

    def study(self, dealt: Worlds) -> None:
        """Turn to these worlds."""
        council, here = self.model, self.place
        self.odds, self.resolve = dealt.odds[here], dealt.resolve[here]
        self.patience = council.patience[here]
        self.stakes = Stakes(*(held[here] for held in council.held))

    def weigh(self, dealt: Worlds) -> None:
        """Work out what the clauses hold for one's own interests."""
        own = dealt.weight[self.place], dealt.exposure[self.place]
        appraisal.stakes(*own, dealt.gain, dealt.cost, self.model.principled, out=self.stakes)
        if dealt.lean is not None:
            self.stakes.gain[...] *= dealt.lean[self.place]

    def take_up(self, rows: Counts) -> None:
        """Turn to the clauses that are on the table."""
        whole = len(rows) == len(self.stakes.gain)
        self.tabled = self.stakes if whole else self.stakes.among(rows)

    def appraise(self) -> None:
        """Judge the proposer by what has been seen, and the clauses by what they are worth."""
        council, place = self.model, self.place
        self.trust = belief.trust(self.odds, council.reading)
        council.trust[place] = self.trust
        mine = council.appraisal[place]
        mine[...] = appraisal.appraise(self.trust, self.tabled, council.tabled)
        if council.condition is not None:
            council.chance[place] = belief.chance(self.odds, council.likelihood, council.condition)
            mine *= council.chance[place]

    def speak(self) -> None:
        """Hear the others out; then support, keep silent or break the silence."""
        council, place = self.model, self.place
        view = council.expressed[place]
        consultation.hear(
            council.appraisal[place], council.room, council.attention[place], out=view
        )
        council.stance[place] = rules.said(view, self.patience, self.resolve)

    @property
    def belief(self) -> Reals:
        """The probability of each type of proposer. (T, D)."""
        return belief.belief(self.odds, self.model.likelihood)

    def recall(self) -> Stakes:
        """The stakes as they weighed when each clause was last on the table, trust and all.

        gain is what the member hoped for, hence times its trust at that time.
        """
        council, stakes = self.model, self.stakes
        trust = council.when_decided(council.trusts[:, self.place])
        hoped = Stakes(trust * stakes.gain, stakes.principle, stakes.divisible)
        if council.condition is None:
            return hoped
        chance = council.when_decided(council.chances[:, self.place])
        return Stakes(chance * hoped.gain, chance * hoped.principle, chance * hoped.divisible)


class Proposer(mesa.Agent):
    """Who tables the treaty: it opens, comes down, pays, and keeps its word or breaks it."""

    model: Council

    def study(self, dealt: Worlds) -> None:
        """Make up its mind how far to come down in these worlds."""
        traits = self.model.scenario.proposer
        self.traits = traits
        self.floor = tactics.floor(dealt.floor, dealt.audience, traits.publicity)
        self.type = TYPES.index(traits.true_type)
        self.purse = np.full(len(dealt.floor), traits.budget)

    def bargain(self) -> None:
        """Table the open clauses at the level of this round; everybody sees how far it came down."""
        council, opening = self.model, self.traits.opening
        progress = council.round / max(council.rounds - 1, 1)
        offer = tactics.offer(opening, self.floor, progress)
        council.see_bargaining(council.lay_open(offer), progress)

    def pay(self, price: Reals) -> Reals:
        """Buy silence where the purse allows, the cheapest clauses first. (C, D) -> (C, D) paid."""
        paid = tactics.payments(price, self.purse)
        self.purse = self.purse - paid.sum(axis=CLAUSES)
        return paid

    def takes_part(self) -> bool:
        """Whether it accepts a treaty of which something has fallen."""
        return bool(getattr(self.traits.accepts_part, self.traits.true_type))
