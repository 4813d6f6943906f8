"""How members act: one after the other, as agents do, or compiled and all of them at once.

The formulas are the same and so are the bits; a test sees to it. Both work on the arrays of a council
that is passed to them and hold nothing of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from sim import appraisal, belief, consultation, exact
from sim.arithmetic import Compiled
from sim.arrays import Bools, Counts, Reals

if TYPE_CHECKING:
    from sim.council.council import Council


class Acts(Protocol):
    """What a council leaves to its members, in the order of a negotiation."""

    def study(self, council: Council) -> None:
        """Members turn to the worlds that were dealt and weigh what is at stake for them."""

    def take_up(self, council: Council, rows: Counts) -> None:
        """They turn to the clauses that are on the table."""

    def appraise(self, council: Council) -> None:
        """They judge the proposer and the clauses."""

    def room(self, council: Council, values: Reals) -> Reals:
        """What the room says when members think that. (M, R, D) -> (N, R, D)."""

    def speak(self, council: Council) -> None:
        """They hear the others out and take a stance."""

    def hear(self, council: Council, values: Reals) -> Reals:
        """What they think after all exchanges. (M, C, D) -> (M, C, D)."""

    def decide(self, council: Council, turn: int, adopts: Bools) -> None:
        """What is still open is at this level and turn, and stands where it is adopted. (R, D)."""

    def recall(self, council: Council) -> None:
        """Motive, curvature and own view of each clause when it was last on the table."""

    def ceilings(self, council: Council, motive: Reals, curvature: Reals) -> Reals:
        """How far they could go along. (M, C, D)."""

    def shortfalls(self, council: Council, expressed: Reals) -> Reals:
        """What would have to be added for their silence. (M, C, D)."""


def manner(compiled: Compiled | None) -> Acts:
    """All at once where there is something compiled, else one after the other."""
    return OneByOne() if compiled is None else AtOnce(compiled)


class OneByOne:
    """Member after member, by NumPy."""

    def study(self, council: Council) -> None:
        council.delegations.do("study", council.dealt)
        council.delegations.do("weigh", council.dealt)

    def take_up(self, council: Council, rows: Counts) -> None:
        council.delegations.do("take_up", rows)

    def appraise(self, council: Council) -> None:
        council.delegations.do("appraise")

    def room(self, council: Council, values: Reals) -> Reals:
        return consultation.room(values, council.dealt.cohesion, council.voices)

    def speak(self, council: Council) -> None:
        council.delegations.do("speak")

    def hear(self, council: Council, values: Reals) -> Reals:
        room, heard = self.room(council, values), np.empty_like(values)
        for own, weights, view in zip(values, council.attention, heard):
            consultation.hear(own, room, weights, out=view)
        return heard

    def decide(self, council: Council, turn: int, adopts: Bools) -> None:
        rows = council.rows
        open_ = ~council.adopted[rows]
        council.level[rows] = np.where(open_, council.tabled, council.level[rows])
        council.turn[rows] = np.where(open_, turn, council.turn[rows])
        council.adopted[rows] |= adopts

    def recall(self, council: Council) -> None:
        for member in council.members:
            then, place = member.recall(), member.place
            pull = then.gain - then.principle
            council.motive[place], council.curvature[place] = pull, then.divisible
            if not council.said_once():
                view = (pull - then.divisible * council.level) * council.level
                council.appraisals[place] = view

    def ceilings(self, council: Council, motive: Reals, curvature: Reals) -> Reals:
        return exact.ceilings(motive, curvature, council.dealt.resolve[:, None])

    def shortfalls(self, council: Council, expressed: Reals) -> Reals:
        return appraisal.shortfall(expressed, council.dealt.resolve[:, None])


@dataclass(frozen=True)
class AtOnce:
    """All members in one pass."""

    compiled: Compiled

    def study(self, council: Council) -> None:
        dealt = council.dealt
        own = (dealt.weight, dealt.exposure, dealt.gain, dealt.cost)
        self.compiled.stakes(*own, council.principled, *council.held)
        if dealt.lean is not None:
            council.held[0][...] *= dealt.lean
        council.delegations.do("study", dealt)

    def take_up(self, council: Council, rows: Counts) -> None:
        """The rows are enough."""

    def appraise(self, council: Council) -> None:
        odds = council.dealt.odds
        council.trust[...] = belief.trust(odds, council.reading)
        on_table = (council.rows, council.tabled)
        self.compiled.appraise(council.trust, *council.held, *on_table, council.appraisals)
        if council.condition is not None:
            council.chance[...] = belief.chance(odds, council.likelihood, council.condition)
            council.appraisal *= council.chance[:, None]

    def room(self, council: Council, values: Reals) -> Reals:
        cohesion, voices = council.dealt.cohesion, council.voices
        first, taken = (
            consultation.first_moments(values, voices),
            consultation.taken_up(values, voices),
        )
        room = np.empty_like(first)
        self.compiled.room(first, taken, 1 - cohesion, cohesion, room)
        return room

    def speak(self, council: Council) -> None:
        heard = (council.appraisals, council.room, council.attention)
        limits = (council.patience, council.dealt.resolve)
        keeps = council.keeps_views()
        self.compiled.speak(*heard, *limits, keeps, council.expressions, council.stances)

    def hear(self, council: Council, values: Reals) -> Reals:
        room, heard = self.room(council, values), np.empty_like(values)
        self.compiled.hear(values, room, council.attention, heard)
        return heard

    def decide(self, council: Council, turn: int, adopts: Bools) -> None:
        now = np.broadcast_to(adopts, council.tabled.shape)
        kept = (council.level, council.turn, council.adopted)
        self.compiled.decide(council.rows, turn, council.tabled, now, *kept)

    def recall(self, council: Council) -> None:
        conditional, changed = council.condition is not None, not council.said_once()
        then = (council.trusts, council.chances, conditional, council.turn, council.level)
        thought = (council.appraisals, council.motive, council.curvature)
        self.compiled.recall(*then, *council.held, changed, *thought)

    def ceilings(self, council: Council, motive: Reals, curvature: Reals) -> Reals:
        ceiling = np.empty_like(motive)
        self.compiled.ceiling(motive, curvature, council.dealt.resolve, ceiling)
        return ceiling

    def shortfalls(self, council: Council, expressed: Reals) -> Reals:
        short = np.empty_like(expressed)
        self.compiled.shortfall(expressed, council.dealt.resolve, short)
        return short
