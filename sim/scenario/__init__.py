"""What a scenario file says, checked: reading, one address for every change, the JSON Schema."""

from sim.scenario.address import locate, parse
from sim.scenario.build import from_document, load, schema, sha256, with_changes
from sim.scenario.files import names, shipped
from sim.scenario.tables import (
    CONCEDED,
    HELD_FIRM,
    TYPES,
    Assumption,
    Clause,
    Evidence,
    Expect,
    Member,
    Number,
    Scenario,
)

__all__ = [
    "CONCEDED",
    "HELD_FIRM",
    "TYPES",
    "Assumption",
    "Clause",
    "Evidence",
    "Expect",
    "Member",
    "Number",
    "Scenario",
    "from_document",
    "load",
    "locate",
    "names",
    "parse",
    "schema",
    "sha256",
    "shipped",
    "with_changes",
]
