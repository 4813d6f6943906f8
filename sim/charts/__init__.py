"""Tables as pictures; the only place for altair."""

from sim.charts.baselines import baselines
from sim.charts.difference import difference
from sim.charts.discovery import boxes, limits
from sim.charts.explained import contributions
from sim.charts.looks import Picture
from sim.charts.negotiation import beliefs, course, refusals
from sim.charts.persuasion import arguments
from sim.charts.processes import processes, standing
from sim.charts.room import BESIDE, beside_model
from sim.charts.rules import alone, growth, under_rules, without
from sim.charts.sensitivity import morris, sobol, tornado
from sim.charts.validation import contest, learned, reliability
from sim.charts.verdict import DECISION, matrix, pointed, survival
from sim.charts.why import binding, blockers, ceilings, outcome_map, prices, tipping
from sim.charts.zones import zones

__all__ = [
    "BESIDE",
    "DECISION",
    "Picture",
    "alone",
    "arguments",
    "baselines",
    "beliefs",
    "beside_model",
    "binding",
    "blockers",
    "boxes",
    "ceilings",
    "contest",
    "contributions",
    "course",
    "difference",
    "growth",
    "learned",
    "limits",
    "matrix",
    "morris",
    "outcome_map",
    "pointed",
    "prices",
    "processes",
    "refusals",
    "reliability",
    "sobol",
    "standing",
    "survival",
    "tipping",
    "tornado",
    "under_rules",
    "without",
    "zones",
]
