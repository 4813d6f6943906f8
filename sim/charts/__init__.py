"""Tables as pictures; the only place for altair."""

from sim.charts.negotiation import beliefs, course, processes, refusals, standing, zones
from sim.charts.verdict import objections, survival

__all__ = [
    "beliefs",
    "course",
    "objections",
    "processes",
    "refusals",
    "standing",
    "survival",
    "zones",
]
