"""The command line as people type it: what comes out, and what happens to bad input."""

from __future__ import annotations

import json
import re
import shlex
import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import typer
from typer.testing import CliRunner

from sim import cli
from sim.rules import RULES, Table, meaning, named
from sim.scenario import load, names, sha256

FLAGSHIP = "draft-treaty-2021"


def oneveto(*arguments, capsys, program="oneveto"):
    """Run a command in this process -> (exit code, standard output, standard error)."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", [program, *map(str, arguments)])
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
    assert re.search(r"N5\.1 +No missiles within reach .* [12]\d % +EST LTU LVA POL", out)
    assert "The treaty as a whole survives in none." in out


VIEWS = [
    ("rules", FLAGSHIP, "--worlds", "256"),
    ("explain", FLAGSHIP, "POL", "N5.1"),
    ("list",),
    ("show", FLAGSHIP),
    ("show", FLAGSHIP, "N5.1"),
    ("show", FLAGSHIP, "POL"),
    ("check", FLAGSHIP, "--claims", "--worlds", "256"),
    ("run", FLAGSHIP, "--members", "2024", "--worlds", "256"),
    ("run", FLAGSHIP, "--rule", "majority", "--worlds", "256"),
]


@pytest.mark.parametrize("command", VIEWS, ids=" ".join)
def test_every_view_fits_the_screen_and_cuts_no_number(command, monkeypatch, capsys):
    shown = {}
    for width in (80, 70, 60):
        monkeypatch.setenv("COLUMNS", str(width))
        code, out, _ = oneveto(*command, capsys=capsys)
        assert code == 0
        assert max(map(len, out.splitlines())) <= width
        assert "…" not in out
        shown[width] = sorted(re.findall(r"[+−]\d\.\d+|\d+ %", " ".join(out.split())))
    assert shown[60] == shown[70] == shown[80]


def test_wrapped_lines_keep_their_indent(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "60")
    lines = oneveto("list", capsys=capsys)[1].splitlines()
    assert [line for line in lines if not line.startswith("  ")] == names()


def test_under_rules_of_support_a_clause_is_killed_by_too_little_support(capsys):
    _, majority, _ = oneveto("run", FLAGSHIP, "--rule", "majority", capsys=capsys)
    assert re.search(r"N1\.1 .* 7\d % +too little support", majority)
    assert re.search(r"N6\.1 .* < 1 % +all 30", majority)
    assert " of 30\n" not in majority
    _, unanimity, _ = oneveto("run", FLAGSHIP, "--rule", "affirmative", capsys=capsys)
    assert re.search(r"N5\.1 .* 6 % +too little support", unanimity)
    assert "kill it" not in unanimity


def test_nobody_in_particular_is_various(capsys):
    out = oneveto("run", FLAGSHIP, capsys=capsys)[1]
    assert re.search(r"N1\.4 .* 8\d % +various", out)
    assert "Estonia, Lithuania, Latvia and Poland kill it most often." in " ".join(out.split())


def test_rules_are_explained_by_the_names_that_commands_take(capsys):
    out = oneveto("rules", FLAGSHIP, "--worlds", 256, "--drop", "HUN", capsys=capsys)[1]
    assert (
        "Rule: one a column · 29 members · 256 worlds, seed 0\nChanged: members.drop = HUN" in out
    )
    meant = "consensus Silence is consent: a text stands unless a member breaks the silence."
    assert meant in " ".join(out.split())
    listed = re.findall(r"^  (\S+) {2,}Silence", out, re.MULTILINE)
    asked = CliRunner().invoke(cli.app, ["run", "--help"]).output
    for rule in {*listed, *RULES}:
        assert rule in asked


@pytest.mark.parametrize("rule", [name.replace(":", ":POL") for name in RULES])
def test_a_rule_says_whether_silence_is_consent(rule):
    members = Table(("POL", "DEU", "USA"), (1.0, 1.0, 1.0), weights={"POL": 1.0}, quota=1.0)
    members = replace(members, vetoes=(("POL",), 2))
    consent = named(rule, members).tolerates is not None
    assert meaning(rule).startswith("Silence is consent") == consent


def test_changes_are_said_with_what_was_there_before(capsys):
    changes = ("--set", "assumptions.cohesion=.5", "--drop", "HUN,POL", "--drop", "SVN")
    out = oneveto("run", FLAGSHIP, "--central", *changes, "--rule", "majority", capsys=capsys)[1]
    said = [line for line in out.splitlines() if line.startswith("Changed")]
    assert said == [
        "Changed: members.drop = HUN, POL, SVN",
        "Changed: assumptions.cohesion = 0.5 (was 0.3)",
    ]


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
    assert (data["world"], data["seed"], data["levers"]) == (None, None, {})
    assert data["sha256"] == sha256(load(FLAGSHIP))
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


def test_the_json_of_explain_says_which_world_it_is_and_what_was_changed(capsys):
    options = ("--world", 7, "--seed", 3, "--rule", "majority", "--json")
    data = json.loads(oneveto("explain", FLAGSHIP, "POL", "N5.1", *options, capsys=capsys)[1])
    assert (data["world"], data["seed"], data["levers"]) == (7, 3, {"rule": "majority"})


def test_tables_are_written_whole_with_a_manifest(tmp_path, capsys):
    csv, parquet = tmp_path / "clauses.csv", tmp_path / "clauses.parquet"
    code, _, _ = oneveto(
        "run", FLAGSHIP, "--worlds", 256, "--csv", csv, "--parquet", parquet, capsys=capsys
    )
    assert code == 0
    assert list(pd.read_csv(csv)["id"]) == list(pd.read_parquet(parquet)["id"])
    manifest = json.loads((tmp_path / "clauses.csv.manifest.json").read_text("utf-8"))
    assert next(iter(manifest.items())) == ("schema", 1)
    assert {"scenario", "sha256", "seed", "worlds", "levers", "versions"} <= manifest.keys()
    assert len(list(tmp_path.iterdir())) == 4


def test_the_option_says_what_is_written_not_the_ending_of_the_name(tmp_path, capsys):
    places = ("--csv", tmp_path / "x.parquet", "--parquet", tmp_path / "x.csv")
    assert oneveto("run", FLAGSHIP, "--central", *places, capsys=capsys)[0] == 0
    rows = pd.read_csv(tmp_path / "x.parquet")
    assert list(rows["id"]) == list(pd.read_parquet(tmp_path / "x.csv")["id"])


def no_world(*_, **__):
    raise AssertionError("a world was played")


@pytest.mark.parametrize("option", ["--csv", "--parquet"])
@pytest.mark.parametrize("place", ["none/x", "file/x", "", "x" * 300, "y" * 250])
def test_a_place_is_tried_before_any_world_is_played(option, place, tmp_path, monkeypatch, capsys):
    (tmp_path / "file").write_text("")
    monkeypatch.setattr("sim.ensemble.run", no_world)
    code, out, err = oneveto("run", FLAGSHIP, option, tmp_path / place, capsys=capsys)
    assert (code, out) == (2, "")
    assert "cannot be written: " in err
    assert len(err.splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_two_tables_do_not_go_into_one_file(tmp_path, capsys):
    place = tmp_path / "x"
    code, _, err = oneveto("run", FLAGSHIP, "--csv", place, "--parquet", place, capsys=capsys)
    assert code == 2
    assert "name two files" in err


def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    code, _, err = oneveto(
        "run", FLAGSHIP, "--central", "--csv", tmp_path / "file" / "x.csv", capsys=capsys
    )
    assert code == 2
    assert "cannot be written" in err
    assert len(err.splitlines()) == 1


def test_a_device_is_not_replaced_by_a_file(capsys):
    code, _, err = oneveto("run", FLAGSHIP, "--central", "--csv", "/dev/null", capsys=capsys)
    assert code == 2
    assert "no ordinary file" in err
    assert not Path("/dev/null").is_file()


BAD = {
    ("run", "draft-treaty-2022"): "Did you mean `draft-treaty-2021`?",
    ("run", FLAGSHIP, "--rule", "concensus"): "Did you mean `consensus`?",
    ("run", FLAGSHIP, "--rule", "only:RUS"): "RUS, who is not a member",
    ("run", FLAGSHIP, "--rule", "consensus-30"): "at most `consensus-29`",
    ("run", FLAGSHIP, "--rule", f"consensus-{'9' * 5000}"): "at most `consensus-29`",
    ("run", FLAGSHIP, "--rule", "x" * 5000): "there is no rule `xxx",
    ("run", ""): "the scenario has no name",
    ("run", FLAGSHIP, "--rule", ""): "'--rule': it names nothing",
    ("run", FLAGSHIP, "--members", " "): "'--members': it names nothing",
    ("run", FLAGSHIP, "--drop", ","): "'--drop': it names nothing",
    ("run", FLAGSHIP, "--lever", ""): "'--lever': it names nothing",
    ("new", "mine", "--members", ""): "'--members': it names nothing",
    ("new", "mine", "--from", ""): "'--from': it names nothing",
    ("run", "x" * 5000): "cannot be read: File name too long",
    ("run", FLAGSHIP, "--members", "x" * 5000): "which cannot be read: File name too long",
    ("run", FLAGSHIP, "--set", "members.drop=3"): "members.drop is 3; write ids of members",
    ("run", FLAGSHIP, "--set", "members.drop=[[1]]"): "members.drop is a list; write ids",
    ("run", FLAGSHIP, "--drop", "HUN", "--set", "members.HUN.trust=.3"): "HUN was dropped",
    ("run", FLAGSHIP, "--set", "members.POL.trst=.3"): "Did you mean `trust`?",
    ("run", FLAGSHIP, "--set", "members.POL.trust=2"): "must lie between 0 and 1",
    ("run", FLAGSHIP, "--set", "members.POL.trust=nan"): "finite",
    ("run", FLAGSHIP, "--set", "members.POL.trust=.05"): "members.POL.trust is 0.05",
    ("run", FLAGSHIP, "--set", "nonsense"): "ADDRESS=VALUE, as assumptions.cohesion=.45",
    ("run", FLAGSHIP, "--set", "cohesion=.45"): "Did you mean `assumptions.cohesion`?",
    ("run", FLAGSHIP, "--set", "consultations=1"): "Did you mean `process.consultations`?",
    ("run", FLAGSHIP, "--set", "step_back=1"): "Did you mean `evidence.step_back`?",
    ("run", FLAGSHIP, "--rule", "majority", "--set", "rule=qualified"): "are two rules; give one",
    ("run", FLAGSHIP, "--set", "clauses.N5.1.level=.1"): "below its least level",
    ("run", FLAGSHIP, "--drop", "GER"): "GER",
    ("run", FLAGSHIP, "--members", "1900"): "nato-1900",
    ("run", FLAGSHIP, "--lever", "step_bak"): "Did you mean `step_back`?",
    ("run", FLAGSHIP, "--seed", "-1"): "seed",
    ("run", FLAGSHIP, "--worlds", "0"): "worlds",
    ("run", FLAGSHIP, "--worlds", "9" * 40): "is not between 1 and 1,000,000,000",
    ("run", FLAGSHIP, "--worlds", "10,00"): "`10,00` is no whole number",
    ("explain", FLAGSHIP, "POL", "N9"): "no clause `N9`",
    ("explain", FLAGSHIP, "PLO", "N5.1"): "Did you mean `POL`?",
    ("explain", FLAGSHIP, "N5.1", "POL"): "`N5.1` is a clause and `POL` a member; write `POL N5.1`",
    ("explain", FLAGSHIP, "russia", "N5.1"): "Russia tables the treaty and has no seat",
    ("explain", FLAGSHIP, "FIN", "N5.1"): "in the roster nato-2024; try --members 2024",
    ("explain", FLAGSHIP, "Poland", "N5.1", "--drop", "POL"): "`POL` is left out of the members",
    ("show", FLAGSHIP, "N9.9"): "no clause or member `N9.9`",
    ("check", "no-such-file.toml"): "there is no such file",
    ("rnu",): "rnu",
}


@pytest.mark.parametrize("command", BAD, ids=lambda command: " ".join(command)[:80])
def test_bad_input_is_one_sentence_and_exit_code_two(command, capsys):
    code, out, err = oneveto(*command, capsys=capsys)
    assert code == 2
    assert out == ""
    assert BAD[command] in err
    assert "Traceback" not in err


@pytest.mark.parametrize("typed", ["1,000", "1_000", "1000"])
def test_thousands_may_be_separated(typed, capsys):
    data = json.loads(oneveto("run", FLAGSHIP, "--json", "--worlds", typed, capsys=capsys)[1])
    assert data["worlds"] == 1000


def test_a_scenario_of_the_current_folder_needs_no_ending(empty_folder, capsys):
    oneveto("new", "mine", capsys=capsys)
    assert oneveto("run", "mine", "--central", capsys=capsys)[0] == 0


def test_the_demo_prints_the_verdict(capsys):
    code, out, _ = oneveto("demo", capsys=capsys)
    assert code == 0
    assert "A majority would take N1.1, N3.1, N5.1 and N7.3 as well." in out


def test_show_says_what_a_scenario_says(capsys):
    whole, clause, member = (
        oneveto("show", FLAGSHIP, *part, capsys=capsys)[1] for part in ((), ("n5.1",), ("Poland",))
    )
    treaty = load(FLAGSHIP)
    for text in (*treaty.about.leaves_out, *treaty.about.notice, treaty.about.question):
        assert text in re.sub(r"\s+", " ", whole)
    for word in (*treaty.clauses, *treaty.seats, *treaty.levers, *treaty.evidence):
        assert word in whole
    assert "Judgement: What the INF Treaty once gave" in clause
    assert "Trust 0.169" in member
    assert "Judgement of the roster nato-2021" in member


def test_the_json_of_show_has_the_promised_fields(capsys):
    whole, clause, member = (
        json.loads(oneveto("show", FLAGSHIP, *part, "--json", capsys=capsys)[1])
        for part in ((), ("N5.1",), ("POL",))
    )
    assert whole["schema"] == clause["schema"] == member["schema"] == 1
    assert {"question", "date", "try", "levers", "evidence", "members"} <= whole.keys()
    assert {"text", "gain", "cost", "source", "judgement"} <= clause["clause"].keys()
    assert member["member"]["trust"] == {"value": 0.169}
    assert member["grounds"][0]["of"] == "the roster nato-2021"


@pytest.mark.parametrize(
    "name",
    [name if name == FLAGSHIP else pytest.param(name, marks=pytest.mark.slow) for name in names()],
)
def test_what_a_scenario_says_to_try_works(name, capsys):
    for line in load(name).about.try_:
        program, *arguments = shlex.split(line)
        assert program == "oneveto"
        assert oneveto(*arguments, capsys=capsys)[0] == 0


COMMANDS = typer.main.get_command(cli.app).commands


def test_every_command_is_looked_at():
    assert {"run", "explain", "rules", "list", "check", "new", "schema", "demo"} <= set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_explains_itself(name):
    command = COMMANDS[name]
    assert command.help
    shown = CliRunner().invoke(cli.app, [name, "--help"])
    assert shown.exit_code == 0
    said = " ".join(shown.output.split())
    for option in command.params:
        assert option.help, f"{name} {option.name}"
        assert " ".join(option.help.split()) in said, f"{name} {option.name}"


def test_the_list_of_commands_cuts_no_sentence():
    listed = CliRunner().invoke(cli.app, ["--help"]).output.partition("Commands:")[2]
    assert "dashboard" in listed
    assert "..." not in listed


def test_the_version_is_said(capsys):
    assert re.fullmatch(r"oneveto \d+\.\d+\.\d+\n", oneveto("--version", capsys=capsys)[1])


def test_what_the_system_says_of_a_file_is_not_blamed_on_the_output(monkeypatch, capsys):
    def broken(*_):
        raise PermissionError(13, "Permission denied", "somewhere.toml")

    monkeypatch.setattr("sim.scenario.load", broken)
    monkeypatch.setattr("sim.cli._drop_output", lambda: None)
    code, _, err = oneveto("run", FLAGSHIP, capsys=capsys)
    assert (code, err) == (2, "somewhere.toml cannot be used: Permission denied\n")
