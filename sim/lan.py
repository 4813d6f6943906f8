"""The addresses by which others in the same network reach this machine, found without asking anybody."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import struct
import sys
from dataclasses import dataclass

if sys.platform != "win32":
    import fcntl

ASK = {"linux": 0x8915, "darwin": 0xC0206921}
"""What the kernel is asked for an interface's address by: SIOCGIFADDR."""

NOWHERE = "192.0.2.1"
"""An address for documentation (RFC 5737), which stands for the world; nothing is ever sent to it."""

DISCARD = 9
"""A port to name where nothing is sent (RFC 863)."""

WIRELESS, WIRED = ("wl", "wifi", "ath", "ap"), ("en", "eth", "em", "usb", "bridge")
"""How interfaces that people in a room share are called, the likelier first."""


@dataclass(frozen=True)
class Place:
    """An address of this machine, and its interface where that is known."""

    address: str
    interface: str = ""

    def __str__(self) -> str:
        return f"{self.address} ({self.interface})" if self.interface else self.address


def places() -> list[Place]:
    """Where this machine can be reached in its network, the likeliest first; none without a network."""
    found = dict.fromkeys(address for address in [_speaking_to(NOWHERE)] if address)
    named = _by_interface()
    found |= dict.fromkeys(named) if named else dict.fromkeys(_by_name())
    rows = [Place(address, named.get(address, "")) for address in found if _shared(address)]
    return sorted(rows, key=_unlikely)


def is_own(address: str) -> bool:
    """Whether an IPv4 address, written out, is one of this machine's by which others may come."""
    try:
        parsed = ipaddress.IPv4Address(address)
    except ValueError:
        return False
    return not parsed.is_loopback and _speaking_to(address) == address


def _shared(address: str) -> bool:
    """Whether others may reach an address: not the loopback, nor one that nobody gave."""
    try:
        parsed = ipaddress.IPv4Address(address)
    except ValueError:
        return False
    return not (parsed.is_loopback or parsed.is_unspecified or parsed.is_link_local)


def _unlikely(place: Place) -> tuple[bool, int]:
    """Wireless before wired before the rest, such as bridges to virtual machines; then as found."""
    kinds = (WIRELESS, WIRED)
    kind = next((at for at, names in enumerate(kinds) if place.interface.startswith(names)), 2)
    return not ipaddress.IPv4Address(place.address).is_private, kind


def _by_interface() -> dict[str, str]:
    """Interfaces by their addresses, from the kernel, where it can be asked."""
    if sys.platform not in ASK:
        return {}
    found: dict[str, str] = {}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        for _, name in socket.if_nameindex():
            with contextlib.suppress(OSError):  # one that is down has no address
                wanted = struct.pack("256s", name.encode()[:15])
                told = fcntl.ioctl(asking.fileno(), ASK[sys.platform], wanted)
                found[socket.inet_ntoa(told[20:24])] = name
    return found


def _by_name() -> list[str]:
    """The addresses that this machine's own name stands for."""
    try:
        rows = socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)
    except OSError:
        return []
    return [str(row[4][0]) for row in rows]


def _speaking_to(address: str) -> str:
    """From which of its addresses this machine would speak to another; from none without a route."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as speaking:
        try:
            speaking.connect((address, DISCARD))
        except OSError:
            return ""
        return str(speaking.getsockname()[0])
