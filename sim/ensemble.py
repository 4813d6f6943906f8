"""Many worlds: blocks of pages through one council, in one process or in several."""

from __future__ import annotations

import contextlib
import ctypes
import functools
import multiprocessing
import operator
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from pathlib import Path
from typing import TypeVar

import numpy as np
from threadpoolctl import ThreadpoolController

from sim.arithmetic import fastest
from sim.arrays import PAGE, REAL
from sim.council import Council
from sim.council.acts import OneByOne, manner
from sim.dice import checked_seed
from sim.outcome import Outcome, Tally
from sim.scenario import Scenario, load
from sim.worlds import Sampler, Worlds, central, checked_count

BLOCK = 4 * PAGE
"""Worlds that a council plays at once; larger blocks leave the processor's cache."""

CHUNK = 32 * BLOCK
"""Worlds that a worker plays before it reports."""

THREADS = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
"""What tells BLAS how many threads to start, when NumPy is imported."""

TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3
"""What `mallopt` of the GNU C library calls them."""

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
    seed, worlds = checked_seed(seed), checked_count("worlds", worlds)
    workers = min(checked_count("workers", workers), -(-worlds // CHUNK))
    played = _here if workers == 1 else functools.partial(_spread, workers=workers)
    with contextlib.closing(played(scenario, seed, worlds)) as tallies:
        total = functools.reduce(operator.add, _reported(tallies, progress))
    return Outcome(scenario, seed, total)


def _reported(tallies: Iterator[Tally], progress: Progress | None) -> Iterator[Tally]:
    """Tallies as they come in, each reported; none is kept."""
    done = 0
    for tally in tallies:
        done += tally.worlds
        if progress:
            progress(done)
        yield tally


def _spans(worlds: int) -> Iterator[Span]:
    """First and last of the worlds that are played in one go."""
    return ((start, min(start + CHUNK, worlds)) for start in range(0, worlds, CHUNK))


def read(
    scenario: Scenario, seed: int, worlds: int, look: Callable[[Council], Seen], *, start: int = 0
) -> Iterator[Seen]:
    """What `look` finds in the council after each block of worlds, for measures of one's own.

    What it returns must be copies: the council is dealt new worlds. `start` leaves out those before.
    """
    for council in seated(scenario, seed, worlds, start=start):
        council.run_model()
        yield look(council)


def seated(
    scenario: Scenario, seed: int, worlds: int, *, block: int = BLOCK, start: int = 0
) -> Generator[Council]:
    """The council before each block of worlds is played, for those who step it themselves."""
    with alone(scenario) as council:
        sampler = Sampler(scenario, checked_seed(seed))
        for first in range(start, checked_count("worlds", worlds), block):
            council.deal(sampler.worlds(first, min(first + block, worlds)))
            yield council


def centre(scenario: Scenario | str | Path) -> Outcome:
    """The one world in which every assumption has its central value; no dice."""
    scenario = scenario if isinstance(scenario, Scenario) else load(scenario)
    with alone(scenario) as council:
        return Outcome(scenario, None, _tally(council, central(scenario, REAL)))


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
        self.council.acts = OneByOne()
        self.council.seat(scenario)
        return self.council


_CHAMBER = _Chamber()


@contextlib.contextmanager
def alone(scenario: Scenario) -> Iterator[Council]:
    """The council of this process, seated for a scenario, to oneself; one BLAS thread."""
    with _CHAMBER.lock, one_thread():
        yield _CHAMBER.seat(scenario)


@contextlib.contextmanager
def one_thread() -> Iterator[None]:
    """BLAS on one thread, so that products of matrices are the same everywhere."""
    with _blas().limit(limits=1, user_api="blas"):
        yield


@functools.cache
def _blas() -> ThreadpoolController:
    return ThreadpoolController()


def _keep_memory() -> None:
    """Let blocks of worlds reuse memory instead of asking the system for it each time.

    The GNU C library gives freed memory back, and has it cleared on return, up to the size of the
    largest array that it has seen freed. This one is never touched, so it costs nothing.
    """
    np.empty(31 * 2**20, np.uint8)
    if "MALLOC_TRIM_THRESHOLD_" in os.environ:  # as Dask starts its workers; then it must be told
        with contextlib.suppress(AttributeError, OSError, TypeError):  # another C library
            mallopt = ctypes.CDLL(None).mallopt
            mallopt(TRIM_THRESHOLD, 2**26)
            mallopt(MMAP_THRESHOLD, 2**25)


def tally(scenario: Scenario, seed: int, span: Span, *, of: int) -> Tally:
    """The tally of some of the worlds of a seed, in this process; `of` so many that it is to play."""
    with alone(scenario) as council:
        council.acts = manner(fastest(_plays(scenario, of)))
        return _play(council, Sampler(scenario, seed), span)


def _here(scenario: Scenario, seed: int, worlds: int) -> Generator[Tally]:
    with alone(scenario) as council:
        council.acts = manner(fastest(_plays(scenario, worlds)))
        sampler = Sampler(scenario, seed)
        for span in _spans(worlds):
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


@contextlib.contextmanager
def inherited() -> Iterator[None]:
    """What workers start with: one BLAS thread, before NumPy is there, and Ctrl-C is not for them."""
    main = threading.current_thread() is threading.main_thread()
    before = {name: os.environ.get(name) for name in THREADS}
    handler = signal.signal(signal.SIGINT, signal.SIG_IGN) if main else None
    os.environ.update(dict.fromkeys(THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)  # another thread may start workers too
            os.environ.update({} if value is None else {name: value})
        if handler is not None:  # whoever embeds Python may have set its own
            signal.signal(signal.SIGINT, handler)


_AT_WORK: list[tuple[Council, Sampler]] = []
"""In a worker: its council and its dice."""


def _spread(scenario: Scenario, seed: int, worlds: int, workers: int) -> Generator[Tally]:
    """The same spans on several processes; tallies come back in order, a few are on their way."""
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, context, _take_seats, (scenario, seed, worlds))
    spans = _spans(worlds)
    try:
        with inherited():
            ahead = deque(pool.submit(_play_span, span) for span in islice(spans, 2 * workers))
        while ahead:
            tally = ahead.popleft().result()
            ahead.extend(pool.submit(_play_span, span) for span in islice(spans, 1))
            yield tally
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _take_seats(scenario: Scenario, seed: int, worlds: int) -> None:
    _keep_memory()
    _blas().limit(limits=1, user_api="blas")
    council = Council(scenario, worlds=0, rng=seed)
    council.diary = False
    council.acts = manner(fastest(_plays(scenario, worlds)))
    _AT_WORK[:] = [(council, Sampler(scenario, seed))]


def _play_span(span: Span) -> Tally:
    council, sampler = _AT_WORK[0]
    return _play(council, sampler, span)
