"""The page of rules: every rule side by side, the size of the table, one member less, one alone."""

from __future__ import annotations

import json

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import results
from dashboard.question import Question, WhatIf
from sim import charts, load, run, story, with_changes
from sim.analysis.table import alone, growth
from sim.scenario import names, rules_of

FLAGSHIP = load("draft-treaty-2021")
PICTURES = ["rules.picture", "rules.baselines", "rules.growth", "rules.without", "rules.alone"]


def page(name="draft-treaty-2021", clause="N5.1", member="POL", changes=(), worlds=40, stopped=()):
    """The page by itself, for one question."""

    def script(name, clause, member, changes, worlds):
        from dashboard.question import Question, WhatIf
        from dashboard.views import rules

        rules.show(Question(WhatIf(name, changes, worlds=worlds), clause, member))

    given = {"name": name, "clause": clause, "member": member, "changes": changes, "worlds": worlds}
    shown = AppTest.from_function(script, kwargs=given, default_timeout=60)
    for key, task in dict(stopped).items():
        shown.session_state[f"{key}.stopped"] = task
    return shown.run()


def pictures(shown):
    return [element.proto.alt for element in shown.get("vega_lite_chart")]


def under_rules(worlds=256):
    return {
        rule: run(with_changes(FLAGSHIP, {"rule": rule}), worlds=worlds)
        for rule in rules_of(FLAGSHIP)
    }


# The page -------------------------------------------------------------------------------------------


def test_the_page_shows_what_hangs_on_the_council():
    shown = page(worlds=500)
    assert not shown.exception
    assert [part.value for part in shown.subheader] == [
        "The same worlds under every rule",
        "Beside models that always agree",
        "Consensus on N5.1 as the table grows",
        "With and without Poland",
        "Without any treaty: one member alone with Russia",
    ]
    assert len(pictures(shown)) == len(PICTURES)
    said = " ".join(part.value for part in shown.markdown)
    assert "hang on the rule" in said
    assert "Lithuania, Estonia and Latvia still kill N5.1" in said
    assert "(`majority`): Silence abstains" in said
    assert "Alone with Russia, Poland would let" in said


def test_models_that_always_agree_stand_beside_the_rule_that_does_not():
    shown = page("precedents/macedonia-2008", "invitation", "GRC")
    assert not shown.exception
    said = " ".join(part.value for part in shown.markdown)
    assert "name a level for the one clause there is. Consensus has none." in said
    assert "beyond .44 Greece breaks the silence, and it is all or nothing" in said
    worth = next(part.value for part in shown.dataframe if "As tabled" in part.value)
    assert dict(zip(worth["Member"], worth["As tabled"]))["Greece"] == "0"
    ruled = page(changes=(("rule", "majority"),))
    assert "The rule in force (Simple majority) could agree" in " ".join(
        p.value for p in ruled.markdown
    )
    assert "as far as the rule in force goes" in " ".join(part.value for part in ruled.caption)


@pytest.mark.parametrize("name", names())
def test_every_scenario_has_a_page_of_rules(name):
    scenario = load(name)
    shown = page(name, list(scenario.clauses)[-1], next(iter(scenario.seats)))
    assert not shown.exception
    assert len(pictures(shown)) == len(PICTURES) - len(shown.info)


@pytest.mark.parametrize(
    "changes",
    [
        (("rule", "only:USA,DEU,FRA"),),
        (("rule", "consensus-3"), ("process", "package")),
        (("rule", "entry-into-force"), ("process", "steps"), ("proposer.budget", 0.2)),
        (("members.drop", "USA"), ("members.POL.trust", 0.3)),
    ],
    ids=str,
)
def test_the_page_is_there_whatever_the_rule_and_the_process(changes):
    shown = page(changes=changes)
    assert not shown.exception
    assert len(pictures(shown)) == len(PICTURES)


def test_who_decides_alone_cannot_be_taken_away_and_the_page_says_so():
    shown = page(member="USA", changes=(("rule", "only:USA"),))
    assert not shown.exception
    assert "United States is one of those who decide" in shown.info[0].value
    assert len(pictures(shown)) == len(PICTURES) - 1


def test_the_last_member_cannot_be_taken_away():
    last, *others = load("three-neighbours").seats
    shown = page("three-neighbours", "strip", last, (("members.drop", ",".join(others)),))
    assert not shown.exception
    assert "leaves nobody at the table" in shown.info[0].value


def test_a_member_that_leaves_takes_the_changes_of_its_numbers_along():
    asked = WhatIf("draft-treaty-2021", (("members.POL.trust", 0.3), ("members.drop", "USA")))
    left = results.scenario(results.without(asked, "POL"))
    assert set(FLAGSHIP.seats) - set(left.seats) == {"USA", "POL"}
    assert results.under(asked, "consensus") == asked
    assert results.under(asked, "majority").changes[-1] == ("rule", "majority")
    assert Question(asked, "N5.1", "POL").member == "POL"


def test_work_that_was_stopped_waits_and_the_rest_of_the_page_is_there():
    asked = WhatIf("negotiated-2021", worlds=40)
    shown = page("negotiated-2021", stopped={"rules.alone": asked, "rules.under": asked})
    assert not shown.exception
    assert [button.label for button in shown.button] == ["Go on", "Go on"]
    assert len(pictures(shown)) == len(PICTURES) - 2
    shown.button(key="rules.under.go").click().run()
    assert len(pictures(shown)) == len(PICTURES) - 1


# Sentences ------------------------------------------------------------------------------------------


def test_the_rule_decides_about_the_missiles_and_not_about_withdrawal():
    outcomes = under_rules()
    said = story.by_rule(outcomes)
    hangs, survives, falls = said.split("; ")
    assert "N5.1" in hangs
    assert "N2.3" in survives
    assert "N4.1" in falls
    taken = story.against(outcomes["consensus"], outcomes["majority"])
    assert "N5.1" in taken
    assert "survive as well" in taken
    assert "fall" in story.against(outcomes["majority"], outcomes["consensus"])
    same = story.against(outcomes["consensus"], outcomes["consensus"])
    assert same == "the same clauses survive"


def test_a_rule_has_a_title_that_a_class_understands():
    titles = [story.rule_title(FLAGSHIP, rule) for rule in (*rules_of(FLAGSHIP), "weighted")]
    assert len(set(titles)) == len(titles)
    assert "United States alone" in titles
    assert story.rule_title(FLAGSHIP, "only:USA, DEU") == "United States and Germany alone"
    assert story.rule_title(FLAGSHIP, "only:USA,DEU,FRA") == "3 members alone"


def test_the_size_from_which_consensus_is_rarer_than_a_half_is_said():
    grown = growth(FLAGSHIP, worlds=512)
    half = grown.rarer_than_half("N5.1")
    assert f"From {half} members on, consensus on N5.1" in story.growth(grown, "N5.1")
    assert "however large the table" in story.growth(grown, "N2.3")
    assert "Even one member" in story.growth(grown, "N4.1")
    assert "At the whole table of 30" in story.growth(grown, "N1.4")
    assert "if objections did not come in the same worlds" in story.growth(grown, "N5.1")
    toy = growth(load("three-neighbours"), worlds=8)
    assert story.growth(toy, "strip") == (
        "From 2 members on, consensus on strip is rarer than a half; at the whole table of 3 somebody "
        "objects to strip in every world; it would be 30 % if one did not object where another does not."
    )


def test_who_would_do_without_the_others_is_said():
    found = alone(FLAGSHIP, worlds=512)
    assert story.willing(found, "N5.1") == (
        "Everybody but Estonia, Lithuania, Latvia and Poland would let N5.1 stand."
    )
    assert story.willing(found, "N6.1") == "Nobody would let N6.1 stand, not even between two."
    assert story.willing(found, "N2.3") == "Each of 30 members would let N2.3 stand."
    washington = story.alone(found, "USA")
    assert "United States would let 11 clauses stand" in washington
    assert "N4.1" in washington.partition("nobody")[2]


# Pictures -------------------------------------------------------------------------------------------


def rows(chart):
    """The rows of a chart's largest table, and that the picture asks nobody for anything."""
    spec = chart.to_dict()
    assert "http" not in json.dumps(spec["datasets"])
    return max(spec["datasets"].values(), key=len)


def test_every_rule_and_clause_has_a_cell_with_its_number():
    outcomes = under_rules()
    cells = rows(charts.under_rules(outcomes, "consensus"))
    assert len(cells) == len(outcomes) * (len(FLAGSHIP.clauses) + 1)
    majority = {row["clause"]: row for row in cells if row["rule"] == "Simple majority"}
    for clause, share in outcomes["majority"].survival.items():
        assert majority[clause]["share"] == share
    assert {row["rule"] for row in cells if row["rule"].startswith("▸")} == {"▸ Consensus"}
    assert all(len(row["shown"]) <= 3 for row in cells)


def test_the_growth_has_a_point_for_every_size_both_ways():
    grown = growth(FLAGSHIP, worlds=256)
    points = rows(charts.growth(grown, "N5.1"))
    assert sorted({row["size"] for row in points}) == list(range(1, 31))
    spoke = [row["share"] for row in points if row["way"] == "as members spoke"]
    assert spoke == pytest.approx(grown.consensus("N5.1").tolist())


def test_with_and_without_a_member_stand_side_by_side():
    rest = run(with_changes(FLAGSHIP, {"members.drop": "POL"}), worlds=256)
    whole = run(FLAGSHIP, worlds=256)
    ends = rows(charts.without(whole, rest, "POL"))
    assert {row["side"] for row in ends} == {"with Poland", "without Poland"}
    for outcome, side in ((whole, "with Poland"), (rest, "without Poland")):
        assert {r["clause"]: r["share"] for r in ends if r["side"] == side} == outcome.survival


def test_a_member_is_marked_and_ticked_where_it_would_let_a_clause_stand():
    found = alone(FLAGSHIP, worlds=256)
    cells = rows(charts.alone(found, "USA"))
    assert len(cells) == 30 * len(FLAGSHIP.clauses)
    ticked = {r["clause"] for r in cells if r["member"].startswith("▸ USA") and r["shown"]}
    assert ticked == set(found.lets_stand("USA"))
    assert len({row["member"] for row in cells if "▸" in row["member"]}) == 1


def test_the_pictures_can_be_drawn():
    draw = pytest.importorskip("vl_convert").vegalite_to_png
    toy = load("three-neighbours")
    outcomes = {r: run(with_changes(toy, {"rule": r}), worlds=8) for r in rules_of(toy)}
    first, member = outcomes["consensus"], next(iter(toy.seats))
    for chart in (
        charts.under_rules(outcomes, "consensus"),
        charts.growth(growth(toy, worlds=8), "strip"),
        charts.without(first, first, member),
        charts.alone(alone(toy, worlds=8), member),
    ):
        assert draw(chart.to_json())[:4] == b"\x89PNG"
