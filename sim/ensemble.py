"""Many worlds: blocks of pages through one council, in one process or in several."""

from __future__ import annotations

import contextlib
import functools
import multiprocessing
import operator
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TypeVar

import numpy as np
from threadpoolctl import ThreadpoolController

from sim.arithmetic import NUMPY, fastest
from sim.arrays import PAGE, REAL
from sim.council import Council
from sim.errors import RequestError
from sim.outcome import Outcome, Tally
from sim.scenario import Scenario, load
from sim.worlds import Sampler, Worlds, central, checked_seed

BLOCK = 4 * PAGE
"""Worlds that a council plays at once; larger blocks leave the processor's cache."""

CHUNK = 32 * BLOCK
"""Worlds that a worker plays before it reports."""

MOST = 10**12
"""Worlds; more is a typing error."""

Seen = TypeVar("Seen")
Progress = Callable[[int], None]
Span = tuple[int, int]


def run(
    scenario: Scenario | str | Path,
    *,
    worlds: int = 2000,
    seed: int = 0,
    workers: int = 1,
    progress: Progress | None = None,
) -> Outcome:
    """Play a scenario in many worlds and count what came out.

    The same seed gives the same worlds and decisions whatever the number of workers. Several workers
    pay from some two hundred thousand worlds on. `progress` is told how many worlds are done.

    Raises ScenarioError for a scenario that cannot be used, RequestError for numbers out of range.
    """
    scenario = scenario if isinstance(scenario, Scenario) else load(scenario)
    seed, worlds = checked_seed(seed), _positive("worlds", worlds)
    spans = [(start, min(start + CHUNK, worlds)) for start in range(0, worlds, CHUNK)]
    workers = min(_positive("workers", workers), len(spans))
    play = _here(scenario, seed, spans) if workers == 1 else _spread(scenario, seed, spans, workers)
    tallies = []
    for tally in play:
        tallies.append(tally)
        if progress:
            progress(sum(part.worlds for part in tallies))
    return Outcome(scenario, seed, functools.reduce(operator.add, tallies))


def read(
    scenario: Scenario, seed: int, worlds: int, look: Callable[[Council], Seen]
) -> Iterator[Seen]:
    """What `look` finds in the council after each block of worlds, for measures of one's own.

    What it returns must be copies: the council is dealt new worlds.
    """
    with alone(scenario) as council:
        council.arithmetic = NUMPY
        sampler = Sampler(scenario, checked_seed(seed))
        for first in range(0, _positive("worlds", worlds), BLOCK):
            council.deal(sampler.worlds(first, min(first + BLOCK, worlds)))
            council.run_model()
            yield look(council)


def centre(scenario: Scenario | str | Path) -> Outcome:
    """The one world in which every assumption has its central value; no dice."""
    scenario = scenario if isinstance(scenario, Scenario) else load(scenario)
    with alone(scenario) as council:
        council.arithmetic = NUMPY
        return Outcome(scenario, None, _tally(council, central(scenario, REAL)))


def _positive(name: str, number: int) -> int:
    if isinstance(number, bool) or not isinstance(number, int) or not 0 < number <= MOST:
        raise RequestError(f"{name} is {number}; write a whole number from 1 to {MOST:.0e}")
    return number


# One process ------------------------------------------------------------------------------------


class _Chamber:
    """The one council of this process, seated again for every scenario.

    Mesa keeps every model it ever made alive, so a council for each run would be a leak.
    """

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.council: Council | None = None

    def seat(self, scenario: Scenario) -> Council:
        if self.council is None:
            _keep_memory()
            self.council = Council(scenario, worlds=0, rng=0)
            self.council.diary = False
        self.council.seat(scenario)
        return self.council


_CHAMBER = _Chamber()


@contextlib.contextmanager
def alone(scenario: Scenario) -> Iterator[Council]:
    """The council of this process, seated for a scenario, to oneself; one BLAS thread."""
    with _CHAMBER.lock, _blas().limit(limits=1, user_api="blas"):
        yield _CHAMBER.seat(scenario)


@functools.cache
def _blas() -> ThreadpoolController:
    return ThreadpoolController()


def _keep_memory() -> None:
    """Let blocks of worlds reuse memory instead of asking the system for it each time.

    The GNU C library gives freed memory back, and has it cleared on return, up to the size of the
    largest array that it has seen freed. This one is never touched, so it costs nothing.
    """
    np.empty(31 * 2**20, np.uint8)


def _here(scenario: Scenario, seed: int, spans: list[Span]) -> Iterator[Tally]:
    with alone(scenario) as council:
        council.arithmetic = fastest(_plays(scenario, spans[-1][1]))
        sampler = Sampler(scenario, seed)
        for span in spans:
            yield _play(council, sampler, span)


def _plays(scenario: Scenario, worlds: int) -> int:
    """How many rounds are played in all of the worlds at most."""
    return worlds * scenario.process.rounds * len(scenario.stages)


def _play(council: Council, sampler: Sampler, span: Span) -> Tally:
    """One span of worlds, block by block."""
    start, stop = span
    blocks = range(start, stop, BLOCK)
    tallies = (_tally(council, sampler.worlds(first, min(first + BLOCK, stop))) for first in blocks)
    return functools.reduce(operator.add, tallies)


def _tally(council: Council, dealt: Worlds) -> Tally:
    council.deal(dealt)
    council.run_model()
    return Tally.of(council.decisions())


# Several processes ------------------------------------------------------------------------------

_AT_WORK: list[tuple[Council, Sampler]] = []
"""In a worker: its council and its dice."""


def _spread(scenario: Scenario, seed: int, spans: list[Span], workers: int) -> Iterator[Tally]:
    """The same spans on several processes; tallies come back in order."""
    context = multiprocessing.get_context("spawn")
    each = spans[-1][1] // workers
    pool = ProcessPoolExecutor(workers, context, _take_seats, (scenario, seed, each))
    try:
        yield from pool.map(_play_span, spans)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _take_seats(scenario: Scenario, seed: int, worlds: int) -> None:
    _keep_memory()
    _blas().limit(limits=1, user_api="blas")
    council = Council(scenario, worlds=0, rng=seed)
    council.diary = False
    council.arithmetic = fastest(_plays(scenario, worlds))
    _AT_WORK[:] = [(council, Sampler(scenario, seed))]


def _play_span(span: Span) -> Tally:
    council, sampler = _AT_WORK[0]
    return _play(council, sampler, span)
