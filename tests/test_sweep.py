"""Sweeps: what may be asked, and what comes out."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from sim import load, run, with_changes
from sim.errors import RequestError
from sim.sweep import frames, read, sweep, work
from sim.sweep.extremes import reaches
from sim.sweep.plan import Plan, Vary, plan, typed
from tests.sweeps import SMALL, TOY, VARIES
from tests.test_cli import FLAGSHIP, oneveto

# What is asked ------------------------------------------------------------------------------------


def test_a_range_has_both_ends_and_a_tenth_is_a_tenth():
    vary = typed(load(FLAGSHIP), "assumptions.trust=-2:2:41")
    assert vary.values[:3] == (-2, -1.9, -1.8)
    assert vary.values[20:22] == (0, 0.1)
    assert (len(vary.values), vary.values[-1]) == (41, 2)


def test_a_list_is_read_as_changes_are_and_a_colon_belongs_to_a_word():
    scenario = load(FLAGSHIP)
    assert typed(scenario, "evidence.build_up=0,1,2").values == (0, 1, 2)
    assert typed(scenario, "rule=consensus,only:USA").values == ("consensus", "only:USA")
    assert typed(scenario, "members.drop=HUN,TUR").values == ("HUN", "TUR")


def test_numbers_of_numpy_are_numbers():
    typed_in, given = (
        plan(load(TOY), varies, worlds=1, seed=0)
        for varies in (
            ["assumptions.trust=-2,0.5", "process.rounds=1,2"],
            {"assumptions.trust": np.array([-2, 0.5]), "process.rounds": np.arange(1, 3)},
        )
    )
    assert json.dumps(given.manifest()["varies"]) == json.dumps(
        [
            {"address": "assumptions.trust", "values": [-2.0, 0.5]},
            {"address": "process.rounds", "values": [1, 2]},
        ]
    )
    assert given.values(3) == typed_in.values(3)


def test_cells_are_numbered_as_digits_are():
    asked = plan(load(TOY), ["process.rounds=1:3:3", "rule=consensus,majority"], worlds=1, seed=0)
    assert [tuple(asked.values(cell).values()) for cell in range(asked.cells)] == [
        (1, "consensus"),
        (1, "majority"),
        (2, "consensus"),
        (2, "majority"),
        (3, "consensus"),
        (3, "majority"),
    ]


@pytest.mark.parametrize("cells", [1, 15, 17, 123, 16_001, 10**5])
@pytest.mark.parametrize("worlds", [1, 500, 10_000, 10**9])
def test_parts_are_neither_many_nor_large_and_hold_every_cell_once(cells, worlds):
    asked = Plan(load(TOY), (Vary("assumptions.trust", (0.0,) * cells),), worlds, 0)
    assert len(asked.cells_of(0)) <= 1000
    assert len(asked.cells_of(0)) * worlds <= max(2**20, worlds)
    assert asked.parts >= min(cells, 9)
    assert sum(len(asked.cells_of(part)) for part in range(asked.parts)) == cells


# What comes out -----------------------------------------------------------------------------------


def test_a_cell_is_what_a_run_with_its_changes_counts(whole):
    rows = read(whole).set_index(["cell", "clause"])
    asked = plan(load(TOY), VARIES, **SMALL)
    for cell in (0, 7, 17):
        changed = with_changes(load(TOY), asked.values(cell))
        outcome = run(changed, **SMALL)
        tally = outcome.tally
        assert rows.loc[(cell, "treaty"), "adopted"] == tally.treaty
        for place, clause in enumerate(changed.clauses):
            row, measured = rows.loc[(cell, clause)], outcome.measures()[clause]
            assert row["rule"] == changed.rule.name
            assert row["worlds"] == SMALL["worlds"]
            for name in ("adopted", "as_tabled", "delivered", "bought", "withdrawn"):
                assert row[name] == getattr(tally, name)[place]
            assert row["objections"] == tally.objects[:, place].sum()
            assert row["supports"] == tally.supports[:, place].sum()
            assert row["survival"] == measured["survival"]
            assert (row["survival_low"], row["survival_high"]) == measured["interval"]
            for who, often, share in (
                ("blocker", "blocks", "blockers"),
                ("sole_blocker", "blocks_alone", "sole_blockers"),
            ):
                first = next(iter(measured[share].items()), (None, 0))
                assert (None if pd.isna(row[who]) else row[who]) == first[0]
                assert row[often] / SMALL["worlds"] == first[1]


def test_a_cell_that_is_larger_than_a_task_is_what_a_run_counts(tmp_path, monkeypatch):
    monkeypatch.setattr(work, "SMALLEST", 1024)
    monkeypatch.setattr(work, "LARGEST", 1024)
    sweep(TOY, ["rule=majority"], out=tmp_path / "a", worlds=5000)
    found = read(tmp_path / "a").set_index("clause")["adopted"]
    tally = run(with_changes(load(TOY), {"rule": "majority"}), worlds=5000).tally
    assert found.tolist() == [tally.treaty, *tally.adopted]


def test_who_sits_at_the_table_may_vary(tmp_path):
    varies = {"members.drop": [["HILL"], ["SEA"], []]}
    found = sweep(TOY, varies, out=tmp_path / "a", worlds=200).frame()
    strip = found[found["clause"] == "strip"]
    assert strip["members.drop"].tolist() == ["HILL", "SEA", ""]
    assert strip["blocker"].isna().tolist() == [True, False, False]
    assert set(strip["blocker"].dropna()) == {"HILL"}


def test_the_folder_as_a_whole_is_one_table_for_others(whole):
    theirs, ours = pd.read_parquet(whole), read(whole)
    assert theirs["cell"].tolist() == ours["cell"].tolist()
    assert len(theirs) == 18 * 3
    assert ours["as_tabled"].dtype == pd.Int64Dtype()
    assert ours["assumptions.cohesion"].unique()[1] == 0.05


def test_the_extremes_are_those_of_the_whole_table(whole):
    rows = read(whole)
    for reach in reaches(frames(whole)):
        survival = rows[rows["clause"] == reach.clause].set_index("cell")["survival"]
        assert (reach.lowest.survival, reach.lowest.cell) == (survival.min(), survival.idxmin())
        assert (reach.highest.survival, reach.highest.cell) == (survival.max(), survival.idxmax())


def test_counts_add_up_over_pieces():
    asked = plan(load(TOY), VARIES, worlds=600, seed=1)
    pieces = [(3, 0, 600), (3, 0, 512), (3, 512, 600)]
    (_, whole_cell), (_, first), (_, rest) = work.play(asked, pieces)
    assert np.array_equal(whole_cell, first + rest)


# Bad input ----------------------------------------------------------------------------------------

BAD = {
    "assumptions.trust": "varies nothing; write ADDRESS=VALUES",
    "assumptions.trust=": "varies nothing",
    "=1:2:3": "varies nothing",
    "assumptions.trust=2:-2:41": "runs backwards; write assumptions.trust=-2:2:41",
    "assumptions.trust=0:0:5": "is empty",
    "assumptions.trust=0:1:0": "is empty",
    "assumptions.trust=0:1:1": "for one value write assumptions.trust=0",
    "assumptions.trust=0:1:1.5": "`1.5` is no count",
    "assumptions.trust=0:1:-3": "`-3` is no count",
    "assumptions.trust=0:1:99999999999999999999999": "too many values",
    "assumptions.trust=0:1": "is no range; write LOW:HIGH:COUNT",
    "assumptions.trust=0:1:2:3": "is no range",
    "assumptions.trust=a:1:3": "`a` is no number",
    "assumptions.trust=nan:1:3": "`nan` is no number",
    "assumptions.trust=0:1e999:3": "`1e999` is no number",
    "assumptions.trust=nan,1": "is to be nan, which is no number",
    "assumptions.trust=1,,2": "has an empty place between commas",
    "assumptions.trust=1,2,1.0": "`assumptions.trust=1` is asked twice",
    "assumptions.trsut=0:1:3": "Did you mean `trust`?",
    "trust=0,1": "Did you mean `assumptions.trust`?",
    "assumptions.trust=high,low": "the cell assumptions.trust=high: ",
    "assumptions.cohesion=0:2:41": "the cell assumptions.cohesion=1.05: ",
    "rule=consensus,mojority": "Did you mean `majority`?",
    "about.title=a,b": "names nothing that can be changed",
}


@pytest.mark.parametrize("vary", BAD)
def test_bad_input_is_one_sentence_and_nothing_is_made(vary, tmp_path, capsys):
    out = tmp_path / "a"
    code, printed, said = oneveto(
        "sweep", FLAGSHIP, "--vary", vary, "--out", str(out), capsys=capsys
    )
    assert (code, printed) == (2, "")
    assert BAD[vary] in said
    assert said.count("\n") == 1
    assert not out.exists()


TWICE = {
    ("assumptions.trust=0,1", "assumptions.trust=2,3"): "varies twice",
    ("rule=consensus", "rule.name=majority"): "rule varies and rule.name too",
    ("members.POL.trust=.1,.2", "members.*.trust=.3,.4"): "which covers it",
}


@pytest.mark.parametrize("varies", TWICE)
def test_what_a_later_one_covers_would_say_nothing(varies, tmp_path):
    with pytest.raises(RequestError, match=TWICE[varies]):
        sweep(FLAGSHIP, varies, out=tmp_path / "a")
    assert not (tmp_path / "a").exists()


def test_a_value_that_does_not_fit_is_found_before_a_large_sweep_begins(tmp_path):
    for varies in (
        ["assumptions.trust=-2:2:1001", "evidence.build_up=0,1,5000"],
        ["assumptions.trust=-2:2:1001", "members.POL.trust=.1:.9:1001"],
    ):
        with pytest.raises(RequestError, match="the cell "):
            sweep(FLAGSHIP, varies, out=tmp_path / "a", worlds=10**6)
    assert not (tmp_path / "a").exists()


def test_python_is_told_so_too(tmp_path):
    for varies, said in (
        ([], "nothing varies"),
        ({"rule": []}, "no values"),
        ({"rule": "majority"}, r"write a list, as \['majority'\]"),
        ({"assumptions.trust": 0.5}, r"write a list, as \[0\.5\]"),
        ({"assumptions.trust": range(10**4), "proposer.budget": range(10**6)}, "that makes"),
    ):
        with pytest.raises(RequestError, match=said):
            sweep(TOY, varies, out=tmp_path / "a")


def test_what_is_set_does_not_vary_as_well():
    scenario = with_changes(load(TOY), {"assumptions.trust": 0.5})
    with pytest.raises(RequestError, match="is set and varies"):
        plan(scenario, ["assumptions.trust=-1:1:3"], worlds=10, seed=0)


# The command --------------------------------------------------------------------------------------


def test_the_table_fits_the_screen_and_says_where(tmp_path, monkeypatch, capsys):
    arguments = ["sweep", FLAGSHIP, "--vary", "assumptions.trust=-1,1", "--worlds", "200"]
    arguments += ["--vary", "evidence.build_up=0,2", "--out", str(tmp_path / "a")]
    for width, said in ((80, "a is complete: 4 cells were played"), (60, "complete already")):
        monkeypatch.setenv("COLUMNS", str(width))
        code, out, err = oneveto(*arguments, capsys=capsys)
        assert code == 0
        assert said in err
        assert max(map(len, out.splitlines())) <= width
        assert "N5.1" in out
        assert "trust=1" in out
    found = json.loads(oneveto(*arguments, "--json", capsys=capsys)[1])
    (row,) = [row for row in found["clauses"] if row["id"] == "N5.1"]
    assert row["highest"]["values"] == {"assumptions.trust": 1, "evidence.build_up": 0}
    assert found["cells"] == 4
    assert oneveto(*arguments, "--quiet", "--json", capsys=capsys)[2] == ""
