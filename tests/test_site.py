"""The site of the documentation: complete, strict, and all of it on this machine."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import tomllib

import pytest
from typer.testing import CliRunner

import sim
from sim.cli import app, options
from tests import pages

NEEDED = ("sphinx", "myst_parser", "furo", "latex2mathml")
LACKING = [name for name in NEEDED if importlib.util.find_spec(name) is None]


def references():
    """The writer of the reference."""
    spec = importlib.util.spec_from_file_location("references", pages.DOCS / "references.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The site, built as `make docs` builds it; a warning is a mistake."""
    if LACKING:
        reason = f"{', '.join(LACKING)} missing: pip install --editable '.[docs]'"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    out = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html"]
    done = subprocess.run(
        [*command, str(pages.DOCS), str(out)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    return out


def test_the_site_has_every_page_and_asks_no_other_machine(site):
    sources = [path.relative_to(pages.DOCS) for path in pages.DOCS.rglob("*.md")]
    for source in sources:
        assert (site / source).with_suffix(".html").exists()
    loads = re.compile(r"""(?:src=|<link[^>]*href=|@import\s+|url\()["']?(https?:)?//[^"')]+""")
    for path in site.rglob("*"):
        if path.suffix in (".html", ".css"):
            found = loads.search(path.read_text("utf-8"))
            assert not found, (path, found[0])


def test_every_link_of_the_site_leads_to_a_place_on_it(site):
    whole = {path: path.read_text("utf-8") for path in site.rglob("*.html")}
    for path, text in whole.items():
        for link in re.findall(r'<a [^>]*href="([^"]+)"', text):
            if re.match(r"https?://|mailto:", link):
                continue
            file, _, anchor = link.partition("#")
            there = (path.parent / file).resolve() if file else path
            assert there.exists(), (path.name, link)
            if anchor and there.suffix == ".html":
                assert f'id="{anchor}"' in whole[there], (path.name, link)


@pytest.mark.parametrize("path", ["reference/commands.md", "reference/scenario-files.md"])
def test_the_reference_is_what_the_program_says(path):
    written = {str(file.relative_to(pages.DOCS)): text for file, text in references().pages()}
    assert (pages.DOCS / path).read_text("utf-8") == written[path], (
        "write it anew: python -m docs.references"
    )


def undocumented(commands) -> list[str]:
    """Commands, arguments and options that say nothing of themselves."""
    silent = [name for name, command in commands.items() if not (command.help or "").strip()]
    return silent + [
        f"{name} {parameter.opts[0]}"
        for name, command in commands.items()
        for parameter in command.params
        if not (parameter.help or "").strip()
    ]


def test_every_command_and_option_says_what_it_is():
    assert undocumented(references().commands()) == []


def test_an_option_without_a_word_is_found():
    import typer

    program = typer.Typer()

    @program.command()
    def first(well: int = typer.Option(1, help="Said."), silent: int = 1) -> None:
        """Said."""

    @program.command()
    def second() -> None: ...

    commands = typer.main.get_command(program).commands
    assert undocumented(commands) == ["second", "first --silent"]


def test_every_command_is_in_the_reference_with_its_options_and_in_an_example():
    text = (pages.DOCS / "reference" / "commands.md").read_text("utf-8")
    parts = dict(re.findall(r"^### oneveto (\S+)\n((?:(?!^##).*\n)*)", text, re.MULTILINE))
    shared = {*references().parameters(options.changed)} - {"scenario"}
    commands = references().commands()
    assert {*parts} == {*commands}
    for name, command in commands.items():
        for option in (row for row in command.params if row.param_type_name == "option"):
            if option.name not in shared:
                assert f"`{option.opts[0]}" in parts[name], (name, option.opts[0])
    words = tomllib.loads((pages.DOCS / "reference" / "commands.toml").read_text("utf-8"))
    shown = {name for name in commands if words[name]["example"]}
    assert {*commands} - shown == {"dashboard", "room", "debrief", "validate"}, (
        "only what serves, needs a room or takes minutes"
    )


def test_help_lists_commands_in_the_order_of_the_reference():
    words = tomllib.loads((pages.DOCS / "reference" / "commands.toml").read_text("utf-8"))
    groups = [name for group in words["group"] for name in group["commands"]]
    listed = re.findall(r"^  (\w+)  ", CliRunner().invoke(app, ["--help"]).output, re.MULTILINE)
    assert listed == groups


def test_every_public_name_is_in_the_reference_of_python():
    text = (pages.DOCS / "reference" / "python.md").read_text("utf-8")
    for name in sim.__all__:
        assert re.search(rf"^\.\. auto\w+:: sim\.{name}\b", text, re.MULTILINE), name
