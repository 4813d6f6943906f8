"""`oneveto baselines`: what other schools of thought predict, beside what the rule lets stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.app import app
from sim.cli.options import Json, changing
from sim.cli.printing import print_json, show_parts
from sim.cli.work import clause_of

if TYPE_CHECKING:
    from sim.scenario import Scenario


@app.command()
@changing
def baselines(
    scenario: Scenario,
    clause: Annotated[
        str | None, typer.Argument(help="A clause, as N5.1; all of them if left out.")
    ] = None,
    as_json: Json = False,
) -> None:
    """The models that always agree, beside the rule that does not."""
    from sim.baselines.predictions import predictions
    from sim.console.baselines import baselines as view

    name = clause_of(scenario, clause) if clause else None
    found = predictions(scenario)
    print_json(found.as_json(name)) if as_json else show_parts(view(found, name))
