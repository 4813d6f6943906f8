"""`oneveto tip`: what single number decides a clause, whom to persuade, and where the verdict tips."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.app import app
from sim.cli.options import ClauseName, Json, Quiet, Seed, Worlds, changing
from sim.cli.printing import print_json, show_parts
from sim.cli.work import clause_of, progressing
from sim.errors import RequestError

if TYPE_CHECKING:
    from sim.analysis.over import Span
    from sim.scenario import Scenario

Over = Annotated[
    list[str] | None,
    typer.Option(
        "--over",
        metavar="ADDRESS=LOW:HIGH:COUNT",
        help="A curve over this number instead; given twice, a map over both.",
    ),
]


@app.command()
@changing
def tip(
    scenario: Scenario,
    clause: ClauseName,
    over: Over = None,
    worlds: Worlds = 512,
    seed: Seed = 0,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """What decides a clause: whom to persuade, where it tips."""
    from sim.analysis.over import spanned

    name = clause_of(scenario, clause)
    spans = [spanned(scenario, text) for text in over or ()]
    if len(spans) > 2:
        raise RequestError("`--over` is given more than twice; a map has two sides")
    show = (_decides, _curve, _map)[len(spans)]
    show(scenario, name, *spans, worlds=worlds, seed=seed, as_json=as_json, quiet=quiet)


def _decides(
    scenario: Scenario, clause: str, *, worlds: int, seed: int, as_json: bool, quiet: bool
) -> None:
    from sim.analysis.dials import dials
    from sim.analysis.one_member import moves
    from sim.analysis.over import curve_json, tips
    from sim.analysis.persuasion import members_of, persuasion
    from sim.console import persuasion as console

    with progressing(1, quiet) as progress:
        alone = moves(scenario, clause, progress=progress)
    with progressing(2, quiet, noun="searches") as progress:
        whom = persuasion(scenario, clause, progress=progress)
    if not as_json:
        show_parts(console.reasons(alone, whom))
    first = next(iter(members_of(whom.cheapest or ())), next(iter(scenario.seats)))
    count = len(dials(scenario, clause, first))
    with progressing(count, quiet, noun="dials") as progress:
        curves = tips(scenario, clause, first, worlds=worlds, seed=seed, progress=progress)
    if not as_json:
        show_parts(console.tips(scenario, curves, worlds, seed))
        return
    found = {
        "clause": clause,
        "stands": alone.stands,
        "exact": alone.exact,
        "moves": alone.as_json(),
        "persuasion": whom.as_json(),
        "curves": [curve_json(each) for each in curves],
    }
    _print(scenario, found, worlds, seed)


def _curve(
    scenario: Scenario,
    clause: str,
    span: Span,
    *,
    worlds: int,
    seed: int,
    as_json: bool,
    quiet: bool,
) -> None:
    from sim.analysis.over import curve_json, curve_over
    from sim.console import persuasion as console

    with progressing(len(span.settings), quiet, noun="settings") as progress:
        found = curve_over(scenario, clause, span, worlds=worlds, seed=seed, progress=progress)
    if as_json:
        _print(scenario, {"clause": clause, **curve_json(found)}, worlds, seed)
    else:
        show_parts(console.curve(scenario, found, worlds, seed))


def _map(
    scenario: Scenario,
    clause: str,
    across: Span,
    up: Span,
    *,
    worlds: int,
    seed: int,
    as_json: bool,
    quiet: bool,
) -> None:
    from sim.analysis.over import map_json, map_over
    from sim.console import persuasion as console

    count = len(across.settings) * len(up.settings)
    with progressing(count, quiet, noun="places") as progress:
        found = map_over(scenario, clause, across, up, worlds=worlds, seed=seed, progress=progress)
    if as_json:
        _print(scenario, {"clause": clause, **map_json(found)}, worlds, seed)
    else:
        show_parts(console.outcome_map(scenario, found, worlds, seed))


def _print(scenario: Scenario, found: dict[str, Any], worlds: int, seed: int) -> None:
    from sim.outcome import provenance

    print_json({"schema": 1, **provenance(scenario, seed, worlds), **found})
