"""What a scenario says, on one sheet: as a whole, of one clause, of one member."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sim.scenario import TYPES, Clause, Member, Number, Scenario, powers, roster_of


def overview(scenario: Scenario) -> dict[str, Any]:
    """A scenario without its numbers; fields are only ever added to schema 1."""
    about = scenario.about.model_dump(mode="json", by_alias=True)
    return {
        "schema": 1,
        "scenario": scenario.name,
        **about,
        "rule": scenario.rule.name,
        "clauses": [
            {"id": name, "title": row.title, "text": row.text}
            for name, row in scenario.clauses.items()
        ],
        "levers": [{"name": name, **_plain(row)} for name, row in scenario.levers.items()],
        "evidence": [{"name": name, **_plain(row)} for name, row in scenario.evidence.items()],
        "members": [{"id": iso, "name": row.name} for iso, row in scenario.seats.items()],
    }


def clause(scenario: Scenario, name: str) -> dict[str, Any]:
    """A clause with its stakes and their grounds."""
    row = _plain(scenario.clauses[name])
    return {"schema": 1, "scenario": scenario.name, "clause": {"id": name, **row}}


def member(scenario: Scenario, iso: str) -> dict[str, Any]:
    """A member with its numbers and their grounds, its own and those of the roster it comes from."""
    row = {"id": iso, **_plain(scenario.seats[iso])}
    named = [{"of": of, **why} for of, table in _answering(scenario) if (why := _argued(table))]
    return {"schema": 1, "scenario": scenario.name, "member": row, "grounds": named}


def _plain(table: Any) -> dict[str, Any]:
    """A table as JSON sees it, without what is left out."""
    plain: dict[str, Any] = table.model_dump(mode="json", by_alias=True, exclude_none=True)
    return plain


def grounds(scenario: Scenario, row: Clause | Member) -> list[tuple[str, str]]:
    """What a row and its numbers rest on: what it is a ground of, and the ground."""
    shared = shared_grounds(scenario) if isinstance(row, Member) else []
    return own_grounds(row) + shared


def own_grounds(row: Clause | Member) -> list[tuple[str, str]]:
    """What a row says of itself and of its numbers, without what answers for all members."""
    return _spoken([("", row), *_numbers(row)])


def shared_grounds(scenario: Scenario) -> list[tuple[str, str]]:
    """What answers for the members as a whole."""
    return _spoken(_answering(scenario))


def _spoken(tables: Iterable[tuple[str, Any]]) -> list[tuple[str, str]]:
    return [
        (f"{kind.title()} of {of}" if of else kind.title(), text)
        for of, table in tables
        for kind, text in _argued(table).items()
    ]


def _argued(table: Any) -> dict[str, str]:
    """Source and judgement of a table, those that it has."""
    return {kind: getattr(table, kind) for kind in ("source", "judgement") if getattr(table, kind)}


def _numbers(row: Any) -> Iterator[tuple[str, Any]]:
    for name in type(row).model_fields:
        value = getattr(row, name)
        if isinstance(value, Number):
            yield name, value
        elif isinstance(value, dict):
            yield from ((f"{name}.{key}", number) for key, number in value.items())


def _answering(scenario: Scenario) -> list[tuple[str, Any]]:
    """What answers for the members as a whole: the scenario and its roster."""
    roster = roster_of(scenario)
    own = [("the members", scenario.members)]
    return [*own, (f"the roster {scenario.members.roster}", roster)] if roster else own


# Tables, one row for each of a kind -------------------------------------------------------------

Row = dict[str, Any]


def clauses(scenario: Scenario) -> list[Row]:
    """Every clause with its stakes; columns are the ends of addresses, as `cost.deterrence`."""
    return [
        {"clause": name, "title": row.title, "level": row.level, "least": row.least}
        | (_scale(row) if scenario.spatial else _values(row) | {"spread": row.spread})
        | {"text": row.text}
        | _whys(row)
        for name, row in scenario.clauses.items()
    ]


def members(scenario: Scenario) -> list[Row]:
    """Every member with its numbers; what answers for all of them is not repeated."""
    return [
        {"member": iso, "name": row.name}
        | _size(scenario, row)
        | (_stand(row) if scenario.spatial else _values(row))
        | _whys(row)
        for iso, row in scenario.seats.items()
    ]


def _scale(row: Clause) -> Row:
    """Where the status quo and the text lie on the scale of a clause; stakes follow from that."""
    ends = ("low", "high", "status_quo", "tabled")
    return {f"scale.{end}": getattr(row.scale, end) for end in ends}


def _stand(row: Member) -> Row:
    """Resolve, ideal points and saliences; nothing else of a member counts where it has these."""
    places = {f"ideal.{name}": number.value for name, number in row.ideal.items()}
    cares = {f"salience.{name}": number.value for name, number in row.weight.items()}
    return {"resolve": row.resolve.value, **places, **cares}


def _size(scenario: Scenario, row: Member) -> Row:
    """How many people, or its capability, by clause where these differ."""
    if scenario.counts_people:
        return {"population": row.population}
    numbers = powers(row.capability, scenario.clauses)
    if len(set(numbers)) == 1:
        return {"capability": numbers[0]}
    return {f"capability.{name}": number for name, number in zip(scenario.clauses, numbers)}


def evidence(scenario: Scenario) -> list[Row]:
    """Every item of evidence, and how likely it was under each type of proposer."""
    return [
        {
            "evidence": name,
            "title": row.title,
            "date": row.date and str(row.date),
            "count": row.count,
        }
        | {kind: (row.likelihood or {}).get(kind) for kind in TYPES}
        | {"opposite of": row.complement_of, "band": row.band}
        | _whys(row)
        for name, row in scenario.evidence.items()
    ]


def assumptions(scenario: Scenario) -> list[Row]:
    """Everything else that is uncertain: of everybody, of the noise, of the proposer."""
    tables = {
        "assumptions": scenario.assumptions,
        "assumptions.spread": scenario.assumptions.spread,
        "proposer": scenario.proposer,
        "proposer.keep": scenario.proposer.keep,
        "proposer.floor": scenario.proposer.floor,
    }
    return [
        {"address": f"{of}.{name}", "value": number.value, "band": number.band} | _whys(number)
        for of, table in tables.items()
        for name, number in _numbers(table)
    ]


def settled(scenario: Scenario) -> list[Row]:
    """What is chosen and not drawn: the rule, its thresholds, the process, how the proposer bargains."""
    tables = {
        "rule.qualified": scenario.rule.qualified,
        "rule.weighted": scenario.rule.weighted,
        "process": scenario.process,
        "proposer": scenario.proposer,
        "proposer.accepts_part": scenario.proposer.accepts_part,
    }
    rule = {"address": "rule", "value": scenario.rule.name, "source": "", "judgement": ""}
    return [rule] + [
        {"address": f"{of}.{name}", "value": value}
        | {kind: getattr(table, kind, None) or "" for kind in ("source", "judgement")}
        for of, table in tables.items()
        if table
        for name, value in table
        if isinstance(value, str | float | int) and name not in ("name", "source", "judgement")
    ]


def _values(row: Clause | Member) -> Row:
    return {name: number.value for name, number in _numbers(row)}


def _whys(row: Any) -> Row:
    """Source and judgement of a row, those of its single numbers behind them."""
    found = [("", row), *([] if isinstance(row, Number) else _numbers(row))]
    return {
        kind: " ".join(
            f"{name}: {text}" if name else text
            for name, table in found
            if (text := getattr(table, kind, None))
        )
        for kind in ("source", "judgement")
    }
