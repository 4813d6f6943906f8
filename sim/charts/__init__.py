"""Tables as pictures; the only place for altair."""

from sim.charts.difference import difference
from sim.charts.explained import contributions
from sim.charts.rules import alone, growth, under_rules, without
from sim.charts.verdict import ALLIANCE, matrix, survival

__all__ = [
    "ALLIANCE",
    "alone",
    "beliefs",
    "binding",
    "blockers",
    "ceilings",
    "contributions",
    "course",
    "difference",
    "growth",
    "matrix",
    "objections",
    "outcome_map",
    "prices",
    "processes",
    "refusals",
    "standing",
    "survival",
    "tipping",
    "under_rules",
    "without",
    "zones",
]
