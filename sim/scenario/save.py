"""A what-if as a scenario file of its own."""

from __future__ import annotations

import copy
from typing import Any

import tomli_w

from sim.scenario import address, build, files
from sim.scenario.address import spelled
from sim.scenario.mistakes import Place
from sim.scenario.tables import Scenario


def as_file(scenario: Scenario, title: str | None = None) -> str:
    """The scenario with its changes written in, whole: what it started from is no longer needed.

    Claims are left out, since they were made for the original, and so are levers and a workshop that
    no longer fit and, where anything is changed, what happened. A number that was changed says so
    instead of its old grounds. Reading the file gives the same worlds.
    """
    document = copy.deepcopy(scenario.origin.document)
    for key in ("base", "base_clauses", "expect"):
        document.pop(key, None)
    if scenario.changes:
        document.pop("happened", None)
        _write_in(document, scenario)
    if title:
        document["about"]["title"] = title
    document = _with_own_roster(document, scenario)
    levers, room = document.pop("levers", {}), document.pop("room", {})
    fits = build.from_document(document, folder=scenario.origin.folder)
    document["levers"] = {
        name: lever for name, lever in levers.items() if build.possible(fits, lever["set"])
    }
    if all(build.possible(fits, inject["set"]) for inject in room.get("injects", {}).values()):
        document["room"] = room
    return tomli_w.dumps(document)


def _with_own_roster(document: dict[str, Any], scenario: Scenario) -> dict[str, Any]:
    """The document with the members of its roster written in, where that is no shipped one."""
    name = document["members"].get("roster")
    if name is None or _is_shipped(name, scenario):
        return document
    about = files.roster_in(scenario.origin, name)[0].roster
    grounds = {"source": about.source, "judgement": about.judgement}
    grounds = {key: words for key, words in grounds.items() if words}
    members = files.with_roster(document, scenario.origin)["members"]
    seats = {key: row for key, row in members.items() if isinstance(row, dict)}
    rest = members.keys() - seats.keys() - {"roster", "drop"}
    return document | {
        "members": {key: members[key] for key in sorted(rest)}
        | {key: row if _grounded(row) else grounds | row for key, row in seats.items()}
    }


def _grounded(row: dict[str, Any]) -> bool:
    return "source" in row or "judgement" in row


def _is_shipped(name: str, scenario: Scenario) -> bool:
    """Whether a roster comes with oneveto, and is what the scenario found under that name."""
    if name not in (*files.rosters(), *files.rosters(files.PRECEDENTS)):
        return False
    shipped = files.roster(name, files.shipped(), scenario.origin.where)
    return shipped[1] == files.roster_in(scenario.origin, name)[1]


def _write_in(document: dict[str, Any], scenario: Scenario) -> None:
    before = build.unchanged(scenario)
    about, changes = document["about"], scenario.changes
    about["sources"] = [*about["sources"], f"A what-if of {scenario.name}: {spelled(changes)}"]
    build.with_membership(document, changes)
    for name, item in before.evidence.items():
        document["evidence"][name].setdefault("included", item.count)
    for key, value in changes.items():
        if key in address.MEMBERSHIP:
            continue
        for place in address.locate(before, key):
            old = build.number_at(before, place)
            address.put(document, place, value, old)
            if old is not None:
                _argue(document, place, f"A what-if; the original says {old.value:g}.")


def _argue(document: dict[str, Any], place: Place, judgement: str) -> None:
    """The number that a place is a part of no longer rests on its old grounds."""
    *parents, owner, _ = place
    node: Any = document
    for key in parents:
        node = node[key]
    number = node[owner] if isinstance(node[owner], dict) else {"value": node[owner]}
    number.pop("source", None)
    node[owner] = {**number, "judgement": judgement}
