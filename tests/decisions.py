"""A made-up decision for the tests: a few members, one step, and what happened."""

from __future__ import annotations

import datetime as dt

from sim.analysis.precedents import Case
from sim.scenario import Happened, from_document

MEMBERS = ("AAA", "BBB", "CCC", "DDD", "EEE", "FFF", "GGG", "HHH")


def made_up(value, **more):
    """A number with its ground."""
    return {"value": value, "judgement": "made up", **more}


def scenario(name="step", *, engaged=(), matters=None, engage_cost=0.5, members=MEMBERS):
    """One step that costs the engaged members dealings, and others a matter of their own."""
    matters = matters or {}
    document = {
        "about": {
            "title": "A step",
            "question": "Who objects?",
            "date": dt.date(2000, 1, 1),
            "sources": ["made up"],
            "leaves_out": ["everything"],
        },
        "interests": {
            "engagement": {"title": "Engagement", "kind": "divisible"},
            "purpose": {"title": "Purpose", "kind": "divisible"},
            "own_matter": {"title": "A matter of one's own", "kind": "principle"},
        },
        "clauses": {
            "step": {
                "title": "The step",
                "text": "Take it.",
                "least": 1.0,
                "gain": {"purpose": 0.5},
                "cost": {"engagement": engage_cost, "own_matter": 1.0},
                "judgement": "made up",
            }
        },
        "members": {
            iso: {
                "population": 1e7,
                "trust": 0.5,
                "resolve": 0.03,
                "weight": {
                    "engagement": 0.8 if iso in engaged else 0.1,
                    "purpose": 1.0,
                    "own_matter": matters.get(iso, 0.0),
                },
                "judgement": "made up",
            }
            for iso in members
        },
        "proposer": {
            "name": "Somebody",
            "keep": {
                "security_seeker": made_up(0.85),
                "expansionist": made_up(0.15),
                "pretext_seeker": made_up(0.05),
            },
        },
        "assumptions": {
            "cohesion": made_up(0.3, band=0.06),
            "trust": made_up(0.0, band=0.4),
            "pretext": made_up(0.4, band=0.1),
            "spread": {
                "weights": made_up(0.15),
                "exposures": made_up(0.15),
                "stakes": made_up(0.2),
                "resolve": made_up(0.4),
                "trust": made_up(0.3),
            },
        },
    }
    return from_document(document, name=name)


def happened(*, case="P01", passed=None, blockers=(), cool=(), unknown=(), basis="data"):
    """What is known afterwards."""
    return Happened.model_construct(  # made-up cases may be impossible
        case=case,
        body="A council",
        date=dt.date(2000, 1, 2),
        basis=basis,
        passed=not blockers if passed is None else passed,
        blockers=tuple(blockers),
        cool=tuple(cool),
        unknown=tuple(unknown),
        ending="It ended.",
        source="Made up.",
    )


def case(name="step", *, known=None, **told):
    """A made-up case."""
    return Case(scenario(name, **told), known or happened())
