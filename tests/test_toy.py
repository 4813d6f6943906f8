"""The toy whose every number is worked out by hand: docs/toy.md is executed."""

from __future__ import annotations

import doctest
from pathlib import Path

PAGE = Path(__file__).parent.parent / "docs" / "toy.md"


def test_the_page_says_what_the_simulator_does():
    failed, tried = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert (failed, tried) == (0, 12)
