"""Random tables, stances and small scenarios for the laws."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sim import rules
from sim.scenario import Scenario, from_document

GUESS = {"judgement": "made up"}
KEEP = (0.85, 0.15, 0.05)


def table(members: int) -> rules.Table:
    """A table of so many members, for which every rule can be made."""
    ids = tuple(f"M{place}" for place in range(members))
    return rules.Table(
        ids=ids,
        population=tuple(float(1 + place % 4) * 1e6 for place in range(members)),
        weights={name: float(1 + place % 3) for place, name in enumerate(ids)},
        quota=0.6 * sum(1 + place % 3 for place in range(members)),
        vetoes=(ids[::2], members // 2 + 1),
    )


def rule(name: str, members: int) -> rules.Rule:
    """A rule by its name in `RULES`, for so many members; `only:` is the first of them."""
    full = {"only:": "only:M0", "consensus-2": f"consensus-{min(2, members - 1)}"}.get(name, name)
    return rules.named(full, table(members))


@st.composite
def stances(draw: Any, members: int | None = None) -> np.ndarray:
    """(M, C, D) stances of one to seven members."""
    count = draw(st.integers(1, 7)) if members is None else members
    shape = (count, draw(st.integers(1, 3)), draw(st.integers(1, 6)))
    return draw(arrays(np.int8, shape, elements=st.integers(0, 2)))


def amounts(low: float = 0.0, high: float = 1.0) -> st.SearchStrategy[float]:
    return st.floats(low, high, allow_nan=False).map(lambda value: round(value, 3))


@st.composite
def documents(draw: Any, cohesion: float | None = 0.0, spread: float = 0.0) -> dict[str, Any]:
    """A small scenario: one to five members, one to three clauses, interests of both kinds."""
    interests = {"force": "divisible", "honour": "principle", "calm": "divisible"}
    by_interest = st.fixed_dictionaries({name: amounts() for name in interests})
    member = st.fixed_dictionaries(
        {
            "population": st.sampled_from([2e5, 1e6, 5e6, 8e7]),
            "trust": amounts(0.15, 0.8),
            "resolve": amounts(0.001, 0.1),
            "weight": by_interest,
            "exposure": by_interest,
        }
    )
    clause = st.fixed_dictionaries({"gain": by_interest, "cost": by_interest})
    seats = draw(st.lists(member, min_size=1, max_size=5))
    treaty = draw(st.lists(clause, min_size=1, max_size=3))
    h = draw(amounts()) if cohesion is None else cohesion
    return document(
        members={f"M{i}": row for i, row in enumerate(seats)},
        clauses={f"C{i}": row for i, row in enumerate(treaty)},
        interests=interests,
        cohesion=h,
        spread=spread,
    )


def document(
    members: dict[str, Any],
    clauses: dict[str, Any],
    interests: dict[str, str],
    *,
    cohesion: float = 0.0,
    spread: float = 0.0,
) -> dict[str, Any]:
    """A complete scenario around members and clauses, as `tomllib` would return it."""
    kinds = ("security_seeker", "expansionist", "pretext_seeker")
    spreads = ("trust", "weights", "exposures", "stakes", "resolve")
    return {
        "about": {
            "title": "Random",
            "question": "Does the law hold?",
            "date": dt.date(2021, 12, 17),
            "sources": ["made up"],
            "leaves_out": ["everything"],
        },
        "interests": {name: {"title": name, "kind": kind} for name, kind in interests.items()},
        "clauses": {
            name: {"title": name, "text": name, **GUESS, **row} for name, row in clauses.items()
        },
        "members": GUESS | members,
        "proposer": {
            "name": "Proposer",
            "keep": {kind: {"value": k, **GUESS} for kind, k in zip(kinds, KEEP)},
        },
        "evidence": {
            "telling": evidence((0.5, 0.2, 0.1)),
            "common": evidence((0.4, 0.4, 0.4)),
            "twins": evidence((0.6, 0.3, 0.3)),
            "conceded": evidence((0.6, 0.35, 0.15)),
            "held_firm": {"title": "not seen", "count": 0, "complement_of": "conceded", **GUESS},
        },
        "assumptions": {
            "cohesion": {"value": cohesion, **GUESS},
            "pretext": {"value": 0.4, **GUESS},
            "spread": {name: {"value": spread, **GUESS} for name in spreads},
        },
    }


def evidence(likelihood: tuple[float, float, float]) -> dict[str, Any]:
    kinds = ("security_seeker", "expansionist", "pretext_seeker")
    return {
        "title": "seen",
        "count": 0,
        "likelihood": dict(zip(kinds, likelihood)),
        **GUESS,
    }


def scenarios(**options: Any) -> st.SearchStrategy[Scenario]:
    return documents(**options).map(from_document)


@st.composite
def councils(draw: Any, members: int = 3, clauses: int = 2) -> tuple[np.ndarray, ...]:
    """Motive and curvature (M, C), resolve (M,) and value (C,), up to so many of each."""
    shape = (draw(st.integers(1, members)), draw(st.integers(1, clauses)))
    return (
        draw(arrays(float, shape, elements=amounts(-1, 1))),
        draw(arrays(float, shape, elements=amounts())),
        draw(arrays(float, shape[:1], elements=amounts(0.001, 0.1))),
        draw(arrays(float, shape[1:], elements=amounts())),
    )


def equals(members: int, odds_of_silence: float, spread: float) -> Scenario:
    """Equal members with own noise of trust only: each keeps silent with the same probability.

    One clause, gain 1 and a principle's cost of a half: a member objects when its trust falls below a
    half less its resolve. Its trust is set `odds_of_silence` standard deviations above that.
    """
    low, high = 0.6 * KEEP[1] + 0.4 * KEEP[2], KEEP[0]
    limit = 0.5 - 0.05
    log_odds = np.log((limit - low) / (high - limit)) + odds_of_silence * spread
    trust = low + (high - low) / (1 + np.exp(-log_odds))
    row = {
        "population": 1e6,
        "trust": float(trust),
        "resolve": 0.05,
        "weight": {"calm": 1.0, "honour": 1.0},
    }
    made = document(
        members={f"M{i:02d}": row for i in range(members)},
        clauses={"C": {"gain": {"calm": 1.0}, "cost": {"honour": 0.5}}},
        interests={"calm": "divisible", "honour": "principle"},
    )
    made["assumptions"]["spread"]["trust"] = {"value": spread, **GUESS}
    return from_document(made)
