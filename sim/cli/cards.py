"""`oneveto cards`: role cards on paper, and what a facilitator needs beside them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.app import app
from sim.cli.options import changing, naming

if TYPE_CHECKING:
    from sim.scenario import Scenario


@app.command()
@changing
def cards(
    scenario: Scenario,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="Where to write them; SCENARIO-cards.pdf in this folder if left out.",
        ),
    ] = None,
    seating: Annotated[
        str | None,
        typer.Option(
            metavar="KIND",
            callback=naming,
            help="Who is played by people: blocs, key (members) or all; key if left out, or all.",
        ),
    ] = None,
) -> None:
    """Write role cards to print, a page for each delegation."""
    from sim import tables
    from sim.room import sheets
    from sim.room.seats import seats, usual
    from sim.story import counted

    place = output or Path(sheets.file_name(scenario))
    who = seats(scenario, seating or usual(scenario))
    tables.try_text(place)
    paper = sheets.sheets(scenario, who)
    tables.whole(place, lambda beside: Path(beside).write_bytes(paper))
    if missing := sheets.unknown_letters(scenario, who):
        print(f"the font of the cards lacks {missing}; on paper these are boxes", file=sys.stderr)
    dealt = counted(len(who), "role card")
    print(f"{place} is written: a page for you, the texts, {dealt}", file=sys.stderr)
