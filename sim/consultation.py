"""Members hear each other out before they speak.

y ← (1 − h)·u + h·W·y, some times over, from y = u, with cohesion h: everybody moves towards those it
listens to and stays attached to its own view. Source: Friedkin & Johnsen (1990), Social influence and
opinions, Journal of Mathematical Sociology 15(3–4), doi:10.1080/0022250X.1990.9990069. The map is
linear, so that whatever is exact before consultation is exact after it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.arrays import PAGE, Bools, Reals


def listening(population: Sequence[float], present: Bools) -> Reals:
    """Who listens to whom: W[i, j] ∝ ln(1 + millions of people), float64 (M, M).

    Zero diagonal; rows of those present sum to one over the others present. A member with nobody to
    listen to, and one that is not present, listens to nobody.
    """
    voice = np.log1p(np.array(population) / 1e6) * present
    heard = np.tile(voice, (len(voice), 1))
    np.fill_diagonal(heard, 0.0)
    heard[~present] = 0.0
    total = heard.sum(axis=1, keepdims=True)
    return np.divide(heard, total, out=np.zeros_like(heard), where=total > 0)


def exchanges(listening: Reals, times: int) -> Reals:
    """The constant matrices of `times` exchanges, W^(n−1)·(W − I), n = 1 … times. (N, M, M)."""
    alone = ~listening.any(axis=1)
    step = listening - np.diag(np.where(alone, 0.0, 1.0))
    powers = [np.linalg.matrix_power(listening, n) @ step for n in range(times)]
    return np.array(powers).reshape(times, *listening.shape)


def consult(
    appraisal: Reals, cohesion: Reals, exchanges: Reals, scratch: Reals | None = None
) -> Reals:
    """Appraisals as expressed after consultation.

    y = u + Σ_n hⁿ·W^(n−1)·(W − I)·u, summed as u + h·(B₁·u + h·(B₂·u + …)).

    appraisal (M, C, D), cohesion (D,), exchanges (N, M, M) -> (M, C, D). The result may live in
    `scratch`, an (N, M, C, D) buffer that is overwritten.
    """
    if not len(exchanges):
        return appraisal.copy()
    moved = _product(exchanges, appraisal, scratch)
    expressed = moved[-1]
    for nearer in (*moved[-2::-1], appraisal):
        expressed *= cohesion
        expressed += nearer
    return expressed


def _product(exchanges: Reals, appraisal: Reals, out: Reals | None) -> Reals:
    """Every exchange applied to every clause and world. (N, M, M), (M, C, D) -> (N, M, C, D).

    One product of always the same shape for each clause and page, so that a world's bits do not
    depend on how many worlds or clauses are on the table with it.
    """
    times, members, _ = exchanges.shape
    _, clauses, worlds = appraisal.shape
    page = PAGE if worlds % PAGE == 0 else worlds
    moved = np.empty((times, *appraisal.shape), appraisal.dtype) if out is None else out
    shape = (clauses, worlds // page, page)
    stacked = exchanges.reshape(times * members, members)
    into = moved.reshape(times * members, clauses, worlds)
    np.matmul(stacked, _paged(appraisal, shape), out=_paged(into, shape))
    return moved


def _paged(array: Reals, shape: tuple[int, int, int]) -> Reals:
    """A view with the pages in front: (M, C, D) -> (C, pages, M, PAGE)."""
    return array.reshape(len(array), *shape).transpose(1, 2, 0, 3)
