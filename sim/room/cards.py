"""Role cards: what a delegation is told before it sits down, all of it from scenario and model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.room import briefing
from sim.room.council import Council, Line
from sim.room.events import Seat
from sim.scenario import Scenario


@dataclass(frozen=True)
class Card:
    """What a delegation is told, as facts and as sentences to it.

    red_lines, accepts and supports share out the clauses as they are tabled; sections are the sentences
    by their headings, in the order in which one reads them.
    """

    title: str
    members: tuple[str, ...]
    red_lines: tuple[Line, ...]
    accepts: tuple[str, ...]
    supports: tuple[str, ...]
    sections: Mapping[str, tuple[str, ...]]

    def as_json(self) -> dict[str, Any]:
        """What a phone shows: the sentences by their headings."""
        return {"title": self.title} | {name: list(said) for name, said in self.sections.items()}


def card(
    scenario: Scenario, title: str, members: Sequence[str], council: Council | None = None
) -> Card:
    """The role card of a seat: its title, and the members that it speaks for.

    council: what the model says of everybody, where it has been worked out already.
    """
    table = council or Council(scenario)
    red, supports = table.red_lines(members), table.supported(members)
    lines = {line.clause for line in red}
    return Card(
        title=title,
        members=tuple(members),
        red_lines=red,
        accepts=tuple(name for name in table.tabled if name not in lines | {*supports}),
        supports=supports,
        sections=briefing.sections(table, members, red, supports),
    )


def cards(scenario: Scenario, seats: Mapping[str, Seat]) -> tuple[Card, ...]:
    """The role cards of all seats."""
    table = Council(scenario)
    return tuple(card(scenario, *seat, table) for seat in seats.values())
