"""Long work: whose clause is read first, and whose progress is shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol, TypeVar

from sim.errors import RequestError

if TYPE_CHECKING:
    from sim.analysis.cells import Work
    from sim.scenario import Scenario

Found = TypeVar("Found")


class Progress(Protocol):
    """Is told how much is done, and of how much where that is known only later."""

    def __call__(self, done: int, total: int | None = None, /) -> None:
        """So much of it."""


def clause_of(scenario: Scenario, word: str) -> str:
    """The id of the clause that a word means.

    Raises RequestError where it means a member or nothing.
    """
    from sim.scenario import part_of

    kind, name = part_of(scenario, word)
    if kind != "clause":
        raise RequestError(
            f"`{word}` is a member; write a clause, as {next(iter(scenario.clauses))}"
        )
    return name


@contextmanager
def progressing(total: int, quiet: bool, *, noun: str = "worlds") -> Iterator[Progress]:
    """A bar on a terminal, and what moves it."""
    from sim import console

    with console.progress(noun) as bars:
        task = None if quiet else bars.add_task("", total=total)

        def progress(done: int, total: int | None = None, /) -> None:
            if task is not None:
                bars.update(task, completed=done, total=total)

        yield progress


def worked(work: Work[Found], quiet: bool) -> Found:
    """All cells of some work done, with a bar on a terminal."""
    from sim.analysis.cells import done

    with progressing(len(work.cells), quiet, noun="steps") as progress:
        return done(work, progress)
