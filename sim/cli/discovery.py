"""`oneveto discover`: in which region of the assumptions a clause survives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.app import app
from sim.cli.options import ClauseName, Json, Quiet, Seed, Worlds, changing, naming
from sim.cli.printing import print_json, show_parts
from sim.cli.work import clause_of, worked

if TYPE_CHECKING:
    from sim.scenario import Scenario


@app.command()
@changing
def discover(
    scenario: Scenario,
    clause: ClauseName,
    falls: Annotated[bool, typer.Option("--falls", help="Where it falls, instead.")] = False,
    vary: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=LOW:HIGH",
            callback=naming,
            help="Vary this instead of the assumptions: a dial, as cohesion or opening=.4:1, or an "
            "address; may be repeated.",
        ),
    ] = None,
    boxes: Annotated[int, typer.Option(min=1, max=5, help="So many boxes at most.")] = 2,
    worlds: Worlds = 10_000,
    seed: Seed = 0,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """In which region of the assumptions a clause survives."""
    from sim.analysis.discovery import Search
    from sim.console import discovery as console

    search = Search(
        scenario,
        clause_of(scenario, clause),
        falls=falls,
        wanted=tuple(vary or ()),
        worlds=worlds,
        seed=seed,
        most=boxes,
    )
    found = worked(search, quiet)
    print_json(found.as_json()) if as_json else show_parts(console.discovery(found))
