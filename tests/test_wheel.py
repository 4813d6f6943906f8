"""What a user installs: a wheel in an empty environment, used from any folder."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def call(*command, cwd):
    said = subprocess.run([*map(str, command)], cwd=cwd, capture_output=True, text=True)
    assert said.returncode == 0, said.stderr
    return said.stdout


@pytest.mark.slow
def test_the_wheel_carries_all_it_needs(tmp_path):
    call(sys.executable, "-m", "build", "--wheel", "--outdir", tmp_path / "dist", ROOT, cwd=ROOT)
    wheel = next((tmp_path / "dist").glob("oneveto-*.whl"))
    call(sys.executable, "-m", "venv", tmp_path / "empty", cwd=tmp_path)
    bin_ = tmp_path / "empty" / ("Scripts" if sys.platform == "win32" else "bin")
    call(bin_ / "python", "-m", "pip", "install", "--quiet", wheel, cwd=tmp_path)
    oneveto, away = bin_ / "oneveto", tmp_path / "away"
    away.mkdir()
    assert "draft-treaty-2021" in call(oneveto, "list", cwd=away)
    assert "N5.1" in call(oneveto, "run", "draft-treaty-2021", "--worlds", 100, cwd=away)
    assert "N5.1" in call(oneveto, "run", "draft-treaty-2021", "--members", 2024, cwd=away)
    assert "fine" in call(oneveto, "check", "precedents/map-2008", cwd=away)
    assert "The draft treaty" in call(oneveto, "demo", cwd=away)
    call(oneveto, "new", "mine", cwd=away)
    assert "fine" in call(oneveto, "check", "mine.toml", cwd=away)
    call(oneveto, "cards", "three-neighbours", cwd=away)
    assert (away / "three-neighbours-cards.pdf").read_bytes().startswith(b"%PDF")
    code = "from sim.scenario import shipped; print((shipped()/'validation.json').is_file())"
    assert call(bin_ / "python", "-c", code, cwd=away).strip() == "True"
    room = (
        "board.html.jinja",
        "phone/plain.html.jinja",
        "phone/phone.js",
        "phone/test.js",
        "phone/phone.css",
    )
    pages = ("app.py", "views/about.py", ".streamlit/config.toml")
    for name in (*pages, *(f"room/{page}" for page in room)):
        code = (
            f"from importlib.resources import files; print((files('dashboard')/'{name}').is_file())"
        )
        assert call(bin_ / "python", "-c", code, cwd=away).strip() == "True"
