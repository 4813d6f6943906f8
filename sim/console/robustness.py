"""The claims of a run put to the test of every single number, on a terminal."""

from __future__ import annotations

from collections.abc import Iterable

from rich.table import Table
from rich.text import Text

from sim import story
from sim.analysis.robustness import Robustness
from sim.console.parts import headed, table_of
from sim.palette import GREY
from sim.story import robustness as words
from sim.story.numbers import number_name, titled

MOST = 5
"""Numbers of the table of those that carry most; the JSON has all."""


def robustness(found: Robustness) -> Iterable[object]:
    """The most fragile claims first, those that no number overturns, and what carries most."""
    scenario = found.outcome.scenario
    yield from headed(scenario, story.played(found.outcome))
    if found.numbers:
        numbers = story.counted(found.numbers, "uncertain number")
        yield Text(f"{numbers}, each moved alone", style=GREY)
    if any(claim.overturns for claim in found.claims):
        yield _claims(found)
        yield Text(words.METHOD, style=GREY)
    yield from (Text(line) for line in (words.sturdy(found), words.otherwise(found)) if line)
    if any(claim.chosen for claim in found.claims):
        yield Text("\nNumbers that somebody chooses, without a band", style="bold")
        yield _chosen(found)
    if found.weights:
        yield Text("\nWhich judgement carries most", style="bold")
        yield _weights(found)
        yield Text(words.heaviest(scenario, found.weights[0]))


def _claims(found: Robustness) -> Table:
    scenario = found.outcome.scenario
    table = table_of("Claim", "Holds in", "Overturned at the centre by", "Bands")
    for column in (0, 1, 2):
        table.columns[column].no_wrap = False
    table.columns[3].justify = "right"
    for claim in found.claims:
        if claim.overturns:
            table.add_row(
                words.claimed(scenario, claim),
                words.holds_in(claim),
                titled(words.overturned(scenario, claim.overturns[0])),
                f"{claim.bands:.1f}",
            )
    return table


def _chosen(found: Robustness) -> Table:
    """What each of them overturns, and at which setting first."""
    table = table_of("Chosen", "Stands at", "Overturns")
    table.columns[0].no_wrap = table.columns[2].no_wrap = False
    table.columns[1].justify = "right"
    rows: dict[str, tuple[str, list[str]]] = {}
    for claim in found.claims:
        for setting in claim.chosen:
            level = setting.name == "level"
            here = "" if setting.start is None or level else words.plain(setting.start)
            title = "Level of the clause itself" if level else setting.title
            settings = rows.setdefault(title, (here, []))[1]
            settings.append(f"{words.in_short(claim.key)} at {words.plain(round(setting.to, 2))}")
    for title, (here, settings) in rows.items():
        table.add_row(title, here, ", ".join(settings))
    return table


def _weights(found: Robustness) -> Table:
    table = table_of("Number", "Overturns", "First by")
    table.columns[0].no_wrap = table.columns[1].no_wrap = False
    table.columns[2].justify = "right"
    for weight in found.weights[:MOST]:
        name = titled(number_name(found.outcome.scenario, weight.address))
        table.add_row(
            name, ", ".join(map(words.in_short, weight.claims)), f"{weight.bands:.1f} bands"
        )
    return table
