"""A workshop on paper: a page for the facilitator, the texts, and a role card for each delegation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from functools import cache
from importlib.resources import as_file, files
from pathlib import PurePosixPath

from fontTools.ttLib import TTFont
from fpdf import FPDF
from fpdf.enums import MethodReturnValue
from fpdf.fonts import TTFFont

from sim.palette import BLUE, ORANGE
from sim.room import briefing, scripts, told
from sim.room.cards import Card, cards
from sim.room.events import STANCES, Seat
from sim.room.seats import seats
from sim.scenario import Scenario
from sim.story import clause_name, counted, proposer_name

FONT, HOME = "DejaVu", files("sim.room") / "fonts"
UNDATED = dt.date(2000, 1, 1)
"""When the cards of a data set were made that has no day: the same file has the same bytes always."""

FILES = {"": "DejaVuSans.ttf", "B": "DejaVuSans-Bold.ttf"}
"""The fonts come with the program, so that paper looks alike everywhere."""

WIDE, HIGH, MARGIN, GUTTER = 210.0, 297.0, 13.0, 5.0
"""An A4 page, its margins, and the space between two columns, in millimetres."""

SIZES = (11.5, 11.0, 10.5, 10.0, 9.5, 9.0, 8.0, 7.0)
"""Points in which a card is set: the largest in which it fits its page."""

LEFT = ("you_are", "what_you_want", "what_you_fear", "your_trust", "whom_you_listen_to")
RIGHT = ("your_red_lines", "what_you_can_live_with", "what_you_support")
SECRET, WORDS, SOURCES = "confidential_instructions", briefing.WORDS, "where_this_comes_from"

Sections = Mapping[str, Sequence[str]]


def sheets(scenario: Scenario, seats: Mapping[str, Seat]) -> bytes:
    """All of it as a PDF, with one page for each seat at the end; the same bytes for the same input."""
    dealt = cards(scenario, seats)
    with closing(Paper(scenario)) as paper:
        paper.cover(scenario, dealt)
        paper.texts(scenario)
        for one in dealt:
            paper.card(scenario, one)
        return bytes(paper.output())


def file_name(scenario: Scenario) -> str:
    """What the role cards of a scenario are called where nobody says otherwise."""
    return f"{PurePosixPath(scenario.name).name}-cards.pdf"


def unknown_letters(scenario: Scenario, seats: Mapping[str, Seat]) -> str:
    """Letters of the cards that the font does not have, and that would be boxes on paper."""
    shown = [scenario.about.title, *(row.text + row.title for row in scenario.clauses.values())]
    for one in cards(scenario, seats):
        shown += [one.title, *(line for lines in one.sections.values() for line in lines)]
    known = _letters()
    return "".join(sorted({letter for text in shown for letter in text if letter not in known}))


@cache
def _letters() -> frozenset[str]:
    with as_file(HOME / FILES[""]) as path, TTFont(path) as font:
        return frozenset(map(chr, font.getBestCmap()))


def _heading(name: str) -> str:
    return name.replace("_", " ").capitalize()


class Paper(FPDF):
    """An A4 document in the program's fonts."""

    def __init__(self, scenario: Scenario) -> None:
        super().__init__(format="A4")
        for style, name in FILES.items():
            with as_file(HOME / name) as path:
                self.add_font(FONT, style, path)
        self.set_margins(MARGIN, MARGIN)
        self.set_auto_page_break(True, MARGIN)
        self.set_title(f"{scenario.about.title}: role cards")
        self.set_lang("en")
        day = scenario.about.date or UNDATED
        self.set_creation_date(dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC))

    def close(self) -> None:
        """Let go of the fonts' files."""
        for font in self.fonts.values():
            if isinstance(font, TTFFont):
                font.ttfont.close()

    # Pages ----------------------------------------------------------------------------------------

    def cover(self, scenario: Scenario, dealt: Sequence[Card]) -> None:
        """What the facilitator does with the rest."""
        self.add_page()
        self._title(scenario.about.title)
        self._prose([scenario.about.question], 11)
        self._part("For the facilitator", [*_manual(scenario, dealt)], 11)
        self._part("The scripts", _scripts(scenario), 11)
        self._part("The delegations", [_seated(dealt)], 11)

    def texts(self, scenario: Scenario) -> None:
        """The treaty in plain words, for everybody; on one page if it fits."""
        self.add_page()
        self._title("The texts on the table")
        self._prose([f"{scenario.about.title}. For everybody; copy it freely."], 10.5)
        rows = [
            (clause_name(scenario, name), told.drafted(row))
            for name, row in scenario.clauses.items()
        ]
        rows += _seen(scenario)
        top = self.get_y()
        sizes = [
            size for size in (11.0, 10.5, 10.0) if self._rows(rows, size) <= HIGH - MARGIN - top
        ]
        size = next(iter(sizes), 10.5)
        for row in rows:
            if self.get_y() + self._rows([row], size) > HIGH - MARGIN:
                self.add_page()
            self._rows([row], size, draw=True)

    def card(self, scenario: Scenario, one: Card) -> None:
        """A delegation's page, in the largest letters in which it fits."""
        self.add_page()
        self._title(one.title)
        self._prose([f"Role card. {scenario.about.title}."], 9)
        top = self.get_y() + 2
        self.set_auto_page_break(False)
        size = next(
            (size for size in SIZES if self._set(one, size, top) <= HIGH - MARGIN), SIZES[-1]
        )
        self._set(one, size, top, draw=True)
        self.set_auto_page_break(True, MARGIN)

    def largest(self, one: Card, top: float) -> float:
        """The largest letters in which a card fits below its title."""
        room = HIGH - MARGIN - top
        needs = self._set(one, SIZES[0], top) - top
        likely = SIZES[0] * min(1.0, (room / needs) ** 0.5) + 0.5  # height goes with the square
        tries = [size for size in SIZES if size <= likely]
        return next((size for size in tries if self._set(one, size, top) - top <= room), SIZES[-1])

    # Parts of pages -------------------------------------------------------------------------------

    def _title(self, text: str) -> None:
        """A heading as large as its line allows."""
        size = 26.0
        self.set_font(FONT, "B", size)
        while self.get_string_width(text) > self.epw and size > 12:
            size -= 1
            self.set_font(FONT, "B", size)
        self.set_text_color(BLUE)
        self.multi_cell(0, size * 0.45, text, align="L", new_x="LMARGIN", new_y="NEXT")
        self.set_text_color(0)
        self.set_draw_color(BLUE)
        self.set_line_width(0.6)
        self.line(MARGIN, self.get_y() + 1.5, WIDE - MARGIN, self.get_y() + 1.5)
        self.ln(4)

    def _prose(self, lines: Iterable[str], size: float) -> None:
        self.set_font(FONT, "", size)
        for line in lines:
            self.multi_cell(0, size * 0.48, line, align="L", new_x="LMARGIN", new_y="NEXT")

    def _part(self, heading: str, lines: Sequence[str], size: float) -> None:
        self.ln(4)
        self.set_font(FONT, "B", size + 2)
        self.multi_cell(0, (size + 2) * 0.5, heading, align="L", new_x="LMARGIN", new_y="NEXT")
        self.ln(1)
        for line in lines:
            self._prose([line], size)
            self.ln(1.2)

    def _rows(self, rows: Iterable[tuple[str, str]], size: float, draw: bool = False) -> float:
        """Texts with their headings; how high they are together."""
        start = y = self.get_y()
        for heading, said in rows:
            y = self._lines([heading], MARGIN, y + size * 0.18, self.epw, size, "B", draw)
            y = self._lines([said], MARGIN, y, self.epw, size, "", draw)
        if draw:
            self.set_xy(MARGIN, y)
        return y - start

    # A card ---------------------------------------------------------------------------------------

    def _set(self, one: Card, size: float, top: float, draw: bool = False) -> float:
        """Set a card, or find out how far down it would reach."""
        wide = (self.epw - GUTTER) / 2
        ends = [
            self._column(one.sections, names, x, top, wide, size, draw)
            for names, x in ((LEFT, MARGIN), (RIGHT, MARGIN + wide + GUTTER))
        ]
        low = max(ends) + 3
        low = self._box(one.sections, low, size, draw)
        last = {name: [" ".join(one.sections.get(name, ()))] for name in (WORDS, SOURCES)}
        return self._column(last, last, MARGIN, low, self.epw, size - 1.5, draw)

    def _column(
        self,
        sections: Sections,
        names: Iterable[str],
        x: float,
        y: float,
        wide: float,
        size: float,
        draw: bool,
    ) -> float:
        for name in names:
            if name in sections:
                y = self._lines([_heading(name)], x, y + size * 0.18, wide, size + 0.5, "B", draw)
                y = self._lines(_bulleted(sections[name]), x, y, wide, size, "", draw) + size * 0.12
        return y

    def _box(self, sections: Sections, y: float, size: float, draw: bool) -> float:
        """The confidential instructions, set apart."""
        inner = 3.0
        x, wide = MARGIN + inner, self.epw - 2 * inner
        end = self._column(sections, (SECRET,), x, y + 1, wide, size, False) + 1
        if draw:
            self.set_fill_color(255, 244, 235)
            self.set_draw_color(ORANGE)
            self.set_line_width(0.4)
            self.rect(MARGIN, y, self.epw, end - y, style="DF")
            self._column(sections, (SECRET,), x, y + 1, wide, size, True)
        return end + 1

    def _lines(
        self,
        lines: Iterable[str],
        x: float,
        y: float,
        wide: float,
        size: float,
        style: str,
        draw: bool,
    ) -> float:
        """Paragraphs one below the other; where the next would begin."""
        self.set_font(FONT, style, size)
        for line in lines:
            if draw:
                self.set_xy(x, y)
            high = self.multi_cell(
                wide,
                size * 0.43,
                line,
                align="L",
                dry_run=not draw,
                output=MethodReturnValue.HEIGHT,
            )
            assert isinstance(high, float | int)
            y += high + size * 0.07
        return y


def _bulleted(lines: Sequence[str]) -> list[str]:
    """Several points told apart; one stands for itself."""
    return [f"• {line}" for line in lines] if len(lines) > 1 else [*lines]


def _seen(scenario: Scenario) -> list[tuple[str, str]]:
    """What everybody has seen of the proposer, where that counts."""
    seen = "; ".join(briefing.seen_of(scenario))
    return [(f"What has been seen of {proposer_name(scenario)}", f"{seen}.")] if seen else []


# Sentences for the facilitator ------------------------------------------------------------------


def _manual(scenario: Scenario, dealt: Sequence[Card]) -> list[str]:
    words = ", ".join(f"{told.LOOKS[stance][1]} {word}" for stance, word in STANCES.items())
    return [
        f"1. Print this once, on one side. After this page come the texts, for everybody, and "
        f"{counted(len(dealt), 'role card')}, a page each. Put a name plate before each seat.",
        "2. Give each delegation its card, face down. Nobody shows a card to anybody.",
        f"3. Say how this council decides. {told.consent(scenario, scenario.rule.name)}",
        f"4. Put one text after the other. A delegation: {words}.",
        f"5. With phones: oneveto room {scenario.name}{_fitting(scenario, dealt)} --open. Without: show "
        "of hands at the gavel, and type what is said at the desk, or keep a tally on paper.",
        "6. Keep a fifth of the time for the debrief, more where you can. Collect the cards before it "
        "begins, and let everybody say first how it was, then what happened, then what it means.",
        "The cards are what a model makes of public facts and of judgements. No government has agreed "
        "to them. Illustrative, not a forecast.",
    ]


def _fitting(scenario: Scenario, dealt: Sequence[Card]) -> str:
    """The script whose seats are those of the cards, as it is typed; nothing where none fits."""
    titles = [one.title for one in dealt]
    for name in scripts.names(scenario):
        seated = seats(scenario, scripts.script(scenario, name).seating)
        if [title for title, _ in seated.values()] == titles:
            return f" --script {name}"
    return ""


def _scripts(scenario: Scenario) -> list[str]:
    found = {name: scripts.script(scenario, name) for name in scripts.names(scenario)}
    return [
        f"{name} ({row.minutes} minutes): {row.title}. Played by {_played(row.seating)}."
        for name, row in found.items()
    ]


def _played(seating: str) -> str:
    who = {"blocs": "blocs", "key": "the members that matter most", "all": "every member"}
    return who[seating]


def _seated(dealt: Sequence[Card]) -> str:
    return "; ".join(f"{one.title} ({counted(len(one.red_lines), 'red line')})" for one in dealt)
