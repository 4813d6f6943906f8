"""One member moved, and whom to persuade so that a clause survives, in sentences."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sim.analysis.one_member import Move, Moves
from sim.analysis.persuasion import Argument, Persuasion, members_of, total
from sim.analysis.rescue import takes_part
from sim.analysis.verdicts import said_once
from sim.scenario import Scenario
from sim.story.numbers import number_name
from sim.story.words import FEW, counted, listed, member_name, percent

TIMES = 10
"""A number that must be multiplied by more than this is not the same number moved."""

# Numbers in words ---------------------------------------------------------------------------------


def moved(scenario: Scenario, move: Move) -> str:
    """A move in words: the number, from where to where, or by what it is multiplied."""
    name = number_name(scenario, move.address)
    if move.to is None:
        return f"{name}: no value"
    if move.interest == "*":
        return f"{name}, times {beyond(1, move.to)}"
    return f"{name} from {move.start:g} to {beyond(move.start, move.to)}"


def beyond(start: float, to: float) -> str:
    """A tipping point rounded away from where the number is, so that typing it flips.

    >>> beyond(.3, .47701), beyond(.3, .11988), beyond(1, 11.59374)
    ('.4771', '.1198', '11.6')
    """
    digits = 4 if abs(to) < 1 else 3 if abs(to) < 10 else 1
    unit = 10.0**-digits
    steps = math.ceil(to / unit - 1e-9) if to > start else math.floor(to / unit + 1e-9)
    text = f"{steps * unit:.{digits}f}".rstrip("0").rstrip(".")
    return text.replace("0.", ".", 1) if abs(to) < 1 else text


# One member moved ---------------------------------------------------------------------------------


def near_moves(found: Moves) -> list[Move]:
    """The moves that multiply or divide no number by more than ten, the smallest first."""
    return [move for move in found.flipping if move.size <= TIMES - 1]


def moved_alone(found: Moves) -> str:
    """Whether one number of one member can flip the clause, and which does most easily."""
    scenario, clause = found.scenario, found.clause
    turn = "falls" if found.stands else "survives"
    where = "" if found.exact else " (the central world was played over and over to find that)"
    numbers = counted(len(found.all), "number")
    near = near_moves(found)
    if near:
        first = moved(scenario, near[0])
        return (
            f"At the centre {len(near)} of the members' {numbers} can alone flip the verdict on "
            f"{clause}{where}. "
            f"The smallest move in proportion: {first}, and it {turn}."
        )
    far = f"moved within {TIMES} times itself" if found.flipping else "whatever its value"
    state = "sinks" if found.stands else "saves"
    return f"At the centre no single number of any one member, {far}, {state} {clause}{where}."


# Whom to persuade ---------------------------------------------------------------------------------


def whom_to_persuade(found: Persuasion) -> str:
    """The cheapest members to persuade, and how much of each."""
    scenario, clause = found.scenario, found.clause
    if found.stands:
        return f"At the centre {clause} survives as it is first tabled: nobody must be persuaded."
    if found.cheapest is None:
        return f"No argument carries {clause}: too few of those who have a say could be won."
    who, much = members_of(found.cheapest), f"{total(found.cheapest):.3f}"
    aim = f"{_aim(found)}, it is cheapest to persuade"
    if len(who) > FEW:
        first = listed(member_name(scenario, iso) for iso in who[:3])
        members = counted(len(scenario.seats), "member")
        return (
            f"{aim} {len(who)} of {members}, {first} most of all: together it must become worth {much} "
            f"more to them, in weight units.{_taken_back(scenario)}"
        )
    names = listed(member_name(scenario, iso) for iso in who)
    shares = _of_costs(found.cheapest, len(who))
    return f"{aim} {names}: {much} in weight units{shares}.{_taken_back(scenario)}"


def _taken_back(scenario: Scenario) -> str:
    """What a proposer does that wants all or nothing."""
    return (
        "" if takes_part(scenario) else " The proposer would take it back unless all of it stands."
    )


def _of_costs(rows: Sequence[Argument], members: int) -> str:
    """What share of its costs each would have to forget, where all have some, on the one text."""
    shares = [percent(row.of_costs) for row in rows if row.of_costs is not None]
    if len(shares) < len(rows) or len(rows) > members:
        return ""
    whom = "it" if members == 1 else "them"
    return f", {listed(shares)} of what the text costs {whom}"


def _aim(found: Persuasion) -> str:
    first = "" if said_once(found.scenario) else " as first tabled"
    if found.texts[1:]:
        return f"For {found.clause} to survive{first} with {found.texts[1]}, on which it hangs"
    if found.texts != (found.clause,):
        return f"For the package to survive{first}, and {found.clause} with it"
    return f"For {found.clause} to survive{first}"


def fewest_to_persuade(found: Persuasion) -> str:
    """How few members would do, if each may be argued as far as that the clause costs it nothing."""
    if found.stands or found.cheapest is None:
        return ""
    if found.fewest is None:
        return (
            "If nobody is argued beyond holding that it costs nothing, no set of members would do."
        )
    few, most = members_of(found.fewest), members_of(found.cheapest)
    if len(few) == len(most) == 1:
        return ""
    if len(few) == len(most):
        return "With fewer members it cannot be done, if nobody is argued beyond its costs."
    who = f": {listed(member_name(found.scenario, iso) for iso in few)}" if len(few) <= FEW else ""
    return (
        f"The fewest are {counted(len(few), 'member')}{who}, for {total(found.fewest):.3f} in all."
    )


def trusts(row: Argument) -> tuple[str, str]:
    """A member's trust, and the trust that would do as much, for cells."""
    return f"{row.trust:.2f}", "none" if row.needed is None else f"{row.needed:.2f}"


def worth(scenario: Scenario) -> str:
    """What the columns of a table of arguments mean."""
    said = (
        "Worth: by how much more the member must come to value the text before it consults the others, "
        "in weight units."
    )
    if scenario.at_its_word:
        return said
    return f"{said} Or trust of: the trust in the proposer that would do the same."


def by_trust(scenario: Scenario, rows: Sequence[Argument]) -> str:
    """Whether trust would do as much as the arguments."""
    able = [row for row in rows if row.needed is not None]
    if not rows or scenario.at_its_word:
        return ""
    if not able:
        return "No trust in the proposer would do the same for any of them."
    if len(able) == len(rows) <= FEW:
        each = listed(
            f"{row.needed:.2f} ({member_name(scenario, row.member)})".removeprefix("0")
            for row in able
        )
        return f"A trust in the proposer of {each} would do the same."
    return (
        f"For {len(able)} of {len(rows)} arguments, more trust in the proposer would do the same."
    )
