"""The only cache: what was worked out for a what-if, once for everybody, bounded.

Nothing that is kept here is ever changed, so that all sessions may share it.
"""

from __future__ import annotations

import streamlit as st

from dashboard.question import WhatIf
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
