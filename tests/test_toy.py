"""The toy in the docs, worked out by hand, is what oneveto works out."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

from sim import load, run, with_changes

TOY = Path(__file__).parent.parent / "docs" / "toy.md"


def test_every_number_of_the_toy_is_what_the_hand_worked_out():
    failed, tried = doctest.testfile(str(TOY), module_relative=False, encoding="utf-8")
    assert (failed, tried > 30) == (0, True)


@pytest.mark.parametrize("seed", [0, 11])
def test_all_worlds_of_the_toy_are_alike(seed):
    outcome = run("three-neighbours", worlds=300, seed=seed)
    assert outcome.survival == {"hotline": 1, "strip": 0}
    assert set(outcome.measures()["strip"]["sole_blockers"].values()) == {1}


@pytest.mark.parametrize(("level", "kept"), [(1.0, 0.9), (0.75, 0.925)])
def test_the_strip_is_kept_as_often_as_its_stake_says(level, kept):
    changes = {"clauses.strip.level": level, "rule": "majority"}
    toy = with_changes(load("three-neighbours"), changes)
    share = run(toy, worlds=20_000, seed=11).measures()["strip"]["delivered"]
    assert abs(share - kept) < 0.01
