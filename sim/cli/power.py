"""`oneveto power`: who has power by the rule alone, and who has it in the worlds played."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.app import app
from sim.cli.options import Json, Quiet, Seed, Worlds, changing
from sim.cli.printing import print_json, show_parts
from sim.cli.work import clause_of, progressing

if TYPE_CHECKING:
    from sim.scenario import Scenario


@app.command()
@changing
def power(
    scenario: Scenario,
    clause: Annotated[
        str | None, typer.Argument(help="A clause, as N5.1; all of them if left out.")
    ] = None,
    worlds: Worlds = 2000,
    seed: Seed = 0,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """On whom decisions turn, by the rule alone and in fact."""
    from sim.analysis.power import power as measured
    from sim.console.power import power as view
    from sim.scenario import rules_of

    name = clause_of(scenario, clause) if clause else None
    with progressing(worlds * len(rules_of(scenario)), quiet) as progress:
        found = measured(scenario, name, worlds=worlds, seed=seed, progress=progress)
    print_json(found.as_json()) if as_json else show_parts(view(found))
