"""Power on a terminal: the members under one rule, then the first of them under every rule."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.table import Table
from rich.text import Text

from sim import story
from sim.analysis.power import Power
from sim.console.parts import headed, indented, side_by_side, table_of
from sim.palette import BLUE, GREY
from sim.story import power as words

FIRST, MOST = 4, 7
"""Members of the scenario's own rule that are followed through all rules, beside the first of each; and
how many there is room for."""


def power(found: Power) -> Iterable[object]:
    """Who has power a priori and who has it in the worlds played, the most powerful first."""
    scenario = found.scenario
    yield from headed(scenario, story.played(found.conditional[found.rule].outcome))
    yield Text(words.asked(found), style=GREY)
    yield _members(found)
    yield Text(words.LEGEND, style=GREY)
    yield from (Text(note, style=GREY) for note in words.sunk(found))
    yield from (
        Text(line) for line in (words.before(found), words.coins(found), words.kills(found))
    )
    yield Text("\nUnder every rule, in the same worlds", style="bold")
    yield from side_by_side(_followed(found), lambda who: _by_rule(found, who))
    yield from (indented(Text(note, style=GREY)) for note in words.notes(found))


def _members(found: Power) -> Table:
    """Both indices, and how often each member decides."""
    table = table_of("Member", "", "Banzhaf", "Shapley", "Sole", "Pivotal", "Binding")
    table.columns[1].no_wrap = False
    for column in table.columns[2:]:
        column.justify = "right"
    for row in found.rows(found.rule):
        name = Text(
            story.own_name(found.scenario, row["member"]), no_wrap=True, overflow="ellipsis"
        )
        indices = [words.finely(row[index]) for index in ("banzhaf", "shapley_shubik")]
        decides = [_cell(row[measure]) for measure in ("sole_blocker", "pivotal", "binding")]
        table.add_row(row["member"], name, *indices, *decides)
    return table


def _cell(share: float) -> Text:
    return Text(words.finely(share), style="" if share else GREY)


def _followed(found: Power) -> list[str]:
    """The first members under the scenario's own rule, and the first under each other."""
    own = [row["member"] for row in found.rows(found.rule)[:FIRST]]
    first = [found.rows(rule)[0]["member"] for rule in found.a_priori]
    return list(dict.fromkeys(own + first))[:MOST]


def _by_rule(found: Power, who: Sequence[str]) -> Table:
    """How often the decision turns on these members, and below it what the rule alone gives them."""
    table = table_of("Rule", *who)
    for column in table.columns[1:]:
        column.justify = "right"
    for title, measure in (("Pivotal", "pivotal"), ("Banzhaf", "banzhaf")):
        table.add_row(Text(title, style=f"bold {BLUE}"))
        for rule in found.a_priori:
            rows = {row["member"]: row for row in found.rows(rule)}
            table.add_row(f"  {rule}", *(_cell(rows[iso][measure]) for iso in who))
        table.add_section()
    return table
