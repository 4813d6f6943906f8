"""Power in sentences: what a rule gives to everybody alike, and who decides all the same."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from sim.analysis.power import Power
from sim.story.verdict import silence_is_consent
from sim.story.words import FEW, clause_name, listed, member_name, percent

LEGEND = (
    "Banzhaf, Shapley: share of power by the rule alone. Sole: its silence alone would have carried "
    "what fell. Pivotal: the clause stands if this member supports it and falls if it objects, while "
    "all others stay as they are. Binding: its limit is the highest level that the rule adopts."
)


def asked(found: Power) -> str:
    """Of what the shares are shares."""
    if found.clause:
        return f"{clause_name(found.scenario, found.clause)}: by the rule alone, and in the worlds"
    return "By the rule alone, and in the worlds: the mean over all clauses"


def finely(share: float) -> str:
    """A share in per cent with one decimal; never 0 % for what happened, nor 100 % if not always.

    >>> finely(1 / 30), finely(0), finely(1e-9), finely(1)
    ('3.3 %', '0 %', '< 0.1 %', '100 %')
    """
    if 0 < share < 0.001:
        return "< 0.1 %"
    if 0.999 < share < 1:
        return "> 99.9 %"
    return f"{100 * share:.1f} %" if 0 < share < 1 else percent(share)


def odds(chance: Fraction) -> str:
    """A chance for a sentence, however small.

    >>> odds(Fraction(1, 4)), odds(Fraction(1, 2**30)), odds(Fraction(0))
    ('in 25.0 % of cases', 'once in 1,073,741,824 times', 'never')
    """
    if chance >= Fraction(1, 1000):
        return f"in {finely(float(chance))} of cases"
    return f"once in {round(1 / chance):,} times" if chance else "never"


def before(found: Power) -> str:
    """What the rule alone gives to each member, whatever it wants."""
    start, swings = (
        "Before anything is known of what members want,",
        found.a_priori[found.rule].swings,
    )
    some = [iso for iso, number in zip(found.scenario.seats, swings) if number]
    if len(some) == 1:
        return f"{start} {_name(found, some[0])} has all the power: nobody else ever decides."
    if len({*swings} - {0}) > 1:
        return f"{start} {_unequal(found)}"
    who = f"all {len(some)} members have the same power, 1/{len(some)} each"
    if len(some) < len(swings):
        who = f"{len(some)} members have the same power, 1/{len(some)} each, and the others none"
    return f"{start} {who}. {_alike(found)}"


def _alike(found: Power) -> str:
    """What a rule under which members are equal cannot tell."""
    if _each_can_stop(found):
        return (
            "Each of them can stop a clause and none can carry one alone. Who will stop it hangs on "
            "what they want, as in the worlds played."
        )
    return "On whom a clause turns hangs on what they want, as in the worlds played."


def _unequal(found: Power) -> str:
    """Who has the most and the least power under a rule that does not treat members alike."""
    prior, seats = found.a_priori[found.rule], list(found.scenario.seats)
    least, most = (
        [place for place, swings in enumerate(prior.swings) if swings == extreme]
        for extreme in (min(prior.swings), max(prior.swings))
    )
    banzhaf, shapley = (
        [finely(float(index[places[0]])) for places in (most, least)]
        for index in (prior.banzhaf, prior.shapley_shubik)
    )
    strong, weak = ([_name(found, seats[place]) for place in places] for places in (most, least))
    return (
        f"{_who(strong)} the largest share of power, {banzhaf[0]} by Banzhaf's index and {shapley[0]} "
        f"by Shapley and Shubik's; {_who(weak)} the smallest, {banzhaf[1]} and {shapley[1]}."
    )


def _who(names: list[str]) -> str:
    """Those who share a place, as the beginning of a sentence."""
    who = listed(names) if len(names) <= FEW else f"{len(names)} members"
    return f"{who} has" if len(names) == 1 else f"{who} each have"


def coins(found: Power) -> str:
    """What would come of it if everybody tossed a coin, beside the worlds played."""
    prior, rows = found.a_priori[found.rule], found.rows(found.rule)
    place = list(found.scenario.seats).index(rows[0]["member"])
    alike = len({row["pivotal"] for row in rows}) == len({*prior.swings}) == 1
    who = "each member" if alike else _name(found, rows[0]["member"])
    what, stands = found.clause or "a clause", found.conditional[found.rule].stands(found.clause)
    turns = f"{who} is pivotal in {finely(rows[0]['pivotal'])}"
    if rows[0]["pivotal"] == 0:
        turns = "no member is ever pivotal: no single one could turn the decision"
    elif not alike:
        turns += f", {_name(found, rows[-1]['member'])} in {finely(rows[-1]['pivotal'])}"
    return (
        "The indices assume that everybody tosses a coin between yes and no. Then a clause would be "
        f"adopted {odds(prior.act)} and {who} would be pivotal {odds(prior.tossed[place])}. Members "
        f"toss no coins: {what} is adopted in {finely(stands)} of the worlds played, and {turns}."
    )


def kills(found: Power) -> str:
    """Who stands alone in the way most often."""
    rows = [row for row in found.rows(found.rule) if row["sole_blocker"]]
    if not rows and silence_is_consent(found.scenario):
        return "In no world would the silence of one member alone have carried what fell."
    if not rows:
        return (
            "Nobody's silence alone would have carried what fell: under this rule support counts."
        )
    rows.sort(key=lambda row: -row["sole_blocker"])
    worst = [f"{_name(found, row['member'])} ({finely(row['sole_blocker'])})" for row in rows[:3]]
    if not _each_can_stop(found):  # then several may each be the one
        return f"Where one more silence would do, it could most often be that of {listed(worst)}."
    verb = "stands" if len(worst) == 1 else "stand"
    return f"Most often {listed(worst)} {verb} alone in the way."


def sunk(found: Power) -> Iterator[str]:
    """Why nobody with a say is pivotal in fewer worlds than the clause survives in."""
    if _each_can_stop(found) and silence_is_consent(found.scenario):
        yield (
            "By consensus everybody with a say is pivotal to a clause that stands: each could have sunk "
            "it. What is above that share are the worlds in which a member stands alone in the way."
        )


def notes(found: Power) -> Iterator[str]:
    """What to know about the numbers."""
    abstaining = [rule for rule in ("majority", "vetoes") if rule in found.a_priori]
    if abstaining:
        yield (
            f"The indices know only yes and no: under {listed(abstaining)}, where silence abstains, "
            "everybody is taken to support or to object."
        )
    tally = found.conditional[found.rule].outcome.tally
    if tally.withdrawn.any() or tally.bought.any():
        yield (
            "What members decide is counted here; what is bought or taken back afterwards is not looked "
            "at."
        )
    for rule, prior in found.a_priori.items():
        if prior.game.rounded:
            what = "populations" if rule == "qualified" else "weights"
            unit = f"{float(prior.game.unit):,g}{' persons' if rule == 'qualified' else ''}"
            yield f"For the indices under {rule}, {what} are rounded to {unit}."


def _each_can_stop(found: Power) -> bool:
    """Whether the rule takes everybody who has a say: then all others together are the only swing."""
    return max(found.a_priori[found.rule].swings) == 1


def _name(found: Power, iso: str) -> str:
    return member_name(found.scenario, iso)
