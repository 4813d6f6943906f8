"""`oneveto import` and `oneveto export`: positions of other programs as scenarios, and back."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.app import app
from sim.cli.options import changing, naming
from sim.errors import RequestError, alternatives, did_you_mean

if TYPE_CHECKING:
    from sim.scenario import Scenario

Output = Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="Where to write it.")]


@app.command(name="import")
def import_(
    file: Annotated[
        Path,
        typer.Argument(help="A KTAB file, one in the exchange format of Decide, or a bare table."),
    ],
    output: Output,
    status_quo: Annotated[
        list[str] | None,
        typer.Option(
            "--status-quo",
            metavar="ISSUE=VALUE",
            callback=naming,
            help="Where an issue stands without an agreement, or one VALUE for all; a number, lowest or "
            "highest; may be repeated. Needed, since no file says it.",
        ),
    ] = None,
    tabled: Annotated[
        list[str] | None,
        typer.Option(
            "--tabled",
            metavar="ISSUE=VALUE",
            callback=naming,
            help="Where the tabled text would bring it; a number, mean (if left out), median, lowest or "
            "highest; may be repeated.",
        ),
    ] = None,
    issue: Annotated[
        list[str] | None,
        typer.Option("--issue", metavar="ISSUE", help="Only this issue; may be repeated."),
    ] = None,
) -> None:
    """Make a scenario of a file with positions and saliences."""
    from sim import formats

    found = formats.read(file)
    found = found.among(issue) if issue else found
    text = formats.to_scenario(found, status_quo or [], tabled or [])
    _write(text, output, file)
    origin = found.origin
    read = f"read as {origin.format}, {origin.encoding}" if origin else "read"
    counts = f"{_count(found.actors, 'actor')}, {_count(found.issues, 'issue')}"
    print(f"{file.name}: {counts}, {read}", file=sys.stderr)
    print(f"{output} is written; try: oneveto run {output}", file=sys.stderr)
    print(
        f"and what models that always agree make of it: oneveto baselines {output}", file=sys.stderr
    )


@app.command()
@changing
def export(
    scenario: Scenario,
    to: Annotated[str, typer.Option("--to", metavar="FORMAT", help="ktab or decide.")],
    output: Output,
) -> None:
    """Write the positions of a scenario for another program."""
    from sim import formats

    if to not in formats.FORMATS:
        hint = did_you_mean(to, formats.FORMATS) or f"It can be {alternatives(formats.FORMATS)}."
        raise RequestError(f"`{to}` is no format. {hint}")
    table = formats.from_scenario(scenario)
    _write(formats.text_of(to, table), output, scenario.origin.folder / scenario.origin.where)
    for loss in (*formats.FORMATS[to].losses(table), *formats.beyond(scenario)):
        print(loss, file=sys.stderr)
    print(f"{output} is written", file=sys.stderr)


def _count(things: Sequence[object], word: str) -> str:
    return f"{len(things)} {word}" + ("" if len(things) == 1 else "s")


def _write(text: str, output: Path, source: Path) -> None:
    """Write a text, but not over what it was made of."""
    from sim.tables import save_text

    if output.resolve() == source.resolve():
        raise RequestError(f"{output} is the file itself; write another -o")
    save_text(text, output)
