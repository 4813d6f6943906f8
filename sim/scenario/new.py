"""A commented scenario to start from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from importlib import resources
from pathlib import Path

from sim.errors import RequestError, did_you_mean
from sim.scenario import files
from sim.scenario.build import load

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


def write(name: str, source: str | None = None, members: Sequence[str] | None = None) -> Path:
    """Write NAME.toml in the current folder: the template, or a copy of another scenario.

    `members` are those who stay at the table. An existing file is never overwritten. Raises
    RequestError or ScenarioError; then nothing is left behind.
    """
    path = Path(f"{name.removesuffix('.toml')}.toml")
    if not NAME.fullmatch(path.stem) or path.parent != Path():
        raise RequestError(f"`{name}` is no name for a scenario; write letters, digits and dashes")
    if path.exists():
        raise RequestError(f"{path} exists; choose another name or move it away")
    original = files.find(source) if source else _template()
    text = _among(original.read_text("utf-8"), load(original).seats, members)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise RequestError(f"{path} cannot be written: {error.strerror or error}") from None
    return path


def _template() -> Path:
    return Path(str(resources.files("sim.scenario") / "template.toml"))


def _among(text: str, seats: Iterable[str], wanted: Sequence[str] | None) -> str:
    """The text with everybody but `wanted` dropped from its members."""
    if wanted is None:
        return text
    for name in wanted:
        if name not in seats:
            hint = did_you_mean(name, seats)
            raise RequestError(f"`{name}` is not among the members. {hint}".rstrip())
    away = ", ".join(f'"{name}"' for name in seats if name not in wanted)
    head, members, rest = text.partition("[members]\n")
    rest = re.sub(r"^drop = \[.*?\]\n", "", rest, count=1, flags=re.MULTILINE | re.DOTALL)
    return f"{head}{members}drop = [{away}] # left out\n{rest}"
