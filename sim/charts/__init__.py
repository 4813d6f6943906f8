"""Tables as pictures; the only place for altair."""

from sim.charts.difference import difference
from sim.charts.explained import contributions
from sim.charts.verdict import ALLIANCE, matrix, survival

__all__ = [
    "ALLIANCE",
    "binding",
    "blockers",
    "ceilings",
    "contributions",
    "difference",
    "matrix",
    "outcome_map",
    "prices",
    "survival",
    "tipping",
]
