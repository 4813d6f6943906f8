"""Names that people give themselves, as others see them."""

from __future__ import annotations

import unicodedata

LONGEST = 40
"""Letters of a name that is shown to others."""

BLANK = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
"""What counts as printable and shows nothing: fillers, and the empty pattern of Braille."""

ACCENTS, MARKS = 2, 4
"""Marks after one letter: accents that stand on each other, and others, as Burmese has in a row."""

ABOVE_AND_BELOW = (220, 230)
"""The classes of accents in Unicode that pile up."""


def tidy(name: str) -> str:
    """A name as others see it: printable, on one line, not too long, and no pile of accents."""
    seen = "".join(letter for letter in name if letter.isprintable() and letter not in BLANK)
    shown, marks = "", 0
    for letter in unicodedata.normalize("NFC", seen):
        marks = marks + 1 if unicodedata.category(letter).startswith("M") else 0
        if marks <= _room_for(letter, shown):
            shown += letter
    return " ".join(shown.split())[:LONGEST]


def _room_for(mark: str, before: str) -> int:
    """How many marks may stand after a letter: accents pile up, vowels of Asian scripts hardly do."""
    if not before or before.endswith(" "):
        return 0
    return ACCENTS if unicodedata.combining(mark) in ABOVE_AND_BELOW else MARKS
