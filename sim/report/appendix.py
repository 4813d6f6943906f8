"""The end of a report: how to read it, what it cannot show, every number, and how to get it again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sim import sheet, story
from sim.inputs import inputs
from sim.report.findings import Findings
from sim.report.pieces import Code, Piece, Section
from sim.scenario import TYPES, Clause, Evidence, Number, Scenario, powers
from sim.story.page import Grid, Heading, Items, Paragraph

READING = {
    "world": "one draw of everything that nobody knows for sure.",
    "survives": "adopted at or above its least level. A share of worlds is no probability of history.",
    "trust": "the chance that a member gives the proposer of keeping its word.",
    "cohesion": "how far members move towards those they consult, from 0 to 1.",
    "resolve": "how bad a text must be before a member breaks the silence.",
    "level": "how far a text goes: 0 is the status quo, 1 the draft.",
    "band": "how uncertain a number is, as a standard deviation; of trust in log-odds, of weights, "
    "exposures, stakes and resolve in logarithms.",
}
"""Words that a report uses, each with its meaning."""


def appendix(found: Findings, reproduce: Mapping[str, str]) -> Iterator[Section]:
    """What stands behind the findings; `reproduce` are lines of code by where they are typed."""
    yield Section("words", "How to read this", tuple(_words()))
    yield Section("limits", "What this cannot show", tuple(_limits(found.scenario)))
    yield Section("again", "How to get this again", tuple(_again(found, reproduce)))
    yield Section(
        "numbers", "Every number, and where it comes from", tuple(_numbers(found.scenario))
    )


def _words() -> Iterator[Piece]:
    yield Items(tuple(f"{word}: {sense}" for word, sense in (READING | story.WORDS).items()))


def _limits(scenario: Scenario) -> Iterator[Piece]:
    yield Paragraph(
        "Illustrative, not a forecast. No scenario of this model can show more than this:"
    )
    yield Items(story.LIMITS)
    yield Paragraph("And this one leaves out:")
    yield Items(scenario.about.leaves_out)


def _again(found: Findings, reproduce: Mapping[str, str]) -> Iterator[Piece]:
    known = found.outcome.provenance()
    versions = ", ".join(f"{name} {number}" for name, number in known.pop("versions").items())
    rows = {
        "Scenario": known["scenario"],
        "SHA-256": known["sha256"],
        "Worlds and seed": f"{known['worlds']:,}, {known['seed']}",
        "Rule and process": f"{known['rule']}, {known['process']}",
        "Versions": versions,
    }
    yield Grid(("What", "Which"), tuple(rows.items()), folds=frozenset({1}))
    for where, code in reproduce.items():
        yield Heading(where)
        yield Code(code)


def _numbers(scenario: Scenario) -> Iterator[Piece]:
    yield Paragraph(
        "Numbers stand as centre ± band; without a band they are not drawn. A number without a source "
        "is a judgement. Every one has an address by which it can be changed."
    )
    yield Items(scenario.about.sources)
    bands = {each.address: each.band for each in inputs(scenario)}
    if scenario.changes:
        yield Paragraph("Set for this what-if; what is argued below is argued for the file:")
        yield Items(tuple(f"{change}." for change in story.changes(scenario).values()))
    yield Heading("Clauses: gains and costs by interest")
    yield _clauses(scenario, bands)
    yield Heading("Members")
    yield from _members(scenario, bands)
    if scenario.evidence:
        yield Heading("Evidence: how likely it is under each type of proposer")
        yield _evidence(scenario)
    yield Heading("Assumptions, and the proposer")
    yield _assumptions(scenario)
    yield Heading("The rule, the process, and how the proposer bargains")
    yield _settled(scenario)


def _clauses(scenario: Scenario, bands: Mapping[str, float]) -> Grid:
    rows = tuple(
        (
            name,
            _stakes(row, name, "gain", bands),
            _stakes(row, name, "cost", bands),
            f"{_plain(row.level)}, least {_plain(row.least)}",
            _said(sheet.own_grounds(row)),
        )
        for name, row in scenario.clauses.items()
    )
    headers = ("Clause", "Gains", "Costs", "Level", "Why")
    return Grid(headers, rows, folds=frozenset({1, 2, 4}))


def _stakes(row: Clause, name: str, kind: str, bands: Mapping[str, float]) -> str:
    own = f"clauses.{name}.{kind}"
    return "; ".join(
        f"{interest.replace('_', ' ')} {_number(number.value, bands.get(f'{own}.{interest}'))}"
        for interest, number in getattr(row, kind).items()
        if number.value
    )


def _number(value: float, band: float | None) -> str:
    """A number with its band.

    >>> _number(.3, .1), _number(2, None)
    ('.3 ± .1', '2')
    """
    return f"{_plain(value)} ± {_plain(band)}" if band else _plain(value)


def _plain(value: float) -> str:
    text = f"{value:.3g}"
    return (text.replace("0.", ".", 1) if abs(value) < 1 else text).replace("-", "−")


def _said(grounds: Iterable[tuple[str, str]]) -> str:
    return " ".join(f"{kind}: {text}" for kind, text in grounds)


def _members(scenario: Scenario, bands: Mapping[str, float]) -> Iterator[Piece]:
    shared = sheet.shared_grounds(scenario)
    yield from [Items(tuple(f"{of}: {text}" for of, text in shared))] if shared else []
    yield from [_positions(scenario)] if scenario.spatial else _interests(scenario, bands)
    own = tuple(
        f"{story.member_name(scenario, iso)}. {_said(sheet.own_grounds(row))}"
        for iso, row in scenario.seats.items()
        if sheet.own_grounds(row)
    )
    yield from [Items(own)] if own else []


def _interests(scenario: Scenario, bands: Mapping[str, float]) -> Iterator[Piece]:
    """What members care for, and how hard it hits them."""
    interests = list(scenario.interests)
    names = ", ".join(scenario.interests[name].title for name in interests)
    yield Paragraph(f"Weights and exposures in this order: {names}.")
    weights, exposures = _shared_bands(scenario)
    rows = tuple(
        (
            story.member_name(scenario, iso),
            _number(row.trust.value, bands.get(f"members.{iso}.trust")),
            _number(row.resolve.value, bands.get(f"members.{iso}.resolve")),
            " · ".join(_unlike(row.weight[name], weights) for name in interests),
            " · ".join(_unlike(row.exposure[name], exposures) for name in interests),
            f"{row.population:,.0f}",
        )
        for iso, row in scenario.seats.items()
    )
    headers = ("Member", "Trust", "Resolve", "Weights", "Exposures", "Population")
    yield Grid(headers, rows, right=frozenset({5}), folds=frozenset({3, 4}))
    yield Paragraph(
        f"The band of weights is {_plain(weights)}, that of exposures {_plain(exposures)}; one that "
        "has another shows it, and ± 0 is not drawn."
    )


def _positions(scenario: Scenario) -> Grid:
    """Where members stand, how much they care and what they weigh: one row a member and clause."""
    rows = tuple(
        (
            story.member_name(scenario, iso),
            name,
            *(f"{number:.4g}" for number in (row.ideal[name].value, row.weight[name].value)),
            f"{power:.4g}",
            _plain(row.resolve.value),
        )
        for iso, row in scenario.seats.items()
        for name, power in zip(scenario.clauses, powers(row.capability, scenario.clauses))
    )
    headers = ("Member", "Clause", "Ideal point", "Salience", "Capability", "Resolve")
    return Grid(headers, rows, right=frozenset(range(2, 6)))


def _shared_bands(scenario: Scenario) -> tuple[float, float]:
    """The band of weights and that of exposures, where a member has none of its own."""
    spread = scenario.assumptions.spread
    factor = spread.factor.value
    return factor * spread.weights.value, factor * spread.exposures.value


def _unlike(number: Number, shared: float) -> str:
    """A number, with its band where that is not the one that all share.

    >>> _unlike(Number(value=0.3), 0.2), _unlike(Number(value=1, band=0), 0.2).split()
    ('.3', ['1', '±', '0'])
    """
    own, text = number.band, _plain(number.value)
    if own is None or own == shared or not number.value:
        return text
    return f"{text}\N{NO-BREAK SPACE}±\N{NO-BREAK SPACE}{_plain(own)}"  # the cell folds elsewhere


def _evidence(scenario: Scenario) -> Grid:
    rows = tuple(
        (
            row["title"],
            _times(scenario.evidence[row["evidence"]]),
            *("" if row[kind] is None else _plain(row[kind]) for kind in TYPES),
            _plain(row["band"]),
            _opposite(scenario, row) + _why(row),
        )
        for row in sheet.evidence(scenario)
    )
    headers = ("Evidence", "Times", "Seeker", "Expansionist", "Pretext", "Band", "Why")
    return Grid(headers, rows, right=frozenset(range(1, 6)), folds=frozenset({0, 6}))


def _times(item: Evidence) -> str:
    """How often an item counts, and how often it does in the trust that the members are given."""
    inside = item.count if item.included is None else item.included
    return _plain(item.count) + f" ({_plain(inside)} in trust)" * (inside != item.count)


def _opposite(scenario: Scenario, row: Mapping[str, Any]) -> str:
    """Of what an item is the opposite, whose likelihoods are then one less those."""
    other = row["opposite of"]
    return f"The opposite of “{scenario.evidence[other].title}”. " if other else ""


def _why(row: Mapping[str, Any]) -> str:
    return " ".join(text for text in (row["source"], row["judgement"]) if text)


def _assumptions(scenario: Scenario) -> Grid:
    rows = tuple(
        (
            row["address"],
            _number(row["value"], row["band"]),
            _why(row),
        )
        for row in sheet.assumptions(scenario)
    )
    return Grid(("Address", "Value", "Why"), rows, folds=frozenset({0, 2}))


def _settled(scenario: Scenario) -> Grid:
    rows = [(row["address"], _written(row["value"]), _why(row)) for row in sheet.settled(scenario)]
    if weighted := scenario.rule.weighted:
        weights = (f"{iso} {_plain(weight)}" for iso, weight in weighted.weights.items())
        rows.append(("rule.weighted.weights", ", ".join(weights), ""))
    return Grid(("Address", "Value", "Why"), tuple(rows), folds=frozenset({0, 1, 2}))


def _written(value: Any) -> str:
    """A number or a word, as a file has it.

    >>> _written(0.55), _written(True), _written("consensus")
    ('.55', 'true', 'consensus')
    """
    if isinstance(value, str | bool):
        return str(value).lower() if isinstance(value, bool) else value
    return _plain(value)
