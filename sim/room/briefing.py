"""A role card in sentences to those who play it; every number is the scenario's or the model's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from sim import rules
from sim.arrays import Reals
from sim.room import told
from sim.room.council import Council, Line
from sim.room.events import OBJECT, RESERVE, SILENT, STANCES, SUPPORT
from sim.scenario import Scenario
from sim.scenario.tables import Interest
from sim.story import FEW, counted, listed, member_name, part, percent, proposer_name, seen

WORDS = "words_in_the_room"
"""The heading under which a card says what one may do with a text."""

SEEN = "what_has_been_seen"
"""The heading under which a card says on what trust in the proposer rests; the same for everybody."""

FIRST = 3
"""So many interests, fears and voices are named."""

MORE, LESS = 1.15, 0.85
"""Beyond these a weight is called more or less than the table's average."""

BARGAIN = (
    "Where some clauses are put as one text, weigh all of them: what you gain by the others may be "
    "worth one that you would stop alone."
)

LEVELS = "A text at .8 is four fifths of what it asks; the table says what goes."

DO = {SUPPORT: "support it", SILENT: "stay silent", OBJECT: "break the silence"}


def sections(
    council: Council, members: Sequence[str], red: Sequence[Line], supports: Sequence[str]
) -> Mapping[str, tuple[str, ...]]:
    """The sentences of a card by their headings; those without any are left out."""
    lines = {line.clause for line in red}
    accepts = [name for name in council.tabled if name not in lines | {*supports}]
    found = {
        "you_are": _who(council, members),
        "confidential_instructions": _instructions(council, members, red),
        "your_red_lines": (_red_line(council, members, line) for line in red),
        "what_you_want": _wants(council, members),
        "what_you_fear": _fears(council, members),
        "your_trust": _trusts(council, members),
        SEEN: seen_of(council.scenario),
        "what_you_can_live_with": (_clause(council.scenario, name) for name in accepts),
        "what_you_support": (_clause(council.scenario, name) for name in supports),
        "whom_you_listen_to": _listens(council, members),
        WORDS: _words(council, members),
        "where_this_comes_from": _sources(council.scenario, members),
    }
    kept = {name: tuple(said) for name, said in found.items()}
    return {name: said for name, said in kept.items() if said}


# Who one is -------------------------------------------------------------------------------------


def _who(council: Council, members: Sequence[str]) -> Iterator[str]:
    scenario = council.scenario
    rows = [scenario.seats[iso] for iso in members]
    names = listed(member_name(scenario, iso) for iso in members)
    people = "" if scenario.spatial else f", {_people(sum(row.population for row in rows))}"
    if len(members) == 1:
        yield f"You are {names}{people}."
        yield from (row.text for row in rows if row.text)
    else:
        yield f"You speak for {names}{people}."
        yield "You have one voice: break the silence where one of you cannot live with a text."
    silenced = [iso for iso in members if iso not in council.present]
    if silenced:
        alone = len(members) == 1
        whom = "you" if alone else listed(member_name(scenario, iso) for iso in silenced)
        yield f"Under this rule {whom} {'have' if alone or len(silenced) > 1 else 'has'} no say."


def _people(number: float) -> str:
    """How many people, rounded as one says it.

    >>> _people(37_840_001), _people(1_320_884), _people(364_134)
    ('38 million people', '1.3 million people', '364,000 people')
    """
    if number >= 1e6:
        return f"{number / 1e6:,.{0 if number >= 1e7 else 1}f} million people"
    return f"{round(number, -3) if number >= 1000 else number:,.0f} people"


# What one wants and fears -----------------------------------------------------------------------


def _wants(council: Council, members: Sequence[str]) -> Iterator[str]:
    if council.scenario.spatial:
        yield from _ideals(council, members)
        return
    own, table = _mean(council, council.weight, members), council.weight.mean(axis=0)
    titles = _at_stake(council.scenario, "gain", "cost")
    order = [k for k in np.argsort(-own, kind="stable") if own[k] > 0 and k in titles]
    for k in order[:FIRST]:
        yield f"{titles[k]}: {_compared(own[k], table[k])}."


def _compared(own: float, table: float) -> str:
    """A weight beside the average of the table.

    >>> _compared(.6, .45), _compared(.5, .5)
    ('it counts .60 for you, more than for the table (.45)', 'it counts .50 for you, as for the table')
    """
    if LESS <= own / table <= MORE:
        return f"it counts {_short(own)} for you, as for the table"
    more = "more" if own > table else "less"
    return f"it counts {_short(own)} for you, {more} than for the table ({_short(table)})"


def _short(number: float) -> str:
    return f"{number:.2f}".removeprefix("0")


def _at_stake(scenario: Scenario, *sides: str) -> dict[int, str]:
    """Interests that a clause gives something on, or takes something from, by their places."""
    return {
        k: interest.title
        for k, (name, interest) in enumerate(scenario.interests.items())
        if any(
            getattr(row, side)[name].value for side in sides for row in scenario.clauses.values()
        )
    }


def _mean(council: Council, numbers: Reals, members: Sequence[str]) -> Reals:
    """Numbers of each member, on average over some. (M, interests) -> (interests,)."""
    return numbers[[council.isos.index(iso) for iso in members]].mean(axis=0)


def _ideals(council: Council, members: Sequence[str]) -> Iterator[str]:
    """Where members of a scenario with ideal points would like each clause to end."""
    for name, row in council.scenario.clauses.items():
        for iso in members:
            ideal = council.scenario.seats[iso].ideal.get(name)
            if ideal:
                whom = "you" if len(members) == 1 else member_name(council.scenario, iso)
                yield (
                    f"{row.title}: {whom} would like {ideal.value:g} best; today it is "
                    f"{row.scale.status_quo:g}, the text says {row.scale.tabled:g}."
                )


def _fears(council: Council, members: Sequence[str]) -> Iterator[str]:
    if council.scenario.spatial:
        return
    own, table = _mean(council, council.burden, members), council.burden.mean(axis=0)
    titles = _at_stake(council.scenario, "cost")
    harder = {k: own[k] / table[k] for k in titles if table[k] > 0 and own[k] / table[k] > MORE}
    for k in sorted(harder, key=lambda k: -harder[k])[:FIRST]:
        kind = _kind(list(council.scenario.interests.values())[k])
        hard = f"{harder[k]:.1f} times as hard as the average"
        yield f"{titles[k]}: what a text takes from it hits you {hard}{kind}."
    if not harder:
        yield "Nothing here hits you harder than most."


def _kind(interest: Interest) -> str:
    return "; it is a principle, so even a first step hurts" if interest.kind == "principle" else ""


# Whom one trusts and hears ----------------------------------------------------------------------


def _trusts(council: Council, members: Sequence[str]) -> Iterator[str]:
    scenario, name = council.scenario, proposer_name(council.scenario)
    if scenario.at_its_word:
        yield f"Nobody here doubts the word of {name}."
        return
    own = [council.trust[iso] for iso in members]
    mean = percent(sum(council.trust.values()) / len(council.trust))
    apart = percent(min(own)) != percent(max(own))
    chance = f"{percent(min(own))} to {percent(max(own))}" if apart else percent(own[0])
    yield f"You give {name} a chance of {chance} to keep its word; the table, {mean} on average."


def seen_of(scenario: Scenario) -> Iterator[str]:
    """What everybody has seen of the proposer, on which trust rests."""
    if not scenario.at_its_word:
        yield from (seen(row) for row in scenario.evidence.values() if row.count > 0)


def _listens(council: Council, members: Sequence[str]) -> Iterator[str]:
    scenario = council.scenario
    moved = scenario.assumptions.cohesion.value
    others = [iso for iso in council.present if iso not in members]
    if not moved or not scenario.process.consultations or not others:
        yield "You listen to nobody but your own capital."
        return
    loud = sorted(others, key=lambda iso: (-council.voice[iso], council.isos.index(iso)))[:FIRST]
    names = listed(member_name(scenario, iso) for iso in loud)
    way = part(moved).partition(" ")[0]
    yield f"Before you speak you hear the others out, and move {way} of the way to them."
    yield f"Loudest among them: {names}."
    yield from _talked_round(council, members)


def _talked_round(council: Council, members: Sequence[str]) -> Iterator[str]:
    """Clauses on which hearing the others has changed a mind of this delegation."""
    for before, after in ((True, False), (False, True)):
        changed = [
            name
            for name, said in council.stances.items()
            if _objects(council.alone[name], members) is before and _objects(said, members) is after
        ]
        if changed and before:
            yield (
                f"By yourself you would break the silence on {_some(changed)} as well; they have talked "
                "you round. That is what a reservation is for."
            )
        elif changed:
            yield (
                f"By yourself you would let {_some(changed)} pass; you break the silence out of "
                "solidarity."
            )


def _objects(said: Mapping[str, str], members: Sequence[str]) -> bool:
    return any(said[iso] == OBJECT for iso in members)


# What one must not show -------------------------------------------------------------------------


def _clause(scenario: Scenario, name: str) -> str:
    return f"{name} {scenario.clauses[name].title}"


def _red_line(council: Council, members: Sequence[str], line: Line) -> str:
    scenario = council.scenario
    limit = (
        "at no level"
        if line.level is None
        else f"at most {part(line.level).replace('the text', 'it')}"
    )
    who = ""
    if len(line.by) < len(members):
        who = f" ({listed(member_name(scenario, iso) for iso in line.by)})"
    return f"{_clause(scenario, line.clause)}: {limit}{who}."


def _instructions(council: Council, members: Sequence[str], red: Sequence[Line]) -> Iterator[str]:
    if council.present.isdisjoint(members):
        yield from _without_a_say(council)
    else:
        yield from _hold_out(council, red)
        yield from _never(council, red)
        yield from _win_over(council, members, red)
        yield from _whole(council, members)
    yield "Nobody but your own delegation sees this card. Say what you need, not how far you can go."


def _without_a_say(council: Council) -> Iterator[str]:
    """What is left to those who have no say."""
    who = [member_name(council.scenario, iso) for iso in council.isos if iso in council.present]
    few = listed(who) if len(who) <= FEW else counted(len(who), "member")
    yield (
        f"The decision is not yours. Bring your red lines before whoever decides ({few}), and ask what "
        "can be done."
    )


def _hold_out(council: Council, red: Sequence[Line]) -> Iterator[str]:
    """The red line that may bend, and is shared by the fewest: hold out, give late."""
    bending = [line for line in red if line.level is not None]
    if not bending:
        return
    line = min(bending, key=lambda line: (len(line.others), -council.wanted(line.clause)))
    name = _clause(council.scenario, line.clause)
    yield f"Break the silence on {name} as long as it stands as drafted."
    low = part(line.level or 0)
    yield f"You may go as far as {low}, the later the better: let others offer less first."
    yield _allies(council, line)
    rest = [other.clause for other in bending if other is not line]
    if rest:
        yield (
            f"On {_some(rest)} you can give as well, as your red lines say. Ask for something in return."
        )


def _allies(council: Council, line: Line) -> str:
    scenario = council.scenario
    if not line.others:
        return "Nobody else will say so. " + (
            "One is enough." if _enough(council, line) else "Look for company: one is not enough."
        )
    if len(line.others) > FEW:
        many = counted(len(line.others), "other member")
        return f"{many} break the silence on it: you need not be first."
    return f"Look for allies on it: {listed(member_name(scenario, iso) for iso in line.others)}."


def _enough(council: Council, line: Line) -> bool:
    """Whether this delegation's objection alone brings a text down."""
    counts = any(iso in council.counting for iso in line.by)
    return counts and rules.one_is_enough(council.scenario.rule.name)


def _never(council: Council, red: Sequence[Line]) -> Iterator[str]:
    never = [line.clause for line in red if line.level is None]
    if never:
        yield f"On {_some(never)} no level will do: do not bargain over the wording."


def _win_over(council: Council, members: Sequence[str], red: Sequence[Line]) -> Iterator[str]:
    """Whom to talk to about a text that one wants and a few others stop."""
    lines = {line.clause for line in red}
    wanted = [name for name in council.supported(members) if name not in lines]
    stopped = [name for name in wanted if council.stoppers(name)]
    if stopped:
        name = min(stopped, key=council.resistance)
        who = council.stoppers(name)
        few = listed(member_name(council.scenario, iso) for iso in who)
        said = few if len(who) <= FEW else counted(len(who), "other member")
        yield (
            f"You want {_clause(council.scenario, name)}. In the way: {said}. Find out what they could "
            "live with."
        )
    elif not red:
        yield "No text crosses a line of yours. Find out what the others cannot live with, and why."


def _whole(council: Council, members: Sequence[str]) -> Iterator[str]:
    """What this delegation would say of everything as one text, and how to think of some as one."""
    if len(council.tabled) == 1:
        return
    said = {council.whole[iso] for iso in members}
    word = next(stance for stance in reversed(STANCES) if stance in said)
    yield f"Should all of it be put as one text as drafted: {DO[word]}."
    yield BARGAIN


def _some(names: Sequence[str]) -> str:
    return listed(names) if len(names) <= FEW else counted(len(names), "text")


# The same for everybody -------------------------------------------------------------------------


def _words(council: Council, members: Sequence[str]) -> Iterator[str]:
    yield told.consent(council.scenario, council.scenario.rule.name)
    means = _means(council, members)
    yield from (f"{told.LOOKS[stance][1]} {means[stance]}" for stance in STANCES)
    yield LEVELS


def _means(council: Council, members: Sequence[str]) -> Mapping[str, str]:
    """What a delegation may do with a text, and what that does under the rule."""
    spared, counting = council.rule.tolerates, len(council.counting.intersection(members))
    enough = rules.one_is_enough(council.scenario.rule.name)
    if not counting:
        against = "you say that you are against it, and why; under this rule that stops nothing"
    elif enough or (spared is not None and counting > spared):
        against = "you stop it, and say why"
    else:
        against = "you are against it, and say why; alone that need not stop it"
    silent = "hold your support back" if spared is None else "can live with it"
    return {
        SUPPORT: "Support: you want it.",
        SILENT: f"Stay silent: you {silent}. Whoever says nothing does this.",
        RESERVE: "Acquiesce with a reservation: you keep silent, and have your doubt written down.",
        OBJECT: f"Break the silence: {against}.",
    }


def _sources(scenario: Scenario, members: Sequence[str]) -> Iterator[str]:
    rows = [scenario.seats[iso] for iso in members]
    named = list(
        dict.fromkeys(text for row in rows for text in (row.source, row.judgement) if text)
    )
    if len(members) == 1:
        yield from named
    held = scenario.members.roster and scenario.origin.rosters.get(scenario.members.roster)
    if held:
        yield f"Numbers: the roster “{held[0].roster.title}”."
    elif scenario.members.source or scenario.members.judgement:
        yield scenario.members.source or scenario.members.judgement or ""
    yield (
        "Red lines are what the model makes of them at the centre of all assumptions. Illustrative: no "
        "government has agreed to this card, and you may decide otherwise."
    )
