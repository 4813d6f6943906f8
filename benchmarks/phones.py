"""Phones without a screen: each keeps its lines open, looks at the room, speaks, and remembers."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

PACE = 2.0
"""Seconds between two looks at the room, as on the phone's page."""

PATIENCE = 10.0
"""Seconds after which a phone hangs up."""

TRIES = 5
"""How often a phone says the same when nobody answers."""

WAIT = 1.0
"""Seconds that it waits before it tries again, or after it was told that it asks too often."""

Answer = tuple[int, Mapping[str, str], bytes]


@dataclass
class Line:
    """One connection, kept open from question to question as browsers do."""

    host: str
    port: int
    _ends: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    def __post_init__(self) -> None:
        self._turn = asyncio.Lock()

    async def ask(self, request: bytes) -> Answer:
        """Send a request and read the answer; once more where the server had hung up meanwhile.

        Raises OSError where nobody answers.
        """
        async with self._turn:
            if self._ends:
                with contextlib.suppress(OSError, EOFError):
                    return await self._once(request)
                self.close()
            try:
                return await self._once(request)
            except (OSError, EOFError) as error:
                self.close()
                raise ConnectionError("nobody answers") from error

    async def _once(self, request: bytes) -> Answer:
        async with asyncio.timeout(PATIENCE):
            if self._ends is None:
                self._ends = await asyncio.open_connection(self.host, self.port)
            reading, writing = self._ends
            writing.write(request)
            head = (await reading.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            pairs = (line.partition(":") for line in head[1:] if line)
            headers = {name.lower(): value.strip() for name, _, value in pairs}
            body = await reading.readexactly(int(headers.get("content-length", 0)))
            return int(head[0].split()[1]), headers, body

    def close(self) -> None:
        """Hang up."""
        if self._ends:
            self._ends[1].close()
        self._ends = None


@dataclass(frozen=True)
class Said:
    """A ballot that the room has acknowledged, and how long that took, in seconds."""

    put: int
    seat: str
    turn: int
    stance: str
    took: float


@dataclass
class Phone:
    """Somebody with a phone; `said` is what the room has acknowledged."""

    host: str
    port: int
    code: str
    said: list[Said] = field(default_factory=list)
    looks: list[float] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    told_to_wait: int = 0
    room: dict[str, Any] = field(default_factory=dict)
    seat: str = ""
    _word: str = ""
    _tag: str = ""

    def __post_init__(self) -> None:
        self._eyes, self._mouth = Line(self.host, self.port), Line(self.host, self.port)

    async def join(self, seat: str) -> float:
        """Come in and take a seat; the seconds that it took."""
        body = {"name": f"Somebody for {seat}", "seat": seat}
        begin = time.perf_counter()
        status, _, found = await self._post("join", body)
        took = time.perf_counter() - begin
        if status != 200:
            raise RuntimeError(f"{seat} cannot come in: {found.decode()}")
        given = json.loads(found)
        self.seat, self._word = seat, f"{given['who']}.{given['token']}"
        return took

    async def follow(self) -> None:
        """Look at the room every other second until stopped."""
        while True:
            await asyncio.sleep(PACE * random.uniform(0.9, 1.1))
            with contextlib.suppress(OSError, TimeoutError):
                await self.look()

    async def look(self) -> dict[str, Any]:
        """How the room stands."""
        begin = time.perf_counter()
        known = {"If-None-Match": self._tag} if self._tag else {}
        status, headers, body = await self._eyes.ask(self._request("GET", "state", b"", known))
        self.looks.append(time.perf_counter() - begin)
        if status == 200:
            self._tag, self.room = headers["etag"], json.loads(body)
        return self.room

    async def speak(self, put: int, turn: int, stance: str, reason: str = "") -> None:
        """Say something, and say it again until the room answers, as the phone's page does."""
        body = {"put": put, "turn": turn, "stance": stance, "reason": reason}
        begin = time.perf_counter()
        for _ in range(TRIES):
            try:
                status, _, found = await self._post("ballot", body)
            except (OSError, TimeoutError):
                await asyncio.sleep(WAIT)
                continue
            if status == 429:
                self.told_to_wait += 1
                await asyncio.sleep(WAIT)
                begin = time.perf_counter()
                continue
            if status == 200:
                took = time.perf_counter() - begin
                self.said.append(Said(put, self.seat, turn, stance, took))
            else:
                self.refused.append(found.decode())
            return
        self.refused.append("nobody answered")

    async def _post(self, path: str, body: Mapping[str, Any]) -> Answer:
        headers = {"Content-Type": "application/json", "Origin": f"http://{self._host}"}
        return await self._mouth.ask(
            self._request("POST", path, json.dumps(body).encode(), headers)
        )

    @property
    def _host(self) -> str:
        return f"{self.host}:{self.port}"

    def _request(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> bytes:
        lines = {"Host": self._host, "Content-Length": str(len(body)), **headers}
        if self._word:
            lines["Authorization"] = f"Bearer {self._word}"
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        return f"{method} /r/{self.code}/{path} HTTP/1.1\r\n{head}\r\n".encode() + body

    def close(self) -> None:
        """Hang up."""
        self._eyes.close()
        self._mouth.close()
