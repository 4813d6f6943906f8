"""The only cache: what was worked out for a what-if, once for everybody, bounded.

Nothing that is kept here is ever changed, so that all sessions may share it.
"""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from dashboard.question import WhatIf
from sim.analysis import table
from sim.analysis.table import Alone, Growth
from sim.ensemble import run
from sim.outcome import Outcome
from sim.scenario import Scenario, load, with_changes


@st.cache_resource(max_entries=32, show_spinner=False)
def file(name: str) -> Scenario:
    """A scenario as its file has it, read and checked once."""
    return load(name)


@st.cache_resource(max_entries=64, show_spinner=False)
def scenario(asked: WhatIf) -> Scenario:
    """The scenario with its changes; raises OnevetoError with a sentence where they do not fit."""
    return (
        with_changes(file(asked.name), dict(asked.changes)) if asked.changes else file(asked.name)
    )


@st.cache_resource(max_entries=64, show_spinner=False)
def outcome(asked: WhatIf) -> Outcome:
    """What came out of a what-if."""
    return run(scenario(asked), worlds=asked.worlds, seed=asked.seed)


# The council: its rule, its size, who sits in it, and who would do without it


def under(asked: WhatIf, rule: str) -> WhatIf:
    """The same what-if under a rule, itself where that is its own."""
    return asked if scenario(asked).rule.name == rule else asked.but({"rule": rule})


def without(asked: WhatIf, member: str) -> WhatIf:
    """The same what-if without one member, and without what was changed in its numbers."""
    dropped = (*scenario(asked).members.drop, member)
    own = f"members.{member}."
    kept = tuple(pair for pair in asked.changes if not pair[0].startswith(own))
    return replace(asked, changes=kept).but({"members.drop": ",".join(dropped)})


@st.cache_resource(max_entries=32, show_spinner=False)
def growth(asked: WhatIf) -> Growth:
    """How consensus fares as the table grows."""
    return table.growth(scenario(asked), worlds=asked.worlds, seed=asked.seed)


@st.cache_resource(max_entries=32, show_spinner=False)
def alone(asked: WhatIf) -> Alone:
    """What every member would let stand alone, where one run tells; raises RequestError elsewhere."""
    return table.alone(scenario(asked), worlds=asked.worlds, seed=asked.seed)


@st.cache_resource(max_entries=64, show_spinner=False)
def alone_with(asked: WhatIf, member: str) -> tuple[int, ...]:
    """In how many worlds each clause stands if only one member has a say."""
    return table.alone_with(scenario(asked), member, worlds=asked.worlds, seed=asked.seed)
