"""What is known about members, as it stood on a day, and who sat at which table then.

Facts that carry a date are read as of that day. The others are those of 2021 whatever the day, for
want of a series: populations, Russian shares of gas, votes in the General Assembly.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

HERE = Path(__file__).parent
FACTS = HERE / "data" / "members.csv"
OTHERS = HERE / "data" / "others.csv"

FOUNDING_ACT = "1997-05-27"
"""Who joined NATO after this day is late: its territory is what Article 4 of the draft is about."""

BATTLEGROUPS = "2017-01-01"
"""Since then there have been forward battlegroups, and host and lead nations of them."""

MISSILE_DEFENCE = "2012-01-01"
"""Since then there have been sites of missile defence, the radar at Kürecik the first."""

CRIMEA = "2014-03-18"
"""Since then the Black Sea has been a coast on which Russia is near."""

JOINED_EU = {
    "1958-01-01": "BEL DEU FRA ITA LUX NLD",
    "1973-01-01": "DNK GBR IRL",
    "1981-01-01": "GRC",
    "1986-01-01": "ESP PRT",
    "1995-01-01": "AUT FIN SWE",
    "2004-05-01": "CYP CZE EST HUN LTU LVA MLT POL SVK SVN",
    "2007-01-01": "BGR ROU",
    "2013-07-01": "HRV",
}
LEFT_EU = {"GBR": "2020-02-01"}
"""First days inside the European Union, and outside it. General knowledge, not re-checked."""


@dataclass(frozen=True)
class State:
    """A state with a seat."""

    iso: str
    name: str
    population: int


@dataclass(frozen=True)
class Facts(State):
    """What is known about a member; shares between 0 and 1, distances in kilometres."""

    accession: str  # to NATO, as 1999-03-12; empty where there is none
    distance: float
    late: bool  # joined after 27 May 1997
    land_border: bool  # with Russia, Kaliningrad or Belarus
    edge: bool  # land border with one of them or Ukraine, or a Black Sea coast
    waters: bool  # a border with Russia, a Baltic or a Black Sea coast
    black_sea: bool
    host: bool  # of a forward battlegroup
    framework: bool  # leads one
    nuclear: bool
    missile_defence: bool
    gas: float | None  # Russian share of gas imports, where it is known
    un_distance: float  # from Russia in the General Assembly, 2021


def read(path: Path = FACTS) -> list[Facts]:
    """The fact table, in the order of the ISO codes; states of which less is known are left out."""
    rows = (_facts(row) for row in _rows(path) if row["km_to_nearest_russia"])
    return sorted(rows, key=lambda facts: facts.iso)


def states() -> list[State]:
    """Everybody of whom a name and a population are known: the states of the OSCE."""
    rows = [*_rows(FACTS), *_rows(OTHERS)]
    found = (State(row["iso3"], row["name"], int(row["population_2021"])) for row in rows)
    return sorted(found, key=lambda state: state.iso)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def _facts(row: Mapping[str, str]) -> Facts:
    yes = {name for name, value in row.items() if value == "1"}
    land = bool(yes & {"russia_border", "kaliningrad_border", "belarus_border"})
    return Facts(
        iso=row["iso3"],
        name=row["name"],
        population=int(row["population_2021"]),
        accession=row.get("accession", ""),
        distance=float(row["km_to_nearest_russia"]),
        late="joined_after_1997" in yes,
        land_border=land,
        edge=land or bool(yes & {"ukraine_border", "black_sea_littoral"}),
        waters=bool(yes & {"russia_border", "baltic_littoral", "black_sea_littoral"}),
        black_sea="black_sea_littoral" in yes,
        host="efp_host" in yes,
        framework=bool(row.get("efp_framework_for")),
        nuclear="nuclear_weapon_state" in yes,
        missile_defence=bool(row.get("missile_defence_site")),
        gas=float(share) / 100 if (share := row["gas_ru_share_model"]) else None,
        un_distance=float(row["ideal_dist_russia_2021"]),
    )


# On a day ---------------------------------------------------------------------------------------


def on(day: str, member: Facts) -> Facts:
    """What was so already on that day."""
    battlegroups = day >= BATTLEGROUPS
    return replace(
        member,
        late=FOUNDING_ACT < member.accession <= day,
        black_sea=member.black_sea and day >= CRIMEA,
        host=member.host and battlegroups,
        framework=member.framework and battlegroups,
        missile_defence=member.missile_defence and day >= MISSILE_DEFENCE,
    )


def nato(day: str) -> list[Facts]:
    """The members of NATO on a day, as they were then."""
    return [on(day, member) for member in read() if member.accession <= day]


def eu(day: str) -> list[Facts]:
    """The members of the European Union on a day, as they were then."""
    joined = {iso for since, names in JOINED_EU.items() if since <= day for iso in names.split()}
    joined -= {iso for iso, since in LEFT_EU.items() if since <= day}
    everybody: Iterable[Facts] = [*read(), *read(OTHERS)]
    found = (on(day, member) for member in everybody if member.iso in joined)
    return sorted(found, key=lambda member: member.iso)
