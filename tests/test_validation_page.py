"""The page Validation: its pictures, its sentences, its list of decisions, and what it says without."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib import resources

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from dashboard import controls, results
from sim import charts, load
from sim.analysis import record as module
from sim.analysis.record import record
from sim.analysis.scores import Bin
from sim.analysis.validation import validate
from sim.scenario import names, precedents
from sim.story import decisions
from sim.story import validation as story
from tests.test_fitting import few

APP = str(resources.files("dashboard") / "app.py")
REAL = (
    *("precedents/map-2008", "precedents/founding-act-1997", "precedents/turkey-2003"),
    *("precedents/finland-2022", "precedents/article5-2001"),
)
"""Decisions in whose names the made-up ones stand, so that they can be played; one keeps its own."""


@pytest.fixture(scope="module")
def written():
    found = json.loads(json.dumps(validate(few(), worlds=256, points=32, draws=3).as_json()))
    for row, name in zip(found["cases"], REAL):
        row |= {"name": name, "title": load(name).about.title}
    found["cases"][0]["basis"] = found["cases"][3]["basis"] = "matter"
    found["contests"]["matter"] = found["contests"]["all"] | {"label": "matters", "rows": []}
    for row in found["contests"]["all"]["rows"]:
        found["contests"]["matter"]["rows"].append(row | {"outcome": 0.5, "members": 0.1})
    return found


@pytest.fixture
def shipped(written, tmp_path, monkeypatch):
    """The folder in which the page finds its record."""
    monkeypatch.setattr("sys.argv", ["app.py"])
    monkeypatch.setattr(module, "shipped", lambda: tmp_path)
    (tmp_path / module.FILE).write_text(json.dumps(written), "utf-8")
    cached = (results.record, results.reliability, results.contest, results.learned)
    for each in cached:
        each.clear()
    yield tmp_path
    for each in cached:
        each.clear()


@pytest.fixture
def kept(written):
    return record(written)


def opened(**asked) -> AppTest:
    app = AppTest.from_file(APP, default_timeout=90)
    app._page_hash = calc_hash("validation")
    app.query_params["worlds"] = "100"
    for key, value in asked.items():
        app.session_state[key] = value
    return turned(app)


def turned(app: AppTest) -> AppTest:
    app.run()
    assert not app.exception
    return app


def words(app: AppTest) -> str:
    return "\n".join(part.value for part in (*app.markdown, *app.caption, *app.subheader))


def listed(app: AppTest) -> list[str]:
    """The decisions of the list."""
    return [part.label for part in app.expander if " · " in part.label]


# The page -----------------------------------------------------------------------------------------


def test_the_result_is_said_first_whichever_it_is(shipped, kept):
    app = opened()
    assert [part.value for part in app.markdown][:2] == [story.result(kept), story.advice(kept)]
    assert "Nothing on this page hangs on the scenario" in words(app)
    assert len(app.get("vega_lite_chart")) == 5
    for line in story.LIMITS:
        assert line in words(app)


def test_the_page_is_the_same_whatever_is_asked(shipped):
    app = opened()
    before = [part.value for part in app.markdown]
    app.text_input(key="set").set_value("rule=majority")
    assert [part.value for part in turned(app).markdown] == before


def test_every_decision_is_listed_with_right_or_wrong_in_a_word(shipped, kept):
    app = opened()
    assert len(listed(app)) == len(kept.cases) == 6
    for line in listed(app):
        assert line.startswith(("✓ Right · ", "✕ Wrong · ", "◐ Right, but not on who · "))


@pytest.mark.parametrize("kind", ["fails", "data", "matter"])
def test_the_list_shows_what_fails_or_one_basis(shipped, kept, kind):
    app = opened()
    app.segmented_control(key="listed").set_value(kind)
    wanted = [row for row in kept.cases if (row.fails if kind == "fails" else row.basis == kind)]
    assert sorted(listed(turned(app))) == sorted(map(decisions.in_short, wanted))


def test_what_is_known_of_a_decision_is_made_once_it_is_opened(shipped):
    assert "What became of it" not in words(opened())
    app = opened(**{f"open {REAL[0]}": True})
    assert words(app).count("What became of it") == 1
    assert [button.key for button in app.button if (button.key or "")[:4] == "play"] == [
        f"play {REAL[0]}"
    ]


def test_a_decision_that_is_no_scenario_cannot_be_played(shipped, kept):
    app = opened(**{f"open {kept.cases[-1].name}": True})
    assert "What became of it" in words(app)
    assert not [button for button in app.button if (button.key or "")[:4] == "play"]


def test_a_decision_is_played_on_the_front_page(shipped):
    app = opened(**{f"open {REAL[0]}": True})
    app.button(key=f"play {REAL[0]}").click()
    turned(app)
    assert app.selectbox(key="scenario").value == REAL[0]
    assert "blocked by Germany and France" in words(app)
    assert not app.header, "the page Validation has one"


def test_all_scores_stand_in_a_table(shipped, kept):
    app = opened(**{"open scores": True})
    table = app.dataframe[0].value
    assert len(table) == 2 * sum(len(contest.rows) for contest in kept.contests.values())
    model = table[(table["Forecast"] == kept.whole.model.label) & (table["Of"] == "outcome")]
    assert model["Brier"].iloc[0] == pytest.approx(kept.whole.model.outcome, abs=1e-4)
    assert model["Difference"].isna().all()


def test_the_reply_is_scored_clause_by_clause_and_called_a_check_in_sample(shipped, kept):
    app = opened()
    assert "A consistency check in sample: the reply of 26 January 2022" in words(app)
    table = app.dataframe[0].value
    marks = table.set_index("Clause")["Right"]
    for row in kept.reply.answers:
        wanted = {True: "✓ right", False: "✕ wrong", None: "not scored"}[row.right]
        assert marks[row.clause] == wanted


def test_the_contest_is_shown_on_parts_of_the_decisions(shipped):
    app = opened()
    before = [chart.proto for chart in app.get("vega_lite_chart")]
    choice = next(box for box in app.selectbox if box.label == "On which decisions")
    choice.set_value("matter")
    after = [chart.proto for chart in turned(app).get("vega_lite_chart")]
    same = [one == other for one, other in zip(before, after, strict=True)]
    assert same == [True, True, False, False, True]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "cannot be read: No such file"),
        ("{", "is not JSON"),
        ("{}", "says nothing of"),
        ("[1]", "something in the wrong place"),
    ],
)
def test_without_a_record_the_page_says_so_in_one_sentence(shipped, text, said):
    place = shipped / module.FILE
    place.unlink()
    if text is not None:
        place.write_text(text, "utf-8")
    app = opened()
    (error,) = app.error
    assert said in error.value
    assert "oneveto validate --json" in error.value
    assert str(shipped) not in error.value


# Decisions as scenarios ---------------------------------------------------------------------------


def test_decisions_are_offered_after_the_other_scenarios_and_no_title_is_there_twice():
    titles = results.titles()
    assert list(titles) == [*names(), *precedents()]
    assert len(set(titles.values())) == len(titles)
    decided = [title.startswith(results.DECIDED) for title in titles.values()]
    assert decided == sorted(decided)


def front(name: str, page: str = "") -> AppTest:
    app = AppTest.from_file(APP, default_timeout=90)
    app._page_hash = calc_hash(page) if page else ""
    app.query_params["scenario"], app.query_params["worlds"] = name, "100"
    return turned(app)


@pytest.mark.parametrize("name", ["precedents/map-2008", "precedents/est-2009"])
def test_a_link_to_a_decision_plays_it_and_says_what_happened(monkeypatch, name):
    monkeypatch.setattr("sys.argv", ["app.py"])
    app, happened = front(name), load(name).happened
    assert app.selectbox(key="scenario").value == name
    assert not app.warning
    assert happened.ending in words(app)


@pytest.mark.slow
@pytest.mark.parametrize("name", precedents())
def test_every_decision_has_a_front_page(monkeypatch, name):
    monkeypatch.setattr("sys.argv", ["app.py"])
    app = front(name)
    assert not app.error
    assert len(app.get("vega_lite_chart")) == 3


@pytest.mark.parametrize("page", ["what-if", "rules", "why", "negotiation", "about"])
def test_a_decision_has_all_other_pages(monkeypatch, page):
    monkeypatch.setattr("sys.argv", ["app.py"])
    assert not front("precedents/osce-chair-2023", page).error


def test_what_is_no_decision_has_no_known_outcome():
    assert decisions.known_outcome(load("draft-treaty-2021")) == ""
    assert controls.VISIT != controls.SCENARIO


# Sentences ----------------------------------------------------------------------------------------

NAMES = {"AAA": "Alpha", "BBB": "Beta"}


def test_nobody_is_likeliest_where_all_are_put_at_the_same(kept):
    row = replace(kept.cases[0], named=(), chances={"AAA": 0.01, "BBB": 0.01})
    assert decisions.was_said(row, NAMES).endswith("nobody named, everybody put at 1 %.")
    row = replace(kept.cases[0], named=(), chances={"AAA": 0.3, "BBB": 0.01})
    assert decisions.was_said(row, NAMES).endswith("likeliest to break the silence: Alpha (30 %).")


def test_a_decision_that_was_not_adopted_may_have_had_no_known_blocker():
    assert decisions.happened(False, (), NAMES) == "not adopted as first put"
    assert decisions.happened(False, ("AAA",), NAMES).endswith("; blocked by Alpha")
    assert "nobody" in decisions.happened(True, (), NAMES)


def test_reliability_is_said_to_be_off_where_it_is(kept):
    bins = kept.member_reliability
    honest = [row for row in bins if row.honest]
    assert "in every group" in story.honesty(honest, "did")
    off = Bin(0.8, 1.0, 10, 0.95, 2, (0.06, 0.51))
    said = story.honesty([*honest, off], "did")
    assert f"off in 1 of {len(honest) + 1} groups: said 95 %, did in 20 % (2 of 10)." in said


# Pictures -----------------------------------------------------------------------------------------

PICTURES = {
    "outcomes": lambda kept: charts.reliability(kept.outcome_reliability, "Said", "Happened"),
    "members": lambda kept: charts.reliability(kept.member_reliability, "Said", "Happened"),
    "contest": lambda kept: charts.contest(kept.whole, story.of_outcome),
    "learned": lambda kept: charts.learned(kept.learned),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_can_be_drawn_and_needs_nothing_from_elsewhere(kept, name):
    drawing = pytest.importorskip("vl_convert")
    spec = PICTURES[name](kept).to_dict()
    assert "http" not in json.dumps({**spec, "$schema": ""})
    assert drawing.vegalite_to_png(spec, scale=1).startswith(b"\x89PNG")


@pytest.mark.parametrize("name", PICTURES)
def test_the_form_of_a_picture_is_the_same_whatever_it_shows(kept, name):
    assert PICTURES[name](kept).form is PICTURES[name](kept).form


def test_a_reliability_diagram_shows_every_group_with_its_interval_and_number(kept):
    for bins in (kept.outcome_reliability, kept.member_reliability):
        shown = charts.reliability(bins, "Said", "Happened").to_dict()["datasets"]["bins"]
        assert [(row["said"], row["share"], row["low"], row["high"]) for row in shown] == [
            (row.said, row.share, *row.interval) for row in bins
        ]
        assert [row["shown"] for row in shown] == [f"{row.count:,}" for row in bins]
        assert [row["fits"] == "outside" for row in shown] == [not row.honest for row in bins]


def test_a_contest_shows_whom_the_model_beats(kept):
    for pick in (story.of_outcome, story.of_members):
        shown = charts.contest(kept.whole, pick).to_dict()["datasets"]["rivals"]
        assert len(shown) == len(kept.whole.rivals)
        for row, rival in zip(shown, kept.whole.rivals):
            score, gap = pick(rival)
            assert (row["brier"], row["mean"], row["low"], row["high"]) == (
                *(score, gap.mean),
                *(gap.low, gap.high),
            )
            assert row["label"] == f"{rival.label} ({score:.3f}): {story.standing(gap)}"


def test_a_shared_number_is_shown_as_a_multiple_of_what_was_thought_before(kept):
    tables = charts.learned(kept.learned).to_dict()["datasets"]
    assert [row["times"] for row in tables["before"]] == [1.0] * len(kept.learned)
    for row, number in zip(tables["after"], kept.learned):
        assert row["times"] == pytest.approx(number.value / number.centre)
        assert row["low"] <= row["times"] <= row["high"]
