"""In which region of the assumptions a clause survives, in sentences."""

from __future__ import annotations

import math

from sim.analysis.boxes import EVENTS, Fit, Limit
from sim.analysis.discovery import Discovery, Region
from sim.analysis.experiments import Range
from sim.story.why import SHIFTED, turned_to
from sim.story.words import counted, listed, percent

METHOD = (
    "Found by patient rule induction (PRIM): thin slices are peeled off as long as that pays, where "
    "density counts twice as much as coverage. Limits that chance would bring are dropped. The test is "
    "on as many worlds of another seed, which had no part in the search."
)

LEGEND = (
    "Density: how often it does so inside; coverage: how much of all such worlds lies inside; mass: how "
    "much of all worlds does; again: on worlds of another seed; chance: quasi-p-value, how often "
    "chance would do as well as the weakest limit. Worlds come in batches that share some settings, so "
    "trust the test more."
)


def happens(found: Discovery) -> str:
    """What the boxes are about."""
    return "falls" if found.falls else "survives"


def overall(found: Discovery) -> str:
    """How often it happens in all worlds, and whether there is a region in which it does."""
    clause, what = found.clause, happens(found)
    worlds = counted(found.worlds, "world")
    often = f"{clause} {what} in {percent(found.share)} of {worlds} spread over all that is varied"
    number = round(found.share * found.worlds)
    if number in (0, found.worlds):
        never = "never" if number == 0 else "always"
        return f"{clause} {never} {what} in {worlds} spread over all that is varied: there is no region."
    other = "survives" if found.falls else "falls"
    if min(number, found.worlds - number) < EVENTS:
        what, few = min((what, number), (other, found.worlds - number), key=lambda each: each[1])
        return f"{often}; it {what} in {few} only, too few to say where."
    if not found.regions:
        return (
            f"{often}, and in no box so much more often that it would be worth a sentence; ask where it "
            f"{other}."
        )
    return f"{often}."


def region(found: Discovery, each: Region) -> str:
    """One box in a sentence, and how it stood the test."""
    where = listed(
        _limited(varied, each.box.limits[varied.name]) for varied in _limiting(found, each)
    )
    also, what = "" if each == found.regions[0] else "also ", happens(found)
    density, coverage = percent(each.fit.density), percent(each.fit.coverage)
    stood = "" if stands_the_test(found, each) else "It does not stand the test. "
    return (
        f"{found.clause} {also}{what} where {where}: in {density} of such worlds, which are {coverage} "
        f"of all in which it {what}. {stood}{tested(each.again)}"
    )


def stands_the_test(found: Discovery, each: Region) -> bool:
    """Whether at least half of what a box has over all worlds is there on worlds of another seed."""
    gain, again = each.fit.density - found.share, each.again.density - found.share_again
    return again >= gain / 2


def tested(again: Fit) -> str:
    """How well a box, or all of them, did on other worlds."""
    return (
        f"On worlds of another seed: in {percent(again.density)} of such worlds, which are "
        f"{percent(again.coverage)} of all."
    )


def together(found: Discovery) -> str:
    """All boxes as one."""
    if len(found.regions) < 2:
        return ""
    fit = found.together
    return (
        f"Together the boxes hold {percent(fit.coverage)} of all worlds in which it {happens(found)}, "
        f"and it does so in {percent(fit.density)} of those inside. {tested(found.together_again)}"
    )


def _limiting(found: Discovery, each: Region) -> list[Range]:
    """What the box limits, the most telling first."""
    known = {varied.name: varied for varied in found.varied}
    return [known[name] for name in each.box.limits]


def _limited(varied: Range, limit: Limit) -> str:
    """How far one dial may be turned."""
    dial = varied.dial
    low, high = (None if at is None else turned_to(dial, at) for at in (limit.low, limit.high))
    if dial.unit.startswith(COUNTED):
        much = " and ".join(
            text for text in (low and f"at least {low}", high and f"at most {high}") if text
        )
        return f"“{dial.title}” counts {much} times"
    name = dial.title if "." in dial.title else dial.title[:1].lower() + dial.title[1:]
    if dial.name == SHIFTED:
        low, high = (
            text and f"{text} ({_odds(at)})" for text, at in ((low, limit.low), (high, limit.high))
        )
        name = "the shift in the trust of all members"
    if low and high:
        return f"{name} is between {low} and {high}"
    return f"{name} is above {low}" if low else f"{name} is below {high}"


def _odds(shift: float | None) -> str:
    """What a shift in log-odds does to odds."""
    return f"odds of good faith × {math.exp(shift or 0):.3g}".replace("× 0.", "× .")


COUNTED = "how many times"
"""How the unit of a dial begins that counts evidence."""


def bounds(varied: Range, limit: Limit) -> str:
    """A limit as short as a label."""
    low, high = (
        None if at is None else turned_to(varied.dial, at) for at in (limit.low, limit.high)
    )
    if low and high:
        return f"{low} to {high}"
    return f"> {low}" if low else f"< {high}"


def span(varied: Range) -> str:
    """How far a dial was turned, and what that means."""
    low, high = (turned_to(varied.dial, end) for end in (varied.low, varied.high))
    return f"{low} to {high}" + (f" ({varied.dial.unit})" if varied.dial.unit else "")
