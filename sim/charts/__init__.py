"""Tables as pictures; the only place for altair."""

from sim.charts.rules import alone, growth, under_rules, without
from sim.charts.verdict import objections, survival

__all__ = [
    "alone",
    "growth",
    "objections",
    "survival",
    "under_rules",
    "without",
]
