"""What a scenario file says, checked: reading, one address for every change, the JSON Schema."""

from sim.scenario.address import (
    MOST_PINS,
    locate,
    parse,
    parse_all,
    parse_line,
    parse_pins,
    says,
    spelled,
    value_at,
)
from sim.scenario.amend import amended
from sim.scenario.build import (
    as_read,
    from_bytes,
    from_document,
    load,
    schema,
    sha256,
    unchanged,
    with_changes,
)
from sim.scenario.choices import middle_resolve, rules_of
from sim.scenario.files import called, family, names, precedents, roster_of, shipped, title
from sim.scenario.kinds import Assumption, Number
from sim.scenario.moves import evidence, opening, publicity, warnings
from sim.scenario.save import as_file
from sim.scenario.spatial import powers
from sim.scenario.spoken import pair_of, part_of
from sim.scenario.tables import (
    CONCEDED,
    HELD_FIRM,
    TYPES,
    Clause,
    Evidence,
    Expect,
    Happened,
    Member,
    Scale,
    Scenario,
)

__all__ = [
    "CONCEDED",
    "HELD_FIRM",
    "MOST_PINS",
    "TYPES",
    "Assumption",
    "Clause",
    "Evidence",
    "Expect",
    "Happened",
    "Member",
    "Number",
    "Scale",
    "Scenario",
    "amended",
    "as_file",
    "as_read",
    "called",
    "evidence",
    "family",
    "from_bytes",
    "from_document",
    "load",
    "locate",
    "middle_resolve",
    "names",
    "opening",
    "pair_of",
    "parse",
    "parse_all",
    "parse_line",
    "parse_pins",
    "part_of",
    "powers",
    "precedents",
    "publicity",
    "roster_of",
    "rules_of",
    "says",
    "schema",
    "sha256",
    "shipped",
    "spelled",
    "title",
    "unchanged",
    "value_at",
    "warnings",
    "with_changes",
]
