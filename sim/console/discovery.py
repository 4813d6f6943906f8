"""Boxes of the assumptions in which a clause survives, on a terminal."""

from __future__ import annotations

from collections.abc import Iterable

from rich.table import Table
from rich.text import Text

from sim import story
from sim.analysis.discovery import Discovery, Region
from sim.console.parts import headed, named, table_of
from sim.palette import GREY
from sim.story import discovery as words


def discovery(found: Discovery) -> Iterable[object]:
    """The boxes as sentences, how they stood the test, and what was varied."""
    yield from headed(found.scenario, f"seed {found.seed}")
    yield Text(f"\n{words.overall(found)}")
    for number, region in enumerate(found.regions, 1):
        yield Text(f"\n{number}. {words.region(found, region)}")
    yield from [Text(f"\n{words.together(found)}")] * bool(words.together(found))
    if found.regions:
        yield _measures(found)
        yield Text(words.LEGEND, style=GREY)
    yield Text("\nVaried, all else within its band", style="bold")
    yield named((varied.dial.title, words.span(varied)) for varied in found.varied)
    yield from [Text(words.METHOD, style=GREY)] * bool(found.regions)


def _measures(found: Discovery) -> Table:
    """Coverage and density of each box, beside those of the test."""
    table = table_of("Box", "Density", "again", "Coverage", "again", "Mass", "Chance")
    for column in table.columns[1:]:
        column.justify = "right"
    for number, region in enumerate(found.regions, 1):
        shares = (
            region.fit.density,
            region.again.density,
            region.fit.coverage,
            region.again.coverage,
            region.fit.mass,
        )
        table.add_row(str(number), *map(story.percent, shares), _chance(region))
    return table


def _chance(region: Region) -> str:
    """The largest quasi-p-value of its limits."""
    largest = max(limit.chance for limit in region.box.limits.values())
    return "< .001" if largest < 0.001 else f"{largest:.3f}".removeprefix("0")
