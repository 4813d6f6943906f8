"""What a sweep costs: a curve over workers, and what it says of a thousand cores.

Run it: python -m benchmarks.sweep (some minutes; `make bench` runs it too).
"""

from __future__ import annotations

import contextlib
import logging
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import nnls

from benchmarks.bench import memory
from sim.scenario import load
from sim.sweep import store, work
from sim.sweep.plan import Plan, Vary
from sim.sweep.work import Crew

SCENARIO, SEED = "draft-treaty-2021", 0
WORLDS, MANY, TIMES = 2**20, 10**7, 3
SMALL = work.SMALLEST
CORES, BILLION = 1000, 10**9


@dataclass(frozen=True)
class Kind:
    """Workers of a kind, and how many."""

    name: str
    workers: int

    @property
    def label(self) -> str:
        return f"{self.name}, {self.workers}"


@dataclass(frozen=True)
class Cost:
    """What a kind costs: seconds to start, seconds for all worlds, worlds a second, seconds a task."""

    start: float
    whole: float
    rate: float
    task: float


KINDS = [Kind(name, workers) for name in ("processes", "Dask") for workers in (1, 2)]


def plan(worlds: int) -> Plan:
    """One cell of so many worlds, to be shared by all workers."""
    return Plan(load(SCENARIO), (Vary("rule", ("consensus",)),), worlds, SEED)


@contextlib.contextmanager
def crew(kind: Kind, asked: Plan) -> Iterator[Crew]:
    if kind.name == "processes":
        with work.processes(asked, kind.workers) as found:
            yield found
        return
    from distributed import LocalCluster

    quiet = {"dashboard_address": ":0", "silence_logs": logging.ERROR}
    with (
        LocalCluster(n_workers=kind.workers, threads_per_worker=1, **quiet) as cluster,
        work.cluster(asked, cluster.scheduler_address) as found,
    ):
        yield found


def started(found: Crew, kind: Kind) -> None:
    """Every worker has played something: it has imported, compiled and taken its seat."""
    tasks = [found.submit([(0, n * SMALL, (n + 1) * SMALL)]) for n in range(2 * kind.workers)]
    for task in tasks:
        task.result()


def seconds(found: Crew, worlds: int, size: int) -> float:
    """How long the worlds take in tasks of a size, everything kept as a sweep keeps it."""
    asked = plan(worlds)
    with tempfile.TemporaryDirectory() as folder, store.held(Path(folder), asked) as kept:
        start = time.perf_counter()
        for result in work.results(found, work.tasks(kept.missing(), size=size)):
            for piece, counts in result:
                kept.add(piece, counts)
        return time.perf_counter() - start


RUNS = ((WORLDS, work.LARGEST), (WORLDS // 4, work.LARGEST // 4), (WORLDS // 8, work.SMALLEST))
"""Worlds, and worlds of a task: equations for what a world costs and what a task does."""


def curve() -> dict[Kind, Cost]:
    """What every kind costs; in turn, each alone, since an idle cluster is not idle; medians."""
    asked = plan(WORLDS)
    turns = [{kind: _turn(kind, asked) for kind in KINDS} for _ in range(TIMES)]
    return {kind: _cost(kind, [turn[kind] for turn in turns]) for kind in KINDS}


def _turn(kind: Kind, asked: Plan) -> list[float]:
    """Seconds to start, then those of every run."""
    start = time.perf_counter()
    with crew(kind, asked) as found:
        started(found, kind)
        ready = time.perf_counter() - start
        return [ready, *(seconds(found, *run) for run in RUNS)]


def _cost(kind: Kind, turns: list[list[float]]) -> Cost:
    start, *times = (statistics.median(column) for column in zip(*turns))
    effort = [[worlds / kind.workers, worlds / size / kind.workers] for worlds, size in RUNS]
    a_world, a_task = nnls(np.array(effort), np.array(times))[0]
    return Cost(start, times[0], kind.workers / a_world, a_task)


def show(found: dict[Kind, Cost]) -> None:
    print(
        f"{WORLDS:,} worlds; in the curve, time = start-up + worlds / rate + tasks x cost / workers"
    )
    print(f"{'':16}{'start-up':>10}{'worlds':>10}{'against one':>13}{'rate':>10}{'a task':>10}")
    for kind, cost in found.items():
        times = found[Kind(kind.name, 1)].whole / cost.whole
        print(
            f"{kind.label:16}{cost.start:8.1f} s{cost.whole:8.1f} s{times:11.2f} x"
            f"{cost.rate:10,.0f}{1000 * cost.task:7.1f} ms"
        )


def billion(found: dict[Kind, Cost]) -> None:
    """What a billion worlds cost with a thousand cores, as the curve has it."""
    cost = found[Kind("Dask", 2)]
    per_core, tasks = cost.rate / 2, BILLION // work.LARGEST
    work_of_core = BILLION / per_core / CORES + cost.task * tasks / CORES
    last = work.LARGEST / per_core
    print(
        f"a billion worlds: {BILLION / per_core / 3600:,.1f} core-hours; on {CORES:,} cores "
        f"{cost.start + work_of_core + last:,.0f} s, of them {cost.start:.0f} s start-up and up to "
        f"{last:.1f} s of waiting for the last task"
    )
    print(
        f"  assumed: cores like these, as fast as each of two here; workers that start at once; a "
        f"scheduler that hands out {tasks / work_of_core:,.0f} tasks a second"
    )


def largest(workers: int) -> None:
    """Memory of all processes of a sweep of ten million worlds."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "sim.cli", "sweep", SCENARIO, "--vary", "rule=consensus"]
        command += ["--worlds", str(MANY), "--workers", str(workers), "--out", folder, "--json"]
        start, peak = time.perf_counter(), 0
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while process.poll() is None:
            peak = max(peak, memory(process.pid))
            time.sleep(0.2)
        took = time.perf_counter() - start
    print(
        f"{MANY:,} worlds, workers: {workers}: {took:,.0f} s, {peak / 1024:,.0f} MB at most in all"
    )


def main() -> None:
    found = curve()
    show(found)
    billion(found)
    for workers in (1, 2):
        largest(workers)


if __name__ == "__main__":
    main()
