"""The only cache: what was worked out for a what-if, once for everybody, bounded.

Nothing that is kept here is ever changed, so that all sessions may share it.
"""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from collections.abc import Hashable, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboard.question import WORLDS, Question, WhatIf
from dashboard.studies import Study
from scenarios import facts
from sim import charts, story
from sim import scenario as files
from sim.analysis import table, winning
from sim.analysis.compare import Comparison, Played, between, joined, play
from sim.analysis.one_member import Moves
from sim.analysis.one_member import moves as moves_of
from sim.analysis.persuasion import Persuasion
from sim.analysis.persuasion import persuasion as persuaded
from sim.analysis.processes import Process, reached
from sim.analysis.rescue import Rescue, other_rules
from sim.analysis.rescue import rescue as rescued
from sim.analysis.robustness import Robustness
from sim.analysis.robustness import robustness as tried
from sim.analysis.rounds import Rounds
from sim.analysis.rounds import one as play_one
from sim.analysis.rounds import play as play_rounds
from sim.analysis.table import Alone, Growth
from sim.analysis.tipping import Survivors
from sim.analysis.tipping import survivors as counted
from sim.analysis.vetoes import Vetoes, by_itself
from sim.analysis.vetoes import vetoes as called_up
from sim.analysis.winning import Room
from sim.baselines.predictions import Predictions
from sim.baselines.predictions import predictions as predicted
from sim.charts import Picture
from sim.ensemble import run
from sim.errors import RequestError, ScenarioError
from sim.explanation import Explanation, explain
from sim.outcome import Outcome
from sim.replay import Replay
from sim.replay import play as play_replay
from sim.rules import Stances
from sim.scenario import Scenario
from sim.story import validation

if TYPE_CHECKING:
    from sim.analysis.record import Record
    from sim.analysis.treaty import Treaties

UPLOADS = 20
"""Uploaded scenarios that the server keeps; what was not asked for longest goes first."""

UPLOADED = re.compile(r".*@[0-9a-f]{8}")
"""The name of an uploaded scenario: its file and a part of its hash."""

DECIDED = "Decided: "
"""What stands in front of the title of a decision whose outcome is known."""

GONE = "was uploaded to another server, or has gone since; upload the file again"

_LOCK = Lock()
"""For the uploaded scenarios, which all sessions share."""

_ONE_AT_A_TIME = Lock()
"""For playing: ten that play at once take turns at every line, and all of them end late."""


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
    with _LOCK:
        uploads = _uploads()
        uploads[name] = scenario
        uploads.move_to_end(name)
        while len(uploads) > UPLOADS:
            uploads.popitem(last=False)
    return name


def gone(name: str) -> bool:
    """Whether this is the name of an uploaded scenario that the server does not have."""
    return bool(UPLOADED.fullmatch(name)) and name not in _uploads()


def file(name: str) -> Scenario:
    """A scenario as its file has it, read and checked once."""
    if not UPLOADED.fullmatch(name):
        return _read(name)
    with _LOCK:
        uploads = _uploads()
        if name in uploads:
            uploads.move_to_end(name)
            return uploads[name]
    raise RequestError(f"`{name}` {GONE}")


@st.cache_resource(max_entries=32, show_spinner=False)
def _read(name: str) -> Scenario:
    return files.load(name)


@st.cache_resource(show_spinner=False)
def titles() -> dict[str, str]:
    """The titles of the scenarios that come with oneveto, by name; decided ones after the others."""
    found = {name: files.title(name) for name in files.names()}
    return found | {name: f"{DECIDED}{files.title(name)}" for name in files.precedents()}


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


PART = 2048
"""Worlds of a what-if that are played in one go, so that it can be stopped in between."""


def parts(asked: WhatIf) -> list[tuple[WhatIf, int]]:
    """The parts of a what-if, each by its first world."""
    return [(asked, start) for start in range(0, asked.worlds, PART)]


@st.cache_resource(max_entries=128, show_spinner=False)
def part(asked: WhatIf, start: int) -> Played:
    """A part of a what-if."""
    stop, changed = min(start + PART, asked.worlds), scenario(asked)
    with _ONE_AT_A_TIME:
        return play(changed, worlds=stop, seed=asked.seed, start=start)


@st.cache_resource(max_entries=128, show_spinner=False)
def played(asked: WhatIf) -> Played:
    """A what-if, played in all of its worlds."""
    return joined([part(*each) for each in parts(asked)])


def outcome(asked: WhatIf) -> Outcome:
    """What came out of a what-if."""
    return played(asked).outcome


@st.cache_resource(max_entries=64, show_spinner=False)
def comparison(asked: WhatIf) -> Comparison:
    """What a what-if changes, on the same worlds."""
    return between(played(asked.baseline), played(asked))


@st.cache_resource(max_entries=64, show_spinner=False)
def explanation(question: Question) -> Explanation:
    """Why the member takes its stance on the clause, in the central world."""
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


@st.cache_resource(max_entries=256, show_spinner=False)
def rescue(asked: WhatIf, clause: str) -> Rescue:
    """What would save a clause."""
    return rescued(played(asked), clause, _other_rules(asked))


# Pictures of the front page ----------------------------------------------------------------------


@st.cache_resource(max_entries=64, show_spinner=False)
def bars(asked: WhatIf, clause: str) -> Picture:
    """What becomes of each clause, the chosen one marked."""
    return charts.survival(outcome(asked), clause).packed()


@st.cache_resource(max_entries=32, show_spinner=False)
def matrix(asked: WhatIf) -> Picture:
    """Who objects to what."""
    return charts.matrix(outcome(asked)).packed()


# Why --------------------------------------------------------------------------------------------


@st.cache_resource(max_entries=4096, show_spinner=False)
def survivors(asked: WhatIf) -> Survivors | None:
    """In how many worlds each clause survives: a point of a curve, a cell of a map.

    So little that thousands can be kept, and whole outcomes stay where they are; None where the changes
    fit no scenario.
    """
    try:
        changed = files.with_changes(file(asked.name), dict(asked.changes))
    except ScenarioError:
        return None
    return counted(run(changed, worlds=asked.worlds, seed=asked.seed))


@st.cache_resource(max_entries=64, show_spinner=False)
def persuasion(asked: WhatIf, clause: str) -> Persuasion:
    """Whom to persuade so that a clause survives."""
    return persuaded(scenario(asked), clause)


@st.cache_resource(max_entries=64, show_spinner=False)
def moves(asked: WhatIf, clause: str) -> Moves:
    """Which single number of one member flips a clause."""
    return moves_of(scenario(asked), clause)


@st.cache_resource(max_entries=32, show_spinner=False)
def robustness(asked: WhatIf) -> Robustness:
    """Every headline of a what-if put to the test of each single number."""
    return tried(scenario(asked), worlds=asked.worlds, seed=asked.seed)


@st.cache_resource(max_entries=1024, show_spinner=False)
def cell(asked: Study, place: Hashable) -> Any:
    """What one cell of long work on a clause gives: 25 kB at most."""
    return asked.work(scenario(asked.what_if)).cell(place)


@st.cache_resource(max_entries=32, show_spinner=False)
def answer(asked: Study, _parts: Sequence[Any]) -> Any:
    """What all cells say together: 1 MB at most, the worlds in which boxes are looked for."""
    return asked.work(scenario(asked.what_if)).result(_parts)


# Taken home -------------------------------------------------------------------------------------

Pins = tuple[tuple[str, tuple[tuple[str, Any], ...]], ...]
"""What-ifs that are pinned: their names and what they change."""


@st.cache_resource(max_entries=8, show_spinner=False)
def report(asked: WhatIf, called: str, clause: str, pins: Pins) -> str:
    """The findings as one document, some 1 MB; `called` is what a terminal calls the scenario."""
    from sim.report import report as reported  # what draws its pictures takes half a second to load

    pinned = {name: dict(changes) for name, changes in pins}
    where = {"worlds": asked.worlds, "seed": asked.seed}
    return reported(scenario(asked), name=called, clause=clause, pins=pinned, **where).html()


# The council ------------------------------------------------------------------------------------


def under(asked: WhatIf, rule: str) -> WhatIf:
    """The same what-if under a rule, itself where that is its own."""
    return asked if scenario(asked).rule.name == rule else asked.but({"rule": rule})


@st.cache_resource(max_entries=64, show_spinner=False)
def _counted(asked: WhatIf) -> Outcome:
    """An outcome of counts alone: small, and it crowds out none of those that are asked."""
    return run(scenario(asked), worlds=asked.worlds, seed=asked.seed)


def beside(asked: WhatIf, other: WhatIf) -> Outcome:
    """What came out of another what-if that is only looked at beside the one that is asked."""
    return outcome(asked) if asked == other else _counted(other)


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


@st.cache_resource(max_entries=64, show_spinner=False)
def predictions(asked: WhatIf) -> Predictions:
    """What other schools of thought predict on the same input."""
    return predicted(scenario(asked))


# The story --------------------------------------------------------------------------------------


@st.cache_resource(max_entries=64, show_spinner=False)
def vetoes(asked: WhatIf, clause: str) -> Vetoes:
    """One veto after the other; raises RequestError where there are none."""
    return called_up(played(asked), clause)


@st.cache_resource(max_entries=32, show_spinner=False)
def by_themselves(asked: WhatIf) -> Stances:
    """What members would say of each clause before they hear the others."""
    return by_itself(scenario(asked))


@st.cache_resource(max_entries=64, show_spinner=False)
def differing(asked: WhatIf, other: WhatIf) -> Comparison:
    """What another what-if changes, on the same worlds."""
    return between(played(asked), played(other))


@st.cache_resource(max_entries=4, show_spinner=False)
def winnable(asked: WhatIf, clause: str) -> Room:
    """The members before anybody is won, in two thousand worlds at most: some 14 MB."""
    worlds = min(asked.worlds, WORLDS)
    return winning.room(scenario(asked), clause, worlds=worlds, seed=asked.seed)


@st.cache_resource(max_entries=1024, show_spinner=False)
def best_won(asked: WhatIf, clause: str, size: int, first: str) -> tuple[tuple[str, ...], float]:
    """Of the sets of so many members that begin with this one, the best to win."""
    return winnable(asked, clause).best(size, first)


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


# Validation -------------------------------------------------------------------------------------


@st.cache_resource(show_spinner=False)
def record() -> Record:
    """How well the tool does on decisions whose outcome is known; raises RequestError without it."""
    from sim.analysis.record import read  # what it needs takes half a second to load

    return read()


@st.cache_resource(show_spinner=False)
def states() -> dict[str, str]:
    """The names of all states that sat at any of the tables, by their ISO codes."""
    return {state.iso: state.name for state in facts.states()}


@st.cache_resource(show_spinner=False)
def reliability() -> tuple[Picture, Picture]:
    """What was said against what happened: of outcomes, and of members."""
    found = record()
    outcomes = charts.reliability(found.outcome_reliability, "Said: adopted with", "Was adopted")
    said = "Said: breaks the silence with"
    members = charts.reliability(found.member_reliability, said, "Broke the silence")
    return outcomes.packed(), members.packed()


@st.cache_resource(max_entries=16, show_spinner=False)
def contest(among: str) -> tuple[Picture, Picture]:
    """The model against forecasts that know less, on some of the cases: outcomes, and who blocks."""
    found = record().contests[among]
    outcomes, members = (
        charts.contest(found, pick) for pick in (validation.of_outcome, validation.of_members)
    )
    return outcomes.packed(), members.packed()


@st.cache_resource(show_spinner=False)
def learned() -> Picture:
    """What history says of the shared parameters."""
    return charts.learned(record().learned).packed()
