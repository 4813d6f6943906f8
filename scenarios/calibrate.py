"""From facts about members to their numbers: the one calibration behind the rosters.

    python -m scenarios.calibrate           writes scenarios/rosters/*.toml
    python -m scenarios.calibrate --check   fails if a committed roster is not what the facts give

Every number is a judgement in the form of a formula: the facts differ between members, the formula
does not. Weights are comparable across members by assumption. Each quantity is one function that says
why; every coefficient stands in `Formula`.

No government is given a number of its own. Hungary's line was softer than its facts; no source of
before 17 December 2021 that says by how much is at hand, so the formula's value stays.
"""

from __future__ import annotations

import csv
import math
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
FACTS = HERE / "data" / "members.csv"

ENLARGEMENT = {"FIN": "2023-04-04", "SWE": "2024-03-07"}
"""Members that joined after December 2021: in the roster of 2024 only."""


@dataclass(frozen=True)
class Facts:
    """What is known about a member; shares between 0 and 1, distances in kilometres."""

    iso: str
    name: str
    population: int
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


@dataclass(frozen=True)
class Norm:
    """The range of a variable over the thirty members of 2021, frozen whatever the roster."""

    low: float
    high: float

    def of(self, value: float) -> float:
        """Between 0 and 1 for the thirty; others are held to that range."""
        return min(1.0, max(0.0, (value - self.low) / (self.high - self.low)))


@dataclass(frozen=True)
class Threat:
    """What makes a member feel exposed to Russian force."""

    reach: float = 700.0  # km over which nearness falls to a third; 500 to 1,000 is arguable
    near: float = 0.45
    late: float = 0.10  # joined after 27 May 1997: what Article 4 would undo
    late_edge: float = 0.20  # and at the edge besides
    border: float = 0.15
    coast: float = 0.10  # on the Black Sea, since Crimea


@dataclass(frozen=True)
class Weights:
    """How much an interest counts: what everybody gives it, and what adds to that."""

    deterrence: float = 0.25
    deterrence_threat: float = 0.6
    deterrence_lead: float = 0.35
    equal_security: float = 0.25
    equal_security_threat: float = 0.35
    equal_security_align: float = 0.3  # weak: UN votes hardly separate east from west
    equal_security_late: float = 0.2  # would be a member of second class
    risk_reduction: float = 0.5
    risk_reduction_waters: float = 0.2
    arms_control: float = 0.4
    arms_control_lead: float = 0.3
    arms_control_site: float = 0.2
    engagement: float = 0.2
    engagement_engage: float = 0.6


@dataclass(frozen=True)
class Exposures:
    """How hard costs hit: what they hit everybody with, and what adds to that."""

    deterrence: float = 0.35
    deterrence_threat: float = 0.65
    deterrence_lead: float = 0.2
    deterrence_host: float = 0.10  # the battlegroup that Article 4 would send home
    equal_security: float = 0.80
    equal_security_align: float = 0.0  # enters the weight already
    equal_security_threat: float = 0.1


@dataclass(frozen=True)
class Trust:
    """The probability that Russia keeps its word, as seen in December 2021."""

    nobody: float = 0.45  # of a member without threat, lead or dealings
    threat: float = 0.35
    lead: float = 0.1
    align: float = 0.1
    engage: float = 0.15
    least: float = 0.13  # above the .11 of somebody sure that Russia seeks no security
    most: float = 0.70  # below the .85 of somebody sure that it does


@dataclass(frozen=True)
class Formula:
    """The coefficients. Every one is a judgement; the flagship draws bands around the results."""

    threat: Threat = Threat()
    weights: Weights = Weights()
    exposures: Exposures = Exposures()
    trust: Trust = Trust()
    lead_battlegroup: float = 0.6
    lead_nuclear: float = 0.4
    gas: float = 0.8
    gas_unknown: float = (
        0.0  # Denmark, Croatia: none is assumed; a half would add .06 to Denmark's trust
    )
    aloof: float = 0.3
    resolve: float = 0.03  # .015 to .06 is arguable


def read(path: Path = FACTS) -> list[Facts]:
    """The fact table, in the order of the ISO codes."""
    with path.open(encoding="utf-8") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return sorted((_facts(row) for row in rows), key=lambda facts: facts.iso)


def _facts(row: Mapping[str, str]) -> Facts:
    yes = {name for name, value in row.items() if value == "1"}
    land = bool(yes & {"russia_border", "kaliningrad_border", "belarus_border"})
    return Facts(
        iso=row["iso3"],
        name=row["name"],
        population=int(row["population_2021"]),
        distance=float(row["km_to_nearest_russia"]),
        late="joined_after_1997" in yes,
        land_border=land,
        edge=land or bool(yes & {"ukraine_border", "black_sea_littoral"}),
        waters=bool(yes & {"russia_border", "baltic_littoral", "black_sea_littoral"}),
        black_sea="black_sea_littoral" in yes,
        host="efp_host" in yes,
        framework=bool(row["efp_framework_for"]),
        nuclear="nuclear_weapon_state" in yes,
        missile_defence=bool(row["missile_defence_site"]),
        gas=float(share) / 100 if (share := row["gas_ru_share_model"]) else None,
        un_distance=float(row["ideal_dist_russia_2021"]),
    )


# What the facts mean ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Position:
    """Where a member stands: what the facts mean, each between 0 and about 1."""

    threat: float
    lead: float
    align: float
    engage: float


def position(member: Facts, norm: Norm, formula: Formula) -> Position:
    """Everything that weights, exposures and trust are made of."""
    align = norm.of(member.un_distance)
    return Position(
        threat=threat(member, formula.threat),
        lead=lead(member, formula),
        align=align,
        engage=engage(member, align, formula),
    )


def threat(member: Facts, by: Threat) -> float:
    """How exposed a member feels to Russian force: near, at the edge, and outside until 1997.

    States balance against threat, not power alone, and proximity is one of its sources: Walt (1987),
    The Origins of Alliances.
    """
    value = (
        by.near * math.exp(-member.distance / by.reach)
        + member.late * (by.late + by.late_edge * member.edge)
        + by.border * member.land_border
        + by.coast * member.black_sea
    )
    return min(1.0, max(0.0, value))


def lead(member: Facts, formula: Formula) -> float:
    """How much of NATO's deterrence the member provides: leads a battlegroup, has the bomb."""
    return formula.lead_battlegroup * member.framework + formula.lead_nuclear * member.nuclear


def engage(member: Facts, align: float, formula: Formula) -> float:
    """How much the member gains from dealing with Russia: gas, and votes less far from Russia's.

    Gas counts for members of before 1997 only: taken alone it points the wrong way, since many who
    depend on it most fear Russia most. Where the share is unknown, none is assumed. The votes set little
    but Turkey apart.
    """
    gas = formula.gas_unknown if member.gas is None else member.gas
    return formula.gas * gas * (not member.late) + formula.aloof * (1 - align)


def trust(at: Position, by: Trust) -> float:
    """Less for the threatened and those who deter, more for those who deal with Russia.

    Held strictly between what members sure of the one and of the other kind of proposer would trust:
    outside that no belief could explain it.
    """
    value = (
        by.nobody
        - by.threat * at.threat
        - by.lead * at.lead
        - by.align * at.align
        + by.engage * at.engage
    )
    return min(by.most, max(by.least, value))


def weights(member: Facts, at: Position, by: Weights) -> dict[str, float]:
    """How much each interest counts.

    The threatened and those who protect them care for deterrence, the late for not being second class,
    those on shared waters for incidents, those with missiles or bases for arms control. That dependent
    allies fear abandonment, others entrapment: Snyder (1984), World Politics 36(4),
    doi:10.2307/2010183.
    """
    return {
        "deterrence": by.deterrence
        + by.deterrence_threat * at.threat
        + by.deterrence_lead * at.lead,
        "equal_security": by.equal_security
        + by.equal_security_threat * at.threat
        + by.equal_security_align * at.align
        + by.equal_security_late * member.late,
        "risk_reduction": by.risk_reduction + by.risk_reduction_waters * member.waters,
        "arms_control": by.arms_control
        + by.arms_control_lead * at.lead
        + by.arms_control_site * member.missile_defence,
        "engagement": by.engagement + by.engagement_engage * at.engage,
    }


def exposures(member: Facts, at: Position, by: Exposures) -> dict[str, float]:
    """How hard costs hit the member: whoever is threatened, leads or hosts pays more of them."""
    return {
        "deterrence": by.deterrence
        + by.deterrence_threat * at.threat
        + by.deterrence_lead * at.lead
        + by.deterrence_host * member.host,
        "equal_security": by.equal_security
        + by.equal_security_align * at.align
        + by.equal_security_threat * at.threat,
    }


@dataclass(frozen=True)
class Numbers:
    """A member's row in a roster."""

    facts: Facts
    trust: float
    resolve: float
    weight: Mapping[str, float]
    exposure: Mapping[str, float]


def numbers(member: Facts, norm: Norm, formula: Formula) -> Numbers:
    """A member's numbers from its facts."""
    at = position(member, norm, formula)
    return Numbers(
        facts=member,
        trust=trust(at, formula.trust),
        resolve=formula.resolve,
        weight=weights(member, at, formula.weights),
        exposure=exposures(member, at, formula.exposures),
    )


def norm_of(members: Iterable[Facts]) -> Norm:
    """The range of the distance from Russia in UN voting, over the members of 2021."""
    distances = [member.un_distance for member in members if member.iso not in ENLARGEMENT]
    return Norm(min(distances), max(distances))


# Rosters ----------------------------------------------------------------------------------------

SOURCE = "scenarios/calibrate.py from scenarios/data/members.csv, where each fact has its source"
JUDGEMENT = (
    "The formula is a judgement: facts differ between members, the formula does not. Bands are drawn "
    "around every number. Known to be weak: governments whose line departs from their country's "
    "exposure (Hungary's is softer than the formula), and the UN votes, which hardly separate east "
    "from west."
)
UNKNOWN = "Where the share of Russian gas is unknown ({names}), none is assumed."
THEN = "All facts are of 2021, those of the thirty as those of the two that joined later."
LATER = "Facts of 2021, read as those of a member; it had a line of its own outside the alliance."


def roster(title: str, date: str, rows: Sequence[Numbers], *remarks: str) -> str:
    """A roster file; remarks are added to what it says of its numbers."""
    unknown = ", ".join(row.facts.name for row in rows if row.facts.gas is None)
    judgement = " ".join([JUDGEMENT, UNKNOWN.format(names=unknown), *remarks])
    head = [
        "# Written by `python -m scenarios.calibrate`; change the facts or the formula, not this.",
        "",
        "[roster]",
        f'title = "{title}"',
        f"date = {date}",
        f'source = "{SOURCE}"',
        f'judgement = "{judgement}"',
    ]
    return "\n".join([*head, *(_row(row) for row in rows), ""])


def _row(row: Numbers) -> str:
    lines = [
        "",
        f"[members.{row.facts.iso}]",
        f'name = "{row.facts.name}"',
        f"population = {row.facts.population}",
        f"trust = {row.trust:.3f}",
        f"resolve = {row.resolve:.3f}",
        f"weight = {_inline(row.weight)}",
        f"exposure = {_inline(row.exposure)}",
    ]
    return "\n".join(lines + ([f'judgement = "{LATER}"'] if row.facts.iso in ENLARGEMENT else []))


def _inline(table: Mapping[str, float]) -> str:
    return "{ " + ", ".join(f"{name} = {value:.3f}" for name, value in table.items()) + " }"


def rosters(formula: Formula = Formula()) -> dict[str, str]:
    """Every roster file by name, as the facts give it."""
    members = read()
    norm = norm_of(members)
    rows = [numbers(member, norm, formula) for member in members]
    then = [row for row in rows if row.facts.iso not in ENLARGEMENT]
    return {
        "nato-2021": roster("NATO on 17 December 2021: thirty members", "2021-12-17", then),
        "nato-2024": roster(
            "NATO since 7 March 2024: thirty-two members", "2024-03-07", rows, THEN
        ),
    }


def main(arguments: list[str]) -> int:
    """Write the rosters, or check that they are what the facts give."""
    if arguments not in ([], ["--check"]):
        print("usage: python -m scenarios.calibrate [--check]", file=sys.stderr)
        return 2
    stale = []
    for name, text in rosters().items():
        path = HERE / "rosters" / f"{name}.toml"
        if not arguments:
            path.write_text(text, "utf-8")
        elif not path.is_file() or path.read_text("utf-8") != text:
            stale.append(
                f"{path.name} is not what the facts give; run python -m scenarios.calibrate"
            )
    print("\n".join(stale), end="\n" if stale else "", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
