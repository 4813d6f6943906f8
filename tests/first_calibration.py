"""The calibration from which the shipped one grew: first stakes, first formula, fifteen clauses.

Kept so that whatever the shipped numbers become, the engine is held to a table that was computed
before it.
"""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import Any

from scenarios import calibrate
from scenarios.calibrate import Formula

STAKES = Path(__file__).parent / "data" / "first_stakes.csv"

FIRST = Formula(
    host_exposure=0.0, align_exposure=0.2, equal_security_exposure=0.7, least_trust=0.05
)

INTERESTS = ("deterrence", "equal_security", "risk_reduction", "arms_control", "engagement")


def first_document() -> dict[str, Any]:
    """A scenario as `tomllib` would return it, members inline, no bands, no consultation."""
    guess = {"judgement": "a first guess"}
    return {
        "about": {
            "title": "First calibration",
            "question": "What did the first numbers say?",
            "date": dt.date(2021, 12, 17),
            "sources": ["none"],
            "leaves_out": ["consultation"],
        },
        "process": {"consultations": 0},
        "interests": {
            name: {
                "title": name,
                "kind": "principle" if name == "equal_security" else "divisible",
            }
            for name in INTERESTS
        },
        "clauses": _clauses(),
        "members": guess | _members(),
        "proposer": {
            "name": "Russia",
            "keep": {
                "security_seeker": {"value": 0.85, **guess},
                "expansionist": {"value": 0.15, **guess},
                "pretext_seeker": {"value": 0.05, **guess},
            },
        },
        "assumptions": {"pretext": {"value": 0.4, **guess}},
    }


def _clauses() -> dict[str, Any]:
    clauses: dict[str, Any] = {}
    lines = [line for line in STAKES.read_text("utf-8").splitlines() if not line.startswith("#")]
    for row in csv.DictReader(lines):
        clause = clauses.setdefault(
            row["clause_id"],
            {"title": row["clause_id"], "text": "-", "judgement": "first", "gain": {}, "cost": {}},
        )
        clause["gain"][row["interest"]] = float(row["gain"])
        clause["cost"][row["interest"]] = float(row["cost"])
    return clauses


def _members() -> dict[str, Any]:
    facts = calibrate.read()
    norm = calibrate.norm_of(facts)
    rows = [calibrate.numbers(member, norm, FIRST) for member in facts]
    return {
        row.facts.iso: {
            "name": row.facts.name,
            "population": row.facts.population,
            "trust": row.trust,
            "resolve": row.resolve,
            "weight": dict(row.weight),
            "exposure": dict(row.exposure),
        }
        for row in rows
        if row.facts.iso not in calibrate.ENLARGEMENT
    }
