"""The pages that explain the model say what the program says, and cite what the code cites."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sim.story.model import LIMITS, MODEL

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
DOI = re.compile(r"\b10\.\d{4,}/[^\s\"'`|\[\]]+")


def page(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


def quoted(text: str) -> str:
    """What stands in block quotes, on one line."""
    lines = (line.removeprefix("> ") for line in text.splitlines() if line.startswith("> "))
    return " ".join(lines)


def dois(text: str) -> set[str]:
    """The DOIs in a text, without what a sentence puts behind them."""
    found = (doi.rstrip(".,;:*") for doi in DOI.findall(text))
    return {doi.rstrip(")") if doi.count(")") > doi.count("(") else doi for doi in found}


def headings(text: str) -> set[str]:
    return set(re.findall(r"^#+ (.+)$", text, re.MULTILINE))


def test_a_doi_ends_where_the_sentence_goes_on():
    text = "(doi:10.1000/a(1)2-6; doi:10.1000/b), as in 10.1000/c."
    assert dois(text) == {"10.1000/a(1)2-6", "10.1000/b", "10.1000/c"}


@pytest.mark.parametrize("limit", LIMITS)
def test_a_limit_is_explained_in_the_programs_own_words(limit):
    assert limit in quoted(page("limits.md"))


@pytest.mark.parametrize("equation", MODEL, ids=lambda equation: equation.title)
def test_an_equation_of_the_dashboard_is_derived_under_its_name(equation):
    assert equation.title in headings(page("model.md"))


@pytest.mark.parametrize("equation", MODEL, ids=lambda equation: equation.title)
def test_whom_an_equation_is_taken_from_is_in_the_literature(equation):
    literature = page("literature.md")
    for name, year in re.findall(r"(\w+) \((\d{4})\)", equation.source):
        assert re.search(rf"{name}.*?\({year}\)", literature), (name, year)


@pytest.mark.parametrize("folder", ["sim", "scenarios", "docs"])
def test_whatever_is_cited_with_a_doi_is_in_the_literature(folder):
    listed = dois(page("literature.md"))
    files = [path for path in (ROOT / folder).rglob("*") if path.suffix in {".py", ".toml", ".md"}]
    cited = {path.name: dois(path.read_text("utf-8")) - listed for path in files}
    missing = {name: unknown for name, unknown in cited.items() if unknown}
    assert not missing, f"add to docs/literature.md: {missing}"


def test_the_odd_description_has_all_its_elements():
    found = page("odd.md")
    elements = [title for title in headings(found) if re.match(r"\d\. ", title)]
    assert sorted(int(title[0]) for title in elements) == [1, 2, 3, 4, 5, 6, 7]
    concepts = re.findall(r"^- \*\*(.+?)\.\*\*", found, re.MULTILINE)
    assert concepts == [
        "Basic principles",
        "Emergence",
        "Adaptation",
        "Objectives",
        "Learning",
        "Prediction",
        "Sensing",
        "Interaction",
        "Stochasticity",
        "Collectives",
        "Observation",
    ]


@pytest.mark.parametrize("section", page("decisions.md").split("\n## ")[1:])
def test_a_decision_says_instead_of_what_why_and_at_what_price(section):
    for part in ("*Chosen.*", "*Instead of*", "*Why.*", "*Price.*"):
        assert section.count(part) == 1
