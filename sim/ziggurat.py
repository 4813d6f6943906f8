"""NumPy's dice in loops as compilers like them: SFC64's words made standard normals, bit for bit.

NumPy calls a function for every word and another for every normal; loops take a third of the time.
Sources: Marsaglia & Tsang (2000), The Ziggurat Method for Generating Random Variables, Journal of
Statistical Software 5(8), doi:10.18637/jss.v005.i08, as in NumPy's `Generator`; for SFC64 Doty-Humphrey,
PractRand. A test sees to it that the bits are NumPy's.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Counts, Reals

LAYERS, EDGE = 256, 3.6541528853610087963519472518
"""Of the ziggurat under the bell, and where its lowest layer ends and the tail begins."""

STEP, WHOLE = np.float32(2**-23), np.float32(2**-24)
"""A place within a layer has 23 bits, a uniform number 24."""


def enough(normals: int) -> int:
    """Words for so many normals: one in eighty is refused, so that an eighth more never runs out.

    Even of 256 normals, of which some three are refused and take two words more, a hundred would have
    to be, which is less likely than 10⁻⁵⁰.
    """
    return 2 * (normals * 9 // 16 + 64)


def _bell(x: float) -> float:
    return math.exp(-x * x / 2)


def _edges() -> NDArray[np.float64]:
    """Where the layers end, all of the same area; first the lowest, its tail turned into a box."""
    area = EDGE * _bell(EDGE) + math.sqrt(math.pi / 2) * math.erfc(EDGE / math.sqrt(2))
    edges = [area / _bell(EDGE), EDGE]
    while len(edges) < LAYERS:
        edges.append(math.sqrt(-2 * math.log(area / edges[-1] + _bell(edges[-1]))))
    return np.array([edges[0], *edges[:0:-1]])


def tables() -> tuple[Reals, Counts, Reals]:
    """Of every layer: the width of a step, how many lie inside all the way, the bell at its end."""
    edges = _edges()
    inside = np.array([EDGE / edges[0], 0, *(edges[1:-1] / edges[2:])])
    bell = np.array([1, *map(_bell, edges[1:])])
    width = (edges * float(STEP)).astype(np.float32)
    return width, np.rint(inside / float(STEP)).astype(np.uint32), bell.astype(np.float32)


def words(states: NDArray[np.uint64], said: Counts) -> None:
    """What streams say, 32 bits at a time. (..., 4) -> said (S, W), W even."""
    for stream in range(len(said)):
        one, other, third, count = states[stream]
        for place in range(0, said.shape[1], 2):
            drawn = one + other + count
            count += np.uint64(1)
            one = other ^ (other >> np.uint64(11))
            other = third + (third << np.uint64(3))
            third = (third << np.uint64(24) | third >> np.uint64(40)) + drawn
            said[stream, place] = drawn
            said[stream, place + 1] = drawn >> np.uint64(32)


def numbers(
    said: Counts, width: Reals, inside: Counts, bell: Reals, normals: int, thrown: Reals
) -> None:
    """Rows of standard normals, then of uniforms between -1 and 1, from the words of streams.

    said (S, W) -> thrown (S, rows, PAGE), of which so many rows are `normals`.

    Of a word eight bits choose a layer, one the sign and the others the place in it; where that lies
    beyond the part that is inside the bell all the way, more words decide.
    """
    edge, inverse = np.float32(EDGE), np.float32(1 / EDGE)
    for stream in range(len(said)):
        at = 0
        for row in range(normals):
            for d in range(thrown.shape[2]):
                while True:
                    word = said[stream, at]
                    at += 1
                    layer, place = word & np.uint32(0xFF), word >> np.uint32(9)
                    sign = np.float32(1) - np.float32(word >> np.uint32(7) & np.uint32(2))
                    x = sign * np.float32(np.int32(place)) * width[layer]
                    if place < inside[layer]:
                        break
                    share = np.float32(np.int32(said[stream, at] >> np.uint32(8))) * WHOLE
                    at += 1
                    if layer > 0:
                        height = (bell[layer - 1] - bell[layer]) * share + bell[layer]
                        if height < math.exp(-0.5 * np.float64(x) * np.float64(x)):
                            break
                        continue
                    far, beyond = -inverse * np.float32(math.log1p(-share)), np.float32(0)
                    while True:
                        share = np.float32(np.int32(said[stream, at] >> np.uint32(8))) * WHOLE
                        at += 1
                        beyond = -np.float32(math.log1p(-share))
                        if beyond + beyond > far * far:
                            break
                        share = np.float32(np.int32(said[stream, at] >> np.uint32(8))) * WHOLE
                        at += 1
                        far = -inverse * np.float32(math.log1p(-share))
                    x = -(edge + far) if place & np.uint32(0x100) else edge + far
                    break
                thrown[stream, row, d] = x
        for row in range(normals, thrown.shape[1]):
            for d in range(thrown.shape[2]):
                share = np.float32(np.int32(said[stream, at] >> np.uint32(8))) * WHOLE
                thrown[stream, row, d] = np.float32(2) * share - np.float32(1)
                at += 1
