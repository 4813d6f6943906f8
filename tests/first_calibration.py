"""The calibration from which the shipped one grew: first stakes, first formula, fifteen clauses.

Kept so that whatever the shipped numbers become, the engine is held to a table that was computed
before it. It shares the facts with the shipped calibration and nothing else.
"""

from __future__ import annotations

import csv
import datetime as dt
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
STAKES = HERE / "data" / "first_stakes.csv"
FACTS = HERE.parent / "scenarios" / "data" / "members.csv"

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
    for row in _rows(STAKES):
        clause = clauses.setdefault(
            row["clause_id"],
            {"title": row["clause_id"], "text": "-", "judgement": "first", "gain": {}, "cost": {}},
        )
        clause["gain"][row["interest"]] = float(row["gain"])
        clause["cost"][row["interest"]] = float(row["cost"])
    return clauses


def _members() -> dict[str, Any]:
    facts = sorted((row for row in _rows(FACTS) if row["in_nato"] == "1"), key=lambda r: r["iso3"])
    distances = [float(row["ideal_dist_russia_2021"]) for row in facts]
    low, high = min(distances), max(distances)
    return {
        row["iso3"]: _member(row, align=(distance - low) / (high - low))
        for row, distance in zip(facts, distances)
    }


def _member(row: Mapping[str, str], align: float) -> dict[str, Any]:
    """The first formula, every coefficient as it was."""
    late = row["joined_after_1997"] == "1"
    threat = _threat(row, late)
    lead = 0.6 * bool(row["efp_framework_for"]) + 0.4 * (row["nuclear_weapon_state"] == "1")
    gas = float(row["gas_ru_share_model"] or 0) / 100
    engage = 0.8 * gas * (not late) + 0.3 * (1 - align)
    waters = _any(row, "russia_border", "baltic_littoral", "black_sea_littoral")
    site = bool(row["missile_defence_site"])
    trust = 0.45 - 0.35 * threat - 0.1 * lead - 0.1 * align + 0.15 * engage
    return {
        "name": row["name"],
        "population": int(row["population_2021"]),
        "trust": min(0.7, max(0.05, trust)),
        "resolve": 0.03,
        "weight": {
            "deterrence": 0.25 + 0.6 * threat + 0.35 * lead,
            "equal_security": 0.25 + 0.35 * threat + 0.3 * align + 0.2 * late,
            "risk_reduction": 0.5 + 0.2 * waters,
            "arms_control": 0.4 + 0.3 * lead + 0.2 * site,
            "engagement": 0.2 + 0.6 * engage,
        },
        "exposure": {
            "deterrence": 0.35 + 0.65 * threat + 0.2 * lead,
            "equal_security": 0.7 + 0.2 * align + 0.1 * threat,
        },
    }


def _threat(row: Mapping[str, str], late: bool) -> float:
    border = _any(row, "russia_border", "kaliningrad_border", "belarus_border")
    coast = _any(row, "black_sea_littoral")
    edge = border or coast or _any(row, "ukraine_border")
    near = math.exp(-float(row["km_to_nearest_russia"]) / 700)
    threat = 0.45 * near + late * (0.10 + 0.20 * edge) + 0.15 * border + 0.10 * coast
    return min(1.0, max(0.0, threat))


def _any(row: Mapping[str, str], *facts: str) -> bool:
    return any(row[fact] == "1" for fact in facts)


def _rows(path: Path) -> list[dict[str, str]]:
    lines = path.read_text("utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))
