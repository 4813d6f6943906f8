"""Who may do what, and how often somebody may try: the facilitator's PIN, and limits on guessing."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable

from sim.serving import HOST

DIGITS = 8
"""Of a PIN: with five tries a minute, a lifetime to guess."""


PIN = "ONEVETO_ROOM_PIN"
"""The environment variable in which whoever starts a room's server hands it the PIN."""


def new_pin() -> str:
    """A PIN for the facilitator's desk; a room gets a new one whenever its server starts."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


class Limit:
    """So many tries in so many seconds, by whom; older ones are forgotten. Safe from any thread."""

    def __init__(
        self, tries: int, seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.tries, self.seconds, self.clock = tries, seconds, clock
        self._past: dict[str, deque[float]] = {}
        self._lock = threading.Lock()

    def spent(self, who: str) -> bool:
        """Whether somebody has no try left."""
        with self._lock:
            return len(self._recent(who)) >= self.tries

    def take(self, who: str) -> bool:
        """Use up a try; whether there was one."""
        with self._lock:
            past = self._recent(who)
            if len(past) >= self.tries:
                return False
            self._past[who] = past
            past.append(self.clock())
            return True

    def _recent(self, who: str) -> deque[float]:
        oldest = self.clock() - self.seconds
        for name in [name for name, past in self._past.items() if past and past[-1] < oldest]:
            del self._past[name]
        past = self._past.get(who, deque())
        while past and past[0] < oldest:
            past.popleft()
        return past


class Desk:
    """The door to the facilitator's desk: a PIN opens it, and a pass keeps it open for a browser.

    Passes live in memory alone, as does the PIN: after a restart the desk asks for the new one.
    """

    def __init__(self, pin: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._pin = _digest(pin)
        self._passes: set[str] = set()
        self.wrong = Limit(5, 60, clock)
        self.wrong_by_all = Limit(20, 60, clock)

    def closed_to(self, who: str) -> bool:
        """Whether somebody, or everybody elsewhere together, has guessed wrong too often of late.

        What others do never closes it to this machine itself.
        """
        return self.wrong.spent(who) or (who != HOST and self.wrong_by_all.spent(""))

    def enter(self, pin: str, who: str) -> str | None:
        """A pass for the right PIN, None for a wrong one; `who` is where it was typed."""
        if self.closed_to(who):
            return None
        if not hmac.compare_digest(self._pin, _digest(pin)):
            self.wrong.take(who)
            if who != HOST:
                self.wrong_by_all.take("")
            return None
        given = secrets.token_urlsafe(24)
        self._passes.add(_digest(given))
        return given

    def knows(self, given: str) -> bool:
        """Whether a pass is one that was given."""
        return _digest(given) in self._passes


def _digest(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()
