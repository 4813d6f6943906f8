"""The cheapest arguments under which a rule adopts some texts: a mixed-integer linear program.

An argument of worth δ_i ≥ 0 adds to member i's own view, u_i + δ_i. Consultation is linear, so that the
views which are expressed become y + V·δ, and a stance is on this or that side of a straight line. HiGHS
solves the program to proven optimality: Huangfu & Hall (2018), Parallelizing the dual revised simplex
method, Mathematical Programming Computation 10, doi:10.1007/s12532-017-0130-5.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from sim import rules
from sim.arrays import Reals
from sim.rules import SLACK, Rule

TINY = 1e-7
"""A worth below this is the solver's rounding."""


@dataclass(frozen=True)
class Room:
    """What members think of some texts that must all be adopted, at the centre.

    views (M, R) expressed, before any argument; heard (M, M): what member i's own view adds to what
    member j expresses is heard[j, i] ≥ 0; resolve (M,).
    """

    views: Reals
    heard: Reals
    resolve: Reals
    rule: Rule

    def texts(self) -> Iterator[Room]:
        """One room for each text."""
        for text in range(self.views.shape[1]):
            yield replace(self, views=self.views[:, [text]])

    def adopts(self, worth: Reals) -> bool:
        """Whether all texts are adopted when these arguments have been made. (M, R)."""
        views = self.views + self.heard @ worth
        stance = rules.stance(views[..., None], self.resolve[:, None, None])
        return bool(self.rule.adopts(stance).all())


def cheapest(room: Room) -> Reals | None:
    """The arguments of the least total worth under which all texts are adopted. (M, R).

    None where no arguments carry them, as where those with a say are too few for the rule.
    """
    parts = [_solved(one, np.full(one.views.shape, np.inf), _worths) for one in room.texts()]
    carried = [part for part in parts if part is not None]  # texts do not bear on each other
    return np.concatenate(carried, axis=1) if len(carried) == len(parts) else None


def fewest(room: Room, most: Reals) -> Reals | None:
    """Of the arguments made to the fewest members, those of the least total worth. (M, R).

    most (M, R): the worth of an argument beyond which nobody can be persuaded. None where no
    arguments within it carry the texts.
    """
    members = _solved(room, most, _members)
    if members is None:
        return None
    return _solved(room, most, _worths, limit=int(members.any(axis=1).sum()))


@dataclass(frozen=True)
class _Row:
    """A row over all variables of the program, zeros at first, and views into its parts.

    worth, silent, supports (M, R); switch (R,) for a rule with an alternative; chosen (M,): who is
    argued with at all.
    """

    all: Reals
    worth: Reals
    silent: Reals
    supports: Reals
    switch: Reals
    chosen: Reals

    @classmethod
    def blank(cls, shape: tuple[int, ...]) -> _Row:
        """For so many members and texts."""
        count, texts = shape
        size = count * texts
        row = np.zeros(3 * size + texts + count)
        worth, silent, supports = row[: 3 * size].reshape(3, *shape)
        switch, chosen = np.split(row[3 * size :], [texts])
        return cls(row, worth, silent, supports, switch, chosen)


def _worths(row: _Row) -> Reals:
    return row.worth


def _members(row: _Row) -> Reals:
    return row.chosen


def _solved(
    room: Room, most: Reals, aim: Callable[[_Row], Reals], *, limit: int | None = None
) -> Reals | None:
    """The worths (M, R) for which the sum over this part of the variables is least.

    limit: how many members may be argued with.
    """
    shape = room.views.shape
    rows = [*_stances(room), *_adopted(room), *_chosen(most, limit)]
    low, high, cost, free = (_Row.blank(shape) for _ in range(4))
    high.all[:], high.worth[:] = 1, most
    aim(cost)[:] = free.worth[:] = 1
    whole = free.all == 0
    program: dict[str, Any] = {
        "c": cost.all,
        "constraints": LinearConstraint(
            np.array([row.all for row, _ in rows]), lb=np.array([least for _, least in rows])
        ),
        "options": {
            "mip_rel_gap": 1 / (len(most) + 1) if aim is _members else 0.0
        },  # whole numbers
    }
    with _undisturbed():
        found = milp(bounds=Bounds(low.all, high.all), integrality=whole, **program).x
        if found is None:
            return None
        low.all[whole] = high.all[whole] = np.rint(found[whole])  # almost silent is silent, or not
        exact = milp(bounds=Bounds(low.all, high.all), **program).x
    worth = (found if exact is None else exact)[: room.views.size].reshape(shape)
    return np.where(worth > TINY, worth, 0)


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """HiGHS 1.12 at times writes a line to the standard output of the process, where JSON may go."""
    try:
        kept = os.dup(1)
    except OSError:  # there is none
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


Bounded = tuple[_Row, float]
"""A row of the program and its lower bound."""


def _stances(room: Room) -> Iterator[Bounded]:
    """Who counts as silent or as supporting must have been lifted there: (V·δ)_j ≥ shortfall_j·z_j."""
    short = np.maximum(-room.resolve[:, None] - room.views, 0)
    beyond = np.maximum(room.resolve[:, None] + 2 * SLACK - room.views, 0)
    for member, text in np.ndindex(*room.views.shape):
        at = (member, text)
        lifted, won, both = (_Row.blank(room.views.shape) for _ in range(3))
        lifted.worth[:, text] = won.worth[:, text] = room.heard[member]
        lifted.silent[at], won.supports[at] = -short[at], -beyond[at]
        both.silent[at], both.supports[at] = 1, -1  # follows, and makes the search quicker
        yield from ((row, 0.0) for row in (lifted, won, both))


def _adopted(room: Room) -> Iterator[Bounded]:
    """What the rule asks of those who are silent and those who support, text by text."""
    count, texts = room.views.shape
    present = room.rule.present(count)
    for text in range(texts):
        row = _Row.blank(room.views.shape)
        silent, supports = row.silent[:, text], row.supports[:, text]
        match room.rule:
            case rules.ConsensusMinus() | rules.Only():
                silent[present] = 1
                yield row, float(present.sum() - room.rule.tolerates)
            case rules.SimpleMajority():
                silent[:] = supports[:] = 1
                yield row, float(count + 1)
            case rules.AffirmativeUnanimity():
                supports[:] = 1
                yield row, float(count)
            case rules.EntryIntoForce():
                supports[:] = 1
                yield row, float(count // 2 + 1)
            case rules.Weighted(weights, quota):
                supports[:] = weights
                yield row, quota - SLACK / 2
            case rules.Vetoes(holders, quota):
                yield from _vetoes(holders, quota, room.views.shape, text)
            case rules.QualifiedMajority():
                yield from _qualified(room.rule, room.views.shape, text)
            case _:
                raise TypeError(f"no program is written for {room.rule}")


def _vetoes(
    holders: tuple[int, ...], quota: int, shape: tuple[int, ...], text: int
) -> Iterator[Bounded]:
    """Enough who support, and every holder of a veto at least silent."""
    enough, silent = _Row.blank(shape), _Row.blank(shape)
    enough.supports[:, text] = 1
    silent.silent[list(holders), text] = 1
    yield enough, float(quota)
    yield silent, float(len(holders))


def _qualified(
    rule: rules.QualifiedMajority, shape: tuple[int, ...], text: int
) -> Iterator[Bounded]:
    """A share of the members, and either one of the population (switch 1) or no blocking minority."""
    count = shape[0]
    enough = float(max(count - rule.blocking_minority + 1, 0))
    members, people, unblocked = (_Row.blank(shape) for _ in range(3))
    members.supports[:, text] = unblocked.supports[:, text] = 1
    people.supports[:, text] = np.array(rule.population) / sum(rule.population)
    people.switch[text], unblocked.switch[text] = -rule.population_share, enough
    yield members, rule.share * count - SLACK / 2
    yield people, -SLACK / 2
    yield unblocked, enough


def _chosen(most: Reals, limit: int | None) -> Iterator[Bounded]:
    """No argument to who is not chosen, and no more members than may be."""
    if np.isinf(most).any():
        return
    for member, text in np.ndindex(*most.shape):
        row = _Row.blank(most.shape)
        row.chosen[member], row.worth[member, text] = most[member, text], -1
        yield row, 0.0
    row = _Row.blank(most.shape)
    row.chosen[:] = -1
    yield row, -float(len(most) if limit is None else limit)
