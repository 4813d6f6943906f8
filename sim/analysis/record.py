"""The record of a validation, as it is shipped: what was said of known decisions, and what happened.

It is what `oneveto validate --json` prints, read back, so that nobody waits for the numbers again.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

from sim.analysis.reply import Answer, Order, Reply, Robustness
from sim.analysis.scores import Bin, Difference, Hits
from sim.analysis.validation import Contest, FirstLook, Row
from sim.errors import RequestError
from sim.scenario import load, shipped

FILE = "validation.json"
"""The shipped record, beside the scenarios."""

AGAIN = f"`oneveto validate --json > scenarios/{FILE}` makes it anew"


@dataclass(frozen=True)
class Told:
    """What was said of a decision that was left out of its fit, and what happened.

    survival: how likely it was said to be adopted as first put; chances: each member to break the
    silence, the likeliest first; right: whether it said rather yes than no, and so it was, or the other
    way round.
    """

    name: str
    title: str
    body: str
    date: dt.date
    basis: str
    passed: bool
    survival: float
    right: bool
    blockers: tuple[str, ...]
    cool: tuple[str, ...]
    unknown: tuple[str, ...]
    named: tuple[str, ...]
    missed: tuple[str, ...]
    false_alarms: tuple[str, ...]
    chances: Mapping[str, float]
    ending: str

    @property
    def fails(self) -> bool:
        """Whether anything that was said of it is wrong: the outcome, or who blocks."""
        return not self.right or bool(self.missed or self.false_alarms)


@dataclass(frozen=True)
class Learned:
    """A shared parameter: what was thought of it before, and what all the cases say.

    prior, band: one standard deviation either side.
    """

    name: str
    label: str
    unit: str
    centre: float
    prior: tuple[float, float]
    value: float
    band: tuple[float, float]
    judgement: str


@dataclass(frozen=True)
class Record:
    """A validation as it was written down; contests: on all cases first, then on parts of them."""

    seed: int
    worlds: int
    right: int
    contests: Mapping[str, Contest]
    hits: Hits
    weighted_hits: Hits
    outcome_reliability: tuple[Bin, ...]
    member_reliability: tuple[Bin, ...]
    learned: tuple[Learned, ...]
    cases: tuple[Told, ...]
    first_look: FirstLook
    reply: Reply

    @property
    def whole(self) -> Contest:
        """The contest on all cases."""
        return self.contests["all"]


def read(path: Path | None = None) -> Record:
    """A record, or the one that comes with oneveto.

    Raises RequestError with a sentence where there is none or it cannot be used.
    """
    path = path or shipped() / FILE
    try:
        return record(json.loads(path.read_text("utf-8")))
    except OSError as error:
        raise RequestError(
            f"the record of decisions whose outcome is known, {path.name}, cannot be read: "
            f"{error.strerror}; {AGAIN}"
        ) from error
    except ValueError as error:
        raise RequestError(
            f"{path.name} is not JSON from its beginning to its end; {AGAIN}"
        ) from error


def record(found: Any) -> Record:
    """A validation from what JSON sees of it; fields that came later are passed over.

    Raises RequestError with a sentence where something is missing or is not what it should be.
    """
    try:
        return _record(found)
    except KeyError as error:
        raise RequestError(f"the record {FILE} says nothing of {error}; {AGAIN}") from error
    except (AttributeError, IndexError, TypeError, ValueError) as error:
        raise RequestError(
            f"the record {FILE} has something in the wrong place; {AGAIN}"
        ) from error


def _record(found: Mapping[str, Any]) -> Record:
    contests = {name: _contest(row) for name, row in found["contests"].items()}
    contests = {"all": contests["all"]} | contests
    bins, named = found["reliability"], found["blockers"]
    return _made(
        Record,
        found,
        contests=contests,
        hits=_made(Hits, named["at_half"]),
        weighted_hits=_made(Hits, named["weighted"]),
        outcome_reliability=tuple(map(_bin, bins["outcome"])),
        member_reliability=tuple(map(_bin, bins["members"])),
        learned=tuple(map(_learned, found["parameters"])),
        cases=tuple(map(_told, found["cases"])),
        first_look=_made(FirstLook, found["first_look"], added=tuple(found["first_look"]["added"])),
        reply=_reply(found["reply"]),
    )


def _contest(found: Mapping[str, Any]) -> Contest:
    rows = (
        _made(
            Row,
            row,
            outcome_difference=_difference(row["outcome_difference"]),
            members_difference=_difference(row["members_difference"]),
        )
        for row in found["rows"]
    )
    return _made(Contest, found, rows=tuple(rows))


def _difference(found: Mapping[str, Any] | None) -> Difference | None:
    return None if found is None else _made(Difference, found)


def _bin(found: Mapping[str, Any]) -> Bin:
    return _made(Bin, found, interval=_pair(found["interval"]))


def _learned(found: Mapping[str, Any]) -> Learned:
    return _made(Learned, found, prior=_pair(found["prior"]), band=_pair(found["band"]))


def _told(found: Mapping[str, Any]) -> Told:
    lists = ("blockers", "cool", "unknown", "named", "missed", "false_alarms")
    chances = {str(iso): float(chance) for iso, chance in found["chances"].items()}
    date = dt.date.fromisoformat(found["date"])
    words = {name: _words(found[name]) for name in lists}
    return _made(Told, found, date=date, chances=chances, **words)


def _reply(found: Mapping[str, Any]) -> Reply:
    firm = found["stakes_multiplied"]
    low, middle, high = map(float, firm["pairs"])
    return Reply(
        load(str(found["scenario"])),
        tuple(map(_answer, found["clauses"])),
        _made(Order, found["order"]),
        _made(Robustness, firm, pairs=(low, middle, high)),
    )


def _answer(found: Mapping[str, Any]) -> Answer:
    ceiling = float("inf") if found["ceiling"] is None else float(found["ceiling"])
    return _made(Answer, found, ceiling=ceiling, verdict=found["verdict"])


Made = TypeVar("Made")

PLAIN: dict[str, tuple[type, ...]] = {
    "int": (int,),
    "float": (float, int),
    "bool": (bool,),
    "str": (str,),
}
"""What JSON has for a field of each type; a number that is whole stands for one that is not."""


def _made(kind: type[Made], found: Mapping[str, Any], **parts: Any) -> Made:
    """A dataclass from its plain fields, which are looked up by name, and its other parts."""
    plain = {
        field.name: _checked(found[field.name], str(field.type))
        for field in fields(kind)  # type: ignore[arg-type]
        if field.name not in parts
    }
    return kind(**plain, **parts)


def _checked(value: Any, kind: str) -> Any:
    """A value that is what the field takes, and nothing that could be read as that."""
    if not isinstance(value, PLAIN[kind]) or isinstance(value, bool) != (kind == "bool"):
        raise TypeError(f"{value} is no {kind}")
    return value


def _pair(found: Iterable[Any]) -> tuple[float, float]:
    low, high = map(float, found)
    return low, high


def _words(found: Any) -> tuple[str, ...]:
    if not isinstance(found, list):
        raise TypeError(f"{found} is no list")
    return tuple(_checked(word, "str") for word in found)
