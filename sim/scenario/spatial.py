"""Scenarios that say where members stand instead of what they gain and lose.

Data sets of political science give every actor an ideal point and a salience on every issue. Measured
from a status quo that is a member with one interest for each clause: its salience is the weight, the
clause gives and costs the square of the way it goes, as a share of the scale, and the gain is turned by
where the ideal point lies. Source: Enelow & Hinich (1984), The Spatial Theory of Voting, ch. 2.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sim.errors import did_you_mean
from sim.scenario.tables import Scenario

PLAIN = re.compile(r"[a-z][a-z0-9_]{0,39}")

SCALE = {"status_quo": 0.0, "tabled": 1.0, "low": 0.0, "high": 1.0}
"""The scale of a clause that names none: ideal points are levels."""

LOUDEST = 100.0
"""Millions of people whose voice the most capable member has; only ratios of voices matter."""

IDLE = 0.5
"""A trust that nobody asks for, where everybody is taken at its word."""


def _members(document: Mapping[str, Any]) -> dict[str, Any]:
    table = document.get("members")
    rows = table.items() if isinstance(table, dict) else ()
    return {iso: row for iso, row in rows if isinstance(row, dict)}


def _spatial(document: Mapping[str, Any]) -> bool:
    return any(row.get("ideal") for row in _members(document).values())


def with_weights(document: dict[str, Any]) -> dict[str, Any]:
    """The document with `salience` under its general name, `weight`."""
    if not _spatial(document):
        return document
    members = dict(document["members"])
    for iso, row in _members(document).items():
        members[iso] = {"weight" if key == "salience" else key: value for key, value in row.items()}
    return {**document, "members": members}


def written_out(document: dict[str, Any]) -> dict[str, Any]:
    """The document with all that follows from ideal points: interests, stakes, voices.

    What the file says itself stays as it is; `misfits` finds what contradicts.
    """
    clauses = document.get("clauses")
    if not _spatial(document) or not isinstance(clauses, dict):
        return document
    interests = {
        name: {"title": row.get("title", name), "kind": "divisible"}
        for name, row in clauses.items()
        if isinstance(row, dict)
    }
    stakes = {
        name: {"gain": _stake(name, row), "cost": _stake(name, row), **row}
        if isinstance(row, dict)
        else row
        for name, row in clauses.items()
    }
    return {
        **document,
        "interests": document.get("interests", interests),
        "clauses": stakes,
        "members": {**document["members"], **_with_voices(_members(document))},
    }


def _stake(name: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """The square of the way from the status quo to the tabled text, as a share of the range."""
    given = row.get("scale")
    parts = given if isinstance(given, dict) else {}
    start, end, low, high = (
        float(parts[key]) if isinstance(parts.get(key), int | float) else default
        for key, default in SCALE.items()
    )
    step = (end - start) / (high - low) if high > low else 0.0
    return {name: {"value": step**2, "band": 0.0}}


def _with_voices(rows: Mapping[str, Any]) -> dict[str, Any]:
    """A member without a population has the voice of its capability; its trust is idle."""
    power = {iso: capability(row.get("capability")) for iso, row in rows.items()}
    most = max(power.values(), default=0.0)
    return {
        iso: {"trust": IDLE, "population": _people(power[iso], most), **row}
        for iso, row in rows.items()
    }


def capability(given: Any) -> float:
    """One capability for all clauses: the mean where there is one for each; 1 where there is none."""
    if isinstance(given, dict):
        numbers = [n for n in given.values() if isinstance(n, int | float)]
        return math.fsum(numbers) / len(numbers) if numbers else 1.0
    return float(given) if isinstance(given, int | float) else 1.0


def powers(given: Any, clauses: Iterable[str]) -> tuple[float, ...]:
    """A capability for every clause: its own where there is one, else the same for all."""
    own = given if isinstance(given, dict) else {}
    return tuple(own.get(name, capability(given)) for name in clauses)


def _people(power: float, most: float) -> float:
    """How many people have a voice that is to the loudest as the capabilities are."""
    share = min(max(power / most, 0.0), 1.0) if 0 < most < math.inf else 0.0
    return max(1e6 * math.expm1(share * math.log1p(LOUDEST)), 1.0)


def misfits(scenario: Scenario) -> Iterator[str]:
    """What does not go together in a scenario with ideal points."""
    if not scenario.spatial:
        return
    for name, clause in scenario.clauses.items():
        if not PLAIN.fullmatch(name):
            yield (
                f"clauses.{name}: where members have ideal points, its id has small letters, "
                "digits and `_` only; write another"
            )
        if clause.model_fields_set & {"spread"}:
            yield f"clauses.{name}.spread means nothing where members have ideal points; leave it out"
        for table in ("gain", "cost"):
            given = {key: n.value for key, n in getattr(clause, table).items() if n.value}
            if set(given) - {name} or not math.isclose(given.get(name, 0), clause.scale.step**2):
                yield (
                    f"clauses.{name}.{table} follows from the scale where members have ideal points; "
                    "leave it out"
                )
    if not scenario.at_its_word:
        yield (
            "proposer.keep: ideal points are weighed without trust; write 1 for every type of proposer"
        )
    if scenario.rule.name == "qualified" and not scenario.counts_people:
        yield (
            "rule.name: `qualified` counts people, and members have capabilities instead; write a "
            "`population` for each in place of it, or take another rule"
        )
    for iso, member in scenario.seats.items():
        missing = [name for name in scenario.clauses if name not in member.ideal]
        if missing:
            yield f"members.{iso}.ideal lacks `{missing[0]}`; write where it stands on that scale"
        if isinstance(member.capability, dict):
            for name in member.capability:
                if name not in scenario.clauses:
                    hint = did_you_mean(name, scenario.clauses)
                    yield f"members.{iso}.capability names `{name}`, which is no clause. {hint}".rstrip()
