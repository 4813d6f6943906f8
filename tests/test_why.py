"""The page Why: its sentences, its pictures and itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sim import charts, load, run, story, with_changes
from sim.analysis import tipping
from sim.analysis.ceilings import ceilings
from sim.analysis.dials import Dial
from sim.analysis.tipping import Survivors, curve

SHIPPED = sorted(path.stem for path in Path("scenarios").glob("*.toml"))
FLAGSHIP = load("draft-treaty-2021")
OUTCOME = run(FLAGSHIP, worlds=512)
DIAL = Dial("x", "Cohesion", "share", 0, 1, lambda value: {"assumptions.cohesion": value}, here=0.3)


def line(*adopted, dial=DIAL):
    """A curve of the missile clause, out of a hundred worlds at each setting."""
    found = [None if count is None else Survivors(100, {"N5.1": count}) for count in adopted]
    return curve(dial, "N5.1", dial.settings(len(adopted)), found)


def plane(adopted=50, here=0.3):
    up = Dial(
        "y", "Trust", "log-odds", -2, 2, lambda value: {"assumptions.trust": value}, here=here
    )
    places = tipping.places(DIAL, up, 3)
    found = [None, *[Survivors(100, {"N5.1": adopted})] * 8]
    return tipping.outcome_map(DIAL, up, "N5.1", places, found)


def rows(chart, key):
    """The rows of the data that have this column."""
    return [row for table in chart.to_dict()["datasets"].values() for row in table if key in row]


# Sentences ----------------------------------------------------------------------------------------


def test_four_members_kill_the_missile_clause_and_one_veto_is_enough():
    said = story.who_decides(OUTCOME, "N5.1")
    for name in ("Estonia", "Latvia", "Lithuania", "Poland"):
        assert name in said
    assert "one veto is enough" in said


def test_of_a_clause_that_hurts_nobody_nothing_has_to_be_decided():
    assert "survives in every world" in story.who_decides(OUTCOME, "N2.3")


def test_a_clause_that_all_refuse_is_nobody_s_alone():
    said = story.who_decides(OUTCOME, "N6.1")
    assert "falls in 100 %" in said
    assert "All 30 members" in said
    assert "In no world is it one member alone" in said


def test_where_support_counts_no_silence_is_said_to_carry_a_clause():
    outcome = run(with_changes(FLAGSHIP, {"rule": "affirmative"}), worlds=64)
    assert "In no world would one silence have carried it" in story.who_decides(outcome, "N5.1")
    assert "support is what counts" in story.silence_costs(outcome, "N5.1")


def test_a_clause_that_hangs_on_another_is_not_for_sale():
    assert "falls with N4.1" in story.silence_costs(OUTCOME, "N4.2")
    assert "nobody would have to be paid" in story.silence_costs(OUTCOME, "N2.3")
    assert "times what a member swallows" in story.silence_costs(OUTCOME, "N5.1")


def test_the_ceiling_of_the_missile_clause_is_estonia_s_and_below_the_text():
    said = story.lowest_ceiling(FLAGSHIP, ceilings(FLAGSHIP, "N5.1"))
    assert (
        said
        == "At the centre N5.1 could go no further than .81 of the text, the ceiling of Estonia."
    )
    assert "passes as tabled" in story.lowest_ceiling(FLAGSHIP, ceilings(FLAGSHIP, "N1.4"))
    below = story.lowest_ceiling(FLAGSHIP, ceilings(FLAGSHIP, "N4.1"))
    assert "the status quo in other words" in below


def test_a_tipping_point_is_told_with_its_sides_and_where_the_scenario_stands():
    said = story.where_it_tips(line(0, 0, 100))
    assert said.startswith("N5.1 tips at .75: above it survives in most worlds")
    assert "The scenario stands at .3." in said
    assert "below it survives in most worlds" in story.where_it_tips(line(100, 0, 0))


def test_a_verdict_that_turns_and_turns_back_is_told_with_both_points():
    said = story.where_it_tips(line(0, 100, 0))
    assert said.startswith("N5.1 tips at .25 and .75")
    assert "in between it survives in most worlds" in said
    assert "in between it falls in most worlds" in story.where_it_tips(line(100, 0, 100))
    assert "back and forth" in story.where_it_tips(line(0, 100, 0, 100))
    labels = {row["label"] for row in rows(charts.tipping(line(0, 100, 0)), "label")}
    assert {"tips at .25", "tips at .75"} < labels


def test_what_never_tips_is_said_not_to():
    assert "0 % to 20 %" in story.where_it_tips(line(0, 10, 20))
    assert "makes no difference" in story.where_it_tips(line(7, 7))


def test_between_whole_numbers_a_tipping_point_is_between():
    rounds = Dial("rounds", "Rounds", "", 1, 3, lambda value: {}, whole=True)
    assert "tips at between 2 and 3" in story.where_it_tips(line(0, 10, 100, dial=rounds))


def test_a_map_counts_its_places():
    assert "on 8 of 8" not in story.on_the_map(plane())
    assert "everywhere" in story.on_the_map(plane(50))
    assert "nowhere" in story.on_the_map(plane(49))


# Pictures -----------------------------------------------------------------------------------------


def test_the_bars_of_blockers_add_up_to_their_objections_that_count():
    shown = rows(charts.blockers(OUTCOME, "N5.1"), "kind")
    row = OUTCOME.measures()["N5.1"]
    for iso, share in row["blockers"].items():
        parts = [each["share"] for each in shown if each["name"] == FLAGSHIP.seats[iso].name]
        assert sum(parts) == pytest.approx(share)
        assert parts[0] == pytest.approx(row["sole_blockers"].get(iso, 0))
    assert (
        len({each["name"] for each in rows(charts.blockers(OUTCOME, "N6.1", rows=12), "kind")})
        == 12
    )


def test_the_lowest_ceiling_is_marked_and_what_lies_beyond_the_text_has_an_arrow():
    shown = rows(charts.ceilings(FLAGSHIP, ceilings(FLAGSHIP, "N5.1")), "own_words")
    assert [row["name"] for row in shown if row["kind"] == "the lowest ceiling"] == ["Estonia"]
    assert [row["shown"] for row in shown][:1] == [".81"]
    assert all(("▸" in row["shown"]) == (row["level"] >= 1.2) for row in shown)


def test_a_price_that_no_silence_pays_is_said_in_words():
    shown = {
        row["label"].split()[0]: row["shown"] for row in rows(charts.prices(OUTCOME), "between")
    }
    assert shown["N4.2"] == "no silence carries it"
    assert shown["N2.3"] == "0"
    assert list(shown) == list(OUTCOME.survival)


def test_the_curve_marks_where_it_tips_and_where_the_scenario_stands():
    labels = {row["label"] for row in rows(charts.tipping(line(0, 0, 100)), "label")}
    assert labels == {"tips at .75", "the scenario: .3"}
    assert rows(charts.tipping(line(0, 10)), "half") == [{"half": 0.5}]


def test_a_map_leaves_out_what_fits_no_scenario_and_rings_the_scenario():
    picture = charts.outcome_map(plane())
    assert len(rows(picture, "survival")) == 8
    assert {"x": 0.3, "y": 0.3} in rows(picture, "x")
    assert len(charts.outcome_map(plane(here=None)).to_dict()["layer"]) == 2


def test_cells_of_a_map_meet_where_settings_are_uneven():
    rounds = Dial("rounds", "Rounds", "", 1, 4, lambda value: {}, whole=True)
    places = tipping.places(rounds, DIAL, 3)
    found = [Survivors(10, {"N5.1": 5})] * len(places)
    shown = rows(
        charts.outcome_map(tipping.outcome_map(rounds, DIAL, "N5.1", places, found)), "left"
    )
    edges = sorted({(row["left"], row["right"]) for row in shown})
    assert [one[1] for one in edges[:-1]] == [other[0] for other in edges[1:]]


@pytest.mark.parametrize("name", ["draft-treaty-2021", "three-neighbours", "us-draft-2021"])
def test_every_picture_can_be_drawn(name):
    vl_convert = pytest.importorskip("vl_convert")
    scenario = load(name)
    outcome, clause = run(scenario, worlds=64), next(iter(scenario.clauses))
    pictures = [
        charts.blockers(outcome, clause),
        charts.binding(outcome, clause),
        charts.ceilings(scenario, ceilings(scenario, clause)),
        charts.prices(outcome),
        charts.tipping(line(0, None, 100)),
        charts.outcome_map(plane()),
    ]
    for picture in pictures:
        png = vl_convert.vegalite_to_png(picture.properties(width=300).to_dict())
        assert png.startswith(b"\x89PNG")


# The page -----------------------------------------------------------------------------------------


def page(name, changes, clause, member, worlds):
    from dashboard.question import Question, WhatIf
    from dashboard.views import why

    why.show(Question(WhatIf(name, changes, worlds), clause, member))


def opened(name, clause=None, member=None, worlds=128, **changes):
    scenario = with_changes(load(name), changes)
    clause, member = clause or next(iter(scenario.clauses)), member or next(iter(scenario.seats))
    asked = (name, tuple(changes.items()), clause, member, worlds)
    return AppTest.from_function(page, args=asked, default_timeout=60).run()


def said(page):
    return " ".join(each.value for each in [*page.markdown, *page.caption])


@pytest.fixture(autouse=True)
def few_worlds(monkeypatch):
    """Curves and maps of a few settings: what the page shows is the same."""
    for name, number in {"SETTINGS": 5, "WORLDS": 64, "SIDE": 3, "CELL_WORLDS": 32}.items():
        monkeypatch.setattr(f"dashboard.views.why.{name}", number)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_scenario_has_its_reasons(name):
    clause = list(load(name).clauses)[-1]
    shown = opened(name, clause)
    assert not shown.exception
    assert not shown.error
    assert shown.header[0].value.startswith(f"Why: {clause}")


@pytest.mark.parametrize("rule", ["majority", "affirmative", "consensus-2", "only:USA"])
def test_every_rule_has_its_reasons(rule):
    assert not opened("draft-treaty-2021", "N5.1", rule=rule).exception


@pytest.mark.parametrize("process", ["package", "steps"])
def test_a_package_and_steps_have_their_reasons(process):
    shown = opened("draft-treaty-2021", "N5.1", process=process)
    assert not shown.exception
    assert ("a package" in said(shown)) == (process == "package")


def test_cohesion_comes_first_with_its_exact_tipping_point():
    shown = opened("draft-treaty-2021", "N5.1")
    assert shown.selectbox(key="vary").value == "cohesion"
    assert "falls silent at a cohesion of .477" in said(shown)


@pytest.mark.parametrize("dial", ["rounds", "opening", "member"])
def test_any_dial_makes_a_curve(dial):
    shown = opened("draft-treaty-2021", "N5.1", "POL")
    shown.selectbox(key="vary").select(dial).run()
    assert not shown.exception
    assert dial not in shown.selectbox(key="across").options
    assert shown.selectbox(key="across").value != dial


def test_a_dial_that_another_clause_has_not_gives_way_to_cohesion():
    def of_a_clause():
        import streamlit as st

        from dashboard.question import Question, WhatIf
        from dashboard.views import why

        clause = st.session_state.get("looked at", "N5.1")
        why.show(Question(WhatIf("draft-treaty-2021", (), 128), clause, "POL"))

    shown = AppTest.from_function(of_a_clause, default_timeout=60).run()
    shown.selectbox(key="vary").select("level").run()
    assert shown.selectbox(key="vary").value == "level"
    shown.session_state["looked at"] = "N6.1"
    shown.run()
    assert not shown.exception
    assert shown.selectbox(key="vary").value == "cohesion"


def test_all_members_are_shown_when_asked_for():
    shown = opened("draft-treaty-2021", "N6.1")
    shown.toggle(key="everybody").set_value(True).run()
    assert not shown.exception
    assert "more members must be persuaded" not in said(shown)
    assert "everybody" not in {toggle.key for toggle in opened("three-neighbours").toggle}


def test_a_map_over_settings_that_do_not_go_together_leaves_them_out():
    doubtful = {"members.POL.trust": 0.12, "assumptions.pretext": 0.8}
    shown = opened("draft-treaty-2021", "N5.1", "POL", **doubtful)
    shown.selectbox(key="vary").select("pretext").run()
    shown.selectbox(key="across").select("member").run()
    assert not shown.exception
    assert "that fit no scenario" in said(shown)
