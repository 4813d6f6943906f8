"""`oneveto sensitivity`: which assumption decides how near a clause is to a veto."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.app import app
from sim.cli.options import ClauseName, Json, Quiet, Seed, Worlds, changing
from sim.cli.printing import print_json, show_parts
from sim.cli.work import clause_of, worked
from sim.errors import RequestError, did_you_mean

if TYPE_CHECKING:
    from sim.analysis.cells import Work
    from sim.scenario import Scenario

METHODS = ("tornado", "sobol", "morris")
"""One dial after the other, all numbers at once, each number by itself."""

SHARED = ("schema", "scenario", "sha256", "seed", "rule", "process", "levers", "versions", "clause")
"""What is the same of all methods; of the worlds each has its own."""


def _methods(typed: list[str] | None) -> list[str]:
    """Methods that there are."""
    for word in typed or ():
        if word not in METHODS:
            raise typer.BadParameter(f"`{word}` is no method. {did_you_mean(word, METHODS)}")
    return list(dict.fromkeys(typed or ()))


@app.command()
@changing
def sensitivity(
    scenario: Scenario,
    clause: ClauseName,
    method: Annotated[
        list[str] | None,
        typer.Option(
            metavar="METHOD",
            callback=_methods,
            help="tornado: one dial after the other; sobol: all uncertain numbers at once; morris: "
            "every number by itself. May be repeated; tornado and sobol if left out.",
        ),
    ] = None,
    samples: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="Points of sobol, a power of two (1024), or paths of morris (32).",
        ),
    ] = None,
    worlds: Worlds = 2000,
    seed: Seed = 0,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """What decides how near a clause is to a veto."""
    from sim.console import sensitivity as console

    name = clause_of(scenario, clause)
    asked = _asked(scenario, name, method or ["tornado", "sobol"], samples, worlds, seed)
    found = [worked(work, quiet) for work in asked]
    print_json(_together(found)) if as_json else show_parts(console.sensitivity(found))


def _together(found: list[Any]) -> dict[str, Any]:
    """What all methods share, then each by its name."""
    rows = [each.as_json() for each in found]
    shared = {name: rows[0][name] for name in SHARED}
    shared["versions"] = {name: of for row in rows for name, of in row["versions"].items()}
    own = [{name: of for name, of in row.items() if name not in SHARED} for row in rows]
    return shared | {row["method"]: row for row in own}


def _asked(
    scenario: Scenario,
    clause: str,
    methods: list[str],
    samples: int | None,
    worlds: int,
    seed: int,
) -> list[Work[Any]]:
    """The work of each method; what cannot be done is said before any of it is done."""
    from sim.analysis.sensitivity import PATHS, POINTS, Morris, Sobol
    from sim.analysis.tornado import Turning

    if samples is not None and methods == ["tornado"]:
        raise RequestError("`--samples` is for sobol and morris; a tornado takes `--worlds`")
    if samples is not None and {"sobol", "morris"} <= set(methods):
        raise RequestError(
            "`--samples` means points of sobol and paths of morris; ask for one of them"
        )
    made: dict[str, Callable[[], Work[Any]]] = {
        "tornado": lambda: Turning(scenario, clause, worlds, seed),
        "sobol": lambda: Sobol(scenario, clause, POINTS if samples is None else samples, seed),
        "morris": lambda: Morris(scenario, clause, PATHS if samples is None else samples, seed),
    }
    return [made[kind]() for kind in methods]
