"""What hangs on the council: its rule, its size, who sits in it, and who would do without it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sim.analysis.table import Alone, Growth
from sim.outcome import Outcome
from sim.scenario import Scenario
from sim.story.verdict import killers
from sim.story.words import FEW, counted, listed, member_name, percent, proposer_name

# The same worlds under every rule -----------------------------------------------------------------


def by_rule(outcomes: Mapping[str, Outcome]) -> str:
    """What survives whatever the rule, what under none, and what hangs on it."""
    clauses = list(next(iter(outcomes.values())).survival)
    stands = {
        name: {rule for rule, row in outcomes.items() if _stands(row, name)} for name in clauses
    }
    always = [name for name in clauses if len(stands[name]) == len(outcomes)]
    never = [name for name in clauses if not stands[name]]
    hangs = [name for name in clauses if 0 < len(stands[name]) < len(outcomes)]
    sentences = [
        f"{_named(hangs, 'hangs', 'hang')} on the rule" if hangs else "Nothing hangs on the rule",
        f"{_named(always, 'survives', 'survive')} under every one" if always else "",
        f"{_named(never, 'falls', 'fall')} under every one" if never else "",
    ]
    return "; ".join(sentence for sentence in sentences if sentence) + "."


SAME = "the same clauses survive"


def against(base: Outcome, other: Outcome) -> str:
    """What one outcome lets stand that the other does not, and what it lets fall."""
    won = [name for name in base.survival if _stands(other, name) and not _stands(base, name)]
    lost = [name for name in base.survival if _stands(base, name) and not _stands(other, name)]
    parts = [
        f"{_named(won, 'survives as well', 'survive as well')}" if won else "",
        f"{_named(lost, 'falls', 'fall')}" if lost else "",
    ]
    return "; ".join(part for part in parts if part) or SAME


def _stands(outcome: Outcome, clause: str) -> bool:
    return clause in outcome.survival and outcome.survival[clause] >= 0.5


def _named(clauses: list[str], one: str, more: str) -> str:
    """Clauses by name where these are few, and a verb."""
    who = listed(clauses) if len(clauses) <= FEW else counted(len(clauses), "clause")
    return f"{who} {one if len(clauses) == 1 else more}"


# The size of the table ----------------------------------------------------------------------------


def growth(grown: Growth, clause: str) -> str:
    """From which size of the table on consensus is rarer than a half, and how it ends."""
    curve, apart, size = grown.consensus(clause), grown.apart(clause), grown.members
    last = f"nobody objects to {clause} in {percent(curve[-1])} of worlds"
    if curve[-1] == 0:
        last = f"somebody objects to {clause} in every world"
    if curve[-1] == 1:
        return f"Nobody objects to {clause} in any world, however large the table."
    half = grown.rarer_than_half(clause)
    if half is None:
        return f"At the whole table of {size} {last}; at every smaller one more often."
    if half == 1:
        return (
            f"Even one member taken at random would object to {clause} more often than not, so no "
            f"table is small enough; at the whole table of {size} {last}."
        )
    return (
        f"From {half} members on, consensus on {clause} is rarer than a half; at the whole table of "
        f"{size} {last}{_together(float(curve[-1]), float(apart[-1]))}."
    )


def _together(share: float, apart: float) -> str:
    """What it means that objections come together, or apart."""
    if share == 0 and apart < 0.005:
        return ""
    if abs(share - apart) < 0.005:
        return ", as if members objected independently of each other"
    if share > apart:
        return f"; it would be {percent(apart)} if objections did not come in the same worlds"
    return f"; it would be {percent(apart)} if one did not object where another does not"


# Without one member -------------------------------------------------------------------------------


def without(whole: Outcome, rest: Outcome, member: str) -> str:
    """What survives if one member does not sit at the table, and whose objections remain."""
    name = member_name(whole.scenario, member)
    gained = against(whole, rest)
    if gained != SAME:
        return f"Without {name}, {gained}."
    return f"Without {name} {SAME} in most worlds{_remaining(whole, rest, member)}."


def moved(whole: Outcome, rest: Outcome, clause: str) -> str:
    """How often one clause survives in one outcome and in the other."""
    before, after = (percent(each.survival[clause]) for each in (whole, rest))
    if before == after:
        return f"{clause} survives in {before} either way."
    return f"{clause} survives in {after} of worlds instead of {before}."


def _remaining(whole: Outcome, rest: Outcome, member: str) -> str:
    """Who still kills the clause that the member most often breaks the silence on."""
    fallen = [
        (before, after)
        for before, after in zip(*(list(each.measures().values())[1:] for each in (whole, rest)))
        if member in killers(whole, before) and 0 < len(killers(rest, after)) <= FEW
    ]
    if not fallen:
        return ""
    before, after = max(fallen, key=lambda pair: pair[0]["supporters"])
    names = [member_name(rest.scenario, iso) for iso in killers(rest, after)]
    verb = "still kills" if len(names) == 1 else "still kill"
    return f": {listed(names)} {verb} {before['id']}"


def decides_alone(scenario: Scenario, member: str) -> str:
    """Why a member cannot be taken away where nobody else has a say; nothing where it can."""
    kind, _, who = scenario.rule.name.partition(":")
    if kind != "only" or member not in [iso.strip() for iso in who.split(",")]:
        return ""
    return (
        f"The rule here is `{scenario.rule.name}`, and {member_name(scenario, member)} is one of those "
        "who decide, so it cannot be taken away; choose another rule or another member."
    )


# Without any treaty -------------------------------------------------------------------------------


def alone(found: Alone, member: str) -> str:
    """What one member would let stand alone with the proposer, and what nobody would."""
    scenario = found.scenario
    name, proposer = member_name(scenario, member), proposer_name(scenario)
    clauses = list(scenario.clauses)
    mine = found.lets_stand(member)
    first = f"Alone with {proposer}, {name} would let {_all_of(mine, clauses)} stand in most worlds"
    nobody = [clause for clause in clauses if not found.willing(clause)]
    if not nobody:
        return f"{first}; each of the clauses has somebody who would."
    return f"{first}; nobody, whoever it is, would let {_either(nobody)} stand."


def _all_of(some: list[str], clauses: list[str]) -> str:
    if not some:
        return "nothing"
    return "everything" if len(some) == len(clauses) else _counted_or_named(some)


def _either(clauses: list[str]) -> str:
    if len(clauses) > FEW:
        return f"any of {counted(len(clauses), 'clause')}"
    *head, last = clauses
    return f"{', '.join(head)} or {last}" if head else last


def _counted_or_named(names: Iterable[str]) -> str:
    found = list(names)
    return listed(found) if len(found) <= FEW else counted(len(found), "clause")


def willing(found: Alone, clause: str) -> str:
    """Who would let one clause stand alone with the proposer, and who would not."""
    scenario = found.scenario
    would = found.willing(clause)
    rest = [iso for iso in scenario.seats if iso not in would]
    if not would:
        return f"Nobody would let {clause} stand, not even between two."
    if not rest:
        return f"Each of {counted(len(would), 'member')} would let {clause} stand."
    names = {True: would, False: rest}[len(would) <= len(rest)]
    few = listed(member_name(scenario, iso) for iso in names)
    if len(names) > FEW:
        return f"{len(would)} of {len(scenario.seats)} members would let {clause} stand."
    if names is would:
        return f"Only {few} would let {clause} stand."
    return f"Everybody but {few} would let {clause} stand."
