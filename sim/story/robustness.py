"""How much the claims of a run rest on single numbers, in sentences."""

from __future__ import annotations

from collections.abc import Sequence

from sim.analysis.robustness import REACH, Claim, Overturn, Robustness, Weight
from sim.scenario import Scenario
from sim.story.numbers import number_name
from sim.story.persuasion import beyond
from sim.story.words import counted, listed, member_name, percent

METHOD = (
    "Holds in: a share of worlds, in which all numbers err at once, with its 95 % interval. Overturned: "
    "by moving one number alone, all others at their centre. A band is a standard deviation of the "
    "number, on the scale of its kind."
)


def claimed(scenario: Scenario, claim: Claim) -> str:
    """What is claimed, in words."""
    fate = "survives" if claim.survives else "falls"
    if claim.kind == "treaty":
        return f"The treaty as a whole {fate}"
    if claim.kind == "clause":
        return f"{claim.subject} {fate}"
    return f"Nobody kills more clauses than {member_name(scenario, claim.subject)}"


def in_short(key: str) -> str:
    """A claim in a word or two, by its key."""
    return {"treaty": "the treaty", "killer": "who kills most"}.get(key, key)


def holds_in(claim: Claim) -> str:
    """The share of worlds with its interval.

    >>> holds_in(Claim("clause", "C", False, .8, .782, .817, True, (), ()))
    '80 % (78 to 82)'
    """
    low, high = (percent(end).removesuffix(" %") for end in (claim.low, claim.high))
    return f"{percent(claim.share)} ({low} to {high})"


def overturned(scenario: Scenario, move: Overturn) -> str:
    """A move in words."""
    name = number_name(scenario, move.address)
    to = beyond(move.start, move.to).replace("-", "−")
    if move.address.startswith("evidence."):
        return f"{name}, times {to}"
    return f"{name} from {plain(move.start)} to {to}"


def plain(value: float) -> str:
    """A number as people write it.

    >>> plain(.3), plain(-0.25), plain(2)
    ('.3', '−.25', '2')
    """
    text = f"{value:g}"
    return (text.replace("0.", ".", 1) if abs(value) < 1 else text).replace("-", "−")


def tried(scenario: Scenario, claim: Claim) -> str:
    """One claim: how often it holds, and what it takes to overturn it."""
    said = f"{claimed(scenario, claim)}: that holds in {holds_in(claim)} of worlds"
    if not claim.central:
        return f"{said}, but not in the central one."
    if not claim.overturns:
        return f"{said}. No single number, moved by up to {REACH:g} bands, overturns it."
    move = overturned(scenario, claim.overturns[0])
    return f"{said}. The smallest move that overturns it: {move}, {claim.bands:.1f} bands."


def sturdy(found: Robustness) -> str:
    """Which claims no single number overturns, which is a strong answer."""
    rows = [claim for claim in found.claims if claim.central and not claim.overturns]
    if not found.numbers:
        return "No number of this scenario has a band, so none can be moved within it."
    if not rows:
        return "Every claim that holds at the centre can be overturned by one number alone."
    least = min(claim.share for claim in rows)
    often = percent(least)
    often = f"more than {often[2:]}" if often.startswith("> ") else f"at least {often}"
    share = "in all worlds" if least == 1 else f"in {often} of worlds"
    what = "That holds" if len(rows) == 1 else "Each of these holds"
    said = _these(found.outcome.scenario, rows)
    return (
        f"No single number, moved by up to {REACH:g} bands, overturns that {said}. {what} {share}."
    )


def otherwise(found: Robustness) -> str:
    """Which claims of most worlds do not hold at the centre."""
    rows = [claim for claim in found.claims if not claim.central]
    if not rows:
        return ""
    said = _these(found.outcome.scenario, rows)
    return f"In most worlds, but not in the central one, it holds that {said}."


def _these(scenario: Scenario, rows: Sequence[Claim]) -> str:
    """Claims as one list, clauses in the order of the treaty: what falls, what survives, who kills."""
    parts = [_lower(claimed(scenario, claim)) for claim in rows if claim.kind == "treaty"]
    for fate, survives in (("fall", False), ("survive", True)):
        named = {c.subject for c in rows if c.kind == "clause" and c.survives == survives}
        names = [name for name in scenario.clauses if name in named]
        if names:
            parts.append(f"{listed(names)} {fate}{'s' * (len(names) == 1)}")
    parts += [_lower(claimed(scenario, claim)) for claim in rows if claim.kind == "killer"]
    return "; that ".join(parts)


def _lower(text: str) -> str:
    return text[0].lower() + text[1:]


def heaviest(scenario: Scenario, weight: Weight) -> str:
    """Which number carries most, what it overturns, and what it rests on."""
    name = number_name(scenario, weight.address)
    grounds = f" It rests on this: {weight.grounds}" if weight.grounds else ""
    return (
        f"Most rests on {name}: moved alone, it overturns {counted(len(weight.claims), 'claim')} "
        f"({listed(map(in_short, weight.claims))}), the first by {weight.bands:.1f} bands.{grounds}"
    )
