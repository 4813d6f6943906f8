"""Imports go one way: a module knows only what comes before it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

LAYERS = (
    ("constants", "palette"),
    ("errors", "arrays"),
    ("appraisal", "averages", "belief", "consultation", "rules", "tactics", "ziggurat"),
    ("arithmetic", "exact"),
    ("scenario",),
    ("formats", "streams"),
    ("dice",),
    ("worlds",),
    ("inputs",),
    ("outcome", "outlook"),
    ("council", "explanation"),
    ("ensemble",),
    ("analysis", "baselines", "replay"),
    ("claims", "tables", "story", "sheet"),
    ("sweep",),
    ("charts", "console", "lan", "serving"),
    ("report",),
    ("room",),
    ("cli",),
)
"""From the most basic to the command line; modules of one layer do not know each other."""

ONLY = {
    "pydantic": {"scenario"},
    "tomllib": {"scenario"},
    "mesa": {"council"},
    "numba": {"arithmetic"},
    "clarabel": {"analysis"},
    "SALib": {"analysis"},
    "ema_workbench": {"analysis"},
    "dask": {"sweep"},
    "distributed": {"sweep"},
    "altair": {"charts"},
    "rich": {"console"},
    "jinja2": {"report"},
    "vl_convert": {"report"},
    "sqlite3": {"room"},
    "fpdf": {"room"},
    "segno": {"room"},
    "typer": {"cli"},
}
"""Libraries that have one home."""

DEPTH = {name: depth for depth, layer in enumerate(LAYERS) for name in layer}


def modules() -> list[Path]:
    return sorted(path for path in (ROOT / "sim").rglob("*.py") if path != ROOT / "sim/__init__.py")


def home(path: Path) -> str:
    """The module of `sim` that a file belongs to: its own name, or that of its folder."""
    return path.relative_to(ROOT / "sim").parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("path", modules(), ids=home)
def test_a_module_has_its_place(path):
    assert home(path) in DEPTH, f"write sim/{home(path)} into LAYERS, where it belongs"


@pytest.mark.parametrize("path", modules(), ids=home)
def test_a_module_knows_only_what_comes_before_it(path):
    for name in imports(path):
        parts = name.split(".")
        if parts[0] == "sim" and len(parts) > 1 and parts[1] in DEPTH and parts[1] != home(path):
            assert DEPTH[parts[1]] < DEPTH[home(path)], f"{home(path)} must not import {name}"


@pytest.mark.parametrize("path", modules(), ids=home)
def test_a_library_has_one_home(path):
    for name in imports(path):
        allowed = ONLY.get(name.split(".")[0], {home(path)})
        assert home(path) in allowed, f"{home(path)} imports {name}; only {allowed} may"


@pytest.mark.parametrize("path", modules(), ids=home)
def test_dice_are_thrown_in_one_place_only(path):
    if home(path) not in ("dice", "streams"):
        text = path.read_text("utf-8")
        assert "np.random" not in text
        assert "default_rng" not in text


@pytest.mark.parametrize("path", modules(), ids=home)
def test_the_simulator_does_not_know_the_dashboard(path):
    assert not any(name.split(".")[0] == "dashboard" for name in imports(path))
