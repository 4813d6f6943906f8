"""The colours of support, silence and objection, on a terminal as on a page.

Safe for colour-blind people (Okabe & Ito 2008, Color Universal Design), readable on light and on dark,
and never without a word or a glyph.
"""

BLUE, GREY, ORANGE = "#0072B2", "#7f7f7f", "#B94700"
"""Support, silence and what is beside the point, objection."""

FAINT = "#d9d9d9"
"""No objection, where objections are shades."""

SILENT = "#6b6b6b"
"""Silence as a ground that white letters stand on."""
