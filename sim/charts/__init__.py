"""Tables as pictures; the only place for altair."""

from sim.charts.difference import difference
from sim.charts.explained import contributions
from sim.charts.verdict import ALLIANCE, matrix, survival

__all__ = ["ALLIANCE", "contributions", "difference", "matrix", "survival"]
