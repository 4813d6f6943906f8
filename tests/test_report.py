"""Reports: complete, safe to open, the same every time, and written whole or not at all."""

from __future__ import annotations

import html
import itertools
import re
import shlex
from html.parser import HTMLParser

import pytest

from dashboard import results
from dashboard.question import WhatIf
from sim import load, with_changes
from sim import scenario as files
from sim.inputs import inputs
from sim.report import report
from sim.scenario import from_document
from tests.test_cli import oneveto

FLAGSHIP = "draft-treaty-2021"
PINS = {"By majority": {"rule": "majority"}}
EMPTY = {"br", "hr", "img", "input", "link", "meta"}


class Page(HTMLParser):
    """Reads a page strictly: every element is closed in its turn, every id is there once."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []
        assert len(self.ids) == len(set(self.ids))

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.ids += [value for name, value in attrs if name == "id"]
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in EMPTY:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


@pytest.fixture(scope="module")
def flagship() -> str:
    changed = with_changes(load(FLAGSHIP), {"evidence.step_back": 1, "process.rounds": 3})
    return report(changed, worlds=256, pins=PINS).html()


def test_a_report_says_what_was_found_and_how_to_get_it_again(flagship):
    text = Page(flagship).text
    for words in (
        "clauses survive in most worlds",
        "evidence.step_back = 1",
        "Who objects to what",
        "Why Estonia",
        "Banzhaf",
        "Where it tips in most worlds",
        "Round by round",
        "By majority: rule = majority",
        "Overturned at the centre by",
        "Illustrative, not a forecast",
        "SHA-256",
        f"oneveto report {FLAGSHIP} --set evidence.step_back=1",
        "--pin 'By majority: rule=majority'",
        f"scenario = with_changes(load('{FLAGSHIP}')",
    ):
        assert words in text, words


def test_every_number_of_the_scenario_is_there_with_what_it_rests_on(flagship):
    text, scenario = Page(flagship).text, load(FLAGSHIP)
    assert "deterrence .35 ± " in text
    for limit in scenario.about.leaves_out:
        assert " ".join(limit.split()) in text
    for name, clause in scenario.clauses.items():
        assert f"{name} " in text
        why = clause.judgement or clause.source
        assert why is None or " ".join(why.split()) in text
    for row in scenario.evidence.values():
        assert row.title in text
        assert not row.source or " ".join(row.source.split()) in text


def test_every_band_is_the_one_that_is_drawn():
    document = load(FLAGSHIP).origin.document
    bulgaria = document["members"].get("BGR", {})
    own = {"weight": {"deterrence": {"value": 0.5, "band": 0.77}}, "source": "Told in Sofia."}
    changed = {**document, "members": {**document["members"], "BGR": {**bulgaria, **own}}}
    scenario = from_document(changed)
    text = Page(report(scenario, worlds=10).html()).text
    assert "Bulgaria .279 ± .3 .03 ± .8 .5 ± .77 · " in text
    assert "The band of weights is .3, that of exposures .3; one that has another shows it" in text
    drawn = {each.address for each in inputs(scenario)}
    assert "members.BGR.exposure.arms_control" not in drawn
    assert " .671 · .849 · 1 ± 0 · 1 ± 0 · 1 ± 0 6,507,301" in text
    assert "Bulgaria. Source: Told in Sofia." in text


def test_what_is_set_by_hand_is_told_apart_from_what_the_file_argues():
    changes = {
        "assumptions.cohesion": 0.5,
        "evidence.step_back": 1,
        "rule": "weighted",
        "process.rounds": 2,
    }
    document = load("three-neighbours").origin.document
    quota = {"weights": {"HILL": 1, "LAKE": 2.5, "SEA": 1}, "quota": 3, "source": "Their pact."}
    scenario = from_document({**document, "rule": {**document.get("rule", {}), "weighted": quota}})
    text = Page(report(with_changes(scenario, changes), worlds=10).html()).text
    numbers = text[text.rindex("Every number, and where it comes from") :]
    assert "pulls its own soldiers back 1 (0 in trust) .6" in numbers
    assert "argued for the file: assumptions.cohesion = 0.5" in numbers
    assert "rule weighted" in numbers
    assert "process.rounds 2 " in numbers
    assert "rule.weighted.quota 3 Their pact." in numbers
    assert "HILL 1, LAKE 2.5, SEA 1" in numbers


def test_members_who_leave_the_table_are_a_change_like_any_other():
    left = {"members.drop": ["EST", "LVA", "LTU", "POL"]}
    found = report(with_changes(load(FLAGSHIP), left), worlds=64, pins={"File": {}}).findings
    assert len(found.pins["File"].scenario.seats) == 30
    assert found.pins["File"].survival["N5.1"] == found.comparison.changes["N5.1"].survival[0] < 0.4
    assert found.outcome.survival["N5.1"] > 0.5


def test_lines_for_a_file_of_ones_own_name_the_file(tmp_path, monkeypatch, capsys):
    path = tmp_path / f"{FLAGSHIP}.v2.toml"
    path.write_text((files.shipped() / "three-neighbours.toml").read_text("utf-8"), "utf-8")
    code, written, _ = oneveto("report", str(path), "--worlds", "10", "-o", "-", capsys=capsys)
    assert code == 0
    assert f"In a terminal, in the folder of {path.name}" in written
    assert str(tmp_path) not in written
    line = shlex.split(html.unescape(re.search(r"oneveto report .*(?=</code>)", written)[0]))
    monkeypatch.chdir(tmp_path)
    assert oneveto(*line[1:], "-o", "-", capsys=capsys) == (0, written, "")
    assert oneveto(*line[1:], capsys=capsys)[0] == 0
    assert (tmp_path / f"{FLAGSHIP}.v2-report.html").read_text("utf-8") == written


def test_a_decision_that_is_known_is_called_by_its_place():
    text = report(load("precedents/map-2008"), worlds=10).html()
    assert "<code>oneveto run precedents/map-2008 --worlds 10 --seed 0\n" in text


def test_members_that_a_table_leaves_out_are_counted():
    scenario = with_changes(load(FLAGSHIP), {"process.kind": "package"})
    text = Page(report(scenario, worlds=16).html()).text
    assert "that would do the same. 19 members further down are left out." in text
    assert "in a package, members weigh the text as a whole" in text


def test_the_line_that_reproduces_a_report_writes_the_same_bytes(capsys, flagship):
    typed = html.unescape(re.search(r"oneveto report .*(?=</code>)", flagship)[0])
    line = shlex.split(typed)
    code, out, err = oneveto(*line[1:], "-o", "-", capsys=capsys)
    assert (code, err) == (0, "")
    assert out == flagship


def test_the_dashboard_gives_the_same_bytes_as_the_command(capsys):
    asked = WhatIf("three-neighbours", (("rule", "majority"),), 300, 0)
    given = results.report(asked, "three-neighbours", "strip", (("File", ()),))
    code, out, _ = oneveto(
        *("report", "three-neighbours", "--set", "rule=majority", "--worlds", "300"),
        *("--clause", "strip", "--pin", "File:", "-o", "-"),
        capsys=capsys,
    )
    assert (code, out) == (0, given)


def test_a_report_loads_nothing_and_runs_nothing(flagship):
    page = Page(flagship)
    for tag, attributes in page.tags:
        assert tag not in ("script", "iframe", "object", "img", "link", "image")
        assert not any(name.startswith("on") for name in attributes)
        for name in ("src", "href", "xlink:href"):
            assert (attributes.get(name) or "#").startswith("#")
    assert "url(http" not in flagship
    assert "@import" not in flagship


def test_headings_follow_each_other_and_pictures_say_what_they_show(flagship):
    page = Page(flagship)
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    pictures = [attributes for tag, attributes in page.tags if attributes.get("role") == "img"]
    assert len(pictures) >= 5
    assert all(attributes["aria-label"] for attributes in pictures)
    linked = {a["href"][1:] for tag, a in page.tags if tag == "a"}
    assert linked <= set(page.ids)


EVIL = "</h1><script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


def test_what_strangers_write_into_a_scenario_is_only_shown():
    document = load("three-neighbours").origin.document
    evil = {
        **document,
        "about": {**document["about"], "title": EVIL, "question": EVIL, "leaves_out": [EVIL]},
        "clauses": {
            name: {**row, "text": EVIL, "title": "<b>&\"'</b>", "judgement": EVIL}
            for name, row in document["clauses"].items()
        },
    }
    text = report(from_document(evil), worlds=10, pins={EVIL: {"rule": "majority"}}).html()
    page = Page(text)
    assert not {"script", "img", "b"} & {tag for tag, _ in page.tags}
    assert EVIL in page.text


@pytest.mark.parametrize("name", ["three-neighbours", "us-draft-2021"])
def test_a_scenario_has_a_report(name):
    Page(report(load(name), worlds=16).html())


@pytest.mark.slow
@pytest.mark.parametrize("name", [*files.names(), *files.precedents()])
def test_every_scenario_has_a_report(name):
    Page(report(load(name), worlds=16).html())


@pytest.mark.parametrize(
    "changes",
    [
        {"rule": "only:USA"},
        {"process.kind": "package"},
        {"process.kind": "steps", "process.rounds": 2, "proposer.true_type": "pretext_seeker"},
    ],
)
def test_other_rules_and_processes_have_a_report(changes):
    Page(report(with_changes(load(FLAGSHIP), changes), worlds=16).html())


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--clause", "N51"], "Did you mean `N5.1`?"),
        (["--clause", "POL"], "is a member"),
        (["--pin", "rule=majority"], "write NAME: CHANGES"),
        (["--pin", "A: rul=majority"], "Did you mean `rule`?"),
        (["--pin", "A:", "--pin", "A: rule=majority"], "two what-ifs are pinned as `A`"),
        ([word for n in range(5) for word in ("--pin", f"{n}:")], "at most 4"),
        (["-o", "/nowhere/report.html"], "cannot be written"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_written(
    arguments, says, capsys, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    code, out, err = oneveto("report", FLAGSHIP, "--worlds", "10", *arguments, capsys=capsys)
    assert (code, out) == (2, "")
    assert says in err
    assert list(tmp_path.iterdir()) == []


def test_a_report_is_called_after_its_scenario(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, err = oneveto("report", "three-neighbours", "--worlds", "10", capsys=capsys)
    assert (code, out) == (0, "")
    assert err == "three-neighbours-report.html is written; any browser opens and prints it\n"
    assert [path.name for path in tmp_path.iterdir()] == ["three-neighbours-report.html"]
