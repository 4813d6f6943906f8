"""What the documentation is made of: pages, their code, their links.

A page is read by people and executed by a test, in a folder of its own. What each kind of code means:

- `console`: lines with `$ ` are commands, run one after the other; the lines below are what is printed,
  blanks collapsed, and a line `…` stands for any lines. With `exit=2` behind the kind that is how the
  last command ends.
- `pycon`, or `python` with `>>>`: a doctest; all of a page share their names.
- `python`, `toml`, `csv`, `text` whose first line is `# FILE`: written to that file. `# added to FILE`:
  added to it. Other `python` is a program that must end well, other `toml` must parse, other `text` is
  to be read.
- Lines `    $ oneveto …`, set in by four blanks, are commands as well; what stands in braces, as
  `{toctree}`, is for Sphinx. Code that is fenced in any other way would be read and not executed, and
  is a mistake.
"""

from __future__ import annotations

import doctest
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = (ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md")))

KINDS = ("console", "pycon", "python", "toml", "csv", "text")
DIRECTIVES = ("{toctree}", "{eval-rst}")
_FENCE = re.compile(r"^```(\S*) ?(.*)\n((?:.*\n)*?)```$", re.MULTILINE)
_STRAY = re.compile(r"^[ >]*(?:```|~~~).*", re.MULTILINE)
_INDENTED = re.compile(r"^(?:    .*\n|\n)*    \$ oneveto.*\n(?:    .*\n)*", re.MULTILINE)
_NAMED = re.compile(r"# (added to )?([\w./-]+\.\w+)\n")
_ANY = "…"

Run = Callable[[list[str]], tuple[int, str]]
"""Runs a command -> how it ends, and what it prints on both streams."""


@dataclass(frozen=True)
class Block:
    """Some code of a page: its kind, what stands behind that, the code, and the line it begins at."""

    kind: str
    info: str
    code: str
    line: int

    @property
    def named(self) -> re.Match[str] | None:
        """The file that the block is to be written to, as its first line says."""
        return _NAMED.match(self.code)


@dataclass(frozen=True)
class Command:
    """A command, what a page says that it prints, and how it ends."""

    words: list[str]
    shown: list[str]
    ends: int


def blocks(text: str) -> Iterator[Block]:
    """The code of a page in order, fenced or, if it is commands, set in.

    >>> [(block.kind, block.line) for block in blocks("A\\n\\n    $ oneveto list\\n\\n```toml\\n```\\n")]
    [('console', 3), ('toml', 5)]
    """
    found = list(_fenced(text))
    blanked = _FENCE.sub(lambda fence: re.sub("[^\n]", " ", fence[0]), text)
    for match in _INDENTED.finditer(blanked):
        code = "\n".join(line[4:] for line in match[0].strip("\n").splitlines())
        start = match.start() + len(match[0]) - len(match[0].lstrip("\n"))
        found.append((start, Block("console", "", code + "\n", text.count("\n", 0, start) + 1)))
    yield from (block for _, block in sorted(found, key=lambda pair: pair[0]))


def _fenced(text: str) -> Iterator[tuple[int, Block]]:
    for match in _FENCE.finditer(text):
        if match[1].startswith("{"):
            continue
        line = text.count("\n", 0, match.start()) + 1
        yield match.start(), Block(match[1], match[2], match[3], line)


def unread(text: str) -> Iterator[str]:
    """Fences that nobody executes: set in, of another kind, never closed, or for Sphinx with code.

    >>> list(unread("```toml\\nx = 1\\n```\\n- Do:\\n  ```console\\n"))
    ['line 5: `  ```console` begins no code that is executed']
    """
    known = _FENCE.sub(lambda fence: "\n" * fence[0].count("\n"), text)
    found = [
        (known.count("\n", 0, stray.start()) + 1, stray[0]) for stray in _STRAY.finditer(known)
    ]
    for fence in _FENCE.finditer(text):
        if fence[1].startswith("{") and fence[1] not in DIRECTIVES:
            found.append((text.count("\n", 0, fence.start()) + 1, f"```{fence[1]}"))
    yield from (f"line {line}: `{said}` begins no code that is executed" for line, said in found)


def commands(block: Block) -> Iterator[Command]:
    """The commands of a block; a line that ends with a backslash goes on in the next.

    >>> [c.words for c in commands(Block("console", "", "$ oneveto list\\nToy\\n$ ls\\n", 1))]
    [['oneveto', 'list'], ['ls']]
    """
    code = block.code.replace("\\\n", " ")
    typed = [part for part in re.split(r"^\$ ", code, flags=re.MULTILINE) if part.strip()]
    ends = int(block.info.removeprefix("exit=") or 0)
    for number, part in enumerate(typed, 1):
        first, _, shown = part.partition("\n")
        words = shlex.split(first, comments=True)
        yield Command(words, shown.splitlines(), ends if number == len(typed) else 0)


def differs(shown: list[str], printed: str) -> str | None:
    """The first line that a page shows and nobody prints, in its place; None where all are there.

    >>> differs(["a  b", "…", "d"], "a b\\nc\\nd\\n"), differs(["a", "d"], "a\\nc\\nd\\n")
    (None, 'd')
    """
    said = [" ".join(line.split()) for line in printed.splitlines() if line.strip()]
    place, free = 0, False
    for line in (" ".join(line.split()) for line in shown if line.strip()):
        if line == _ANY:
            free = True
            continue
        try:
            found = said.index(line, place)
        except ValueError:
            return line
        if not free and found != place:
            return line
        place, free = found + 1, False
    return None if free or place == len(said) or not shown else f"(also: {said[place]})"


class Reader:
    """Executes a page in a folder, block by block."""

    def __init__(self, folder: Path, run: Run) -> None:
        self.folder, self.run = folder, run
        self.names: dict[str, Any] = {"__name__": "__page__"}

    def read(self, text: str) -> list[str]:
        """What does not hold on the page, one sentence each with its line."""
        found = list(unread(text))
        for block in blocks(text):
            wrong = self._wrong(block)
            found += [f"line {block.line}: {wrong}"] if wrong else []
        return found

    def _wrong(self, block: Block) -> str | None:
        if block.kind not in KINDS:
            return f"`{block.kind}` is no kind of code that is executed; write {', '.join(KINDS)}"
        if block.kind == "console":
            return self._console(block)
        if ">>> " in block.code and block.kind in ("pycon", "python"):
            return self._doctest(block)
        if block.named:
            return self._write(block, block.named)
        if block.kind == "python":
            return self._program(["-c", block.code])
        return _unparsed(block)

    def _console(self, block: Block) -> str | None:
        for command in commands(block):
            program, *arguments = command.words
            if program == "oneveto":
                code, printed = self.run(arguments)
            elif program == "python":
                code, printed = self._python(arguments)
            elif program == "cat":
                code, printed = 0, (self.folder / arguments[0]).read_text("utf-8")
            elif program == "ls":
                code, printed = 0, "\n".join(sorted(path.name for path in self.folder.iterdir()))
            else:
                return f"`{program}` is not run here; write oneveto, python, cat or ls"
            if code != command.ends:
                ending = f"ends with {code}, not {command.ends}: {printed[-600:]}"
                return f"`{shlex.join(command.words)}` {ending}"
            missing = differs(command.shown, printed) if command.shown else None
            if missing is not None:
                return f"`{shlex.join(command.words)}` does not print `{missing}` there: {printed}"
        return None

    def _doctest(self, block: Block) -> str | None:
        test = doctest.DocTestParser().get_doctest(block.code, self.names, "page", None, block.line)
        said: list[str] = []
        doctest.DocTestRunner(verbose=False, optionflags=doctest.ELLIPSIS).run(
            test, out=said.append, clear_globs=False
        )
        self.names.update(test.globs)
        return "".join(said) or None

    def _write(self, block: Block, named: re.Match[str]) -> str | None:
        path = self.folder / named[2]
        path.parent.mkdir(parents=True, exist_ok=True)
        kept = block.code if block.kind != "csv" else block.code[named.end() :]
        before = path.read_text("utf-8") + "\n" if named[1] else ""
        path.write_text(before + kept, "utf-8")
        return _unparsed(block)

    def _program(self, arguments: list[str]) -> str | None:
        code, printed = self._python(arguments)
        return f"the program ends with {code}: {printed}" if code else None

    def _python(self, arguments: list[str]) -> tuple[int, str]:
        """Python in a process of its own, in the folder, with this oneveto."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.folder,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return done.returncode, done.stdout


def _unparsed(block: Block) -> str | None:
    if block.kind != "toml":
        return None
    try:
        tomllib.loads(block.code)
    except tomllib.TOMLDecodeError as error:
        return f"this is no TOML: {error}"
    return None


# Links ------------------------------------------------------------------------------------------

_LINK = re.compile(r"(?<!!)\[[^\]\n]*(?:\n[^\]\n]*)?\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_DOI = re.compile(r"https://doi\.org/10\.\d{4,9}/\S+")


def slug(heading: str) -> str:
    """The anchor of a heading, as code hosts and MyST make it.

    >>> slug("The price of consensus: `oneveto run`")
    'the-price-of-consensus-oneveto-run'
    """
    plain = re.sub(r"[^\w\- ]", "", heading.strip().lower())
    return plain.replace(" ", "-")


def links(text: str) -> list[str]:
    """Where the links and pictures of a page lead, without those in its code."""
    prose = re.sub(r"`[^`\n]*`", "", _FENCE.sub("", text))
    return [first or second for first, second in _LINK.findall(prose)]


def dead(path: Path, text: str) -> list[str]:
    """The links of a page that lead nowhere; other machines are never asked."""
    return [link for link in links(text) if not _leads(path, text, link)]


def _leads(path: Path, text: str, link: str) -> bool:
    if link.startswith("https://doi.org/"):
        return bool(_DOI.fullmatch(link))
    if link.startswith("https://"):
        return bool(re.fullmatch(r"https://[\w-]+(\.[\w-]+)+(/\S*)?", link))
    file, _, anchor = link.partition("#")
    there = path.parent / file
    if not file:
        return anchor in anchors(text)
    if not there.exists():
        return False
    return not anchor or anchor in anchors(there.read_text("utf-8"))


def anchors(text: str) -> set[str]:
    """Every place of a page that a link can lead to."""
    bare = _FENCE.sub("", text)
    return {slug(title) for title in _HEADING.findall(bare)} | set(
        re.findall(r"^\(([\w-]+)\)=$", bare, re.MULTILINE)
    )
