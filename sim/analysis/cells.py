"""Long work in cells: each can be done by itself, kept, and put together with the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

Found = TypeVar("Found", covariant=True)

Progress = Callable[[int, int], None]
"""Is told how many cells are done, and of how many."""


def adding(progress: Progress | None, total: int, before: int = 0) -> Callable[[int], None] | None:
    """What is told of so much more each time, and tells `progress` of all so far and of `total`."""
    if progress is None:
        return None
    so_far = before

    def more(number: int) -> None:
        nonlocal so_far
        so_far += number
        progress(so_far, max(total, so_far))

    return more


class Work(Protocol[Found]):
    """A question whose answer comes from cells; the same whoever does them, and in which order."""

    @property
    def cells(self) -> Sequence[Any]:
        """What there is to do."""

    def cell(self, cell: Any) -> Any:
        """What one of them gives."""

    def result(self, parts: Sequence[Any]) -> Found:
        """The answer, from what all cells gave, in their order."""


def done(work: Work[Found], progress: Progress | None = None) -> Found:
    """All cells one after the other, and the answer."""
    parts, cells = [], work.cells
    for cell in cells:
        parts.append(work.cell(cell))
        if progress:
            progress(len(parts), len(cells))
    return work.result(parts)
