"""How commands print, and whether what they write has a place."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sim.errors import RequestError


def show_parts(parts: Iterable[object]) -> None:
    """Print the parts of a view, one after the other."""
    from sim import console

    screen = console.console()
    for part in parts:
        screen.print(part)


def print_json(data: Any) -> None:
    """Print for programs; a number that is none is a mistake."""
    print(json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False))


def try_places(*paths: Path | None) -> None:
    """Whether results can be written, before they are worked out."""
    given = [path for path in paths if path]
    if not given:
        return
    from sim import tables

    if len({path.absolute() for path in given}) < len(given):
        raise RequestError(f"--csv and --parquet both name {given[0]}; name two files")
    for path in given:
        tables.try_place(path)
