"""Why a member takes its stance, and what a clause, a member or an item of evidence is."""

from __future__ import annotations

from collections.abc import Sequence

from sim.explanation import Explanation, Flip
from sim.scenario import Clause, Evidence, Scale, Scenario, powers
from sim.story.words import (
    CENTRE,
    SAYS,
    _fraction,
    listed,
    member_name,
    part,
    percent,
    proposer_name,
    signed,
)

ON_TOP = (
    "The numbers to change are those of the scenario, on which this world's noise comes on top."
)

FAR = 4
"""Changes of a number by more than so many times itself are not worth a sentence."""


def explanation(why: Explanation) -> str:
    """Why a member takes its stance, in sentences."""
    sentences = [_stance(why), _balance(why), _heard(why), _limit(why), _flip(why)]
    return " ".join(sentences)


def world_of(why: Explanation) -> str:
    """The world in which a member is explained."""
    return CENTRE if why.world is None else f"world {why.world:,}, seed {why.seed}"


def _stance(why: Explanation) -> str:
    name = member_name(why.scenario, why.member)
    title = why.scenario.clauses[why.clause].title
    return f"On {why.clause} ({title}), {tabled(why.level)}, {name} {SAYS[why.stance]}."


def tabled(level: float) -> str:
    """How much of a clause is on the table.

    >>> tabled(1), tabled(.6)
    ('tabled in full', 'tabled at .6 of the text')
    """
    return "tabled in full" if level == 1 else f"tabled at {_fraction(level)} of the text"


def _balance(why: Explanation) -> str:
    if why.scenario.spatial:
        return f"{_stands(why)} By itself that is worth {signed(why.appraisal)} to it."
    gain = sum(part.gain for part in why.contributions)
    cost = sum(part.cost for part in why.contributions)
    trust = "" if why.scenario.at_its_word else f"It {_chance(why.trust)}. "
    return (
        f"{trust}What it hopes to gain counts {gain:.3f}, what it would give up {cost:.3f}: by itself "
        f"{signed(why.appraisal)}."
    )


def _stands(why: Explanation) -> str:
    """Where its ideal point lies, in the file, and where the text would lead."""
    ideal = why.scenario.seats[why.member].ideal[why.clause].value
    scale = why.scenario.clauses[why.clause].scale
    to = on_scale(scale, why.level)
    return f"It stands at {ideal:.4g}; the text leads from {scale.status_quo:.4g} to {to}."


def on_scale(scale: Scale, level: float) -> str:
    """Where a level lies on the scale on which ideal points are measured.

    >>> on_scale(Scale(status_quo=4, tabled=10, low=4, high=10), 0.5)
    '7'
    """
    return f"{scale.status_quo + level * (scale.tabled - scale.status_quo):.4g}"


def _chance(trust: float) -> str:
    return f"gives the proposer a chance of {percent(trust)} to keep its word"


def _thresholds(resolve: float) -> str:
    low, high = signed(-resolve), signed(resolve)
    return f"below {low} it breaks the silence, above {high} it supports"


def _heard(why: Explanation) -> str:
    moved = f"Hearing the others out adds {signed(why.consultation)}, so {signed(why.expressed)}."
    return f"{moved} {_thresholds(why.resolve).capitalize()}.{_moved(why)}"


def _moved(why: Explanation) -> str:
    """What consultation has turned round."""
    if why.reservation:
        return (
            f" So it {SAYS[why.stance]} with a reservation: by itself it would break the silence, "
            "but the others have talked it round."
        )
    if why.solidarity:
        return (
            " So it breaks the silence out of solidarity: by itself it would not, but the others have "
            "drawn it along."
        )
    return ""


def _limit(why: Explanation) -> str:
    level = why.ceiling["expressed"]
    if level >= 1:
        return "It could live with the full text."
    where = ""
    if why.scenario.spatial:
        where = f", up to {on_scale(why.scenario.clauses[why.clause].scale, level)}"
    return f"It could live with at most {part(level)}{where}."


def _flip(why: Explanation) -> str:
    flips = near(why)
    if not flips:
        return f"No single one of its numbers would change that, moved by up to {FAR} times itself."
    noise = "" if why.world is None else f" {ON_TOP}"
    return f"The smallest single change in proportion: {flipped(flips[0])}.{noise}"


def near(why: Explanation) -> list[Flip]:
    """The flips that do not move a number out of all proportion, the smallest first."""
    return [flip for flip in why.flips if flip.size <= FAR]


def flipped(flip: Flip) -> str:
    """A flip in words."""
    return f"{flip.address} from {flip.start:g} to {flip.to:g}, and it {SAYS[flip.becomes]}"


def scaled(scale: Scale) -> str:
    """A scale in a sentence."""
    return (
        f"On a scale from {scale.low:g} to {scale.high:g} it leads from {scale.status_quo:g}, the "
        f"status quo, to {scale.tabled:g}."
    )


def terms(clause: Clause) -> str:
    """On what terms a clause is tabled, in sentences."""
    article = f" Article {clause.article} of the draft." if clause.article else ""
    host = f" It cannot stand without {clause.tabled_with}." if clause.tabled_with else ""
    least = (
        "It is all or nothing."
        if clause.least == 1
        else f"Below {part(clause.least)} it is the status quo in other words."
    )
    return f"{tabled(clause.level).capitalize()}.{article}{host} {least}"


def portrait(scenario: Scenario, iso: str) -> str:
    """A member's numbers apart from its interests, in sentences."""
    member = scenario.seats[iso]
    resolve = member.resolve.value
    size = f"Population {member.population:,.0f}."
    if not scenario.counts_people:
        size = f"Capability {_several(powers(member.capability, scenario.clauses))}."
    trust = f"Trust {member.trust.value:g}: it {_chance(member.trust.value)}."
    if scenario.at_its_word:
        trust = f"It takes {proposer_name(scenario)} at its word."
    return f"{size} {trust} Resolve {resolve:g}: {_thresholds(resolve)}."


def _several(numbers: Sequence[float]) -> str:
    """One number where they are all alike."""
    return listed(f"{number:g}" for number in dict.fromkeys(numbers))


def seen(item: Evidence) -> str:
    """An item of evidence, and whether it has happened."""
    if item.count == 0:
        return f"{item.title} (has not happened)"
    return item.title + ("" if item.count == 1 else f" (counts {item.count:g} times)")
