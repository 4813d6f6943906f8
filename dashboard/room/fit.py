"""How large the letters of a reveal may be on the board, so that it is seen to its end.

No script of ours runs on a page of Streamlit that could measure it, so lines are counted here, by how
wide letters are, rather too wide than too narrow; a test looks at the longest reveals in a browser.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Any

from dashboard.room.sight import Chip

SIZES = [size / 100 for size in range(100, 48, -2)]
"""How large the letters of a reveal may be, beside those of everything else."""

PLAIN, GAP = 1.55, 0.9
"""How high plain letters are, and what is left free between two paragraphs, as in board.css."""

WIDE, HIGH, ROW, LINE = 56, 44.2, 5.6, 1.45
"""The right half above one row of clauses, and what another row and a second line in each take from it.

Like letters in hundredths of the width of a screen of 16 by 9; others have more room.
"""

UNIT = 20
"""Into how many parts the height of a letter goes, to say how wide it is."""

WIDTHS = {
    letter: width
    for width, letters in {
        4: " \N{NO-BREAK SPACE}",
        5: "ijlI.,;:!'’",
        6: "f()-",
        7: "rt",
        9: "csvxyz",
        10: "aegkEFJLVXY0123456789“”",
        15: "w",
        17: "mMW✕",
    }.items()
    for letter in letters
}
OTHERS = 11
"""How wide letters are in such parts; and all others."""


def size(reveal: Mapping[str, Any], strip: Sequence[Chip]) -> float:
    """The largest letters with which a reveal is seen to its end, where the lesson of the evening is."""
    room = _room_above(strip)
    return next((size for size in SIZES if _height(reveal, size) <= room), SIZES[-1])


def _height(reveal: Mapping[str, Any], size: float) -> float:
    """How high a reveal is at most in letters of a size; each paragraph as large as in board.css."""
    rules = " ".join(
        f"{'✓ stands' if stands else '✕ falls'}: {name}    ".replace(" ", "\N{NO-BREAK SPACE}")
        for name, stands, _ in reveal["elsewhere"]
    )
    paragraphs = [
        _paragraph(reveal["moment"], 2 * size, beside=0.09 * WIDE, apart=1.2),
        _paragraph(reveal["text"], 1.1 * size),
        *(
            _paragraph(f"{call.what}: {call.said}", 1.15 * size, beside=1.8 * 1.15 * size * PLAIN)
            for call in reveal["roll"]
        ),
        _paragraph(f"The same voices under other rules, each member counted: {rules}", size),
    ]
    return sum(paragraphs) + GAP * (len(paragraphs) - 1)


def _paragraph(text: str, size: float, *, beside: float = 0, apart: float = 1.3) -> float:
    """How high a paragraph is beside its symbol, or a bold one beside what its letters are wider."""
    high = size * PLAIN
    stretched = "".join(letter * WIDTHS.get(letter, OTHERS) for letter in text)
    lines = len(wrap(stretched, int((WIDE - beside) / high * UNIT)))
    return (lines * apart + 0.1) * high


def _room_above(strip: Sequence[Chip]) -> float:
    """How high the right half is: a clause that stands at a level says so in a second line."""
    rows = 2 if len(strip) > 6 else 1
    levels = any(" at " in chip.says for chip in strip)
    return HIGH - ROW * (rows - 1) - LINE * rows * levels
