"""What a number rests on."""

from __future__ import annotations

from typing import Any

from sim.scenario import Scenario, locate, roster_of
from sim.scenario.address import children


def grounds(scenario: Scenario, address: str) -> str:
    """What a number rests on: its own judgement or source, or that of the table it stands in."""
    node: Any = scenario
    tables = []
    for key in locate(scenario, address)[0]:
        node = (children(node) or {}).get(str(key))
        tables.append(node)
    if address.startswith("members."):
        tables = [scenario.members, roster_of(scenario), *tables]
    for table in reversed(tables):
        text = getattr(table, "judgement", None) or getattr(table, "source", None)
        if text:
            return str(text)
    return ""
