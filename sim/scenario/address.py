"""One address for everything a user may change: `members.POL.trust`, `clauses.N5.1.level`, `rule`.

An address is the path of a number in the file. Ids may contain dots: the longest known one wins. `*`
stands for every member, clause or item. `….band` names the band of a number instead of its value.
"""

from __future__ import annotations

import contextlib
import shlex
import tomllib
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel

from sim.errors import RequestError, did_you_mean, short
from sim.scenario.kinds import Number
from sim.scenario.mistakes import Place, spell
from sim.scenario.tables import Evidence, Members, Process, Rule, Scenario

OPEN = ("rule", "process", "clauses", "members", "proposer", "evidence", "assumptions")
"""The tables in which a user may change something."""

EXAMPLE = "assumptions.cohesion=.45"

WORDS = ("rule.name", "process.kind", "process.condition", "proposer.true_type")
"""Addresses whose value is a word, not a number."""

MEMBERSHIP = ("members.roster", "members.drop")
"""Addresses that decide who sits at the table, and with it which other addresses there are."""


def parse(assignment: str) -> tuple[str, Any]:
    """`ADDRESS=VALUE` as typed.

    >>> parse("members.POL.trust=.3")
    ('members.POL.trust', 0.3)
    >>> parse("rule=only:USA")
    ('rule', 'only:USA')
    """
    address, equals, text = assignment.partition("=")
    if not equals or not address.strip() or not text.strip():
        raise RequestError(f"`{assignment}` is no change; write ADDRESS=VALUE, as {EXAMPLE}")
    return address.strip(), _value(text.strip())


def parse_line(line: str) -> dict[str, Any]:
    """Several changes on one line, with blanks between them; the last of an address counts.

    >>> parse_line("rule=majority members.POL.trust=.3")
    {'rule': 'majority', 'members.POL.trust': 0.3}
    """
    try:
        words = shlex.split(line)
    except ValueError:
        raise RequestError(f"`{short(line, 80)}` has a quotation mark without its pair") from None
    return parse_all(words)


def parse_all(words: Iterable[str]) -> dict[str, Any]:
    """Several changes as typed; the last of an address counts, and counts last.

    >>> parse_all(["members.POL.resolve=.1", "members.*.resolve=.2", "members.POL.resolve=.3"])
    {'members.*.resolve': 0.2, 'members.POL.resolve': 0.3}
    """
    changes: dict[str, Any] = {}
    for address, value in map(parse, words):
        changes.pop(address, None)
        changes[address] = value
    return changes


MOST_PINS = 4
"""What-ifs that stand side by side, beside the file and the one that is asked."""


def parse_pins(lines: Iterable[str]) -> dict[str, dict[str, Any]]:
    """What-ifs that are kept under a name, each a line `NAME: CHANGES`; empty lines are none.

    >>> parse_pins(["Majority: rule=majority", "", "As it was:"])
    {'Majority': {'rule': 'majority'}, 'As it was': {}}
    """
    written = [line for line in lines if line.strip()]
    if len(written) > MOST_PINS:
        raise RequestError(f"{len(written)} what-ifs are pinned; keep at most {MOST_PINS}")
    found = {}
    for line in written:
        name, colon, text = line.partition(":")
        if not colon or not name.strip():
            raise RequestError(f"`{short(line, 60)}` is no pinned what-if; write NAME: CHANGES")
        if name.strip() in found:
            raise RequestError(f"two what-ifs are pinned as `{name.strip()}`; name them apart")
        found[name.strip()] = parse_line(text)
    return found


def spelled(changes: Mapping[str, Any]) -> str:
    """Changes as one line that `parse_line` reads back.

    >>> spelled({"rule": "majority", "members.drop": ["HUN", "TUR"], "assumptions.trust": -0.5})
    'rule=majority members.drop=HUN,TUR assumptions.trust=-0.5'
    """
    return shlex.join(f"{address}={_spelled(value)}" for address, value in changes.items())


def _spelled(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return ",".join(map(str, value)) or "[]"
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def _value(text: str) -> Any:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except (tomllib.TOMLDecodeError, RecursionError):
        return text


def locate(scenario: Scenario, address: str) -> list[Place]:
    """The places in the document that an address names; more than one behind a `*`.

    Raises RequestError with a sentence when it names nothing that can be changed.
    """
    if scenario.spatial:
        address = address.replace(".salience.", ".weight.")
    head = address.partition(".")[0]
    if head not in OPEN:
        full = _full(scenario, address)
        hint = f"Did you mean `{full}`?" if full else _hint(head, OPEN)
        raise RequestError(f"`{address}` names nothing that can be changed. {hint}".rstrip())
    return _walk(scenario, address, ())


def _full(scenario: Scenario, address: str) -> str | None:
    """The address with the table that somebody has left off: `assumptions.` before `cohesion`."""
    for table in ("assumptions", "process", "evidence", "proposer", "members", "clauses"):
        with contextlib.suppress(RequestError):
            _walk(getattr(scenario, table), address, (table,))
            return f"{table}.{address}"
    return None


def value_at(scenario: Scenario, address: str) -> Any:
    """The one value at an address; None where it names several, or nothing."""
    one, *others = values_at(scenario, address)
    return None if others else one


def values_at(scenario: Scenario, address: str) -> list[Any]:
    """The value at every place that an address names; one None where it names nothing."""
    return [at(scenario, place) for place in places(scenario, address)]


def places(scenario: Scenario, address: str) -> list[Place]:
    """The places of an address, who sits at the table among them; itself where it names nothing."""
    if address in MEMBERSHIP:
        return [tuple(address.split("."))]
    try:
        return locate(scenario, address)
    except RequestError:
        return [(address,)]


def at(scenario: Scenario, place: Place) -> Any:
    """What is at a place; None where there is nothing."""
    node: Any = scenario
    for key in place:
        node = (children(node) or {}).get(str(key))
    return node


def says(scenario: Scenario, changes: Mapping[str, Any]) -> bool:
    """Whether these changes would change nothing, for the scenario has these values already."""
    return all(
        same(found, value)
        for address, value in changes.items()
        for found in values_at(scenario, address)
    )


def same(one: Any, other: Any) -> bool:
    """Whether two values are spelled alike: `HUN,TUR` is the list of both, 1 is 1.0."""
    return _spelled(one) == _spelled(other)


def _walk(node: Any, rest: str, trail: Place) -> list[Place]:
    if isinstance(node, Number) and rest in ("", "value", "band", "dist"):
        return [(*trail, rest or "value")]
    table = children(node)
    if table is None:
        return [_leaf(node, rest, trail)]
    if not rest:
        key = _default(node, trail)
        return _walk(table[key], "", (*trail, key))
    head, _, below = rest.partition(".")
    if head == "*" and not (isinstance(node, BaseModel) and not isinstance(node, Members)):
        each = [key for key in table if isinstance(table[key], BaseModel | float)]
        return [place for key in each for place in _walk(table[key], below, (*trail, key))]
    if isinstance(node, Members):
        _not_dropped(node, rest)
    key = _longest(rest, table, trail)
    return _walk(table[key], rest.removeprefix(key).removeprefix("."), (*trail, key))


def children(node: Any) -> dict[str, Any] | None:
    """What is below a place, by key; None at a leaf."""
    if isinstance(node, BaseModel):
        below = {
            info.alias or name: getattr(node, name)
            for name, info in type(node).model_fields.items()
        }
        return below | (node.__pydantic_extra__ or {})
    return dict(node) if isinstance(node, dict) else None


def _leaf(node: Any, rest: str, trail: Place) -> Place:
    place = spell(trail)
    if rest:
        raise RequestError(f"`{place}.{rest}` names nothing: `{place}` has no parts")
    if (isinstance(node, str) and place not in WORDS) or isinstance(node, tuple):
        raise RequestError(f"`{place}` is text; only numbers, the rule and the process change")
    return trail


def _default(node: Any, trail: Place) -> str:
    """The number that a table stands for: an item of evidence its count, the rule its name."""
    if isinstance(node, Evidence):
        return "count"
    if isinstance(node, Rule):
        return "name"
    if isinstance(node, Process):
        return "kind"
    parts = [key for key in children(node) or {} if key not in ("source", "judgement")]
    raise RequestError(f"`{spell(trail)}` is a table. {_hint('', parts)}".rstrip())


def _not_dropped(members: Members, rest: str) -> None:
    """Who was left out has no numbers to change."""
    gone = next((iso for iso in members.drop if rest == iso or rest.startswith(f"{iso}.")), None)
    if gone:
        raise RequestError(f"`members.{rest}` names nobody at the table: {gone} was dropped")


def _longest(rest: str, table: Mapping[str, Any], trail: Place) -> str:
    fits = [key for key in table if rest == key or rest.startswith(f"{key}.")]
    if fits:
        return max(fits, key=len)
    owner = spell(trail)
    word = rest if "clauses" in trail[-1:] else rest.partition(".")[0]
    raise RequestError(f"`{owner}` has no `{word}`. {_hint(word, table)}".rstrip())


def _hint(word: str, known: Any) -> str:
    return did_you_mean(word, [str(key) for key in known])


def put(document: dict[str, Any], place: Place, value: Any, old: Number | None) -> None:
    """Write a value at a place of a document that is the caller's own copy.

    A number that is a table keeps its band when its value moves; `old` is the number as it was, for
    a band given to a bare number.
    """
    *parents, last = place
    node: Any = document
    for key in parents[:-1]:
        node = node.setdefault(key, {})
    owner = parents[-1]
    if old is None:
        node.setdefault(owner, {})[last] = value
    elif isinstance(node.get(owner), dict):
        node[owner] = {"value": old.value, **node[owner], last: value}
    else:
        now = node.get(owner, old.value)
        node[owner] = value if last == "value" else {"value": now, last: value}
