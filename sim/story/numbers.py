"""Every number of a scenario in plain words, by its address."""

from __future__ import annotations

from sim.analysis.sensitivity import OTHERS
from sim.scenario import TYPES, Scenario
from sim.story.words import KINDS, member_name

NAMES = {
    "assumptions.cohesion": "cohesion",
    "assumptions.trust": "the trust of all members (log-odds)",
    "assumptions.pretext": "the suspicion of a pretext",
    "assumptions.logroll": "logroll",
    "proposer.audience": "the weight of the audience",
    OTHERS: "the stakes of all other clauses",
}

OF_TYPES = {"keep": "how often {} keeps its word", "floor": "how far {} comes down"}


def number_name(scenario: Scenario, address: str) -> str:
    """A number in words, or all that is a member's own or a clause's; the address where it has no name.

    >>> from sim import load
    >>> toy = load("three-neighbours")
    >>> number_name(toy, "members.HILL.trust"), number_name(toy, "proposer.keep.expansionist")
    ("Hill's trust", 'how often an expansionist keeps its word')
    >>> number_name(toy, "members.HILL"), number_name(toy, "clauses.hotline")
    ("Hill's trust, resolve and interests", 'the stakes of hotline')
    """
    head, _, rest = address.partition(".")
    kind, _, who = rest.partition(".")
    if address in NAMES:
        return NAMES[address]
    if head == "members":
        return f"{_whose(member_name(scenario, kind))} {_of_member(scenario, who)}"
    if head == "clauses":
        return _of_clause(scenario, rest)
    if head == "evidence":
        return f"the evidence “{scenario.evidence[rest].title}”"
    if head == "proposer" and kind in OF_TYPES and who in TYPES:
        return OF_TYPES[kind].format(KINDS[TYPES.index(who)])
    return address


def titled(name: str) -> str:
    """A name as it begins a row.

    >>> titled("the stakes of N5.1"), titled("cohesion")
    ('Stakes of N5.1', 'Cohesion')
    """
    bare = name.removeprefix("the ")
    return bare[:1].upper() + bare[1:]


def _of_member(scenario: Scenario, number: str) -> str:
    kind, _, interest = number.partition(".")
    if not number:
        return _all_of_member(scenario)
    if kind == "weight" and scenario.spatial:
        kind = "salience"
    if interest == "*":
        return f"{kind}s, all alike"
    return f"{kind} on {_interest(scenario, interest)}" if interest else kind


def _all_of_member(scenario: Scenario) -> str:
    """What may be uncertain of a member; nobody asks for trust where everybody is taken at its word."""
    if scenario.spatial:
        return "positions, saliences and resolve"
    return "resolve and interests" if scenario.at_its_word else "trust, resolve and interests"


def _of_clause(scenario: Scenario, rest: str) -> str:
    """All stakes of a clause, or one of them; an id may have points in it."""
    if rest in scenario.clauses:
        return f"the stakes of {rest}"
    clause, table, interest = rest.rsplit(".", 2)
    return f"the {table} of {clause} on {_interest(scenario, interest)}"


def _interest(scenario: Scenario, name: str) -> str:
    title = scenario.interests[name].title
    return title[0].lower() + title[1:]


def _whose(name: str) -> str:
    return f"{name}'" if name.endswith("s") else f"{name}'s"
