"""One member moved, whom to persuade, and curves and maps over any number, on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.table import Table
from rich.text import Text

from sim import story
from sim.analysis.one_member import Moves
from sim.analysis.persuasion import Argument, Persuasion, members_of
from sim.analysis.tipping import HALF, Curve, OutcomeMap
from sim.console.parts import bar, fitting, headed, side_by_side, table_of
from sim.palette import BLUE, GREY
from sim.scenario import Scenario
from sim.story import persuasion as words
from sim.story.numbers import number_name, titled

MOST = 8
"""Rows of a table of moves or of members; the JSON has all."""


def reasons(moves: Moves, whom: Persuasion) -> Iterable[object]:
    """What single number decides a clause, and whom to persuade; all at the centre."""
    scenario, clause = moves.scenario, moves.clause
    yield from headed(scenario, story.CENTRE)
    fate = "survives" if moves.stands else "falls"
    yield Text(f"At the centre, {story.clause_name(scenario, clause)} {fate}.")
    yield Text("\nOne number of one member", style="bold")
    yield Text(words.moved_alone(moves))
    near = words.near_moves(moves)
    if near:
        yield _moves(scenario, moves)
    yield Text("\nWhom to persuade", style="bold")
    yield Text(words.whom_to_persuade(whom))
    if whom.cheapest and not whom.stands:
        yield _arguments(scenario, whom, whom.cheapest)
        yield Text(
            words.worth(scenario),
            style=GREY,
        )
        yield from [Text(words.fewest_to_persuade(whom))] * bool(words.fewest_to_persuade(whom))


def _moves(scenario: Scenario, found: Moves) -> Table:
    table = _numbers("Number", "Now", "Tips at", "Change")
    for move in words.near_moves(found)[:MOST]:
        to = move.start if move.to is None else move.to
        sign = "+" if to > move.start else "−"
        times = "× " if move.interest == "*" else ""
        table.add_row(
            titled(number_name(scenario, move.address)),
            f"{times}{move.start:g}",
            f"{times}{words.beyond(move.start, to)}",
            f"{sign}{100 * move.size:.0f} %",
        )
    return table


def _arguments(scenario: Scenario, found: Persuasion, rows: Sequence[Argument]) -> Table:
    """Who must be persuaded, whom of the most first; the text is named where there are two."""
    two = len(found.texts) > 1
    trust = [] if scenario.at_its_word else ["Trust", "Or trust of"]
    table = _numbers("Member", *["Text"] * two, "Worth", "Of its costs", *trust)
    for row in rows[:MOST]:
        table.add_row(
            story.member_name(scenario, row.member),
            *[row.text] * two,
            f"{row.worth:.3f}",
            "" if row.of_costs is None else story.percent(row.of_costs),
            *words.trusts(row)[: len(trust)],
        )
    if len(rows) > MOST:
        more = len(members_of(tuple(rows))) - len(members_of(tuple(rows[:MOST])))
        table.add_row(f"and {more} more" if more else "and others")
    return table


def _numbers(first: str, *others: str) -> Table:
    """A table whose first column may wrap and whose others are numbers."""
    table = table_of(first, *others)
    table.columns[0].no_wrap = False
    for column in table.columns[1:]:
        column.justify = "right"
    return table


# Curves and maps ----------------------------------------------------------------------------------


def tips(scenario: Scenario, curves: Sequence[Curve], worlds: int, seed: int) -> Iterable[object]:
    """Where the verdict tips on every dial."""
    yield Text("\nWhere it tips in most worlds", style="bold")
    yield Text(f"{story.counted(worlds, 'world')} a setting, seed {seed}", style=GREY)
    table = _numbers("Turned, all else equal", "Stands at", "Tips at", "Survives")
    for curve in sorted(curves, key=lambda each: each.tipping is None):
        low, high = curve.range
        here, tipping = curve.dial.here, curve.tipping
        table.add_row(
            curve.dial.title,
            "" if here is None else story.turned_to(curve.dial, here),
            "–" if tipping is None else story.tips_at(curve.dial, tipping),
            story.percent(low) if low == high else f"{story.percent(low)} to {story.percent(high)}",
        )
    yield table
    yield Text(story.tips_explained(curves), style=GREY)


def curve(scenario: Scenario, found: Curve, worlds: int, seed: int) -> Iterable[object]:
    """Survival of a clause over one number, as bars with the interval of the dice."""
    where = f"{story.counted(worlds, 'world')} a setting, seed {seed}"
    yield from headed(scenario, where)
    yield Text(f"{story.clause_name(scenario, found.clause)}, over {found.dial.title}")
    yield fitting(lambda width: _curve(found, width), (40, 30, 20))
    yield Text(story.where_it_tips(found))


def _curve(found: Curve, width: int) -> Table:
    table = table_of(found.dial.name.rpartition(".")[2], "Survives", "95 %", *[""] * (width > 0))
    for column in table.columns[:3]:
        column.justify = "right"
    for point in found.points:
        at = story.turned_to(found.dial, point.at)
        if point.share is None:
            table.add_row(at, "no scenario")
            continue
        share = point.share
        low, high = (story.percent(end).removesuffix(" %") for end in (share.low, share.high))
        drawn = [bar(share.survival, width)] * (width > 0)
        table.add_row(at, story.percent(share.survival), f"{low} to {high} %", *drawn)
    return table


def outcome_map(scenario: Scenario, found: OutcomeMap, worlds: int, seed: int) -> Iterable[object]:
    """Survival of a clause over two numbers, in per cent; bold where it survives in most worlds."""
    where = f"{story.counted(worlds, 'world')} a place, seed {seed}"
    yield from headed(scenario, where)
    yield Text(
        f"{story.clause_name(scenario, found.clause)}: survives in so many per cent of worlds. "
        f"Across: {found.across.title}. Down: {found.up.title}."
    )
    columns = list(dict.fromkeys(x for x, _ in found.cells))
    names = [story.turned_to(found.across, x) for x in columns]
    places = dict(zip(names, columns))
    yield from side_by_side(names, lambda shown: _map(found, shown, places))
    yield Text(story.on_the_map(found))


def _map(found: OutcomeMap, shown: Sequence[str], places: dict[str, float]) -> Table:
    table = table_of("", *shown)
    for column in table.columns:
        column.justify = "right"
    for y in reversed(list(dict.fromkeys(y for _, y in found.cells))):
        shares = [found.cells[places[name], y] for name in shown]
        cells = [
            Text("–", style=GREY)
            if share is None
            else Text(
                story.percent(share.survival).removesuffix(" %"),
                style=f"bold {BLUE}" if share.survival >= HALF else GREY,
            )
            for share in shares
        ]
        table.add_row(story.turned_to(found.up, y), *cells)
    return table
