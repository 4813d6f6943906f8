"""What a scenario file says: its tables, with bounds and meaning.

Field descriptions are sentences for the person who writes the file: the JSON Schema shows them, and
so does the error when a field is missing.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)

from sim import rules
from sim.errors import did_you_mean
from sim.scenario import paths
from sim.scenario.kinds import (
    Amount,
    Assumption,
    Capability,
    Chance,
    Changes,
    ClauseId,
    Exposures,
    Ideals,
    MemberId,
    Noise,
    Number,
    OnScale,
    PlainId,
    ShareAssumption,
    ShiftAssumption,
    Stakes,
    Table,
    Text,
    Texts,
    known,
    reference,
)
from sim.scenario.room import Room

TYPES = ("security_seeker", "expansionist", "pretext_seeker")
"""The proposer's possible types, in the order of every belief array."""

CONCEDED, HELD_FIRM = "conceded", "held_firm"
"""The items of evidence that a negotiation itself gives, where a scenario has them."""


class About(Table):
    """What the scenario is about, for people."""

    title: Text = Field(description="a short title")
    question: Text = Field(description="the question that this scenario answers")
    text: str = Field("", description="what the data set that it was read from says of itself")
    date: dt.date | None = Field(
        None,
        description="the day on which the members decide, as 2021-12-17; data sets may not say it",
    )
    sources: Texts = Field(description="what the scenario rests on, one line each")
    notice: Texts = Field((), description="things to notice")
    try_: Texts = Field((), alias="try", description="things to try, as command lines")
    leaves_out: Texts = Field(description="what the scenario leaves out")


class Happened(Table):
    """What became of a decision whose outcome is known; nothing that is computed reads it."""

    case: Text = Field(description="the row of the table of precedents, as P02")
    body: Text = Field(description="who decided, and where")
    date: dt.date = Field(description="the day of the decision, as 2008-04-03")
    basis: Literal["data", "matter"] = Field(
        description="`data`: the members' data alone must tell; `matter`: one has a matter of its own"
    )
    passed: bool = Field(description="whether it was adopted as first put, at the first occasion")
    blockers: Texts = Field(
        (), description="members who broke the silence, or kept it from being put"
    )
    cool: Texts = Field(
        (), description="members said to be cool, who count neither as hit nor as false alarm"
    )
    unknown: Texts = Field(
        (), description="members of whom nobody can say what they did, who count neither way"
    )
    ending: Text = Field(description="what became of it, in one sentence")
    source: Text = Field(description="where that is documented")

    @property
    def uncounted(self) -> tuple[str, ...]:
        """Members who are no hit, no miss and no false alarm."""
        return (*self.cool, *self.unknown)

    @model_validator(mode="after")
    def _one_story(self) -> Happened:
        both = [name for name in self.cool if name in self.blockers]
        if both:
            raise ValueError(f"has `{both[0]}` among the blockers and the cool; name it once")
        for name in self.unknown:
            if name in self.blockers or name in self.cool:
                raise ValueError(f"has `{name}` among the unknown and elsewhere; name it once")
        if self.passed and self.blockers:
            raise ValueError(
                f"has passed, and `{self.blockers[0]}` is said to have blocked it; who only "
                "frowned is `cool`"
            )
        return self


class Qualified(Table):
    """Thresholds of a qualified majority; the defaults are those of the EU Council."""

    members: Annotated[float, Field(gt=0, le=1)] = Field(
        0.55, description="the share of the members that must support"
    )
    population: Annotated[float, Field(ge=0, le=1)] = Field(
        0.65, description="the share of the population that must support"
    )
    blocking_minority: Annotated[int, Field(ge=1, le=1000)] = Field(
        4, description="fewer members than these cannot block by their population alone"
    )
    source: str | None = None
    judgement: str | None = None


class Weighted(Table):
    """Weights of the members and the quota that supporters must reach."""

    weights: Annotated[
        dict[str, Annotated[float, Field(ge=0, le=1e9)]],
        AfterValidator(known("delegations", "members")),
    ] = Field(description="the weight of each member")
    quota: Annotated[float, Field(gt=0)] = Field(description="the weight that adopts")
    source: str | None = None
    judgement: str | None = None


def _seats(names: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
    """Each must be a member, or one that is left out; none twice."""
    for name in names:
        if name not in (ids := (info.context or {}).get("delegations", names)):
            hint = did_you_mean(name, ids)
            raise ValueError(f"names `{name}`, which is not among the members. {hint}".rstrip())
        if names.count(name) > 1:
            raise ValueError(f"names `{name}` twice; name it once")
    return names


class Vetoes(Table):
    """Who holds a veto, and how many must support."""

    holders: Annotated[Texts, Field(min_length=1), AfterValidator(_seats)] = Field(
        description="the members whose objection stops a clause"
    )
    quota: Annotated[int, Field(ge=1, le=1000)] = Field(
        description="how many must support, the holders of a veto among them"
    )
    source: str | None = None
    judgement: str | None = None


class Rule(Table):
    """How stances become a decision."""

    name: str = Field("consensus", description="a rule, as `consensus` or `only:USA`")
    qualified: Qualified = Field(Qualified(), description="the thresholds of `qualified`")
    weighted: Weighted | None = Field(None, description="the weights and the quota of `weighted`")
    vetoes: Vetoes | None = Field(None, description="who holds a veto, and how many must support")


class Stage(Table):
    """One step of a process in steps: some clauses, negotiated by themselves."""

    title: str = Field("", description="the stage in plain words")
    clauses: Annotated[Texts, Field(min_length=1)] = Field(description="the clauses of this stage")
    kind: Literal["clauses", "package"] = Field(
        "clauses", description="`clauses`: each stands alone; `package`: one text"
    )


class Process(Table):
    """How the clauses are negotiated."""

    kind: Literal["clauses", "package", "steps"] = Field(
        "clauses",
        description="`clauses`: each stands alone; `package`: one text; `steps`: stages in order",
    )
    rounds: Annotated[int, Field(ge=1, le=100)] = Field(
        1, description="how often blocked clauses are tabled, at falling levels"
    )
    stages: Annotated[tuple[Stage, ...], Field(strict=False)] = Field(
        (), description="the stages of a process in steps, in order"
    )
    condition: Annotated[str, AfterValidator(reference("evidence"))] | None = Field(
        None, description="an item that must come true before anything binds, as `step_back`"
    )
    consultations: Annotated[int, Field(ge=0, le=10)] = Field(
        2, description="how often members hear each other out before they speak"
    )


class Interest(Table):
    """What members care about."""

    title: Text = Field(description="the interest in plain words")
    kind: Literal["divisible", "principle"] = Field(
        description="`divisible`: first steps are cheap; `principle`: no cheap first step"
    )


class Point(Table):
    """A place on a scale that has a meaning."""

    value: OnScale = Field(description="where it is, as 50")
    meaning: Text = Field(description="what a text at this place would say")


class Scale(Table):
    """The scale on which members' ideal points for a clause are measured."""

    issue: str = Field("", description="the name of the issue in the data set")
    description: str = Field("", description="what the data set says of the issue")
    status_quo: OnScale = Field(0.0, description="where things stand without an agreement: level 0")
    tabled: OnScale = Field(1.0, description="where the tabled text would bring them: level 1")
    low: OnScale = Field(0.0, description="the lower end of the scale")
    high: OnScale = Field(1.0, description="the upper end of the scale")
    points: Annotated[tuple[Point, ...], Field(strict=False)] = Field(
        (), description="what places on the scale mean"
    )

    @property
    def step(self) -> float:
        """How far the tabled text moves, as a share of the range, with its sign."""
        return (self.tabled - self.status_quo) / (self.high - self.low)

    @model_validator(mode="after")
    def _leads_somewhere(self) -> Scale:
        if not self.low < self.high:
            raise ValueError(f"runs from {self.low:g} to {self.high:g}; write `low` below `high`")
        if self.tabled == self.status_quo:
            raise ValueError(
                f"has the tabled text at the status quo, {self.tabled:g}; that is no proposal, write "
                "another `tabled` or `status_quo`"
            )
        return self


class Clause(Table):
    """One separable demand of the treaty."""

    title: Annotated[str, Field(min_length=1, max_length=32)] = Field(
        description="the demand in at most 32 characters"
    )
    text: Text = Field(description="the demand in a sentence or two")
    article: str | None = Field(None, description="the article of the draft")
    least: Annotated[float, Field(gt=0, le=1)] = Field(
        0.25, description="the level below which the text is the status quo in other words"
    )
    level: Annotated[float, Field(gt=0, le=1)] = Field(
        1.0, description="the level that is tabled; 1 is the text as drafted"
    )
    tabled_with: Annotated[str, AfterValidator(reference("clauses"))] | None = Field(
        None, description="a clause without which this one cannot stand"
    )
    gain: Stakes = Field(
        {}, validate_default=True, description="what it gives on each interest at level 1"
    )
    cost: Stakes = Field(
        {}, validate_default=True, description="what it costs on each interest at level 1"
    )
    spread: Annotated[float, Field(ge=0, le=2)] | None = Field(
        None, description="uncertainty of its stakes, as a standard deviation of their logarithm"
    )
    scale: Scale = Field(
        Scale(),
        description="where members have ideal points: the scale on which these are measured",
    )
    source: str | None = None
    judgement: str | None = None

    @model_validator(mode="after")
    def _tabled_in_earnest(self) -> Clause:
        if self.level < self.least:
            raise ValueError(
                f"is tabled at level {self.level:g}, below its least level {self.least:g}; "
                "raise `level` or lower `least`"
            )
        return self


class Member(Table):
    """A state with a seat."""

    name: str = Field("", description="the member's name")
    population: Annotated[float, Field(ge=1, le=1e10)] = Field(
        description="how many persons live there, as 38000000"
    )
    trust: Chance = Field(description="the probability that the proposer keeps its word")
    resolve: Amount = Field(description="how bad it must be before the member breaks the silence")
    weight: Stakes = Field(description="how much each interest counts for this member")
    exposure: Exposures = Field(
        {}, validate_default=True, description="how hard costs hit it; 1 where left out"
    )
    ideal: Ideals = Field(
        {}, description="what it would like best, clause by clause, on the scale of each"
    )
    capability: Capability | dict[str, Capability] | None = Field(
        None, description="its power in the data set, for all clauses or for each"
    )
    text: str = Field("", description="who it is, in a few words")
    known: dt.date | None = Field(
        None, description="the day from which what is written of it was public, as 2008-03-06"
    )
    source: str | None = None
    judgement: str | None = None


class Members(BaseModel):
    """The council: a roster, who is left out of it, and members by their id."""

    model_config = ConfigDict(extra="allow", frozen=True, allow_inf_nan=False, strict=True)
    __pydantic_extra__: dict[str, Member]

    roster: str | None = Field(None, description="a roster file, as `nato-2021`")
    drop: Texts = Field((), description="members of the roster who are left out")
    source: str | None = None
    judgement: str | None = None


class Keep(Table):
    """The probability that each type of proposer keeps its word."""

    security_seeker: ShareAssumption = Field(description="of a proposer that seeks security")
    expansionist: ShareAssumption = Field(description="of a proposer that wants more")
    pretext_seeker: ShareAssumption = Field(description="of a proposer that seeks a pretext")


class Floor(Table):
    """The share of its opening below which each type of proposer never goes."""

    security_seeker: ShareAssumption = Field(
        Assumption(value=1.0), description="of a proposer that seeks security"
    )
    expansionist: ShareAssumption = Field(
        Assumption(value=1.0), description="of a proposer that wants more"
    )
    pretext_seeker: ShareAssumption = Field(
        Assumption(value=1.0), description="of a proposer that seeks a pretext"
    )


class AcceptsPart(Table):
    """Whether each type of proposer takes a part of its treaty when the rest has fallen."""

    security_seeker: bool = Field(True, description="whether one that seeks security does")
    expansionist: bool = Field(True, description="whether one that wants more does")
    pretext_seeker: bool = Field(False, description="whether one that seeks a pretext does")


class Proposer(Table):
    """Who tables the treaty, what it is in truth, and how it bargains."""

    name: Text = Field(description="the proposer's name")
    keep: Keep = Field(description="how likely each type is to keep its word")
    true_type: Literal["security_seeker", "expansionist", "pretext_seeker"] = Field(
        "security_seeker", description="what it is in truth, which members do not know"
    )
    opening: Annotated[float, Field(gt=0, le=1)] = Field(
        1.0, description="the share of every clause's level that it asks for at first"
    )
    floor: Floor = Field(Floor(), description="the level below which it never goes, by type")
    audience: ShareAssumption = Field(
        Assumption(value=0.0), description="how far publicity raises the floor towards 1"
    )
    publicity: Annotated[float, Field(ge=0, le=1)] = Field(
        1.0, description="1: the demands are public; 0: they are handed over in private"
    )
    accepts_part: AcceptsPart = Field(
        AcceptsPart(), description="whether each type takes a part when the rest has fallen"
    )
    budget: Annotated[float, Field(ge=0, le=1e6)] = Field(
        0.0, description="side payments with which silence can be bought, in weight units"
    )


def _likelihoods(table: dict[str, float]) -> dict[str, float]:
    problems = [f"lacks `{kind}`" for kind in TYPES if kind not in table]
    problems += [
        f"names `{key}`, which is no type of proposer. {did_you_mean(key, TYPES)}".rstrip()
        for key in table
        if key not in TYPES
    ]
    if problems:
        raise ValueError("; ".join(problems))
    return table


class Evidence(Table):
    """Something that members have seen, and how likely it was under each type of proposer."""

    title: Text = Field(description="what was seen")
    date: dt.date | None = Field(None, description="when, as 2021-12-17")
    count: Annotated[float, Field(ge=0, le=100)] = Field(
        1.0, description="how many times it counts; 0: it has not happened"
    )
    included: Annotated[float, Field(ge=0, le=100)] | None = Field(
        None, description="the count that the members' trust already contains; default: `count`"
    )
    likelihood: (
        Annotated[
            dict[str, Annotated[float, Field(gt=0, le=1)]],
            AfterValidator(_likelihoods),
        ]
        | None
    ) = Field(None, description="the probability of seeing it under each type")
    complement_of: Annotated[str, AfterValidator(reference("evidence"))] | None = Field(
        None, description="the item that this one is the opposite of"
    )
    band: Annotated[float, Field(ge=0, le=2)] = Field(
        0.0, description="uncertainty of its weight, as a standard deviation of the logarithm"
    )
    source: str | None = None
    judgement: str | None = None

    @model_validator(mode="after")
    def _one_likelihood(self) -> Evidence:
        if (self.likelihood is None) == (self.complement_of is None):
            raise ValueError("needs either `likelihood` or `complement_of`, and not both")
        return self


class Spread(Table):
    """Each member's and each clause's own noise, as a standard deviation on the log scale."""

    factor: Noise = Field(
        Number(value=1.0),
        description="by how much all of them are multiplied, and the spread of a clause too; not that "
        "of trust",
    )
    trust: Noise = Field(Number(value=0.0), description="of each member's trust, on its log-odds")
    weights: Noise = Field(Number(value=0.0), description="of each weight of each member")
    exposures: Noise = Field(Number(value=0.0), description="of each exposure of each member")
    stakes: Noise = Field(Number(value=0.0), description="of each gain and cost of each clause")
    resolve: Noise = Field(Number(value=0.0), description="of each member's resolve")


class Assumptions(Table):
    """What is uncertain in the same way for everybody."""

    cohesion: ShareAssumption = Field(
        Assumption(value=0.0), description="how far members move towards those they consult"
    )
    trust: ShiftAssumption = Field(
        Assumption(value=0.0), description="a shift of every member's trust, in log-odds"
    )
    pretext: ShareAssumption = Field(
        Assumption(value=0.5), description="pretext seeker, given that it is no security seeker"
    )
    logroll: ShareAssumption = Field(
        Assumption(value=0.0), description="how far good clauses of a package pay for bad ones"
    )
    spread: Spread = Field(Spread(), description="the noise of each member and each clause")


class Lever(Table):
    """A what-if that the author suggests."""

    title: Text = Field(description="the what-if in plain words")
    set: Changes = Field(description="addresses and their values")


class Expect(Table):
    """A claim that the author stands by."""

    claim: Text = Field(description="the claim in one sentence")
    what: Annotated[
        Texts,
        Field(min_length=1),
        WithJsonSchema(
            {
                "type": ["string", "array"],
                "items": {"type": "string", "minLength": 1},
                "minLength": 1,
                "minItems": 1,
            }
        ),
    ] = Field(description="paths into the result, as `N5.1.survival`")
    at_most: float | None = Field(None, description="what it is at most")
    at_least: float | None = Field(None, description="what it is at least")
    between: Annotated[tuple[float, float], Field(strict=False)] | None = Field(
        None, description="the least and the most that it is"
    )
    with_: Changes = Field({}, alias="with", description="changes, on the same worlds")
    at: Literal["worlds", "centre"] = Field(
        "worlds", description="`centre`: in the one world without dice"
    )

    @model_validator(mode="before")
    @classmethod
    def _one_or_many(cls, data: Any) -> Any:
        if isinstance(data, dict) and isinstance(data.get("what"), str):
            return {**data, "what": (data["what"],)}
        return data

    @model_validator(mode="after")
    def _a_measured_claim(self, info: ValidationInfo) -> Expect:
        bounds = (self.at_most, self.at_least, self.between)
        if sum(bound is not None for bound in bounds) != 1:
            raise ValueError("needs one of `at_most`, `at_least` or `between`")
        if self.between and self.between[0] > self.between[1]:
            low, high = self.between
            raise ValueError(f"is between {low:g} and {high:g}, which is empty; swap them")
        clauses = (info.context or {}).get("clauses")
        if clauses is None:
            return self
        found = [(path, paths.problem(path, clauses)) for path in self.what]
        wrong = [f"asks for `{path}`, {problem}" for path, problem in found if problem]
        if wrong:
            raise ValueError("\n".join(wrong))
        return self

    def holds(self, value: float | None) -> bool:
        """Whether a measured value bears the claim out; no value never does, infinity may."""
        if value is None:
            return False
        low, high = self.between or (self.at_least, self.at_most)
        return (low is None or value >= low) and (high is None or value <= high)


class Roster(Table):
    """Who sits at the table on a day, with their numbers."""

    title: Text = Field(description="whose roster, on which day")
    date: dt.date = Field(description="the day for which it holds")
    source: str | None = None
    judgement: str | None = None

    @model_validator(mode="after")
    def _argued(self) -> Roster:
        if not (self.source or self.judgement):
            raise ValueError("carries neither `source` nor `judgement`; write one")
        return self


class RosterFile(Table):
    """A file of members that scenarios share."""

    roster: Roster
    members: dict[MemberId, Member]


@dataclass(frozen=True)
class Origin:
    """Where a scenario came from: its document as read, before any change."""

    document: dict[str, Any]
    name: str
    where: str
    folder: Path
    rosters: dict[str, tuple[RosterFile, dict[str, Any]]] = field(default_factory=dict)
    """Rosters that were read for it, so that all its what-ifs see the same."""
    seated: list[tuple[dict[str, Any], Scenario]] = field(
        default_factory=list, compare=False, repr=False
    )
    """The document with its members written in, and the scenario that it is, once they are made."""


class Scenario(Table):
    """A whole scenario file, its roster read in, with the changes made to it."""

    base: str | None = Field(None, description="another scenario that this one starts from")
    base_clauses: Texts = Field((), description="the clauses taken over from it; default: all")
    about: About = Field(description="title, question, date, sources, what it leaves out")
    happened: Happened | None = Field(
        None, description="what became of it, where that is known; the model never reads it"
    )
    rule: Rule = Field(Rule(), description="how stances become a decision")
    process: Process = Field(Process(), description="how the clauses are negotiated")
    interests: dict[PlainId, Interest] = Field(min_length=1, description="what members care about")
    clauses: dict[ClauseId, Clause] = Field(min_length=1, description="the treaty, in order")
    members: Members = Field(description="a roster, or the members themselves")
    proposer: Proposer = Field(description="who tables the treaty")
    evidence: dict[PlainId, Evidence] = Field({}, description="what has been seen of the proposer")
    assumptions: Assumptions = Field(
        Assumptions(), description="what is uncertain in the same way for everybody"
    )
    levers: dict[PlainId, Lever] = Field({}, description="what-ifs that the author suggests")
    room: Room = Field(Room(), description="how a workshop plays it; the model never reads it")
    expect: Annotated[tuple[Expect, ...], Field(strict=False)] = Field(
        (), description="claims that the author stands by; `oneveto check --claims` tests them"
    )

    _origin: Origin = PrivateAttr()
    _changes: dict[str, Any] = PrivateAttr(default_factory=dict)

    def remember(self, origin: Origin, changes: Mapping[str, Any]) -> None:
        """Keep where this scenario came from; called once, by whoever builds it."""
        self._origin, self._changes = origin, dict(changes)

    @property
    def origin(self) -> Origin:
        """The document as read."""
        return self._origin

    @property
    def changes(self) -> dict[str, Any]:
        """What differs from the document as read: values by address."""
        return dict(self._changes)

    @property
    def name(self) -> str:
        """The name by which commands call it."""
        return self._origin.name

    @property
    def seats(self) -> dict[str, Member]:
        """The members at the table, by id, in the order of the roster."""
        return self.members.__pydantic_extra__

    @property
    def keep(self) -> tuple[float, ...]:
        """The central probability that each type keeps its word, in the order of `TYPES`."""
        return tuple(getattr(self.proposer.keep, name).value for name in TYPES)

    @property
    def at_its_word(self) -> bool:
        """Whether every type of proposer is sure to keep its word, so that everybody's trust is 1."""
        types = [getattr(self.proposer.keep, name) for name in TYPES]
        return all(kind.value == 1 and not kind.band for kind in types)

    @property
    def spatial(self) -> bool:
        """Whether members have ideal points and saliences instead of gains and costs."""
        return any(member.ideal for member in self.seats.values())

    @property
    def counts_people(self) -> bool:
        """Whether populations are said, and not made up so that voices are as capabilities."""
        seats = self.seats.values()
        return not self.spatial or all(member.capability is None for member in seats)

    @property
    def stages(self) -> tuple[Stage, ...]:
        """What is negotiated in which order; a process that is not in steps has one stage."""
        if self.process.kind == "steps":
            return self.process.stages
        return (Stage(clauses=tuple(self.clauses), kind=self.process.kind),)

    @property
    def _quota(self) -> float | None:
        """The weight that adopts; whoever is left out takes its share of that along."""
        weighted = self.rule.weighted
        if weighted is None:
            return None
        everybody = math.fsum(weighted.weights.values())
        seated = math.fsum(weighted.weights.get(iso, 0.0) for iso in self.seats)
        return weighted.quota * (seated / everybody if everybody else 1.0)

    @property
    def table(self) -> rules.Table:
        """What a rule may need to know of the members."""
        qualified, weighted, vetoes = self.rule.qualified, self.rule.weighted, self.rule.vetoes
        return rules.Table(
            ids=tuple(self.seats),
            population=tuple(member.population for member in self.seats.values()),
            qualified=(qualified.members, qualified.population, qualified.blocking_minority),
            weights=weighted.weights if weighted else {},
            quota=self._quota,
            vetoes=(vetoes.holders, vetoes.quota) if vetoes else None,
        )
