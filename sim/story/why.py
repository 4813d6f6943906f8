"""Who decides on a clause, what silence would cost, and where the verdict tips, in sentences."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from sim.analysis.ceilings import Ceilings
from sim.analysis.dials import Dial
from sim.analysis.tipping import HALF, Crossing, Curve, LastVeto, OutcomeMap, Share
from sim.outcome import Outcome, usual_blockers
from sim.scenario import Scenario, middle_resolve
from sim.story.verdict import silence_is_consent, taken_away
from sim.story.words import FEW, listed, member_name, part, percent, rule_meaning

MOST = 4
"""Members whose shares a sentence gives."""

SHIFTED = "trust"
"""The dial that moves log-odds, which few people have in mind."""

# Who decides ------------------------------------------------------------------------------------


def who_decides(outcome: Outcome, clause: str) -> str:
    """How often a clause falls, by whose objection, and how often one alone was enough."""
    row = outcome.measures()[clause]
    if row["survival"] == 1:
        return f"{clause} survives in every world: nothing has to be decided by a veto."
    sentences = [
        f"{clause} falls in {percent(1 - row['survival'])} of worlds.",
        _objectors(outcome.scenario, row),
        _alone(outcome.scenario, row),
        taken_away(outcome, row),
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def _objectors(scenario: Scenario, row: dict[str, Any]) -> str:
    blockers = row["blockers"]
    if not blockers:
        host = scenario.clauses[row["id"]].tabled_with
        return f"Nobody breaks the silence on it; it hangs on {host}." if host else ""
    often = usual_blockers(row)
    if len(often) > FEW:
        members = len(scenario.seats)
        who = f"All {members}" if len(often) == members else f"{len(often)} of {members}"
        return f"{who} members break the silence in most of these."
    if len(blockers) == 1:
        ((iso, share),) = blockers.items()
        return f"Only {member_name(scenario, iso)} breaks the silence, in {percent(share)}."
    return f"Those who break the silence most often: {_shares(scenario, blockers)}."


def _alone(scenario: Scenario, row: dict[str, Any]) -> str:
    """How often one silence would have been enough."""
    alone = row["sole_blockers"]
    if not row["blockers"]:
        return ""
    if not _one_veto(scenario):
        if not alone:
            means = rule_meaning(scenario, scenario.rule.name)
            return f"In no world would one silence have carried it. {means}"
        return f"One silence would have carried it: {_shares(scenario, alone)}."
    if not alone:
        return "In no world is it one member alone."
    first = next(iter(alone))
    most = f", most often {member_name(scenario, first)}" if len(alone) > 1 else ""
    return f"In {percent(sum(alone.values()))} it is one member alone{most}: one veto is enough."


def _one_veto(scenario: Scenario) -> bool:
    """Whether one objection of a member with a say is enough."""
    return scenario.rule.name == "consensus" or scenario.rule.name.startswith("only:")


def _shares(scenario: Scenario, shares: Mapping[str, float]) -> str:
    """The first few members with their shares of worlds."""
    first = list(shares.items())[:MOST]
    return listed(f"{member_name(scenario, iso)} in {percent(share)}" for iso, share in first)


# How far it could go ----------------------------------------------------------------------------


def lowest_ceiling(scenario: Scenario, found: Ceilings) -> str:
    """How far a clause could go at the centre, and whose ceiling that is."""
    clause, level = found.clause, found.survivable
    whose = _whose(scenario, found)
    if math.isinf(level):
        return f"At the centre nothing in {clause} hurts anybody: it could go any way."
    if level == 0:
        means = rule_meaning(scenario, scenario.rule.name)
        return f"At the centre no level of {clause} is adopted. {means}"
    if level >= found.tabled:
        limit = f"it could go as far as {as_far_as(level)}{whose}"
        return f"At the centre {clause} passes as tabled: {limit}."
    short = f"At the centre {clause} could go no further than {part(level)}{whose}"
    if level < found.least:
        whole = "it is all or nothing"
        words = f"below {part(found.least)} it is the status quo in other words"
        return f"{short}; {whole if found.least == 1 else words}."
    return f"{short}; {part(found.tabled)} is tabled." if found.tabled < 1 else f"{short}."


def _whose(scenario: Scenario, found: Ceilings) -> str:
    names = [member_name(scenario, row.member) for row in found.members if row.binding]
    if not names or len(names) > MOST:
        return ""
    if scenario.rule.name.startswith("consensus-") or not silence_is_consent(scenario):
        return f", the ceiling of {listed(names)}"
    return f", the ceiling of {listed(names)}"


def as_far_as(level: float) -> str:
    """A level that may lie beyond the text.

    >>> as_far_as(0.5), as_far_as(1.5), as_far_as(float("inf"))
    ('.5 of the text', '1.5 times the text', 'any level')
    """
    if math.isinf(level):
        return "any level"
    return part(level) if level <= 1 else f"{level:.2g} times the text"


def binds_most(outcome: Outcome, clause: str) -> str:
    """Whose ceiling is the lowest, over the worlds."""
    binding = outcome.measures()[clause]["ceiling"]["binding"]
    if not binding:
        return f"In no world does {clause} have a ceiling that is some member's."
    return f"Whose ceiling is the lowest: {_shares(outcome.scenario, binding)}."


# What silence would cost ------------------------------------------------------------------------


def silence_costs(outcome: Outcome, clause: str) -> str:
    """The price of consensus on a clause at the median, in units of what a member swallows."""
    row = outcome.measures()[clause]
    middle = row["price"]["p50"]
    if middle is None:
        return f"At the median no silence carries {clause}{_why_none(outcome.scenario, clause)}."
    if middle == 0:
        return f"At the median nobody would have to be paid to stay silent on {clause}."
    units = swallowed(outcome.scenario, middle)
    aim = "keep everybody silent on" if outcome.scenario.rule.name == "consensus" else "carry"
    return f"To {aim} {clause} would cost {middle:.2f} at the median{units}."


def _why_none(scenario: Scenario, clause: str) -> str:
    host = scenario.clauses[clause].tabled_with
    if host:
        return f": it falls with {host}"
    return "" if silence_is_consent(scenario) else ", since support is what counts"


def swallowed(scenario: Scenario, price: float) -> str:
    """A price in units of the middle member's resolve, as the end of a sentence."""
    middle = middle_resolve(scenario)
    if not middle or not price:
        return ""
    times = price / middle
    if 0.95 <= times < 1.05:
        return ", as much as a member swallows to avoid a breach"
    much = f"{times:.2g} times" if times < 10 else f"{times:,.0f} times"
    return f", {much} what a member swallows to avoid a breach"


# Where it tips ----------------------------------------------------------------------------------


def where_it_tips(curve: Curve) -> str:
    """Where survival crosses one half on a dial, and where the scenario stands."""
    low, high = curve.range
    dial, clause = curve.dial, curve.clause
    if curve.tipping is None:
        if percent(low) == percent(high):
            share = f"it survives in {percent(low)} of worlds throughout"
            return f"{dial.title} makes no difference to {clause}: {share}."
        return (
            f"Over the whole range {clause} survives in {percent(low)} to {percent(high)} of worlds: "
            "this alone does not tip it."
        )
    where = listed(tips_at(dial, crossing) for crossing in curve.crossings)
    return f"{clause} tips at {where}: {_sides(curve)}.{_stands(dial)}"


def _sides(curve: Curve) -> str:
    """On which side of its tipping points a clause survives."""
    if len(curve.crossings) > 2:
        return "the verdict turns back and forth"
    rises = curve.crossings[0].rises
    if len(curve.crossings) == 2:
        within, without = ("survives", "falls") if rises else ("falls", "survives")
        return f"in between it {within} in most worlds, outside it {without} in most"
    kind, other = ("above", "below") if rises else ("below", "above")
    return f"{kind} it survives in most worlds, {other} it falls in most"


def _stands(dial: Dial) -> str:
    return "" if dial.here is None else f" The scenario stands at {turned_to(dial, dial.here)}."


def tips_at(dial: Dial, tipping: Crossing) -> str:
    """A tipping point in words; between two whole numbers where only those make sense."""
    if dial.whole:
        return f"between {math.floor(tipping.at)} and {math.floor(tipping.at) + 1}"
    return turned_to(dial, tipping.at)


def tips_explained(curves: Sequence[Curve]) -> str:
    """What the columns of a table of tipping points are."""
    sentences = [
        "Tips at: where it survives in half of the worlds, all else equal (interpolated).",
        "Survives: the least and the most over the range of the dial.",
    ]
    dials = [curve.dial for curve in curves if curve.dial.name == SHIFTED]
    return " ".join([*sentences, *(f"{dial.title}: {dial.unit}." for dial in dials)])


def turned_to(dial: Dial, value: float) -> str:
    """A setting of a dial as a number, as finely as its range deserves.

    >>> dial = Dial("x", "X", "", 0, 1, lambda value: {})
    >>> turned_to(dial, 0.4773), turned_to(dial, -0.3), turned_to(dial, 0)
    ('.48', '−.3', '0')
    """
    digits = max(0, 2 - math.floor(math.log10(dial.high - dial.low)))
    text = f"{round(value, digits) + 0.0:.9g}"
    return (
        text.replace("0.", ".", 1).replace("-", "−") if abs(value) < 1 else text.replace("-", "−")
    )


def last_veto(scenario: Scenario, last: LastVeto) -> str:
    """Exactly where the last veto falls silent, at the centre."""
    who = member_name(scenario, last.member)
    drawn = "where the others draw somebody into objecting"
    again = "" if last.again is None else f", up to {last.again:.3f}, {drawn}"
    return (
        f"At the centre of all assumptions, without dice, the last veto on {last.clause} is {who}'s: "
        f"it falls silent at a cohesion of {last.cohesion:.3f}{again}.".replace(" 0.", " .")
    )


def on_the_map(found: OutcomeMap) -> str:
    """On how much of a map a clause survives in most worlds."""
    shares = [share.survival for share in found.cells.values() if share]
    alive = sum(share >= HALF for share in shares)
    if alive in (0, len(shares)):
        which = "nowhere" if not alive else "everywhere"
        return f"{found.clause} survives in most worlds {which} on this map."
    return f"{found.clause} survives in most worlds on {alive} of {len(shares)} places of this map."


def survives(share: Share) -> str:
    """A share of worlds with its interval, for a tooltip."""
    low, high = (percent(end).removesuffix(" %") for end in (share.low, share.high))
    verdict = "survives in most worlds" if share.survival >= HALF else "falls in most worlds"
    return f"{verdict}: survives in {percent(share.survival)} ({low} to {high} %)"
