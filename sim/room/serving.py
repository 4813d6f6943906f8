"""How the server of a room is started, by a command or by another program."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import resources
from pathlib import Path

from sim import serving
from sim.room import keys

LARGEST = 2
"""MB of a message between a page of Streamlit's and its server, either way.

The largest, the debrief of eight texts, has 35 kB; browsers send less than one.
"""


def listening(address: str) -> str:
    """Where the server listens: an open room on the loopback too, so that the desk outlives the Wi-Fi.

    The server turns away who comes by any other address.
    """
    return address if address == serving.HOST else serving.EVERYWHERE


def command(file: Path, address: str, port: int, no_browser: bool) -> list[str]:
    """The program that serves the room in a file to phones that come by an address."""
    page = resources.files("dashboard") / "room" / "server.py"
    options = {
        "server.address": listening(address),
        "browser.serverAddress": address,
        "server.maxUploadSize": "1",  # nobody uploads anything, whatever they try
        "server.maxMessageSize": str(LARGEST),
        "logger.hideWelcomeMessage": "true",  # whoever starts it says how to get in
    }
    flags = serving.streamlit(port, no_browser, options)
    return [sys.executable, "-m", "streamlit", "run", str(page), *flags, "--", str(file), address]


def environment(pin: str) -> Mapping[str, str]:
    """What that program finds in its environment: the PIN, and that nobody speaks for others."""
    return {keys.PIN: pin, "FORWARDED_ALLOW_IPS": "nobody"}  # who asks is who is connected
