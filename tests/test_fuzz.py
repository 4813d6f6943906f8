"""Thousands of mutants of valid files: each is accepted or explained, and none breaks a bound."""

from __future__ import annotations

import random
import re
import subprocess
import sys
from importlib import resources
from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.scenario import load, shipped

TEMPLATE = Path(str(resources.files("sim.scenario") / "template.toml")).read_text("utf-8")
FLAGSHIP = (shipped() / "draft-treaty-2021.toml").read_text("utf-8")

NUMBER = re.compile(r"(?<![\w.\"-])\d+\.?\d*(?![\w.\"-])")
OUT_OF_RANGE = ("-0.5", "nan", "inf", "-inf", "1e300", '"much"', "true", "[1]", "{}", "5000.5")


def outside(text: str, dice: random.Random) -> tuple[str, bool]:
    """A number of the file moved out of every range: must be refused."""
    places = [
        match
        for match in NUMBER.finditer(text)
        if not _commented(text, match) and _is_value(text, match)
    ]
    place = dice.choice(places)
    return text[: place.start()] + dice.choice(OUT_OF_RANGE) + text[place.end() :], True


def _commented(text: str, match: re.Match[str]) -> bool:
    line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
    return "#" in line or line.count('"') % 2 == 1


def _is_value(text: str, match: re.Match[str]) -> bool:
    before = text[: match.start()].rstrip()
    free = ('" =', "at_least =", "at_most =", "trust = { value =")  # any number will do
    return before.endswith("=") and not before.endswith(free)


def line_gone(text: str, dice: random.Random) -> tuple[str, bool]:
    lines = text.splitlines(keepends=True)
    del lines[dice.randrange(len(lines))]
    return "".join(lines), False


def line_twice(text: str, dice: random.Random) -> tuple[str, bool]:
    lines = text.splitlines(keepends=True)
    place = dice.randrange(len(lines))
    return "".join(lines[: place + 1] + lines[place:]), False


def lines_swapped(text: str, dice: random.Random) -> tuple[str, bool]:
    lines = text.splitlines(keepends=True)
    one, other = dice.randrange(len(lines)), dice.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return "".join(lines), False


def letter_changed(text: str, dice: random.Random) -> tuple[str, bool]:
    place = dice.randrange(len(text))
    return text[:place] + dice.choice('abcxyz=".[]{}\n\\\x00é') + text[place + 1 :], False


def cut_short(text: str, dice: random.Random) -> tuple[str, bool]:
    return text[: dice.randrange(len(text))], False


def word_misspelt(text: str, dice: random.Random) -> tuple[str, bool]:
    word = dice.choice(list(re.finditer(r"\b[a-z_]{4,}\b(?= =|\])", text)))
    return text[: word.start() + 1] + text[word.start() + 2 :], False


def value_of_another_type(text: str, dice: random.Random) -> tuple[str, bool]:
    line = dice.choice(list(re.finditer(r"(?<= = ).+$", text, re.MULTILINE)))
    value = dice.choice(("3", '"x"', "[]", "{}", "2021-12-17", "false", "[[1]]", "1e999"))
    return text[: line.start()] + value + text[line.end() :], False


MUTATIONS = (
    outside,
    line_gone,
    line_twice,
    lines_swapped,
    letter_changed,
    cut_short,
    word_misspelt,
    value_of_another_type,
)


def mutants(text: str, count: int, seed: int):
    for number in range(count):
        dice = random.Random(seed * 100_000 + number)
        yield MUTATIONS[number % len(MUTATIONS)](text, dice)


def vocabulary(text: str) -> set[str]:
    """Words that a person finds in the file, or would have to write into it."""
    known = (
        "about rule process interests clauses members proposer evidence assumptions levers expect"
    )
    return set(re.findall(r"[A-Za-z_][\w-]*", text)) | set(known.split())


def judged(path: Path, text: str, must_fail: bool) -> None:
    path.write_bytes(text.encode("utf-8"))
    try:
        load(path)
    except ScenarioError as error:
        for problem in error.problems:
            words = set(re.findall(r"[A-Za-z_][\w-]*", problem))
            assert re.search(r"line \d+", problem) or words & vocabulary(text), problem
            assert len(problem.splitlines()) == 1
    else:
        assert not must_fail, f"accepted although a number is out of range:\n{text}"


@pytest.mark.parametrize(
    ("text", "count"), [(TEMPLATE, 2000), (FLAGSHIP, 240)], ids=["template", "flagship"]
)
def test_a_mutant_is_accepted_or_explained(text, count, tmp_path):
    for mutant, must_fail in mutants(text, count, seed=1):
        judged(tmp_path / "mutant.toml", mutant, must_fail)


@pytest.mark.slow
def test_the_command_line_survives_every_mutant(tmp_path):
    paths = []
    for number, (mutant, _) in enumerate(mutants(TEMPLATE, 400, seed=2)):
        path = tmp_path / f"mutant-{number}.toml"
        path.write_bytes(mutant.encode("utf-8"))
        paths.append(str(path))
    for start in range(0, len(paths), 10):
        command = [sys.executable, "-m", "sim.cli", "check", *paths[start : start + 10]]
        said = subprocess.run(command, capture_output=True, text=True)
        assert said.returncode in (0, 2)
        assert "Traceback" not in said.stderr
