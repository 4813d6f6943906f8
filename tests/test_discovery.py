"""Boxes: planted ones are found, those of the flagship hold on other worlds, and none are made up."""

from __future__ import annotations

import json
import sys
from dataclasses import replace

import numpy as np
import pytest
from typer.testing import CliRunner

from sim import charts, cli, load, run, with_changes
from sim.analysis.boxes import CHANCE, Box, Limit, boxes, fit
from sim.analysis.cells import done
from sim.analysis.discovery import Search
from sim.analysis.experiments import EACH, Design, Table, ranges
from sim.dice import generator
from sim.errors import OnevetoError, RequestError
from sim.story import discovery as story
from sim.worlds import Sampler

FLAGSHIP = load("draft-treaty-2021")


def uniform(count=4000, names="abcdef", seed=0):
    """Worlds over the unit cube."""
    return dict(zip(names, generator(seed, "planted").random((len(names), count))))


# Planted ------------------------------------------------------------------------------------------


def planted(values):
    return (values["a"] > 0.6) & (values["b"] < 0.4) & (values["c"] > 0.3)


def test_a_planted_box_is_found():
    table = Table(uniform(), planted(uniform()))
    (box,) = boxes(table, most=1)
    found = fit(box.holds(table), table.happened)
    assert found.coverage >= 0.9
    assert found.density >= 0.9
    assert set(box.limits) == {"a", "b", "c"}
    assert box.limits["a"].low == pytest.approx(0.6, abs=0.03)
    assert box.limits["a"].high is None
    assert box.limits["b"].high == pytest.approx(0.4, abs=0.03)
    assert box.limits["c"].low == pytest.approx(0.3, abs=0.03)


def test_a_planted_box_is_found_through_noise_and_holds_on_other_worlds():
    values, others = uniform(), uniform(seed=1)
    noise = generator(2, "noise").random((2, 4000)) < 0.03
    table = Table(values, planted(values) ^ noise[0])
    again = Table(others, planted(others) ^ noise[1])
    (box,) = boxes(table, most=1)
    assert set(box.limits) == {"a", "b", "c"}
    assert fit(box.holds(again), planted(others)).coverage >= 0.9
    assert fit(box.holds(again), planted(others)).density >= 0.9


def test_two_regions_are_two_boxes():
    values = uniform()
    table = Table(values, (values["a"] > 0.75) | (values["b"] < 0.2))
    found = boxes(table, most=3)
    assert [set(box.limits) for box in found] == [{"b"}, {"a"}]
    assert (found[0].holds(table) | found[1].holds(table))[table.happened].mean() > 0.95


def test_chance_makes_no_box():
    table = Table(uniform(), generator(9, "coin").random(4000) < 0.5)
    assert boxes(table) == ()


@pytest.mark.parametrize("often", [0, 1, 3999, 4000])
def test_what_happens_nearly_never_or_always_has_no_box(often):
    assert boxes(Table(uniform(), np.arange(4000) < often)) == ()


def test_limits_are_as_precise_as_they_are_said():
    values = {"small": uniform()["a"] * 0.12, "large": uniform()["b"] * 40}
    (box,) = boxes(Table(values, (values["small"] > 0.06) & (values["large"] > 20)), most=1)
    assert box.limits["small"].low == round(box.limits["small"].low, 3)
    assert box.limits["large"].low == round(box.limits["large"].low, 1)
    assert all(limit.chance <= CHANCE for limit in box.limits.values())


def test_who_wants_coverage_gets_a_wider_box():
    values = uniform(2000)
    chance = generator(3, "slope").random(2000) < (values["a"] + values["b"]) / 2
    table = Table(values, chance)
    narrow, wide = (boxes(table, most=1, weight=weight)[0] for weight in (0.2, 0.7))
    one, other = (fit(box.holds(table), chance) for box in (narrow, wide))
    assert one.density > other.density
    assert one.coverage < other.coverage


def test_coverage_and_density_by_hand():
    inside, happened = np.array([1, 1, 1, 0, 0], bool), np.array([1, 1, 0, 1, 0], bool)
    found = fit(inside, happened)
    assert (found.coverage, found.density, found.mass) == (2 / 3, 2 / 3, 3 / 5)


# Experiments --------------------------------------------------------------------------------------


def test_the_dice_mean_what_the_council_was_dealt():
    varied = ranges(FLAGSHIP, "N5.1", ["cohesion=.2:.7", "resolve"])
    design = Design(FLAGSHIP, "N5.1", varied, 4, 7)
    table = design.play(0, 4)
    assert table.values["cohesion"].min() > 0.2
    assert table.values["cohesion"].max() < 0.7
    for place in range(4):
        rows = slice(place * EACH, (place + 1) * EACH)
        (resolve,) = set(table.values["resolve"][rows])
        changed = with_changes(
            FLAGSHIP,
            {
                "assumptions.cohesion": 0.45,
                "assumptions.cohesion.band": 0.25,
                "assumptions.cohesion.dist": "uniform",
                "members.*.resolve": resolve,
            },
        )
        dealt = Sampler(changed, 7).worlds(rows.start, rows.stop)
        np.testing.assert_allclose(
            table.values["cohesion"][rows], dealt.cohesion[dealt.shown], atol=1e-6
        )
    whole = run(changed, worlds=rows.stop, seed=7).tally.adopted
    before = run(changed, worlds=rows.start, seed=7).tally.adopted
    place = list(FLAGSHIP.clauses).index("N5.1")
    assert table.happened[rows].sum() == whole[place] - before[place]


def test_a_design_fills_each_range_evenly():
    varied = ranges(FLAGSHIP, "N5.1", ["resolve", "opening=.4:1"])
    table = Design(FLAGSHIP, "N5.1", varied, 8, 0).play(0, 8)
    for name, low, high in (("resolve", 0, 0.12), ("opening", 0.4, 1)):
        shares = (np.unique(table.values[name]) - low) / (high - low)
        np.testing.assert_array_equal(np.floor(shares * 8), np.arange(8))


def test_what_somebody_chooses_and_what_was_not_seen_is_no_assumption():
    names = [varied.name for varied in ranges(FLAGSHIP, "N5.1")]
    assert names == ["cohesion", "trust", "resolve", "pretext", "broken_agreements", "build_up"]
    assert "audience" in [varied.name for varied in ranges(load("negotiated-2021"), "N5.1")]


def test_an_address_without_a_dial_can_be_varied():
    (varied,) = ranges(FLAGSHIP, "N5.1", ["members.POL.exposure.deterrence=.5:2"])
    assert (varied.low, varied.high, varied.address) == (0.5, 2, None)


# The flagship -------------------------------------------------------------------------------------


WORK = Search(FLAGSHIP, "N5.1", worlds=4000)


@pytest.fixture(scope="module")
def parts():
    return [WORK.cell(cell) for cell in WORK.cells]


@pytest.fixture(scope="module")
def found(parts):
    return WORK.result(parts)


def test_the_box_of_the_missile_clause_holds_on_worlds_of_another_seed(found):
    """Within .05, as 4,000 worlds in 125 settings allow."""
    (first, *_) = found.regions
    assert list(first.box.limits)[:2] == ["cohesion", "trust"]
    assert first.fit.density > found.share + 0.2
    assert first.again.density == pytest.approx(first.fit.density, abs=0.05)
    assert first.again.coverage == pytest.approx(first.fit.coverage, abs=0.05)


def test_a_wrong_box_would_fail_that_test(found):
    """The opposite side of cohesion, or half of the way to it, is out by far more."""
    (first, *_) = found.regions
    for limit in (Limit(None, first.box.limits["cohesion"].low, 0.0), Limit(0.1, None, 0.0)):
        wrong = Box({**first.box.limits, "cohesion": limit})
        how = fit(wrong.holds(found.table), found.table.happened)
        assert abs(how.density - first.fit.density) > 0.08


def test_the_same_seed_finds_the_same_boxes_whoever_does_the_cells(parts, found):
    for place in (-1, 5, 0):
        again = Search(FLAGSHIP, "N5.1", worlds=4000).cell(WORK.cells[place])
        np.testing.assert_array_equal(again.frame(), parts[place].frame())
    assert WORK.result(parts) == found


def test_the_sentence_says_what_was_measured(found):
    (first, *_) = found.regions
    low = first.box.limits["cohesion"].low
    said = story.region(found, first)
    assert said.startswith(f"N5.1 survives where cohesion is above {low:g}".replace("0.", "."))
    assert f"in {100 * first.fit.density:.0f} % of such worlds" in said
    assert f"which are {100 * first.fit.coverage:.0f} % of all in which it survives" in said
    assert f"another seed: in {100 * first.again.density:.0f} %" in said
    json.dumps(found.as_json(), allow_nan=False)
    assert list(found.frame()["dial"])[:2] == ["cohesion", "trust"]


def test_a_box_that_is_luck_is_said_to_be(found):
    (first, *_) = found.regions
    assert story.stands_the_test(found, first)
    assert "does not stand the test" not in story.region(found, first)
    luck = replace(first, again=replace(first.again, density=found.share_again + 0.01))
    assert "It does not stand the test. On worlds of another seed:" in story.region(found, luck)


def test_where_it_falls_is_the_other_side():
    work = Search(FLAGSHIP, "N5.1", worlds=1000, falls=True)
    fallen, stood = work.cell(work.cells[0]), replace(work, falls=False).cell(work.cells[0])
    np.testing.assert_array_equal(fallen.happened, ~stood.happened)


@pytest.mark.parametrize(
    ("scenario", "clause", "word"),
    [("draft-treaty-2021", "N6.1", "never"), ("three-neighbours", "hotline", "always")],
)
def test_a_clause_without_a_region_has_a_sentence(scenario, clause, word):
    found = done(Search(load(scenario), clause, wanted=("cohesion",), worlds=1000))
    assert found.regions == ()
    assert story.overall(found) == (
        f"{clause} {word} survives in 1,024 worlds spread over all that is varied: there is no region."
    )
    json.dumps(found.as_json(), allow_nan=False)


def test_pictures_show_the_box_and_the_worlds(found):
    vl_convert = pytest.importorskip("vl_convert")
    pictures = charts.boxes(found), charts.limits(found, found.regions[0])
    rows = [
        [row for table in picture.to_dict()["datasets"].values() for row in table]
        for picture in pictures
    ]
    corners = [row for row in rows[0] if "bottom" in row]
    assert {corner["label"][0] for corner in corners} == {
        str(number) for number in range(1, len(found.regions) + 1)
    }
    assert corners[0]["left"] == found.regions[0].box.limits["cohesion"].low
    assert {row["fate"] for row in rows[0] if "fate" in row} == {"Survives", "Falls"}
    assert len([row for row in rows[1] if row["limited"]]) == len(found.regions[0].box.limits)
    for picture in pictures:
        assert vl_convert.vegalite_to_png(picture.to_dict()).startswith(b"\x89PNG")


# Commands -----------------------------------------------------------------------------------------


def ran(*arguments):
    return CliRunner().invoke(cli.app, ["discover", "draft-treaty-2021", *arguments])


def test_the_command_prints_json():
    found = json.loads(ran("N6.1", "--worlds", "1000", "--vary", "cohesion", "--json").stdout)
    assert list(found)[:2] == ["schema", "scenario"]
    assert found["varied"] == [{"dial": "cohesion", "title": "Cohesion", "low": 0, "high": 1}]
    assert found["boxes"] == []


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["POL"], "`POL` is a member; write a clause"),
        (["N5.1", "--vary", "cohesin"], "Did you mean `cohesion`?"),
        (["N5.1", "--vary", "cohesion=.6:.2"], "runs backwards; write cohesion=.2:.6"),
        (["N5.1", "--vary", "cohesion=.2:.2"], "is empty; its two ends must differ"),
        (["N5.1", "--vary", "cohesion=0:x"], "`x` is no number"),
        (["N5.1", "--vary", "cohesion=0:nan"], "`nan` is no number"),
        (["N5.1", "--vary", "cohesion=0:3"], "must lie between 0 and 1"),
        (["N5.1", "--vary", "members.POL.trst=0:1"], "Did you mean `trust`?"),
        (["N5.1", "--vary", "cohesion", "--vary", "assumptions.cohesion=0:.5"], "varied twice"),
        (["N5.1", "--worlds", "10"], "write a whole number from 1000"),
    ],
)
def test_what_makes_no_sense_has_a_sentence(arguments, sentence):
    found = ran(*arguments)
    assert isinstance(found.exception, OnevetoError)
    assert sentence in str(found.exception)


def test_a_missing_library_has_a_sentence(monkeypatch):
    monkeypatch.setitem(sys.modules, "ema_workbench", None)
    with pytest.raises(
        RequestError, match=r"needs ema-workbench.*pip install 'oneveto\[analysis\]'"
    ):
        Search(FLAGSHIP, "N5.1")
