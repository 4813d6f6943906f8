"""`oneveto sweep`: every combination of values, into a folder, as long as it takes."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.app import app
from sim.cli.options import Json, Quiet, Seed, Worlds, changing, naming
from sim.cli.printing import print_json, show_parts

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.sweep import Done, Swept

STOPPED = 130
"""What a shell expects of a program that was stopped by Ctrl-C."""


def _some(folder: Path) -> Path:
    """An empty name would be the folder one is in, which holds other things."""
    if folder == Path():
        raise typer.BadParameter("it names nothing; write a folder, as sweep")
    return folder


@app.command()
@changing
def sweep(
    scenario: Scenario,
    vary: Annotated[
        list[str],
        typer.Option(
            metavar="ADDRESS=VALUES",
            help="What takes which values: low, high and how many, as assumptions.trust=-2:2:41, or a "
            "list, as rule=consensus,majority. Repeat for every combination.",
        ),
    ],
    out: Annotated[
        Path,
        typer.Option(
            metavar="FOLDER",
            callback=_some,
            help="Where the results go; a sweep that was stopped goes on there.",
        ),
    ],
    worlds: Worlds = 2000,
    seed: Seed = 0,
    workers: Annotated[
        int | None, typer.Option(min=1, max=512, help="Processes to use; all cores if left out.")
    ] = None,
    cluster: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            callback=naming,
            help="Play on this Dask cluster, as tcp://host:8786; start its workers with --nthreads 1.",
        ),
    ] = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Every combination of values, in the same worlds, as Parquet."""
    from sim.story import sweep as said
    from sim.sweep.extremes import as_json as reach_as_json
    from sim.sweep.extremes import reaches

    swept = _swept(scenario, vary, out, worlds, seed, workers or _cores(), cluster, quiet)
    if not quiet:
        print(said.ended(swept.plan.cells, swept.found, str(out)), file=sys.stderr)
    found = reaches(swept.frames())
    if as_json:
        rows = [reach_as_json(reach, swept.plan.values) for reach in found]
        print_json({**swept.plan.manifest(), "clauses": rows})
    else:
        from sim.console import sweep as view

        show_parts(view.sweep(swept.plan, found))


def _swept(
    scenario: Scenario,
    vary: list[str],
    out: Path,
    worlds: int,
    seed: int,
    workers: int,
    cluster: str | None,
    quiet: bool,
) -> Swept:
    """Play it with a bar; who stops it is told what is kept."""
    from sim import console
    from sim.story import sweep as said
    from sim.sweep import sweep as play

    last: list[Done] = []
    with console.progress("worlds") as bars:

        def progress(done: Done) -> None:
            if not last and not quiet:
                bars.add_task("", total=done.of_worlds, completed=done.worlds)
            for task in bars.task_ids:
                bars.update(task, completed=done.worlds)
            last[:] = [done]

        try:
            return play(
                scenario,
                vary,
                out=out,
                worlds=worlds,
                seed=seed,
                workers=workers,
                cluster=cluster,
                progress=progress,
            )
        except KeyboardInterrupt:
            bars.stop()
            sentence = said.stopped(last[0].cells, last[0].of_cells) if last else "stopped"
            print(sentence, file=sys.stderr)
            raise typer.Exit(STOPPED) from None


def _cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
