"""Finding and reading the files: scenarios and rosters, shipped or one's own."""

from __future__ import annotations

import contextlib
import copy
import stat
import tomllib
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.constants import FLAGSHIP
from sim.errors import (
    OnevetoError,
    RequestError,
    ScenarioError,
    closest,
    did_you_mean,
    short,
)
from sim.scenario.mistakes import not_toml, sentences
from sim.scenario.tables import Origin, Roster, RosterFile, Scenario

HEAVIEST = 4 * 1024 * 1024
"""Bytes; the flagship has about forty thousand."""

PRECEDENTS = "precedents"
"""The folder of the decisions whose outcome is known, and with it the beginning of their names."""

COMMON = "common"
"""What the precedents have in common: a base, no scenario."""

LONGEST = 120
"""Letters of a path that a sentence shows."""


def shipped() -> Path:
    """The folder of the scenarios that come with the project."""
    return Path(str(resources.files("scenarios")))


def names() -> list[str]:
    """The shipped scenarios by name."""
    return sorted(path.stem for path in shipped().glob("*.toml"))


def precedents() -> list[str]:
    """The shipped decisions whose outcome is known, by name, as `precedents/map-2008`.

    They are not among the `names`: each has one clause, and is there to be predicted.
    """
    paths = (shipped() / PRECEDENTS).glob("*.toml")
    return sorted(f"{PRECEDENTS}/{path.stem}" for path in paths if path.stem != COMMON)


def bases() -> list[str]:
    """Everything shipped that a scenario may start from."""
    return [*names(), *precedents(), f"{PRECEDENTS}/{COMMON}"]


def name_of(path: Path) -> str:
    """The name by which commands call a scenario's file."""
    return f"{PRECEDENTS}/{path.stem}" if path.parent == shipped() / PRECEDENTS else path.stem


def meant(name: str) -> str:
    """Which shipped scenario a wrong name may mean; a precedent may be called without its folder."""
    known = {path.rpartition("/")[2]: path for path in precedents()}
    known |= {path: path for path in (*names(), *precedents())}
    near = closest(name, known)
    return f"Did you mean `{known[near]}`?" if near else ""


def title(name: str) -> str:
    """The title of a shipped scenario."""
    return str(read(shipped() / f"{name}.toml")["about"]["title"])


def called(scenario: Scenario) -> str:
    """What a terminal calls a scenario: a shipped one by its name, another by its file."""
    name, where = scenario.name, scenario.origin.where
    return name if shipped() / f"{name}.toml" == scenario.origin.folder / where else where


def find(scenario: str | Path) -> Path:
    """The file of a scenario: by path, by the name of a shipped one, or by path without `.toml`."""
    if not str(scenario).strip():
        raise RequestError(f"the scenario has no name; write one, as {FLAGSHIP}, or a path")
    with _touching(short(str(scenario), LONGEST)):
        return _found(str(scenario)).absolute()  # what is read later does not move with the folder


def _found(name: str) -> Path:
    path, where = Path(name), short(name, LONGEST)
    if path.suffix == ".toml" or _is_file(path):
        return path
    known = shipped() / f"{name}.toml"
    if name in (path.name, f"{PRECEDENTS}/{path.name}") and _is_file(known):
        return known
    if path.name and _is_file(own := path.with_name(f"{path.name}.toml")):
        return own
    if path.is_dir():
        raise ScenarioError(where, ["is a folder; name a scenario file in it"])
    problem = f"there is no scenario of that name and no such file. {meant(name)}".rstrip()
    raise ScenarioError(where, [problem])


def _is_file(path: Path) -> bool:
    """Whether there is a file, or anything else that can be read; what the system says else is heard."""
    try:
        return not stat.S_ISDIR(path.stat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False


@contextlib.contextmanager
def _touching(where: str, what: str = "") -> Iterator[None]:
    """What the system says of a path becomes a sentence about that path."""
    try:
        yield
    except FileNotFoundError:
        raise ScenarioError(where, [f"{what}there is no such file"]) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ScenarioError(where, [f"{what}cannot be read: {reason}"]) from None


def read(path: Path) -> dict[str, Any]:
    """A TOML file as tables."""
    return tables_of(text(path), path.name)


def tables_of(text: str, where: str) -> dict[str, Any]:
    """TOML as tables."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        problem = not_toml(error, text)
    except RecursionError:
        problem = "is not TOML that can be read: nested too deeply"
    except ValueError:  # an integer of five thousand digits
        problem = "is not TOML that can be read: a number has too many digits"
    raise ScenarioError(where, [problem]) from None


def text(path: Path) -> str:
    """The text of a file of ordinary size."""
    where = short(path.name or str(path), LONGEST)
    with _touching(where):
        size = path.stat().st_size
        if path.is_dir():
            raise ScenarioError(where, ["is a folder; name a scenario file in it"])
        if size > HEAVIEST:
            found, limit = size / 2**20, HEAVIEST // 2**20
            raise ScenarioError(
                where, [f"has {found:.0f} MB, too large for a scenario; the limit is {limit} MB"]
            )
        content = path.read_bytes()
    return decoded(content, where)


def decoded(content: bytes, where: str) -> str:
    """Bytes as text; a byte order mark at the beginning is no part of it."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ScenarioError(
            where, [f"line {line} is not UTF-8; save the file with that encoding"]
        ) from None


# Scenarios that start from another --------------------------------------------------------------

OF_ITS_OWN = ("about", "expect", "happened", "room")
"""Tables of a base that speak of that scenario alone."""

DEEPEST = 8
"""Scenarios that start from each other in a row; more is a circle."""


def with_base(document: dict[str, Any], folder: Path, where: str, depth: int = 0) -> dict[str, Any]:
    """The document laid over the scenario that it starts from, if it names one.

    What the other says about itself, its claims, its record and how a workshop plays it (`about`,
    `expect`, `happened`, `room`) is not taken over.
    """
    name = document.get("base")
    if not isinstance(name, str):
        return document
    if depth == DEEPEST:
        raise ScenarioError(where, [f"base names `{name}`, and so on in a circle"])
    local, called = folder / f"{name.removesuffix('.toml')}.toml", short(name, LONGEST)
    with _touching(where, f"base names `{called}`, which "):
        beside = _is_file(local)
    try:
        path = local if beside else find(name)
    except OnevetoError:
        raise ScenarioError(
            where, [f"base names `{called}`, no such scenario. {meant(name)}".rstrip()]
        ) from None
    base = with_base(read(path), path.parent, path.name, depth + 1)
    kept = {key: value for key, value in base.items() if key not in OF_ITS_OWN}
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


def with_roster(document: dict[str, Any], origin: Origin) -> dict[str, Any]:
    """The document with the members of its roster written in, overrides applied, the dropped out.

    A document without a roster is returned as it is.
    """
    members = document.get("members")
    if not isinstance(members, dict):
        return document
    name, drop = members.get("roster"), members.get("drop", [])
    seats = {key: value for key, value in members.items() if isinstance(value, dict)}
    if isinstance(name, str):
        seats = _overridden(roster_in(origin, name)[1], seats, name, origin.where)
    if isinstance(drop, list) and all(isinstance(key, str) for key in drop):
        seats = _without(seats, drop, origin.where)
    rest = {key: value for key, value in members.items() if not isinstance(value, dict)}
    return {**document, "members": {**rest, **seats}}


def roster_in(origin: Origin, name: str) -> tuple[RosterFile, dict[str, Any]]:
    """A roster as a scenario and all its what-ifs see it: read once."""
    if name not in origin.rosters:
        origin.rosters[name] = roster(name, origin.folder, origin.where)
    return origin.rosters[name]


def roster(name: str, folder: Path, where: str) -> tuple[RosterFile, dict[str, Any]]:
    """A roster file, checked, and its members as they are written.

    A name is that of a file in the folder, in its `rosters`, or of a shipped one.
    """
    called, own, known = short(name, LONGEST), f"{name}.toml", _roster_file(name)
    with _touching(where, f"members.roster names `{called}`, which "):
        files = (folder / own, folder / "rosters" / own, known)
        path = next((file for file in files if _is_file(file)), None)
    if path is None:
        hint = did_you_mean(name, kin(name))
        problem = f"members.roster names `{called}`, no such roster. {hint}".rstrip()
        raise ScenarioError(where, [problem])
    table = read(path)
    try:
        file = RosterFile.model_validate(table)
    except ValidationError as error:
        raise ScenarioError(path.name, sentences(error, RosterFile)) from None
    return file, table["members"]


def roster_of(scenario: Scenario) -> Roster | None:
    """What the roster of a scenario says of itself, if it has one."""
    name = scenario.members.roster
    return roster_in(scenario.origin, name)[0].roster if name else None


def rosters(folder: str = "") -> list[str]:
    """The shipped rosters by name: those of the scenarios, or of the precedents with their folder."""
    paths = (shipped() / folder / "rosters").glob("*.toml")
    return sorted(f"{folder}/{path.stem}".removeprefix("/") for path in paths)


def _folder(roster: str) -> str:
    """Which shipped rosters one belongs to by its name: `precedents` of `precedents/nato-2008`."""
    return PRECEDENTS if roster.startswith(f"{PRECEDENTS}/") else ""


def _roster_file(name: str) -> Path:
    """Where a shipped roster of that name lies, if there is one."""
    stem = name.removeprefix(f"{PRECEDENTS}/")
    return shipped() / _folder(name) / "rosters" / f"{stem}.toml"


def family(roster: str) -> dict[str, str]:
    """The shipped rosters of the same family, as `nato-2021` and `nato-2024`: titles by name."""
    head = roster.rpartition("-")[0]
    same = [name for name in kin(roster) if head and name.rpartition("-")[0] == head]
    return {name: read(_roster_file(name))["roster"]["title"] for name in same}


def kin(roster: str) -> list[str]:
    """The shipped rosters whose members have the same interests as this one's, its family first.

    Those of the precedents all have the same; of others each family has its own.
    """
    head, folder = roster.rpartition("-")[0], _folder(roster)
    known = sorted(rosters(folder), key=lambda name: name.rpartition("-")[0] != head)
    same = [name for name in known if name.rpartition("-")[0] == head]
    return known if folder or not same else same


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
