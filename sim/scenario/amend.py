"""Changes that are changed further: no more of them than say something."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.scenario.address import MEMBERSHIP, at, places, same
from sim.scenario.build import unchanged
from sim.scenario.mistakes import Place
from sim.scenario.tables import Scenario


def amended(
    scenario: Scenario, changes: Mapping[str, Any], further: Mapping[str, Any]
) -> dict[str, Any]:
    """Changes and further ones after them; None puts back what is in the file.

    What a further change covers is left out, under whatever address (`rule.name` under `rule`, a member
    under `*`), and so is a further change that the file and the other changes say already. The members
    are those of `scenario`, which is the file with some changes or none.
    """
    read = unchanged(scenario)
    reach = {address: places(read, address) for address in (*changes, *further)}
    covered = {place for address in further for place in reach[address]}
    kept = {key: value for key, value in changes.items() if not covered.issuperset(reach[key])}
    for address, value in further.items():
        said = {place: value for key, value in kept.items() for place in reach[key]}
        own = {place: _in_file(read, place) for place in reach[address]}
        wanted = _one(own) if value is None else value
        if wanted is not None and not all(same(wanted, (own | said)[place]) for place in own):
            kept[address] = wanted
    return kept


def _one(own: Mapping[Place, Any]) -> Any:
    """What the file has at an address; None where that is several values."""
    one, *others = own.values()
    return None if others else one


def _in_file(read: Scenario, place: Place) -> Any:
    if ".".join(map(str, place)) in MEMBERSHIP:
        return read.origin.document["members"].get(place[-1], [])
    return at(read, place)
