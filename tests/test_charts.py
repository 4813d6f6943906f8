"""Pictures show what their tables say, and can be drawn."""

from __future__ import annotations

import json

import pytest

from sim import charts, explain, load, run, with_changes
from sim.analysis.compare import compare
from sim.charts.looks import FATES, STANCES

FLAGSHIP = load("draft-treaty-2021")
OUTCOME = run(FLAGSHIP, worlds=256)
MAJORITY = with_changes(FLAGSHIP, {"rule": "majority"})
PICTURES = {
    "survival": lambda: charts.survival(OUTCOME, "N5.1"),
    "matrix": lambda: charts.pointed(charts.matrix(OUTCOME), "POL", "N5.1"),
    "contributions": lambda: charts.contributions(explain(FLAGSHIP, "POL", "N5.1")),
    "difference": lambda: charts.difference(compare(FLAGSHIP, MAJORITY, worlds=256)),
}


def rows(picture) -> list[dict]:
    """All rows of all tables of a picture, which is checked against the schema on the way."""
    return [row for table in picture.to_dict()["datasets"].values() for row in table]


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_can_be_drawn_and_needs_nothing_from_elsewhere(name):
    drawing = pytest.importorskip("vl_convert")
    spec = PICTURES[name]().to_dict()
    assert "http" not in json.dumps({**spec, "$schema": ""})
    picture = drawing.vegalite_to_png(spec, scale=1)
    assert picture.startswith(b"\x89PNG")
    assert len(picture) > 8000


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_has_room_for_each_of_its_rows(name):
    spec = PICTURES[name]().to_dict()
    assert spec["height"]["step"] >= 20


def test_the_fates_of_a_clause_make_up_all_worlds():
    found: dict[str, dict[str, float]] = {}
    for row in rows(PICTURES["survival"]()):
        if "fate" in row:
            found.setdefault(row["id"], {})[row["fate"]] = row["share"]
    assert list(found) == list(OUTCOME.survival)
    for name, shares in found.items():
        assert set(shares) == set(FATES)
        assert sum(shares.values()) == pytest.approx(1)
        assert 1 - shares["Dead"] == pytest.approx(OUTCOME.survival[name])


def test_what_is_watered_down_is_told_from_what_stands_as_tabled():
    rounds = with_changes(FLAGSHIP, {"process.rounds": 6})
    shown = rows(charts.survival(run(rounds, worlds=256)))
    watered = {row["id"]: row["share"] for row in shown if row.get("fate") == "Watered down"}
    assert watered["N5.1"] > 0.1
    assert watered["N2.3"] == 0


def test_the_matrix_ends_with_the_verdict_of_the_alliance():
    shown = cells()
    assert len(shown) == 31 * 18
    verdicts = {row["clause"]: row["glyph"] for row in shown if row["member"] == charts.DECISION}
    glyphs = {clause: "✓" if share >= 0.5 else "✕" for clause, share in OUTCOME.survival.items()}
    assert verdicts == glyphs
    order = [row["member"] for row in shown]
    assert order[-1] == charts.DECISION
    assert order[0] in ("EST", "LVA", "LTU", "POL")
    against = [sum(row["objects"] for row in shown[n : n + 18]) for n in range(0, 30 * 18, 18)]
    assert against == sorted(against, reverse=True)


def test_a_cell_shows_what_a_member_does_most_often():
    found = {(row["member"], row["clause"]): row for row in cells()}
    supports, _, objects = STANCES
    assert found["EST", "N5.1"]["does"] == objects
    assert found["PRT", "N5.1"]["does"] == supports
    assert min(cell["share"] for cell in found.values()) >= 1 / 3


def test_an_edge_goes_around_the_cell_that_is_looked_at_and_nothing_else_is_drawn_anew():
    whole = charts.matrix(OUTCOME).packed()
    pointed = charts.pointed(whole, "POL", "N5.1")
    assert whole.to_dict()["datasets"]["chosen"] == []
    assert pointed.to_dict()["datasets"]["chosen"] == [{"member": "POL", "clause": "N5.1"}]
    assert pointed.arrow == {"cells": whole.arrow["cells"]}
    assert pointed.form == whole.form


def cells() -> list[dict]:
    return PICTURES["matrix"]().to_dict()["datasets"]["cells"]


def test_the_sum_of_a_member_ends_in_what_it_says():
    why = explain(FLAGSHIP, "POL", "N5.1")
    terms = [
        (row["term"], row["value"]) for row in rows(charts.contributions(why)) if "term" in row
    ]
    *interests, itself, others, says = terms
    assert sum(value for _, value in interests) == pytest.approx(itself[1])
    assert itself[1] + others[1] == pytest.approx(says[1])
    assert says == ("So it says", pytest.approx(why.expressed))


def test_a_difference_shows_where_each_clause_was_and_is():
    shown = {row["label"].split()[0]: row for row in rows(PICTURES["difference"]())}
    assert shown["N5.1"]["before"] == OUTCOME.survival["N5.1"]
    assert shown["N5.1"]["after"] == run(MAJORITY, worlds=256).survival["N5.1"]
    assert shown["N5.1"]["move"] == "Survives more often"
    assert shown["N2.3"]["move"] == "As before"
