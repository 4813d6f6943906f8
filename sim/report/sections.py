"""The sections of a report: sentences, tables and pictures of what was found, in reading order."""

from __future__ import annotations

from collections.abc import Iterator

from sim import charts, story
from sim.outcome import Outcome
from sim.report.drawing import figure
from sim.report.findings import Findings
from sim.report.pieces import Piece, Section
from sim.story import persuasion, power, robustness
from sim.story.numbers import titled
from sim.story.page import Grid, Heading, Items, Paragraph

MOST = 10
"""Rows of a table of members or dials; the commands show all."""

WIDE = 660
"""Pixels of a picture that needs a column for every member or rule."""


def sections(found: Findings) -> Iterator[Section]:
    """All that was found, from the verdict to what it hangs on."""
    yield Section("verdict", "What survives", tuple(_verdict(found)))
    if found.comparison:
        yield Section("changed", "What the changes do", tuple(_changed(found)))
    yield Section("members", "Who objects to what", tuple(_members(found)))
    title = f"{found.clause} looked at closely"
    yield Section("clause", title, tuple(_closely(found)))
    yield Section("decides", "Who decides", tuple(_decides(found)))
    yield Section("tips", f"What would turn {found.clause}", tuple(_tips(found)))
    yield Section("rules", "The same worlds under other rules", tuple(_rules(found)))
    if found.rounds:
        yield Section("rounds", "Round by round", tuple(_rounds(found)))
    if found.pins:
        yield Section("pins", "Other what-ifs beside it", tuple(_pins(found)))
    yield Section("robust", "How much rests on single numbers", tuple(_robust(found)))


def _verdict(found: Findings) -> Iterator[Piece]:
    outcome = found.outcome
    yield Paragraph(story.headline(outcome))
    if story.bargained(outcome.scenario):
        yield Paragraph(f"{story.manner(outcome.scenario)}.")
    yield figure(
        charts.survival(outcome, found.clause),
        "In how many worlds each clause survives",
        "Survives: adopted at or above its least level, in a share of all worlds. The lines show the "
        "95 % interval of the dice.",
    )
    yield Paragraph(story.rests_on(outcome))
    yield from [Paragraph(line) for line in [story.binding(outcome)] if line]


def _changed(found: Findings) -> Iterator[Piece]:
    assert found.comparison is not None
    yield Items(tuple(f"{change}." for change in story.changes(found.scenario).values()))
    sentences = story.differences(found.comparison, found.clause)
    if not sentences:
        yield Paragraph("No clause flips in as many as one world in a hundred.")
        return
    yield Items(tuple(sentences))
    yield figure(
        charts.difference(found.comparison),
        "How often each clause survives with the changes and without",
        "Both in the same worlds. Open circle: the scenario as in its file. Full: with the changes.",
    )


def _members(found: Findings) -> Iterator[Piece]:
    yield Paragraph(
        "What each member does most often on each clause: the fainter, the less often. The last row is "
        "what the rule makes of it."
    )
    yield figure(
        charts.matrix(found.outcome),
        "What each member does most often on each clause",
        "✓ supports, – stays silent, ✕ breaks the silence.",
        width=WIDE,
    )


def _closely(found: Findings) -> Iterator[Piece]:
    scenario, why = found.scenario, found.explanation
    clause = scenario.clauses[found.clause]
    yield Paragraph(f"{story.clause_name(scenario, found.clause)}. {clause.text}")
    yield Paragraph(story.fate(found.outcome, found.clause))
    yield Paragraph(story.saved(found.rescue, scenario))
    name = story.member_name(scenario, found.member)
    yield Heading(f"Why {name} {story.SAYS[why.stance]} at the centre")
    if any(found.clause in stage.clauses for stage in scenario.stages if stage.kind == "package"):
        yield Paragraph("The clause by itself: in a package, members weigh the text as a whole.")
    yield Paragraph(story.explanation(why))
    yield figure(
        charts.contributions(why),
        f"What {name} makes of the clause",
        "In weight units; all numbers at their centre.",
    )
    others = story.near(why)[1:6]
    if others:
        yield Paragraph("Other single changes that would turn it, the smaller first:")
        yield Items(tuple(story.flipped(flip) for flip in others))


def _decides(found: Findings) -> Iterator[Piece]:
    asked = found.power
    yield Paragraph(power.before(asked))
    yield Paragraph(f"{story.who_decides(found.outcome, found.clause)} {power.kills(asked)}")
    rows = asked.rows(asked.rule)
    yield Grid(
        ("Member", "Banzhaf", "Shapley", "Sole", "Pivotal", "Binding"),
        tuple(
            (
                story.member_name(found.scenario, row["member"]),
                *(
                    power.finely(row[name])
                    for name in ("banzhaf", "shapley_shubik", "sole_blocker", "pivotal", "binding")
                ),
            )
            for row in rows[:MOST]
        ),
        right=frozenset(range(1, 6)),
    )
    yield Paragraph(power.LEGEND + _more(len(rows)))


def _more(members: int) -> str:
    """That a table shows only some of the members."""
    left = members - MOST
    if left <= 0:
        return ""
    return f" {story.counted(left, 'member')} further down {'is' if left == 1 else 'are'} left out."


def _tips(found: Findings) -> Iterator[Piece]:
    scenario, whom = found.scenario, found.whom
    yield Paragraph(persuasion.whom_to_persuade(whom))
    if whom.cheapest and not whom.stands:
        trust = () if scenario.at_its_word else ("Trust", "Or trust of")
        yield Grid(
            ("Member", "Worth", "Of its costs", *trust),
            tuple(
                (
                    story.member_name(scenario, row.member),
                    f"{row.worth:.3f}",
                    "" if row.of_costs is None else story.percent(row.of_costs),
                    *persuasion.trusts(row)[: len(trust)],
                )
                for row in whom.cheapest[:MOST]
            ),
            right=frozenset(range(1, 3 + len(trust))),
        )
        yield Paragraph(persuasion.worth(scenario) + _more(len(whom.cheapest)))
    yield from [Paragraph(text) for text in [persuasion.fewest_to_persuade(whom)] if text]
    if found.curves:
        yield Heading("Where it tips in most worlds")
        yield _dials(found)
        yield Paragraph(story.tips_explained(found.curves))


def _dials(found: Findings) -> Grid:
    rows = []
    for curve in sorted(found.curves, key=lambda each: each.tipping is None):
        (low, high), here, tipping = curve.range, curve.dial.here, curve.tipping
        ends = story.percent(low), story.percent(high)
        rows.append(
            (
                curve.dial.title,
                "" if here is None else story.turned_to(curve.dial, here),
                "–" if tipping is None else story.tips_at(curve.dial, tipping),
                " to ".join(dict.fromkeys(ends)),
            )
        )
    headers = ("Turned, all else equal", "Stands at", "Tips at", "Survives")
    return Grid(headers, tuple(rows), right=frozenset({1, 2, 3}), folds=frozenset({0}))


def _rules(found: Findings) -> Iterator[Piece]:
    yield Paragraph(
        "Nobody is asked anew: the same members in the same worlds, added up in another way. "
        f"{story.other_rules_are(found.scenario)}"
    )
    yield figure(
        charts.under_rules(found.by_rule, found.scenario.rule.name),
        "How often each clause survives under each rule, in per cent",
        "In per cent of the worlds; the rule in force is marked.",
        width=WIDE,
    )
    scenario = found.scenario
    yield Items(
        tuple(
            f"{story.rule_title(scenario, rule)}: {story.rule_meaning(scenario, rule)}"
            for rule in found.by_rule
        )
    )


def _rounds(found: Findings) -> Iterator[Piece]:
    assert found.rounds is not None
    yield Paragraph(f"{story.gained(found.rounds)} {story.taken_back(found.rounds)}".strip())
    yield Paragraph(story.beliefs_moved(found.rounds))
    yield figure(
        charts.course(found.rounds),
        "For each clause and round, the share of worlds in which it has been adopted by then",
        "Colour: how often the clause has been adopted by then. Numbers: the level in the middle of "
        "the worlds in which it is still on the table.",
        width=WIDE,
    )


def _pins(found: Findings) -> Iterator[Piece]:
    for name, outcome in found.pins.items():
        changes = "; ".join(story.changes(outcome.scenario).values())
        yield Paragraph(f"{name}: {changes or 'the scenario as in its file'}.")
    outcomes = [found.outcome, *found.pins.values()]
    clauses = dict.fromkeys(name for outcome in outcomes for name in outcome.survival)
    yield Grid(
        ("Clause", "This one", *found.pins),
        tuple((name, *(_survives(each, name) for each in outcomes)) for name in clauses),
        right=frozenset(range(1, 1 + len(outcomes))),
    )
    yield Paragraph("How often each clause survives, always in the same worlds.")


def _survives(outcome: Outcome, clause: str) -> str:
    """How often a clause survives; nothing where it is not on the table."""
    share = outcome.survival.get(clause)
    return "" if share is None else story.percent(share)


def _robust(found: Findings) -> Iterator[Piece]:
    tried, scenario = found.robustness, found.scenario
    shaky = [claim for claim in tried.claims if claim.overturns]
    if shaky:
        yield Grid(
            ("Claim", "Holds in", "Overturned at the centre by", "Bands"),
            tuple(
                (
                    robustness.claimed(scenario, claim),
                    robustness.holds_in(claim),
                    titled(robustness.overturned(scenario, claim.overturns[0])),
                    f"{claim.bands:.1f}",
                )
                for claim in shaky
            ),
            right=frozenset({3}),
            folds=frozenset({0, 2}),
        )
        yield Paragraph(robustness.METHOD)
    yield from (
        Paragraph(line) for line in (robustness.sturdy(tried), robustness.otherwise(tried)) if line
    )
    if tried.weights:
        yield Paragraph(robustness.heaviest(scenario, tried.weights[0]))
