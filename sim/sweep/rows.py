"""What is kept of a cell: counts that add up, and the rows that they become."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from sim.arrays import Counts
from sim.outcome import Tally, wilson
from sim.scenario.paths import TREATY
from sim.sweep.plan import Plan, Vary

BY_CLAUSE = ("adopted", "as_tabled", "delivered", "bought", "withdrawn")
BY_MEMBER = ("objects", "supports")
FIRST_MEMBER = len(BY_CLAUSE) + len(BY_MEMBER)


def counted(tally: Tally) -> Counts:
    """What is kept of a tally, in worlds. (7 + 2M, 1 + C).

    A column for the treaty and each clause. A row for each of BY_CLAUSE; how many members object and
    support, summed over worlds; for each member how often it blocks, then how often it alone does.
    """
    rows = [getattr(tally, name) for name in BY_CLAUSE]
    rows += [getattr(tally, name).sum(axis=0) for name in BY_MEMBER]
    rows += [*tally.blocks, *tally.blocks_alone]
    whole = np.zeros((len(rows), 1), np.int64)
    whole[0] = tally.treaty
    return np.hstack([whole, np.array(rows, np.int64)])


def schema(plan: Plan) -> pa.Schema:
    """The columns of every part; see `sim.sweep.sweep` for what they mean."""
    varied = [pa.field(vary.address, _type(vary), nullable=False) for vary in plan.varies]
    shares = ("survival", "survival_low", "survival_high")
    return pa.schema(
        [
            pa.field("cell", pa.int64(), nullable=False),
            *varied,
            pa.field("clause", pa.string(), nullable=False),
            pa.field("worlds", pa.int64(), nullable=False),
            *(pa.field(name, pa.int64()) for name in (*BY_CLAUSE, "objections", "supports")),
            *(pa.field(name, pa.float64(), nullable=False) for name in shares),
            pa.field("blocker", pa.string()),
            pa.field("blocks", pa.int64()),
            pa.field("sole_blocker", pa.string()),
            pa.field("blocks_alone", pa.int64()),
        ]
    )


def _type(vary: Vary) -> pa.DataType:
    kinds = {type(value) for value in vary.values}
    if kinds == {bool}:
        return pa.bool_()
    if kinds == {int}:
        return pa.int64()
    return pa.float64() if kinds <= {int, float} else pa.string()


def table(plan: Plan, counts: Mapping[int, Counts]) -> pa.Table:
    """The rows of some cells, the treaty's first in each. Cells in order."""
    rows = [row for cell in sorted(counts) for row in _rows(plan, cell, counts[cell])]
    return pa.Table.from_pylist(rows, schema=schema(plan))


def _rows(plan: Plan, cell: int, counts: Counts) -> list[dict[str, Any]]:
    names, seats = [TREATY, *plan.scenario.clauses], plan.seats(cell)
    varied = {
        vary.address: _shown(value, _type(vary))
        for vary, value in zip(plan.varies, plan.values(cell).values())
    }
    start = {"cell": cell} | varied
    return [
        start | {"clause": name} | _measured(plan.worlds, seats, column, whole=name == TREATY)
        for name, column in zip(names, counts.T)
    ]


def _shown(value: Any, kind: pa.DataType) -> Any:
    """A value in its column; a list of members is text there."""
    if pa.types.is_string(kind) and not isinstance(value, str):
        return ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return value


def _measured(worlds: int, seats: list[str], column: Counts, *, whole: bool) -> dict[str, Any]:
    """The counts of one clause, or of the treaty, of which only the survival is known."""
    adopted = int(column[0])
    low, high = wilson(adopted, worlds)
    row: dict[str, Any] = {"worlds": worlds, "adopted": adopted, "survival": adopted / worlds}
    row |= {"survival_low": low, "survival_high": high}
    if whole:
        return row
    row |= dict(zip((*BY_CLAUSE, "objections", "supports"), column[:FIRST_MEMBER].tolist()))
    blocks, alone = column[FIRST_MEMBER:].reshape(2, len(seats)).tolist()
    row["blocker"], row["blocks"] = _foremost(seats, blocks)
    row["sole_blocker"], row["blocks_alone"] = _foremost(seats, alone)
    return row


def _foremost(seats: list[str], times: list[int]) -> tuple[str | None, int]:
    """Who does something most often, and how often; of two alike the first by name."""
    most = max(times)
    return (min(iso for iso, n in zip(seats, times) if n == most) if most else None), most
