"""What the terminal says when a room opens: how phones come in, and where the desk and the log are."""

from __future__ import annotations

import io
import os
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path

import segno

from sim.room.live import LiveRoom
from sim.serving import HOST
from sim.story import counted

typed = subprocess.list2cmdline if os.name == "nt" else shlex.join
"""Words as one types them in the shell of this machine, in quotes where that is needed."""


def looking_back(path: Path) -> str:
    """The command that tells of a room by its log."""
    return typed(["oneveto", "debrief", str(path)])


@dataclass(frozen=True)
class Invitation:
    """A room, the address and port at which its server listens, and the PIN of its desk."""

    room: LiveRoom
    address: str
    port: int
    pin: str
    program: str = "oneveto"

    @property
    def link(self) -> str:
        """Where phones join."""
        return f"http://{self.address}:{self.port}/r/{self.room.code}"

    @property
    def again(self) -> str:
        """What brings the room back to where phones and projector look for it."""
        place = [] if self.address == HOST else ["--address", self.address]
        words = ["--resume", str(self.room.store.path), "--port", str(self.port), *place]
        return f"{self.program} room {typed(words)}"

    def text(self) -> str:
        """All of it; the pages for this machine have its loopback address, whatever the Wi-Fi does."""
        state, here = self.room.state, f"http://{HOST}:{self.port}"
        title, path = self.room.scenario.about.title, self.room.store.path
        people = f", {len(state.people)} already in" if state.people else ""
        rows = {
            "Phones": self.link,
            "Test": f"{self.link}/test   (does a phone get here?)",
            "Board": f"{here}/board   (for the projector)",
            "Desk": f"{here}/r/{self.room.code}/desk   (for you)",
            "PIN": f"{self.pin[:4]} {self.pin[4:]}   (for the desk; show it to nobody)",
            "Log": str(path),
            "Again": self.again,
        }
        table = "\n".join(f"{name:8}{what}" for name, what in rows.items())
        alone = self.address == HOST
        note = "\n\nOnly this machine gets there; with --open, phones do." if alone else ""
        seats = counted(len(state.seats), "seat")
        return (
            f"Room {self.room.code}: {title}\n{seats}{people}\n\n{scannable(self.link)}\n{table}{note}"
            "\n\nCtrl+C stops it; the log stays."
        )


def drawn(link: str) -> bytes:
    """A link as a code to scan, as SVG."""
    out = io.BytesIO()
    segno.make(link, error="m").save(out, kind="svg", scale=8, light="#fff", xmldecl=False)
    return out.getvalue()


def scannable(link: str) -> str:
    """A link as a code to scan, drawn with letters."""
    out = io.StringIO()
    segno.make(link, error="l").terminal(out, border=2, compact=True)
    return out.getvalue()
