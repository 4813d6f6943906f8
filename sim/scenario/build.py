"""From a document to a checked scenario, and from a scenario to a changed one."""

from __future__ import annotations

import copy
import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim import belief, rules
from sim.errors import OnevetoError, RequestError, ScenarioError, did_you_mean, short
from sim.scenario import address, files, paths, spatial, workshop
from sim.scenario.kinds import Number
from sim.scenario.mistakes import Place, sentences, shown
from sim.scenario.paths import TREATY
from sim.scenario.room import Inject
from sim.scenario.tables import Lever, Origin, Scenario

PARTIAL = (
    "Assumption",
    "Clause",
    "Evidence",
    "Interest",
    "Keep",
    "Member",
    "Number",
    "Proposer",
)
"""Tables of a file that may lie over those of another, a roster or a base, and then say less."""


def load(scenario: str | Path) -> Scenario:
    """Read and check a scenario: a path, or the name of a shipped one.

    Raises ScenarioError with one sentence for every problem of the file.
    """
    path = files.find(scenario)
    document = files.with_base(files.read(path), path.parent, path.name)
    return from_document(document, name=files.name_of(path), where=path.name, folder=path.parent)


def from_bytes(content: bytes, filename: str) -> Scenario:
    """Check a scenario that somebody hands over; a base or a roster of it must be a shipped one."""
    where, folder = Path(filename).name, files.shipped()
    if len(content) > files.HEAVIEST:
        raise ScenarioError(where, ["is too large for a scenario"])
    document = files.tables_of(files.decoded(content, where), where)
    _raise_if(where, list(_elsewhere(document)))
    document = files.with_base(document, folder, where)
    return from_document(document, name=Path(where).stem, where=where, folder=folder)


def _elsewhere(document: Mapping[str, Any]) -> Iterator[str]:
    """A base and a roster that do not come with oneveto: nobody's files are read on somebody's word."""
    members = document.get("members")
    roster = members.get("roster") if isinstance(members, dict) else None
    for key, name, known in (
        ("base", document.get("base"), files.bases()),
        ("members.roster", roster, [*files.rosters(), *files.rosters(files.PRECEDENTS)]),
    ):
        if isinstance(name, str) and name not in known:
            hint = did_you_mean(name, known)
            yield f"{key} names `{short(name, 40)}`, which does not come with oneveto. {hint}".rstrip()


def from_document(
    document: dict[str, Any],
    *,
    name: str = "scenario",
    where: str = "scenario",
    folder: Path = Path(),
) -> Scenario:
    """Check a scenario that is already a table, as `tomllib` returns it."""
    document = spatial.with_weights(document)
    scenario = _build(Origin(document, name, where, folder.absolute()), {})
    _raise_if(where, [*_unargued(scenario), *_bad_history(scenario)])
    _raise_if(where, [*_bad_levers(scenario), *_bad_claims(scenario)])
    return scenario


def with_changes(scenario: Scenario, changes: Mapping[str, Any]) -> Scenario:
    """The scenario with other values at some addresses; the only way to change one.

    Setting moves the centre of a number and keeps its band; `….band` set to 0 pins it. The scenario
    remembers its changes, and a later change of the same address replaces the earlier.

    Raises RequestError for an unknown address, ScenarioError for a value that does not fit.
    """
    kept = {key: value for key, value in scenario.changes.items() if key not in changes}
    return _build(scenario.origin, kept | dict(changes))


def as_read(scenario: Scenario) -> Scenario:
    """The scenario as its file has it, with the members of the file."""
    return _build(scenario.origin, {})


def unchanged(scenario: Scenario) -> Scenario:
    """The scenario as read, among the members who sit at the table now."""
    who = {key: value for key, value in scenario.changes.items() if key in address.MEMBERSHIP}
    return _build(scenario.origin, who)


def _build(origin: Origin, changes: Mapping[str, Any]) -> Scenario:
    who = {key: value for key, value in changes.items() if key in address.MEMBERSHIP}
    numbers = {key: value for key, value in changes.items() if key not in who}
    where = f"{origin.where}, changed" if changes else origin.where
    document, scenario = _seated(origin, who, where)
    if numbers:
        document = _with_included(copy.deepcopy(document), scenario)
        for key, value in numbers.items():
            _change(scenario, document, key, value)
        scenario = _validated(document, where)
        scenario.remember(origin, changes)
    _raise_if(where, _misfits(scenario))
    return scenario


def _seated(origin: Origin, who: Mapping[str, Any], where: str) -> tuple[dict[str, Any], Scenario]:
    """Document and scenario with those who sit at the table; as in the file, they are made once."""
    if not who and origin.seated:
        return origin.seated[0]
    document = with_membership(copy.deepcopy(origin.document), who)
    document = files.with_roster(document, origin)
    scenario = _validated(document, where)
    scenario.remember(origin, who)
    if not who:
        origin.seated.append((document, scenario))
    return document, scenario


def with_membership(document: dict[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Roster and absences come first: they decide which other addresses there are."""
    members = document.get("members")
    if not isinstance(members, dict):
        return document
    if "members.roster" in changes:
        members["roster"] = _roster_name(members.get("roster"), str(changes["members.roster"]))
    if "members.drop" in changes:
        members["drop"] = _dropped(changes["members.drop"])
    return document


def _dropped(given: Any) -> list[str]:
    """The ids of those who are left out: a list, or text with commas between them."""
    names = given.split(",") if isinstance(given, str) else given
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
        raise RequestError(f"members.drop is {shown(given)}; write ids of members, as HUN,TUR")
    return [name.strip() for name in names]


def _roster_name(current: Any, wanted: str) -> str:
    """A year stands for the roster of that year from the same family."""
    if not isinstance(current, str):
        raise RequestError("the members are written in the scenario itself; it names no roster")
    family, _, _ = current.rpartition("-")
    return f"{family}-{wanted}" if wanted.isdecimal() and family else wanted


def _with_included(document: dict[str, Any], scenario: Scenario) -> dict[str, Any]:
    """What the members' trust already contains stays what it was when a count changes."""
    for name, item in scenario.evidence.items():
        document["evidence"][name].setdefault("included", item.count)
    return document


def _change(scenario: Scenario, document: dict[str, Any], key: str, value: Any) -> None:
    for place in address.locate(scenario, key):
        address.put(document, place, value, number_at(scenario, place))


def number_at(scenario: Scenario, place: Place) -> Number | None:
    """The number of which a place names a part; None for any other place."""
    if place[-1] not in ("value", "band", "dist"):
        return None
    node: Any = scenario
    for key in place[:-1]:
        node = (address.children(node) or {})[str(key)]
    return node if isinstance(node, Number) else None


def _validated(document: dict[str, Any], where: str) -> Scenario:
    _raise_if(where, _unquoted(document))
    try:
        document = spatial.written_out(document)
        return Scenario.model_validate(document, context=_ids(document))
    except ValidationError as error:
        raise ScenarioError(where, sentences(error, Scenario)) from None
    except RecursionError:
        raise ScenarioError(where, ["is nested too deeply"]) from None


def _unquoted(document: Mapping[str, Any]) -> list[str]:
    """Clauses whose id was torn apart at its dot: [clauses.N5.1] is the table 1 of a clause N5."""
    clauses = document.get("clauses")
    return [
        f'clauses.{head}.{tail} is torn apart at its dot; write [clauses."{head}.{tail}"]'
        for head, row in (clauses.items() if isinstance(clauses, dict) else ())
        for tail, part in (row.items() if isinstance(row, dict) else ())
        if isinstance(part, dict) and ("title" in part or "text" in part)
    ]


def _ids(document: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """The ids that other parts of the file may refer to; a kind that is no table is left out."""
    ids = {
        kind: tuple(key for key, row in table.items() if isinstance(row, dict))
        for kind in ("interests", "clauses", "members", "evidence")
        if isinstance(table := document.get(kind), dict)
    }
    if "members" in ids:  # who is left out of a what-if may still be named where a rule is stated
        dropped = document["members"].get("drop", [])
        ids["delegations"] = (*ids["members"], *(dropped if isinstance(dropped, list) else ()))
    return ids


def _raise_if(where: str, problems: list[str]) -> None:
    if problems:
        raise ScenarioError(where, problems)


# Checks across tables ---------------------------------------------------------------------------


def _misfits(scenario: Scenario) -> list[str]:
    """What no single table can see: an empty council, trust no belief allows, rules that misfit."""
    if not scenario.seats and scenario.members.drop:
        return ["members.drop leaves nobody at the table"]
    if not scenario.seats:
        return ["members is empty; name a roster or write at least one member"]
    return [
        *_bad_id(scenario),
        *_bad_rule(scenario),
        *_bad_tabling(scenario),
        *_bad_stages(scenario),
        *_bad_evidence(scenario),
        *_bad_known(scenario),
        *spatial.misfits(scenario),
        *workshop.misfits(scenario),
    ] or _bad_trust(scenario)


def _bad_id(scenario: Scenario) -> list[str]:
    if TREATY in scenario.clauses:
        return [f"clauses.{TREATY} has the id under which results list the whole; write another id"]
    return []


def _bad_rule(scenario: Scenario) -> list[str]:
    try:
        rules.named(scenario.rule.name, scenario.table)
    except RequestError as error:
        return [f"rule: {error}"]
    return []


def _bad_tabling(scenario: Scenario) -> list[str]:
    return [
        f"clauses.{name}.tabled_with names `{clause.tabled_with}`, which itself cannot stand alone; "
        "name the clause that both hang on"
        for name, clause in scenario.clauses.items()
        if clause.tabled_with and scenario.clauses[clause.tabled_with].tabled_with
    ]


def _bad_stages(scenario: Scenario) -> list[str]:
    """Stages that name no clause, one twice, or a clause before the one that it hangs on."""
    if scenario.process.kind == "steps" and not scenario.process.stages:
        return ["process.kind is `steps`, but there are no [[process.stages]]; write at least one"]
    problems, seen = [], dict[str, int]()
    for number, stage in enumerate(scenario.process.stages, 1):
        for name in stage.clauses:
            place = f"process.stages: stage {number} names `{name}`"
            if name not in scenario.clauses:
                problems.append(
                    f"{place}, which is no clause. {did_you_mean(name, scenario.clauses)}".rstrip()
                )
            elif name in seen:
                problems.append(f"{place}, which stage {seen[name]} has already; name it once")
            seen.setdefault(name, number)
    missing = [name for name in scenario.clauses if seen and name not in seen]
    if missing and not problems:
        return [f"process.stages leave out {missing[0]}; put every clause into a stage"]
    return problems or [
        f"process.stages: {name} is tabled in stage {number} without {host}, on which it hangs; put "
        f"{host} into that stage or an earlier one"
        for name, number in seen.items()
        if (host := scenario.clauses[name].tabled_with) and seen.get(host, number + 1) > number
    ]


def _bad_evidence(scenario: Scenario) -> list[str]:
    problems = []
    for name, item in scenario.evidence.items():
        other = scenario.evidence[item.complement_of] if item.complement_of else None
        if other and other.likelihood is None:
            problems.append(f"evidence.{name} is the complement of a complement; name the item")
        elif other and other.likelihood and max(other.likelihood.values()) >= 1:
            problems.append(
                f"evidence.{name} is impossible: `{item.complement_of}` is certain under some type"
            )
    return problems


def _bad_known(scenario: Scenario) -> list[str]:
    """What was not public yet on the day on which the members decide."""
    day = scenario.about.date
    if day is None:
        missing = "about lacks `date`: the day on which the members decide, as 2021-12-17"
        return [] if scenario.spatial else [missing]
    return [
        f"members.{name}.known is {member.known}, after {day} (`about.date`); leave out what was not "
        "known then"
        for name, member in scenario.seats.items()
        if member.known and member.known > day
    ]


def _bad_trust(scenario: Scenario) -> list[str]:
    """A member's trust is a mixture of the types' keeping: it lies strictly between them.

    Of a proposer taken at its word nobody's trust is asked: it is 1.
    """
    if scenario.at_its_word:
        return []
    if set(scenario.keep) == {1}:
        return [
            "proposer.keep is 1 for every type and has a band; a proposer taken at its word has none, "
            "write 1 or { value = 1, band = 0 }"
        ]
    low, high = belief.bounds(scenario.keep, scenario.assumptions.pretext.value)
    if low >= high:
        return [
            f"proposer.keep: a security seeker keeps its word with {high:g}, no more than the "
            f"others with {low:g}, so trust would say nothing"
        ]
    return [
        f"members.{name}.trust is {member.trust.value:g}; with these types of proposer it must lie "
        f"between {low:g} (surely no security seeker) and {high:g} (surely one), both excluded"
        for name, member in scenario.seats.items()
        if not low < member.trust.value < high
    ]


def _unargued(scenario: Scenario) -> list[str]:
    """Numbers that an outsider could doubt and that carry neither source nor judgement."""
    places = [f"clauses.{name}" for name, row in scenario.clauses.items() if not _argued(row)]
    places += [f"evidence.{name}" for name, row in scenario.evidence.items() if not _argued(row)]
    proposer, guesses = scenario.proposer, scenario.assumptions
    for table, owner in (
        (proposer, "proposer"),
        (proposer.keep, "proposer.keep"),
        (proposer.floor, "proposer.floor"),
        (guesses, "assumptions"),
        (guesses.spread, "assumptions.spread"),
    ):
        places += [
            f"{owner}.{name}"
            for name in type(table).model_fields
            if name in table.model_fields_set
            and isinstance(number := getattr(table, name), Number)
            and not number.argued
        ]
    places += [
        f"rule.{name}"
        for name in ("qualified", "weighted", "vetoes")
        if name in scenario.rule.model_fields_set and not _argued(getattr(scenario.rule, name))
    ]
    places += _unargued_members(scenario)
    return [f"{place} carries neither `source` nor `judgement`; write one" for place in places]


def _unargued_members(scenario: Scenario) -> list[str]:
    """Members written in the scenario itself; a roster answers for its own."""
    if scenario.members.source or scenario.members.judgement:
        return []
    return [
        f"members.{name}"
        for name, row in scenario.origin.document["members"].items()
        if isinstance(row, dict) and not _argued_row(row)
    ]


def _argued(row: Any) -> bool:
    return bool(row.source or row.judgement)


def _argued_row(row: Mapping[str, Any]) -> bool:
    """A row that argues itself as a whole, or each of its numbers."""
    if row.get("source") or row.get("judgement"):
        return True
    numbers = [value for value in row.values() if not isinstance(value, str | dt.date)]
    return all(isinstance(value, dict) and _argued_row(value) for value in numbers)


def _bad_history(scenario: Scenario) -> Iterator[str]:
    """What cannot have happened: before it was put, or by the hand of somebody without a seat."""
    happened = scenario.happened
    if happened is None:
        return
    if scenario.about.date and happened.date < scenario.about.date:
        yield (
            f"happened.date is {happened.date}, before {scenario.about.date} (`about.date`), the last "
            "day of which anything may be known; write the later one"
        )
    for key in ("blockers", "cool", "unknown"):
        for name in getattr(happened, key):
            if name not in scenario.seats:
                hint = did_you_mean(name, scenario.seats)
                yield f"happened.{key} names `{name}`, who is not a member. {hint}".rstrip()


# What-ifs in the file ---------------------------------------------------------------------------


def _bad_levers(scenario: Scenario) -> Iterator[str]:
    """What is wrong with the what-ifs that the author suggests."""
    suggested: dict[str, Mapping[str, Lever | Inject]] = {
        "levers": scenario.levers,
        "room.injects": scenario.room.injects,
    }
    for where, table in suggested.items():
        for name, lever in table.items():
            _, problems = _tried(scenario, lever.set)
            yield from (f"{where}.{name}: {problem}" for problem in problems)


def _bad_claims(scenario: Scenario) -> Iterator[str]:
    """What is wrong with the what-ifs that claims rest on, and members named that sit in none."""
    for number, expect in enumerate(scenario.expect, 1):
        changed, problems = _tried(scenario, expect.with_)
        yield from (f"expect[{number}].with: {problem}" for problem in problems)
        for path in () if problems else expect.what:
            iso = paths.member(path, scenario.clauses)
            if iso and iso not in changed.seats:
                hint = did_you_mean(iso, changed.seats)
                one = f"expect[{number}] asks for `{path}`, but `{iso}` is not a member."
                yield f"{one} {hint}".rstrip()


def _tried(scenario: Scenario, changes: Mapping[str, Any]) -> tuple[Scenario, tuple[str, ...]]:
    """The changed scenario, or the scenario as it is and what is wrong with the changes."""
    try:
        return with_changes(scenario, changes) if changes else scenario, ()
    except ScenarioError as error:
        elsewhere = "" if error.where.startswith(scenario.origin.where) else f"{error.where}: "
        return scenario, tuple(f"{elsewhere}{problem}" for problem in error.problems)
    except OnevetoError as error:
        return scenario, (str(error),)


def possible(scenario: Scenario, changes: Mapping[str, Any]) -> bool:
    """Whether changes fit a scenario."""
    return not _tried(scenario, changes)[1]


# Provenance -------------------------------------------------------------------------------------


def sha256(scenario: Scenario) -> str:
    """The hash of the scenario as read and of the roster in use; layout and order do not matter.

    Other changes do not matter either: they are written down as such.
    """
    roster = scenario.members.roster
    document = copy.deepcopy(scenario.origin.document)
    document["members"]["roster"] = roster
    members = files.roster_in(scenario.origin, roster)[1] if roster else None
    text = json.dumps([document, members], sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def schema() -> dict[str, Any]:
    """The JSON Schema of a scenario file, for editors."""
    table = Scenario.model_json_schema()
    kinds = table["$defs"]
    for name in PARTIAL:
        kinds[name].pop("required", None)
    table["required"] = ["about"]
    member = kinds["Member"]["properties"]  # `spatial.with_weights` reads the one as the other
    meaning = "the weight of each clause, where members have ideal points"
    member["salience"] = {**member["weight"], "description": meaning}
    for name in ("Number", "Assumption", "Position"):  # a bare number is one without a band
        kinds[name] = {"anyOf": [{"type": "number"}, kinds[name]]}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **table}
