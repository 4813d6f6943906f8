"""Tables as pictures; the only place for altair."""

from sim.charts.difference import difference
from sim.charts.explained import contributions
from sim.charts.negotiation import beliefs, course, processes, refusals, standing, zones
from sim.charts.verdict import ALLIANCE, matrix, survival

__all__ = [
    "ALLIANCE",
    "beliefs",
    "contributions",
    "course",
    "difference",
    "matrix",
    "processes",
    "refusals",
    "standing",
    "survival",
    "zones",
]
