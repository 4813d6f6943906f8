"""Worlds over all that a reader would think possible, not just over the bands of a scenario.

Some dials are turned by the dice of each world: those whose number enters a world by these dice alone.
The others are turned by a design of settings, each of which has worlds of its own. All other numbers
keep their bands.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.ceilings import ceilings
from sim.analysis.dials import Dial, dials
from sim.arrays import Bools, Reals
from sim.dice import PagedDice, checked_seed, generator
from sim.ensemble import alone
from sim.errors import RequestError, ScenarioError, did_you_mean
from sim.scenario import Scenario, locate, value_at, with_changes
from sim.scenario.ranges import ends
from sim.worlds import Sampler

EACH = 32
"""Worlds of a setting: ten thousand worlds have some three hundred settings."""

DICED = (
    "assumptions.cohesion",
    "assumptions.trust",
    "assumptions.logroll",
    "proposer.audience",
)
"""Numbers that enter a world by their own dice alone."""

CHOSEN = ("opening", "publicity", "rounds", "level", "member")
"""Dials left alone unless asked for: what somebody chooses is no assumption, and one member's own."""

OWN_BANDS = ("assumptions.", "proposer.")
"""Where numbers lie whose band says how far they may be from their value, all else aside."""

AUDIENCE = ("Audience", "how far demands made in public keep the proposer from coming down")


@dataclass(frozen=True)
class Range:
    """A dial and how far it is turned. address: of its dice; None where a design turns it."""

    dial: Dial
    low: float
    high: float
    address: str | None = None

    @property
    def name(self) -> str:
        """The short word of the dial."""
        return self.dial.name

    def at(self, share: float) -> float:
        """The value at a share of the way from low to high."""
        value = self.low + share * (self.high - self.low)
        return float(round(value)) if self.dial.whole else float(value)


@dataclass(frozen=True)
class Table:
    """Worlds as rows: the value of each dial by its name, and whether it happened."""

    values: Mapping[str, Reals]
    happened: Bools

    def __len__(self) -> int:
        return len(self.happened)

    def frame(self) -> pd.DataFrame:
        """One row a world."""
        return pd.DataFrame(dict(self.values)).assign(happened=self.happened)


def joined(tables: Sequence[Table]) -> Table:
    """Several tables, one below the other."""
    names = tables[0].values
    values = {name: np.concatenate([each.values[name] for each in tables]) for name in names}
    return Table(values, np.concatenate([each.happened for each in tables]))


# What is varied ---------------------------------------------------------------------------------


def ranges(scenario: Scenario, clause: str, wanted: Sequence[str] = ()) -> tuple[Range, ...]:
    """What is varied: assumptions over all that is thinkable, or just what is `wanted`.

    Assumptions are the dials but for those that somebody chooses and for what has not been seen. Each
    wish is the name of a dial, NAME=LOW:HIGH, or ADDRESS=LOW:HIGH.

    Raises RequestError or ScenarioError with a sentence for an unknown name, an empty or reversed
    range, and values that the scenario cannot take.
    """
    known = {dial.name: dial for dial in _dials(scenario, clause)}
    if not wanted:
        return tuple(_ranged(dial) for dial in known.values() if _assumed(scenario, dial.name))
    asked = [_wish(scenario, known, text) for text in wanted]
    names = [each.name for each in asked]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise RequestError(f"`{twice}` is to be varied twice; give it one range")
    for each in asked:
        for end in (each.low, each.high):
            with_changes(scenario, each.dial.changes(end))
    return tuple(asked)


def _dials(scenario: Scenario, clause: str) -> tuple[Dial, ...]:
    """All dials, and where the proposer can come down how far an audience keeps it from that."""
    made = dials(scenario, clause, ceilings(scenario, clause).members[0].member)
    if scenario.process.rounds == 1:
        return made
    return (*made, _plain(scenario, "proposer.audience", "audience", *AUDIENCE, ends=(0, 1)))


def _assumed(scenario: Scenario, name: str) -> bool:
    item = scenario.evidence.get(name)
    return name not in CHOSEN and (item is None or item.count > 0)


def _plain(
    scenario: Scenario, address: str, name: str, title: str, unit: str, *, ends: tuple[float, float]
) -> Dial:
    here = value_at(scenario, address)
    return Dial(name, title, unit, *ends, functools.partial(_set, address), here)


def _set(address: str, value: float) -> dict[str, Any]:
    return {address: value}


def _ranged(dial: Dial, low: float | None = None, high: float | None = None) -> Range:
    address = _address(dial)
    return Range(
        dial,
        dial.low if low is None else low,
        dial.high if high is None else high,
        address if address in DICED else None,
    )


def _address(dial: Dial) -> str | None:
    """What a dial turns, if that is one number."""
    changed = list(dial.changes(dial.low))
    return changed[0] if len(changed) == 1 else None


def _wish(scenario: Scenario, known: Mapping[str, Dial], text: str) -> Range:
    word, equals, span = (part.strip() for part in text.partition("="))
    by_address = {_address(dial): dial for dial in known.values()}
    dial = known.get(word) or by_address.get(word)
    if equals:
        low, high = ends(word, span)
        return _ranged(dial or _own(scenario, known, word, (low, high)), low, high)
    if dial is None:
        hint = did_you_mean(word, known)
        raise RequestError(
            f"`{word}` is no dial with a range of its own. {hint} Or write ADDRESS=LOW:HIGH"
        )
    return _ranged(dial)


def _own(
    scenario: Scenario, known: Mapping[str, Dial], word: str, ends: tuple[float, float]
) -> Dial:
    """A dial of an address that has none."""
    if "." not in word:
        raise RequestError(f"`{word}` is no dial. {did_you_mean(word, known)}".rstrip())
    locate(scenario, word)
    return _plain(scenario, word, word, word, "", ends=ends)


def _banded(scenario: Scenario, address: str) -> bool:
    """Whether this is an assumption or a trait of the proposer that has a band of its own."""
    if not address.startswith(OWN_BANDS):
        return False
    try:
        locate(scenario, f"{address}.band")
    except RequestError:
        return False
    return True


# The experiments --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Design:
    """Settings of a scenario with worlds of a seed: which of these a clause survives."""

    scenario: Scenario
    clause: str
    varied: tuple[Range, ...]
    settings: int
    seed: int

    def play(self, first: int, stop: int) -> Table | None:
        """The worlds of some of the settings; None where none of them fits the scenario."""
        found = [self._play(place, shares) for place, shares in self._shares(first, stop)]
        fit = [table for table in found if table]
        return joined(fit) if fit else None

    def _shares(self, first: int, stop: int) -> list[tuple[int, Reals]]:
        """Where on its range each dial of the design stands: a Latin hypercube.

        Source: McKay, Beckman & Conover (1979), doi:10.1080/00401706.1979.10489755.
        """
        width = len([each for each in self.varied if not each.address])
        dice = generator(self.seed, "discover")
        rows = np.repeat(np.arange(self.settings)[:, None], width, axis=1)
        shares = (dice.permuted(rows, axis=0) + dice.random(rows.shape)) / self.settings
        return list(enumerate(shares))[first:stop]

    def _play(self, place: int, shares: Reals) -> Table | None:
        """The worlds of one setting."""
        turned = [each for each in self.varied if not each.address]
        values = {each.name: each.at(share) for each, share in zip(turned, shares)}
        try:
            scenario = with_changes(self.scenario, self._changes(values))
        except ScenarioError:
            return None
        start, stop = place * EACH, (place + 1) * EACH
        clause = list(scenario.clauses).index(self.clause)
        with alone(scenario) as council:
            council.deal(Sampler(scenario, checked_seed(self.seed)).worlds(start, stop))
            council.run_model()
            happened = council.adopted[clause, council.dealt.shown].copy()
        drawn = {each.name: self._drawn(each, start, stop) for each in self.varied if each.address}
        still = {name: np.full(EACH, value) for name, value in values.items()}
        return Table({each.name: (drawn | still)[each.name] for each in self.varied}, happened)

    def _changes(self, values: Mapping[str, float]) -> dict[str, Any]:
        """What a setting changes: dials of the design, whose number is certain then, and dice."""
        changes: dict[str, Any] = {}
        for each in self.varied:
            if each.address:
                middle, half = (each.low + each.high) / 2, (each.high - each.low) / 2
                changes |= {each.address: middle, f"{each.address}.band": half}
                changes |= {f"{each.address}.dist": "uniform"}
            else:
                turned = each.dial.changes(values[each.name])
                changes |= turned | {
                    f"{own}.band": 0 for own in turned if _banded(self.scenario, own)
                }
        return changes

    def _drawn(self, each: Range, start: int, stop: int) -> Reals:
        """The values that the dice of these worlds mean."""
        assert each.address
        dice = PagedDice(self.seed, start, stop)
        share = (1 + dice.both([each.address])[0, 1, dice.shown].astype(float)) / 2
        return each.low + share * (each.high - each.low)
