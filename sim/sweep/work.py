"""Who plays the cells: this process, several, or a Dask cluster. Nothing that is found depends on it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import multiprocessing
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    wait,
)
from dataclasses import dataclass
from itertools import islice
from multiprocessing.connection import Connection
from typing import Any

from sim import ensemble
from sim.arrays import Counts
from sim.ensemble import BLOCK, CHUNK
from sim.errors import RequestError, short
from sim.outcome import versions
from sim.sweep.plan import Plan
from sim.sweep.rows import counted
from sim.sweep.store import Piece

MAKING = 256
"""Making a cell takes as long as so many worlds."""

SMALLEST, LARGEST = 8 * BLOCK, 4 * CHUNK
"""Worlds of a task: a second or so, so that its overhead is small and little is lost by a kill."""

WORTH = 4 * CHUNK
"""Worlds for which it pays to start a process."""

ANSWER = 5
"""Seconds that a cluster has to answer."""

Found = list[tuple[Piece, Counts]]
Task = list[Piece]


@dataclass(frozen=True)
class Crew:
    """So many workers, how many tasks they are given in advance, and how they are given one."""

    workers: int
    ahead: int
    submit: Callable[[Task], Future[Found]]


def played(crew: Crew, plan: Plan, missing: Iterable[Piece]) -> Iterator[Found]:
    """What is found in all of the pieces, in the order in which it is done; a few are on their way.

    Raises RequestError when a cell cannot be played or the workers are gone.
    """
    return results(crew, tasks(missing, size=_size(plan, crew.workers)))


def results(crew: Crew, tasks: Iterator[Task]) -> Iterator[Found]:
    """What is found in each task; a new one is given when one is done."""
    waiting = {crew.submit(task) for task in islice(tasks, crew.ahead)}
    while waiting:
        done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
        for future in done:
            yield future.result()
        waiting |= {crew.submit(task) for task in islice(tasks, len(done))}


def _size(plan: Plan, workers: int) -> int:
    """Worlds of a task: some tasks for each worker, so that none waits long for the last."""
    each = plan.cells * (plan.worlds + MAKING) // (8 * workers)
    return min(max(each // BLOCK * BLOCK, SMALLEST), LARGEST)


def tasks(missing: Iterable[Piece], *, size: int) -> Iterator[Task]:
    """Small pieces together, large ones in parts."""
    task: Task = []
    weight = 0
    for cell, start, stop in missing:
        for first in range(start, stop, size):
            last = min(first + size, stop)
            task.append((cell, first, last))
            weight += last - first + MAKING
            if weight >= size:
                yield task
                task, weight = [], 0
    if task:
        yield task


def play(plan: Plan, task: Task) -> Found:
    """Play some worlds of some cells."""
    whole = plan.cells * plan.worlds  # the same for all workers, so that all or none compile
    return [
        (
            (cell, start, stop),
            counted(ensemble.tally(plan.scenario_of(cell), plan.seed, (start, stop), of=whole)),
        )
        for cell, start, stop in task
    ]


# This process, or several --------------------------------------------------------------------------


@contextlib.contextmanager
def local(plan: Plan, workers: int) -> Iterator[Crew]:
    """This process, and others when there is enough to do: starting one takes seconds."""
    total = plan.cells * (plan.worlds + MAKING)
    workers = min(workers, total // WORTH)
    if workers > 1:
        with processes(plan, workers) as crew:
            yield crew
    else:
        yield Crew(1, 1, lambda task: _at_once(plan, task))


@contextlib.contextmanager
def processes(plan: Plan, workers: int) -> Iterator[Crew]:
    """Processes of this machine, started one by one as they are needed.

    Raises RequestError when one of them is ended from outside.
    """
    context = multiprocessing.get_context("spawn")
    theirs, ours = context.Pipe(duplex=False)
    pool = ProcessPoolExecutor(workers, context, _take_seat, (plan, theirs))
    try:
        yield Crew(workers, 2 * workers, lambda task: _quietly(pool, task))
        pool.shutdown(wait=True)
    except BrokenExecutor:
        raise RequestError(
            "a worker was ended from outside, perhaps for want of memory; what was finished is kept: "
            "run the same command to go on, with fewer --workers if it happens again"
        ) from None
    finally:
        ours.close()
        pool.shutdown(wait=True, cancel_futures=True)
        theirs.close()


def _at_once(plan: Plan, task: Task) -> Future[Found]:
    future: Future[Found] = Future()
    future.set_result(play(plan, task))
    return future


def _quietly(pool: ProcessPoolExecutor, task: Task) -> Future[Found]:
    """A task for the pool; what a process inherits that it starts for it is set around this."""
    with ensemble.inherited():
        return pool.submit(_play_own, task)


_AT_WORK: list[Plan] = []
"""In a worker: what is asked."""


def _take_seat(plan: Plan, line: Connection) -> None:
    _AT_WORK[:] = [plan]
    threading.Thread(target=_end_with, args=(line,), daemon=True).start()


def _end_with(line: Connection) -> None:
    """Leave at once when the other end is closed, by one who has stopped or who was killed."""
    line.poll(None)
    os._exit(1)


def _play_own(task: Task) -> Found:
    return play(_AT_WORK[0], task)


# A cluster -----------------------------------------------------------------------------------------


@contextlib.contextmanager
def cluster(plan: Plan, address: str) -> Iterator[Crew]:
    """The workers of a Dask cluster that is there already.

    Raises RequestError when it does not answer, or has other versions than this machine.
    """
    with _connected(address) as client:
        workers = _workers(client, address)
        sent = client.submit(_same, plan, pure=False)  # a result, so that it can be made anew
        client.replicate([sent])  # tasks go where it is, so it has to be everywhere
        with client.get_executor(retries=2, pure=False) as executor:
            try:
                yield Crew(workers, 2 * workers, lambda task: executor.submit(play, sent, task))
            except _lost():
                raise RequestError(
                    f"the cluster at {address} is lost; what was finished is kept: run the same "
                    "command to go on"
                ) from None
            finally:
                executor.shutdown(wait=False)


def _same(plan: Plan) -> Plan:
    return plan


def _lost() -> tuple[type[Exception], ...]:
    from concurrent.futures import CancelledError

    from distributed.client import FutureCancelledError
    from distributed.comm.core import CommClosedError
    from distributed.scheduler import KilledWorker

    return (CancelledError, CommClosedError, FutureCancelledError, KilledWorker)


@contextlib.contextmanager
def _connected(address: str) -> Iterator[Any]:
    try:
        from distributed import Client
    except ImportError:
        raise RequestError(
            "a cluster needs Dask; install it with pip install 'oneveto[cluster]'"
        ) from None
    try:
        with ThreadPoolExecutor(1) as aside:  # a notebook has an event loop of its own here
            aside.submit(asyncio.run, asyncio.wait_for(_knock(address), ANSWER)).result()
    except Exception:  # whatever listens there may say anything
        raise RequestError(
            f"no Dask cluster answers at {short(address, 60)}; write the address of its scheduler, as "
            "tcp://host:8786"
        ) from None
    log = logging.getLogger("distributed.client")
    level = log.level
    log.setLevel(logging.CRITICAL)  # that a cluster is lost is said elsewhere, in one sentence
    try:
        with Client(address, timeout=ANSWER, set_as_default=False) as client:
            yield client
    finally:
        log.setLevel(level)


async def _knock(address: str) -> None:
    """Find a scheduler there: a client takes half a minute to give up, and of a worker asks too much.

    Raises ConnectionError where somebody else answers.
    """
    from distributed.comm.core import connect

    line = await connect(address, timeout=ANSWER)
    await line.write({"op": "identity", "reply": True})
    answer = await line.read()
    await line.close()
    if answer["type"] != "Scheduler":
        raise ConnectionError(answer["type"])


def _workers(client: Any, address: str) -> int:
    """How many tasks it runs at once, all of the versions that are here, or results would differ."""
    try:
        found = client.run(versions)
    except Exception as error:  # what a worker says arrives as text
        raise RequestError(
            f"the workers of {address} cannot play ({short(str(error), 80)}); install the same oneveto "
            "there"
        ) from None
    for worker, there in found.items():
        for name, version in versions().items():
            if (other := there.get(name, "missing")) != version:
                raise RequestError(
                    f"{name} is {other} on {worker} and {version} here; install the same there"
                )
    if not found:
        raise RequestError(f"the cluster at {address} has no workers; start some")
    return sum(client.ncores().values())
