"""The claims that a scenario's author stands by, put to the test."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sim import ensemble
from sim.outcome import Outcome
from sim.scenario import Expect, Scenario, paths, with_changes

UNLIMITED = {f"{kind}.{part}" for kind in ("ceiling", "price") for part in paths.PERCENTILES}
"""What results leave empty where there is no limit."""


@dataclass(frozen=True)
class Finding:
    """What was measured for one path of a claim, under what, and whether it bears the claim out."""

    claim: str
    under: str
    path: str
    asked: str
    value: float | None
    holds: bool


def check(scenario: Scenario, *, worlds: int = 2000, seed: int = 0) -> Iterator[Finding]:
    """Measure every `[[expect]]`, on the same worlds wherever it changes something."""
    runs: dict[tuple[str, str], dict[str, Any]] = {}
    for expect in scenario.expect:
        key = (expect.at, repr(sorted(expect.with_.items())))
        if key not in runs:
            runs[key] = _play(scenario, expect, worlds, seed).measures()
        for path in expect.what:
            value = measured(runs[key], path)
            yield Finding(
                expect.claim, under(expect), path, asked(expect), value, expect.holds(value)
            )


def _play(scenario: Scenario, expect: Expect, worlds: int, seed: int) -> Outcome:
    changed = with_changes(scenario, expect.with_) if expect.with_ else scenario
    if expect.at == "centre":
        return ensemble.centre(changed)
    return ensemble.run(changed, worlds=worlds, seed=seed)


def measured(measures: dict[str, Any], path: str) -> float | None:
    """The number at a path such as `N5.1.ceiling.p50`; None where there is none.

    A member that never did it counts 0; a ceiling without limit, a price that nobody can pay, infinity.

    >>> row = {"survival": 0.5, "ceiling": {"p50": None}, "blockers": {"POL": 0.5}}
    >>> [measured({"C": row}, f"C.{path}") for path in ("ceiling.p50", "blockers.USA", "nonsense")]
    [inf, 0.0, None]
    """
    subject, member = paths.subject(path, measures), paths.member(path, measures)
    rest = path.removeprefix(f"{subject}.")
    found: Any = measures.get(subject or "", {})
    for word in rest.removesuffix(f".{member}").split("."):
        found = found.get(word, {}) if isinstance(found, dict) else {}
    if member:
        return float(found.get(member, 0)) if isinstance(found, dict) else None
    if found is None and rest in UNLIMITED:
        return math.inf
    return float(found) if isinstance(found, int | float) else None


def under(expect: Expect) -> str:
    """Under what a claim is measured, in words; nothing when that is the scenario as it stands."""
    changed = [f"with {address} = {value}" for address, value in expect.with_.items()]
    return ", ".join(["in the central world"] * (expect.at == "centre") + changed)


def asked(expect: Expect) -> str:
    """The bound of a claim in words."""
    if expect.between:
        return f"between {expect.between[0]:g} and {expect.between[1]:g}"
    if expect.at_most is not None:
        return f"at most {expect.at_most:g}"
    return f"at least {expect.at_least:g}"
