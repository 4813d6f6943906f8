"""The frame, the verdict and the what-if: what a person turns is what the pages answer."""

from __future__ import annotations

import doctest
from collections import OrderedDict
from importlib import resources

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from dashboard import controls, question, results, tiles
from sim import belief, run
from sim.scenario import amended, as_file, load, names, says, spelled, with_changes

APP = str(resources.files("dashboard") / "app.py")


@pytest.fixture(autouse=True)
def no_arguments(monkeypatch):
    monkeypatch.setattr("sys.argv", ["app.py"])


@pytest.fixture
def front():
    return opened()


def opened(page: str = "", **link: str) -> AppTest:
    app = AppTest.from_file(APP, default_timeout=90)
    for key, value in link.items():
        app.query_params[key] = value
    for part in FOLDS:
        app.session_state[f"open {part}"] = True
    return turned(app, page)


FOLDS = (
    *("suggested", "motives", "evidence", "rule", "table", "process", "clause", "member"),
    *("pictures", "reproduce", "sources of the clause", "sources of the member"),
)
"""The parts of a page that somebody can open, all of them open here."""


def turned(app: AppTest, page: str = "") -> AppTest:
    """The page after a rerun, without any exception."""
    if page:
        app._page_hash = calc_hash(page)  # pages that are functions have no file to switch to
    app.run()
    assert not app.exception
    return app


def words(app: AppTest) -> str:
    return "\n".join(element.value for element in (*app.markdown, *app.caption, *app.subheader))


def line(app: AppTest) -> str:
    return app.text_input(key="set").value


# The front page ---------------------------------------------------------------------------------


def test_what_is_shut_is_not_made_until_somebody_opens_it():
    shut = turned(AppTest.from_file(APP, default_timeout=90))
    assert shut.toggle, "the suggested what-ifs are open from the first"
    assert not shut.slider
    shut.session_state["open rule"] = True
    assert "at assumptions.cohesion" in {slider.key for slider in turned(shut).slider}
    assert "at members.EST.trust" not in {slider.key for slider in shut.slider}


def test_the_front_page_says_who_kills_article_5_and_what_would_save_it(front):
    said = words(front)
    assert "7 of 18 clauses survive" in said
    assert "N5.1 No missiles within reach (Article 5)" in said
    for name in ("Estonia", "Latvia", "Lithuania", "Poland"):
        assert f"{name}" in said.split("What would save it:")[0]
    saved = said.split("What would save it:")[1]
    assert "keeping silent" in saved
    assert "of the text" in saved
    assert "cohesion 0.48" in saved
    assert "simple majority" in saved


def test_it_says_that_nato_has_no_voting_and_what_hangs_on_judgements(front):
    assert "NATO has no voting" in words(front)
    assert "108 of 109 stakes, likelihoods and assumptions are judgements" in words(front)
    front.selectbox(key="at rule").select("majority")
    assert "NATO has no voting" not in words(turned(front))


@pytest.mark.parametrize("name", names())
def test_every_scenario_has_a_front_page(name):
    app = opened(scenario=name)
    assert len(app.get("vega_lite_chart")) == 3
    assert "Illustrative, not a forecast" in app.caption[0].value


@pytest.mark.parametrize("name", ["security-council-2022", "eu-council-2022"])
@pytest.mark.parametrize("page", ["", "story", "what-if", "rules", "why", "negotiation"])
def test_no_page_on_another_council_says_what_is_so_of_nato_alone(page, name):
    app = opened(page, scenario=name, worlds="200")
    said = [line for line in words(app).splitlines() if not line.startswith(("- *Sou", "- *Jud"))]
    assert not [line for line in said if "NATO" in line or "thirty" in line]
    assert "not a forecast" in " ".join(said)


def test_the_map_has_a_tile_for_every_member_and_none_on_top_of_another():
    for name in names():
        outcome = run(name, worlds=100)
        clause = next(iter(outcome.survival))
        shown = tiles.tiles(outcome, clause, "")
        assert [tile["id"] for tile in shown] == list(outcome.scenario.seats)
        assert len({(tile["row"], tile["column"]) for tile in shown}) == len(shown)


def test_a_tile_says_what_its_member_does_most_often():
    outcome = run("draft-treaty-2021", worlds=500)
    by_name = {tile["id"]: tile for tile in tiles.tiles(outcome, "N5.1", "POL")}
    assert by_name["EST"]["says"].startswith("breaks the silence in ")
    assert by_name["PRT"]["says"].startswith("supports in ")
    assert [iso for iso, tile in by_name.items() if tile["chosen"]] == ["POL"]


# One line ---------------------------------------------------------------------------------------


def test_a_slider_writes_the_line_and_taking_it_back_empties_it(front):
    front.slider(key="at assumptions.trust").set_value(1.0)
    turned(front)
    assert line(front) == "assumptions.trust=1"
    front.slider(key="at assumptions.trust").set_value(0.0)
    assert line(turned(front)) == ""


def test_the_line_moves_the_widgets():
    app = opened(set="rule=majority members.drop=HUN,TUR evidence.build_up=0")
    assert app.selectbox(key="at rule").value == "majority"
    assert app.multiselect(key="at drop").value == ["HUN", "TUR"]
    assert not app.toggle(key="at evidence build_up").value
    assert "28 members" in words(app)


def test_a_lever_sets_all_of_its_addresses_and_lets_go_of_them(front):
    front.toggle(key="at lever moderate_opening").set_value(True)
    turned(front)
    assert line(front) == "evidence.maximal_demand=0 evidence.moderate_demand=1"
    front.toggle(key="at lever moderate_opening").set_value(False)
    assert line(turned(front)) == ""


LEVERS = [(name, lever) for name in names() for lever in load(name).levers]


@pytest.mark.parametrize(("name", "lever"), LEVERS)
def test_a_lever_changes_what_it_changes_on_the_command_line_and_can_be_let_go(name, lever):
    original = load(name)
    wanted = original.levers[lever].set
    on = amended(original, {}, wanted)
    current = with_changes(original, on)
    assert current.model_dump() == with_changes(original, wanted).model_dump()
    assert says(current, wanted)
    assert amended(current, on, dict.fromkeys(wanted)) == {}


@pytest.mark.parametrize(
    ("name", "lever"),
    [
        ("european-security-treaty-2009", "published"),
        ("european-security-treaty-2009", "no_build_up"),
        ("nato-russia-2009", "private_opening"),
        ("nato-32", "without_the_two"),
    ],
)
def test_a_lever_of_which_the_file_says_a_part_goes_on_and_off(name, lever):
    app = opened(scenario=name, worlds="100")
    key = f"at lever {lever}"
    app.toggle(key=key).set_value(True)
    assert turned(app).toggle(key=key).value
    assert line(app)
    app.toggle(key=key).set_value(False)
    assert not turned(app).toggle(key=key).value
    assert line(app) == ""


def test_a_lever_that_is_in_the_file_already_is_on_and_says_so(monkeypatch, tmp_path):
    mine = tmp_path / "by@majority.toml"
    mine.write_text(as_file(with_changes(load("three-neighbours"), {"rule": "majority"})), "utf-8")
    monkeypatch.setattr("sys.argv", ["app.py", str(mine)])
    app = opened(worlds="100")
    lever = app.toggle(key="at lever majority")
    assert lever.value
    assert lever.disabled
    assert "so it is in the file" in lever.help
    app.selectbox(key="at rule").select("consensus")
    lever = turned(app).toggle(key="at lever majority")
    assert not lever.value
    lever.set_value(True)
    assert line(turned(app)) == ""


@pytest.mark.parametrize(
    ("typed", "key", "turn", "left"),
    [
        (
            "members.*.resolve=.2",
            "at members.POL.resolve",
            0.03,
            "members.*.resolve=0.2 members.POL",
        ),
        (
            "members.POL.resolve=.1 members.*.resolve=.2",
            "at members.POL.resolve",
            0.15,
            "members.*.resolve=0.2 members.POL",
        ),
        ("members.POL.resolve=.1", "at resolve", 0.15, "members.*"),
        ("members.POL.resolve.value=.1", "at members.POL.resolve", 0.15, "members.POL"),
    ],
)
def test_what_is_turned_last_counts_whatever_the_line_said(typed, key, turn, left):
    app = opened(set=typed, member="POL", worlds="100")
    app.slider(key=key).set_value(turn)
    assert turned(app).slider(key=key).value == turn
    assert line(app).replace("'", "") == f"{left}.resolve={turn}"


def test_one_member_back_at_what_all_others_have_leaves_the_line():
    app = opened(set="members.*.resolve=.2 members.POL.resolve=.1", member="POL", worlds="100")
    app.slider(key="at members.POL.resolve").set_value(0.2)
    assert line(turned(app)) == "'members.*.resolve=0.2'"
    app.slider(key="at resolve").set_value(0.03)
    assert line(turned(app)) == ""


@pytest.mark.parametrize(
    ("typed", "key", "chosen"),
    [
        ("rule.name=majority", "at rule", "consensus"),
        ("process=package", "at process.kind", "clauses"),
        ("rule=majority rule.name=consensus-2", "at rule", "consensus"),
    ],
)
def test_a_choice_counts_whatever_address_the_line_has_it_under(typed, key, chosen):
    app = opened(set=typed, worlds="100")
    app.selectbox(key=key).select(chosen)
    assert turned(app).selectbox(key=key).value == chosen
    assert line(app) == ""


def test_a_trust_that_can_hardly_move_has_no_slider():
    keep = {"security_seeker": 0.405, "expansionist": 0.4, "pretext_seeker": 0.4}
    kept = {f"proposer.keep.{kind}": chance for kind, chance in keep.items()}
    typed = spelled({"members.*.trust": 0.402} | kept)
    app = opened(set=typed, member="POL", worlds="100")
    said = "Trust (chance that the word is kept): 0.402. There is no room for another here."
    assert said in words(app)
    assert "at members.POL.trust" not in [slider.key for slider in app.slider]


KEPT = {f"proposer.keep.{kind}": 0.29 for kind in ("expansionist", "pretext_seeker")}


@pytest.mark.parametrize("changes", [{}, KEPT | {"members.*.trust": 0.5}])
def test_the_ends_of_a_slider_lie_where_a_member_may_be(changes):
    app = opened(set=spelled(changes), member="POL", worlds="100")
    trust = app.slider(key="at members.POL.trust")
    scenario = with_changes(load("draft-treaty-2021"), changes)
    low, high = belief.bounds(scenario.keep, scenario.assumptions.pretext.value)
    assert low < trust.min <= low + 0.01
    assert high - 0.01 <= trust.max < high


@pytest.mark.parametrize(("value", "ends"), [(-2.3, (-2.5, 2)), (2.25, (-2, 2.25)), (1, (-2, 2))])
def test_a_slider_is_widened_by_whole_steps_so_that_all_usual_settings_stay_in_reach(value, ends):
    trust = opened(set=f"assumptions.trust={value}", worlds="100").slider(
        key="at assumptions.trust"
    )
    assert trust.value == value
    assert (trust.min, trust.max) == ends


def test_a_slider_shows_all_the_digits_that_the_line_has(front):
    formats = {slider.key: slider.proto.format for slider in front.slider}
    assert formats.pop("at process.rounds") == formats.pop("at process.consultations") == "%d"
    assert set(formats.values()) == {"%.6g"}


def test_members_that_differ_in_resolve_are_said_to_differ(front):
    assert "Members differ" not in words(front)
    front.text_input(key="set").set_value("members.POL.resolve=.1")
    assert "Members differ, from 0.03 to 0.1" in words(turned(front))


def test_taking_everybody_back_to_the_table_is_a_line_too():
    app = opened(scenario="nato-russia-2009", worlds="100")
    app.multiselect(key="at drop").set_value([])
    assert line(turned(app)) == "'members.drop=[]'"
    assert "30 members" in words(app)


def test_a_further_change_comes_after_all_others():
    asked = question.WhatIf("toy", (("rule", "consensus"), ("rule.name", "majority")))
    assert asked.but({"rule": "weighted"}).changes == (
        ("rule.name", "majority"),
        ("rule", "weighted"),
    )


def test_the_rules_and_why_pages_see_through_two_addresses_of_one_number():
    said = words(opened("rules", set="rule=consensus rule.name=majority", worlds="500"))
    assert "Nothing hangs on the rule" not in said
    typed = "members.POL.trust=.2 members.*.trust=.3"
    said = words(opened("why", set=typed, member="POL", vary="Trust of Poland"))
    assert "Trust of Poland makes no difference" not in said


def test_opening_lower_moves_what_members_make_of_it(front):
    front.slider(key="at opening").set_value(0.6)
    assert "proposer.opening=0.6" in line(turned(front))
    assert "evidence.moderate_demand=1" in line(front)


def test_undo_takes_back_one_change_after_the_other_and_reset_all(front):
    front.slider(key="at assumptions.trust").set_value(1.0)
    turned(front)
    front.selectbox(key="at rule").select("majority")
    turned(front)
    button(front, "Undo").click()
    assert line(turned(front)) == "assumptions.trust=1"
    button(front, "Undo").click()
    assert line(turned(front)) == ""
    front.selectbox(key="at rule").select("majority")
    turned(front)
    button(front, "Reset").click()
    assert line(turned(front)) == ""


def test_undo_goes_back_over_a_switch_of_scenario(front):
    front.text_input(key="set").set_value("assumptions.trust=1")
    turned(front)
    front.selectbox(key="scenario").select("three-neighbours")
    turned(front)
    button(front, "Reset").click()
    turned(front)
    for scenario, kept in (
        ("three-neighbours", "assumptions.trust=1"),
        ("draft-treaty-2021", "assumptions.trust=1"),
        ("draft-treaty-2021", ""),
    ):
        button(front, "Undo").click()
        assert line(turned(front)) == kept
        assert front.selectbox(key="scenario").value == scenario
    assert button(front, "Undo").disabled


def button(app: AppTest, label: str):
    return next(found for found in app.button if found.label == label)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("assumptions.cohesio=.5", "Did you mean `cohesion`?"),
        ("assumptions.cohesion=5", "it must lie between 0 and 1"),
        ("majority", "is no change; write ADDRESS=VALUE"),
        ("rule='majority", "quotation mark"),
        ("rule=majorty", "Did you mean `majority`?"),
        ("members.drop=XXX", "XXX"),
        ("assumptions.cohesion=[[.5]]", "cohesion"),
        ("'assumptions.cohesion={value=.5}'", "cohesion"),
    ],
)
def test_a_line_that_does_not_fit_gets_one_sentence_and_nothing_is_lost(typed, said):
    app = opened(set=typed)
    assert said in app.error[0].value
    assert line(app) == typed
    button(app, "Back to the scenario as in its file").click()
    assert "7 of 18 clauses survive" in words(turned(app))


def test_a_link_that_asks_for_what_is_not_here_says_so():
    app = opened(clause="N9.9", member="XYZ")
    assert {warning.value for warning in app.warning} == {
        "The link asks for the clause `N9.9`, which is not here.",
        "The link asks for the member `XYZ`, which is not here.",
    }


@pytest.mark.parametrize(
    ("key", "wanted", "allowed", "shown"),
    [
        ("worlds", "50", "from 100 to 10,000", "2,000"),
        ("worlds", "abc", "from 100 to 10,000", "2,000"),
        ("worlds", "1e9", "from 100 to 10,000", "2,000"),
        ("worlds", "inf", "from 100 to 10,000", "2,000"),
        ("worlds", "250.7", "from 100 to 10,000", "2,000"),
        ("seed", "-1", "from 0 to 2,147,483,648", "0"),
    ],
)
def test_a_link_with_worlds_or_a_seed_that_cannot_be_says_so(key, wanted, allowed, shown):
    (warning,) = opened(**{key: wanted}).warning
    assert f"asks for the {key} `{wanted}`; write a whole number {allowed}" in warning.value
    assert f"Here it is {shown}." in warning.value


def test_a_link_with_worlds_and_a_seed_that_cannot_be_is_said_of_both():
    found = opened(worlds="50", seed="x", set="rule=majority", member="POL")
    assert [warning.value.split("`")[1] for warning in found.warning] == ["50", "x"]
    assert line(found) == "rule=majority"
    assert found.selectbox(key="member").value == "POL"


def test_a_link_with_worlds_and_a_seed_says_nothing_of_them():
    app = opened(worlds="250", seed="3")
    assert not app.warning
    app.number_input(key="worlds").set_value(300)
    assert not turned(app).warning


def test_a_link_may_name_a_clause_and_a_member_by_their_ids():
    app = opened(clause="N6.1", member="HUN")
    assert app.selectbox(key="clause").value == "N6.1"
    assert "Why Hungary breaks the silence" in words(app)


def test_a_scenario_that_is_not_here_is_said_to_be_missing():
    assert "`xyz`, which is not here" in opened(scenario="xyz").warning[0].value
    assert "draft-treaty-2021" in opened(scenario="xyz").selectbox(key="scenario").value


def test_long_work_says_how_far_it_is_can_be_stopped_and_goes_on(monkeypatch, front):
    monkeypatch.setattr("dashboard.work.PATIENCE", -1)
    asked = question.WhatIf("draft-treaty-2021", (("assumptions.trust", 0.123),))
    front.text_input(key="set").set_value("assumptions.trust=0.123")
    front.session_state["play.stopped"] = asked
    assert "Stopped: Playing 4,000 worlds" in words(turned(front))
    assert "clauses survive" not in words(front)
    button(front, "Go on").click()
    assert "clauses survive" in words(turned(front))
    front.session_state["play.stopped"] = asked
    front.text_input(key="set").set_value("assumptions.trust=0.321")
    assert "clauses survive" in words(turned(front))


# What if ----------------------------------------------------------------------------------------


def test_what_if_shows_nothing_before_something_is_changed():
    assert "Nothing is changed yet" in words(opened("what-if"))


def test_what_if_says_what_changes_and_because_of_whom():
    said = words(opened("what-if", set="members.*.resolve=.3"))
    assert "no longer break the silence" in said
    assert "members.*.resolve = 0.3" in said


def test_pinned_what_ifs_stand_side_by_side():
    app = opened(
        "what-if", set="rule=majority", pins="Trust: assumptions.trust=1\nQuiet: rule=consensus-2"
    )
    table = app.dataframe[0].value
    assert list(table.columns) == ["Clause", "As in the file", "Now", "Trust", "Quiet"]
    row = table.set_index("Clause").loc["N5.1 No missiles within reach"]
    assert row["As in the file"] < row["Quiet"] < row["Now"]


def test_a_what_if_is_pinned_opened_and_let_go():
    app = opened("what-if", set="rule=majority")
    app.text_input(key="pin name").set_value("By majority")
    turned(app)
    button(app, "Pin it").click()
    turned(app)
    assert app.text_area(key="pins").value == "By majority: rule=majority"
    button(app, "Reset").click()
    turned(app)
    app.button(key="open By majority").click()
    assert line(turned(app)) == "rule=majority"
    app.button(key="remove By majority").click()
    assert app.text_area(key="pins").value == "By majority: rule=majority"
    assert turned(app).text_area(key="pins").value == ""


@pytest.mark.parametrize(
    ("pins", "said"),
    [
        ("rule=majority", "write NAME: CHANGES"),
        ("a: rule=majorty", "Did you mean `majority`?"),
        ("\n".join(f"{n}: rule=majority" for n in range(5)), "keep at most 4"),
        ("Now: rule=majority", "`Now` is a column of the table already"),
        ("As in  the file: rule=majority", "is a column of the table already"),
        (" Clause : rule=majority", "`Clause` is a column of the table already"),
    ],
)
def test_a_pinned_what_if_that_does_not_fit_gets_a_sentence(pins, said):
    assert said in opened("what-if", pins=pins).error[0].value


def test_a_what_if_without_a_name_is_pinned_under_its_changes():
    app = opened("what-if", set="rule=only:USA", worlds="100")
    button(app, "Pin it").click()
    assert turned(app).text_area(key="pins").value == "rule=only USA: rule=only:USA"
    assert not app.error
    assert app.button(key="open rule=only USA")
    app.text_input(key="pin name").set_value("two\nlines: here")
    button(turned(app), "Pin it").click()
    assert "two lines here: rule=only:USA" in turned(app).text_area(key="pins").value
    assert not app.error


def test_no_what_if_is_pinned_under_the_name_of_another_column():
    app = opened("what-if", set="rule=majority", worlds="100")
    app.text_input(key="pin name").set_value("Now")
    turned(app)
    assert "“Now” is a column of the table already" in app.warning[0].value
    assert button(app, "Pin it").disabled


def test_a_broken_file_shows_its_sentences_and_a_sound_one_can_be_played():
    app = opened("what-if")
    app.file_uploader(key="upload").upload("mine.toml", b"[about]\ntitle = Draft")
    turned(app)
    assert "mine.toml: line 2 is not TOML" in app.error[0].value
    app = opened("what-if")
    sound = as_file(load("three-neighbours")).encode()
    app.file_uploader(key="upload").upload("mine.toml", sound)
    turned(app)
    assert "mine.toml is fine" in app.success[0].value
    button(app, "Play it").click()
    turned(app)
    assert app.selectbox(key="scenario").value.startswith("mine@")
    assert "Three neighbours: a toy" in app.caption[0].value


MINE = as_file(load("three-neighbours")).encode()


def offered(app: AppTest) -> list[str]:
    return [name for name in app.selectbox(key="scenario").options if "@" in name]


def test_an_uploaded_scenario_is_offered_to_who_brought_it_and_to_who_has_the_link():
    app = opened("what-if")
    app.file_uploader(key="upload").upload("my own.toml", MINE)
    turned(app)
    (name,) = offered(turned(app))
    assert offered(opened()) == []
    other = opened(scenario=name)
    assert other.selectbox(key="scenario").value == name
    other.selectbox(key="scenario").select("nato-32")
    assert offered(turned(other)) == [name]


def test_an_uploaded_scenario_that_has_gone_is_said_to_have_gone(monkeypatch):
    name = results.bring("mine.toml", MINE)
    app = opened(scenario=name, set="rule=majority")
    monkeypatch.setattr(results, "_uploads", OrderedDict)
    for found in (turned(app), opened(scenario=name)):
        (warning,) = found.warning
        assert f"`{name}` was uploaded to another server, or has gone since" in warning.value
        assert found.selectbox(key="scenario").value == "draft-treaty-2021"
        assert offered(found) == []
    assert button(app, "Undo").disabled


def test_the_uploaded_scenario_that_was_asked_for_last_stays_longest(monkeypatch):
    kept = OrderedDict()
    monkeypatch.setattr(results, "_uploads", lambda: kept)
    monkeypatch.setattr(results, "UPLOADS", 2)
    one, two = results.bring("one.toml", MINE), results.bring("two.toml", MINE)
    results.file(one)
    results.bring("three.toml", MINE)
    assert not results.gone(one)
    assert results.gone(two)
    results.bring("one.toml", MINE)
    assert list(kept)[-1] == one


# Reproduce --------------------------------------------------------------------------------------


def test_every_page_says_how_to_get_there_again():
    for page in ("", "what-if", "rules", "why", "negotiation", "about"):
        app = opened(page, set="rule=majority", worlds="500")
        codes = [block.value for block in app.code]
        assert any(
            "oneveto run draft-treaty-2021 --set rule=majority --worlds 500" in c for c in codes
        )
        assert any("with_changes(load('draft-treaty-2021')" in c for c in codes)
        assert any(c.startswith("?scenario=draft-treaty-2021&set=rule%3Dmajority") for c in codes)


def test_a_link_carries_all_that_is_asked():
    for module in (question, controls):
        assert doctest.testmod(module) == (0, 1)
