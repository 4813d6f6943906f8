"""Profiles for hypothesis; the seed of a failing run is printed and reproduces it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

_QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]

settings.register_profile("default", max_examples=50, deadline=None, suppress_health_check=_QUIET)
settings.register_profile(
    "quick",
    max_examples=40,
    deadline=None,
    suppress_health_check=_QUIET,
    database=None,
    derandomize=True,  # a mutant is caught always or never
    phases=[Phase.explicit, Phase.generate],  # the mutants only have to fail, not to shrink
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.fixture(autouse=True)
def main_is_what_it_was() -> Iterator[None]:
    """A page that is tested leaves itself as the main module, which processes then look for in vain."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a sweep that ran through, for nobody to write to."""
    from sim.sweep import sweep
    from tests.sweeps import SMALL, TOY, VARIES

    out = tmp_path_factory.mktemp("whole") / "sweep"
    sweep(TOY, VARIES, out=out, **SMALL)
    return out
