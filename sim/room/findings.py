"""What a workshop leaves behind, as frozen facts: texts, voices, delegations, all beside the model."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from sim.outcome import versions
from sim.room.events import OBJECT, RESERVE
from sim.scenario import Scenario

SAME, HARDER, SOFTER = "same", "harder", "softer"
"""How what people did lies to what the model would have done in their place."""


@dataclass(frozen=True)
class Moment:
    """Something that happened, `minute` minutes from the opening.

    what: opened, put, gavelled, revealed, injected or talks; text: to which text, if to one; levels: of
    a text that is put or talked about; name: of what was injected; seconds: of the talks.
    """

    minute: float
    what: str
    text: int = 0
    levels: Mapping[str, float] = field(default_factory=dict)
    name: str = ""
    seconds: int = 0


@dataclass(frozen=True)
class Said:
    """What one member said of a text, and what the model would have said for it.

    by: phone, desk, model or silence; played: whether people decided it, with words or without; beside:
    where they did, whether its delegation was harder or softer than the model in its place. Who spoke
    is left out: what is told of a room tells of delegations, not of people.
    """

    member: str
    seat: str
    stance: str
    reason: str
    by: str
    played: bool
    model: str
    beside: str = ""


@dataclass(frozen=True)
class Debated:
    """A text that was put, decided and revealed.

    place: among all that were put, from 1; missing: how many of those who broke the silence would have
    to fall silent, None where no silence would carry it, for support is missing; lasted: minutes from
    put to gavel; injects: what had happened by then; elsewhere:
    whether the same voices would adopt it, by rule; model_blockers,
    model_adopted: what the model's members alone would have made of it; ceilings: of whoever broke
    the silence on a single clause, the highest level that the model's member in its place can live
    with; bearable: the text that they could have lived with by the model, lower or with fewer
    clauses, empty where there is none or where silence would not do; then: what every member would
    have said of that, each blocker by the model; passing: where support is missing, the text as it was
    put or at the highest level at which by the model it would have stood, empty where there is none.
    """

    number: int
    place: int
    minute: float
    lasted: float
    levels: Mapping[str, float]
    rule: str
    injects: tuple[str, ...]
    adopted: bool
    said: tuple[Said, ...]
    blockers: tuple[str, ...]
    elsewhere: Mapping[str, bool]
    model_blockers: tuple[str, ...]
    model_adopted: bool
    missing: int | None = None
    ceilings: Mapping[str, float] = field(default_factory=dict)
    bearable: Mapping[str, float] = field(default_factory=dict)
    then: Mapping[str, str] = field(default_factory=dict)
    passing: Mapping[str, float] = field(default_factory=dict)

    @property
    def spare(self) -> int:
        """How many of its blockers could go on objecting and it would stand, once the others do not."""
        return len(self.blockers) - (self.missing or 0)

    def by(self, stance: str) -> tuple[Said, ...]:
        """The members that took a stance."""
        return tuple(one for one in self.said if one.stance == stance)

    def reasons(self, stance: str = OBJECT) -> dict[str, int]:
        """How many delegations gave which reason for a stance, the most frequent first."""
        given = {(one.seat, one.reason) for one in self.by(stance) if one.reason}
        counted = Counter(reason for _, reason in sorted(given))
        return dict(counted.most_common())

    def beside(self) -> dict[str, int]:
        """How many delegations did the same as the model would have, or were harder or softer."""
        ways = Counter({one.seat: one.beside for one in self.said if one.played}.values())
        return {way: ways[way] for way in (SAME, HARDER, SOFTER)}


@dataclass(frozen=True)
class Record:
    """What became of a delegation: in how many texts it spoke, broke the silence, reserved, supported.

    changes: how often it changed its mind before the gavel; alike, harder, softer: in how many texts
    that people played, beside the model.
    """

    seat: str
    title: str
    spoke: int
    broke: int
    reserved: int
    supported: int
    changes: int
    alike: int
    harder: int
    softer: int

    @property
    def played(self) -> int:
        """In how many texts people played it."""
        return self.alike + self.harder + self.softer


@dataclass(frozen=True)
class Debrief:
    """A workshop looked back at.

    people: the most that were there at once; minutes: from the opening to the last entry; stands:
    clauses that stand at the end with their levels, and model_stands: those that the model's members
    would have let stand, had the same texts been put.
    """

    scenario: Scenario
    code: str
    sha256: str
    seating: str
    people: int
    minutes: float
    moments: tuple[Moment, ...]
    texts: tuple[Debated, ...]
    records: tuple[Record, ...]
    stands: Mapping[str, float]
    model_stands: Mapping[str, float]

    @property
    def beside(self) -> dict[str, int]:
        """All answers of delegations that people played, beside the model."""
        total: Counter[str] = Counter()
        for text in self.texts:
            total.update(text.beside())
        return {way: total[way] for way in (SAME, HARDER, SOFTER)}

    def as_json(self) -> dict[str, Any]:
        """The debrief as JSON sees it; fields are only ever added to schema 1."""
        return {
            "schema": 1,
            "scenario": self.scenario.name,
            "sha256": self.sha256,
            "versions": versions(),
            "room": self.code,
            "seating": self.seating,
            "people": self.people,
            "minutes": self.minutes,
            "stands": dict(self.stands),
            "model_stands": dict(self.model_stands),
            "beside_the_model": self.beside,
            "timeline": [asdict(moment) for moment in self.moments],
            "texts": [_text_as_json(text) for text in self.texts],
            "seats": [asdict(record) for record in self.records],
        }

    def rows(self) -> list[dict[str, Any]]:
        """One row for every member and text: what it said, and what the model would have said."""
        return [
            {
                "text": text.place,
                "minute": text.minute,
                "clauses": " ".join(text.levels),
                "levels": " ".join(f"{level:g}" for level in text.levels.values()),
                "rule": text.rule,
                "adopted": text.adopted,
                **asdict(one),
            }
            for text in self.texts
            for one in text.said
        ]


def _text_as_json(text: Debated) -> dict[str, Any]:
    """A text with what follows from it; a member that can live with any level has no ceiling."""
    ceilings = {
        iso: level if math.isfinite(level) else None for iso, level in text.ceilings.items()
    }
    said = [asdict(one) for one in text.said]
    counted = {
        "reasons": text.reasons(),
        "reservations": text.reasons(RESERVE),
        "beside_the_model": text.beside(),
    }
    return asdict(text) | counted | {"said": said, "ceilings": ceilings}
