"""Sweeps of any size: every combination of values, each in the same worlds, kept as it is found.

>>> import tempfile
>>> from sim.sweep import sweep
>>> folder = tempfile.TemporaryDirectory()
>>> found = sweep("draft-treaty-2021", ["rule=consensus,majority"], worlds=100, out=folder.name)
>>> found.frame().query("clause == 'N5.1'")[["rule", "adopted"]].values.tolist()
[['consensus', 15], ['majority', 96]]
>>> folder.cleanup()
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from sim.errors import RequestError
from sim.scenario import Scenario, load
from sim.sweep import store, work
from sim.sweep.plan import Plan, plan
from sim.worlds import checked_count

__all__ = ["Done", "Plan", "Swept", "plan", "read", "sweep"]


@dataclass(frozen=True)
class Done:
    """How far a sweep is: cells and worlds that are finished, and of how many."""

    cells: int
    of_cells: int
    worlds: int
    of_worlds: int


@dataclass(frozen=True)
class Swept:
    """A finished sweep: what was asked, where it is, and how many cells were there before."""

    plan: Plan
    out: Path
    found: int

    def frames(self) -> Iterator[pd.DataFrame]:
        """The rows part by part, for sweeps that are larger than memory."""
        return frames(self.out)

    def frame(self) -> pd.DataFrame:
        """All rows; `sweep` says what the columns mean."""
        return read(self.out)


Progress = Callable[[Done], None]

WHOLE = {pa.int64(): pd.Int64Dtype()}
"""Whole numbers stay whole where some are missing."""


def sweep(
    scenario: Scenario | str | Path,
    varies: Mapping[str, Sequence[Any]] | Iterable[str],
    *,
    out: str | Path,
    worlds: int = 2000,
    seed: int = 0,
    workers: int = 1,
    cluster: str | None = None,
    progress: Progress | None = None,
) -> Swept:
    """Play every combination of values in the same worlds, and keep the results in a folder.

    The folder holds Parquet files which together are one table; a row for the treaty and each clause
    of each cell, with these columns:

    - `cell`, numbered from 0, the last address changing fastest; then each address with its value
    - `clause`, where `treaty` is the whole
    - `worlds`; of these, those in which the clause is `adopted`, adopted `as_tabled`, adopted and
      `delivered`, `bought` by a side payment, `withdrawn` since the rest had fallen
    - `objections` and `supports`, summed over members: over `worlds`, how many object on average
    - `survival`, `survival_low`, `survival_high`: the share adopted, with its 95 % interval (Wilson)
    - `blocker`, who blocks most often, in how many worlds (`blocks`); `sole_blocker` and
      `blocks_alone`, the same for those that are alone in it; of two alike the first by name

    Counts up to `supports` add up over two seeds; who blocks most often in both may be a third. Of the
    treaty only `adopted` and what follows from it is known; the rest is missing.

    Stopped or killed, it goes on where it was when it is asked again, and the files are the same bytes
    in the end whatever happened and however many workers there were. `cluster` is the address of a
    Dask scheduler, whose workers play instead of `workers` processes here. Called from a script,
    several workers need its `if __name__ == "__main__":`.

    Raises RequestError for what cannot be varied, played or written, and for a folder with something
    else in it; ScenarioError for a scenario that cannot be used.
    """
    scenario = scenario if isinstance(scenario, Scenario) else load(scenario)
    asked, folder = plan(scenario, varies, worlds=worlds, seed=seed), Path(out)
    workers = checked_count("workers", workers)
    with contextlib.ExitStack() as stack:
        kept = (
            stack.enter_context(store.held(folder, asked)) if store.begun(folder, asked) else None
        )
        if kept is None or not kept.complete:
            asked.check()
            crew = stack.enter_context(_crew(asked, workers, cluster))
            kept = kept or stack.enter_context(store.held(folder, asked))
            before = kept.cells
            _fill(kept, crew, progress)
            return Swept(asked, folder, before)
    return Swept(asked, folder, asked.cells)


def _crew(
    asked: Plan, workers: int, cluster: str | None
) -> contextlib.AbstractContextManager[work.Crew]:
    return work.cluster(asked, cluster) if cluster else work.local(asked, workers)


def _fill(kept: store.Kept, crew: work.Crew, progress: Progress | None) -> None:
    tell = progress or (lambda done: None)
    tell(_done(kept))
    for found in work.played(crew, kept.plan, kept.missing()):
        for piece, counts in found:
            kept.add(piece, counts)
        tell(_done(kept))


def _done(kept: store.Kept) -> Done:
    cells = kept.plan.cells
    return Done(kept.cells, cells, kept.worlds, cells * kept.plan.worlds)


def read(out: str | Path) -> pd.DataFrame:
    """The rows of a sweep, those of finished parts while it is under way; `sweep` says what they mean.

    Raises RequestError for a place that holds no sweep, or none of which a part is finished.
    """
    found = [*frames(out)]
    if not found:
        raise RequestError(f"of the sweep in {out} no part is finished yet; read it later")
    return pd.concat(found, ignore_index=True)


def frames(out: str | Path) -> Iterator[pd.DataFrame]:
    """The same part by part, for sweeps that are larger than memory."""
    folder = Path(out)
    if store.manifest(folder) is None:
        raise RequestError(
            f"{folder} holds no sweep; name a folder that `oneveto sweep` has filled"
        )
    for path in store.parts(folder):
        yield store.rows_of(path).to_pandas(types_mapper=WHOLE.get)
