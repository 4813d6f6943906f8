"""Role cards on paper: one page a delegation, in letters that one can read, the same bytes each time."""

from __future__ import annotations

import re
import shutil
import subprocess
import zlib
from contextlib import closing

import pytest

from sim import load
from sim.room import sheets
from sim.room.cards import card, cards
from sim.room.seats import seats
from sim.scenario import with_changes
from tests.test_cli import oneveto

FLAGSHIP = "draft-treaty-2021"
pdftotext = pytest.mark.skipif(not shutil.which("pdftotext"), reason="needs pdftotext")


def paper(scenario, seating: str) -> bytes:
    return sheets.sheets(scenario, seats(scenario, seating))


def pages(pdf: bytes) -> list[str]:
    """The text of each page."""
    shown = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True)
    return shown.stdout.decode().split("\f")[:-1]


def plain(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture(scope="module")
def blocs() -> bytes:
    return paper(load(FLAGSHIP), "blocs")


@pdftotext
def test_after_the_cover_and_the_texts_every_delegation_has_a_page(blocs):
    scenario = load(FLAGSHIP)
    shown, dealt = pages(blocs), cards(scenario, seats(scenario, "blocs"))
    assert "For the facilitator" in shown[0]
    for row in scenario.clauses.values():
        assert plain(row.text)[:40] in plain(shown[1])
    assert len(shown) == 2 + len(dealt)
    for page, one in zip(shown[2:], dealt):
        assert one.title in page.splitlines()[0]
        for line in one.sections["confidential_instructions"]:
            assert line in plain(page)
        assert page.count("Confidential instructions") == 1


@pdftotext
def test_no_card_shows_what_is_confidential_to_another(blocs):
    shown = [plain(page) for page in pages(blocs) if "Role card." in page]
    limit = "N5.1 No missiles within reach: at most"
    assert [page.split(" Role card")[0] for page in shown if limit in page] == [
        "Baltic states and Poland"
    ]


def test_the_same_scenario_gives_the_same_bytes_and_a_what_if_gives_others(blocs):
    assert paper(load(FLAGSHIP), "blocs") == blocs
    assert paper(with_changes(load(FLAGSHIP), {"members.POL.trust": 0.5}), "blocs") != blocs


def test_nobody_can_tell_from_the_paper_when_it_was_made(blocs):
    assert re.findall(rb"/CreationDate \(D:(\d{8})", blocs) == [b"20211217"]


@pytest.mark.parametrize("name", [FLAGSHIP, "security-council-2022", "three-neighbours"])
def test_every_card_fits_its_page_in_letters_that_one_can_read(name):
    scenario = load(name)
    with closing(sheets.Paper(scenario)) as made:
        for one in cards(scenario, seats(scenario, "key")):
            made.add_page()
            assert made.largest(one, 37) >= 9.5


def test_long_names_and_many_words_still_fit_one_page():
    scenario = with_changes(load(FLAGSHIP), {})
    long = card(scenario, "The United Delegations of " + "Upper and Lower " * 8, [*scenario.seats])
    with closing(sheets.Paper(scenario)) as made:
        made.card(scenario, long)
        assert made.page_no() == 1


def test_letters_that_the_font_lacks_are_named():
    scenario = load(FLAGSHIP)
    who = {"a": ("Ελλάδα, Україна, Türkiye, 日本", ("POL",))}
    assert sheets.unknown_letters(scenario, who) == "日本"
    assert sheets.unknown_letters(scenario, seats(scenario, "all")) == ""


def test_the_fonts_come_with_their_licence():
    assert "Bitstream Vera" in (sheets.HOME / "LICENSE.txt").read_text("utf-8")


def test_no_stream_of_the_paper_is_broken(blocs):
    streams = re.findall(rb"/FlateDecode.*?stream\r?\n(.*?)\r?\nendstream", blocs, re.DOTALL)
    assert all(zlib.decompress(stream) for stream in streams)


# On the command line ----------------------------------------------------------------------------


def test_cards_are_written_where_one_says(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    code, out, err = oneveto("cards", "three-neighbours", capsys=capsys)
    assert (code, out) == (0, "")
    assert "three-neighbours-cards.pdf is written: a page for you, the texts, 3 role cards" in err
    kept = (tmp_path / "three-neighbours-cards.pdf").read_bytes()
    assert kept.startswith(b"%PDF")
    oneveto("cards", "three-neighbours", "-o", "mine.pdf", capsys=capsys)
    assert (tmp_path / "mine.pdf").read_bytes() == kept


def test_cards_that_cannot_be_written_or_dealt_are_one_sentence(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    code, _, err = oneveto("cards", "three-neighbours", "-o", "no/such/place.pdf", capsys=capsys)
    assert code == 2
    assert "Traceback" not in err
    code, _, err = oneveto("cards", "three-neighbours", "--seating", "blocs", capsys=capsys)
    assert code == 2
    assert "names no blocs" in err
    assert list(tmp_path.iterdir()) == []
