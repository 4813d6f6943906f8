"""Finding and reading the files: scenarios and rosters, shipped or one's own."""

from __future__ import annotations

import copy
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.errors import ScenarioError, did_you_mean
from sim.scenario.mistakes import sentences
from sim.scenario.tables import Roster, RosterFile, Scenario

HEAVIEST = 4 * 1024 * 1024
"""Bytes; the flagship has about forty thousand."""


def shipped() -> Path:
    """The folder of the scenarios that come with the project."""
    return Path(str(resources.files("scenarios")))


def names() -> list[str]:
    """The shipped scenarios by name."""
    return sorted(path.stem for path in shipped().glob("*.toml"))


def find(scenario: str | Path) -> Path:
    """The file of a scenario: by path, by the name of a shipped one, or by path without `.toml`."""
    path = Path(scenario)
    if path.suffix == ".toml" or (path.exists() and not path.is_dir()):
        return path
    known = shipped() / f"{scenario}.toml"
    if path.name == str(scenario) and known.is_file():
        return known
    if path.name and (own := path.with_name(f"{path.name}.toml")).is_file():
        return own
    if path.is_dir():
        raise ScenarioError(str(scenario), ["is a folder; name a scenario file in it"])
    hint = did_you_mean(str(scenario), names())
    raise ScenarioError(
        str(scenario), [f"there is no scenario of that name and no such file. {hint}".rstrip()]
    )


def read(path: Path) -> dict[str, Any]:
    """A TOML file as tables."""
    where = path.name
    try:
        return tomllib.loads(_text(path))
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(where, [f"is not TOML: {error}"]) from None
    except RecursionError:
        raise ScenarioError(where, ["is not TOML that can be read: nested too deeply"]) from None
    except ValueError as error:  # e.g. an integer of five thousand digits
        raise ScenarioError(where, [f"is not TOML that can be read: {error}"]) from None


def _text(path: Path) -> str:
    where = path.name or str(path)
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise ScenarioError(where, ["is a folder; name a scenario file in it"])
        if size > HEAVIEST:
            found, limit = size / 2**20, HEAVIEST // 2**20
            raise ScenarioError(
                where, [f"has {found:.0f} MB, too large for a scenario; the limit is {limit} MB"]
            )
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ScenarioError(
            where, [f"line {line} is not UTF-8; save the file with that encoding"]
        ) from None
    except FileNotFoundError:
        raise ScenarioError(where, ["there is no such file"]) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ScenarioError(where, [f"cannot be read: {reason}"]) from None


# Scenarios that start from another --------------------------------------------------------------

DEEPEST = 8
"""Scenarios that start from each other in a row; more is a circle."""


def with_base(document: dict[str, Any], folder: Path, where: str, depth: int = 0) -> dict[str, Any]:
    """The document laid over the scenario that it starts from, if it names one.

    What the other says about itself and claims (`about`, `expect`) is not taken over.
    """
    name = document.get("base")
    if not isinstance(name, str):
        return document
    if depth == DEEPEST:
        raise ScenarioError(where, [f"base names `{name}`, and so on in a circle"])
    local = folder / f"{name.removesuffix('.toml')}.toml"
    try:
        path = local if local.is_file() else find(name)
    except ScenarioError:
        hint = did_you_mean(name, names())
        raise ScenarioError(where, [f"base names `{name}`, no such scenario. {hint}"]) from None
    base = with_base(read(path), path.parent, path.name, depth + 1)
    kept = {key: value for key, value in base.items() if key not in ("about", "expect")}
    return merged(_with_clauses(kept, document.get("base_clauses"), name, where), document)


def _with_clauses(base: dict[str, Any], wanted: Any, name: str, where: str) -> dict[str, Any]:
    """The base with only those of its clauses that are wanted."""
    clauses = base.get("clauses")
    if not isinstance(wanted, list) or not isinstance(clauses, dict):
        return base
    strangers = [
        f"base_clauses names `{key}`, which is no clause of `{name}`. "
        f"{did_you_mean(str(key), clauses)}".rstrip()
        for key in wanted
        if key not in clauses
    ]
    if strangers:
        raise ScenarioError(where, strangers)
    return {**base, "clauses": {key: clauses[key] for key in wanted}}


# Rosters ---------------------------------------------------------------------------------------


def with_roster(document: dict[str, Any], folder: Path, where: str) -> dict[str, Any]:
    """The document with the members of its roster written in, overrides applied, the dropped out.

    A document without a roster is returned as it is.
    """
    members = document.get("members")
    if not isinstance(members, dict):
        return document
    name, drop = members.get("roster"), members.get("drop", [])
    seats = {key: value for key, value in members.items() if isinstance(value, dict)}
    if isinstance(name, str):
        seats = _overridden(roster(name, folder, where)[1], seats, name, where)
    if isinstance(drop, list):
        seats = _without(seats, drop, where)
    rest = {key: value for key, value in members.items() if not isinstance(value, dict)}
    return {**document, "members": {**rest, **seats}}


def roster(name: str, folder: Path, where: str) -> tuple[RosterFile, dict[str, Any]]:
    """A roster file, checked, and its members as they are written."""
    places = (folder / f"{name}.toml", folder / "rosters" / f"{name}.toml")
    path = next((p for p in (*places, shipped() / "rosters" / f"{name}.toml") if p.is_file()), None)
    if path is None:
        hint = did_you_mean(name, rosters())
        raise ScenarioError(where, [f"members.roster names `{name}`, no such roster. {hint}"])
    table = read(path)
    try:
        file = RosterFile.model_validate(table)
    except ValidationError as error:
        raise ScenarioError(path.name, sentences(error, RosterFile)) from None
    return file, table["members"]


def roster_of(scenario: Scenario) -> Roster | None:
    """What the roster of a scenario says of itself, if it has one."""
    name, origin = scenario.members.roster, scenario.origin
    return roster(name, origin.folder, origin.where)[0].roster if name else None


def rosters() -> list[str]:
    """The shipped rosters by name."""
    return sorted(path.stem for path in (shipped() / "rosters").glob("*.toml"))


def _overridden(
    roster: dict[str, Any], overrides: dict[str, Any], name: str, where: str
) -> dict[str, Any]:
    strangers = [
        f"members.{key} is not in the roster `{name}`. {did_you_mean(key, roster)}".rstrip()
        for key in overrides
        if key not in roster
    ]
    if strangers:
        raise ScenarioError(where, strangers)
    return {key: merged(row, overrides.get(key, {})) for key, row in roster.items()}


def _without(seats: dict[str, Any], drop: list[Any], where: str) -> dict[str, Any]:
    strangers = [
        f"members.drop names `{key}`, who is not a member. {did_you_mean(str(key), seats)}".rstrip()
        for key in drop
        if key not in seats
    ]
    if strangers:
        raise ScenarioError(where, strangers)
    return {key: row for key, row in seats.items() if key not in drop}


def merged(row: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    """A table with another laid over it; a bare number moves the centre and keeps the band."""
    result = copy.deepcopy(row)
    for key, value in change.items():
        old = result.get(key)
        if isinstance(old, dict) and isinstance(value, dict):
            result[key] = merged(old, value)
        elif isinstance(old, dict) and "value" in old:
            result[key] = {**old, "value": value}
        elif isinstance(value, dict) and isinstance(old, int | float):
            result[key] = {"value": old, **value}
        else:
            result[key] = copy.deepcopy(value)
    return result
