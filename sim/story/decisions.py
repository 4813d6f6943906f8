"""One decision whose outcome is known: what was said of it, and what happened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from sim.scenario import Scenario
from sim.story.words import listed, member_name, percent

if TYPE_CHECKING:
    from sim.analysis.record import Told

BASES = {
    "data": "The members' data alone must tell.",
    "matter": "A matter of a member's own is written down.",
}
"""What a forecast could rest on, as it was said before any result was looked at."""

LIKELIEST = 3
"""Members that are mentioned where nobody is named."""

Names = Mapping[str, str]


def verdict(row: Told) -> str:
    """Whether what was said was right, as a glyph and a word."""
    if not row.right:
        return "✕ Wrong"
    return "◐ Right, but not on who" if row.fails else "✓ Right"


def in_short(row: Told) -> str:
    """A decision as a line of a list: right or wrong, what it was, what was said, what happened."""
    became = "adopted" if row.passed else "not adopted"
    said = percent(row.survival).replace(" ", "\N{NO-BREAK SPACE}")
    return f"{verdict(row)} · {row.title} · said {said}, {became}"


def was_said(row: Told, names: Names) -> str:
    """How likely it was said to be adopted, and who was named."""
    said = f"adopted as first put with {percent(row.survival)}"
    if row.named:
        return f"{said}; named: {_with_chances(row, row.named, names)}."
    least = min(row.chances.values())
    likeliest = [iso for iso, chance in row.chances.items() if chance > least][:LIKELIEST]
    if not likeliest:
        return f"{said}; nobody named, everybody put at {percent(least)}."
    found = _with_chances(row, likeliest, names)
    return f"{said}; nobody named, likeliest to break the silence: {found}."


def happened(passed: bool, blockers: Iterable[str], names: Names) -> str:
    """Whether it was adopted, and who blocked it, by whatever way there was."""
    if passed:
        return "adopted as first put; nobody blocked it"
    who = [names.get(iso, iso) for iso in blockers]
    return "not adopted as first put" + (f"; blocked by {listed(who)}" if who else "")


def compared(row: Told, names: Names) -> list[str]:
    """What does not agree between the two, and who does not count."""
    found = []
    if row.missed:
        found.append(f"Blocked and not named: {_with_chances(row, row.missed, names)}.")
    if row.false_alarms:
        found.append(f"Named and silent: {_with_chances(row, row.false_alarms, names)}.")
    if row.cool:
        cool = listed(names.get(iso, iso) for iso in row.cool)
        found.append(f"Said to have been cool, which counts neither way: {cool}.")
    if row.unknown:
        unknown = listed(names.get(iso, iso) for iso in row.unknown)
        found.append(f"Of whom nothing is known, which counts neither way: {unknown}.")
    return found


def day(date: dt.date) -> str:
    """A day as people write it.

    >>> day(dt.date(2008, 4, 3))
    '3 April 2008'
    """
    return f"{date.day} {date:%B %Y}"


def _with_chances(row: Told, members: Iterable[str], names: Names) -> str:
    return listed(f"{names.get(iso, iso)} ({percent(row.chances[iso])})" for iso in members)


def known_outcome(scenario: Scenario) -> str:
    """What became of the decision that is played, where that is known; else nothing."""
    known = scenario.happened
    if known is None:
        return ""
    names = {iso: member_name(scenario, iso) for iso in scenario.seats}
    return (
        f"What happened on {day(known.date)} is known: "
        f"{happened(known.passed, known.blockers, names)}. {known.ending}"
    )
