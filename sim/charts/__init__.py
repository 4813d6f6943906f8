"""Tables as pictures; the only place for altair."""

from sim.charts.verdict import objections, survival
from sim.charts.why import binding, blockers, ceilings, outcome_map, prices, tipping

__all__ = [
    "binding",
    "blockers",
    "ceilings",
    "objections",
    "outcome_map",
    "prices",
    "survival",
    "tipping",
]
