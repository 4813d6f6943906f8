"""Pictures of a report: drawn once, as SVG in the page itself, in the colours of its letters."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import vl_convert

WIDTH = 430
"""Pixels for which most pictures are drawn; a page stretches them, a phone need not shrink them."""

INK, LINES = "currentColor", "#8c8c8c"
LETTERS = {"labelColor": INK, "titleColor": INK}
LOOKS: dict[str, Any] = {
    "background": None,
    "view": {"stroke": None},
    "text": {"color": INK},
    "axis": {**LETTERS, "gridColor": f"{LINES}55", "domainColor": LINES, "tickColor": LINES},
    "legend": LETTERS,
    "header": LETTERS,
    "title": {"color": INK},
}
"""Letters in the colour of the page, which may be dark; lines that show on both."""


@dataclass(frozen=True)
class Figure:
    """A picture with what is read aloud in its place, and what is written below it.

    width: in pixels, of the drawing.
    """

    svg: str
    says: str
    caption: str
    width: int


def figure(picture: Any, says: str, caption: str, *, width: int = WIDTH) -> Figure:
    """A picture of `sim.charts`, drawn."""
    form = dict(picture.to_dict())
    form["width"] = width
    form["config"] = {**form.get("config", {}), **LOOKS}
    form["autosize"] = {"type": "fit-x", "contains": "padding"}
    svg = vl_convert.vegalite_to_svg(form)
    hidden = svg.replace("<svg ", '<svg aria-hidden="true" ', 1)  # what it says is said around it
    return Figure(hidden, says, caption, width)


def named_apart(svg: str, prefix: str) -> str:
    """An SVG whose names are no other picture's on the page, and do not hang on what was drawn before.

    >>> named_apart('<clipPath id="clip7"/><g clip-path="url(#clip7)"/>', "p1-")
    '<clipPath id="p1-0"/><g clip-path="url(#p1-0)"/>'
    """
    names = dict.fromkeys(re.findall(r'\bid="([^"]+)"', svg))
    new = {name: f"{prefix}{place}" for place, name in enumerate(names)}
    return re.sub(
        r'(\bid="|url\(#|href="#)([^")]+)',
        lambda found: found[1] + new.get(found[2], found[2]),
        svg,
    )
