"""New scenarios: what is written, and what is left behind when nothing can be."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sim.errors import OnevetoError
from sim.scenario import load, names, shipped
from sim.scenario.new import write
from tests.test_cli import FLAGSHIP, oneveto


@pytest.fixture(autouse=True)
def folder(empty_folder):
    return empty_folder


def text_of(name: str) -> str:
    return (shipped() / f"{name}.toml").read_text("utf-8")


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("name", names())
def test_a_copy_of_a_shipped_scenario_is_that_scenario(name):
    write("mine", name)
    mine, theirs = load("mine.toml"), load(name)
    assert mine.model_dump() == theirs.model_dump()


@pytest.mark.parametrize("name", names())
def test_two_members_of_a_shipped_scenario_make_one(name):
    two, problem = list(load(name).seats)[:2], ""
    try:
        write("mine", name, two)
    except OnevetoError as error:
        problem = str(error)
    if problem:
        assert "mine.toml is not written, since it would be broken here: " in problem
        assert left(Path()) == []
    else:
        assert list(load("mine.toml").seats) == two
        assert not load("mine.toml").expect


HEADERS = ["[members]", "[members] # who", "[ members ]\t# who", "  [members]"]
DROPS = ["", 'drop = ["HUN"] # first\n', 'drop=[\n  "HUN", # one\n  "TUR",\n]\n', "  drop = []\n"]


@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize("drop", DROPS)
def test_however_its_members_are_written_those_wanted_stay(header, drop, folder):
    text = text_of(FLAGSHIP).replace("[members]\n", f"{header}\n{drop}", 1)
    (folder / "source.toml").write_text(text, "utf-8")
    write("mine", "source.toml", ["POL", "DEU"])
    assert sorted(load("mine.toml").seats) == ["DEU", "POL"]
    assert "POL" not in load("mine.toml").members.drop
    assert not load("mine.toml").expect


def test_who_was_left_out_before_stays_out(folder):
    text = text_of(FLAGSHIP).replace("[members]\n", '[members]\ndrop = ["HUN"]\n', 1)
    (folder / "source.toml").write_text(text, "utf-8")
    write("mine", "source.toml", [iso for iso in load("source.toml").seats if iso != "TUR"])
    assert set(load("mine.toml").members.drop) == {"HUN", "TUR"}


def test_windows_line_ends_and_byte_order_marks_do_no_harm(folder):
    content = text_of(FLAGSHIP).replace("\n", "\r\n").encode("utf-8-sig")
    (folder / "source.toml").write_bytes(content)
    write("mine", "source.toml", ["POL", "DEU"])
    assert sorted(load("mine.toml").seats) == ["DEU", "POL"]


@pytest.mark.parametrize("key", ["roster", "base"])
def test_what_lies_beside_the_original_is_missed_in_a_sentence(key, folder):
    (folder / "sub").mkdir()
    if key == "roster":
        roster = (shipped() / "rosters" / "nato-2021.toml").read_text("utf-8")
        (folder / "sub" / "friends.toml").write_text(roster, "utf-8")
        text = text_of(FLAGSHIP).replace('"nato-2021"', '"friends"', 1)
    else:
        (folder / "sub" / "friends.toml").write_text(text_of(FLAGSHIP), "utf-8")
        about = text_of(FLAGSHIP).partition("[rule]")[0]
        text = f'base = "friends"\n\n{about}'
    (folder / "sub" / "r.toml").write_text(text, "utf-8")
    with pytest.raises(OnevetoError) as raised:
        write("mine", "sub/r.toml")
    assert f"names `friends`, no such {'roster' if key == 'roster' else 'scenario'}" in str(
        raised.value
    )
    assert str(raised.value).endswith("sub)")
    assert left(folder) == ["sub"]


def test_a_file_that_appears_meanwhile_is_not_overwritten(folder, monkeypatch):
    def meanwhile(*_):
        (folder / "mine.toml").write_text("precious")

    monkeypatch.setattr("sim.scenario.new._check", meanwhile)
    with pytest.raises(OnevetoError, match=r"mine\.toml exists"):
        write("mine")
    assert left(folder) == ["mine.toml"]
    assert (folder / "mine.toml").read_text() == "precious"


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit there")
def test_a_disk_that_is_full_is_one_sentence_and_leaves_nothing_behind(folder):
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)); "
        "from sim.cli import main; sys.argv = ['oneveto', 'new', 'mine']; main()"
    )
    said = subprocess.run([sys.executable, "-B", "-c", code], capture_output=True, text=True)
    assert (said.returncode, said.stdout) == (2, "")
    assert said.stderr == "mine.toml cannot be written: File too large\n"
    assert left(folder) == []


@pytest.mark.parametrize("name", ["", "a/b", "../a", "x" * 5000, "ä", "-x", ".toml"])
def test_a_name_that_is_none_is_one_short_sentence(name, folder):
    with pytest.raises(OnevetoError) as raised:
        write(name)
    assert len(str(raised.value)) < 250
    assert left(folder) == []


# The command --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--from", FLAGSHIP),
        ("--members", "POL,DEU,USA"),
        ("--members", " POL, DEU "),
        ("--from", FLAGSHIP, "--members", "POL,DEU"),
    ],
)
def test_a_new_scenario_passes_the_check(options, empty_folder, capsys):
    assert oneveto("new", "mine", *options, capsys=capsys)[0] == 0
    assert oneveto("check", "mine.toml", capsys=capsys)[0] == 0
    wanted = dict(zip(options[::2], options[1::2])).get("--members")
    if wanted:
        assert sorted(load("mine.toml").seats) == sorted(wanted.replace(" ", "").split(","))


def test_among_fewer_members_the_claims_of_the_original_are_left_out(empty_folder, capsys):
    oneveto("new", "mine", "--from", FLAGSHIP, "--members", "POL,DEU", capsys=capsys)
    assert "18 clauses, 2 members, 0 claims" in oneveto("check", "mine.toml", capsys=capsys)[1]
    assert "([[expect]]) are left out" in (empty_folder / "mine.toml").read_text("utf-8")


def test_a_new_scenario_overwrites_nothing(empty_folder, capsys):
    (empty_folder / "mine.toml").write_text("precious")
    code, _, err = oneveto("new", "mine", capsys=capsys)
    assert code == 2
    assert "exists" in err
    assert (empty_folder / "mine.toml").read_text() == "precious"


def test_the_template_bears_out_its_own_claims(empty_folder, capsys):
    oneveto("new", "mine", capsys=capsys)
    assert oneveto("check", "mine.toml", "--claims", capsys=capsys)[0] == 0


def test_hints_work_as_typed(empty_folder, monkeypatch, capsys):
    monkeypatch.setenv("PATH", str(empty_folder))
    out = oneveto("new", "mine", program=".venv/bin/oneveto", capsys=capsys)[1]
    assert out == "mine.toml is written; try: .venv/bin/oneveto run mine.toml\n"
