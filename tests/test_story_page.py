"""The story's page, scene by scene: bets, vetoes, rules, the puzzle, steps and the sandbox."""

from __future__ import annotations

from importlib import resources

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from dashboard.story import SCENES
from sim import load, run, with_changes
from sim.scenario import names, precedents

APP = str(resources.files("dashboard") / "app.py")


@pytest.fixture(autouse=True)
def no_arguments(monkeypatch):
    monkeypatch.setattr("sys.argv", ["app.py"])


def told(scene: str, **link: str) -> AppTest:
    """A scene as a link opens it."""
    app = AppTest.from_file(APP, default_timeout=120)
    app.query_params["scene"] = scene
    for key, value in link.items():
        app.query_params[key] = value
    return again(app)


def again(app: AppTest) -> AppTest:
    """The page after a rerun, without any exception."""
    app._page_hash = calc_hash("story")  # pages that are functions have no file to switch to
    app.run()
    assert not app.exception
    return app


def press(app: AppTest, label: str) -> AppTest:
    (button,) = [button for button in app.button if button.label == label]
    assert not button.disabled
    button.click()
    return again(app)


def words(app: AppTest) -> str:
    parts = (*app.header, *app.subheader, *app.markdown, *app.caption)
    numbers = (f"{each.label}: {each.value} {each.delta}" for each in app.metric)
    return "\n".join([*(element.value for element in parts), *numbers])


def said(app: AppTest, key: str) -> str:
    value = app.query_params.get(key, "")
    return value if isinstance(value, str) else value[0]


# The story as a whole -----------------------------------------------------------------------------


def test_the_story_is_told_from_the_first_scene_to_the_last_by_pressing_next():
    app = told("")
    headers = [app.header[0].value]
    for _ in range(len(SCENES) - 1):
        headers.append(press(app, "Next").header[0].value)
    assert len(set(headers)) == len(SCENES) == 8
    assert next(button for button in app.button if button.label == "Next").disabled
    press(app, "Back")
    assert said(app, "scene") == "package"


@pytest.mark.parametrize("name", names())
def test_no_scene_of_any_scenario_breaks(name):
    link = {"bet": "1", "veto": "1", "guess": "back", "under": "majority", "worlds": "200"}
    app = told("seat", scenario=name, **link)
    headers = []
    for scene in SCENES:
        app.query_params["scene"] = scene
        headers.append(again(app).header[0].value)
    assert len(set(headers)) >= 5, "these have something to tell of every scenario"


@pytest.mark.parametrize("name", precedents()[::12])
def test_the_story_of_a_decision_keeps_its_outcome_to_itself(name):
    app = told("seat", scenario=name, bet="0", worlds="200")
    for scene in SCENES:
        app.query_params["scene"] = scene
        assert "What happened" not in words(again(app))


def test_a_scene_without_anything_to_tell_is_left_out_and_a_link_to_it_says_so():
    app = told("vetoes", set="rule=majority")
    assert "has nothing to tell" in app.info[0].value
    assert "begins anew" in told("nonsense").warning[0].value


@pytest.mark.parametrize("key", ["bet", "veto"])
@pytest.mark.parametrize("value", ["-1", "1e9", "99", "x", "²"])
def test_what_a_link_cannot_mean_is_passed_over(key, value):
    for scene in ("bet", "reveal", "vetoes"):
        told(scene, **{key: value})


# Your seat and your bet ---------------------------------------------------------------------------


def test_the_seat_that_is_taken_is_told_what_it_would_say_alone():
    app = told("seat", member="PRT")
    assert app.subheader[0].value == "Portugal"
    assert "Alone, before you hear the others" in words(app)


@pytest.mark.parametrize("scene", ["seat", "bet"])
def test_nothing_gives_the_answer_away_before_the_bet(scene):
    shown = words(told(scene))
    assert "survive in most worlds:" not in shown
    assert "7 of 18" not in shown
    assert not told(scene).get("vega_lite_chart")


@pytest.mark.parametrize(
    ("bet", "judged"), [(7, "**Right.**"), (12, "**Too high**, by 5."), (3, "**Too low**, by 4.")]
)
def test_a_bet_is_placed_revealed_and_explained(bet, judged):
    app = told("bet")
    app.slider(key="bet slider").set_value(bet)
    press(app, "Place my bet")
    assert app.header[0].value == "7 of 18 clauses survive"
    assert judged in words(app)
    assert ("**N5.1** falls though" in words(app)) == (bet >= 7)
    assert said(app, "bet") == str(bet)
    assert len(app.get("vega_lite_chart")) == 1
    press(app, "Bet again")
    assert app.header[0].value == "Place your bet"


def test_there_is_no_reveal_without_a_bet():
    app = told("reveal")
    assert "First place your bet" in words(app)
    assert "7 of 18" not in words(app)
    press(app, "To the bet")
    assert app.slider


# Vetoes and rules ---------------------------------------------------------------------------------


def test_each_press_lets_one_more_speak_and_then_silences_one_after_the_other():
    app = told("vetoes")
    assert "N5.1 stands" in words(app)
    press(app, "Let Estonia speak")
    assert "**Estonia** breaks the silence in 60 % of worlds" in words(app)
    for name in ("Lithuania", "Latvia", "Poland"):
        press(app, f"Let {name} speak")
    assert "Worlds in which N5.1 is dead by now: 80 %" in words(app)
    for name in ("Estonia", "Lithuania", "Latvia", "Poland"):
        press(app, f"Silence {name}")
    assert "Worlds in which N5.1 survives: 66 %" in words(app)
    press(app, "One back")
    assert "a veto that is left is enough" in words(app)
    press(app, "Start again")
    assert "N5.1 stands" in words(app)


def test_another_rule_is_one_press_away():
    app = told("rule")
    assert "So it is decided here" in words(app)
    app = told("rule", under="majority")
    assert "N1.1, N3.1, N5.1 and N7.3 survive as well" in words(app)


# The puzzle ---------------------------------------------------------------------------------------


def test_the_loudest_three_do_not_carry_article_5():
    app = told("puzzle", picks="USA,DEU,FRA")
    press(app, "Persuade 3 members")
    assert "**Not yet.**" in words(app)
    assert "Worlds in which N5.1 survives: 28 % instead of 20 %" in words(app)
    assert "Estonia" in words(app).split("Most often brought down by")[1]


def test_more_than_three_are_not_taken():
    app = told("puzzle", picks="USA,DEU,FRA,POL")
    press(app, "Persuade 3 members")
    assert said(app, "tried") == "USA,DEU,FRA"


def test_a_hint_names_somebody_who_helps_most():
    app = press(told("puzzle", picks="EST,LTU", worlds="300"), "Hint")
    assert "Hint: **" in words(app)
    assert any(name in words(app).split("Hint: ")[1] for name in ("Latvia", "Poland"))


def test_three_cannot_do_it_and_four_win():
    app = press(told("puzzle", worlds="500"), "Can it be done?")
    assert "No: none of the 4,060 sets of 3 does it" in words(app)
    assert "The least is **4**" in words(app)
    app = told("puzzle", picks="EST,LTU,LVA,POL", proof="1", worlds="500")
    press(app, "Persuade 4 members")
    assert "**Won, with 4 members.**" in words(app)


def test_the_line_that_is_shown_is_what_was_played_and_opens_on_what_if():
    app = told("puzzle", tried="EST,POL")
    (line,) = [code.value for code in app.code]
    assert line == "members.EST.trust=0.84 members.POL.trust=0.84"
    changes = dict(part.split("=") for part in line.split())
    numbers = {address: float(value) for address, value in changes.items()}
    share = run(with_changes(load("draft-treaty-2021"), numbers)).survival["N5.1"]
    assert f"survives: {100 * share:.0f} %" in words(app)
    (button,) = [button for button in app.button if button.label == "Open on What if"]
    button.click()
    app.run()
    assert not app.exception
    assert app.text_input(key="set").value == line


def test_where_trust_is_not_the_matter_the_page_says_so():
    app = press(told("puzzle", scenario="opened-moderately", worlds="200"), "Can it be done?")
    assert "It is not a matter of trust" in words(app)


# Steps and the sandbox ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("guess", "verdict"),
    [
        ("Clause by clause, not one package", "**Right.**"),
        ("Russia steps back first", "**No.**"),
        ("Small steps, not all at once", "**No.**"),
    ],
)
def test_a_guess_comes_before_the_picture(guess, verdict):
    app = told("package")
    assert not app.get("vega_lite_chart")
    press(app, guess)
    assert verdict in words(app)
    assert len(app.get("vega_lite_chart")) == 1


def test_the_switches_choose_the_combination():
    link = {"guess": "back", "kind": "package"}
    assert "**None** of 18 clauses survives" in words(told("package", **link))
    app = told("package", guess="back", kind="steps")
    before = words(app)
    app.toggle(key="story back").set_value(True)
    again(app)
    assert said(app, "back") == "1"
    assert words(app) != before


def test_the_dials_of_the_sandbox_change_the_count_and_the_line():
    app = told("sandbox")
    assert app.metric[0].value == "7 of 18"
    app.selectbox(key="at rule").select("majority")
    again(app)
    assert app.metric[0].value == "11 of 18"
    assert app.text_input(key="set").value == "rule=majority"
    press(app, "All as in the file")
    assert app.metric[0].value == "7 of 18"


def test_the_front_page_leads_to_the_story_and_the_sandbox_away_from_it():
    app = AppTest.from_file(APP, default_timeout=120).run()
    (button,) = [button for button in app.button if button.label == "As a story"]
    button.click()
    app.run()
    assert app.header[0].value == "You are one of 30"
