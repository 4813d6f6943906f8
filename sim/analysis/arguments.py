"""The cheapest arguments under which a rule adopts some texts: a mixed-integer linear program.

An argument of worth δ_i ≥ 0 adds to member i's own view, u_i + δ_i. Consultation is linear, so that the
views which are expressed become y + V·δ, and a stance is on this or that side of a straight line. HiGHS
solves the program to proven optimality: Huangfu & Hall (2018), Parallelizing the dual revised simplex
method, Mathematical Programming Computation 10, doi:10.1007/s12532-017-0130-5.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
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

    def adopts(self, worth: Reals) -> bool:
        """Whether all texts are adopted when these arguments have been made. (M, R)."""
        views = self.views + self.heard @ worth
        stance = rules.stance(views[..., None], self.resolve[:, None, None])
        return bool(self.rule.adopts(stance).all())


def cheapest(room: Room) -> Reals | None:
    """The arguments of the least total worth under which all texts are adopted. (M, R).

    None where no arguments carry them, as where those with a say are too few for the rule.
    """
    return _solved(room, np.full(room.views.shape, np.inf))


def fewest(room: Room, most: Reals) -> Reals | None:
    """Of the arguments made to the fewest members, those of the least total worth. (M, R).

    most (M, R): the worth of an argument beyond which nobody can be persuaded. None where no
    arguments within it carry the texts.
    """
    members = _solved(room, most, count=len(most))
    if members is None:
        return None
    return _solved(room, most, limit=int(members.any(axis=1).sum()))


def _solved(
    room: Room, most: Reals, *, count: int | None = None, limit: int | None = None
) -> Reals | None:
    """The worths (M, R) of the least total; with `count`, to the fewest members, that many at most.

    limit: how many members may be chosen for the least total. The program has worths, silent and
    supporting (M, R) each, a switch (R,) for a rule with an alternative, and chosen (M,).
    """
    size, texts = room.views.size, room.views.shape[1]
    cost = np.zeros(3 * size + texts + len(room.views))
    cost[slice(3 * size + texts, None) if count else slice(size)] = 1
    rows = [*_stances(room), *_adopted(room), *_chosen(most, count or limit)]
    program: dict[str, Any] = {
        "c": cost,
        "constraints": LinearConstraint(
            np.array([row for row, _ in rows]), lb=np.array([bound for _, bound in rows])
        ),
        "options": {"mip_rel_gap": 0.0},
    }
    low, high = np.zeros(len(cost)), np.ones(len(cost))
    high[:size] = most.ravel()
    whole = np.arange(len(cost)) >= size
    found = milp(bounds=Bounds(low, high), integrality=whole, **program).x
    if found is None:
        return None
    low[whole] = high[whole] = np.rint(found[whole])  # who is nearly silent is silent, or is not
    exact = milp(bounds=Bounds(low, high), **program).x
    worth = (found if exact is None else exact)[:size].reshape(room.views.shape)
    return np.where(worth > TINY, worth, 0)


Row = tuple[Reals, float]
"""A row of the program and its lower bound."""


def _blank(room_shape: tuple[int, int]) -> tuple[Reals, Reals, Reals, Reals, Reals, Reals]:
    """A row of zeros, and views into it: worths, silent, supporting, switch and chosen."""
    count, texts = room_shape
    size = count * texts
    row = np.zeros(3 * size + texts + count)
    worth, silent, supports = (row[i * size : (i + 1) * size].reshape(room_shape) for i in range(3))
    return row, worth, silent, supports, row[3 * size : 3 * size + texts], row[3 * size + texts :]


def _stances(room: Room) -> Iterator[Row]:
    """Who counts as silent or as supporting must have been lifted there: (V·δ)_j ≥ shortfall_j·z_j."""
    short = np.maximum(-room.resolve[:, None] - room.views, 0)
    beyond = np.maximum(room.resolve[:, None] + 2 * SLACK - room.views, 0)
    for member, text in np.ndindex(*room.views.shape):
        for kind, missing in ((1, short), (2, beyond)):
            row, worth, *marks = _blank(room.views.shape)
            worth[:, text] = room.heard[member]
            marks[kind - 1][member, text] = -missing[member, text]
            yield row, 0.0
        row, _, silent, supports, *_ = _blank(
            room.views.shape
        )  # implied, and the search is quicker
        silent[member, text], supports[member, text] = 1, -1
        yield row, 0.0


def _adopted(room: Room) -> Iterator[Row]:
    """What the rule asks of those who are silent and those who support, text by text."""
    count, texts = room.views.shape
    present = room.rule.present(count)
    for text in range(texts):
        row, _, silent, supports, *_ = _blank(room.views.shape)
        match room.rule:
            case rules.ConsensusMinus() | rules.Only():
                silent[present, text] = 1
                yield row, float(present.sum() - (room.rule.tolerates or 0))
            case rules.SimpleMajority():
                silent[:, text] = supports[:, text] = 1
                yield row, float(count + 1)
            case rules.AffirmativeUnanimity():
                supports[:, text] = 1
                yield row, float(count)
            case rules.EntryIntoForce():
                supports[:, text] = 1
                yield row, float(count // 2 + 1)
            case rules.Weighted(weights, quota):
                supports[:, text] = weights
                yield row, quota - SLACK / 2
            case rules.QualifiedMajority():
                yield from _qualified(room.rule, room.views.shape, text)
            case _:
                raise TypeError(f"no program is written for {room.rule}")


def _qualified(rule: rules.QualifiedMajority, shape: tuple[int, int], text: int) -> Iterator[Row]:
    """A share of the members, and either one of the population (switch 1) or no blocking minority."""
    count = shape[0]
    row, _, _, supports, _, _ = _blank(shape)
    supports[:, text] = 1
    yield row, rule.share * count - SLACK / 2
    people = np.array(rule.population) / sum(rule.population)
    row, _, _, supports, switch, _ = _blank(shape)
    supports[:, text], switch[text] = people, -rule.population_share
    yield row, -SLACK / 2
    enough = count - rule.blocking_minority + 1
    row, _, _, supports, switch, _ = _blank(shape)
    supports[:, text], switch[text] = 1, max(enough, 0)
    yield row, float(max(enough, 0))


def _chosen(most: Reals, members: int | None) -> Iterator[Row]:
    """No argument to who is not chosen, and no more members than are wanted."""
    if members is None:
        return
    for member, text in np.ndindex(*most.shape):
        row, worth, _, _, _, chosen = _blank(most.shape)
        chosen[member], worth[member, text] = most[member, text], -1
        yield row, 0.0
    row, *_, chosen = _blank(most.shape)
    chosen[:] = -1
    yield row, -float(members)
