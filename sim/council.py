"""The council: members as agents, in every world at once.

A `Council` holds D worlds; each `Member` holds views into the council's arrays and acts in all of
them through pure functions. One world is the classroom run, ten thousand are the ensemble. Everybody
appraises before anybody speaks; what only makes sense across members, consultation and the rule, is
the council's. A council is seated once and dealt new worlds block after block.
"""

from __future__ import annotations

from pathlib import Path

import mesa
import numpy as np

from sim import appraisal, belief, consultation, exact, rules
from sim.arithmetic import NUMPY, Arithmetic
from sim.arrays import CLAUSES, MEMBERS, REAL, Bools, Reals
from sim.errors import RequestError
from sim.outcome import Decisions
from sim.rules import NEVER, Stances
from sim.scenario import Scenario, load
from sim.worlds import Worlds, checked_seed, draw

FLAGSHIP = "draft-treaty-2021"


class Member(mesa.Agent):
    """A delegation with its instructions, in every world of the council at once."""

    model: Council

    def __init__(self, council: Council, iso: str, place: int) -> None:
        super().__init__(council)
        self.iso, self.place = iso, place

    def study(self, dealt: Worlds) -> None:
        """Work out what the clauses hold for one's own interests in these worlds."""
        council, here = self.model, self.place
        self.odds, self.resolve = dealt.odds[here], dealt.resolve[here]
        self.stakes = council.arithmetic.stakes(
            dealt.weight[here], dealt.exposure[here], dealt.gain, dealt.cost, council.principled
        )

    def appraise(self) -> None:
        """Judge the proposer by what has been seen, and the clauses by what they are worth."""
        council, place = self.model, self.place
        self.trust = belief.trust(self.odds, council.reading)
        council.trust[place] = self.trust
        mine = council.appraisal[place]
        council.arithmetic.appraise(self.trust, self.stakes, council.level, mine)

    def speak(self) -> None:
        """Hear the others out; then support, keep silent or break the silence."""
        council, place = self.model, self.place
        council.arithmetic.speak(
            council.appraisal[place],
            council.room,
            council.attention[place],
            self.resolve,
            council.expressed[place],
            council.stance[place],
        )

    @property
    def belief(self) -> Reals:
        """The probability of each type of proposer. (T, D)."""
        return belief.belief(self.odds, self.model.likelihood)

    @property
    def motive(self) -> Reals:
        """The pull of each clause at the first step. (C, D)."""
        return appraisal.motive(self.trust, self.stakes)


class Council(mesa.Model):
    """Members decide on a treaty under a rule, in `worlds` worlds of a seed.

    `scenario` is a Scenario, a path or the name of a shipped one (`mesa.batch_run` iterates over
    whatever it can, so give it names). `rng` is a seed at or above zero; None takes entropy, and
    `seed` says which. Each `step` is one round.

    Raises ScenarioError for a scenario that cannot be used, RequestError for a bad seed.
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
        self.arithmetic: Arithmetic = NUMPY
        self.appraisal = np.empty((0, 0, 0))
        self.seat(scenario if isinstance(scenario, Scenario) else load(scenario))
        if worlds:
            self.deal(draw(self.scenario, self.seed, 0, worlds))

    # Seating and dealing --------------------------------------------------------------------------

    def seat(self, scenario: Scenario) -> None:
        """Take a scenario's members, clauses and rule; members keep their seats when they can."""
        seats = list(scenario.seats)
        if [member.iso for member in self.members] != seats:
            self.remove_all_agents()
            self.members = [Member(self, iso, place) for place, iso in enumerate(seats)]
        self.scenario = scenario
        self.rule = rules.named(scenario.rule.name, scenario.table)
        self.present = self.rule.present(len(seats))
        kinds = [interest.kind for interest in scenario.interests.values()]
        self.principled = np.array([kind == "principle" for kind in kinds], REAL)
        self.voices = consultation.voices(
            scenario.table.population, self.present, scenario.process.consultations
        )
        self.asked = np.array([clause.level for clause in scenario.clauses.values()], REAL)
        ids = list(scenario.clauses)
        self.hosts = np.array(
            [ids.index(row.tabled_with or name) for name, row in scenario.clauses.items()]
        )

    def deal(self, dealt: Worlds) -> None:
        """Take new worlds; the negotiation starts anew."""
        self.dealt = dealt
        self._lay_out(len(self.hosts), len(dealt.cohesion))
        self.evidence = dealt.split + dealt.seen
        cohesion = dealt.cohesion.astype(self.voices.precision, copy=False)
        self.attention = consultation.attention(cohesion, self.voices)
        self.running, self.steps = True, 0
        self.datacollector = mesa.DataCollector(model_reporters={"adopted": _adopted_share})
        self.table(self.asked)
        self.agents.do("study", dealt)

    def _lay_out(self, clauses: int, worlds: int) -> None:
        """Arrays that members write into, made once for a size of block."""
        shape = (len(self.members), clauses, worlds)
        real = self.voices.precision
        if self.appraisal.shape != shape or self.appraisal.dtype != real:
            self.appraisal, self.expressed = np.empty(shape, real), np.empty(shape, real)
            self.motive, self.curvature = np.empty(shape, real), np.empty(shape, real)
            self.stance = np.empty(shape, np.int8)
            self.trust = np.empty((shape[MEMBERS], worlds), REAL)

    # The negotiation ------------------------------------------------------------------------------

    def table(self, level: object) -> None:
        """Put the clauses on the table at these levels. (C,) or (C, D)."""
        levels = np.asarray(level, REAL)
        shape = self.appraisal.shape[CLAUSES:]
        wide = levels[:, None] if levels.ndim == 1 else levels
        self.level = np.ascontiguousarray(np.broadcast_to(wide, shape))

    def observe(self, item: str, count: float = 1.0) -> None:
        """Something that the proposer did is seen by everybody."""
        if item not in self.dealt.items:
            raise RequestError(f"`{item}` is not among the evidence of this scenario")
        self.evidence = self.evidence + REAL(count) * self.dealt.items[item]

    def step(self) -> None:
        """One round: members appraise, consult and speak; the rule decides."""
        self.likelihood = belief.likelihoods(self.evidence)
        self.reading = belief.reading(self.likelihood, self.dealt.keep)
        self.agents.do("appraise")
        self.room = consultation.room(self.appraisal, self.dealt.cohesion, self.voices)
        self.agents.do("speak")
        self.adopted = self._adopted(self.stance)
        self.running = False
        self.datacollector.collect(self)

    def _consult(self, values: Reals) -> Reals:
        return consultation.consult(values, self.dealt.cohesion, self.voices)

    def _adopted(self, stance: Stances) -> Bools:
        """What the rule adopts; a clause that cannot stand alone falls with the one it hangs on."""
        adopted = self.rule.adopts(stance)
        return adopted & adopted[self.hosts]

    # What came out --------------------------------------------------------------------------------

    def decisions(self) -> Decisions:
        """What was decided in the worlds that count, with the exact companions."""
        shown = self.dealt.shown
        resolve = self.dealt.resolve[:, None]
        motive, curvature = self._expressed_stakes()
        level, ceiling, binding = exact.survivable(self.rule, motive, curvature, resolve)
        silences = self.rule.silences(self.stance)
        shortfall = appraisal.shortfall(self.expressed, resolve)
        price = exact.price(self.stance, shortfall, silences, self.present)
        return Decisions(
            adopted=self.adopted[:, shown],
            asked=self.asked,
            tabled=self.level[:, shown],
            own=rules.stance(self.appraisal, resolve)[..., shown],
            stance=self.stance[..., shown],
            silences=np.where(self._orphaned(), NEVER, silences)[:, shown],
            present=self.present,
            survivable=level[:, shown],
            ceiling=ceiling[..., shown],
            binding=binding[..., shown],
            price=price[:, shown],
            trust=self.trust[:, shown],
        )

    def _expressed_stakes(self) -> tuple[Reals, Reals]:
        """Motive and curvature after consultation, each (M, C, D); consultation is linear."""
        for member in self.members:
            self.motive[member.place] = member.motive
            self.curvature[member.place] = member.stakes.divisible
        motive, curvature = self._consult(self.motive), self._consult(self.curvature)
        return motive, np.maximum(curvature, 0, out=curvature)

    def _orphaned(self) -> Bools:
        """Where the clause that another hangs on has fallen. (C, D)."""
        alone = self.hosts == np.arange(len(self.hosts))
        return ~self.rule.adopts(self.stance)[self.hosts] & ~alone[:, None]


def _adopted_share(council: Council) -> dict[str, float]:
    """What a `DataCollector` keeps: the share of worlds in which each clause stands."""
    adopted = np.count_nonzero(council.adopted[:, council.dealt.shown], axis=1)
    return dict(zip(council.scenario.clauses, (adopted / council.dealt.count).tolist()))
