"""Tables as pictures; the only place for altair."""

from sim.charts.verdict import objections, survival

__all__ = ["objections", "survival"]
