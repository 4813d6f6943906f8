"""oneveto: which clauses of a treaty survive when every member must consent.

    >>> from sim import load, run, with_changes
    >>> outcome = run("draft-treaty-2021", worlds=256)
    >>> outcome.survival["N6.1"]
    0.0

The public names, each imported when it is first used.
"""

from __future__ import annotations

import importlib
from typing import Any

_HOMES = {
    "Council": "sim.council",
    "Outcome": "sim.outcome",
    "OnevetoError": "sim.errors",
    "Scenario": "sim.scenario",
    "centre": "sim.ensemble",
    "explain": "sim.explanation",
    "load": "sim.scenario",
    "run": "sim.ensemble",
    "validate": "sim.analysis.validation",
    "with_changes": "sim.scenario",
}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute '{name}'")
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
