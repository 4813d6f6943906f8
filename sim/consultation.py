"""Members hear each other out before they speak.

y ← (1 − h)·u + h·W·y, some times over, from y = u, with cohesion h: everybody moves towards those it
listens to and stays attached to its own view. Source: Friedkin & Johnsen (1990), Social influence and
opinions, Journal of Mathematical Sociology 15(3–4), doi:10.1080/0022250X.1990.9990069. The map is
linear, so that whatever is exact before consultation is exact after it.

Everybody listens to the same voices except its own, W[i, j] = v_j / (Σv − v_i). So all that a member
needs to know of the others is what the room says, S = Σ_j v_j·y_j: it takes a share of that and leaves
its own echo out, y_i ← (1 − h)·u_i + h·(pull_i·S − echo_i·y_i).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.arrays import PAGE, REAL, Bools, Reals

LOUD = 0.5
"""A voice against all others together; one is louder in councils of a few only."""


@dataclass(frozen=True)
class Voices:
    """Who is heard, and by whom, in `times` exchanges; float64.

    voice, pull, echo (M,): what a member adds to the room, what it takes from it, and how much of
    what it takes is its own. moments (N, M): voice·echoᵏ, k = 0 … N − 1.
    """

    voice: Reals
    pull: Reals
    echo: Reals
    moments: Reals

    @property
    def times(self) -> int:
        """How many exchanges."""
        return len(self.moments)

    @property
    def precision(self) -> type[np.floating[Any]]:
        """What keeps all digits: leaving a loud echo out of the sum cancels some."""
        return REAL if self.echo.max() <= LOUD else np.float64


def voices(population: Sequence[float], present: Bools, times: int) -> Voices:
    """The voices of those present: ln(1 + millions of people).

    A member with nobody to listen to, and one that is not present, listens to itself alone.
    """
    voice = np.log1p(np.array(population) / 1e6) * present
    others = voice.sum() - voice
    listens = present & (others > 0)
    pull = np.divide(1, others, out=np.zeros_like(others), where=listens)
    echo = np.where(listens, pull * voice, -1.0)
    moments = voice * np.power(echo, np.arange(times, dtype=float)[:, None])
    return Voices(voice, pull, echo, moments)


def room(values: Reals, cohesion: Reals, voices: Voices) -> Reals:
    """What the room says before each exchange, Σ_j v_j·y_j. (M, C, D), (D,) -> (N, C, D).

    The moments Σ_j v_j·echo_jᵏ·y_j of all views follow from those of the first views, without the
    views between: m_k ← (1 − h)·m_k + h·(Σ_j v_j·echo_jᵏ·pull_j·m_0 − m_{k+1}).
    """
    first, taken = first_moments(values, voices), taken_up(values, voices)[:, None, None]
    said, moments = [], first
    while len(moments):
        said.append(moments[0])
        rest = len(moments) - 1
        heard = taken[:rest] * moments[0] - moments[1:]
        moments = (1 - cohesion) * first[:rest] + cohesion * heard
    return np.array(said).reshape(first.shape)


def first_moments(values: Reals, voices: Voices) -> Reals:
    """The moments Σ_j v_j·echo_jᵏ·y_j of the first views. (M, C, D) -> (N, C, D)."""
    return _moments(voices.moments.astype(values.dtype), values)


def taken_up(values: Reals, voices: Voices) -> Reals:
    """How much of the room each moment takes up, Σ_j v_j·echo_jᵏ·pull_j. -> (N,), as `values`."""
    return np.asarray((voices.moments @ voices.pull).astype(values.dtype))


def attention(cohesion: Reals, voices: Voices) -> Reals:
    """What a member's view is made of after the exchanges. (D,) -> (M, 1 + N, D).

    First what it keeps of its own, then what it takes from the room before each exchange.
    """
    own = np.ones((len(voices.voice), len(cohesion)), cohesion.dtype)
    pull = voices.pull.astype(cohesion.dtype)[:, None] * cohesion
    echo = voices.echo.astype(cohesion.dtype)[:, None] * cohesion
    taken: list[Reals] = []
    for _ in range(voices.times):
        own = (1 - cohesion) - echo * own
        taken = [*(-echo * earlier for earlier in taken), pull]
    return np.stack([own, *taken], axis=1)


def hear(own: Reals, room: Reals, attention: Reals, out: Reals | None = None) -> Reals:
    """A view after the others have been heard.

    own (C, D), room (N, C, D), attention (1 + N, D) -> (C, D), written into `out` where given.
    """
    view = np.multiply(own, attention[0], out=out)
    for said, weight in zip(room, attention[1:]):
        view += said * weight
    return view


def consult(values: Reals, cohesion: Reals, voices: Voices) -> Reals:
    """Whatever members think, after all exchanges. (M, C, D), (D,) -> (M, C, D)."""
    said, weights = room(values, cohesion, voices), attention(cohesion, voices)
    heard = np.empty_like(values)
    for place in range(len(values)):
        hear(values[place], said, weights[place], heard[place])
    return heard


def _moments(weights: Reals, values: Reals) -> Reals:
    """Weighted sums over members of every clause and world. (N, M), (M, C, D) -> (N, C, D).

    One product of always the same shape for each clause and page, so that a world's bits do not
    depend on how many worlds or clauses are on the table with it.
    """
    _, clauses, worlds = values.shape
    if worlds % PAGE:  # a world by itself, which no page must agree with
        return np.einsum("nm,mcd->ncd", weights, values)
    shape = (clauses, worlds // PAGE, PAGE)
    sums = np.empty((len(weights), clauses, worlds), values.dtype)
    np.matmul(weights, _paged(values, shape), out=_paged(sums, shape))
    return sums


def _paged(array: Reals, shape: tuple[int, int, int]) -> Reals:
    """A view with the pages in front: (R, C, D) -> (C, pages, R, PAGE)."""
    return array.reshape(len(array), *shape).transpose(1, 2, 0, 3)
