"""A table of positions as a scenario in which a council decides by consensus, and back.

Every issue becomes a clause that leads from a status quo, which no such file knows and the user must
say, to a tabled text: at level 0 the status quo, at level 1 the text. Left out, the text is the weighted
mean, what the models that always agree predict: would a council let that pass?
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from sim.averages import weighted_mean, weighted_median
from sim.constants import FLAGSHIP
from sim.errors import RequestError, did_you_mean, short
from sim.formats.positions import Actor, Issue, Origin, Positions
from sim.formats.toml import line
from sim.scenario import Scenario, powers

RESOLVE = 0.03
WORDS = ("lowest", "highest", "mean", "median")
NUMBER = r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?"
LONGEST = 36


@dataclass(frozen=True)
class Course:
    """Where an issue stands without an agreement, and where the tabled text would bring it."""

    status_quo: float
    tabled: float


def courses(
    positions: Positions, status_quo: Sequence[str], tabled: Sequence[str] = ()
) -> list[Course]:
    """For every issue what `ISSUE=VALUE` says, else a value for all of them; of two the last counts.

    A value is a number on the scale, or `lowest`, `highest`, `mean`, `median`. Raises RequestError where
    a status quo is missing, a value lies outside the scale, or a text is no step at all.
    """
    start = _chosen(positions, status_quo, "--status-quo")
    end = _chosen(positions, tabled, "--tabled")
    missing = [issue for issue in positions.issues if issue.name not in start]
    if missing:
        raise RequestError(_which_status_quo(missing))
    found = []
    for issue in positions.issues:
        flat = issue.low == issue.high
        where = start[issue.name]
        if flat:
            raise RequestError(
                f"everybody stands at {issue.low:g} on {issue.name}: nothing is left to decide; name "
                "the other issues with --issue"
            )
        to = end[issue.name] if issue.name in end else _named(positions, issue, "mean", "--tabled")
        if where == to:
            raise RequestError(
                f"on {issue.name} the tabled text and the status quo are both {to:g}; write another "
                f"--tabled '{issue.name}=VALUE'"
            )
        found.append(Course(where, to))
    return found


def _which_status_quo(missing: Sequence[Issue]) -> str:
    ranges = "; ".join(f"{issue.name}, {issue.low:g} to {issue.high:g}" for issue in missing[:12])
    more = f"; and {len(missing) - 12} more" if len(missing) > 12 else ""
    return (
        "the file cannot say where things stand without an agreement; write --status-quo ISSUE=VALUE "
        f"for each issue, or one VALUE, `lowest` or `highest` for all ({ranges}{more})"
    )


def _chosen(positions: Positions, given: Sequence[str], option: str) -> dict[str, float]:
    """The value of each issue that was named, or of all."""
    issues = {issue.name: issue for issue in positions.issues}
    general: str | None = None
    named: dict[str, float] = {}
    for text in given:
        name, equals, word = text.rpartition("=")
        if not equals:
            general = _word(word, option)
        elif name.strip() in issues:
            named[name.strip()] = _value(positions, issues[name.strip()], word, option)
        else:
            hint = did_you_mean(name.strip(), issues)
            raise RequestError(
                f"{option}: `{short(name, 40)}` is no issue of this file. {hint}".rstrip()
            )
    if general is None:
        return named
    rest = {
        name: _value(positions, issue, general, option)
        for name, issue in issues.items()
        if name not in named
    }
    return named | rest


def _value(positions: Positions, issue: Issue, word: str, option: str) -> float:
    word = _word(word, option)
    if word in WORDS:
        return _named(positions, issue, word, option)
    value = float(word)
    if not issue.low <= value <= issue.high:
        raise RequestError(
            f"{option}: {word} lies outside the scale of {issue.name}; write a number from "
            f"{issue.low:g} to {issue.high:g}"
        )
    return value


def _word(typed: str, option: str) -> str:
    """A number or a word for one, as it was typed."""
    word = typed.strip()
    if word in WORDS or re.fullmatch(NUMBER, word, re.ASCII):
        return word
    text = f"{option}: `{short(word, 40)}` is neither a number nor a word for one."
    raise RequestError(f"{text} {did_you_mean(word, WORDS)}".rstrip())


def _named(positions: Positions, issue: Issue, word: str, option: str) -> float:
    if word in ("lowest", "highest"):
        return issue.low if word == "lowest" else issue.high
    middle = weighted_mean if word == "mean" else weighted_median
    value = float(middle(*positions.arrays())[positions.issues.index(issue)])
    if math.isnan(value):
        raise RequestError(
            f"nobody has both salience and power on {issue.name}, so there is no {word}; write "
            f"{option} '{issue.name}=VALUE'"
        )
    return min(max(round(value, 6), issue.low), issue.high)


# To a scenario ------------------------------------------------------------------------------------


def to_scenario(positions: Positions, status_quo: Sequence[str], tabled: Sequence[str] = ()) -> str:
    """The table as a scenario file.

    `status_quo` and `tabled` as for `courses`. Raises RequestError where they do not fit.
    """
    ways = courses(positions, status_quo, tabled)
    asked = _chosen(positions, tabled, "--tabled")
    return "\n".join(_lines(positions, ways, asked)) + "\n"


def _lines(positions: Positions, ways: list[Course], asked: Collection[str]) -> Iterator[str]:
    clauses = ids([issue.name for issue in positions.issues], upper=False)
    members = ids([actor.name for actor in positions.actors], upper=True)
    yield "# Positions and saliences on scales, read from a data set. The numbers are the data set's;"
    yield "# the status quo, the tabled text and what carries a judgement are not."
    yield from _about(positions)
    for name, issue, way in zip(clauses, positions.issues, ways):
        yield from _clause(positions, name, issue, way, issue.name in asked)
    yield from ("", "[members]", line("source", _file(positions)))
    for at, (iso, actor) in enumerate(zip(members, positions.actors)):
        yield from _member(positions, at, iso, actor, clauses)
    yield from _weighted(positions, members)
    yield from _rest()


def _about(positions: Positions) -> Iterator[str]:
    yield from ("", "[about]", line("title", positions.title))
    yield line("question", "Would a council that decides by consensus let these texts pass?")
    if positions.text:
        yield line("text", positions.text)
    yield "# date = the day on which they decide, as 2021-12-17"
    yield line("sources", [_file(positions)])
    yield line(
        "leaves_out",
        [
            "Whether positions change, and trust: everybody is taken at its word.",
            "What such data sets do not say: the status quo, and how bad it must be for an objection.",
        ],
    )


def _clause(
    positions: Positions, name: str, issue: Issue, way: Course, chosen: bool
) -> Iterator[str]:
    yield from ("", f"[clauses.{name}]", line("title", short(_titled(issue), 32)))
    yield line("text", _spoken(issue, way))
    text = "as asked for" if chosen else "the mean of all positions, weighted by salience and power"
    yield line("judgement", f"The status quo was stated at the import; the tabled text is {text}.")
    yield from ("", f"[clauses.{name}.scale]", line("issue", issue.name))
    if issue.text:
        yield line("description", issue.text)
    for word, value in (
        ("low", issue.low),
        ("high", issue.high),
        ("status_quo", way.status_quo),
        ("tabled", way.tabled),
    ):
        yield line(word, value)
    if issue.points:
        yield line("points", [{"value": value, "meaning": text} for value, text in issue.points])


def _titled(issue: Issue) -> str:
    """The name of an issue as it would stand in a list.

    >>> _titled(Issue("issue_1", 0, 1)), _titled(Issue("mrv", 0, 1, "mitigation mrv"))
    ('Issue 1', 'Mitigation mrv')
    """
    words = (issue.text or issue.name).replace("_", " ")
    return words[:1].upper() + words[1:]


def _spoken(issue: Issue, way: Course) -> str:
    """The step in words; places on the scale with what they mean, where that is known."""
    meanings = {value: meaning.rstrip(".") for value, meaning in issue.points}

    def place(value: float) -> str:
        return f"{value:.6g} (“{meanings[value]}”)" if value in meanings else f"{value:.6g}"

    what = _titled(issue)
    scale = f"a scale from {issue.low:g} to {issue.high:g}"
    return f"{what}: from {place(way.status_quo)} to {place(way.tabled)}, on {scale}."


def _member(
    positions: Positions, at: int, iso: str, actor: Actor, clauses: list[str]
) -> Iterator[str]:
    powers = positions.capabilities[at]
    even = len(set(powers)) == 1
    yield from ("", f"[members.{iso}]")
    if actor.name != iso:
        yield line("name", actor.name)
    if actor.text:
        yield line("text", actor.text)
    yield line("ideal", dict(zip(clauses, positions.positions[at])))
    yield line("salience", dict(zip(clauses, positions.saliences[at])))
    yield line("capability", powers[0] if even else dict(zip(clauses, powers)))
    yield line("resolve", {"value": RESOLVE, "judgement": f"Not in the data; as in {FLAGSHIP}."})
    yield line("source", _row(positions, at))


def _weighted(positions: Positions, members: list[str]) -> Iterator[str]:
    weights = [sum(row) / len(row) for row in positions.capabilities]
    if not 0 < sum(weights) <= 1e9:
        return
    yield from ("", "[rule.weighted]", line("weights", dict(zip(members, weights))))
    yield line("quota", sum(weights) * 0.501)
    yield line("judgement", "Weights are the capabilities of the data set; just over half adopts.")


def _rest() -> Iterator[str]:
    yield from ("", "[proposer]", line("name", "The chair"), "", "[proposer.keep]")
    why = "A text among members is taken at its word; positions say nothing of trust."
    for kind in ("security_seeker", "expansionist", "pretext_seeker"):
        yield line(kind, {"value": 1, "judgement": why})
    yield from ("", "[assumptions]")
    why = f"How far members move towards those they hear; not in the data, as in {FLAGSHIP}."
    yield line("cohesion", {"value": 0.3, "band": 0.06, "judgement": why})
    yield from ("", "[assumptions.spread]")
    why = f"How far saliences may be off; not in the data, as in {FLAGSHIP}."
    yield line("weights", {"value": 0.15, "judgement": why})
    why = f"Resolve of .03 could as well be .015 or .06; as in {FLAGSHIP}."
    yield line("resolve", {"value": 0.4, "judgement": why})


def _file(positions: Positions) -> str:
    origin = positions.origin
    if origin is None:
        return positions.title
    return f"{origin.file} ({origin.format}, {origin.encoding})"


def _row(positions: Positions, at: int) -> str:
    origin = positions.origin
    if origin is None:
        return positions.title
    rows = sorted(set(origin.lines[at]))
    some = ", ".join(map(str, rows[:12])) + (", …" if len(rows) > 12 else "")
    return f"{origin.file}, line{'s' if len(rows) > 1 else ''} {some}"


def ids(names: Iterable[str], *, upper: bool) -> list[str]:
    """Names as ids of members or of clauses, each once.

    >>> ids(["Großbritannien", "EU 28", "EU-28"], upper=True), ids(["MRV", "treaty"], upper=False)
    (['Grossbritannien', 'EU_28', 'EU-28'], ['mrv', 'treaty_2'])
    """
    found: list[str] = []
    for name in names:
        base = _id(name, upper=upper)
        taken = {*found, "treaty"}
        number, one = 2, base
        while one in taken:
            one, number = f"{base}_{number}", number + 1
        found.append(one)
    return found


def _id(name: str, *, upper: bool) -> str:
    plain = (
        unicodedata.normalize("NFKD", name.replace("ß", "ss")).encode("ascii", "ignore").decode()
    )
    plain = re.sub(r"[^A-Za-z0-9_-]+" if upper else r"[^A-Za-z0-9_]+", "_", plain).strip("_-")
    plain = plain if upper else plain.lower()
    if not plain[:1].isalpha():
        plain = f"{'A' if upper else 'issue'}_{plain}".rstrip("_")
    return (plain[:1].upper() + plain[1:] if upper else plain)[:LONGEST]


# From a scenario ----------------------------------------------------------------------------------


def from_scenario(scenario: Scenario) -> Positions:
    """The table that a scenario with ideal points says, exactly.

    Raises RequestError for a scenario whose members have gains and costs instead: an ideal point follows
    from these only for one trust, and would look like data.
    """
    if not scenario.spatial:
        raise RequestError(
            f"{scenario.name} says what members gain and lose, not where they stand, so there are no "
            "positions to write; export a scenario with ideal points, as `oneveto import` writes them"
        )
    clauses, seats = scenario.clauses, list(scenario.seats.items())

    return Positions(
        title=scenario.about.title,
        text=scenario.about.text,
        actors=tuple(Actor(row.name or iso, row.text) for iso, row in seats),
        issues=tuple(_issue(scenario, name) for name in clauses),
        positions=tuple(tuple(row.ideal[name].value for name in clauses) for _, row in seats),
        saliences=tuple(tuple(row.weight[name].value for name in clauses) for _, row in seats),
        capabilities=tuple(powers(row.capability, clauses) for _, row in seats),
        origin=Origin(scenario.name, "scenario", "UTF-8", ((0,) * len(clauses),) * len(seats)),
    )


def beyond(scenario: Scenario) -> list[str]:
    """What a scenario with ideal points says beyond any table of positions, in sentences."""
    clauses, seats = scenario.clauses.values(), scenario.seats.values()
    bands = sum(bool(n.band) for row in seats for n in (*row.ideal.values(), *row.weight.values()))
    least = sum("least" in clause.model_fields_set for clause in clauses)
    level = sum(clause.level != 1 for clause in clauses)
    judged = "the status quo and the tabled text, resolve, cohesion, the rule and the process"
    counted = (
        (bands, "how uncertain ideal points and saliences are (`band`)"),
        (least, "the least level of clauses (`least`)"),
        (level, "the level at which clauses are tabled (`level`)"),
    )
    return [
        f"a table of positions has no place for {judged}; they stay in the scenario",
        *(f"it has none for {what}; left out: {count}" for count, what in counted if count),
    ]


def _issue(scenario: Scenario, name: str) -> Issue:
    scale = scenario.clauses[name].scale
    points = tuple((point.value, point.meaning) for point in scale.points)
    return Issue(scale.issue or name, scale.low, scale.high, scale.description, points)
