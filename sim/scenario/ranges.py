"""Ranges as people type them: `LOW:HIGH`, or `LOW:HIGH:COUNT` for numbers at equal distances.

A number is what was typed: a tenth is a tenth, so that neither end nor any step between them is off by
a rounding.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from sim.errors import RequestError, short


@dataclass(frozen=True)
class Spread:
    """So many numbers at equal distances from `low` to `high`, both ends included."""

    low: Fraction
    high: Fraction
    count: int

    @property
    def values(self) -> tuple[float, ...]:
        """The nearest numbers to the exact ones; whole numbers where all of them are whole.

        >>> spread("assumptions.trust", "0:.3:4").values
        (0.0, 0.1, 0.2, 0.3)
        >>> spread("process.rounds", "1:7:3").values
        (1, 4, 7)
        """
        step = (self.high - self.low) / (self.count - 1)
        exact = [self.low + step * place for place in range(self.count)]
        whole = all(value.denominator == 1 for value in exact)
        return tuple(int(value) if whole else float(value) for value in exact)


def spread(name: str, text: str, *, most: int = 1_000_000) -> Spread:
    """`LOW:HIGH:COUNT`; `name` is what takes the values, `most` the largest count.

    Raises RequestError with a sentence for what is no range, and for one that is empty or reversed.
    """
    parts = [part.strip() for part in text.split(":")]
    said = f"`{name}={short(text, 60)}`"
    if len(parts) != 3:
        raise RequestError(f"{said} is no range; write LOW:HIGH:COUNT, as {name}=0:1:11")
    low, high = (_exact(part, said, "LOW:HIGH:COUNT, as 0:1:11") for part in parts[:2])
    if not parts[2].isascii() or not parts[2].isdecimal():
        raise RequestError(
            f"{said}: `{short(parts[2], 20)}` is no count; write how many values, as 11"
        )
    count = int(parts[2][:20])
    if low > high:
        raise RequestError(f"{said} runs backwards; write {name}={parts[1]}:{parts[0]}:{count}")
    if low == high or count < 2:
        raise RequestError(
            f"{said} is empty: a range has two ends and at least two values; for one value write "
            f"{name}={parts[0]}"
        )
    if count > most:
        raise RequestError(f"{said} has too many values; write no more than {most:,}")
    return Spread(low, high, count)


def ends(name: str, text: str) -> tuple[float, float]:
    """`LOW:HIGH`.

    Raises RequestError with a sentence for what is no range, and for one that is empty or reversed.

    >>> ends("cohesion", "0:.6")
    (0.0, 0.6)
    """
    parts = [part.strip() for part in text.split(":")]
    said = f"`{name}={short(text, 60)}`"
    if len(parts) != 2:
        raise RequestError(f"{said} is no range; write {name}=LOW:HIGH, as {name}=0:1")
    low, high = (_exact(part, said, "LOW:HIGH, as 0:1") for part in parts)
    if low > high:
        raise RequestError(f"{said} runs backwards; write {name}={parts[1]}:{parts[0]}")
    if low == high:
        raise RequestError(f"{said} is empty; its two ends must differ, as {name}=0:1")
    return float(low), float(high)


def _exact(text: str, said: str, form: str) -> Fraction:
    """A number as it was typed."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise RequestError(f"{said}: `{short(text, 20)}` is no number; write {form}")
    return Fraction(repr(number))
