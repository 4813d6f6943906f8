"""Outcomes on a terminal, within eighty columns; the only place for rich."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from rich.columns import Columns
from rich.console import Group
from rich.table import Table
from rich.text import Text

from sim import sheet, story
from sim.analysis.compare import Comparison
from sim.analysis.evidence import Report
from sim.analysis.steps import Reading, Reassurance
from sim.claims import Finding
from sim.console.parts import (
    bar,
    fitting,
    indented,
    named,
    side_by_side,
    signed,
    table_of,
)
from sim.console.parts import console as console
from sim.console.parts import progress as progress
from sim.explanation import Explanation
from sim.outcome import Outcome
from sim.palette import BLUE, GREY, ORANGE
from sim.replay import Replay
from sim.rules import Stance
from sim.scenario import Clause, Member, Number, Scale, Scenario
from sim.story.page import Grid, Heading, Items, Paragraph, Part

if TYPE_CHECKING:  # its solver takes a fifth of a second to load
    from sim.analysis.treaty import Treaties, Zone

LEGEND = "Kept: adopted, and the proposer keeps its word. Level: median, where adopted."

GLYPH = {Stance.SUPPORT: "✓", Stance.ACQUIESCE: "–", Stance.OBJECT: "✕"}


def verdict(outcome: Outcome) -> Iterable[object]:
    """The default view of a run: the clauses in order, how often each survives, who kills it."""
    about = outcome.scenario.about
    yield Text(about.title, style="bold")
    yield Text(story.setting(outcome), style=GREY)
    bargained = story.bargained(outcome.scenario)
    yield from [Text(story.manner(outcome.scenario), style=GREY)] * bargained
    yield from _changed(outcome.scenario)
    yield fitting(lambda width: _survival(outcome, width), (10, 8))
    yield from [Text(LEGEND, style=GREY)] * bargained
    yield Text(story.headline(outcome))
    yield from [Text(line) for line in [story.binding(outcome)] if line]


def _survival(outcome: Outcome, width: int) -> Table:
    """Each clause with a bar of that width; with none, titles give way to a narrow screen.

    Where more can happen than one verdict, also how often it is adopted and kept, and at what level.
    """
    bars, more = width > 0, story.bargained(outcome.scenario)
    table = table_of("Clause", "", "Survives", *[""] * bars, *["Kept", "Level"] * more, "Killed by")
    table.columns[1].no_wrap = bars
    for column in table.columns[2 + bars : -1]:
        column.justify = "right"
    for name, row in outcome.measures().items():
        if name != "treaty":
            share, level = row["survival"], row["level"]["p50"]
            killers = Text(story.killed_by(outcome, row), style=ORANGE if share < 0.5 else "")
            drawn = [bar(share, width)] * bars
            kept = [story.percent(row["delivered"]), "" if level is None else f"{level:.2f}"] * more
            table.add_row(name, row["title"], *drawn, story.percent(share), *kept, killers)
    return table


def _headed(scenario: Scenario) -> Iterable[object]:
    """What is shown above everything that is computed in the central world."""
    yield Text(scenario.about.title, style="bold")
    yield Text(story.scene(scenario, scenario.rule.name, story.CENTRE), style=GREY)
    yield from _changed(scenario)


def _changed(scenario: Scenario) -> Iterable[object]:
    yield from (Text(line, style=GREY) for line in story.changed(scenario))


def by_rule(outcomes: Mapping[str, Outcome]) -> Iterable[object]:
    """The same worlds under every rule, side by side, and what each rule means."""
    first = next(iter(outcomes.values()))
    yield Text(first.scenario.about.title, style="bold")
    yield Text(story.scene(first.scenario, "one a column", story.played(first)), style=GREY)
    yield from _changed(first.scenario)
    yield Text("How often each clause survives, always in the same worlds", style=GREY)
    yield from side_by_side(list(outcomes), lambda names: _side_by_side(outcomes, names))
    yield Text("What the rules mean, by the names that --rule takes", style="bold")
    yield named((name, story.rule_meaning(first.scenario, name)) for name in outcomes)


def _side_by_side(outcomes: Mapping[str, Outcome], names: Sequence[str]) -> Table:
    shown = [outcomes[name] for name in names]
    table = table_of("Clause", *map(_short, names))
    for column in table.columns[1:]:
        column.justify, column.no_wrap, column.min_width = "right", False, len("> 99 %")
    for clause in shown[0].survival:
        table.add_row(clause, *(_cell(outcome.survival[clause]) for outcome in shown))
    table.add_section()
    table.add_row("treaty", *(_cell(outcome.share(outcome.tally.treaty)) for outcome in shown))
    return table


def _short(rule: str) -> str:
    return {"affirmative": "affirm.", "entry-into-force": "entry", "consensus": "consens."}.get(
        rule, rule.replace("consensus-", "minus ")
    )


def _cell(share: float) -> Text:
    return Text(story.percent(share), style=f"bold {BLUE}" if share >= 0.5 else GREY)


def explanation(why: Explanation) -> Iterable[object]:
    """One member on one clause: the sum as a table of bars, then in sentences."""
    scenario = why.scenario
    title = f"{story.member_name(scenario, why.member)} on {why.clause}: "
    yield Text(f"{title}{GLYPH[why.stance]} {story.SAYS[why.stance]}", style="bold")
    yield Text(story.scene(scenario, scenario.rule.name, story.world_of(why)), style=GREY)
    yield from _changed(scenario)
    yield fitting(lambda width: _sum(why, width), (12, 6))
    yield Text(story.explanation(why))
    others = story.near(why)[1:5]
    if others:
        yield Text("Other single changes, the smaller first:", style=GREY)
    yield from (indented(Text(story.flipped(flip))) for flip in others)


def _sum(why: Explanation, width: int) -> Table:
    """What each interest adds and takes, with bars of that width either way, and the sum."""
    bars = width > 0
    table = table_of("Interest", "Gain", "Cost", "Net", *[""] * bars)
    table.columns[0].no_wrap = bars
    for column in table.columns[1:4]:
        column.justify = "right"
    parts = why.contributions
    largest = max((max(part.gain, part.cost) for part in parts), default=0)
    for part in parts:
        net = part.gain - part.cost
        numbers = [story.signed(value) if value else "" for value in (part.gain, -part.cost)]
        drawn = [signed(net, largest, width)] * bars
        title = why.scenario.interests[part.interest].title
        table.add_row(title, *numbers, story.signed(net), *drawn)
    table.add_section()
    for title, value in (
        ("by itself", why.appraisal),
        ("consultation", why.consultation),
        ("as expressed", why.expressed),
        ("breaks the silence below", -why.resolve),
    ):
        table.add_row(title, "", "", story.signed(value))
    return table


def treaties(best: Treaties) -> Iterable[object]:
    """How far each clause could go, and the best treaties clause by clause and as one text."""
    yield from _headed(best.scenario)
    yield Text(
        f"Good clauses pay for bad ones by {best.logroll:g} (logroll). Worth to the proposer: the "
        "largest cost of each clause, a judgement.",
        style=GREY,
    )
    table = table_of("Clause", "", "Zone", "By", "Alone", "Package", "Earnest")
    table.columns[1].no_wrap = False  # on a narrow screen titles give way, each on its one line
    for column in table.columns[4:]:
        column.justify = "right"
    for place, zone in enumerate(best.zones):
        table.add_row(
            zone.clause,
            Text(best.scenario.clauses[zone.clause].title, no_wrap=True, overflow="ellipsis"),
            Text(_range(zone), style=ORANGE if zone.empty else ""),
            _limit_of(zone),
            _level(best.alone[place]),
            _level(best.package.levels[place], bracket=zone.clause in best.in_other_words),
            _level(best.earnest[place]),
        )
    table.add_section()
    worth = [best.worth(levels) for levels in (best.alone, best.package.levels, best.earnest)]
    table.add_row("worth", f"of {best.value.sum():.3f}", "", "", *(f"{w:.3f}" for w in worth))
    yield table
    yield Text(
        "Zone: from how far the proposer would come down to the ceiling, and by whom. "
        "Alone: clause by clause. Package: one text. Earnest: one text of clauses at or above "
        "their least level. The last three ask what members would accept, not whether the proposer "
        "would come down so far.",
        style=GREY,
    )
    proof = best.package
    yield Text(
        f"Package: primal {proof.primal:.8f}, dual {proof.dual:.8f}, gap {proof.gap:.0e}; no text "
        "that all accept is worth more than the dual."
    )
    yield Text(story.treaties(best))


def _range(zone: Zone) -> str:
    if zone.empty:
        return f"none, {zone.ceiling:.2f}" if zone.ceiling else "none"
    return f"{zone.low:.2f}–{zone.high:.2f}"


def _limit_of(zone: Zone) -> str:
    """Whose ceiling lies below the text as drafted."""
    if zone.ceiling >= 1:
        return ""
    who = zone.binding
    return " ".join(who) if len(who) <= 2 else f"{who[0]} +{len(who) - 1}"


def _level(level: float, *, bracket: bool = False) -> Text:
    if level < 0.005:
        return Text("–", style=GREY)
    return Text(f"({level:.2f})", style=GREY) if bracket else Text(f"{level:.2f}")


READING: Mapping[Reading, tuple[str, str]] = {
    "signal": ("✓ a signal", BLUE),
    "too big": ("✕ too big", ORANGE),
    "too small": ("✕ too small", ORANGE),
    "both": ("✕ too big and too small", ORANGE),
}
"""What a first step is to a member, in words and in which colour."""


def steps(table: Reassurance) -> Iterable[object]:
    """The first steps that would reassure each member, those that believe most first."""
    yield from _headed(table.scenario)
    pay = table.payoffs
    yield Text(
        f"Payoffs, a judgement: {pay.both:g} when both cooperate, −{pay.loss:g} for who is cheated, "
        f"{pay.trustworthy:g} for a trustworthy cheat and {pay.untrustworthy:g} for another.",
        style=GREY,
    )
    step = "" if table.step is None else f"A step of {table.step:.4f}"
    shown = table_of("Member", "Belief", "First step", step)
    for place in (-table.prior).argsort(kind="stable").tolist():
        iso = list(table.scenario.seats)[place]
        span = f"{table.low[place]:.4f}–{table.high[place]:.4f}" if table.works[place] else "none"
        reading = table.readings.get(iso)
        word, colour = READING[reading] if reading else ("", "")
        name = story.member_name(table.scenario, iso)
        shown.add_row(name, f"{table.prior[place]:.4f}", span, Text(word, style=colour))
    yield shown
    yield Text(story.steps(table))


def findings(found: Sequence[Finding]) -> Iterable[object]:
    """Every claim of a scenario, under what it is measured, and what was measured."""
    for (claim, under), rows in itertools.groupby(found, lambda row: (row.claim, row.under)):
        yield Text(claim + (f" (Measured {under}.)" if under else ""), style="bold")
        table = table_of("", "What", "Asked", "Measured")
        table.columns[1].overflow, table.columns[1].no_wrap = "fold", False
        for row in rows:
            mark = Text("✓", style=BLUE) if row.holds else Text("✕ fails", style=ORANGE)
            table.add_row(mark, row.path, row.asked, _measured(row.value))
        yield table


def _measured(value: float | None) -> str:
    if value is None:
        return "none"
    return "no limit" if value == math.inf else f"{value:.4g}"


def shelf(scenarios: Sequence[Scenario]) -> Iterable[object]:
    """The shipped scenarios: name, title and question."""
    for scenario in scenarios:
        yield Text(scenario.name, style="bold")
        yield indented(Text(f"{scenario.about.title}. {scenario.about.question}"))


# Negotiations -----------------------------------------------------------------------------------


def replayed(replay: Replay) -> Iterable[object]:
    """One world round by round, in sentences."""
    scenario = replay.scenario
    where = story.CENTRE if replay.world is None else f"world {replay.world} of seed {replay.seed}"
    yield Text(scenario.about.title, style="bold")
    yield Text(story.scene(scenario, scenario.rule.name, where), style=GREY)
    yield from _changed(scenario)
    ends = {row.stage: row for row in replay.rounds}
    for row in replay.rounds:
        title = story.stage_title(replay, row.stage) if row.number == 1 else ""
        yield from [Text(f"\n{title}", style="bold")] * bool(title)
        rounds = scenario.process.rounds
        yield Text(f"\nRound {row.number} of {rounds}. {story.on_the_table(replay, row)}")
        if row.adopted:
            yield indented(Text.assemble(("✓ adopted: ", BLUE), ", ".join(row.adopted)))
        fell = story.blocked(replay, row)
        yield from (indented(Text.assemble((f"✕ {n}: ", ORANGE), why)) for n, why in fell)
        yield indented(Text(story.beliefs(replay, row), style=GREY))
        if row is ends[row.stage] and len(scenario.stages) > 1:
            yield from [Text(f"\n{line}") for line in [story.kept_word(replay, row.stage)] if line]
    yield Text(f"\n{story.ending(replay)}")


def comparison(found: Comparison) -> Iterable[object]:
    """Two what-ifs side by side: survival, the margin of the least willing, and who moved."""
    for letter, side in (("A", found.first), ("B", found.second)):
        yield Text(f"{letter}: {side.about.title}", style="bold")
        yield Text(story.scene(side, side.rule.name, f"process: {side.process.kind}"), style=GREY)
        yield from [Text(story.manner(side), style=GREY)] * story.bargained(side)
        yield from _changed(side)
    yield Text(f"{found.worlds:,} worlds, seed {found.seed}, the same for both", style=GREY)
    table = table_of("Clause", "A", "B", "Won", "Lost", "Kept A", "Kept B", "Margin A", "Margin B")
    for column in table.columns[1:]:
        column.justify = "right"
    for name, row in found.changes.items():
        shares = [_cell(share) for share in row.survival]
        flips = [story.percent(share) if share else "" for share in (row.won, row.lost)]
        margins = [story.signed(margin[1]) for margin in (row.before, row.after)]
        kept = [story.percent(share) for share in row.delivered]
        table.add_row(name, *shares, *flips, *kept, *margins)
    yield table
    yield Text(
        "A, B: survives. Won, lost: in how many worlds it stands in B alone, or in A alone. Kept: "
        "adopted, and the proposer keeps its word. Margin: how far the least willing member is from "
        "breaking the silence, at the level it was asked last (median)."
    )
    sentences = story.differences(found) or [
        "No clause flips in as many as one world in a hundred."
    ]
    yield from (Text(sentence) for sentence in sentences)


def evidence(report: Report) -> Iterable[object]:
    """What has been seen, how likely that was under each type, and what it cannot tell."""
    yield Text(report.scenario.about.title, style="bold")
    yield from _changed(report.scenario)
    if report.scenario.at_its_word:
        yield Text(story.told_apart(report))
        return
    table = table_of("Item", "Count", "S", "E", "P", "S:E", "S:P", "E:P")
    table.columns[0].no_wrap, table.columns[0].overflow = False, "fold"
    for column in table.columns[1:]:
        column.justify = "right"
    for item in report.items:
        seeker, expansionist, pretext = item.likelihood
        ratios = (seeker / expansionist, seeker / pretext, expansionist / pretext)
        count = f"{item.count:g}" if item.count else "–"
        numbers = [f"{value:.2f}" for value in (*item.likelihood, *ratios)]
        table.add_row(item.name, count, *numbers)
    table.add_section()
    table.add_row("all that counts", "", "", "", "", *(f"{r:.3g}" for r in report.ratios.values()))
    yield table
    yield named((item.name, item.title) for item in report.items)
    yield Text("S security seeker, E expansionist, P pretext seeker; S:E is a likelihood ratio.")
    yield Text(story.told_apart(report))


# Pages ------------------------------------------------------------------------------------------


def page(title: str, parts: Iterable[Part]) -> Iterable[object]:
    """A page of words and tables."""
    yield Text(title, style="bold")
    for part in parts:
        yield from _part(part)


def _part(part: Part) -> Iterable[object]:
    match part:
        case Heading(text):
            yield Text(f"\n{text}", style="bold")
        case Paragraph(text):
            yield Text(text)
        case Items(texts):
            yield named(("–", text) for text in texts)
        case Grid():
            yield _grid(part)


def _grid(grid: Grid) -> Table:
    table = table_of(*grid.headers)
    for place, column in enumerate(table.columns):
        column.justify = "right" if place in grid.right else "left"
        column.no_wrap = place not in grid.folds
    for row in grid.rows:
        table.add_row(*map(Text, row))
    return table


# What a scenario says ---------------------------------------------------------------------------


def overview(scenario: Scenario) -> Iterable[object]:
    """A scenario: its question, what to notice, to try and to pull, its clauses and members."""
    about = scenario.about
    yield Text(about.title, style="bold")
    yield Text(f"{about.question} ({about.date})" if about.date else about.question)
    yield from _notes("Things to notice", about.notice)
    yield from _notes("Things to try", about.try_)
    clauses = [(name, f"{row.title}. {row.text}") for name, row in scenario.clauses.items()]
    yield from _section("Clauses", named(clauses))
    levers = [(name, lever.title) for name, lever in scenario.levers.items()]
    yield from _section("Levers, for --lever", named(levers)) if levers else ()
    items = [(name, story.seen(item)) for name, item in scenario.evidence.items()]
    yield from _section("Evidence, as evidence.NAME for --set", named(items)) if items else ()
    names = [Text(f"{iso} {row.name}".rstrip()) for iso, row in scenario.seats.items()]
    yield from _section("Members", indented(Columns(names, padding=(0, 2), equal=True)))
    yield from _notes("What it leaves out", about.leaves_out)
    yield from _notes("Sources", about.sources)


def _section(title: str, body: object) -> Iterable[object]:
    yield Text(f"\n{title}", style="bold")
    yield body


def _notes(title: str, notes: Sequence[str]) -> Iterable[object]:
    return _section(title, named(("–", note) for note in notes)) if notes else ()


def clause(scenario: Scenario, name: str) -> Iterable[object]:
    """A clause: its text, what is at stake, and why."""
    row = scenario.clauses[name]
    yield Text(f"{name} {row.title}", style="bold")
    yield Text(row.text)
    yield Text(story.terms(row))
    yield (
        _scale(row.scale)
        if scenario.spatial
        else _by_interest(scenario, Gain=row.gain, Cost=row.cost)
    )
    yield from _grounds(scenario, row)


def member(scenario: Scenario, iso: str) -> Iterable[object]:
    """A member: its numbers, and why."""
    row = scenario.seats[iso]
    yield Text(f"{iso} {row.name}".rstrip(), style="bold")
    yield Text(story.portrait(scenario, iso))
    if scenario.spatial:
        yield _by_clause(scenario, Ideal=row.ideal, Salience=row.weight)
    else:
        yield _by_interest(scenario, Weight=row.weight, Exposure=row.exposure)
    yield from _grounds(scenario, row)


def _scale(scale: Scale) -> object:
    """Where the text leads from and to, and what the places mean that have a meaning."""
    points = [(f"{point.value:g}", point.meaning) for point in scale.points]
    return Group(Text(story.scaled(scale)), *[named(points)] * bool(points))


def _by_clause(scenario: Scenario, **columns: Mapping[str, Number]) -> Table:
    """Where a member stands on each clause; a nought is a place like any other."""
    table = table_of("Clause", "", *columns)
    table.columns[1].no_wrap = False
    for column in table.columns[2:]:
        column.justify = "right"
    for name, row in scenario.clauses.items():
        table.add_row(name, row.title, *(f"{column[name].value:g}" for column in columns.values()))
    return table


def _by_interest(scenario: Scenario, **columns: Mapping[str, Number]) -> Table:
    """Numbers by interest; nothing is written for a gain or cost of nothing."""
    table = table_of("Interest", *columns)
    table.columns[0].no_wrap = False
    for column in table.columns[1:]:
        column.justify = "right"
    for name, interest in scenario.interests.items():
        numbers = [column[name].value for column in columns.values()]
        table.add_row(interest.title, *(f"{value:g}" if value else "" for value in numbers))
    return table


def _grounds(scenario: Scenario, row: Clause | Member) -> Iterable[object]:
    for title, text in sheet.grounds(scenario, row):
        yield Text.assemble((f"{title}: ", GREY), text)
