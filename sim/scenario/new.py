"""A commented scenario to start from."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator, Sequence
from importlib import resources
from pathlib import Path

from sim.errors import RequestError, ScenarioError, did_you_mean, short
from sim.scenario import files
from sim.scenario.build import from_document, load
from sim.scenario.tables import Scenario

CLAIMS = """\
# The original's claims ([[expect]]) are left out, and what happened: they are of all its members.
# Write claims of your own, and put them to the test with `oneveto check --claims`.
"""

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
MEMBERS = re.compile(r"^[ \t]*\[[ \t]*members[ \t]*\][ \t]*(#.*)?\n", re.MULTILINE)
DROP = re.compile(r"^[ \t]*drop[ \t]*=[ \t]*\[.*?\][ \t]*(#.*?)?\n", re.MULTILINE | re.DOTALL)
TABLE = re.compile(r"^[ \t]*\[", re.MULTILINE)
CLAIM = re.compile(r"[ \t]*(\[\[[ \t]*expect[ \t]*\]\]|\[[ \t]*happened[ \t]*\])")


def write(name: str, source: str | None = None, members: Sequence[str] | None = None) -> Path:
    """Write NAME.toml in the current folder: the template, or a copy of another scenario.

    `members` are those who stay at the table. An existing file is never overwritten. Raises
    RequestError or ScenarioError; then nothing is left behind.
    """
    path = Path(f"{name.removesuffix('.toml')}.toml")
    if not NAME.fullmatch(path.stem) or path.parent != Path():
        what = f"`{short(name, 40)}` is no name for a scenario"
        raise RequestError(f"{what}; write letters, digits and dashes")
    with _sentences(path):
        if path.exists():
            raise FileExistsError
        original = files.find(source) if source else _template()
        text = files.text(original).replace("\r\n", "\n")
        if members is not None:
            text = _among(text, load(original), members)
            text = _without_claims(text) if source else text
        _check(text, path, original, members)
        _put(text, path)
    return path


def _template() -> Path:
    return Path(str(resources.files("sim.scenario") / "template.toml"))


@contextlib.contextmanager
def _sentences(path: Path) -> Iterator[None]:
    """What the system says of the new file becomes a sentence."""
    try:
        yield
    except FileExistsError:
        raise RequestError(f"{path} exists; choose another name or move it away") from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise RequestError(f"{short(str(path), 120)} cannot be written: {reason}") from None


# Who stays at the table -------------------------------------------------------------------------


def _among(text: str, scenario: Scenario, wanted: Sequence[str]) -> str:
    """The text with everybody but `wanted` dropped from its members."""
    seats = scenario.seats
    for name in wanted:
        if name not in seats:
            hint = did_you_mean(name, seats)
            raise RequestError(f"`{name}` is not among the members. {hint}".rstrip())
    away = [*scenario.members.drop, *(name for name in seats if name not in wanted)]
    quoted = ", ".join(f'"{name}"' for name in away)
    line = f"drop = [{quoted}] # left out\n"
    header = MEMBERS.search(text)
    if header is None:  # they come from a base, or each has a table of its own
        return f"{text.rstrip()}\n\n[members]\n{line}"
    after = TABLE.search(text, header.end())
    end = after.start() if after else len(text)
    kept = DROP.sub("", text[header.end() : end], count=1)
    return f"{text[: header.end()]}{line}{kept}{text[end:]}"


def _without_claims(text: str) -> str:
    """The text with a comment in place of its claims, which were made for other members."""
    kept, inside, found = "", False, False
    for line in text.splitlines(keepends=True):
        inside = bool(CLAIM.match(line)) if TABLE.match(line) else inside
        kept += CLAIMS if inside and not found else ""
        kept += "" if inside else line
        found |= inside
    return kept


# Writing ----------------------------------------------------------------------------------------


def _check(text: str, path: Path, original: Path, members: Sequence[str] | None) -> None:
    """Raise RequestError where the text would be broken in this folder, or seat others."""
    try:
        document = files.with_base(files.tables_of(text, path.name), Path(), path.name)
        made = from_document(document, name=path.stem, where=path.name)
    except ScenarioError as error:
        problems = "; ".join(error.problems)
        missing = f" (copy it from {original.parent})" if "no such" in problems else ""
        raise RequestError(
            f"{path} is not written, since it would be broken here: {problems}{missing}"
        ) from None
    if members is not None and set(made.seats) != set(members):
        raise RequestError(
            f"{path} is not written: {original.name} has no table [members] in which somebody could be "
            "left out; write one there"
        )


def _put(text: str, path: Path) -> None:
    """Write beside, then rename onto a name that was free and is taken by nobody else."""
    beside = Path(f".{path.name}.{os.getpid()}.part")
    try:
        beside.write_bytes(text.encode())
        path.open("x").close()
        beside.replace(path)
    finally:
        with contextlib.suppress(OSError):
            beside.unlink()
