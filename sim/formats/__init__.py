"""Files of other programs, read and written: KTAB's CSV and the exchange format of Decide.

Both become one neutral table, `Positions`, and a table becomes a scenario with ideal points, and back.
"""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

from sim.errors import RequestError, ScenarioError, short
from sim.formats import decide, ktab
from sim.formats.lines import HEAVIEST, decoded
from sim.formats.mapping import from_scenario, to_scenario
from sim.formats.positions import Actor, Issue, Origin, Positions

__all__ = [
    "FORMATS",
    "Actor",
    "Issue",
    "Origin",
    "Positions",
    "from_bytes",
    "from_scenario",
    "read",
    "text_of",
    "to_scenario",
]

FORMATS: dict[str, ModuleType] = {ktab.NAME: ktab, decide.NAME: decide}
"""Every format by name, as a module with `parse`, `text_of` and `losses`."""


def read(path: str | Path) -> Positions:
    """The table of a file, whichever format it has.

    Raises ScenarioError with one sentence for every line that is wrong.
    """
    file = Path(path)
    where = short(file.name or str(path), 120)
    try:
        if file.is_dir():
            raise ScenarioError(where, ["is a folder; name a file in it"])
        with file.open("rb") as stream:
            content = stream.read(HEAVIEST + 1)
    except FileNotFoundError:
        raise ScenarioError(where, ["there is no such file"]) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ScenarioError(where, [f"cannot be read: {reason}"]) from None
    return from_bytes(content, file.name)


def from_bytes(content: bytes, file: str) -> Positions:
    """The table of a file's content.

    Raises ScenarioError with one sentence for every line that is wrong.
    """
    text, encoding = decoded(content, file)
    kind = decide if decide.is_decide(text) else ktab
    title = " ".join(Path(file).stem.split()) or "Positions"
    found: Positions = kind.parse(text, file, title, encoding)
    return found


def text_of(name: str, table: Positions) -> str:
    """The table in a format, which says the same when it is read again.

    Raises RequestError where it would not, as for two actors of one name, or a name of two lines.
    """
    kind = FORMATS[name]
    text: str = kind.text_of(table)
    try:
        again = kind.parse(text, name, table.title)
    except ScenarioError as error:
        raise RequestError(f"{name} cannot hold this: {error.problems[0]}") from None
    if _core(again) != _core(table):
        raise RequestError(
            f"{name} cannot hold the names of this table as they are; write plainer ones"
        )
    return text


def _core(table: Positions) -> tuple[object, ...]:
    """What no format may change: who, on what, and the numbers."""
    actors = [actor.name for actor in table.actors]
    issues = [issue.name for issue in table.issues]
    return actors, issues, table.positions, table.saliences, table.capabilities
