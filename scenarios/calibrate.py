"""From facts about members to their numbers: the one calibration behind the rosters.

    python -m scenarios.calibrate           writes scenarios/rosters/*.toml
    python -m scenarios.calibrate --check   fails if a committed roster is not what the facts give

Every number is a judgement in the form of a formula: the facts differ between members, the formula
does not. Threat follows Walt (1987), The Origins of Alliances: proximity and offensive position count;
that exposed allies fear abandonment and others entrapment is Snyder (1984), World Politics 36(4),
doi:10.2307/2010183. Weights are comparable across members by assumption.
"""

from __future__ import annotations

import csv
import math
import sys
from collections.abc import Iterable, Mapping
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
    gas: float  # Russian share of gas imports
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
class Formula:
    """The coefficients; every one a judgement, with the band that the flagship draws around it."""

    reach: float = 700.0  # km over which nearness falls to a third; 500 to 1,000 would do as well
    near: float = 0.45
    late: float = 0.10
    late_edge: float = 0.20
    border: float = 0.15
    coast: float = 0.10
    lead_battlegroup: float = 0.6
    lead_nuclear: float = 0.4
    gas: float = 0.8
    aloof: float = 0.3
    host_exposure: float = 0.10
    align_exposure: float = 0.0
    equal_security_exposure: float = 0.80
    trust: float = 0.45
    least_trust: float = 0.13
    most_trust: float = 0.70
    resolve: float = 0.03


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
        gas=float(row["gas_ru_share_model"] or 0) / 100,
        un_distance=float(row["ideal_dist_russia_2021"]),
    )


# What the facts mean ----------------------------------------------------------------------------


def threat(member: Facts, formula: Formula) -> float:
    """How exposed a member is to Russian force: near, at the edge, and outside until 1997."""
    value = (
        formula.near * math.exp(-member.distance / formula.reach)
        + member.late * (formula.late + formula.late_edge * member.edge)
        + formula.border * member.land_border
        + formula.coast * member.black_sea
    )
    return min(1.0, max(0.0, value))


def lead(member: Facts, formula: Formula) -> float:
    """How much of NATO's deterrence the member provides."""
    return formula.lead_battlegroup * member.framework + formula.lead_nuclear * member.nuclear


def engage(member: Facts, align: float, formula: Formula) -> float:
    """How much the member gains from dealing with Russia: old members' gas, distance to the USA.

    Gas counts for members of before 1997 only: taken alone it points the wrong way, since those
    that depend on it most fear Russia most.
    """
    return formula.gas * member.gas * (not member.late) + formula.aloof * (1 - align)


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
    danger, provides = threat(member, formula), lead(member, formula)
    align = norm.of(member.un_distance)
    dealings = engage(member, align, formula)
    trust = formula.trust - 0.35 * danger - 0.1 * provides - 0.1 * align + 0.15 * dealings
    return Numbers(
        facts=member,
        trust=min(formula.most_trust, max(formula.least_trust, trust)),
        resolve=formula.resolve,
        weight={
            "deterrence": 0.25 + 0.6 * danger + 0.35 * provides,
            "equal_security": 0.25 + 0.35 * danger + 0.3 * align + 0.2 * member.late,
            "risk_reduction": 0.5 + 0.2 * member.waters,
            "arms_control": 0.4 + 0.3 * provides + 0.2 * member.missile_defence,
            "engagement": 0.2 + 0.6 * dealings,
        },
        exposure={
            "deterrence": 0.35
            + 0.65 * danger
            + 0.2 * provides
            + formula.host_exposure * member.host,
            "equal_security": formula.equal_security_exposure
            + formula.align_exposure * align
            + 0.1 * danger,
        },
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
LATER = "Facts of 2021, read as those of a member; it had a line of its own outside the alliance."


def roster(title: str, date: str, rows: Iterable[Numbers]) -> str:
    """A roster file."""
    head = [
        "# Written by `python -m scenarios.calibrate`; change the facts or the formula, not this.",
        "",
        "[roster]",
        f'title = "{title}"',
        f"date = {date}",
        f'source = "{SOURCE}"',
        f'judgement = "{JUDGEMENT}"',
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
        "nato-2024": roster("NATO since 7 March 2024: thirty-two members", "2024-03-07", rows),
    }


def main(arguments: list[str]) -> int:
    """Write the rosters, or check that they are what the facts give."""
    stale = []
    for name, text in rosters().items():
        path = HERE / "rosters" / f"{name}.toml"
        if "--check" not in arguments:
            path.write_text(text, "utf-8")
        elif not path.is_file() or path.read_text("utf-8") != text:
            stale.append(
                f"{path.name} is not what the facts give; run python -m scenarios.calibrate"
            )
    print("\n".join(stale), end="\n" if stale else "", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
