"""Long work on a clause: whose name is read first, and whose progress is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from sim.errors import RequestError

if TYPE_CHECKING:
    from sim.analysis.cells import Work
    from sim.scenario import Scenario

Found = TypeVar("Found")


def clause_of(scenario: Scenario, word: str) -> str:
    """The id of the clause that a word means."""
    from sim.scenario import part_of

    kind, name = part_of(scenario, word)
    if kind != "clause":
        raise RequestError(
            f"`{word}` is a member; write a clause, as {next(iter(scenario.clauses))}"
        )
    return name


def worked(work: Work[Found], quiet: bool) -> Found:
    """All cells of some work done, with a bar on a terminal."""
    from sim import console
    from sim.analysis.cells import done

    with console.progress("steps") as bars:
        task = None if quiet else bars.add_task("", total=len(work.cells))

        def progress(number: int, _: int) -> None:
            if task is not None:
                bars.update(task, completed=number)

        return done(work, progress)
