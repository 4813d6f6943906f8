"""The program among others: pipes, terminals, a full disk, a port in use, and stopping the dashboard."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.server import listens, within
from tests.test_cli import FLAGSHIP, oneveto


def test_help_imports_no_heavy_library():
    heavy = ("numpy", "scipy", "clarabel", "mesa", "pandas", "rich.table")
    code = f"import sys, sim.cli; print([m for m in {heavy} if m in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


def test_no_traceback_when_the_reader_has_seen_enough():
    command = f"{sys.executable} -m sim.cli run {FLAGSHIP} --json | head -n 1"
    shown = subprocess.run(command, shell=True, capture_output=True, text=True, check=True)
    assert shown.stdout == "{\n"
    assert shown.stderr == ""


@pytest.mark.parametrize(
    "locale",
    [
        {"PYTHONIOENCODING": "cp1252"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ],
    ids=lambda locale: next(iter(locale)),
)
def test_a_pipe_gets_utf_8_whatever_the_locale(locale):
    command = [sys.executable, "-m", "sim.cli", "explain", FLAGSHIP, "POL", "N5.1"]
    said = subprocess.run(command, env=os.environ | locale, capture_output=True)
    assert (said.returncode, said.stderr) == (0, b"")
    assert "Poland on N5.1: ✕ breaks the silence" in said.stdout.decode("utf-8")
    command = [sys.executable, "-m", "sim.cli", "run", "Málaga"]
    said = subprocess.run(command, env=os.environ | locale, capture_output=True)
    assert said.returncode == 2
    assert b"there is no scenario" in said.stderr


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
def test_a_terminal_gets_what_it_can_show():
    reader, terminal = os.openpty()
    command = [sys.executable, "-m", "sim.cli", "explain", FLAGSHIP, "POL", "N5.1"]
    ascii_only = os.environ | {"PYTHONIOENCODING": "ascii", "TERM": "dumb"}
    said = subprocess.run(command, env=ascii_only, stdout=terminal, stderr=subprocess.PIPE)
    os.close(terminal)
    assert (said.returncode, said.stderr) == (0, b"")
    assert b"Poland on N5.1: ? breaks the silence" in os.read(reader, 4096)
    os.close(reader)


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="no /dev/full on this system")
def test_a_full_disk_is_one_sentence():
    command = f"{sys.executable} -m sim.cli run {FLAGSHIP} --json --central > /dev/full"
    said = subprocess.run(command, shell=True, capture_output=True, text=True)
    assert said.returncode == 2
    assert said.stderr == "the output cannot be written: No space left on device\n"


@pytest.fixture
def port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_port_in_use_is_one_sentence_that_proposes_another(port, capsys):
    code, out, err = oneveto("dashboard", "--no-browser", "--port", port, capsys=capsys)
    assert (code, out) == (2, "")
    assert re.fullmatch(rf"port {port} is in use; try --port \d+\n", err)


@pytest.mark.skipif(os.name != "posix", reason="elsewhere a process cannot take another's place")
def test_stopping_the_dashboard_stops_its_server():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    command = [sys.executable, "-m", "sim.cli", "dashboard", "--no-browser", "--port", str(port)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, **quiet) as started:
        try:
            assert within(90, lambda: listens(port))
        finally:
            started.terminate()
        started.wait(timeout=90)
    assert not listens(port)


@pytest.mark.skipif(os.name != "posix", reason="a shell script stands in for the browser")
def test_the_first_page_ever_opens_without_a_question(tmp_path):
    opened, browser = tmp_path / "opened", tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > "{opened}"\n', "utf-8")
    browser.chmod(0o755)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    command = [sys.executable, "-m", "sim.cli", "dashboard", "--port", str(port)]
    first = os.environ | {"HOME": str(tmp_path), "BROWSER": str(browser)}
    silent = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
    with subprocess.Popen(command, env=first, **silent) as started:
        try:
            assert within(90, lambda: opened.exists() and str(port) in opened.read_text("utf-8"))
        finally:
            started.terminate()
