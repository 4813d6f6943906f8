"""A debrief as a document to take home, and as tables for other programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from sim import charts
from sim.report import page
from sim.report.drawing import figure
from sim.report.pieces import Piece, Section
from sim.room import account, called, told
from sim.room.events import STANCES
from sim.room.findings import HARDER, SAME, SOFTER, Debrief
from sim.room.told import LOOKS
from sim.story import member_name
from sim.story.page import Heading

WORDS = dict(zip((SAME, HARDER, SOFTER, ""), charts.BESIDE))
"""How people lie to the model, as the picture says it."""

VOICES = (
    *("text", "minute", "clauses", "levels", "rule", "adopted"),
    *("member", "seat", "stance", "reason", "by", "played", "model", "beside"),
)
TIMELINE = ("minute", "what", "text", "clauses", "levels", "name", "seconds")
"""The columns of the tables."""

SAYS = "What every member did with every text, beside the model"
CAPTION = (
    "✓ supports, – stays silent, ≈ acquiesces with a reservation, ✕ breaks the silence. Orange: harder "
    "than the model would have been in its place; blue: softer."
)


def beside_model(found: Debrief) -> charts.Picture:
    """The picture of people beside the model, members that people played first, by name."""
    scenario, why = found.scenario, told.every_reason(found.scenario)
    heads = [called.head(text) for text in found.texts]
    played = {one.member for text in found.texts for one in text.said if one.played}
    return charts.beside_model(
        {
            "name": member_name(scenario, one.member),
            "text": head,
            "glyph": LOOKS[one.stance][1],
            "beside": WORDS[one.beside],
            "done": STANCES[one.stance],
            "why": why.get(one.reason, "–"),
            "model": STANCES[one.model],
        }
        for head, text in zip(heads, found.texts)
        for one in sorted(
            text.said, key=lambda one: (one.member not in played, member_name(scenario, one.member))
        )
    )


def html(found: Debrief) -> str:
    """The debrief as one HTML document that prints well."""
    about = found.scenario.about
    setting = f"Room {found.code}. Illustrative, not a forecast."
    return page(f"Debrief: {about.title}", about.question, setting, _sections(found))


def _sections(found: Debrief) -> list[Section]:
    """The account, a section for every heading, with the picture of people beside the model."""
    title, pieces, made = "What came of it", list[Piece](), list[Section]()
    for part in account.parts(found):
        if isinstance(part, Heading):
            made.append(_section(len(made), title, pieces))
            title, pieces = part.text, []
            if title == account.BESIDE and found.texts:
                width = 200 + 40 * len(found.texts)
                pieces.append(figure(beside_model(found), SAYS, CAPTION, width=max(430, width)))
        else:
            pieces.append(part)
    made.append(_section(len(made), title, pieces))
    return made


def _section(place: int, title: str, pieces: Iterable[Piece]) -> Section:
    """A section by its place; the first is set in large letters, as in every report."""
    return Section(f"part-{place}" if place else "verdict", title, tuple(pieces))


def voices_csv(found: Debrief) -> str:
    """One line for every member and text: what it said, and what the model would have said for it."""
    return _csv(VOICES, found.rows())


def timeline_csv(found: Debrief) -> str:
    """One line for everything that the facilitator did and did not take back; texts by their place."""
    puts = [moment.text for moment in found.moments if moment.what == "put"]
    levels = [
        {
            "text": puts.index(moment.text) + 1 if moment.text in puts else "",
            "clauses": " ".join(moment.levels),
            "levels": " ".join(f"{level:g}" for level in moment.levels.values()),
        }
        for moment in found.moments
    ]
    rows = [asdict(moment) | text for moment, text in zip(found.moments, levels)]
    return _csv(TIMELINE, rows)


def _csv(columns: Iterable[str], rows: Iterable[Mapping[str, Any]]) -> str:
    sheet = io.StringIO()
    writer = csv.DictWriter(sheet, list(columns), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return sheet.getvalue()


def as_text(found: Debrief) -> str:
    """The debrief as JSON for a file."""
    return json.dumps(found.as_json(), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
