"""Files of other programs, read and written: KTAB's CSV and the exchange format of Decide.

Both become one neutral table, `Positions`, and a table becomes a scenario with ideal points, and back.
"""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

from sim.errors import ScenarioError, short
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
