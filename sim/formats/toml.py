"""TOML as a person would lay it out: a table of numbers on one line, whole numbers without a point."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from typing import Any


def line(name: str, value: Any) -> str:
    """A key and its value.

    >>> line("ideal", {"mrv": 70.0, "EU 28": 0.5})
    'ideal = { mrv = 70, "EU 28" = 0.5 }'
    """
    return f"{key(name)} = {_spelled(value)}"


def key(name: str) -> str:
    """A key, with quotation marks where it needs them."""
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _text(name)


def table(value: Mapping[str, Any]) -> str:
    """A table on one line."""
    return "{ " + ", ".join(line(name, part) for name, part in value.items()) + " }"


def _spelled(value: Any) -> str:
    if isinstance(value, Mapping):
        return table(value)
    if isinstance(value, list):
        return "[\n" + "".join(f"    {_spelled(part)},\n" for part in value) + "]"
    if isinstance(value, dt.date):
        return value.isoformat()
    return _text(value) if isinstance(value, str) else _number(value)


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _number(value: float) -> str:
    whole = float(value).is_integer() and abs(value) < 1e15
    return str(int(value)) if whole else repr(float(value))
