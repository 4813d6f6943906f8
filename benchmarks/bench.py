"""Worlds per second against a plain Mesa model, and where the time goes. Run it: make bench."""

from __future__ import annotations

import contextlib
import functools
import itertools
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks import limit, plain, rounds
from sim import ensemble
from sim.arithmetic import Compiled, compiled
from sim.arrays import REAL
from sim.council import Council
from sim.council.acts import manner
from sim.outcome import Tally
from sim.worlds import Sampler, Worlds

SCENARIO, SEED, BLOCK, CORES = "draft-treaty-2021", 0, 1024, 2
PLAIN_WORLDS, ENSEMBLE_BLOCKS, TIMES = 250, 40, 5

FRESH = 2**20
"""Worlds between one core's and the next's: in whole pages, and beyond those whose dice are kept."""

_AT_WORK: dict[str, Any] = {}


def take_seats() -> None:
    """In a worker: everything that is made once."""
    threadpool_limits(1, "blas")
    ensemble._keep_memory()
    scenario = rounds.scenario()
    _AT_WORK["setting"] = plain.Setting(scenario)
    _AT_WORK["council"] = Council(scenario, worlds=0, rng=SEED)
    _AT_WORK["council"].diary = False
    _AT_WORK["sampler"] = Sampler(scenario, SEED)


def tutorial(rng: int, dealt: Worlds | None = None) -> plain.PlainCouncil:
    """The baseline: a council as the Mesa tutorial would write it."""
    sampler = _AT_WORK["sampler"]
    return plain.TutorialCouncil(sampler, rng, dealt)


def pared_down(rng: int, dealt: Worlds | None = None) -> plain.PlainCouncil:
    """A faster one: what is the same in all worlds made once, nothing collected."""
    setting, sampler = _AT_WORK["setting"], _AT_WORK["sampler"]
    return plain.PlainCouncil(setting, sampler, rng, dealt)


def tutorial_worlds(first: int) -> np.ndarray:
    """Worlds one by one, each model drawing its own."""
    return plain.play(lambda w: tutorial(first + w), PLAIN_WORLDS).sum(axis=-1)


def pared_down_worlds(first: int) -> np.ndarray:
    """The same, pared down."""
    return plain.play(lambda w: pared_down(first + w), PLAIN_WORLDS).sum(axis=-1)


def handed_worlds(first: int) -> np.ndarray:
    """Pared down, and the worlds drawn by the ensemble's sampler: as fast as one by one can be."""
    block = _AT_WORK["sampler"].worlds(first, first + PLAIN_WORLDS)
    worlds = plain.play(lambda w: pared_down(0, plain.one(block, w)), PLAIN_WORLDS)
    return worlds.sum(axis=-1)


def ensemble_worlds(first: int, compiled: Compiled | None = None) -> np.ndarray:
    """Many blocks of worlds drawn and played at once."""
    council, sampler = _AT_WORK["council"], _AT_WORK["sampler"]
    council.acts = manner(compiled)
    total = np.zeros(len(council.hosts))
    for start in range(first, first + ENSEMBLE_BLOCKS * BLOCK, BLOCK):
        block = sampler.worlds(start, start + BLOCK)
        total += rounds.play(council, block).sum(axis=-1)
    return total


def compiled_worlds(first: int) -> np.ndarray:
    """The same compiled, as long runs have it."""
    return ensemble_worlds(first, compiled())


def same_verdicts(count: int = 300) -> bool:
    """Whether baseline and ensemble adopt the same at the same level, world for world."""
    block = _AT_WORK["sampler"].worlds(0, count)
    at_once = rounds.play(_AT_WORK["council"], block)
    _AT_WORK["council"].acts = manner(compiled())
    apart = int((rounds.play(_AT_WORK["council"], block) != at_once).sum())
    for make in (tutorial, pared_down):
        one_by_one = plain.play(functools.partial(_handed, make, block), count)
        apart += int((one_by_one != at_once).sum())
    verdicts = f"{at_once.size:,} verdicts with their levels, {(at_once > 0).mean():.0%} adopted"
    print(f"{count} worlds, {rounds.ROUNDS} rounds, {verdicts}: {apart} differ")
    return apart == 0


def _handed(
    make: Callable[[int, Worlds], plain.PlainCouncil], block: Worlds, w: int
) -> plain.PlainCouncil:
    return make(0, plain.one(block, w))


def rate(pool: ProcessPoolExecutor, work: Callable[[int], np.ndarray], worlds: int) -> float:
    """Worlds per second, all cores at work."""
    start = time.perf_counter()
    list(pool.map(work, [FRESH * (1 + core) for core in range(CORES)]))
    return CORES * worlds / (time.perf_counter() - start)


def against_plain() -> None:
    """Baseline and ensemble in turn; medians, all cores."""
    contestants = {
        "plain Mesa, as the tutorial": (tutorial_worlds, PLAIN_WORLDS),
        "plain Mesa, pared down": (pared_down_worlds, PLAIN_WORLDS),
        "the same, worlds drawn at once": (handed_worlds, PLAIN_WORLDS),
        "ensemble, NumPy": (ensemble_worlds, ENSEMBLE_BLOCKS * BLOCK),
        "ensemble, compiled": (compiled_worlds, ENSEMBLE_BLOCKS * BLOCK),
    }
    start = time.perf_counter()
    with ProcessPoolExecutor(CORES, get_context("spawn"), take_seats) as pool:
        for warm_up in (pared_down_worlds, compiled_worlds):
            list(pool.map(warm_up, range(CORES)))
        print(f"start-up of {CORES} workers, not counted: {time.perf_counter() - start:.1f} s")
        turns = [
            [rate(pool, work, worlds) for work, worlds in contestants.values()]
            for _ in range(TIMES)
        ]
    rates = [statistics.median(column) for column in zip(*turns)]
    print(f"{'':32}{'worlds/s':>12}{'NumPy':>10}{'compiled':>10}")
    for name, found in zip(contestants, rates):
        ratios = "".join(f"{rate / found:8.0f} x" for rate in rates[-2:])
        print(f"{name:32}{found:12,.0f}{ratios}")


def large_runs() -> None:
    """The ordinary run at a hundred thousand and a million worlds, in processes of its own."""
    for worlds in (100_000, 1_000_000):
        start, peak = time.perf_counter(), 0
        code = f"from sim import run; run({SCENARIO!r}, worlds={worlds}, seed=0, workers={CORES})"
        process = subprocess.Popen([sys.executable, "-c", code])
        while process.poll() is None:
            peak = max(peak, memory(process.pid))
            time.sleep(0.1)
        rate = worlds / (time.perf_counter() - start)
        name = f"run, {worlds:,} worlds, start-up and all"
        print(f"{name:40}{rate:12,.0f} worlds/s{peak / 1024:8,.0f} MB")


def memory(pid: int) -> int:
    """Memory of a process and its descendants in kilobytes, shared pages counted once."""
    total = 0
    for process in (pid, *descendants(pid)):
        with contextlib.suppress(OSError):
            rollup = Path(f"/proc/{process}/smaps_rollup").read_text("utf-8")
            total += sum(int(n) for n in re.findall(r"^Pss: +(\d+)", rollup, re.MULTILINE))
    return total


def descendants(pid: int) -> list[int]:
    with contextlib.suppress(OSError):
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8")
        mine = [int(child) for child in text.split()]
        return [*mine, *(process for child in mine for process in descendants(child))]
    return []


def where_time_goes() -> None:
    """One block of one process, step by step, in microseconds a world, beside what cannot be saved."""
    council, sampler = _AT_WORK["council"], _AT_WORK["sampler"]
    council.acts = manner(compiled())
    fresh = itertools.count(1000)
    block = sampler.worlds(0, BLOCK)
    council.deal(block)
    council.run_model()
    decisions = council.decisions()
    steps: dict[str, Callable[[], object]] = {
        "draw the dice and worlds": lambda: _draw(next(fresh)),
        "deal: stakes of every member": lambda: council.deal(block),
        "deal and all rounds": lambda: (council.deal(block), council.run_model()),
        "end: everything decided": council.decisions,
        "end: count": lambda: Tally.of(decisions),
    }
    spent = {name: microseconds(step) for name, step in steps.items()}
    for name, each in spent.items():
        print(f"{name:40}{each:8.2f} microseconds a world")
    needed = {name: microseconds(step) for name, step in limit.passes(council, block).items()}
    for name, each in needed.items():
        print(f"limit: {name:33}{each:8.2f} microseconds a world")
    whole = spent["draw the dice and worlds"] + spent["deal and all rounds"]
    least = sum(needed.values())
    for name, other in ((limit.PASSES, limit.FUSED), (limit.FUSED, limit.PASSES)):
        print(f"reached of the limit with {name:30}{(least - needed[other]) / whole:8.0%}")


def _draw(number: int) -> Worlds:
    """A block of worlds that nobody has drawn before."""
    return _AT_WORK["sampler"].worlds(number * BLOCK, (number + 1) * BLOCK)


def microseconds(step: Callable[[], object]) -> float:
    """The median of some times, for one world of a block."""
    times = []
    for _ in range(25):
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    return statistics.median(times) / BLOCK * 1e6


def a_warm_run(worlds: int = 10_000) -> None:
    """The ordinary run, decisions, companions and counts and all, in one process that is warm."""
    scenario = rounds.scenario()
    for name, seeds in (("the dice kept", [0] * 9), ("new dice each time", range(1, 10))):
        times = []
        for seed in seeds:
            start = time.perf_counter()
            ensemble.run(scenario, worlds=worlds, seed=seed)
            times.append(time.perf_counter() - start)
        title = f"run, {worlds:,} worlds, {rounds.ROUNDS} rounds, {name}"
        print(f"{title:52}{statistics.median(times[1:]):7.3f} s")


def precision(worlds: int = 100_000) -> None:
    """What single precision decides otherwise than double, and how far margins lie apart."""
    single, double = (Council(rounds.scenario(), worlds=0, rng=SEED) for _ in range(2))
    single.acts = double.acts = manner(compiled())
    single.diary = double.diary = False
    flips = stances = verdicts = 0
    apart: list[float] = []
    for start in range(0, worlds, BLOCK):
        block = _AT_WORK["sampler"].worlds(start, min(start + BLOCK, worlds))
        for council, dealt in ((single, block), (double, plain.doubled(block))):
            council.deal(dealt)
            council.run_model()
        verdicts += int((single.adopted != double.adopted)[:, block.shown].sum())
        one, other = single.decisions(), double.decisions()
        flips += int((one.stance != other.stance).sum())
        stances += one.stance.size
        apart.append(float(np.abs(single.margin() - double.margin()).max()))
    print(
        f"{REAL.__name__} against float64 in {worlds:,} worlds, {rounds.ROUNDS} rounds: {verdicts} "
        f"verdicts and {flips} of {stances:,} stances differ, margins by {max(apart):.1e} at most"
    )


def main() -> int:
    take_seats()
    if not same_verdicts():
        return 1
    against_plain()
    large_runs()
    where_time_goes()
    a_warm_run()
    precision()
    return 0


if __name__ == "__main__":
    sys.exit(main())
