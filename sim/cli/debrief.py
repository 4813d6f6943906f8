"""`oneveto debrief`: a workshop looked back at, from the file of its room."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.app import app
from sim.cli.options import Json
from sim.cli.printing import print_json, show_parts


@app.command()
def debrief(
    room: Annotated[
        Path,
        typer.Argument(metavar="ROOM", help="The file of a room, as rooms/CODE.room, or its code."),
    ],
    as_json: Json = False,
    csv: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write one line for every member and text: its words, and the model's.",
        ),
    ] = None,
    timeline: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write what happened when, as CSV.")
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write it as one HTML document that prints well."),
    ] = None,
) -> None:
    """Look back at a workshop: who blocked what, and why."""
    from sim import tables
    from sim.room import archive, debrief
    from sim.room.account import parts, title
    from sim.room.pages import html, timeline_csv, voices_csv

    room = archive.meant(room)
    kept = archive.read(room)
    asked = {csv: voices_csv, timeline: timeline_csv, report: html}
    places = [path for path in (csv, timeline, report) if path]
    _check(room, places)
    found = debrief.debrief(kept.scenario, kept.log)
    for path, write in asked.items():
        if path:
            tables.save_text(write(found), path)
            print(f"{path} is written", file=sys.stderr)
    if as_json:
        print_json(found.as_json())
    elif not places:
        from sim.console import page

        show_parts(page(title(found), parts(found)))


def _check(room: Path, places: list[Path]) -> None:
    """Every file a place of its own, and none that of the room, which cannot be had again."""
    from sim import tables
    from sim.errors import RequestError

    named = [path.resolve() for path in places]
    if room.resolve() in named:
        raise RequestError(f"{room} is the room itself; write to another file")
    if len({*named}) < len(named):
        raise RequestError("two options name the same file; name one for each")
    for path in places:
        tables.try_text(path)
