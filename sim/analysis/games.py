"""Power before anything is known of what members want: rules as simple games, counted exactly.

In a simple game everybody says yes or no, and a coalition of those who say yes wins or loses by how
many they are and what they weigh. How many coalitions there are of each size and weight is counted
by dynamic programming, one member after the other, and a member is taken out again by running that
backwards, so that nobody ever lists all 2^n of them.

Source of the counting: Brams & Affuso (1976), Theory and Decision 7, after Mann & Shapley (1962),
RAND RM-3158; of games with several thresholds: Bilbao, Fernández, Jiménez & López (2002), Voting power
in the European Union enlargement.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from sim import rules
from sim.arrays import Bools, Counts
from sim.errors import RequestError
from sim.rules import SLACK, Rule

CELLS = 4_000_000
"""Sizes times weights that are counted apart; finer weights are rounded."""

NARROW = 62
"""Members whose coalitions can be counted in 64 bits; for more, Python's own integers do it."""


@dataclass(frozen=True)
class Game:
    """Which coalitions win.

    A coalition wins that has at least `least` members and weighs at least `quota`; one of `enough`
    members need not weigh it. weights: whole numbers of `unit`; rounded: whether that is not exact.
    """

    weights: tuple[int, ...]
    quota: int = 0
    least: int = 0
    enough: int | None = None
    unit: Fraction = Fraction(1)
    rounded: bool = False

    @property
    def players(self) -> int:
        """How many have a vote."""
        return len(self.weights)

    def wins(self) -> Bools:
        """Whether coalitions of a size and weight win. -> (n + 1, total + 1)."""
        size = np.arange(self.players + 1)[:, None]
        heavy = np.arange(sum(self.weights) + 1) >= self.quota
        spared = size >= (self.players + 1 if self.enough is None else self.enough)
        return np.asarray((size >= self.least) & (heavy | spared))


def counting(players: int, least: int) -> Game:
    """One vote each, and so many of them needed."""
    return Game((0,) * players, least=least)


def weighing(
    weights: Sequence[float],
    quota: float | Fraction,
    *,
    least: int = 0,
    enough: int | None = None,
) -> Game:
    """Votes of these weights, and a quota.

    Weights are decimals as they were written, and are brought to whole numbers exactly where those are
    not too large for counting; else they are rounded to a power of ten, and the quota in proportion.

    Raises RequestError when nobody has any weight.

    >>> weighing([0.5, 0.25, 0.25], 0.75)
    Game(weights=(2, 1, 1), quota=3, least=0, enough=None, unit=Fraction(1, 4), rounded=False)
    """
    exact = [_exact(weight) for weight in weights]
    total, most = sum(exact, Fraction(0)), _most(len(exact))
    if total <= 0:
        raise RequestError("nobody has any weight, so no coalition can win; give members a weight")
    unit = _unit(exact)
    rounded = total > unit * most
    if rounded:
        unit = Fraction(10) ** math.ceil(math.log10(total / most))
    whole = tuple(round(weight / unit) for weight in exact)
    needed = math.ceil(_exact(quota) / total * sum(whole))
    return Game(whole, max(needed, 0), least, enough, unit, rounded)


def _exact(number: float | Fraction) -> Fraction:
    """A decimal as it is written: .55 is 11/20."""
    return Fraction(str(number))


def _unit(weights: Sequence[Fraction]) -> Fraction:
    """The largest number of which all weights are multiples."""
    scale = math.lcm(*(weight.denominator for weight in weights))
    return Fraction(math.gcd(*(int(weight * scale) for weight in weights)) or 1, scale)


def _most(players: int) -> int:
    """The largest total weight that is counted: wide integers are slow."""
    return (CELLS if players <= NARROW else CELLS // 8) // (players + 1)


def game(rule: Rule, members: int) -> Game:
    """A rule as a simple game among those who have a say.

    Yes is silence or support where silence is consent, else support; under simple majority and where
    some hold a veto, which know abstention, everybody is taken to say yes or no.
    """
    match rule:
        case rules.ConsensusMinus(k):
            return counting(members, members - k)
        case rules.Only(seats):
            return counting(len(seats), len(seats))
        case rules.AffirmativeUnanimity():
            return counting(members, members)
        case rules.SimpleMajority() | rules.EntryIntoForce():
            return counting(members, members // 2 + 1)
        case rules.Weighted(weights, quota):
            return weighing(weights, _exact(quota) - _exact(SLACK))
        case rules.Vetoes(holders, quota):
            return Game(_ones(holders, members), quota=len(holders), least=quota)
        case rules.QualifiedMajority(population, share, people, blocking):
            held = (_exact(people) - _exact(SLACK)) * sum(map(_exact, population))
            least = math.ceil(_exact(share) * members - _exact(SLACK))
            return weighing(population, held, least=least, enough=members - blocking + 1)
    raise RequestError(
        f"{rule!r} cannot be told as a vote of yes or no, so it has no power a priori"
    )


def _ones(seats: Sequence[int], members: int) -> tuple[int, ...]:
    """1 for those in these seats, 0 for all others."""
    return tuple(int(place in seats) for place in range(members))


# Counting -----------------------------------------------------------------------------------------


def coalitions(played: Game) -> Counts:
    """How many coalitions there are of each size and weight. -> (n + 1, total + 1)."""
    kind = np.int64 if played.players <= NARROW else object
    counted = np.zeros((played.players + 1, sum(played.weights) + 1), kind)
    counted[0, 0] = 1
    for weight in played.weights:
        counted[1:, weight:] += counted[:-1, : counted.shape[1] - weight]
    return counted


def without(counted: Counts, weight: int) -> Counts:
    """The coalitions of all but one player of this weight: the last step of counting, undone."""
    others, width = counted.copy(), counted.shape[1] - weight
    for size in range(1, len(others)):
        others[size, weight:] -= others[size - 1, :width]
    return others


def turned(counted: Counts, wins: Bools, weight: int) -> list[int]:
    """How many losing coalitions of each size a player of this weight makes win by joining. -> (n,).

    Sizes are those without the player, from nobody to all others.
    """
    width = counted.shape[1] - weight
    others = without(counted, weight)[:-1, :width]
    decided = wins[1:, weight:] & ~wins[:-1, :width]
    return [int(row[which].sum()) for row, which in zip(others, decided)]


# Indices ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Indices:
    """The power of each player in a game, exact.

    swings: losing coalitions that the player makes win by joining; winning: coalitions that win.
    """

    game: Game
    swings: tuple[int, ...]
    shapley_shubik: tuple[Fraction, ...]
    winning: int

    @property
    def banzhaf(self) -> tuple[Fraction, ...]:
        """Each player's share of all swings.

        Source: Penrose (1946), Journal of the Royal Statistical Society 109; Banzhaf (1965), Rutgers
        Law Review 19.
        """
        total = sum(self.swings)
        return tuple(Fraction(swings, total) for swings in self.swings)

    @property
    def tossed(self) -> tuple[Fraction, ...]:
        """How likely each is to be pivotal if all others toss a coin: Penrose's measure."""
        others = 2 ** (self.game.players - 1)
        return tuple(Fraction(swings, others) for swings in self.swings)

    @property
    def act(self) -> Fraction:
        """The power of the body to act: the share of all coalitions that win.

        Source: Coleman (1971), Control of collectivities and the power of a collectivity to act.
        """
        return Fraction(self.winning, 2**self.game.players)


def indices(played: Game) -> Indices:
    """Banzhaf's and Shapley and Shubik's index of every player, and the power to act.

    >>> council = indices(weighing([4, 4, 4, 2, 2, 1], 12))  # the Council of the EEC, 1958
    >>> [str(share) for share in council.banzhaf]
    ['5/21', '5/21', '5/21', '1/7', '1/7', '0']

    Source: Shapley & Shubik (1954), American Political Science Review 48(3), doi:10.2307/1951053.
    """
    counted, wins = coalitions(played), played.wins()
    alike = {weight: turned(counted, wins, weight) for weight in set(played.weights)}
    shapley_shubik = {weight: _of_all_orders(row) for weight, row in alike.items()}
    return Indices(
        game=played,
        swings=tuple(sum(alike[weight]) for weight in played.weights),
        shapley_shubik=tuple(shapley_shubik[weight] for weight in played.weights),
        winning=int(counted[wins].sum()),
    )


def _of_all_orders(swings: Sequence[int]) -> Fraction:
    """In which share of all orders a player joins just when that decides; swings by size. (n,)."""
    last = len(swings) - 1
    orders = (math.factorial(size) * math.factorial(last - size) for size in range(len(swings)))
    decided = sum(count * number for count, number in zip(swings, orders))
    return Fraction(decided, math.factorial(len(swings)))


def a_priori(rule: Rule, members: int) -> Indices:
    """The power of every member under a rule; of those without a say, none."""
    found = indices(game(rule, members))
    seats = np.flatnonzero(rule.present(members)).tolist()
    swings = dict(zip(seats, found.swings))
    shares = dict(zip(seats, found.shapley_shubik))
    return replace(
        found,
        swings=tuple(swings.get(place, 0) for place in range(members)),
        shapley_shubik=tuple(shares.get(place, Fraction(0)) for place in range(members)),
    )
