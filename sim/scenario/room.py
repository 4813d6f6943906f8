"""What the table `[room]` of a scenario file says: how a workshop plays it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sim.scenario.kinds import Changes, PlainId, Table, Text, Texts


class Bloc(Table):
    """Members that one delegation speaks for, where a workshop has few people."""

    title: Text = Field(description="the bloc in plain words")
    members: Annotated[Texts, Field(min_length=1)] = Field(description="its members")


class Inject(Table):
    """Something that happens in the middle of a workshop, and changes what the model believes."""

    title: Text = Field(description="what happens, in plain words")
    set: Changes = Field(description="addresses and their values")
    text: Text = Field(description="what the facilitator reads out")


class Act(Table):
    """One act of the facilitator, at its minute."""

    minute: Annotated[float, Field(ge=0, le=600)] = Field(description="when, from the opening")
    say: str = Field("", description="what the facilitator says")
    do: Literal["say", "talk", "put", "gavel", "reveal", "inject"] = Field(
        "say", description="what the facilitator does"
    )
    clauses: Texts = Field(
        (), description="with `put` and `talk`: one clause, or several as one text"
    )
    level: Annotated[float, Field(gt=0, le=1)] | None = Field(
        None, description="with `put` and `talk`: the level of the text; default: as tabled"
    )
    seconds: Annotated[int, Field(ge=0, le=3600)] = Field(
        120, description="with `put`: how long silence must last; with `talk`: how long the talks"
    )
    inject: str | None = Field(None, description="with `inject`: what happens")


class Script(Table):
    """A workshop from the first word to the debrief."""

    title: Text = Field(description="the script in plain words")
    minutes: Annotated[int, Field(ge=1, le=600)] = Field(description="how long it takes")
    seating: Literal["blocs", "key", "all"] = Field(description="who is played by people")
    acts: Annotated[tuple[Act, ...], Field(strict=False)] = Field(description="what is done when")


class Room(Table):
    """How a workshop plays the scenario: who speaks for whom, what may happen, in which order."""

    blocs: dict[PlainId, Bloc] = Field({}, description="members by the delegation that plays them")
    key: Texts = Field((), description="the members that matter most, for a middling group")
    injects: dict[PlainId, Inject] = Field({}, description="what may happen in between")
    scripts: dict[PlainId, Script] = Field({}, description="ready-made workshops")
    source: str | None = None
    judgement: str | None = None
