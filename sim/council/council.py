"""The negotiation: seated, dealt worlds, round by round, and what came out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import mesa
import numpy as np

from sim import appraisal, belief, consultation, exact, rules, tactics
from sim.arrays import CLAUSES, MEMBERS, REAL, WORLDS, Bools, Counts, Reals
from sim.constants import FLAGSHIP
from sim.council.acts import Acts, OneByOne
from sim.council.members import Member, Proposer
from sim.dice import checked_seed
from sim.errors import RequestError
from sim.outcome import Decisions
from sim.rules import NEVER, Stances
from sim.scenario import CONCEDED, HELD_FIRM, Scenario, load
from sim.worlds import Worlds, checked_count, draw


class Council(mesa.Model):
    """Members decide on a treaty under a rule, in `worlds` worlds of a seed.

    `scenario` is a Scenario, a path or the name of a shipped one (`mesa.batch_run` iterates over
    whatever it can, so give it names). `rng` is a seed at or above zero; None takes entropy, and
    `seed` says which. Each `step` is one round; a negotiation that has ended stays as it is.

    Raises ScenarioError for a scenario that cannot be used, RequestError for a seed or a
    number of worlds out of range.
    """

    dealt: Worlds

    def __init__(
        self,
        scenario: Scenario | str | Path = FLAGSHIP,
        *,
        worlds: int = 1,
        rng: int | None = None,
    ) -> None:
        super().__init__(rng=None if rng is None else checked_seed(rng))
        self.seed = int(self.rng.integers(2**63)) if rng is None else int(rng)
        self.members: list[Member] = []
        self.acts: Acts = OneByOne()
        self.diary = True  # whether the DataCollector keeps every round
        self._room_for: tuple[object, ...] = ()
        self.seat(scenario if isinstance(scenario, Scenario) else load(scenario))
        if checked_count("worlds", worlds, least=0):
            self.deal(draw(self.scenario, self.seed, 0, worlds))

    # Seating and dealing --------------------------------------------------------------------------

    def seat(self, scenario: Scenario) -> None:
        """Take a scenario's members, clauses and rule; members keep their seats when they can."""
        seats = list(scenario.seats)
        if [member.iso for member in self.members] != seats:
            self.remove_all_agents()
            self.members = [Member(self, iso, place) for place, iso in enumerate(seats)]
            self.delegations = self.agents_by_type[Member]
            self.proposer = Proposer(self)
        self.scenario = scenario
        self.rule = rules.named(scenario.rule.name, scenario.table)
        self.present = self.rule.present(len(seats))
        self.stopping = self.rule.stops(len(seats))
        kinds = [interest.kind for interest in scenario.interests.values()]
        self.principled = np.array([kind == "principle" for kind in kinds], REAL)
        self.voices = consultation.voices(
            scenario.table.population, self.present, scenario.process.consultations
        )
        self._set_order(scenario)

    def _set_order(self, scenario: Scenario) -> None:
        """Which clauses hang on which, in which stages they come, and how often."""
        ids, rows = list(scenario.clauses), list(scenario.clauses.values())
        self.asked = np.array([row.level for row in rows], REAL)
        self.least = np.array([row.least for row in rows], REAL)
        self.hosts = np.array([ids.index(row.tabled_with or name) for name, row in zip(ids, rows)])
        self.hanging = np.flatnonzero(self.hosts != np.arange(len(ids)))
        self.stages = [
            np.array([place for place, name in enumerate(ids) if name in stage.clauses])
            for stage in scenario.stages
        ]
        self.bundles = [stage.kind == "package" for stage in scenario.stages]
        self.foreign = [~np.isin(self.hosts, rows) for rows in self.stages]
        self.rounds = scenario.process.rounds

    def deal(self, dealt: Worlds) -> None:
        """Take new worlds; the negotiation starts anew."""
        self.dealt = dealt
        self._make_room(len(self.hosts), len(dealt.cohesion), dealt.gain.dtype)
        self.evidence = dealt.split + dealt.seen
        cohesion = dealt.cohesion.astype(self.appraisals.dtype, copy=False)
        self.attention = consultation.attention(cohesion, self.voices)
        item = self.scenario.process.condition
        self.condition = None if item is None else dealt.items[item]
        self.datacollector = mesa.DataCollector(model_reporters={"adopted": _adopted_share})
        self.patience = rules.patience(dealt.resolve)
        self.acts.study(self)
        self.table(self.asked)

    def _make_room(self, clauses: int, worlds: int, given: np.dtype[Any]) -> None:
        """Arrays that members write into, made once for a size of block."""
        real = np.promote_types(self.voices.precision, given)
        turns = self.rounds * len(self.stages)
        needed = (len(self.members), clauses, worlds, turns, real, given)
        if needed == self._room_for:
            return
        self._room_for = needed
        shape, by_turn = needed[:3], (turns, len(self.members), worlds)
        self.appraisals, self.expressions = np.empty(shape, real), np.empty(shape, real)
        self.motive, self.curvature = np.empty(shape, real), np.empty(shape, real)
        self.held = tuple(np.empty(shape, given) for _ in range(3))
        self.stances = np.empty(shape, np.int8)
        self.trusts, self.chances = np.empty(by_turn, given), np.empty(by_turn, given)

    # The negotiation ------------------------------------------------------------------------------

    def table(self, level: object) -> None:
        """Put the clauses on the table at these levels; their negotiation starts anew.

        The proposer asks for the share of them that it opens with. (C,) or (C, D).
        """
        levels = np.asarray(level, self.dealt.gain.dtype)
        shape = self.appraisals.shape[CLAUSES:]
        wide = levels[:, None] if levels.ndim == 1 else levels
        self.draft = np.ascontiguousarray(np.broadcast_to(wide, shape))
        self.level = self.draft.copy()
        self.adopted = np.zeros(shape, bool)
        self.agreed = self.adopted
        self.turn = np.zeros(shape, np.int16)
        self.bought = np.zeros(shape, bool)
        self.kept = np.ones((len(self.stages), shape[-1]), bool)
        self.steps, self.running = 0, True
        self.proposer.study(self.dealt)
        self._open_stage(0)

    def observe(self, item: str, count: float = 1.0) -> None:
        """Something that the proposer did is seen by everybody."""
        if item not in self.dealt.items:
            raise RequestError(f"`{item}` is not among the evidence of this scenario")
        self.evidence = self.evidence + REAL(count) * self.dealt.items[item]

    def step(self) -> None:
        """One round: the proposer tables, members appraise, consult and speak; the rule decides."""
        if not self.running:
            return
        turn = self.stage * self.rounds + self.round
        self.trust, self.chance = self.trusts[turn], self.chances[turn]
        self.proposer.bargain()
        self._read()
        self.acts.appraise(self)
        self.room = self.acts.room(self, self.appraisal)
        self.acts.speak(self)
        if self.bundles[self.stage]:
            self._bundle(self.expressed, self.stance, self.rows)
        self._decide(turn)
        self._go_on()
        if self.diary:
            self.datacollector.collect(self)

    def _read(self) -> None:
        """What the evidence says to everybody, as if the condition were fulfilled if there is one."""
        evidence = self.evidence + self.seen
        self.likelihood = belief.likelihoods(evidence)
        fulfilled = self.likelihood
        if self.condition is not None:
            fulfilled = belief.likelihoods(evidence + self.condition)
        self.reading = belief.reading(fulfilled, self.dealt.keep)

    def _open_stage(self, stage: int) -> None:
        self.stage, self.round = stage, 0
        rows = self.stages[stage]
        self.live = ~self._settled(rows).all(axis=CLAUSES)
        self.seen = np.zeros_like(self.evidence)
        self.asked_first = self._asked(rows, np.array(self.scenario.proposer.opening, REAL))
        self._take_up(rows)

    def _settled(self, rows: Counts) -> Bools:
        """What is adopted, and what cannot be since the clause that it hangs on fell. (R, D)."""
        foreign = self.foreign[self.stage][rows]
        if not foreign.any():
            return self.adopted[rows]
        orphaned = ~self.adopted[self.hosts[rows]] & foreign[:, None]
        return self.adopted[rows] | orphaned

    def _take_up(self, rows: Counts) -> None:
        """Only these clauses are on the table; the others leave the arrays."""
        self.rows, count = rows, len(rows)
        self.appraisal, self.expressed = self.appraisals[:, :count], self.expressions[:, :count]
        self.stance = self.stances[:, :count]
        self.acts.take_up(self, rows)

    def lay_open(self, offer: Reals) -> Reals:
        """The proposer asks for this share of the draft, not for the status quo in other words. (D,).

        Returns how far the clauses of this stage have come down together since the opening. (D,).
        """
        stage = self.stages[self.stage]
        asked = self._asked(stage, offer)
        whole = len(self.rows) == len(stage)
        self.tabled = asked if whole else asked[np.searchsorted(stage, self.rows)]
        return tactics.conceded(self.asked_first, asked)

    def _asked(self, rows: Counts, offer: Reals) -> Reals:
        """The levels of these clauses when the proposer asks for this share of the draft. (R, D)."""
        return tactics.tabled(self.draft[rows], self.least[rows], offer)

    def see_bargaining(self, conceded: Reals, progress: float) -> None:
        """A negotiation is one item of evidence however many rounds it has, and ends with them. (D,).

        Every stage is a negotiation of its own.
        What counts is how far the proposer has come down, and how far it could have and has not.
        """
        counts = {CONCEDED: conceded, HELD_FIRM: np.maximum(progress - conceded, 0)}
        seen = np.zeros_like(self.evidence)
        for item, count in counts.items():
            if item in self.dealt.items:
                seen += count * self.dealt.items[item]
        self.seen = np.where(self.live, seen, self.seen)

    def _bundle(self, views: Reals, stance: Stances, rows: Counts) -> None:
        """A package is judged as a whole."""
        stance[...] = rules.stance(self._bundled(views, rows), self.dealt.resolve[:, None])

    def _bundled(self, views: Reals, rows: Counts) -> Reals:
        """What a package is worth, without clauses whose host fell before it. (M, 1, D)."""
        hosts = self.hosts[rows]
        stands = self.agreed[hosts] | np.isin(hosts, rows)[:, None]
        return tactics.bundled(np.where(stands, views, 0), self.dealt.logroll)

    def _decide(self, turn: int) -> None:
        """The rule decides on what is still open; an adopted clause never changes."""
        self.acts.decide(self, turn, self.rule.adopts(self.stance))
        self._drop_orphans()
        self.settled = self._settled(self.rows)
        self.live &= ~self.settled.all(axis=CLAUSES)

    def _drop_orphans(self) -> None:
        """No clause stands without the one that it hangs on."""
        hanging = self.hanging
        self.adopted[hanging] &= self.adopted[self.hosts[hanging]]

    def _go_on(self) -> None:
        """To the next round, the next stage or the end."""
        self.round += 1
        rows = self.rows[~self.settled.all(axis=WORLDS)]
        if self.round < self.rounds and len(rows):
            if len(rows) < len(self.rows):
                self._take_up(rows)
            return
        self._close_stage()
        if self.stage + 1 < len(self.stages):
            self._open_stage(self.stage + 1)
        else:
            self._end()

    def _close_stage(self) -> None:
        """The proposer pays, then keeps what was adopted or breaks it, and everybody learns from it."""
        if self.scenario.proposer.budget:
            self._buy()
        rows, dealt = self.stages[self.stage], self.dealt
        adopted = self.adopted[rows]
        stake = tactics.stake(adopted, self.level[rows], dealt.cost[:, rows])
        kept = tactics.keeping(stake, dealt.keep)
        self.kept[self.stage] = dealt.word[self.stage] < kept[self.proposer.type]
        if self.stage + 1 < len(self.stages):
            at_stake = adopted.any(axis=CLAUSES) & (stake > 0)
            shown = np.where(self.kept[self.stage], kept, 1 - kept)
            self.evidence = self.evidence + self.seen
            self.evidence += np.log(np.where(at_stake, shown, 1).clip(belief.TINY))

    def _buy(self) -> None:
        """Silence for what is still open at the end of a stage; a package is one thing to buy."""
        resolve = self.dealt.resolve[:, None]
        if self.bundles[self.stage]:
            stance, views = self.stance[:, :1], self._bundled(self.expressed, self.rows)
        else:
            stance, views = self.stance, self.expressed
        silences = self.rule.silences(stance)
        short = appraisal.shortfall(views, resolve)
        price = exact.price(stance, short, silences, self.stopping)
        if self.bundles[self.stage]:
            open_ = ~self.adopted[self.rows]
            paid = self.proposer.pay(np.where(open_.any(axis=CLAUSES), price, np.inf)) > 0
            self._adopt(paid, open_)
        else:
            self._buy_one_by_one(price, silences)
        self._drop_orphans()
        self.bought &= self.adopted

    def _buy_one_by_one(self, price: Reals, silences: Counts) -> None:
        """Clauses that stand alone first, then those that hang on what stands by now."""
        rows, open_ = self.rows, ~self.adopted[self.rows]
        alone = (self.hosts[rows] == rows)[:, None]
        for group in (alone, ~alone):
            able = group & open_ & (alone | self.adopted[self.hosts[rows]])
            paid = self.proposer.pay(np.where(able, price, np.inf)) > 0
            self._adopt(paid, open_)
            self.adopted[rows] |= able & (silences == 0)

    def _adopt(self, bought: Bools, open_: Bools) -> None:
        self.bought[self.rows] |= bought & open_
        self.adopted[self.rows] |= bought

    def _end(self) -> None:
        """A proposer that wants all or nothing withdraws the rest when a part has fallen."""
        self.running = False
        self.agreed = self.adopted
        if not self.proposer.takes_part():
            rows = np.concatenate(self.stages)
            self.adopted = self.adopted & self.adopted[rows].all(axis=CLAUSES)

    # What came out --------------------------------------------------------------------------------

    def decisions(self) -> Decisions:
        """What was decided in the worlds that count, with the exact companions.

        Stances, ceilings and prices are those of the round in which a clause was last on the table.
        """
        shown, dealt = self.dealt.shown, self.dealt
        resolve = dealt.resolve[:, None]
        own, expressed, motive, curvature = self._recall()
        stance, own_stance = self._spoken(expressed), self._spoken(own)
        ceiling = self.acts.ceilings(self, motive, curvature)
        level, _, binding = exact.survivable(self.rule, motive, curvature, resolve, ceiling)
        silences = np.where(self._orphaned(), NEVER, self.rule.silences(stance))
        return Decisions(
            adopted=self.adopted[:, shown],
            asked=self.asked,
            tabled=self.level[:, shown],
            own=own_stance[..., shown],
            stance=stance[..., shown],
            silences=silences[:, shown],
            stopping=self.stopping,
            binds=self.rule.binds(stance)[..., shown],
            survivable=level[:, shown],
            ceiling=ceiling[..., shown],
            binding=binding[..., shown],
            price=self._price(expressed, stance, silences)[:, shown],
            trust=self.trust[:, shown],
            kept=self._kept()[:, shown],
            bought=self.bought[:, shown],
            spent=(self.scenario.proposer.budget - self.proposer.purse)[shown],
            withdrawn=(self.agreed & ~self.adopted)[:, shown],
        )

    def margin(self) -> Reals:
        """How far the least willing member was from breaking the silence, below 0 beyond it. (C, D).

        Of the members that have a say, in the round in which a clause was last on the table.
        """
        resolve = self.dealt.resolve[:, None]
        views = self.expressions if self.said_once() else self._recall()[1]
        distance = views + resolve
        for rows, bundle in zip(self.stages, self.bundles):
            if bundle:
                distance[:, rows] = self._bundled(views[:, rows], rows) + resolve
        return np.asarray(distance[self.present].min(axis=MEMBERS)[:, self.dealt.shown])

    def when_decided(self, by_turn: Reals) -> Reals:
        """What held when each clause was last on the table. (turns, D) -> (C, D)."""
        if len(by_turn) == 1:
            return by_turn
        return np.take_along_axis(by_turn, self.turn, axis=0)

    def _recall(self) -> tuple[Reals, Reals, Reals, Reals]:
        """Own and expressed views, expressed motive and curvature, each (M, C, D)."""
        self.acts.recall(self)
        own = self.appraisals
        expressed = self.expressions if self.said_once() else self.acts.hear(self, own)
        motive, curvature = (self.acts.hear(self, each) for each in (self.motive, self.curvature))
        return own, expressed, motive, np.maximum(curvature, 0, out=curvature)

    def keeps_views(self) -> bool:
        """Whether somebody asks for the views of this round: a package, a purse, or `margin`."""
        return self.bundles[self.stage] or self.said_once() or self.scenario.proposer.budget > 0

    def said_once(self) -> bool:
        """Whether nothing has changed since the members spoke, for there was one round only."""
        return len(self.trusts) == 1

    def _spoken(self, views: Reals) -> Stances:
        """The stances that come from views, packages judged as a whole. (M, C, D)."""
        stance = rules.stance(views, self.dealt.resolve[:, None])
        for rows, bundle in zip(self.stages, self.bundles):
            if bundle:
                whole = stance[:, rows]
                self._bundle(views[:, rows], whole, rows)
                stance[:, rows] = whole
        return stance

    def _price(self, expressed: Reals, stance: Stances, silences: Counts) -> Reals:
        """What silence would have cost, clause by clause; of a package, as a whole. (C, D)."""
        resolve = self.dealt.resolve[:, None]
        short = self.acts.shortfalls(self, expressed)
        for rows, bundle in zip(self.stages, self.bundles):
            if bundle:
                short[:, rows] = appraisal.shortfall(
                    self._bundled(expressed[:, rows], rows), resolve
                )
        return exact.price(stance, short, silences, self.stopping)

    def _orphaned(self) -> Bools:
        """Where the clause that another hangs on has fallen. (C, D)."""
        alone = self.hosts == np.arange(len(self.hosts))
        return ~self.agreed[self.hosts] & ~alone[:, None]

    def _kept(self) -> Bools:
        """Whether each clause came to bind, and the proposer kept its word on it. (C, D)."""
        kept = np.ones(self.adopted.shape, bool)
        for rows, word in zip(self.stages, self.kept):
            kept[rows] = word
        return kept if self.condition is None else kept & self._come()

    def _come(self) -> Bools:
        """Where the condition comes true, as likely as under the proposer's true type. (D,)."""
        assert self.condition is not None
        return self.dealt.word[-1] < np.exp(self.condition[self.proposer.type])

    def has_come(self, world: int) -> bool | None:
        """Whether the condition comes true in a world; None where there is none."""
        return None if self.condition is None else bool(self._come()[world])


def _adopted_share(council: Council) -> dict[str, float]:
    """What a `DataCollector` keeps: the share of worlds in which each clause stands."""
    adopted = np.count_nonzero(council.adopted[:, council.dealt.shown], axis=WORLDS)
    return dict(zip(council.scenario.clauses, (adopted / council.dealt.count).tolist()))
