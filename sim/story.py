"""An outcome as sentences: what survives, who kills the rest, why a member breaks the silence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sim.explanation import Explanation, Flip
from sim.outcome import Outcome
from sim.rules import Stance
from sim.scenario import Scenario

SAYS = {
    Stance.OBJECT: "breaks the silence",
    Stance.ACQUIESCE: "stays silent",
    Stance.SUPPORT: "supports it",
}
"""NATO has no voting: these are the words for what a member does."""

FEW = 8
"""Members that a sentence names; more are counted."""


def listed(words: Iterable[str]) -> str:
    """Words as a list in a sentence.

    >>> listed(["Poland", "Estonia", "Latvia"])
    'Poland, Estonia and Latvia'
    """
    *head, last = list(words) or ["nobody"]
    return f"{', '.join(head)} and {last}" if head else last


def percent(share: float) -> str:
    """A share for a sentence; never 0 % for what happened, never 100 % for what did not always.

    >>> percent(.0002), percent(0), percent(.42), percent(.9999)
    ('< 1 %', '0 %', '42 %', '> 99 %')
    """
    if 0 < share < 0.005:
        return "< 1 %"
    if 0.995 < share < 1:
        return "> 99 %"
    return f"{100 * share:.0f} %"


def setting(outcome: Outcome) -> str:
    """Under which rule, among whom, in which worlds."""
    scenario = outcome.scenario
    played = (
        "the central world, no dice"
        if outcome.seed is None
        else f"{outcome.worlds:,} worlds, seed {outcome.seed}"
    )
    return f"Rule: {scenario.rule.name} · {len(scenario.seats)} members · {played}"


def headline(outcome: Outcome) -> str:
    """What the run says, in two or three sentences."""
    sentences = [_survivors(outcome), _treaty(outcome), _narrowest(outcome)]
    return " ".join(sentence for sentence in sentences if sentence)


def _survivors(outcome: Outcome) -> str:
    total = len(outcome.survival)
    alive = [name for name, share in outcome.survival.items() if share >= 0.5]
    where = "" if outcome.seed is None else " in most worlds"
    if not alive:
        return f"None of the {total} clauses survives{where}."
    which = f": {listed(alive)}" if len(alive) <= FEW else ""
    return f"{len(alive)} of {total} clauses survive{where}{which}."


def _treaty(outcome: Outcome) -> str:
    survival = outcome.share(outcome.tally.treaty)
    if outcome.seed is None:
        return f"The treaty as a whole {'survives' if survival else 'does not'}."
    if survival == 0:
        return "The treaty as a whole survives in none."
    return f"The treaty as a whole survives in {percent(survival)}."


def _narrowest(outcome: Outcome) -> str:
    """The clause that most support and fewest kill: one veto is enough."""
    measures = outcome.measures()
    members = len(outcome.scenario.seats)
    fallen = [
        row
        for name, row in measures.items()
        if name != "treaty" and row["survival"] < 0.5 and row["supporters"] > members / 2
    ]
    if not fallen:
        return ""
    row = max(fallen, key=lambda row: (row["supporters"], row["id"]))
    names = outcome.scenario.seats
    who = [names[iso].name or iso for iso in killers(outcome, row)]
    blame = f"what kills it most often is {listed(who)}" if 0 < len(who) <= FEW else ""
    support = f"{row['supporters']:.0f} of {members} members support {row['id']}"
    falls = f"it falls in {percent(1 - row['survival'])} of worlds"
    if outcome.seed is None:
        falls = "it falls"
    else:
        support += " on average"
    return f"{support}, yet {falls}" + (f"; {blame}." if blame else ".")


def killers(outcome: Outcome, row: dict[str, Any]) -> list[str]:
    """Members that object in more than half of the worlds in which the clause falls."""
    fallen = 1 - row["survival"]
    return [iso for iso, share in row["blockers"].items() if share > fallen / 2]


def killed_by(outcome: Outcome, row: dict[str, Any]) -> str:
    """Who kills a clause, short enough for a table."""
    if row["survival"] == 1:
        return "nobody"
    who, members = killers(outcome, row), len(outcome.scenario.seats)
    if len(who) == members and members > 1:
        return f"all {members}"
    if len(who) > 5:
        return f"{len(who)} of {members}"
    if who:
        return " ".join(sorted(who))
    if row["blockers"]:
        return f"often {next(iter(row['blockers']))}"
    return "too little support"


# One member on one clause -----------------------------------------------------------------------


def explanation(why: Explanation) -> str:
    """Why a member takes its stance, in sentences."""
    scenario = why.scenario
    name = member_name(scenario, why.member)
    clause = scenario.clauses[why.clause]
    return " ".join(
        [
            f"On {why.clause} ({clause.title}), tabled at level {why.level:g}, "
            f"{name} {SAYS[why.stance]}.",
            _balance(why),
            _heard(why),
            _limit(why),
            _flip(why),
        ]
    )


def member_name(scenario: Scenario, iso: str) -> str:
    """A member's name, or its id if it has none."""
    return scenario.seats[iso].name or iso


def _balance(why: Explanation) -> str:
    gain = sum(part.gain for part in why.contributions)
    cost = sum(part.cost for part in why.contributions)
    return (
        f"It trusts the proposer with {why.trust:.2f}; what it hopes to gain counts {gain:.3f}, "
        f"what it would give up {cost:.3f}: by itself {why.appraisal:+.3f}."
    )


def _heard(why: Explanation) -> str:
    moved = f"Hearing the others out adds {why.consultation:+.3f}, so {why.expressed:+.3f}"
    against = f"against a resolve of {why.resolve:.3f}"
    if why.reservation:
        return f"{moved} {against}: it acquiesces with a reservation."
    if why.solidarity:
        return f"{moved} {against}: it objects out of solidarity."
    return f"{moved} {against}."


def _limit(why: Explanation) -> str:
    level = why.ceiling["expressed"]
    if level == float("inf"):
        return "It could live with any level."
    return f"The highest level that it could live with is {level:.2f}."


def _flip(why: Explanation) -> str:
    if not why.flips:
        return "No change of a single one of its numbers would change that."
    flip = why.flips[0]
    return f"The smallest single change that would change that: {flipped(flip)}."


def flipped(flip: Flip) -> str:
    """A flip in words."""
    return f"{flip.address} from {flip.start:g} to {flip.to:g}, and it {SAYS[flip.becomes]}"
