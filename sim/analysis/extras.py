"""Libraries that only some questions need, and one sentence where they are missing."""

from __future__ import annotations

import importlib
from importlib.util import find_spec
from types import ModuleType

from sim.errors import RequestError


def required(library: str, question: str) -> None:
    """Raise RequestError with what to install where a library is missing; before long work.

    `question` begins the sentence.
    """
    if find_spec(library) is None:
        raise RequestError(
            f"{question} needs {library.replace('_', '-')}, which is not installed; "
            "write: pip install 'oneveto[analysis]'"
        )


def extra(module: str, question: str) -> ModuleType:
    """A module of a library that may be missing.

    Raises RequestError with what to install.
    """
    required(module.partition(".")[0], question)
    return importlib.import_module(module)
