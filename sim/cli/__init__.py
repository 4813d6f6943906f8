"""The command line: data goes to standard output, everything else to error."""

from __future__ import annotations

import io
import os
import sys

from sim.cli import baselines as baselines
from sim.cli import cards as cards
from sim.cli import commands as commands
from sim.cli import debrief as debrief
from sim.cli import discovery as discovery
from sim.cli import formats as formats
from sim.cli import persuasion as persuasion
from sim.cli import power as power
from sim.cli import report as report
from sim.cli import robustness as robustness
from sim.cli import room as room
from sim.cli import sensitivity as sensitivity
from sim.cli import sweep as sweep
from sim.cli.app import app
from sim.errors import OnevetoError

__all__ = ["app", "main"]


def _speak_plainly() -> None:
    """Files and pipes get UTF-8; a terminal gets `?` for what it cannot show."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")


def _run() -> None:
    """Run the command and write out all that it printed."""
    _speak_plainly()
    try:
        app(prog_name="oneveto")
    finally:
        sys.stdout.flush()


def main() -> None:
    """Run a command; what a person can mend is one sentence and exit code 2, never a traceback."""
    try:
        _run()
    except OnevetoError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:  # the reader, `head` for instance, has seen enough
        _drop_output()
        sys.exit(0)
    except OSError as error:
        _drop_output()
        reason = error.strerror or error
        what = (
            f"{error.filename} cannot be used" if error.filename else "the output cannot be written"
        )
        print(f"{what}: {reason}", file=sys.stderr)
        sys.exit(2)


def _drop_output() -> None:
    """Nobody can take what is still unwritten; do not try again on the way out."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
