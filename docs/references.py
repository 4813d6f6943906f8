"""Writes the reference, and the scripts of workshops, from the program itself.

Run it: `python -m docs.references`. A test sees that the pages are what this writes.
"""

from __future__ import annotations

import inspect
import json
import re
import textwrap
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import typer

from sim.cli import app, options
from sim.room import progress, scripts, told
from sim.room.events import OBJECT
from sim.room.mind import minds
from sim.room.seats import seats
from sim.scenario import Scenario, load, schema
from sim.scenario.room import Script
from sim.story import FEW, listed, member_name

HERE = Path(__file__).parent / "reference"
WIDTH = 105

# Commands -----------------------------------------------------------------------------------------

COMMANDS_HEAD = """\
# Commands

`oneveto COMMAND --help` says the same in a terminal. What is asked for goes to standard output,
progress and problems to standard error. A command ends with 0 when all is well, with 1 when a claim
or a test of it fails, and with 2 when something has to be mended first, which it says in a
sentence.
"""

SHARED_HEAD = """\
## What changes a scenario

Commands that play or show a scenario take these options as well. What is typed last weighs most.
All [addresses](addresses.md) are on a page of their own.
"""


def commands_page() -> str:
    """The page of all commands, in groups, each with its example."""
    said = tomllib.loads((HERE / "commands.toml").read_text("utf-8"))
    shared = [name for name in parameters(options.changed) if name != "scenario"]
    parts = [COMMANDS_HEAD, SHARED_HEAD, _listed(_with_names(commands()["run"], shared))]
    for group in said["group"]:
        parts.append(f"## {group['title']}\n")
        parts += [_command(name, said[name], shared) for name in group["commands"]]
    return "\n".join(parts)


def commands() -> dict[str, Any]:
    """All commands by name."""
    program: Any = typer.main.get_command(app)
    return dict(program.commands)


def parameters(function: Any) -> list[str]:
    """The names of what a function takes."""
    return list(inspect.signature(function, locals={"Scenario": object}).parameters)


def _with_names(command: Any, names: Iterable[str]) -> list[Any]:
    return [parameter for parameter in command.params if parameter.name in names]


def _command(name: str, said: dict[str, str], shared: list[str]) -> str:
    command = commands()[name]
    own = [parameter for parameter in command.params if parameter.name not in shared]
    words = [_filled(f"{command.help} {' '.join(said['words'].split())}")]
    parts = [f"### oneveto {name}\n", *words]
    if "file" in said:  # one that the example reads
        parts.append(f"```csv\n{said['file'].strip()}\n```\n")
    if said["example"]:
        parts.append(f"```console\n{said['example'].strip()}\n```\n")
    parts += [_listed(own)] if own else []
    if len(own) < len(command.params):
        parts.append("And [what changes a scenario](#what-changes-a-scenario).\n")
    return "\n".join(parts)


def _listed(parameters: Iterable[Any]) -> str:
    return "\n".join(_parameter(parameter) for parameter in parameters) + "\n"


def _parameter(parameter: Any) -> str:
    """One argument or option: how it is written, what it means, what it is if left out."""
    written, help = parameter.get_help_record(typer.Context(commands()["demo"]))
    help = re.sub(r"\s*\[(.*)\]$", lambda match: _bounds(match[1]), help)
    argument = parameter.param_type_name == "argument"
    written = re.sub(
        r" <(.*?)( range)?>",
        lambda match: "" if argument else f" {KINDS.get(match[1], match[1])}",
        written,
    )
    return textwrap.fill(f"- `{written}`: {help}", WIDTH, subsequent_indent="  ", **_WHOLE)


KINDS = {"str": "WORD", "int": "N", "float": "X", "path": "FILE"}
"""What stands for a value, by its type."""


def _bounds(text: str) -> str:
    """What typer puts in brackets, as a sentence."""
    parts = [part.strip() for part in text.split(";")]
    said = {"required": "Required."}
    sentences = [said.get(part, part[0].upper() + part[1:] + ".") for part in parts]
    return " " + " ".join(_bound(sentence) for sentence in sentences)


def _bound(sentence: str) -> str:
    """`X>=0.` in words."""
    if match := re.fullmatch(r"X>=(\S+)\.", sentence):
        return f"At least {match[1]}."
    if match := re.fullmatch(r"(\S+)<=x<=(\S+)\.", sentence):
        return f"From {match[1]} to {match[2]}."
    return sentence


_WHOLE: dict[str, Any] = {"break_long_words": False, "break_on_hyphens": False}


def _filled(text: str) -> str:
    return textwrap.fill(text, WIDTH, **_WHOLE) + "\n"


# Scenario files -----------------------------------------------------------------------------------

FILES_HEAD = """\
# Scenario files

A scenario is a [TOML](https://toml.io) file: one question, the treaty, the members, the proposer,
and what is uncertain. `oneveto new NAME` writes one with comments to start from, `oneveto check
FILE` says what is wrong with one, and [Your own treaty](../how-to/own-treaty.md) builds one step by
step. Keys that are not listed here are mistakes, and are named as such.

Wherever a *number* is asked for, there may be a bare one, or a table that says how sure it is and
where it comes from: `{ value = .3, band = .1, judgement = "why" }`.
"""


def files_page() -> str:
    """The page of all tables of a scenario file and their keys."""
    whole = schema()
    tables = whole["$defs"]
    parts = [FILES_HEAD, "## At the top of the file\n", _keys(whole)]
    parts += [
        f"## {title}\n\n{_filled(tables[name]['description'])}\n{_keys(tables[name])}"
        for title, name in TABLES.items()
        if "properties" in tables[name]
    ]
    number, assumption = (_largest(tables[name]) for name in ("Number", "Assumption"))
    own = {"properties": assumption["properties"], "required": ["value"]}
    parts.append(f"## A number\n\n{_filled(number['description'])}\n{_keys(own)}")
    return "\n".join(parts)


def _largest(either: dict[str, Any]) -> dict[str, Any]:
    """Of several forms, the one that is a table."""
    return next(form for form in either["anyOf"] if "properties" in form)


TABLES = {
    "[about]": "About",
    "[rule]": "Rule",
    "[rule.qualified]": "Qualified",
    "[rule.weighted]": "Weighted",
    "[rule.vetoes]": "Vetoes",
    "[process]": "Process",
    "[[process.stages]]": "Stage",
    "[interests.ID]": "Interest",
    "[clauses.ID]": "Clause",
    "[clauses.ID.scale]": "Scale",
    "[[clauses.ID.scale.points]]": "Point",
    "[members]": "Members",
    "[members.ID]": "Member",
    "[proposer]": "Proposer",
    "[proposer.keep]": "Keep",
    "[proposer.floor]": "Floor",
    "[proposer.accepts_part]": "AcceptsPart",
    "[evidence.ID]": "Evidence",
    "[assumptions]": "Assumptions",
    "[assumptions.spread]": "Spread",
    "[levers.ID]": "Lever",
    "[room]": "Room",
    "[room.blocs.ID]": "Bloc",
    "[room.injects.ID]": "Inject",
    "[room.scripts.ID]": "Script",
    "[[room.scripts.ID.acts]]": "Act",
    "[[expect]]": "Expect",
    "[happened]": "Happened",
}
"""Tables of a file, as one writes them, and their names in the schema."""


def _keys(table: dict[str, Any]) -> str:
    required = table.get("required", [])
    lines = [_key(name, row, name in required) for name, row in table["properties"].items()]
    return "\n".join(lines) + "\n"


def _key(name: str, row: dict[str, Any], required: bool) -> str:
    """One key: what it means, of which kind it is, and what it is if left out."""
    meaning = row.get("description") or OFTEN[name]
    facts = [_kind(row), "required" if required else _default(row)]
    facts = ", ".join(fact for fact in facts if fact)
    line = f"- `{name}`: {meaning} ({facts})."
    return textwrap.fill(line, WIDTH, subsequent_indent="  ", **_WHOLE)


OFTEN = {
    "source": "where it is documented",
    "judgement": "why so, where no source says it",
}
"""What the same key means wherever it stands."""


def _kind(row: dict[str, Any]) -> str:
    """Of which kind a value is, in words."""
    if "enum" in row:
        return " or ".join(f"`{word}`" for word in row["enum"])
    if "$ref" in row:
        return _named(row["$ref"])
    if "$ref" in row.get("items", {}):
        return _named(row["items"]["$ref"]).replace("a table", "tables")
    if forms := list(row.get("patternProperties", {}).values()):
        return _named(forms[0]["$ref"]).replace("a table", "tables")
    if "anyOf" in row:
        forms = [form for form in row["anyOf"] if form.get("type") != "null"]
        return " or ".join(map(_kind, forms))
    kinds = row.get("type", "")
    return " or ".join(
        _simple(kind, row) for kind in ([kinds] if isinstance(kinds, str) else kinds)
    )


def _named(reference: str) -> str:
    name = reference.rpartition("/")[2]
    if name in ("Number", "Assumption", "Position"):
        return "a number"
    title = next(title for title, table in TABLES.items() if table == name)
    return f"a table `{title}`"


def _simple(kind: str, row: dict[str, Any]) -> str:
    words = {
        "string": "a date" if row.get("format") == "date" else "a text",
        "number": "a number",
        "integer": "a whole number",
        "boolean": "true or false",
        "array": "a list",
        "object": "a table",
    }
    return f"{words[kind]}{_range(row)}"


def _range(row: dict[str, Any]) -> str:
    if "exclusiveMinimum" in row and "maximum" not in row:
        return f" above {row['exclusiveMinimum']:g}"
    if "exclusiveMinimum" in row:
        return f" above {row['exclusiveMinimum']:g}, at most {row['maximum']:g}"
    if "minimum" in row and "maximum" in row:
        return f" from {row['minimum']:g} to {row['maximum']:g}"
    return ""


def _default(row: dict[str, Any]) -> str:
    """What it is if left out, where that can be said in a word."""
    default = row.get("default")
    if isinstance(default, dict):
        default = default.get("value")
    if default in (None, "", [], ()):
        return ""
    return f"default `{json.dumps(default)}`"


# Scripts of a workshop ----------------------------------------------------------------------------

SCRIPTS_HEAD = """\
# The three scripts

Of the draft treaty, minute by minute, as its file has them under `[room.scripts]` and the desk shows
them. The last column says what the model's own members do with a text after what has happened by then;
people may decide otherwise, and that is what the debrief is about. How to lead it all stands in
[the guide](guide.md).
"""


def scripts_page() -> str:
    """The scripts of the flagship as tables, with what the model does with each text."""
    scenario = load("draft-treaty-2021")
    parts = [SCRIPTS_HEAD]
    for name in scripts.names(scenario):
        row = scripts.script(scenario, name)
        who = f"Play it with `--script {name}`; {len(seats(scenario, row.seating))} delegations."
        parts += [f"## {row.title}\n", f"{who}\n", "\n".join(_acts(scenario, row)), ""]
    return "\n".join(parts)


def _acts(scenario: Scenario, script: Script) -> Iterator[str]:
    """A line for each act; the gavel and the reveal go with the text."""
    yield "| Minute | You say | You do | The model |"
    yield "|---|---|---|---|"
    injects: list[str] = []
    for act in script.acts:
        does = model = ""
        if act.inject:
            injects.append(act.inject)
            held = scenario.room.injects[act.inject]
            does, act = f"**{held.title}**", act.model_copy(update={"say": f"*{held.text}*"})
        if act.do == "put":
            levels = progress.levels(scenario, act)
            said = minds(scenario, injects).stances(levels)
            does = f"Put **{told.text(scenario, levels)}**; {act.seconds} seconds, gavel, reveal"
            model = _answer(scenario, [iso for iso, word in said.items() if word == OBJECT])
        if act.do == "talk":
            does = f"Start the clock: {act.seconds} seconds of talks"
        if act.do not in ("gavel", "reveal"):
            yield f"| {act.minute:g} | {act.say} | {does} | {model} |"


def _answer(scenario: Scenario, against: list[str]) -> str:
    if not against:
        return "stands"
    who = listed(member_name(scenario, iso) for iso in against)
    return f"falls to {who if len(against) <= FEW else f'all {len(against)}'}"


# Both ---------------------------------------------------------------------------------------------


def pages() -> Iterator[tuple[Path, str]]:
    """Every page that is written here."""
    yield HERE / "commands.md", commands_page()
    yield HERE / "scenario-files.md", files_page()
    yield HERE.parent / "workshop" / "scripts.md", scripts_page()


if __name__ == "__main__":
    for path, text in pages():
        path.write_text(text, "utf-8")
        print(f"{path} is written")
