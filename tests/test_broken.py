"""A gallery of broken files, each with the sentences that must come out of it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from sim.errors import OnevetoError, ScenarioError
from sim.scenario import load

GALLERY = sorted((Path(__file__).parent / "broken").glob("*.toml"))


@pytest.mark.parametrize("path", GALLERY, ids=lambda path: path.stem)
def test_a_broken_file_says_what_is_wrong(path):
    lines = path.read_text("utf-8").splitlines()
    expected = [line.removeprefix("# says: ") for line in lines if line.startswith("# says: ")]
    with pytest.raises(ScenarioError) as raised:
        load(path)
    assert list(raised.value.problems) == expected
    assert str(raised.value).startswith(f"{path.name}: ")


def sentence(path) -> str:
    with pytest.raises(OnevetoError) as raised:
        load(path)
    assert len(str(raised.value).splitlines()) == 1
    return str(raised.value)


def test_a_folder_is_no_scenario(tmp_path):
    folder = tmp_path / "folder.toml"
    folder.mkdir()
    assert sentence(folder) == "folder.toml: is a folder; name a scenario file in it"
    assert sentence(tmp_path).endswith("is a folder; name a scenario file in it")


def test_a_file_of_a_hundred_megabytes_is_not_read(tmp_path):
    with (tmp_path / "large.toml").open("wb") as file:
        file.truncate(100 * 2**20)
    assert "has 100 MB, too large for a scenario" in sentence(tmp_path / "large.toml")


def test_what_is_not_utf_8_is_said_with_its_line(tmp_path):
    (tmp_path / "latin.toml").write_bytes("[about]\ntitle = 'Málaga'".encode("latin-1"))
    assert "line 2 is not UTF-8" in sentence(tmp_path / "latin.toml")


LONG = "x" * 5000


@pytest.mark.parametrize("name", [LONG, f"{LONG}.toml", f"{LONG}/{LONG}", "a\0b", "a\0b.toml"])
def test_a_path_that_no_system_takes_is_one_short_sentence(name):
    assert re.search("no such file|cannot be read", sentence(name))
    assert len(sentence(name)) < 300


@pytest.mark.parametrize("name", ["", " "])
def test_a_scenario_without_a_name_is_said(name):
    assert sentence(name).startswith("the scenario has no name; write one, as draft-treaty-2021")


@pytest.mark.parametrize("line", ['base = "{}"', '[members]\nroster = "{}"'])
@pytest.mark.parametrize("name", [LONG, "a\\u0000b", "nowhere"])
def test_a_base_or_roster_that_cannot_be_found_is_one_short_sentence(line, name, tmp_path):
    (tmp_path / "odd.toml").write_text(line.format(name))
    said = sentence(tmp_path / "odd.toml")
    assert re.match(r"odd\.toml: (base|members\.roster) names `", said)
    assert len(said) < 400


def test_a_file_that_is_not_there_is_said(tmp_path):
    assert sentence(tmp_path / "none.toml") == "none.toml: there is no such file"
    assert "Did you mean `draft-treaty-2021`?" in sentence("draft-treaty-202")


def test_an_empty_file_lacks_everything(tmp_path):
    (tmp_path / "empty.toml").write_text("")
    with pytest.raises(ScenarioError) as raised:
        load(tmp_path / "empty.toml")
    assert "the file lacks `about`" in str(raised.value)


@pytest.mark.parametrize("text", ["a = " + "[" * 5000, "a = " + "9" * 5000, "a = 1\x00"])
def test_toml_that_breaks_readers_is_one_sentence(text, tmp_path):
    (tmp_path / "odd.toml").write_text(text)
    assert re.match(r"odd\.toml: (line 1 )?is not TOML", sentence(tmp_path / "odd.toml"))


def test_the_command_line_says_it_without_a_traceback():
    command = [sys.executable, "-m", "sim.cli", "check", *map(str, GALLERY)]
    said = subprocess.run(command, capture_output=True, text=True)
    assert said.returncode == 2
    assert said.stdout == ""
    assert "Traceback" not in said.stderr
    assert all(f"{path.name}: " in said.stderr for path in GALLERY)
