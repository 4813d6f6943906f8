"""How all pictures look."""

from __future__ import annotations

from typing import Any

import altair as alt

ROW = 24
"""Height of a row, in pixels, so that no label is left out."""


def every_label(**looks: Any) -> alt.Axis:
    """An axis of names, none of which is left out."""
    return alt.Axis(labelOverlap=False, labelFlush=False, title=None, **looks)
