"""How far a script has been played, read from what was done."""

from __future__ import annotations

from collections.abc import Iterable

from sim.room.events import Announced, Entry, Event, Gavelled, Injected, Put, Revealed, Timed
from sim.room.state import kept
from sim.scenario import Scenario
from sim.scenario.room import Act, Script


def levels(scenario: Scenario, act: Act) -> dict[str, float]:
    """The text that an act puts, or lets be talked about: its clauses at its level, or as tabled."""
    return {name: act.level or scenario.clauses[name].level for name in act.clauses}


def reached(scenario: Scenario, script: Script, log: Iterable[Entry]) -> int:
    """The act that comes next, from 0: the first after the last deed whose words are not said yet.

    What was done beside the script does not count, nor what was taken back; words that stand before a
    deed count as said with it.
    """
    after, events = 0, [entry.event for entry in kept(log)]
    for event in events:
        place = _next_deed(script, after)
        if place is not None and _done(scenario, script.acts[place], event):
            after = place + 1
    said = {event.act for event in events if isinstance(event, Announced)}
    while after in said and after < len(script.acts) and script.acts[after].do == "say":
        after += 1
    return after


def _next_deed(script: Script, start: int) -> int | None:
    places = range(start, len(script.acts))
    return next((place for place in places if script.acts[place].do != "say"), None)


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
