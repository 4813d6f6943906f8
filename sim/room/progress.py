"""How far a script has been played, read from what was done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set

from sim.room.events import Entry, Event, Gavelled, Injected, Passed, Put, Revealed, Timed
from sim.room.state import kept
from sim.scenario import Scenario
from sim.scenario.room import Act, Script


def levels(scenario: Scenario, act: Act) -> dict[str, float]:
    """The text that an act puts, or lets be talked about: its clauses at its level, or as tabled."""
    return {name: act.level or scenario.clauses[name].level for name in act.clauses}


def reached(scenario: Scenario, script: Script, log: Iterable[Entry]) -> int:
    """The act that comes next, from 0: the first after the last deed that was not passed over.

    What was done beside the script does not count, nor what was taken back; but what has happened in
    the world happens once, and counts even before its turn. Words that stand before a deed count as said
    with it, and talks about a text as held once it is put.
    """
    events = [entry.event for entry in kept(log)]
    passed = {act for event in events if isinstance(event, Passed) for act in event.acts}
    after = 0
    for event in events:
        for place in _next_deeds(script, after, passed):
            if _done(scenario, script.acts[place], event):
                after = place + 1
        if isinstance(event, Injected):
            passed |= {n for n, act in enumerate(script.acts) if _done(scenario, act, event)}
    while after in passed:
        after += 1
    return after


def _next_deeds(script: Script, start: int, passed: Set[int]) -> Iterator[int]:
    """The next deed; where that is talks, the one behind them as well."""
    for place in range(start, len(script.acts)):
        do = script.acts[place].do
        if do != "say" and place not in passed:
            yield place
            if do != "talk":
                return


def together(script: Script, place: int) -> range:
    """What is left out with an act: with a text that is not put, its gavel and its reveal."""
    end = place + 1
    if script.acts[place].do == "put":
        while end < len(script.acts) and script.acts[end].do in ("gavel", "reveal"):
            end += 1
    return range(place, end)


def _done(scenario: Scenario, act: Act, event: Event) -> bool:
    match event:
        case Put(levels=put):
            return act.do == "put" and dict(put) == levels(scenario, act)
        case Gavelled():
            return act.do == "gavel"
        case Revealed():
            return act.do == "reveal"
        case Injected(name):
            return act.do == "inject" and act.inject == name
        case Timed(seconds, about):
            talk = act.do == "talk" and act.seconds == seconds
            return talk and dict(about) == levels(scenario, act)
    return False
