"""Files of other programs, read and written: KTAB's CSV and the exchange format of Decide.

Both become one neutral table, `Positions`, and a table becomes a scenario with ideal points, and back.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from sim.errors import RequestError, ScenarioError, short
from sim.formats import decide, ktab
from sim.formats.lines import HEAVIEST, decoded, shown
from sim.formats.mapping import beyond, from_scenario, to_scenario
from sim.formats.positions import Actor, Issue, Origin, Positions

__all__ = [
    "FORMATS",
    "Actor",
    "Issue",
    "Origin",
    "Positions",
    "beyond",
    "from_bytes",
    "from_scenario",
    "read",
    "text_of",
    "to_scenario",
]

FORMATS: dict[str, ModuleType] = {ktab.NAME: ktab, decide.NAME: decide}
"""Every format by name, as a module with `parse`, `kept`, `text_of` and `losses`."""


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

    Descriptions come on one line each. What the format has no place for is left out, and told by its
    `losses`. Raises RequestError for what would come back changed, as two actors of one name.
    """
    kind, plain = FORMATS[name], table.on_one_line()
    _refuse_twins(name, plain)
    _refuse_large(name, plain)
    text: str = kind.text_of(plain)
    try:
        again = kind.parse(text, name, plain.title)
    except ScenarioError as error:
        problem = error.problems[0].partition(": ")[2]  # its line is in a file that nobody has
        raise RequestError(f"{name} cannot hold this table: {problem}") from None
    for (what, said), (_, read) in zip(_parts(kind.kept(plain)), _parts(again), strict=True):
        if said != read:
            raise RequestError(
                f"{name} cannot hold {what}: it would come back changed; write it more plainly"
            )
    return text


def _refuse_twins(name: str, table: Positions) -> None:
    for what, found in (("actors", table.actors), ("issues", table.issues)):
        names = [each.name for each in found]
        twin = next((each for place, each in enumerate(names) if each in names[:place]), None)
        if twin is not None:
            raise RequestError(
                f"{name} cannot hold two {what} called `{shown(twin)}`; give one another name"
            )


def _refuse_large(name: str, table: Positions) -> None:
    for actor, saliences in zip(table.actors, table.saliences, strict=True):
        if max(saliences) > 1:
            raise RequestError(
                f"{name} cannot hold a salience of {max(saliences):g}, as `{shown(actor.name)}` has: "
                "above 1 it would be read as a percentage; write all between 0 and 1"
            )


def _parts(table: Positions) -> Iterator[tuple[str, object]]:
    """What a table says, part by part, each with a word for it."""
    yield "the title", table.title
    yield "the text about the whole", table.text
    yield "the number of actors and issues", (len(table.actors), len(table.issues))
    for actor in table.actors:
        yield f"the name of the actor `{shown(actor.name)}`", actor.name
        yield f"what is said of the actor `{shown(actor.name)}`", actor.text
    for issue in table.issues:
        yield f"the name of the issue `{shown(issue.name)}`", issue.name
        yield f"the scale of the issue `{shown(issue.name)}`", issue
    for actor, *numbers in zip(
        table.actors, table.positions, table.saliences, table.capabilities, strict=True
    ):
        yield f"the numbers of the actor `{shown(actor.name)}`", numbers
