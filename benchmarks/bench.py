"""Worlds per second against a plain Mesa model, and where the time goes. Run it: make bench."""

from __future__ import annotations

import contextlib
import functools
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

from benchmarks import plain, rounds
from sim import consultation, ensemble
from sim.arithmetic import NUMPY, Arithmetic, compiled
from sim.arrays import REAL
from sim.council import Council
from sim.outcome import Tally
from sim.scenario import load
from sim.worlds import Sampler, Worlds

SCENARIO, SEED, BLOCK, CORES = "draft-treaty-2021", 0, 1024, 2
PLAIN_WORLDS, ENSEMBLE_BLOCKS, TIMES = 250, 40, 5

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


def ensemble_worlds(first: int, arithmetic: Arithmetic = NUMPY) -> np.ndarray:
    """Many blocks of worlds drawn and played at once."""
    _AT_WORK["council"].arithmetic = arithmetic
    total = np.zeros(len(_AT_WORK["council"].hosts))
    for start in range(first, first + ENSEMBLE_BLOCKS * BLOCK, BLOCK):
        block = _AT_WORK["sampler"].worlds(start, start + BLOCK)
        total += rounds.play(_AT_WORK["council"], block).sum(axis=-1)
    return total


def compiled_worlds(first: int) -> np.ndarray:
    """The same with the members' formulas compiled, as long runs have it."""
    return ensemble_worlds(first, compiled())


def same_verdicts(count: int = 300) -> bool:
    """Whether baseline and ensemble adopt the same at the same level, world for world."""
    block = _AT_WORK["sampler"].worlds(0, count)
    at_once = rounds.play(_AT_WORK["council"], block)
    _AT_WORK["council"].arithmetic = compiled()
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
    list(pool.map(work, [core * 10**6 for core in range(CORES)]))
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
    """One block of one process, step by step, in microseconds a world."""
    council, sampler = _AT_WORK["council"], _AT_WORK["sampler"]
    council.arithmetic = compiled()
    block = sampler.worlds(0, BLOCK)
    council.deal(block)
    council.run_model()
    decisions = council.decisions()
    council.deal(block)
    council.trust = council.trusts[0]
    council.proposer.bargain()
    council._read()
    steps: dict[str, Callable[[], object]] = {
        "draw the dice and worlds": lambda: sampler.worlds(0, BLOCK),
        "first round: appraise": lambda: council.delegations.do("appraise"),
        "first round: the room": lambda: setattr(
            council, "room", consultation.room(council.appraisal, block.cohesion, council.voices)
        ),
        "first round: hear and speak": lambda: council.delegations.do("speak"),
        "first round: the rule": lambda: council.rule.adopts(council.stance),
        "deal: stakes of every member": lambda: council.deal(block),
        "deal and all rounds": lambda: (council.deal(block), council.run_model()),
        "end: everything decided": council.decisions,
        "end: count": lambda: Tally.of(decisions),
    }
    for name, step in steps.items():
        times = []
        for _ in range(15):
            start = time.perf_counter()
            step()
            times.append(time.perf_counter() - start)
        print(f"{name:32}{statistics.median(times) / BLOCK * 1e6:12.2f} microseconds a world")


def precision(count: int = 20 * BLOCK) -> None:
    """How many stances single precision decides otherwise than double."""
    scenario, flips, stances = load(SCENARIO), 0, 0
    council = Council(scenario, worlds=0, rng=SEED)
    for start in range(0, count, BLOCK):
        block = _AT_WORK["sampler"].worlds(start, start + BLOCK)
        council.deal(block)
        council.step()
        doubled = plain.doubled(plain.Setting(scenario), block)
        flips += int((doubled != council.stance).sum())
        stances += council.stance.size
    print(f"float32 against float64: {flips} of {stances:,} stances differ ({REAL.__name__})")


def main() -> int:
    take_seats()
    if not same_verdicts():
        return 1
    against_plain()
    large_runs()
    where_time_goes()
    precision()
    return 0


if __name__ == "__main__":
    sys.exit(main())
