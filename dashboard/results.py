"""The only cache: what was worked out for a what-if, once for everybody, bounded.

Nothing that is kept here is ever changed, so that all sessions may share it.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from dashboard.question import Question, WhatIf
from sim import scenario as files
from sim import story
from sim.analysis.compare import Comparison, Played, between, play
from sim.analysis.processes import Process, reached
from sim.analysis.rescue import Rescue, other_rules
from sim.analysis.rescue import rescue as rescued
from sim.analysis.rounds import Rounds
from sim.analysis.rounds import one as play_one
from sim.analysis.rounds import play as play_rounds
from sim.ensemble import run
from sim.errors import RequestError
from sim.explanation import Explanation, explain
from sim.outcome import Outcome
from sim.replay import Replay
from sim.replay import play as play_replay
from sim.scenario import Scenario

if TYPE_CHECKING:
    from sim.analysis.treaty import Treaties

UPLOADS = 20
"""Uploaded scenarios that the server keeps; the oldest goes first."""


# Scenarios --------------------------------------------------------------------------------------


@st.cache_resource(show_spinner=False)
def _uploads() -> OrderedDict[str, Scenario]:
    """Scenarios that people have brought, by name; for as long as the server runs."""
    return OrderedDict()


def bring(filename: str, data: bytes) -> str:
    """Keep a scenario that somebody uploads, under its name and a part of its hash.

    Raises OnevetoError with a sentence for every problem of the file; then nothing is kept.
    """
    scenario = files.from_bytes(data, filename)
    name = f"{Path(filename).stem}@{hashlib.sha256(data).hexdigest()[:8]}"
    uploads = _uploads()
    uploads[name] = scenario
    while len(uploads) > UPLOADS:
        uploads.popitem(last=False)
    return name


def uploaded() -> list[str]:
    """The names of scenarios that people have brought."""
    return list(_uploads())


def file(name: str) -> Scenario:
    """A scenario as its file has it, read and checked once."""
    uploads = _uploads()
    if "@" in name and name not in uploads:
        raise RequestError(
            f"`{name}` was uploaded to another server, or has gone since; upload the file again"
        )
    return uploads.get(name) or _read(name)


@st.cache_resource(max_entries=32, show_spinner=False)
def _read(name: str) -> Scenario:
    return files.load(name)


@st.cache_resource(show_spinner=False)
def titles() -> dict[str, str]:
    """The titles of the scenarios that come with oneveto, by name."""
    return {name: files.title(name) for name in files.names()}


@st.cache_resource(max_entries=32, show_spinner=False)
def rosters(roster: str) -> dict[str, str]:
    """The titles of the rosters that could take the place of one, by name; itself among them."""
    return {roster: roster} | files.family(roster)


@st.cache_resource(max_entries=64, show_spinner=False)
def scenario(asked: WhatIf) -> Scenario:
    """The scenario with its changes; raises OnevetoError with a sentence where they do not fit."""
    original = file(asked.name)
    return files.with_changes(original, dict(asked.changes)) if asked.changes else original


@st.cache_resource(max_entries=32, show_spinner=False)
def names(name: str, roster: str | None) -> dict[str, str]:
    """Everybody who could sit at the table, present or left out, by id."""
    changes = {"members.drop": []} | ({"members.roster": roster} if roster else {})
    seats = files.with_changes(file(name), changes).seats
    return {iso: row.name or iso for iso, row in seats.items()}


# Outcomes ---------------------------------------------------------------------------------------


@st.cache_resource(max_entries=32, show_spinner=False)
def played(asked: WhatIf) -> Played:
    """A what-if, played in all of its worlds."""
    return play(scenario(asked), worlds=asked.worlds, seed=asked.seed)


def outcome(asked: WhatIf) -> Outcome:
    """What came out of a what-if."""
    return played(asked).outcome


@st.cache_resource(max_entries=64, show_spinner=False)
def comparison(asked: WhatIf) -> Comparison:
    """What a what-if changes, on the same worlds."""
    return between(played(asked.baseline), played(asked))


@st.cache_resource(max_entries=64, show_spinner=False)
def explanation(question: Question) -> Explanation:
    """Why the member takes its stance on the clause, at the centre of all assumptions."""
    return explain(scenario(question.what_if), question.member, question.clause)


@st.cache_resource(max_entries=32, show_spinner=False)
def clause_to_look_at(asked: WhatIf) -> str:
    """The clause that most support and fewest kill, or the first that falls, or the first."""
    return story.telling(outcome(asked))


def member_to_look_at(asked: WhatIf) -> str:
    """The member that kills that clause most often, or the first."""
    found = outcome(asked)
    row = found.measures()[clause_to_look_at(asked)]
    return str(next(iter(row["blockers"]), next(iter(found.scenario.seats))))


@st.cache_resource(max_entries=64, show_spinner=False)
def _other_rules(asked: WhatIf) -> dict[str, frozenset[str]]:
    return other_rules(scenario(asked))


def rescue(asked: WhatIf, clause: str) -> Rescue:
    """What would save a clause."""
    return rescued(outcome(asked), clause, _other_rules(asked))


# Negotiation ------------------------------------------------------------------------------------


@st.cache_resource(max_entries=32, show_spinner=False)
def rounds(asked: WhatIf) -> Rounds:
    """All worlds of a what-if, round by round."""
    return play_rounds(scenario(asked), worlds=asked.worlds, seed=asked.seed)


@st.cache_resource(max_entries=64, show_spinner=False)
def rounds_of_one(asked: WhatIf, world: int | None) -> Rounds:
    """One world of a what-if round by round, as counts; None for the central one."""
    return play_one(scenario(asked), world=world, seed=asked.seed)


@st.cache_resource(max_entries=64, show_spinner=False)
def replay(asked: WhatIf, world: int | None) -> Replay:
    """One world of a what-if round by round, member by member; None for the central one."""
    return play_replay(scenario(asked), world=world, seed=asked.seed)


@st.cache_resource(max_entries=64, show_spinner=False)
def process(asked: WhatIf, back: bool) -> Process:
    """How far a what-if gets in its process; back: it has the proposer step back."""
    return reached(run(scenario(asked), worlds=asked.worlds, seed=asked.seed), back=back)


@st.cache_resource(max_entries=64, show_spinner=False)
def treaties(asked: WhatIf) -> Treaties:
    """The zones of possible agreement and the best treaties of a what-if."""
    from sim.analysis.treaty import best_treaties  # its solver takes a fifth of a second to load

    return best_treaties(scenario(asked))
