"""What does not go together in the table `[room]`, by which a workshop plays a scenario."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sim.errors import did_you_mean
from sim.scenario.room import Act, Room
from sim.scenario.tables import Scenario


def misfits(scenario: Scenario) -> Iterator[str]:
    """Strangers among blocs and key members, and acts that name what is not there.

    A what-if may seat other members; only the file itself must know everybody that it names.
    """
    room = scenario.room
    if not scenario.changes:
        yield from _strangers(room, [*scenario.seats, *scenario.members.drop])
    yield from _twice(room)
    for name, script in room.scripts.items():
        for number, act in enumerate(script.acts, 1):
            for problem in _act(act, room, scenario):
                yield f"room.scripts.{name}, act {number}: {problem}"


def _strangers(room: Room, members: Iterable[str]) -> Iterator[str]:
    known = list(members)
    named = {"key": room.key} | {f"blocs.{name}": row.members for name, row in room.blocs.items()}
    for where, isos in named.items():
        for iso in isos:
            if iso not in known:
                hint = did_you_mean(iso, known)
                yield f"room.{where} names `{iso}`, which is not a member. {hint}".rstrip()


def _twice(room: Room) -> Iterator[str]:
    speaker: dict[str, str] = {}
    for name, row in room.blocs.items():
        for iso in row.members:
            if iso in speaker:
                yield f"room.blocs.{name} has `{iso}`, for whom `{speaker[iso]}` speaks already"
            speaker.setdefault(iso, name)


def _act(act: Act, room: Room, scenario: Scenario) -> Iterator[str]:
    if act.do == "put" and not act.clauses:
        yield "puts no clause; write clauses = [...]"
    if act.do == "inject" and act.inject is None:
        yield "injects nothing; write inject = a name from room.injects"
    if act.inject is not None and act.inject not in room.injects:
        hint = did_you_mean(act.inject, room.injects)
        yield f"injects `{act.inject}`, which is not among room.injects. {hint}".rstrip()
    for name in act.clauses:
        if name not in scenario.clauses:
            hint = did_you_mean(name, scenario.clauses)
            yield f"puts `{name}`, which is no clause. {hint}".rstrip()
