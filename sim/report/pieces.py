"""What a report is made of: the parts of any page, and besides pictures and code."""

from __future__ import annotations

from dataclasses import dataclass

from sim.report.drawing import Figure
from sim.story.page import Part


@dataclass(frozen=True)
class Code:
    """Lines to be typed as they stand."""

    text: str


Piece = Part | Figure | Code


@dataclass(frozen=True)
class Section:
    """A part of the report: the word by which links find it, its title, and what stands in it."""

    id: str
    title: str
    pieces: tuple[Piece, ...]
