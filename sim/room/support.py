"""What support a text lacked where silence is no consent, in numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping

from sim import rules
from sim.room.events import OBJECT, SILENT, SUPPORT
from sim.room.verdict import adopts
from sim.scenario import Scenario


def lacking(scenario: Scenario, rule: str, said: Mapping[str, str]) -> str:
    """How much supported a text, and how much the rule asks for; nothing where support was enough.

    said: the stance of every member.
    """
    made = rules.named(rule, scenario.table)
    yes, no = ([said[iso] == stance for iso in scenario.seats] for stance in (SUPPORT, OBJECT))
    match made:
        case rules.SimpleMajority():
            return _short(sum(yes), sum(no) + 1)
        case rules.AffirmativeUnanimity():
            return _short(sum(yes), len(yes))
        case rules.EntryIntoForce():
            return _short(sum(yes), len(yes) // 2 + 1)
        case rules.Vetoes(_, quota):
            return _short(sum(yes), quota)
        case rules.QualifiedMajority():
            return _short(sum(yes), made.least(len(yes))) or _people(made, yes)
        case rules.Weighted(weights, quota):
            votes = math.fsum(weight for weight, does in zip(weights, yes) if does)
            enough = votes >= quota - rules.SLACK
            return "" if enough else f"{votes:g} votes in support, {quota:g} needed"
    return ""


def hears_objections(scenario: Scenario, rule: str) -> bool:
    """Whether a text that stands while others keep silent may fall where they break the silence.

    Of any number of supporters those come first whose own objection would have counted least.
    """
    stops = rules.named(rule, scenario.table).stops(len(scenario.seats)).tolist()
    order = [iso for _, iso in sorted(zip(stops, scenario.seats), key=lambda pair: pair[0])]

    def stands(support: int, others: str) -> bool:
        said = dict.fromkeys(order, others) | dict.fromkeys(order[:support], SUPPORT)
        return adopts(scenario, rule, said)

    many = range(len(order))
    return any(stands(support, SILENT) and not stands(support, OBJECT) for support in many)


def _short(support: int, needed: int) -> str:
    """So many where more were needed.

    >>> _short(7, 9), _short(0, 1), _short(9, 9)
    ('7 in support, 9 needed', 'nobody in support, 1 needed', '')
    """
    return "" if support >= needed else f"{support or 'nobody'} in support, {needed} needed"


def _people(rule: rules.QualifiedMajority, yes: list[bool]) -> str:
    """Members enough, but of too few people; their share is rounded down, to a tenth of a percent."""
    people = math.fsum(many for many, does in zip(rule.population, yes) if does)
    share = people / math.fsum(rule.population)
    if share >= rule.population_share - rules.SLACK or yes.count(False) < rule.blocking_minority:
        return ""
    held = f"{sum(yes)} with {math.floor(1000 * share) / 10:g} % of the population in support"
    return f"{held}, {100 * rule.population_share:g} % needed"
