"""What a sweep keeps: nothing that happens to it changes a byte."""

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

import pyarrow.parquet as pq
import pytest

from sim import ensemble, load, with_changes
from sim.errors import RequestError
from sim.sweep import read, store, sweep, work
from sim.sweep.plan import plan
from tests.sweeps import SMALL, TOY, VARIES, children, content, unfinished

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
    more = ("--worlds", "5000000")  # so much that it cannot be done before it is told to stop
    with begin(tmp_path / "a", *more, stdout=subprocess.PIPE) as process:
        while not list(tmp_path.glob("a/_part-*")) and process.poll() is None:
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
