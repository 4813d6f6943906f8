"""Sweeps: what they find, and that nothing that happens to them changes a byte of it."""

from __future__ import annotations

import contextlib
import json
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from sim import ensemble, load, run, with_changes
from sim.errors import RequestError
from sim.sweep import frames, read, store, sweep, work
from sim.sweep.extremes import reaches
from sim.sweep.plan import Plan, Vary, plan, typed
from tests.test_cli import FLAGSHIP, oneveto

TOY = "three-neighbours"
VARIES = ["assumptions.cohesion=0:.4:9", "rule=consensus,majority"]
SMALL = {"worlds": 300, "seed": 3}


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def children(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8")
    return [int(child) for child in text.split()]


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    """The folder of a sweep that ran through, for nobody to write to."""
    out = tmp_path_factory.mktemp("whole") / "sweep"
    sweep(TOY, VARIES, out=out, **SMALL)
    return out


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


# The same bytes, whatever happens -----------------------------------------------------------------


def test_the_manifest_says_what_was_asked_and_nothing_of_when_and_where(whole):
    said = json.loads((whole / "_manifest.json").read_text("utf-8"))
    assert set(said) == {
        *("schema", "scenario", "sha256", "seed", "worlds", "rule", "process", "levers"),
        *("varies", "cells", "part_cells", "versions"),
    }
    assert str(whole) not in json.dumps(said)


def test_asked_again_it_plays_nothing_and_changes_nothing(whole, monkeypatch):
    before = {path: path.stat().st_mtime_ns for path in whole.iterdir()}
    monkeypatch.setattr(ensemble, "tally", None)
    assert sweep(TOY, VARIES, out=whole, **SMALL).found == 18
    assert {path: path.stat().st_mtime_ns for path in whole.iterdir()} == before


def test_what_was_finished_is_not_played_again(whole, tmp_path, monkeypatch):
    played: list[tuple[int, int, int]] = []
    found = work.play
    monkeypatch.setattr(work, "SMALLEST", 256)
    monkeypatch.setattr(work, "LARGEST", 256)

    def play(asked, task):
        if random.Random(len(played)).random() < 0.2 and played[-1:] != [None]:
            played.append(None)  # so that the next attempt gets further
            raise KeyboardInterrupt
        played.extend(task)
        return found(asked, task)

    monkeypatch.setattr(work, "play", play)
    stopped = 0
    while True:
        try:
            sweep(TOY, VARIES, out=tmp_path / "a", **SMALL)
            break
        except KeyboardInterrupt:
            stopped += 1
    pieces = [piece for piece in played if piece]
    assert stopped > 3
    assert len(pieces) == len(set(pieces))
    assert content(tmp_path / "a") == content(whole)


def test_results_in_another_order_are_the_same_bytes(whole, tmp_path, monkeypatch):
    monkeypatch.setattr(work, "SMALLEST", 256)
    monkeypatch.setattr(work, "LARGEST", 256)
    found = work.played

    def shuffled(crew, asked, missing):
        everything = list(found(crew, asked, missing))
        random.Random(0).shuffle(everything)
        return everything

    monkeypatch.setattr(work, "played", shuffled)
    sweep(TOY, VARIES, out=tmp_path / "a", **SMALL)
    assert content(tmp_path / "a") == content(whole)


def test_several_processes_give_the_same_bytes(whole, tmp_path, monkeypatch):
    monkeypatch.setattr(work, "WORTH", 1)
    monkeypatch.setattr(work, "SMALLEST", 512)
    sweep(TOY, VARIES, out=tmp_path / "a", workers=2, **SMALL)
    assert content(tmp_path / "a") == content(whole)


def test_a_worker_that_is_ended_from_outside_is_one_sentence(tmp_path, monkeypatch):
    def gone(crew, asked, missing):
        raise BrokenProcessPool

    monkeypatch.setattr(work, "WORTH", 1)
    monkeypatch.setattr(work, "played", gone)
    with pytest.raises(RequestError, match="run the same command to go on"):
        sweep(TOY, VARIES, out=tmp_path / "a", workers=2, **SMALL)


MANY = ["--vary", "assumptions.cohesion=0:.4:41", "--vary", "rule=consensus,majority"]


def begin(out: Path, *more: str, **options) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "sim.cli", "sweep", TOY, *MANY, "--worlds", "5000"]
    command += ["--out", str(out), "--workers", "1", *more]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True, **options)


def size(out: Path) -> int:
    """Bytes of the folder."""
    with contextlib.suppress(FileNotFoundError):
        return sum(path.stat().st_size for path in out.iterdir())
    return 0


def killed(out: Path, worlds: int, times: int, took: float) -> int:
    """Start it so many times, kill it at a random moment of its work -> how often it was at work.

    took: seconds of a sweep that ran through, of which all together get less.
    """
    at_work, dice = 0, random.Random(7)
    for _ in range(times):
        begun, patience = size(out), 0.5 * took * dice.random() / times
        with begin(out, "--worlds", str(worlds), stdout=subprocess.DEVNULL) as process:
            while size(out) == begun and process.poll() is None:
                time.sleep(0.01)
            time.sleep(patience)
            process.kill()
        at_work += process.returncode == -signal.SIGKILL
    return at_work


@pytest.mark.parametrize("times", [2, pytest.param(10, marks=pytest.mark.slow)])
def test_killed_and_asked_again_it_ends_with_the_same_bytes(times, tmp_path):
    varies, worlds = [word for word in MANY if word != "--vary"], 2500 * times
    start = time.monotonic()
    sweep(TOY, varies, out=tmp_path / "whole", worlds=worlds)
    assert killed(tmp_path / "a", worlds, times, time.monotonic() - start) == times
    with begin(tmp_path / "a", "--worlds", str(worlds), stdout=subprocess.DEVNULL) as process:
        said = process.communicate()[1]
    assert process.returncode == 0
    assert "is complete" in said
    assert content(tmp_path / "a") == content(tmp_path / "whole")


def test_ctrl_c_says_how_far_it_is_and_how_to_go_on(tmp_path):
    with begin(tmp_path / "a", stdout=subprocess.PIPE) as process:
        while not list(tmp_path.glob("a/*.parquet")):
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        out, said = process.communicate()
    assert (process.returncode, out) == (130, "")
    assert said.startswith("stopped: ")
    assert said.endswith("of 82 cells are finished and kept; run the same command to go on\n")


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc")
@pytest.mark.parametrize(
    "stop", [signal.SIGKILL, pytest.param(signal.SIGINT, marks=pytest.mark.slow)]
)
def test_workers_end_with_the_process_that_they_work_for(stop, tmp_path):
    more = ("--worlds", "20000")
    with begin(tmp_path / "a", *more, "--workers", "2", start_new_session=True) as process:
        while not list(tmp_path.glob("a/_part-*")):
            time.sleep(0.01)
        workers = children(process.pid)
        os.killpg(process.pid, stop) if stop == signal.SIGINT else process.kill()
        said = process.communicate()[1]
    assert len(workers) >= 2
    if stop == signal.SIGINT:
        assert re.fullmatch("stopped: .* to go on\n", said)
    deadline = time.monotonic() + 20
    while any(Path(f"/proc/{pid}").exists() for pid in workers) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(Path(f"/proc/{pid}").exists() for pid in workers)


# What is damaged, and what is in the way ----------------------------------------------------------


def unfinished(whole: Path, out: Path) -> Path:
    """A copy of a sweep, its last part under way with one record and half of another."""
    asked = plan(load(TOY), VARIES, **SMALL)
    shutil.copytree(whole, out)
    part = asked.parts - 1
    (out / store.part_name(part)).unlink()
    with store.held(out, asked) as kept:
        cell = asked.cells_of(part)[0]
        kept.add(*work.play(asked, [(cell, 0, 256)])[0])
    journal = out / f"_part-{part:06d}.counts"
    record = journal.read_bytes()
    journal.write_bytes(record + record[: len(record) // 2])
    return out


def test_half_a_record_is_played_again(whole, tmp_path):
    out = unfinished(whole, tmp_path / "a")
    asked = plan(load(TOY), VARIES, **SMALL)
    with store.held(out, asked) as kept:
        assert next(iter(kept.missing())) == (16, 256, 300)
    sweep(TOY, VARIES, out=out, **SMALL)
    assert content(out) == content(whole)


def test_a_record_with_a_wrong_byte_is_played_again(whole, tmp_path):
    out = unfinished(whole, tmp_path / "a")
    (journal,) = out.glob("_part-*")
    journal.write_bytes(bytes([*journal.read_bytes()[:40], 1, *journal.read_bytes()[41:]]))
    sweep(TOY, VARIES, out=out, **SMALL)
    assert content(out) == content(whole)


@pytest.mark.parametrize("damage", ["cut", "a wrong byte", "a row less"])
def test_a_part_that_cannot_be_read_is_played_again(damage, whole, tmp_path):
    out = tmp_path / "a"
    shutil.copytree(whole, out)
    path = out / "part-000001.parquet"
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:-10])
    elif damage == "a wrong byte":
        file = pq.ParquetFile(path).metadata.row_group(0).column(5)
        place = file.data_page_offset + file.total_compressed_size - 2
        kept = bytearray(path.read_bytes())
        kept[place] ^= 255
        path.write_bytes(kept)
    else:
        table = pq.read_table(path)
        pq.write_table(table[:-1], path)
    sweep(TOY, VARIES, out=out, **SMALL)
    assert content(out) == content(whole)


def test_what_killed_runs_have_left_is_gone(whole, tmp_path):
    out = tmp_path / "a"
    shutil.copytree(whole, out)
    (out / ".part-000001.parquet.123.part").touch()
    (out / "_part-000001.counts").touch()
    sweep(TOY, VARIES, out=out, **SMALL)
    assert content(out) == content(whole)


def test_two_at_once_in_one_folder_is_one_sentence(whole, tmp_path):
    out = tmp_path / "a"
    with (
        store.held(out, plan(load(TOY), VARIES, **SMALL)),
        pytest.raises(RequestError, match="another process is at work on"),
    ):
        sweep(TOY, VARIES, out=out, **SMALL)


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"worlds": 301}, "worlds is 300 there, 301 here"),
        ({"seed": 4}, "seed is 3 there, 4 here"),
        ({"varies": VARIES[:1]}, f"varies is {VARIES[0].partition('=')[0]}="),
        ({"scenario": with_changes(load(TOY), {"process.rounds": 3})}, "levers is {} there"),
    ],
)
def test_a_folder_with_another_sweep_is_left_alone(other, said, whole):
    before = content(whole)
    asked = {"scenario": TOY, "varies": VARIES, "out": whole, **SMALL} | other
    with pytest.raises(RequestError, match=r"holds another sweep .*name another folder") as found:
        sweep(**asked)
    assert said in str(found.value)
    assert content(whole) == before


def test_values_that_are_equal_and_of_another_type_are_another_sweep(tmp_path):
    out = tmp_path / "a"
    sweep(TOY, ["assumptions.trust=0,1"], out=out, worlds=10)
    before = content(out)
    with pytest.raises(RequestError, match=r"varies is .* there"):
        sweep(TOY, ["assumptions.trust=0.0,1.0"], out=out, worlds=10)
    assert content(out) == before


@pytest.mark.parametrize("name", ["notes.txt", "part-000099.parquet", "_part-000099.counts"])
@pytest.mark.parametrize("begun", [False, True])
def test_a_folder_with_something_else_is_left_alone(name, begun, whole, tmp_path):
    out = tmp_path / "a"
    shutil.copytree(whole, out) if begun else out.mkdir()
    (out / name).write_text("mine", "utf-8")
    before = content(out)
    with pytest.raises(RequestError, match=f"holds {name}, which is no part of this sweep"):
        sweep(TOY, VARIES, out=out, **SMALL)
    assert content(out) == before


def test_what_another_sweep_has_begun_is_not_taken_up_when_its_manifest_is_gone(whole, tmp_path):
    out = unfinished(whole, tmp_path / "a")
    for path in (out / "_manifest.json", *out.glob("part-*")):
        path.unlink()
    with pytest.raises(RequestError, match=r"holds _part-000008\.counts, which is no part"):
        sweep(TOY, VARIES, out=out, worlds=300, seed=4)


def test_hidden_files_of_others_are_left_alone(tmp_path):
    (tmp_path / ".download.part").write_text("mine", "utf-8")
    sweep(TOY, ["rule=majority"], out=tmp_path, worlds=10)
    assert (tmp_path / ".download.part").read_text("utf-8") == "mine"


def test_what_cannot_be_read_yet_or_any_more_is_one_sentence(whole, tmp_path):
    with store.held(tmp_path / "a", plan(load(TOY), VARIES, **SMALL)):
        pass
    with pytest.raises(RequestError, match="no part is finished yet"):
        read(tmp_path / "a")
    shutil.copytree(whole, tmp_path / "b")
    (tmp_path / "b" / "part-000001.parquet").write_bytes(b"PAR1")
    with pytest.raises(RequestError, match=r"part-000001\.parquet cannot be read; run the same"):
        read(tmp_path / "b")


def test_what_is_no_manifest_is_one_sentence(tmp_path):
    (tmp_path / "_manifest.json").write_text("[]", "utf-8")
    with pytest.raises(RequestError, match="no manifest of a sweep"):
        sweep(TOY, VARIES, out=tmp_path, **SMALL)
    with pytest.raises(RequestError, match="holds no sweep"):
        read(tmp_path / "nothing")


def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path):
    (tmp_path / "file").touch()
    for out, said in (("file", "is a file; name a folder"), ("file/a", "Not a directory")):
        with pytest.raises(RequestError, match=said):
            sweep(TOY, VARIES, out=tmp_path / out, **SMALL)


def small_files(most: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


@pytest.mark.parametrize("most", [300, 1500])
def test_when_nothing_more_fits_what_was_finished_can_be_read(most, whole, tmp_path):
    """A file that must not grow fails as one on a full disk does: in a record, or in a part."""
    out = tmp_path / "a"
    shutil.copytree(unfinished(whole, tmp_path / "b"), out)
    command = [sys.executable, "-m", "sim.cli", "sweep", TOY, "--out", str(out)]
    command += [word for vary in VARIES for word in ("--vary", vary)]
    command += ["--worlds", "300", "--seed", "3"]
    (out / "part-000003.parquet").unlink()
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, preexec_fn=lambda: small_files(most)
    ) as process:
        said = process.communicate()[1]
    assert process.returncode == 2
    assert said.count("\n") == 1
    assert "cannot be written: File too large" in said
    assert len(read(out)) >= 3 * 3
    sweep(TOY, VARIES, out=out, **SMALL)
    assert content(out) == content(whole)


@pytest.fixture
def full(tmp_path):
    """A disk of its own with room for very little."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=48k", "none", str(place)], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("a disk can be mounted by root only")
    yield place
    subprocess.run(["umount", str(place)], check=True)


@pytest.mark.skipif(not shutil.which("mount"), reason="there is no mount")
def test_a_full_disk_is_one_sentence_and_what_was_finished_can_be_read(full):
    with pytest.raises(RequestError, match="cannot be written: No space left on device"):
        sweep(TOY, VARIES, out=full, **SMALL)
    assert 0 < len(read(full)) < 18 * 3
    names = {path.name for path in full.iterdir()}
    assert not any(name.endswith(".part") for name in names)


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


# A cluster ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["nowhere", "http://127.0.0.1:1", "tcp://127.0.0.1:1"])
def test_a_cluster_that_does_not_answer_is_one_sentence(address, tmp_path, monkeypatch):
    monkeypatch.setattr(work, "ANSWER", 0.5)
    with pytest.raises(RequestError, match="no Dask cluster answers at"):
        sweep(TOY, VARIES, out=tmp_path / "a", cluster=address, **SMALL)
    assert not (tmp_path / "a").exists()


def test_a_cluster_gives_the_same_bytes_and_goes_on_where_another_stopped(whole, tmp_path):
    distributed = pytest.importorskip("distributed")
    out = unfinished(whole, tmp_path / "a")
    for part in range(3):
        (out / store.part_name(part)).unlink()
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50
    ) as cluster:
        sweep(TOY, VARIES, out=out, cluster=cluster.scheduler_address, **SMALL)
        assert content(out) == content(whole)
        worker = next(iter(cluster.scheduler_info["workers"]))
        with pytest.raises(RequestError, match="no Dask cluster answers at"):
            sweep(TOY, VARIES, out=tmp_path / "b", cluster=worker, **SMALL)
        with pytest.raises(RequestError, match="the cell rule=nonsense"):
            next(iter(failing(cluster.scheduler_address)))


def failing(address: str):
    """What a worker says of a cell that does not fit, which nobody has looked at before."""
    asked = Plan(load(TOY), (Vary("rule", ("nonsense",)),), 10, 0)
    with work.cluster(asked, address) as crew:
        yield from work.played(crew, asked, [(0, 0, 10)])


def test_a_cluster_with_other_versions_is_one_sentence():
    class Client:
        def run(self, ask):
            return {"tcp://a:1": work.versions() | {"numpy": "1.0"}}

    with pytest.raises(RequestError, match=r"numpy is 1\.0 on tcp://a:1 and .* install the same"):
        work._workers(Client(), "tcp://a:0")


def test_a_cluster_without_oneveto_is_one_sentence():
    class Client:
        def run(self, ask):
            raise Exception("ModuleNotFoundError: No module named 'sim'")  # as Dask has it

    with pytest.raises(RequestError, match=r"No module named .sim..* install the same oneveto"):
        work._workers(Client(), "tcp://a:0")


def test_counts_add_up_over_pieces():
    asked = plan(load(TOY), VARIES, worlds=600, seed=1)
    pieces = [(3, 0, 600), (3, 0, 512), (3, 512, 600)]
    (_, whole_cell), (_, first), (_, rest) = work.play(asked, pieces)
    assert np.array_equal(whole_cell, first + rest)


def test_what_is_set_does_not_vary_as_well():
    scenario = with_changes(load(TOY), {"assumptions.trust": 0.5})
    with pytest.raises(RequestError, match="is set and varies"):
        plan(scenario, ["assumptions.trust=-1:1:3"], worlds=10, seed=0)
