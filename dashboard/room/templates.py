"""Pages of the room that are filled in: whatever they are given is escaped."""

from __future__ import annotations

from functools import cache
from typing import Any

import jinja2


def filled(name: str, **data: Any) -> str:
    """A template of this folder, filled in."""
    return _templates().get_template(name).render(data)


@cache
def _templates() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("dashboard.room", "."),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
