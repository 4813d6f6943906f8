"""The best treaty that everybody would accept as one text, with the proof that none is better.

A member weighs one text as a whole: Σ_c min(y_c, λ·y_c) against −resolve, where y_c is what clause c is
worth to it and λ, the logroll, how far clauses that it likes make up for those that it does not. Issue
linkage after Tollison & Willett (1979), International Organization 33(4),
doi:10.1017/S0020818300032252. Every such constraint is concave in the levels, so the best package is a
convex program: with s_c ≥ x_c², one second-order cone a clause, all the rest is linear. Solver: Goulart
& Chen (2024), Clarabel, doi:10.48550/arXiv.2405.12762.

The solver is not taken at its word. Its levels are drawn back until every constraint holds in float64,
and its multipliers give an upper bound of what any package could be worth, by weak duality: Boyd &
Vandenberghe (2004), Convex Optimization, ch. 5.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import clarabel
import numpy as np
from scipy import sparse

from sim import tactics
from sim.arrays import MEMBERS, Bools, Reals
from sim.errors import OnevetoError, RequestError

CLAUSES = 1
"""Axis of a (members, clauses) array, as all are here: there is one world."""

GAP = 1e-6
"""What the proof may leave open, in units of the most valuable clause."""

HAIR = 1e-8
"""A level, or a distance to 1, that is the solver's and not the treaty's."""

MARGIN = 1e-9
"""Patience that is left over where rounding would make a member object."""

_TOLERANCE, _ITERATIONS, _HALVINGS = 1e-10, 200, 60


@dataclass(frozen=True)
class Package:
    """Levels that no member objects to in one text, and what no such text could surpass.

    levels (C,); primal: what they are worth to the proposer; dual: no package is worth more;
    multipliers (M,): by how much a unit more of a member's resolve would raise that, 0 for those that
    do not bind and infinite for those that, without any resolve, rule clauses out.
    """

    levels: Reals
    primal: float
    dual: float
    multipliers: Reals

    @property
    def gap(self) -> float:
        """What the proof leaves open."""
        return self.dual - self.primal

    @property
    def binding(self) -> Bools:
        """Who writes the ceiling. (M,)."""
        return self.multipliers > 0


def best_package(
    motive: Reals, curvature: Reals, resolve: Reals, value: Reals, *, logroll: float
) -> Package:
    """The levels that are worth most to the proposer among those that no member objects to.

    Maximise Σ_c value_c·x_c over 0 ≤ x_c ≤ 1 such that Σ_c min(y_c, logroll·y_c) ≥ −resolve for every
    member, y_c = motive·x_c − curvature·x_c². Where a clause is worth nothing to the proposer, any
    level that is accepted is best. motive, curvature ≥ 0 (M, C), as expressed; resolve (M,); value (C,).

    Raises RequestError for a logroll that is no share, OnevetoError where the proof stays open.
    """
    if not 0 <= logroll <= 1:
        raise RequestError(
            f"logroll is {logroll:g}; it must lie between 0 (no clause pays for another) and 1 "
            "(good and bad clauses add up)"
        )
    stake = np.maximum(np.abs(motive), curvature).max(axis=CLAUSES, initial=0)
    scale, unit = _unit(stake), float(_unit(np.abs(value).max(initial=0)))
    text = _Text(
        motive=motive / scale[:, None],
        curvature=curvature / scale[:, None],
        resolve=np.minimum(resolve / scale, 3 * len(value)),  # nobody can lose more than that
        value=value / unit,
        logroll=logroll,
    )
    allowed, forbids = _allowed(text)
    levels, bound, multipliers = _best(text, allowed)
    primal = float(text.value @ levels)
    if not bound - primal <= GAP:
        raise OnevetoError(
            "the best package cannot be proven: the solver leaves a gap of "
            f"{(bound - primal) * unit:.1g}. Stakes differ too much in size, or members without "
            "any resolve leave no room; try a resolve above 0"
        )
    binds = (multipliers > text.patience(levels)) & (multipliers > GAP)
    prices = np.where(binds, multipliers * unit / scale, 0)
    return Package(levels, primal * unit, bound * unit, np.where(forbids, np.inf, prices))


def _unit(size: Reals) -> Reals:
    """The next power of two, by which numbers are divided without rounding."""
    return np.ldexp(1.0, np.frexp(size)[1])


@dataclass(frozen=True)
class _Text:
    """A package to be weighed, each member's numbers in units of about its largest stake."""

    motive: Reals
    curvature: Reals
    resolve: Reals
    value: Reals
    logroll: float

    def patience(self, levels: Reals) -> Reals:
        """What each member has left; below 0 it objects to the text. (C,) -> (M,)."""
        views = (self.motive - self.curvature * levels) * levels
        whole = tactics.bundled(views[..., None], np.array([self.logroll]))
        return whole[:, 0, 0] + self.resolve

    def only(self, clauses: Bools) -> _Text:
        """The text of these clauses alone."""
        motive, curvature = self.motive[:, clauses], self.curvature[:, clauses]
        return _Text(motive, curvature, self.resolve, self.value[clauses], self.logroll)

    def sparing(self) -> _Text:
        """The same for members that keep a margin of patience, if they have anything at stake."""
        staked = np.maximum(np.abs(self.motive), self.curvature).max(axis=CLAUSES) > 0
        resolve = self.resolve - MARGIN * staked
        return _Text(self.motive, self.curvature, resolve, self.value, self.logroll)


def _allowed(text: _Text) -> tuple[Bools, Bools]:
    """Clauses that can be in the text at all, and who forbids the others. -> (C,), (M,).

    A member without resolve that can win nothing from what remains forbids all that hurts it. Without
    this step there would be no room between all and nothing, and no multiplier to prove it with.
    """
    hurts = (text.motive < 0) | ((text.motive == 0) & (text.curvature > 0))
    wins = (text.motive > 0) & (text.logroll > 0)
    allowed, forbids = np.ones(len(text.value), bool), np.zeros(len(text.resolve), bool)
    while True:
        hopeless = (text.resolve == 0) & ~(wins & allowed).any(axis=CLAUSES)
        fallen = allowed & hurts[hopeless].any(axis=MEMBERS)
        forbids |= hopeless & (hurts & fallen & (text.value > 0)).any(axis=CLAUSES)
        if not fallen.any():
            return allowed, forbids
        allowed &= ~fallen


def _best(text: _Text, allowed: Bools) -> tuple[Reals, float, Reals]:
    """Levels that all accept, the bound, and the multipliers that prove it.

    Where drawing the levels back costs too much, since a member without resolve lives from one clause
    and not from the other, the text is written again with a margin, without what came out at 0.
    """
    if not allowed.any():
        return np.zeros(len(allowed)), 0.0, np.zeros(len(text.resolve))
    within = text.only(allowed)
    written, multipliers, weights = _solved(within)
    levels = _accepted(text, _among(allowed, written))
    bound = _bound(within, multipliers, weights)
    present = _among(allowed, written) > HAIR
    if bound - text.value @ levels > GAP and present.any():
        again = _among(present, _solved(text.only(present).sparing())[0])
        levels = max(levels, _accepted(text, again), key=lambda tried: float(text.value @ tried))
    return levels, bound, multipliers


def _among(clauses: Bools, levels: Reals) -> Reals:
    """Levels of some clauses, 0 for the others. -> (C,)."""
    whole = np.zeros(len(clauses))
    whole[clauses] = levels
    return whole


def _accepted(text: _Text, levels: Reals) -> Reals:
    """The levels, drawn back towards 0 until nobody objects: the text of zeros is always accepted."""
    least, most = 0.0, 1.0
    if text.patience(levels).min() < 0:
        for _ in range(_HALVINGS):
            middle = (least + most) / 2
            fits = text.patience(middle * levels).min() >= 0
            least, most = (middle, most) if fits else (least, middle)
        levels = least * levels
    tidy = np.where(levels > 1 - HAIR, 1.0, np.where(levels < HAIR, 0.0, levels))
    return tidy if text.patience(tidy).min() >= 0 else levels


def _bound(text: _Text, multipliers: Reals, weights: Reals) -> float:
    """What no package is worth more than: the Lagrangian at its best levels, clause by clause.

    For any multipliers ≥ 0 and weights between logroll·multiplier and multiplier, since then
    multiplier·min(y, logroll·y) ≤ weight·y. (M,), (M, C).
    """
    pull = text.value + (weights * text.motive).sum(axis=MEMBERS)
    drag = (weights * text.curvature).sum(axis=MEMBERS)
    with np.errstate(over="ignore"):
        peak = np.divide(pull, 2 * drag, out=(pull > 0).astype(float), where=drag > 0)
    best = np.clip(peak, 0, 1)
    return float(multipliers @ text.resolve + ((pull - drag * best) * best).sum())


def _solved(text: _Text) -> tuple[Reals, Reals, Reals]:
    """What the solver says: levels (C,), multipliers (M,) and weights (M, C), each within its bounds.

    Variables: levels x and squares s (C,), shares z (M, C) with z ≤ y, z ≤ logroll·y, y = b·x − A·s.
    """
    members, clauses = text.motive.shape
    cells = members * clauses
    pull, drag = _diagonals(text.motive), _diagonals(text.curvature)
    eye, cell = sparse.identity(clauses), sparse.identity(cells)
    total = sparse.kron(sparse.identity(members), np.ones((1, clauses)))
    cone = [sparse.kron(eye, np.array([column]).T) for column in ([0, -2, 0], [-1, 0, -1])]
    rows = [  # matrix · (x, s, z) ≤ limit, the last in the cone (s + 1, 2x, s − 1)
        ([-eye, None, None], np.zeros(clauses)),
        ([None, eye, None], np.ones(clauses)),
        ([-pull, drag, cell], np.zeros(cells)),
        ([-text.logroll * pull, text.logroll * drag, cell], np.zeros(cells)),
        ([None, None, -total], text.resolve),
        ([*cone, None], np.tile([1.0, 0.0, -1.0], clauses)),
    ]
    found = _clarabel(
        cost=np.concatenate([-text.value, np.zeros(clauses + cells)]),
        matrix=sparse.bmat([row for row, _ in rows], format="csc"),
        limit=np.concatenate([limit for _, limit in rows]),
        cones=clauses,
    )
    shadow = np.split(
        np.nan_to_num(np.array(found.z)), np.cumsum([len(limit) for _, limit in rows])
    )
    multipliers = np.maximum(shadow[4], 0)
    raw = (shadow[2] + text.logroll * shadow[3]).reshape(members, clauses)
    weights = np.clip(raw, text.logroll * multipliers[:, None], multipliers[:, None])
    return np.clip(np.nan_to_num(np.array(found.x)[:clauses]), 0, 1), multipliers, weights


def _diagonals(table: Reals) -> Any:
    """One diagonal matrix a member, one below the other. (M, C) -> (M·C, C)."""
    return sparse.vstack([sparse.diags(row) for row in table])


def _clarabel(cost: Reals, matrix: Any, limit: Reals, cones: int) -> Any:
    """Minimise cost·x with matrix·x ≤ limit, the last rows in second-order cones of three."""
    settings = clarabel.DefaultSettings()
    settings.verbose, settings.max_iter = False, _ITERATIONS
    settings.tol_gap_abs = settings.tol_gap_rel = settings.tol_feas = _TOLERANCE
    kinds = [clarabel.NonnegativeConeT(len(limit) - 3 * cones)]
    kinds += [clarabel.SecondOrderConeT(3)] * cones
    flat = sparse.csc_matrix((len(cost), len(cost)))
    return clarabel.DefaultSolver(flat, cost, matrix, limit, kinds, settings).solve()
