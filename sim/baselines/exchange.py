"""Positions are traded: I give way where you care more, you give way where I do.

Source: Stokman & Van Oosten (1994), The Exchange of Voting Positions, in Bueno de Mesquita & Stokman
(eds), European Community Decision Making, pp. 105–127. Of all rates of exchange the one is taken that
gives both the same. Whoever is not party to an exchange may lose by it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.arrays import MEMBERS, Bools, Counts, Reals
from sim.averages import weighted_mean, weights

WORTHLESS = 1e-9
"""Exchanges that give less, in proportion to the best of all at the start, are not made."""


@dataclass(frozen=True)
class Move:
    """A member goes some way towards what another wants of a clause; places in the arrays."""

    member: int
    clause: int
    start: float
    to: float


@dataclass(frozen=True)
class Exchange:
    """Two members give way to each other, and each gains as much by it, in units of salience."""

    moves: tuple[Move, Move]
    gain: float


@dataclass(frozen=True)
class Exchanged:
    """All exchanges in the order in which they are made, and what comes of them.

    positions (M, C): where members stand in the end; outcome (C,): the weighted mean of that.
    """

    exchanges: tuple[Exchange, ...]
    positions: Reals
    outcome: Reals


@dataclass(frozen=True)
class _Pairs:
    """Who could trade what with whom, (K,) each: `one` wants clause `wants`, `other` clause `gives`.

    worth: what the one gains, and the other too, for each unit by which the two outcomes are shifted;
    share_wanted, share_given: how far each outcome goes for such a unit.
    """

    one: Counts
    other: Counts
    wants: Counts
    gives: Counts
    share_wanted: Reals
    share_given: Reals
    worth: Reals


def exchange(positions: Reals, saliences: Reals, capabilities: Reals) -> Exchanged:
    """The exchanges that members make, the most gainful first, until none is left that gives anything.

    Who stands against whom, and what each wants, is as it was before the first exchange; who has given
    way starts from where it has got to. A member that nobody minds, without salience or capability,
    neither gives nor gets. positions, saliences (M, C), capabilities (M,) or (M, C).
    """
    pull, now = weights(saliences, capabilities), positions.copy()
    total = pull.sum(axis=MEMBERS)
    share = np.divide(pull, total, out=np.zeros_like(pull), where=total > 0)
    pairs = _pairs(positions, saliences, weighted_mean(positions, saliences, capabilities))
    made: list[Exchange] = []
    shifts = _shifts(pairs, positions, now, share)
    least = WORTHLESS * (pairs.worth * shifts).max(initial=0)
    while len(shifts) and (gains := pairs.worth * shifts).max() > least:
        best = int(gains.argmax())
        moves = _moves(pairs, best, float(shifts[best]), positions, now, share)
        for move in moves:
            now[move.member, move.clause] = move.to
        made.append(Exchange(moves, float(gains[best])))
        shifts = _shifts(pairs, positions, now, share)
    return Exchanged(tuple(made), now, weighted_mean(now, saliences, capabilities))


def _pairs(positions: Reals, saliences: Reals, mean: Reals) -> _Pairs:
    """Pairs on opposite sides of the mean on two clauses, each keener on another of them."""
    side = np.sign(positions - mean)
    opposite = side[:, None] * side[None, :] < 0  # (M, M, C)
    care = saliences[:, None, :, None] * saliences[None, :, None, :]
    keener = care > care.transpose(0, 1, 3, 2)  # s_ip·s_jq > s_iq·s_jp
    able = opposite[:, :, :, None] & opposite[:, :, None, :] & keener
    one, other, wants, gives = np.nonzero(able)
    wanted = saliences[one, wants] + saliences[other, wants]
    given = saliences[one, gives] + saliences[other, gives]
    worth = saliences[one, wants] / wanted - saliences[one, gives] / given
    return _Pairs(one, other, wants, gives, 1 / wanted, 1 / given, worth)


def _shifts(pairs: _Pairs, goal: Reals, now: Reals, share: Reals) -> Reals:
    """How far each pair could go, in units of salience times outcome: until one of them has arrived.

    Never beyond what the partner wants, and nothing for whoever stands there already. (K,).
    """
    wanted = np.abs(goal[pairs.one, pairs.wants] - now[pairs.other, pairs.wants])
    given = np.abs(goal[pairs.other, pairs.gives] - now[pairs.one, pairs.gives])
    wanted = wanted * share[pairs.other, pairs.wants] / pairs.share_wanted
    given = given * share[pairs.one, pairs.gives] / pairs.share_given
    ahead = _ahead(goal, now, pairs.one, pairs.other, pairs.wants)
    ahead &= _ahead(goal, now, pairs.other, pairs.one, pairs.gives)
    return np.where(ahead, np.minimum(wanted, given), 0.0)


def _ahead(goal: Reals, now: Reals, wants: Counts, gives: Counts, clause: Counts) -> Bools:
    """Whether what one wants lies ahead of the other still, on the way from where it began."""
    aim = goal[wants, clause]
    return np.asarray((aim - now[gives, clause]) * (aim - goal[gives, clause]) > 0)


def _moves(
    pairs: _Pairs, best: int, shift: float, goal: Reals, now: Reals, share: Reals
) -> tuple[Move, Move]:
    """Both moves of an exchange."""
    one, other = int(pairs.one[best]), int(pairs.other[best])
    wants, gives = int(pairs.wants[best]), int(pairs.gives[best])
    return (
        _move(one, gives, goal[other, gives], shift * pairs.share_given[best], now, share),
        _move(other, wants, goal[one, wants], shift * pairs.share_wanted[best], now, share),
    )


def _move(who: int, clause: int, aim: float, shift: float, now: Reals, share: Reals) -> Move:
    """How a member goes towards an aim so far that the outcome shifts so much."""
    start = float(now[who, clause])
    way, part = float(aim) - start, shift / share[who, clause]
    arrived = part >= abs(way) * (1 - WORTHLESS)
    return Move(who, clause, start, float(aim) if arrived else float(start + np.sign(way) * part))
