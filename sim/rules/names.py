"""The rules by name, what each means in a sentence, and how one is made for the members at a table."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from sim.errors import RequestError, did_you_mean, short
from sim.rules.decisions import (
    AffirmativeUnanimity,
    ConsensusMinus,
    EntryIntoForce,
    Only,
    QualifiedMajority,
    Rule,
    SimpleMajority,
    Vetoes,
    Weighted,
)


@dataclass(frozen=True)
class Table:
    """What a rule may need to know of the members that sit at the table.

    population in persons; `qualified` (share, population share, blocking minority), `weighted`
    (weights by member, quota) and `vetoes` (holders, quota) as the scenario states them, or None.
    """

    ids: tuple[str, ...]
    population: tuple[float, ...]
    qualified: tuple[float, float, int] = (0.55, 0.65, 4)
    weights: Mapping[str, float] = field(default_factory=dict)
    quota: float | None = None
    vetoes: tuple[tuple[str, ...], int] | None = None


RULES = (
    "consensus",
    "consensus-2",
    "affirmative",
    "majority",
    "qualified",
    "weighted",
    "vetoes",
    "only:",
    "entry-into-force",
)
"""The rules by the name that files and commands use; `-2` and what follows `only:` are examples."""

MEANINGS = {
    "consensus": "Silence is consent: a text stands unless a member breaks the silence.",
    "consensus-": "Silence is consent: a text stands if no more than {} break{} the silence.",
    "only:": "Silence is consent, and only {} a say ({}): a text stands unless {} breaks the silence.",
    "affirmative": "Silence is not consent: every member must support a text.",
    "majority": "Silence abstains: a text stands if more members support it than break the silence.",
    "qualified": "Silence is not consent: 55 % of the members with 65 % of the population must support "
    "a text, unless the scenario sets other shares.",
    "weighted": "Silence is not consent: the weights of a text's supporters must reach the quota.",
    "vetoes": "Silence abstains: a text stands if enough members support it and none that holds a "
    "veto breaks the silence.",
    "entry-into-force": "Silence is not consent: more than half of the members must support a text, "
    "which then binds only these.",
}
"""What each kind of rule means, in one sentence; for one council see `sim.story.rule_meaning`."""


def meaning(name: str) -> str:
    """One sentence on a rule, by the name that files and commands use.

    >>> meaning("consensus-3")
    'Silence is consent: a text stands if no more than 3 break the silence.'
    """
    if name.startswith("consensus-"):
        number = name.removeprefix("consensus-")
        return MEANINGS["consensus-"].format(number, "s" if number == "1" else "")
    if name.startswith("only:"):
        whom = name.removeprefix("only:").split(",")
        return only(len(whom), ", ".join(whom))
    return MEANINGS[name]


def only(number: int, names: str) -> str:
    """What a rule means that leaves the say to a few, so that no name needs an article."""
    have, breaks = (
        ("one member has", "it") if number == 1 else (f"{number} members have", "one of these")
    )
    return MEANINGS["only:"].format(have, names, breaks)


def one_is_enough(name: str) -> bool:
    """Whether a single objection, of a member whose objection counts, brings a text down.

    >>> one_is_enough("vetoes"), one_is_enough("consensus-2"), one_is_enough("majority")
    (True, False, False)
    """
    return name in ("consensus", "affirmative", "vetoes") or name.startswith("only:")


def named(name: str, table: Table) -> Rule:
    """The rule that a scenario or a command names, for the members at this table.

    Raises RequestError with a sentence when there is no such rule or it does not fit the table.

    >>> named("consensus-1", Table(("A", "B"), (1.0, 1.0)))
    ConsensusMinus(k=1)
    """
    kind, _, argument = name.partition(":")
    if kind == "only":
        return _only(argument, table)
    if kind.startswith("consensus-") and kind.removeprefix("consensus-").isdecimal():
        return _consensus_minus(kind.removeprefix("consensus-"), table)
    simple: dict[str, Rule] = {
        "consensus": ConsensusMinus(),
        "affirmative": AffirmativeUnanimity(),
        "majority": SimpleMajority(),
        "qualified": QualifiedMajority(table.population, *table.qualified),
        "entry-into-force": EntryIntoForce(),
    }
    made = {"weighted": _weighted, "vetoes": _vetoes}
    if name in made:
        return made[name](table)
    if name not in simple:
        known = [rule if rule != "only:" else f"only:{table.ids[0]}" for rule in RULES]
        hint = did_you_mean(name, known)
        raise RequestError(f"there is no rule `{short(name, 40)}`. {hint}".rstrip())
    return simple[name]


def _consensus_minus(digits: str, table: Table) -> Rule:
    seats, k = len(table.ids), short(digits.lstrip("0") or "0", 20)
    if not k.isdecimal() or int(k) >= seats:
        raise RequestError(
            f"`consensus-{k}` lets {k} members object, but only {seats} sit at the table; "
            f"write at most `consensus-{seats - 1}`"
        )
    return ConsensusMinus(int(k))


def _only(argument: str, table: Table) -> Rule:
    seats = [seat.strip() for seat in argument.split(",") if seat.strip()]
    if not seats:
        raise RequestError(f"`only:` names nobody; write for instance `only:{table.ids[0]}`")
    for seat in seats:
        if seat not in table.ids:
            raise RequestError(
                f"`only:{argument}` names {seat}, who is not a member. "
                f"{did_you_mean(seat, table.ids)}".rstrip()
            )
    return Only(tuple(sorted({table.ids.index(seat) for seat in seats})))


def _weighted(table: Table) -> Rule:
    if table.quota is None:
        raise RequestError(
            "the rule `weighted` needs a table [rule.weighted] with `weights` and `quota`"
        )
    weights = tuple(float(table.weights.get(seat, 0.0)) for seat in table.ids)
    if table.quota > math.fsum(weights):
        raise RequestError(
            f"the quota {table.quota:g} is above the total weight {math.fsum(weights):g}, "
            "so nothing could ever be adopted; lower `rule.weighted.quota`"
        )
    return Weighted(weights, float(table.quota))


def _vetoes(table: Table) -> Rule:
    if table.vetoes is None:
        raise RequestError(
            "the rule `vetoes` needs a table [rule.vetoes] with `holders` and `quota`"
        )
    holders, quota = table.vetoes
    if quota > len(table.ids):
        raise RequestError(
            f"{quota} must support, but only {len(table.ids)} sit at the table, so nothing could "
            "ever be adopted; lower `rule.vetoes.quota`"
        )
    return Vetoes(tuple(place for place, seat in enumerate(table.ids) if seat in holders), quota)
