"""The command line as people type it: what comes out, and what happens to bad input."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from sim import cli
from sim.scenario import load, names

FLAGSHIP = "draft-treaty-2021"


def oneveto(*arguments, capsys):
    """Run a command in this process -> (exit code, standard output, standard error)."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["oneveto", *map(str, arguments)])
        try:
            cli.main()
            code = 0
        except SystemExit as stop:
            code = stop.code or 0
    streams = capsys.readouterr()
    return code, streams.out, streams.err


def test_the_default_view_fits_eighty_columns_and_makes_the_point(capsys):
    code, out, err = oneveto("run", FLAGSHIP, capsys=capsys)
    assert code == 0
    assert err == ""
    assert max(map(len, out.splitlines())) <= 80
    assert re.search(r"N5\.1 +No missiles within reach .* 1\d % +EST LTU LVA POL", out)
    assert "The treaty as a whole survives in none." in out


@pytest.mark.parametrize(
    "command",
    [
        ("rules", FLAGSHIP, "--worlds", "256"),
        ("explain", FLAGSHIP, "POL", "N5.1"),
        ("list",),
        ("check", FLAGSHIP, "--claims"),
        ("run", FLAGSHIP, "--members", "2024", "--worlds", "256"),
    ],
    ids=lambda command: command[0],
)
def test_every_view_fits_eighty_columns(command, capsys):
    code, out, _ = oneveto(*command, capsys=capsys)
    assert code == 0
    assert max(map(len, out.splitlines())) <= 80


def test_json_has_the_promised_fields(capsys):
    code, out, _ = oneveto("run", FLAGSHIP, "--json", "--worlds", 300, "--seed", 0, capsys=capsys)
    assert code == 0
    data = json.loads(out)
    assert next(iter(data)) == "schema"
    assert data["schema"] == 1
    assert {"scenario", "sha256", "seed", "worlds", "rule", "process", "treaty"} <= data.keys()
    assert (data["seed"], data["worlds"], data["rule"]) == (0, 300, "consensus")
    clause = next(row for row in data["clauses"] if row["id"] == "N5.1")
    promised = "id title survival as_tabled interval objectors blockers sole_blockers ceiling level"
    assert {*promised.split(), "price"} <= clause.keys()
    assert {"p05", "p50", "p95", "binding"} <= clause["ceiling"].keys()
    member = next(row for row in data["members"] if row["id"] == "POL")
    assert {"id", "trust", "objects", "reservations", "solidarity"} <= member.keys()


def test_the_json_of_explain_has_the_promised_fields(capsys):
    code, out, _ = oneveto("explain", FLAGSHIP, "POL", "N5.1", "--json", capsys=capsys)
    assert code == 0
    data = json.loads(out)
    promised = "member clause level trust contributions appraisal consultation expressed resolve"
    assert {*promised.split(), "stance", "reservation", "ceiling", "flips"} <= data.keys()
    assert {"interest", "gain", "cost"} == data["contributions"][0].keys()
    assert {"address", "from", "to"} <= data["flips"][0].keys()


def test_central_is_one_world_without_dice(capsys):
    code, out, _ = oneveto("run", FLAGSHIP, "--central", "--json", capsys=capsys)
    data = json.loads(out)
    assert (code, data["worlds"], data["seed"]) == (0, 1, None)
    assert {row["survival"] for row in data["clauses"]} == {0.0, 1.0}


def test_changes_of_the_command_line_arrive(capsys):
    changes = ("--set", "assumptions.cohesion=.45", "--drop", "HUN", "--rule", "majority")
    code, out, _ = oneveto("run", FLAGSHIP, "--json", *changes, capsys=capsys)
    data = json.loads(out)
    assert (code, data["rule"], len(data["members"])) == (0, "majority", 29)
    assert data["levers"]["assumptions.cohesion"] == 0.45


def test_a_change_leaves_the_hash_and_another_scenario_does_not(capsys):
    hashes = [
        json.loads(oneveto("run", FLAGSHIP, "--json", "--central", *more, capsys=capsys)[1])[
            "sha256"
        ]
        for more in ((), ("--rule", "majority"))
    ]
    assert hashes[0] == hashes[1]


def test_the_same_seed_gives_the_same_bytes(capsys):
    runs = [oneveto("run", FLAGSHIP, "--json", "--seed", 4, capsys=capsys)[1] for _ in range(2)]
    assert runs[0] == runs[1]
    assert runs[0] != oneveto("run", FLAGSHIP, "--json", "--seed", 5, capsys=capsys)[1]


def test_tables_are_written_whole_with_a_manifest(tmp_path, capsys):
    csv, parquet = tmp_path / "clauses.csv", tmp_path / "clauses.parquet"
    code, _, _ = oneveto(
        "run", FLAGSHIP, "--worlds", 256, "--csv", csv, "--parquet", parquet, capsys=capsys
    )
    assert code == 0
    assert list(pd.read_csv(csv)["id"]) == list(pd.read_parquet(parquet)["id"])
    manifest = json.loads((tmp_path / "clauses.csv.manifest.json").read_text("utf-8"))
    assert {"scenario", "sha256", "seed", "worlds", "levers", "versions"} <= manifest.keys()
    assert len(list(tmp_path.iterdir())) == 4


def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    code, _, err = oneveto(
        "run", FLAGSHIP, "--central", "--csv", tmp_path / "file" / "x.csv", capsys=capsys
    )
    assert code == 2
    assert "cannot be written" in err
    assert len(err.splitlines()) == 1


BAD = {
    ("run", "draft-treaty-2022"): "Did you mean `draft-treaty-2021`?",
    ("run", FLAGSHIP, "--rule", "concensus"): "Did you mean `consensus`?",
    ("run", FLAGSHIP, "--rule", "only:RUS"): "RUS, who is not a member",
    ("run", FLAGSHIP, "--rule", "consensus-30"): "at most `consensus-29`",
    ("run", FLAGSHIP, "--set", "members.POL.trst=.3"): "Did you mean `trust`?",
    ("run", FLAGSHIP, "--set", "members.POL.trust=2"): "must lie between 0 and 1",
    ("run", FLAGSHIP, "--set", "members.POL.trust=nan"): "finite",
    ("run", FLAGSHIP, "--set", "members.POL.trust=.05"): "members.POL.trust is 0.05",
    ("run", FLAGSHIP, "--set", "nonsense"): "ADDRESS=VALUE",
    ("run", FLAGSHIP, "--set", "clauses.N5.1.level=.1"): "below its least level",
    ("run", FLAGSHIP, "--drop", "GER"): "GER",
    ("run", FLAGSHIP, "--members", "1900"): "nato-1900",
    ("run", FLAGSHIP, "--lever", "step_bak"): "Did you mean `step_back`?",
    ("run", FLAGSHIP, "--seed", "-1"): "seed",
    ("run", FLAGSHIP, "--worlds", "0"): "worlds",
    ("explain", FLAGSHIP, "POL", "N9"): "no clause `N9`",
    ("explain", FLAGSHIP, "PLO", "N5.1"): "Did you mean `POL`?",
    ("check", "no-such-file.toml"): "there is no such file",
    ("rnu",): "rnu",
}


@pytest.mark.parametrize("command", BAD, ids=" ".join)
def test_bad_input_is_one_sentence_and_exit_code_two(command, capsys):
    code, out, err = oneveto(*command, capsys=capsys)
    assert code == 2
    assert out == ""
    assert BAD[command] in err
    assert "Traceback" not in err


@pytest.fixture
def empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--from", FLAGSHIP),
        ("--members", "POL,DEU,USA"),
        ("--from", FLAGSHIP, "--members", "POL,DEU"),
    ],
)
def test_a_new_scenario_passes_the_check(options, empty_folder, capsys):
    assert oneveto("new", "mine", *options, capsys=capsys)[0] == 0
    assert oneveto("check", "mine.toml", capsys=capsys)[0] == 0
    wanted = dict(zip(options[::2], options[1::2])).get("--members")
    if wanted:
        assert sorted(load("mine.toml").seats) == sorted(wanted.split(","))


def test_the_template_bears_out_its_own_claims(empty_folder, capsys):
    oneveto("new", "mine", capsys=capsys)
    assert oneveto("check", "mine.toml", "--claims", capsys=capsys)[0] == 0


def test_a_new_scenario_overwrites_nothing(empty_folder, capsys):
    (empty_folder / "mine.toml").write_text("precious")
    code, _, err = oneveto("new", "mine", capsys=capsys)
    assert code == 2
    assert "exists" in err
    assert (empty_folder / "mine.toml").read_text() == "precious"


def test_a_claim_that_fails_is_exit_code_one(empty_folder, capsys):
    oneveto("new", "mine", capsys=capsys)
    text = (
        (empty_folder / "mine.toml").read_text("utf-8").replace("at_least = 0.9", "at_most = 0.1")
    )
    (empty_folder / "mine.toml").write_text(text, "utf-8")
    code, out, _ = oneveto("check", "mine.toml", "--claims", capsys=capsys)
    assert code == 1
    assert "fails" in out


def test_the_demo_prints_the_verdict(capsys):
    code, out, _ = oneveto("demo", capsys=capsys)
    assert code == 0
    assert "A majority would take N1.1, N3.1, N5.1 and N7.3 as well." in out


@pytest.mark.parametrize("name", names())
def test_what_a_scenario_says_to_try_works(name, capsys):
    for line in load(name).about.try_:
        program, *arguments = line.split()
        assert program == "oneveto"
        assert oneveto(*arguments, capsys=capsys)[0] == 0


def test_every_command_and_option_explains_itself():
    for command in cli.app.registered_commands:
        name = command.name or command.callback.__name__
        shown = CliRunner().invoke(cli.app, [name, "--help"])
        assert shown.exit_code == 0
        assert command.callback.__doc__


def test_help_imports_no_heavy_library():
    heavy = ("numpy", "mesa", "pandas", "rich.table")
    code = f"import sys, sim.cli; print([m for m in {heavy} if m in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


def test_no_traceback_when_the_reader_has_seen_enough():
    command = f"{sys.executable} -m sim.cli run {FLAGSHIP} --json | head -n 1"
    shown = subprocess.run(command, shell=True, capture_output=True, text=True, check=True)
    assert shown.stdout == "{\n"
    assert shown.stderr == ""


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="no /dev/full on this system")
def test_a_full_disk_is_one_sentence():
    command = f"{sys.executable} -m sim.cli run {FLAGSHIP} --json --central > /dev/full"
    said = subprocess.run(command, shell=True, capture_output=True, text=True)
    assert said.returncode == 2
    assert said.stderr == "the output cannot be written: No space left on device\n"


def test_a_device_is_not_replaced_by_a_file(capsys):
    code, _, err = oneveto("run", FLAGSHIP, "--central", "--csv", "/dev/null", capsys=capsys)
    assert code == 2
    assert "no ordinary file" in err
    assert not Path("/dev/null").is_file()
