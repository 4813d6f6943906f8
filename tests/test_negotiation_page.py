"""The negotiation in sentences, in pictures and on its page."""

from __future__ import annotations

import itertools
import json

import pytest
from streamlit.testing.v1 import AppTest

from sim import charts, load, run, story, with_changes
from sim.analysis import processes, rounds
from sim.analysis.treaty import best_treaties
from sim.scenario import names

FLAGSHIP = load("draft-treaty-2021")
SIX = with_changes(FLAGSHIP, {"process.rounds": 6})
FOUND = rounds.play(SIX, worlds=500)
ONE = rounds.one(SIX, world=3)


def rows(chart):
    """The rows behind a picture, all of its tables together."""
    return [row for table in chart.to_dict()["datasets"].values() for row in table]


def reached(scenario, back=False, **changes):
    outcome = run(with_changes(scenario, changes), worlds=300)
    return processes.reached(outcome, back=back)


# Side by side -----------------------------------------------------------------------------------


def test_a_process_reaches_what_its_run_says():
    found = reached(SIX, **{"process.kind": "steps"})
    outcome = run(with_changes(SIX, {"process.kind": "steps"}), worlds=300)
    assert {name: row.survival for name, row in found.clauses.items()} == outcome.survival
    assert found.stand == pytest.approx(sum(outcome.survival.values()))
    assert 0 < found.delivered < found.stand
    assert found.clauses["N5.1"].level < 1
    assert found.clauses["N6.1"].level is None


def test_the_draft_as_one_package_gets_nowhere_and_a_step_back_adds_clauses():
    found = [reached(SIX, **{"process.kind": kind}) for kind in processes.possible(SIX)]
    back = processes.step_back(SIX)
    assert back == {"evidence.step_back": 1}
    later = [reached(SIX, back=True, **back)]
    said = story.side_by_side([*found, *later])
    assert "none as one package" in said
    assert "A step back would add 1" in said
    assert later[0].stand > found[0].stand + 0.5
    assert story.side_by_side(found).count(".") < said.count(".")


def test_a_step_back_that_has_been_made_adds_nothing_more():
    assert processes.step_back(with_changes(FLAGSHIP, {"evidence.step_back": 1})) == {}


def test_without_stages_there_are_no_steps_and_the_page_says_so():
    bare = FLAGSHIP.model_copy(
        update={"process": FLAGSHIP.process.model_copy(update={"stages": ()})}
    )
    assert processes.possible(FLAGSHIP) == ("clauses", "package", "steps")
    assert processes.possible(bare) == ("clauses", "package")
    assert "cannot be negotiated in steps" in story.no_steps(bare)
    assert story.no_steps(FLAGSHIP) == ""


# Sentences --------------------------------------------------------------------------------------


def test_the_later_rounds_are_told_by_what_they_bring():
    said = story.gained(FOUND)
    assert "N5.1 in 61 % instead of 19 %" in said
    assert "of worlds. 2 more clauses gain." in said
    firm = rounds.play(with_changes(SIX, {"proposer.floor.security_seeker": 1}), worlds=300)
    assert "next to nothing" in story.gained(firm)


def test_who_breaks_the_silence_at_first_and_at_the_end():
    said = story.refusing(FOUND, "N5.1")
    assert said.index("in round 1") < said.index("in round 6, Lithuania (")
    bundle = rounds.play(with_changes(SIX, {"process.kind": "package"}), worlds=50)
    assert story.refusing(bundle, "N2.1").startswith("On the package with N2.1: in round 1, 30 mem")
    assert story.refusing(FOUND, "N2.3") == "Nobody ever breaks the silence on N2.3."


def test_a_pretext_seeker_takes_everything_back_in_the_end():
    found = rounds.play(load("pretext-seeker"), worlds=100)
    assert "in the end Russia will not take a part" in story.taken_back(found)
    assert story.taken_back(FOUND) == ""


def test_beliefs_are_told_from_the_first_round_to_the_last():
    said = story.beliefs_moved(FOUND)
    assert "a security seeker with 33 % at first and 32 % at the end" in said
    once = rounds.play(FLAGSHIP, worlds=100)
    assert "throughout" in story.beliefs_moved(once)


def test_the_page_names_who_stands_between_and_speaks_of_no_brackets():
    best = best_treaties(FLAGSHIP)
    assert "On 11 of 18 clauses" in story.meeting(best)
    assert "Estonia reaches its ceiling" in story.meeting(best)
    assert "N4.1 and N7.2 below their least level" in story.furthest(best)
    assert "brackets" not in story.furthest(best)


@pytest.mark.parametrize("kind", ["clauses", "steps"])
def test_one_round_is_take_it_or_leave_it(kind):
    said = story.single_round(with_changes(FLAGSHIP, {"process.kind": kind}))
    assert "take it or leave it" in said
    assert ("In each step" in said) == (kind == "steps")


# Pictures ---------------------------------------------------------------------------------------


def test_a_picture_of_the_course_has_a_cell_for_every_clause_and_round():
    cells = rows(charts.course(FOUND))
    assert len(cells) == 18 * 6
    missiles = [row for row in cells if row["label"].startswith("N5.1 ")]
    shares = [row["adopted"] for row in missiles]
    assert shares == sorted(shares)
    assert missiles[0]["shown"] == "1"
    assert missiles[-1]["shown"].startswith(".6")


def test_in_one_world_a_clause_is_refused_until_it_is_adopted():
    cells = [row for row in rows(charts.course(ONE)) if row["label"].startswith("N5.1 ")]
    glyphs = "".join(row["glyph"] for row in cells)
    assert glyphs.startswith("✕")
    assert glyphs.endswith("✓")
    assert glyphs.count("✓") == 1


def test_in_steps_every_clause_has_the_rounds_of_its_own_step():
    found = rounds.play(load("risk-reduction-steps"), worlds=50)
    cells = rows(charts.course(found))
    assert len({row["label"] for row in cells}) == len(found.scenario.clauses)
    assert {row["number"] for row in cells} <= set(range(1, 7))
    assert {row["stage"] for row in cells} == {1, 2, 3, 4, 5}


def test_the_names_of_the_lines_keep_clear_of_each_other_and_of_the_lines():
    cases = (FOUND, rounds.one(FLAGSHIP), *(rounds.one(load(name)) for name in names()))
    for found in cases:
        table = rows(charts.beliefs(found))
        places = sorted(row["place"] for row in table if "place" in row)
        assert len(places) == 3
        assert min(b - a for a, b in itertools.pairwise(places)) > 0.02
        assert 0 < places[0] < places[-1] < 1
        named = sorted((row for row in table if "place" in row), key=lambda row: row["place"])
        last = [row["belief"] for row in named]
        assert last == sorted(last)
        assert min(abs(place - end) for place in places for end in last) > 0.02


def test_a_picture_of_refusals_has_only_those_who_refuse():
    table = rows(charts.refusals(FOUND, "N5.1"))
    assert {"Estonia", "Latvia", "Lithuania", "Poland"} <= {row["name"] for row in table}
    assert "Greece" not in {row["name"] for row in table}
    assert charts.refusals(FOUND, "N2.1") is None


def test_zones_are_bars_or_gaps_with_whose_limit_it_is():
    best = best_treaties(FLAGSHIP)
    table = {row["label"][:4]: row for row in rows(charts.zones(best)) if "gap" in row}
    assert not table["N5.1"]["empty"]
    assert table["N6.1"]["empty"]
    assert table["N6.1"]["gap"] == "Estonia"
    assert not table["N6.1"]["beside"]
    assert table["N7.1"]["beside"]
    assert table["N6.1"]["from"] < table["N6.1"]["to"] == 1
    marks = {row["treaty"] for row in rows(charts.zones(best)) if "treaty" in row}
    assert marks == {"clause by clause", "one package", "package in earnest"}
    majority = best_treaties(with_changes(FLAGSHIP, {"rule": "majority"}))
    assert "the rule" in {row["gap"] for row in rows(charts.zones(majority)) if "gap" in row}


def test_every_picture_of_the_negotiation_can_be_drawn():
    convert = pytest.importorskip("vl_convert")
    found = [reached(SIX, **{"process.kind": kind}) for kind in processes.possible(SIX)]
    for picture in (
        charts.course(ONE, ONE.turns[1]),
        charts.beliefs(FOUND, FOUND.turns[1]),
        charts.refusals(FOUND, "N5.1"),
        charts.standing(found),
        charts.processes(found, SIX),
        charts.zones(best_treaties(FLAGSHIP)),
    ):
        spec = picture.properties(width=340).to_dict()
        assert "http" not in json.dumps(spec["datasets"])
        assert convert.vegalite_to_png(json.dumps(spec))[:4] == b"\x89PNG"


# The page ---------------------------------------------------------------------------------------


def page(name, changes=(), worlds=100):
    """The page for one what-if, without the frame around it."""

    def script(name, changes, worlds):
        from dashboard import results
        from dashboard.question import Question, WhatIf
        from dashboard.views import negotiation

        what_if = WhatIf(name, tuple(changes), worlds=worlds)
        scenario = results.scenario(what_if)
        clause = "N5.1" if "N5.1" in scenario.clauses else next(iter(scenario.clauses))
        negotiation.show(Question(what_if, clause, next(iter(scenario.seats))))

    asked = {"name": name, "changes": tuple(dict(changes).items()), "worlds": worlds}
    return AppTest.from_function(script, kwargs=asked, default_timeout=60)


def headline(shown):
    return shown.markdown[0].value


@pytest.mark.parametrize("name", names())
def test_every_scenario_has_a_negotiation_to_follow(name):
    shown = page(name).run()
    assert not shown.exception
    assert not shown.error
    pictures = shown.get("vega_lite_chart") or shown.get("arrow_vega_lite_chart")
    beliefs = [picture for picture in pictures if "Average belief" in picture.proto.alt]
    assert len(beliefs) == (0 if load(name).at_its_word else 2)
    assert len(pictures) - len(beliefs) >= 5


@pytest.mark.parametrize(
    "changes",
    [
        {"process.kind": "package", "process.rounds": 2},
        {"process.kind": "steps", "rule": "majority"},
        {"rule": "only:USA", "process.rounds": 12},
        {"rule": "affirmative", "process.condition": "step_back"},
        {"proposer.budget": 1, "process.rounds": 3},
        {"members.drop": ["EST", "LVA", "LTU", "POL"], "process.rounds": 3},
    ],
)
def test_every_kind_of_negotiation_can_be_followed(changes):
    shown = page("draft-treaty-2021", changes).run()
    assert not shown.exception
    assert not shown.error


def test_a_single_round_offers_to_play_six_and_writes_that_down():
    shown = page("draft-treaty-2021").run()
    assert "take it or leave it" in headline(shown)
    assert not shown.select_slider
    next(found for found in shown.button if found.label == "Play six rounds").click().run()
    assert shown.session_state["set"] == "process.rounds=6"
    shown = page("draft-treaty-2021", {"process.rounds": 6}).run()
    assert headline(shown).startswith("##### By the last round more is adopted")
    assert len(shown.select_slider) == 1


def test_a_negotiation_needs_no_offer():
    shown = page("negotiated-2021").run()
    assert not [found for found in shown.button if found.label == "Play six rounds"]


def test_a_chosen_round_tells_who_breaks_the_silence_then():
    shown = page("negotiated-2021").run()
    said = [block.value for block in shown.markdown]
    assert any("Round 1 of 6" in text for text in said)
    assert any("Lithuania" in text and "break the silence" in text for text in said)
    shown.select_slider[0].set_value("4").run()
    assert not shown.exception
    assert any("Round 4 of 6" in block.value for block in shown.markdown)


def test_another_world_is_another_story():
    shown = page("negotiated-2021").run()
    shown.segmented_control(key="which").set_value("One with dice").run()
    assert not shown.exception
    endings = set()
    for world in (3, 4, 5):
        shown.number_input(key="world").set_value(world).run()
        assert not shown.exception
        endings |= {block.value for block in shown.markdown if "The end" in block.value}
    assert len(endings) > 1


def test_a_round_that_the_next_what_if_does_not_have_is_forgotten():
    shown = page("negotiated-2021")
    shown.session_state["round"] = "step 2, round 9"
    shown.run()
    assert not shown.exception
    assert any("Round 1 of 6" in block.value for block in shown.markdown)
