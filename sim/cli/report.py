"""`oneveto report`: what was found as one document to take home, to send or to print."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.app import app
from sim.cli.options import Quiet, Seed, Worlds, changing
from sim.cli.work import clause_of, progressing

if TYPE_CHECKING:
    from sim.scenario import Scenario


@app.command()
@changing
def report(
    scenario: Scenario,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="Where to write it; SCENARIO-report.html in this folder if left out, - for "
            "standard output.",
        ),
    ] = None,
    clause: Annotated[
        str | None,
        typer.Option(
            metavar="CLAUSE", help="The clause to look at closely; the most telling if left out."
        ),
    ] = None,
    pin: Annotated[
        list[str] | None,
        typer.Option(
            metavar="'NAME: CHANGES'",
            help="Another what-if on the same scenario beside this one, as 'Majority: rule=majority'; "
            "up to four.",
        ),
    ] = None,
    worlds: Worlds = 2000,
    seed: Seed = 0,
    quiet: Quiet = False,
) -> None:
    """Write the findings as one HTML document that prints well."""
    from sim import tables
    from sim.report import STEPS, file_name
    from sim.report import report as reported
    from sim.scenario import parse_pins

    name, pins = clause_of(scenario, clause) if clause else None, parse_pins(pin or [])
    screen = output == Path("-")
    place = output or Path(file_name(scenario))
    if not screen:
        tables.try_text(place)
    with progressing(STEPS, quiet, noun="steps") as progress:
        page = reported(
            scenario, worlds=worlds, seed=seed, clause=name, pins=pins, progress=progress
        ).html()
    if screen:
        print(page, end="")
        return
    tables.save_text(page, place)
    print(f"{place} is written; any browser opens and prints it", file=sys.stderr)
