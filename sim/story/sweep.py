"""Sweeps in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.scenario import spelled
from sim.story.words import counted


def played(cells: int, worlds: int) -> str:
    """What a sweep is.

    >>> played(123, 10_000)
    '123 cells, each in the same 10,000 worlds'
    >>> played(1, 10)
    '1 cell in 10 worlds'
    """
    each = ", each in the same" if cells > 1 else " in"
    return f"{counted(cells, 'cell')}{each} {counted(worlds, 'world')}"


def place(values: Mapping[str, Any]) -> str:
    """Where in a sweep something is, by the last words of the addresses where these tell them apart.

    >>> place({"assumptions.trust": -0.5, "evidence.build_up": 2})
    'trust=-0.5 build_up=2'
    >>> place({"members.POL.trust": 0.1, "members.EST.trust": 0.2})
    'members.POL.trust=0.1 members.EST.trust=0.2'
    """
    last = [address.rpartition(".")[2] for address in values]
    return spelled(dict(zip(last, values.values())) if len({*last}) == len(last) else values)


def stopped(cells: int, of: int) -> str:
    """What somebody hears who has stopped a sweep.

    >>> stopped(40, 123)
    'stopped: 40 of 123 cells are finished and kept; run the same command to go on'
    """
    are = "is" if cells == 1 else "are"
    return (
        f"stopped: {cells:,} of {of:,} cells {are} finished and kept; run the same command to go on"
    )


def ended(cells: int, found: int, out: str) -> str:
    """What is said at the end, beside the results.

    >>> ended(123, 0, "sweep")
    'sweep is complete: 123 cells were played'
    >>> ended(123, 40, "sweep")
    'sweep is complete: 83 cells were played, 40 were there'
    >>> ended(123, 123, "sweep")
    'sweep was complete already; nothing was played and nothing is changed'
    """
    if found == cells:
        return f"{out} was complete already; nothing was played and nothing is changed"
    new = cells - found
    there = f", {found:,} {'was' if found == 1 else 'were'} there" if found else ""
    return (
        f"{out} is complete: {counted(new, 'cell')} {'was' if new == 1 else 'were'} played{there}"
    )
