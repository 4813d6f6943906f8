"""Tables as pictures; the only place for altair."""

from sim.charts.difference import difference
from sim.charts.explained import contributions
from sim.charts.rules import alone, growth, under_rules, without
from sim.charts.verdict import ALLIANCE, matrix, survival

__all__ = [
    "ALLIANCE",
    "alone",
    "contributions",
    "difference",
    "growth",
    "matrix",
    "survival",
    "under_rules",
    "without",
]
