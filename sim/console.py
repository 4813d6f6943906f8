"""Outcomes on a terminal, within eighty columns; the only place for rich."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rich import box
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from sim import story
from sim.claims import Finding
from sim.explanation import Explanation
from sim.outcome import Outcome
from sim.rules import Stance
from sim.scenario import Scenario

WIDTH = 80
BLUE, GREY, ORANGE = "#0072B2", "#8a8a8a", "#B94700"
"""Support, silence, objection: safe for colour-blind people, and never without a word or a glyph."""

GLYPH = {Stance.SUPPORT: "✓", Stance.ACQUIESCE: "–", Stance.OBJECT: "✕"}


def console(*, stderr: bool = False) -> Console:
    """A console no wider than eighty columns, so that tables look the same everywhere."""
    wide = Console(stderr=stderr, highlight=False)
    return Console(stderr=stderr, highlight=False, width=min(wide.width, WIDTH))


def progress() -> Progress:
    """A bar on a terminal's standard error; silent elsewhere."""
    screen = Console(stderr=True)
    return Progress(
        TextColumn("{task.completed:,.0f} of {task.total:,.0f} worlds"),
        BarColumn(bar_width=30),
        TimeRemainingColumn(),
        console=screen,
        transient=True,
        disable=not screen.is_terminal,
    )


def _table(*headers: str, title: str = "") -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, title=title or None)
    for header in headers:
        table.add_column(header, no_wrap=True)
    return table


def bar(share: float, width: int = 10) -> Text:
    """A share as a bar.

    >>> bar(.25, 4).plain
    '█░░░'
    """
    full = round(share * width)
    return Text.assemble(("█" * full, BLUE), ("░" * (width - full), GREY))


def verdict(outcome: Outcome) -> Iterable[object]:
    """The default view of a run: the clauses in order, how often each survives, who kills it."""
    about = outcome.scenario.about
    yield Text(about.title, style="bold")
    yield Text(story.setting(outcome), style=GREY)
    yield from _changed(outcome.scenario)
    table = _table("Clause", "", "Survives", "", "Killed by")
    table.columns[3].justify = "right"
    table.columns[1].no_wrap = False  # on a narrow screen titles give way
    for name, row in outcome.measures().items():
        if name != "treaty":
            share = row["survival"]
            killers = Text(story.killed_by(outcome, row), style=ORANGE if share < 0.5 else "")
            table.add_row(name, row["title"], bar(share), story.percent(share), killers)
    yield table
    yield Text(story.headline(outcome))


def _changed(scenario: Scenario) -> Iterable[object]:
    for address, value in scenario.changes.items():
        yield Text(f"Changed: {address} = {value}", style=GREY)


def by_rule(outcomes: Mapping[str, Outcome]) -> Iterable[object]:
    """The same worlds under every rule, side by side."""
    first = next(iter(outcomes.values()))
    yield Text(first.scenario.about.title, style="bold")
    yield Text(f"How often each clause survives, in the same {first.worlds:,} worlds", style=GREY)
    table = _table("Clause", *(_short(name) for name in outcomes))
    for column in table.columns[1:]:
        column.justify = "right"
    for clause in first.survival:
        shares = [outcome.survival[clause] for outcome in outcomes.values()]
        table.add_row(clause, *(_cell(share) for share in shares))
    wholes = [outcome.share(outcome.tally.treaty) for outcome in outcomes.values()]
    table.add_section()
    table.add_row("treaty", *(_cell(share) for share in wholes))
    yield table


def _short(rule: str) -> str:
    return {"affirmative": "affirm.", "entry-into-force": "entry", "consensus": "consens."}.get(
        rule, rule.replace("consensus-", "minus ")
    )


def _cell(share: float) -> Text:
    return Text(story.percent(share), style=f"bold {BLUE}" if share >= 0.5 else GREY)


def explanation(why: Explanation) -> Iterable[object]:
    """One member on one clause: the sum as a table of bars, then in sentences."""
    title = f"{story.member_name(why.scenario, why.member)} on {why.clause}: "
    yield Text(f"{title}{GLYPH[why.stance]} {story.SAYS[why.stance]}", style="bold")
    interests = why.scenario.interests
    rows = [(interests[p.interest].title, p.gain, -p.cost) for p in why.contributions]
    table = _table("Interest", "Gain", "Cost", "Net", "")
    for column in table.columns[1:4]:
        column.justify = "right"
    largest = max((abs(value) for _, gain, cost in rows for value in (gain, cost)), default=0)
    for name, gain, cost in rows:
        numbers = (f"{gain:+.3f}" if gain else "", f"{cost:+.3f}" if cost else "")
        table.add_row(name, *numbers, f"{gain + cost:+.3f}", _signed(gain + cost, largest))
    table.add_section()
    table.add_row("by itself", "", "", f"{why.appraisal:+.3f}", "")
    table.add_row("consultation", "", "", f"{why.consultation:+.3f}", "")
    table.add_row("as expressed", "", "", f"{why.expressed:+.3f}", "")
    table.add_row("resolve", "", "", f"{-why.resolve:+.3f}", "")
    yield table
    yield Text(story.explanation(why))
    if len(why.flips) > 1:
        yield Text("Other single changes, the smaller first:", style=GREY)
        for flip in why.flips[1:5]:
            yield Text(f"  {story.flipped(flip)}")


def _signed(value: float, largest: float, width: int = 12) -> Text:
    """A bar to the left for a loss, to the right for a gain."""
    size = round(abs(value) / largest * width) if largest else 0
    left, right = (size, 0) if value < 0 else (0, size)
    return Text.assemble((" " * (width - left), ""), ("█" * left, ORANGE), "│", ("█" * right, BLUE))


def findings(scenario: Scenario, found: Sequence[Finding]) -> Iterable[object]:
    """Every claim of a scenario, and what was measured."""
    table = _table("", "What", "Asked", "Measured")
    claim = ""
    for row in found:
        if row.claim != claim:
            claim = row.claim
            yield from ([table] if table.row_count else [])
            yield Text(claim, style="bold")
            table = _table("", "What", "Asked", "Measured")
        measured = "none" if row.value is None else f"{row.value:.4g}"
        mark = Text("✓", style=BLUE) if row.holds else Text("✕ fails", style=ORANGE)
        table.add_row(mark, row.path, row.asked, measured)
    if table.row_count:
        yield table


def shelf(scenarios: Sequence[Scenario]) -> Iterable[object]:
    """The shipped scenarios: name, title and question."""
    for scenario in scenarios:
        yield Text(scenario.name, style="bold")
        yield Text(f"  {scenario.about.title}. {scenario.about.question}")
