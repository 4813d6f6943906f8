"""A commented scenario to start from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from importlib import resources
from pathlib import Path

from sim.errors import RequestError, did_you_mean
from sim.scenario import files
from sim.scenario.build import load

CLAIMS = """# The claims of the original ([[expect]]) are left out: they were made for all its members.
# Write your own, and put them to the test with `oneveto check --claims`.
"""

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
    seats, text = load(original).seats, original.read_text("utf-8")
    if members is not None:
        text = _among(text, seats, members)
        text = _without_claims(text) if source else text
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise RequestError(f"{path} cannot be written: {error.strerror or error}") from None
    return path


def _template() -> Path:
    return Path(str(resources.files("sim.scenario") / "template.toml"))


def _among(text: str, seats: Iterable[str], wanted: Sequence[str]) -> str:
    """The text with everybody but `wanted` dropped from its members."""
    for name in wanted:
        if name not in seats:
            hint = did_you_mean(name, seats)
            raise RequestError(f"`{name}` is not among the members. {hint}".rstrip())
    away = ", ".join(f'"{name}"' for name in seats if name not in wanted)
    head, members, rest = text.partition("[members]\n")
    rest = re.sub(r"^drop = \[.*?\]\n", "", rest, count=1, flags=re.MULTILINE | re.DOTALL)
    return f"{head}{members}drop = [{away}] # left out\n{rest}"


def _without_claims(text: str) -> str:
    """The text with a comment in place of its claims, which were made for other members."""
    head, claim, tail = text.partition("[[expect]]\n")
    kept, inside = "", True
    for line in tail.splitlines(keepends=True):
        inside = line.startswith("[[expect]]") if line.startswith("[") else inside
        kept += "" if inside else line
    return f"{head}{CLAIMS}{kept}" if claim else text
