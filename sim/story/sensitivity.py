"""What moves the margin on a clause, in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim import rules
from sim.analysis.estimators import Effect, Index, Indices
from sim.analysis.sensitivity import Sensitivity
from sim.analysis.tornado import End, Swing, Tornado
from sim.scenario import Scenario
from sim.story.numbers import number_name
from sim.story.why import turned_to
from sim.story.words import counted, listed, percent, signed

MARGIN = (
    "Margin: how far the least willing member is from breaking the silence, in weight units; below 0 "
    "it breaks it."
)

TURNED = (
    "Each is turned from end to end of what a reader would think possible, all else as the scenario "
    "has it: the margin with every assumption at its centre, without dice; survival in the same worlds."
)

SOBOL = (
    "Total: the part of how the margin varies that a factor explains with all its interactions; alone: "
    "by itself. In brackets 95 %; 0? cannot be told apart from nothing. The average is over all worlds: "
    "with every number drawn, somebody is usually less willing than at the centre, where the tornado is."
)

MORRIS = (
    "Moves: how far the margin goes when one number goes from its 5th to its 95th percentile, as the "
    "mean of steps over two thirds of that way, in proportion, from many starting points; in brackets "
    "95 %. Spread: how much that differs."
)

FIRST, LITTLE = 3, 0.01
"""Factors that a sentence names, and how much a factor explains at least to be named."""

# Sobol' and Morris ------------------------------------------------------------------------------


def worked_out(found: Sensitivity[Any]) -> str:
    """What was turned, in how many worlds."""
    numbers = counted(found.inputs, "uncertain number")
    how = "by the dice of their bands" if found.method == "sobol" else "one at a time"
    return f"{numbers} turned {how} · {counted(found.worlds, 'world')}, seed {found.seed}"


def constant(found: Sensitivity[Any]) -> str:
    """Why there is nothing to explain."""
    if not found.inputs:
        return (
            f"No number of {found.scenario.name} is uncertain, so nothing can be explained: the margin "
            f"on {found.clause} is {signed(found.mean)}."
        )
    return (
        f"Nothing that is uncertain moves the margin on {found.clause}: it is {signed(found.mean)} in "
        "every world, so there is nothing to explain."
    )


def explains(found: Sensitivity[Indices]) -> str:
    """Which factors explain most of how the margin varies."""
    if found.constant:
        return constant(found)
    first = [each for each in found.factors.items() if each[1].total.value >= LITTLE][:FIRST]
    names = [
        f"{number_name(found.scenario, name)} ({percent(each.total.value)})"
        for name, each in first
        if each.total.told_apart
    ]
    alone = sum(each.first.value for each in found.factors.values() if each.first.told_apart)
    varies = (
        f"The margin on {found.clause} is {signed(found.mean)} on average, ± {found.deviation:.3f}."
    )
    if not names:
        return f"{varies} No factor can be told apart from 0 with so few points; ask for more."
    return (
        f"{varies} What explains most of that: {listed(names)}. One by one the factors explain "
        f"{percent(min(alone, 1.0))}; the rest is how they work together."
    )


def moves(found: Sensitivity[Effect]) -> str:
    """Which numbers move the margin furthest, and which way."""
    if found.constant:
        return constant(found)
    first = [
        f"{number_name(found.scenario, name)} ({'raises' if each.change > 0 else 'lowers'} it by "
        f"{each.size.value:.3f})"
        for name, each in list(found.factors.items())[:FIRST]
        if each.size.told_apart
    ]
    if not first:
        return f"No number moves the margin on {found.clause} by an amount that can be told from 0."
    return f"What moves the margin on {found.clause} furthest: {listed(first)}."


def left_out(found: Sensitivity[Any], shown: int) -> str:
    """What the rows that are not shown amount to."""
    rest = [each.main for each in found.factors.values()][shown:]
    if not rest:
        return ""
    noun = "factor" if found.method == "sobol" else "number"
    unclear = sum(not each.told_apart for each in rest)
    if unclear == len(rest):
        return f"{counted(len(rest), 'more ' + noun)}, none of which can be told apart from 0."
    largest = max(each.value for each in rest)
    size = f"{100 * largest:.1f} %" if found.method == "sobol" else f"{largest:.3f}"
    of_these = f"; {unclear} of them cannot be told apart from 0" if unclear else ""
    return f"{counted(len(rest), 'more ' + noun)}, none above {size}{of_these}."


def share_of(index: Index) -> str:
    """An index with its interval, as shares of the variance.

    >>> share_of(Index(0.613, 0.53, 0.69)), share_of(Index(0.02, -0.01, 0.05))
    ('61 % [53–69]', '0? [0–5]')
    """
    ends = "–".join(f"{100 * min(max(end, 0.0), 1.0):.0f}" for end in (index.low, index.high))
    return f"{percent(max(index.value, 0.0)) if index.told_apart else '0?'} [{ends}]"


def size_of(index: Index) -> str:
    """An effect with its interval, in weight units.

    >>> size_of(Index(0.42, 0.37, 0.47))
    '0.420 [0.370–0.470]'
    """
    ends = "–".join(f"{max(end, 0.0):.3f}" for end in (index.low, index.high))
    return f"{f'{index.value:.3f}' if index.told_apart else '0?'} [{ends}]"


def says_little(scenario: Scenario) -> str:
    """A warning where one veto is not what decides."""
    tolerates = rules.named(scenario.rule.name, scenario.table).tolerates
    if tolerates == 0:
        return ""
    return (
        f"Under the rule {scenario.rule.name} the least willing member does not decide alone: what "
        "moves its margin need not move the verdict."
    )


# Tornado ----------------------------------------------------------------------------------------


def widest(found: Tornado) -> str:
    """Which dials move the margin furthest, and whether they turn the verdict."""
    here = (
        f"As it stands the margin on {found.clause} is {signed(found.here.margin)}, and it survives in "
        f"{percent(found.here.share.survival)} of worlds."
    )
    moving = [swing for swing in found.swings if found.moves(swing)]
    if not moving:
        return f"{here} No dial moves it."
    turning = [swing for swing in moving if found.turns(swing)]
    names = listed(_turned(swing) for swing in moving[:FIRST])
    return f"{here} Furthest go: {names}. {_turning(turning, len(found.swings))}"


def _turning(turning: Sequence[Swing], dials: int) -> str:
    """Which dials take the least willing member over the line."""
    if not turning:
        return "No single dial takes the least willing member over the line."
    names = [swing.dial.title for swing in turning]
    if len(names) == 1:
        return f"Only {names[0]} can by itself take the least willing member over the line."
    which = f": {listed(names)}" if len(names) <= FIRST else ""
    return (
        f"{len(names)} of {dials} dials can, each by itself, take the least willing member over the "
        f"line{which}."
    )


def _turned(swing: Swing) -> str:
    ends = " to ".join(signed(end.margin) for end in swing.ends)
    return f"{swing.dial.title} ({ends})"


def idle(found: Tornado) -> str:
    """The dials that move nothing."""
    names = [swing.dial.title for swing in found.swings if not found.moves(swing)]
    return f"Without any effect at the centre: {listed(names)}." if names else ""


def in_rounds(found: Tornado) -> str:
    """A remark where the proposer comes down until somebody can live with it."""
    if found.scenario.process.rounds == 1:
        return ""
    return (
        "A clause is adopted in the first round in which nobody objects, so its margin then stays just "
        "above 0: where a dial shows little margin, look at the survival."
    )


def setting(swing: Swing, end: End | None) -> str:
    """Where a dial stands at one end, and what becomes of the clause there."""
    if end is None or end.at is None:
        return "fits no scenario"
    share = percent(end.share.survival)
    return f"{turned_to(swing.dial, end.at)}: margin {signed(end.margin)}, survives in {share}"
