"""What the documentation says is what happens, and where it points there is something."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import pages
from tests.test_cli import oneveto

WRITTEN = [path for path in pages.PAGES if path.name != "CHANGELOG.md"]


def name(path: Path) -> str:
    return str(path.relative_to(pages.ROOT))


@pytest.fixture
def reader(tmp_path, monkeypatch, capsys):
    """Reads a page in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run(arguments: list[str]) -> tuple[int, str]:
        code, out, err = oneveto(*arguments, capsys=capsys)
        return code, out + err

    return pages.Reader(tmp_path, run)


@pytest.mark.parametrize("path", WRITTEN, ids=name)
def test_the_code_of_a_page_does_what_the_page_says(path, reader):
    wrong = reader.read(path.read_text("utf-8"))
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("path", pages.PAGES, ids=name)
def test_no_link_is_dead(path):
    assert pages.dead(path, path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("link", "leads"),
    [
        ("toy.md", True),
        ("toy.md#2-they-hear-each-other-out", True),
        ("toy.md#3-they-dance", False),
        ("#here-we-are", True),
        ("#there", False),
        ("tow.md", False),
        ("https://doi.org/10.1017/S0020818300033324", True),
        ("https://doi.org/S0020818300033324", False),
        ("http://", False),
    ],
)
def test_a_dead_link_is_found(link, leads):
    text = f"# Here we are\n\n[There]({link})\n"
    assert pages.dead(pages.DOCS / "page.md", text) == ([] if leads else [link])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("```console\n$ oneveto lisst\n```\n", "ends with 2"),
        ("```console\n$ oneveto list\nNothing\n```\n", "does not print `Nothing`"),
        ("```console exit=2\n$ oneveto list\n```\n", "ends with 0, not 2"),
        ("```console\n$ rm -r all\n```\n", "`rm` is not run here"),
        ("```pycon\n>>> 1 + 1\n3\n```\n", "Expected"),
        ("```python\nraise SystemExit(3)\n```\n", "ends with 3"),
        ("```python\n1 / 0\n```\n", "ZeroDivisionError"),
        ("```toml\nx =\n```\n", "no TOML"),
        ("```bash\nmake\n```\n", "no kind of code"),
        ("    $ oneveto lisst\n", "ends with 2"),
        ("- So:\n\n  ```console\n  $ oneveto lisst\n", "no code that is executed"),
        ("~~~console\n", "no code that is executed"),
        ("```{code-block} console\n$ oneveto lisst\n```\n", "no code that is executed"),
        ("```console\n$ oneveto rules | head\n```\n", "ends with 2"),
        ("```console\n$ oneveto list\n…\n```\n```console\n$ ls\na.toml\n```\n", "print `a.toml`"),
    ],
)
def test_what_does_not_hold_is_found(text, says, reader):
    (wrong,) = reader.read(text)
    assert says in wrong


def test_blocks_of_a_page_share_a_folder_and_names(reader):
    text = (
        "```toml\n# a.toml\nx = 1\n```\n```toml\n# added to a.toml\ny = 2\n```\n"
        "```console\n$ cat a.toml\n# a.toml\nx = 1\n…\ny = 2\n```\n"
        "```pycon\n>>> x = 1\n```\n```pycon\n>>> x\n1\n```\n"
    )
    assert reader.read(text) == []
