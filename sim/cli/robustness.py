"""`oneveto robust`: the headline claims of a run, and what it takes to overturn them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.cli.app import app
from sim.cli.options import Json, Quiet, Seed, Worlds, changing
from sim.cli.printing import print_json, show_parts
from sim.cli.work import progressing

if TYPE_CHECKING:
    from sim.scenario import Scenario


@app.command()
@changing
def robust(
    scenario: Scenario,
    worlds: Worlds = 2000,
    seed: Seed = 0,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """What it takes to overturn each headline of a run."""
    from sim.analysis.robustness import robustness
    from sim.console import robustness as view

    with progressing(2 * worlds, quiet) as progress:
        found = robustness(scenario, worlds=worlds, seed=seed, progress=progress)
    print_json(found.as_json()) if as_json else show_parts(view.robustness(found))
