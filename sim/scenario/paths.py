"""Paths into what is measured, as `[[expect]]` writes them: `N5.1.ceiling.p50`, `N5.1.blockers.POL`."""

from __future__ import annotations

from collections.abc import Iterable

from sim.errors import alternatives, did_you_mean

TREATY = "treaty"
"""The whole, beside its clauses; no clause may have this id."""

NUMBERS = (
    "survival",
    "as_tabled",
    "delivered",
    "bought",
    "withdrawn",
    "objectors",
    "supporters",
    "usual_objectors",
)
"""What is one number for each clause."""

PERCENTILED = ("ceiling", "level", "price")
"""What differs from world to world."""

PERCENTILES = ("p05", "p50", "p95")

BY_MEMBER = ("blockers", "sole_blockers", "bound")
"""What is counted for each member."""

BINDING = "binding"
"""Whose ceiling it is that a clause runs into: the one part of a ceiling that is counted by member."""

MEASURES = (*NUMBERS, *BY_MEMBER, *PERCENTILED)
"""What `[[expect]]` may ask of a clause."""


def subject(path: str, names: Iterable[str]) -> str | None:
    """The clause that a path begins with, or the treaty; ids may contain dots, the longest wins."""
    return max((name for name in names if path.startswith(f"{name}.")), key=len, default=None)


def member(path: str, clauses: Iterable[str]) -> str | None:
    """The member that a path asks for, if it asks for one.

    >>> member("N5.1.ceiling.binding.EST", ["N5.1"]), member("N5.1.survival", ["N5.1"])
    ('EST', None)
    """
    owner = subject(path, clauses)
    for table in (*BY_MEMBER, f"ceiling.{BINDING}") if owner else ():
        if path.startswith(f"{owner}.{table}."):
            return path.removeprefix(f"{owner}.{table}.")
    return None


def problem(path: str, clauses: Iterable[str]) -> str | None:
    """Why a path leads nowhere, as the end of a sentence; None if it leads to one number."""
    names = (TREATY, *clauses)
    owner = subject(path, names)
    if owner is None:
        hint = did_you_mean(path.rpartition(".")[0] or path, names)
        return f"which names no clause. {hint}".rstrip()
    measure, _, part = path.removeprefix(f"{owner}.").partition(".")
    known = ("survival",) if owner == TREATY else MEASURES
    if measure not in known:
        return f"but `{measure}` is not measured. {did_you_mean(measure, known)}".rstrip()
    return _bad_part(f"{owner}.{measure}", measure, part)


def _bad_part(place: str, measure: str, part: str) -> str | None:
    """Why there is no such part of a measure; whether a member sits at the table is not seen here."""
    table, _, iso = part.partition(".")
    if measure in NUMBERS:
        return f"but that is one number; write `{place}`" if part else None
    if measure in BY_MEMBER:
        return None if part else f"which has a number for each member; write `{place}.MEMBER`"
    if measure == "ceiling" and table == BINDING:
        return None if iso else f"which has a number for each member; write `{place}.{part}.MEMBER`"
    if part in PERCENTILES:
        return None
    return f"which is no number; write {alternatives(f'{place}.{p}' for p in PERCENTILES)}"
