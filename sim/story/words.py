"""Words, numbers and names as sentences need them."""

from __future__ import annotations

import math
from collections.abc import Iterable

from sim import rules
from sim.rules import Stance
from sim.scenario import Scenario

SAYS = {
    Stance.OBJECT: "breaks the silence",
    Stance.ACQUIESCE: "stays silent",
    Stance.SUPPORT: "supports it",
}
"""The words for what a member does: those of NATO, which has no voting."""

FEW = 8
"""Members that a sentence names; more are counted."""

KINDS = ("a security seeker", "an expansionist", "a pretext seeker")
"""The types of proposer in words, in the order of every belief."""

CENTRE = "the central world, no dice"


def listed(words: Iterable[str]) -> str:
    """Words as a list in a sentence.

    >>> listed(["Poland", "Estonia", "Latvia"]), listed(["Baltic states and Poland", "Hungary"])
    ('Poland, Estonia and Latvia', 'Baltic states and Poland, and Hungary')
    """
    *head, last = list(words) or ["nobody"]
    comma = "," if any(" and " in word for word in (*head, last)) else ""
    return f"{', '.join(head)}{comma} and {last}" if head else last


def percent(share: float) -> str:
    """A share for a sentence; never 0 % for what happened, never 100 % for what did not always.

    >>> percent(.005), percent(0), percent(.42), percent(.9999)
    ('< 1 %', '0 %', '42 %', '> 99 %')
    """
    if 0 < share <= 0.005:
        return "< 1 %"
    if 0.995 <= share < 1:
        return "> 99 %"
    return f"{100 * share:.0f} %"


def counted(number: int, noun: str) -> str:
    """A number of things.

    >>> counted(1, "claim"), counted(2000, "world")
    ('1 claim', '2,000 worlds')
    """
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def signed(value: float) -> str:
    """A number with its sign, as people write it.

    >>> signed(-.03), signed(0)
    ('−0.030', '0')
    """
    return f"{value:+.3f}".replace("-", "−") if value else "0"


def part(level: float) -> str:
    """A level as a part of the text, rounded down.

    >>> part(.6), part(.629), part(0.001)
    ('.6 of the text', '.62 of the text', 'none of the text')
    """
    return f"{_fraction(math.floor(level * 100 + 1e-6) / 100) or 'none'} of the text"


def _fraction(number: float) -> str:
    """A number below one without the zero before its point; nothing for nothing."""
    return f"{number:g}".removeprefix("0")


def member_name(scenario: Scenario, iso: str) -> str:
    """A member's name, or its id if it has none."""
    return scenario.seats[iso].name or iso


def own_name(scenario: Scenario, iso: str) -> str:
    """A member's name beside its id; nothing if it has no other."""
    name = scenario.seats[iso].name
    return "" if name == iso else name


def proposer_name(scenario: Scenario) -> str:
    """The proposer's name inside a sentence, where its article is small."""
    name = scenario.proposer.name
    return f"t{name[1:]}" if name.startswith("The ") else name


def labelled(name: str, title: str, gap: str = "  ") -> str:
    """An id with what it stands for; once where both say the same.

    >>> labelled("N5.1", "Withdraw"), labelled("issue_1", "Issue 1"), labelled("China", "China")
    ('N5.1  Withdraw', 'Issue 1', 'China')
    """
    alike = name.replace("_", " ").casefold() == title.replace("_", " ").casefold()
    return title if alike else f"{name}{gap}{title}"


def clause_name(scenario: Scenario, name: str) -> str:
    """A clause with its title, and the article of the draft where it says one."""
    row = scenario.clauses[name]
    return labelled(name, row.title, " ") + (f" (Article {row.article})" if row.article else "")


RULES = {
    "consensus": "Consensus",
    "affirmative": "All must support",
    "majority": "Simple majority",
    "qualified": "Qualified majority",
    "weighted": "Weighted votes",
    "vetoes": "{} may veto",
    "entry-into-force": "More than half support",
}
"""The rules in plain words, short enough for the head of a column."""


def rule_title(scenario: Scenario, rule: str) -> str:
    """A rule in plain words, by the name that files and commands use."""
    kind, _, who = rule.partition(":")
    if kind == "only":
        seats = [iso.strip() for iso in who.split(",")]
        few = listed(member_name(scenario, iso) for iso in seats)
        return f"{few if len(seats) < 3 else counted(len(seats), 'member')} alone"
    if rule.startswith("consensus-"):
        return f"Consensus minus {rule.removeprefix('consensus-')}"
    return RULES[rule].format(len(_holders(scenario)))


def rule_meaning(scenario: Scenario, rule: str) -> str:
    """What it takes for a text to stand under a rule, with the numbers and the names of this council."""
    made, seats = rules.named(rule, scenario.table), list(scenario.seats)
    match made:
        case rules.Only(places):
            names = listed(member_name(scenario, seats[place]) for place in places)
            return rules.only(len(places), names)
        case rules.AffirmativeUnanimity():
            return f"Silence is not consent: all {len(seats)} members must support a text."
        case rules.EntryIntoForce():
            most = f"at least {len(seats) // 2 + 1} of {len(seats)} members must support a text"
            return f"Silence is not consent: {most}, which then binds only these."
        case rules.QualifiedMajority():
            return f"Silence is not consent: {_qualified(made, len(seats))}"
        case rules.Weighted(weights, quota):
            held = f"must have at least {quota:g} of {math.fsum(weights):g} votes"
            return f"Silence is not consent: the members that support a text {held}."
        case rules.Vetoes(_, quota):
            return f"Silence abstains: it is no support and no veto. {_vetoes(scenario, quota)}"
    return rules.meaning(rule)


def _qualified(rule: rules.QualifiedMajority, members: int) -> str:
    """The shares as the scenario has them; the population only where it can matter."""
    least = rule.least(members)
    many = f"at least {least} of {members} members ({percent(rule.share)})"
    if not rule.population_share or members - least < rule.blocking_minority:
        return f"{many} must support a text."
    people = f"{many} with {percent(rule.population_share)} of the population must support a text."
    if rule.blocking_minority < 2:
        return people
    return f"{people} Fewer than {rule.blocking_minority} members cannot stop it, however large."


def _vetoes(scenario: Scenario, quota: int) -> str:
    support = f"At least {quota} of {len(scenario.seats)} members must support a text"
    holders = [member_name(scenario, iso) for iso in _holders(scenario)]
    if not holders:
        return f"{support}."
    few = listed(holders) if len(holders) <= FEW else f"the {len(holders)} with a veto"
    may = f"none of {few} may" if len(holders) > 1 else f"{few} may not"
    return f"{support}, and {may} break the silence."


def _holders(scenario: Scenario) -> list[str]:
    """The members at the table that hold a veto, in the order of the roster."""
    vetoes = scenario.rule.vetoes
    return [iso for iso in scenario.seats if vetoes and iso in vetoes.holders]
