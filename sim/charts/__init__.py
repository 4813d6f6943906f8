"""Tables as pictures; the only place for altair."""

from sim.charts.difference import difference
from sim.charts.explained import contributions
from sim.charts.verdict import ALLIANCE, matrix, survival
from sim.charts.why import binding, blockers, ceilings, outcome_map, prices, tipping

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
