"""What the README says is what happens."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

from tests.test_cli import oneveto

README = Path(__file__).parent.parent / "README.md"
COMMANDS = re.findall(r"^    \$ oneveto (.+)$", README.read_text("utf-8"), re.MULTILINE)


def test_the_python_of_the_readme_is_executed():
    failed, tried = doctest.testfile(str(README), module_relative=False, encoding="utf-8")
    assert (failed, tried > 3) == (0, True)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_readme_works(command, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # some write files
    assert oneveto(*command.split(), capsys=capsys)[0] == 0


def test_the_output_in_the_readme_is_what_is_printed(capsys):
    text = README.read_text("utf-8")
    shown = re.search(r"\$ oneveto run (.+)\n((?:    .+\n)+?)    …", text)
    printed = oneveto("run", *shown[1].split(), capsys=capsys)[1].splitlines()
    wanted = [line.strip() for line in shown[2].splitlines()]
    assert [line.strip() for line in printed[: len(wanted)]] == wanted


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#]+)\)", README.read_text("utf-8")))
def test_a_link_of_the_readme_leads_somewhere(link):
    assert (README.parent / link).exists()
