"""Libraries that only some questions need, and one sentence where they are missing."""

from __future__ import annotations

import importlib
from types import ModuleType

from sim.errors import RequestError


def extra(module: str, question: str) -> ModuleType:
    """A module of the extra `analysis`.

    Raises RequestError with what to install, where it is not there; `question` begins the sentence.
    """
    try:
        return importlib.import_module(module)
    except ImportError:
        library = module.partition(".")[0].replace("_", "-")
        raise RequestError(
            f"{question} needs {library}, which is not installed; "
            "write: pip install 'oneveto[analysis]'"
        ) from None
