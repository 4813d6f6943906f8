"""Other schools in sentences: the models that name a level, and the rule that may not."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sim.baselines.predictions import Prediction, Predictions
from sim.story.verdict import silence_is_consent
from sim.story.words import FEW, clause_name, counted, listed, member_name, rule_title

NAMES = {
    "mean": "Mean",
    "median": "Median",
    "condorcet": "Condorcet",
    "exchange": "Exchange",
}
"""The schools, short enough for the head of a column."""

MEANINGS = {
    "Mean": "where members stand on average; each weighs as much as it cares, times its voice",
    "Median": "the level at which half of that weight has been passed",
    "Condorcet": "each position against every other, the stronger side winning more often; the mean "
    "level of the winners. In the manner of KTAB's probabilistic election; clause by clause, and a vote "
    "weighs voice times care: both our choice, KTAB votes on whole outcomes with capability alone",
    "Exchange": "the mean, once members have given way where they care less in return for the same from "
    "others, both gaining as much (Stokman & Van Oosten 1994)",
}
"""What each of them computes."""

SCALE = "Levels run from 0, the status quo, to 1, the text as tabled."

JUDGEMENT = (
    "A member stands at the level that it would choose by its own appraisal, before it hears the "
    "others. It cares as much as it would lose at the far end of the scale, over the distance squared. "
    "Its voice is that of consultation, ln(1 + millions of people). All three are judgements: these "
    "models were made for tables that experts fill in."
)

OWN_SCALE = (
    "Numbers are places on the scale of each clause; its text leads from the status quo to what is "
    "tabled."
)

AS_SAID = (
    "Positions, saliences and capabilities are those that the scenario says. Mean, median and exchange "
    "compute with them as their authors do; the election does so in a way of our own. The rule "
    "asks for two things more, both judgements: how bad a text must be for a member to "
    "break the silence, and how far members move towards those they hear."
)

WORTH = (
    "What outcomes are worth to each by the spatial model, as KTAB has it: 1 where a member stands, "
    "less by the distance on the scale; 1 everywhere to whoever does not care."
)

WHERE = "all assumptions at the centre, clause by clause"

HALF = 0.005
"""What is nearer to nothing, or to the whole text, would be written as if it were that."""


def rule_name(found: Predictions) -> str:
    """The rule, short enough for the head of a column."""
    return "Consensus" if _by_consensus(found) else "The rule"


def level(value: float) -> str:
    """A level for a cell; a dash where nobody cares.

    >>> level(0.812), level(0.999), level(1), level(0), level(0.001), level(float("nan"))
    ('.81', '> .99', '1', '0', '< .01', '–')
    """
    if math.isnan(value):
        return "–"
    if value in (0, 1):
        return f"{value:.0f}"
    if 0 < value < HALF:
        return "< .01"
    if 1 - HALF <= value < 1:
        return "> .99"
    return f"{value:.2f}".removeprefix("0")


def place(row: Prediction, at: float) -> str:
    """A level for a cell, or where it lies on the scale on which ideal points are measured."""
    if row.scale is None or math.isnan(at):
        return level(at)
    return fixed(row.place(at), abs(row.scale.tabled - row.scale.status_quo))


def fixed(at: float, span: float) -> str:
    """A place on a scale, to a thousandth of the way that the text goes or a little less.

    >>> fixed(2037.26, 15), fixed(8.3333, 5), fixed(9.0, 5), fixed(-0.001, 5), fixed(41234.5, 40000)
    ('2037.3', '8.33', '9', '0', '41234')
    """
    decimals = max(0, 3 - math.ceil(math.log10(span)))
    return f"{round(at, decimals) + 0.0:.{decimals}f}".rstrip("0" * (decimals > 0)).rstrip(".")


def text(row: Prediction) -> str:
    """From where to where the text leads on its scale, for a cell."""
    return f"{place(row, 0)} to {place(row, 1)}"


def meanings(found: Predictions) -> dict[str, str]:
    """What each of the models computes."""
    voice = "capability" if found.scenario.spatial else "voice"
    return {name: said.replace("voice", voice) for name, said in MEANINGS.items()}


def scale(found: Predictions) -> str:
    """What the numbers measure."""
    return OWN_SCALE if found.scenario.spatial else SCALE


def judgement(found: Predictions) -> str:
    """Where the input of the models comes from."""
    return AS_SAID if found.scenario.spatial else JUDGEMENT


def verdict(row: Prediction) -> str:
    """What the rule lets stand, for a cell."""
    if row.agreed is None:
        return "no agreement"
    return "as tabled" if row.agreed == 1 else f"up to {place(row, row.agreed)}"


def always(found: Predictions) -> str:
    """How often the models name a level, what the council could agree on, and who means a text."""
    dead = [row for row in found.clauses.values() if row.agreed is None]
    said = [_named(found), _possible(found), *_all_the_same(dead), *_together(found)]
    return " ".join(said)


def _named(found: Predictions) -> str:
    """On how many clauses the models have something to say."""
    number = len(found.clauses)
    cold = [row.clause for row in found.clauses.values() if not _cared_for(row)]
    models = "Mean, median, Condorcet and exchange name"
    if len(cold) == number:
        which = "the one clause there is" if number == 1 else f"any of the {number} clauses"
        return f"{models} no level: nobody cares about {which}."
    if not cold:
        which = "the one clause there is" if number == 1 else f"each of the {number} clauses"
        return f"{models} a level for {which}."
    warm = number - len(cold)
    return f"{models} a level for {warm} of {number} clauses; nobody cares about {listed(cold)}."


def _possible(found: Predictions) -> str:
    """What the rule could let stand of each clause by itself, whole or in part."""
    rows = found.clauses.values()
    whole = sum(row.agreed == 1 for row in rows)
    dead = [row.clause for row in rows if row.agreed is None]
    part = len(rows) - whole - len(dead)
    if len(rows) == 1:
        one = "has none" if dead else "could agree on it as tabled"
        return (
            f"{_rule(found)} {one if not part else 'could agree on a part, if that were tabled'}."
        )
    could = [f"on {whole} as tabled"] * bool(whole)
    could += [f"on {part} in part, if that part were tabled"] * bool(part)
    subject = f"{_rule(found)} could agree, each clause put by itself,"
    if not could:
        return f"{subject} on none of them."
    none = f"; it has none on {len(dead)}: {listed(dead)}" if dead else ""
    return f"{subject} {' and '.join(could)}{none}."


def _together(found: Predictions) -> Iterator[str]:
    """Where the scenario does not put each clause by itself."""
    if len(found.clauses) > 1 and any(row.kind == "package" for row in found.scenario.stages):
        whole = len(found.scenario.stages) == 1
        yield (
            f"The scenario {'puts all of them' if whole else 'puts some of them'} as one package, "
            "which stands or falls as a whole."
        )


def _cared_for(row: Prediction) -> bool:
    return not all(math.isnan(value) for value in row.levels.values())


def _all_the_same(dead: list[Prediction]) -> Iterator[str]:
    """Where the rule has no agreement: which of the models' levels would count as a text."""
    earnest = [row for row in dead if _highest(row) >= row.least]
    rest = [row for row in dead if row not in earnest and _cared_for(row)]
    opposed = [row for row in rest if _highest(row) <= -row.least]
    near = [row for row in rest if row not in opposed]
    if earnest and len(dead) > 1:
        yield f"On {listed(row.clause for row in earnest)} the models name a text all the same."
    for rows, said in ((opposed, "go the other way from the status quo"), (near, _no_text(near))):
        if rows:
            where = "There" if rows == dead else f"On {listed(row.clause for row in rows)}"
            yield f"{where} the models {said}."


def _no_text(rows: list[Prediction]) -> str:
    """What they say where none of it would count as a text."""
    if any(_lowest(row) <= -row.least for row in rows):
        return "stay near the status quo or go the other way from it"
    if any(row.scale for row in rows):
        return "stay so near to the status quo that it would be no text, either"
    most = level(max(map(_highest, rows), default=0.0))
    return "say 0, the status quo" if most == "0" else f"say {most} at most: no text, either"


def apart(found: Predictions) -> Iterator[str]:
    """Where the models name a text and the rule has none, and where they go further than it."""
    for row in found.clauses.values():
        if row.agreed is None and _highest(row) >= row.least:
            yield f"{row.clause}: {_between(row)}, but there is no agreement: {_stopped(found, row)}."
        elif row.agreed is not None and row.agreed < min(_highest(row), 1):
            yield f"{row.clause}: {_between(row)}, but {_stopped(found, row)}."


def one(found: Predictions, clause: str) -> str:
    """What the schools and the rule make of one clause."""
    row = found.clauses[clause]
    return (
        f"{clause_name(found.scenario, clause)}: {_between(row)}. {_rule(found)}: {verdict(row)}"
        + (f"; {_stopped(found, row)}." if row.best < 1 or row.host else ".")
    )


def subject(found: Predictions) -> str:
    """The rule in the middle of a sentence."""
    return "consensus" if _by_consensus(found) else "the rule in force"


def lesson(found: Predictions) -> Iterator[str]:
    """Why the models part ways with consensus, and with a veto."""
    outweighed = (
        "An average asks where the weight lies, and whoever stands at the edge is outweighed."
    )
    if _by_consensus(found):
        yield f"{outweighed} Under consensus the edge decides."
    elif any(row.vetoes for row in found.clauses.values()):
        yield f"{outweighed} One who holds a veto is not."


def _by_consensus(found: Predictions) -> bool:
    return found.scenario.rule.name == "consensus"


def _rule(found: Predictions) -> str:
    """The rule as the subject of a sentence."""
    title = rule_title(found.scenario, found.scenario.rule.name)
    return title if _by_consensus(found) else f"The rule in force ({title})"


def _between(row: Prediction) -> str:
    """From which level to which the models go."""
    levels = sorted(value for value in row.levels.values() if not math.isnan(value))
    if not levels:
        return "nobody cares, so the models have nothing to weigh"
    low, high = place(row, levels[0]), place(row, levels[-1])
    return f"the models say {low}" if low == high else f"the models say {low} to {high}"


def _stopped(found: Predictions, row: Prediction) -> str:
    """What keeps the rule from going further."""
    if row.host:
        return f"it cannot stand without {row.host}, which falls"
    if row.vetoes and not silence_is_consent(found.scenario):
        veto = "vetoes" if len(row.vetoes) == 1 else "veto"
        return f"{_few(found, row.vetoes)} {veto} what enough others would support"
    who = [member_name(found.scenario, iso) for iso in row.binding]
    breaks = f"{listed(who)} break{'s' * (len(who) == 1)} the silence"
    whose = breaks if who and silence_is_consent(found.scenario) else "the rule adopts nothing"
    words = f"below {place(row, row.least)} it would be the status quo in other words"
    short = "it is all or nothing" if row.least == 1 else words
    end = f", and {short}" if row.agreed is None else ""
    more = ", though it would adopt more than is tabled" if row.limit > 1 else ""
    if not row.best:
        return f"the rule adopts no part of it{more}"
    return f"beyond {place(row, row.best)} {whose}{end}{more}"


def _few(found: Predictions, who: tuple[str, ...]) -> str:
    """Members by name, or how many where those are too many for a sentence."""
    if len(who) > FEW:
        return counted(len(who), "member")
    return listed(member_name(found.scenario, iso) for iso in who)


def _highest(row: Prediction) -> float:
    return max((value for value in row.levels.values() if not math.isnan(value)), default=0.0)


def _lowest(row: Prediction) -> float:
    return min((value for value in row.levels.values() if not math.isnan(value)), default=0.0)
