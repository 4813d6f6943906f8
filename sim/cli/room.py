"""`oneveto room`: people with phones play the council; the log of it outlives the evening."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.app import app
from sim.cli.commands import program
from sim.cli.options import changing, naming
from sim.errors import RequestError, short

if TYPE_CHECKING:
    from sim.lan import Place
    from sim.room.live import LiveRoom
    from sim.scenario import Scenario


@app.command()
@changing
def room(
    scenario: Scenario | None = None,
    seating: Annotated[
        str | None,
        typer.Option(
            metavar="KIND",
            callback=naming,
            help="Who is played by people: blocs, key (members) or all; else what suits the script.",
        ),
    ] = None,
    script: Annotated[
        str | None,
        typer.Option(metavar="NAME", callback=naming, help="A workshop: short, half or long."),
    ] = None,
    folder: Annotated[
        Path | None, typer.Option(help="Where the room's file goes; rooms if left out.")
    ] = None,
    resume: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Go on with the room in this file, in place of a new one."
        ),
    ] = None,
    open_: Annotated[
        bool, typer.Option("--open", help="Let phones in the same network reach it.")
    ] = False,
    address: Annotated[
        str | None,
        typer.Option(
            metavar="IP", callback=naming, help="Open it at this address of the machine's."
        ),
    ] = None,
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")] = 8600,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Open no browser.")] = False,
    rehearse: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=300,
            metavar="N",
            help="Play the script with so many simulated participants, print the debrief, and end; "
            "without --script or --seating there is a seat for each.",
        ),
    ] = None,
    pace: Annotated[
        float | None,
        typer.Option(
            min=0,
            max=60,
            help="With --rehearse: seconds for a minute of the script; 2 if left out.",
        ),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(min=0, help="With --rehearse: seed of the dice; 0 if left out."),
    ] = None,
) -> None:
    """Open a live room: people with phones play the council."""
    from sim import serving
    from sim.room import scripts
    from sim.room.invitation import Invitation
    from sim.room.keys import new_pin
    from sim.room.seats import fitting
    from sim.room.serving import listening

    if rehearse and resume:
        raise RequestError("a rehearsal needs a room of its own; leave --resume out")
    if resume:
        _refuse("a room goes on as it was opened", seating=seating, script=script, folder=folder)
    if not rehearse:
        _refuse("only a rehearsal has dice and a pace", pace=pace, seed=seed)
    place = _address(open_, address)
    serving.check(port, listening(place))
    if rehearse and scenario:
        if script is None:
            seating = seating or fitting(scenario, rehearse)
        script = script or scripts.names(scenario)[0]
    held = _resumed(resume, scenario) if resume else _opened(scenario, seating, script, folder)
    pin = new_pin()
    print(Invitation(held, place, port, pin, program()).text())
    held.store.close()
    if rehearse:
        _ask_for_rehearsal(rehearse, seed or 0, 2.0 if pace is None else pace)
    raise typer.Exit(_serve(held.store.path, place, port, pin, no_browser))


def _refuse(why: str, **options: object) -> None:
    """Raise RequestError for options that were given where they mean nothing."""
    from sim.story.words import listed

    given = [f"--{name}" for name, value in options.items() if value is not None]
    if given:
        raise RequestError(f"{why}; leave {listed(given)} out")


def _ask_for_rehearsal(people: int, seed: int, pace: float) -> None:
    """Leave word for the server."""
    from sim.room.rehearsal import ASKED

    os.environ[ASKED] = json.dumps([people, seed, pace])


def _opened(
    scenario: Scenario | None, seating: str | None, script: str | None, folder: Path | None
) -> LiveRoom:
    """A new room, in a file of its own."""
    from sim.room import scripts
    from sim.room.opening import open_room
    from sim.room.seats import usual
    from sim.room.store import FOLDER

    if scenario is None:
        raise RequestError(
            "name a scenario to play, as draft-treaty-2021, or a room's file with --resume"
        )
    usually = scripts.script(scenario, script).seating if script else usual(scenario)
    where = folder or FOLDER
    return open_room(scenario, where, seating_=seating or usually, script=script or "")


def _resumed(file: Path, scenario: Scenario | None) -> LiveRoom:
    """The room in a file, as it was left."""
    from sim.room import archive
    from sim.room.opening import reopen
    from sim.room.store import FOLDER

    if scenario is not None:
        raise RequestError("a room goes on with the scenario that is in its file; name none")
    file = archive.meant(file)
    if not file.is_file():
        raise RequestError(f"there is no file {file}, nor a room of that code in {FOLDER}/")
    return reopen(file)


# Where it listens -------------------------------------------------------------------------------


def _address(open_: bool, address: str | None) -> str:
    """The address by which phones come; the loopback, which none can reach, unless one is asked for."""
    from sim import lan, serving

    if address in (serving.HOST, "localhost"):
        return serving.HOST
    if address:
        if not lan.is_own(address):
            known = ", ".join(map(str, lan.places())) or "none"
            raise RequestError(
                f"{short(address, 40)} is no address of this machine at which phones can come; "
                f"it has: {known}"
            )
        return address
    return _chosen(lan.places()) if open_ else serving.HOST


def _chosen(places: list[Place]) -> str:
    """One of several addresses: asked for on a terminal, else the likeliest."""
    if not places:
        raise RequestError(
            "this machine is in no network; join a Wi-Fi or open a hotspot, or leave --open out"
        )
    if len(places) == 1:
        return places[0].address
    for number, place in enumerate(places, 1):
        print(f"{number}  {place}", file=sys.stderr)
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        print(f"Taking {places[0]}; --address chooses another.", file=sys.stderr)
        return places[0].address
    number = typer.prompt("Which of them do the phones share?", default=1, type=int, err=True)
    if not 1 <= number <= len(places):
        raise RequestError(f"write a number from 1 to {len(places)}")
    return places[number - 1].address


def _serve(file: Path, address: str, port: int, pin: str, no_browser: bool) -> int:
    """Become the server of a room."""
    from sim import serving
    from sim.room.serving import command, environment

    os.environ.update(environment(pin))
    return serving.become(command(file, address, port, no_browser))
