"""A program that never outlives the one that started it, however that one ends.

`python -m dashboard.room.leash COMMAND …` runs a command until its own input ends. Whoever starts it
holds the other end, which the system lets go of even where a process is killed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading

PATIENCE = 10
"""Seconds for which a program that is told to stop may take to do so."""


def main(command: list[str]) -> int:
    """Run a command for as long as somebody holds the input."""
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    threading.Thread(target=_stop_at_the_end, args=(child,), daemon=True).start()
    return child.wait()


def _stop_at_the_end(child: subprocess.Popen[bytes]) -> None:
    while os.read(sys.stdin.fileno(), 1):  # not its buffer, whose lock would outlive this thread
        pass
    child.terminate()
    try:
        child.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        child.kill()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
