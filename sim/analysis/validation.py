"""How well the tool does on decisions whose outcome is known, against forecasts that know less.

Every forecast that is scored here was made of a case that was left out of its fit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from sim.analysis import naive, scores
from sim.analysis.fitting import (
    AFTER_A_LOOK,
    PARAMETERS,
    POINTS,
    PRIOR,
    History,
    LeftOut,
    Parameter,
    Progress,
    asked,
    learn,
)
from sim.analysis.precedents import (
    COHESION,
    RESOLVE,
    SPREAD,
    WORLDS_EACH,
    Case,
    Forecast,
    Hearing,
)
from sim.analysis.reply import DRAWS, Reply, reply
from sim.analysis.scores import HALF, Bin, Difference, Hits
from sim.arrays import Bools, Reals
from sim.constants import FLAGSHIP
from sim.dice import checked_seed, generator
from sim.errors import RequestError
from sim.outcome import versions
from sim.scenario import load, middle_resolve, precedents

OUTCOME_BINS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
MEMBER_BINS = (0.0, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0)
"""Ends of the bins of reliability; most members are unlikely to block, so theirs are finer there."""

MODEL, UNFITTED, SHIPPED = "model", "unfitted", "shipped"

# One case ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Verdict:
    """What was forecast of a case that was left out of its fit, and what happened."""

    case: Case
    forecast: Forecast
    parameters: Mapping[str, float]

    @property
    def name(self) -> str:
        """The case without its folder."""
        return self.case.name.rpartition("/")[2]

    @property
    def right(self) -> bool:
        """Whether it said rather yes than no, and so it was, or the other way round."""
        return (self.forecast.survival >= HALF) == self.case.happened.passed

    @property
    def chances(self) -> dict[str, float]:
        """How likely each member was said to break the silence, the likeliest first."""
        pairs = zip(self.case.scenario.seats, self.forecast.objects.tolist())
        return dict(sorted(pairs, key=lambda pair: -pair[1]))

    @property
    def named(self) -> list[str]:
        """Who was said to block rather than not, of those who count."""
        left = self.case.happened.uncounted
        return [iso for iso, chance in self.chances.items() if chance >= HALF and iso not in left]

    @property
    def missed(self) -> list[str]:
        """Who blocked and was not named."""
        return [iso for iso in self.case.happened.blockers if iso not in self.named]

    @property
    def false_alarms(self) -> list[str]:
        """Who was named and kept silent."""
        return [iso for iso in self.named if iso not in self.case.happened.blockers]

    def as_json(self) -> dict[str, Any]:
        """The verdict as JSON sees it."""
        happened = self.case.happened
        return {
            "name": self.case.name,
            "case": happened.case,
            "title": self.case.scenario.about.title,
            "body": happened.body,
            "date": happened.date.isoformat(),
            "basis": happened.basis,
            "passed": happened.passed,
            "survival": self.forecast.survival,
            "right": self.right,
            "blockers": list(happened.blockers),
            "cool": list(happened.cool),
            "unknown": list(happened.unknown),
            "named": self.named,
            "missed": self.missed,
            "false_alarms": self.false_alarms,
            "chances": self.chances,
            "ending": happened.ending,
            "parameters": dict(self.parameters),
        }


# Contests ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Contender:
    """A forecaster: what it missed of each case's outcome and, on average, of its members. (N,) each."""

    name: str
    label: str
    outcome: Reals
    members: Reals


@dataclass(frozen=True)
class Row:
    """A contender's Brier scores, and how much less the model misses: below 0, the model is better."""

    name: str
    label: str
    outcome: float
    members: float
    outcome_difference: Difference | None
    members_difference: Difference | None


@dataclass(frozen=True)
class Contest:
    """The model against those who know less, on some of the cases."""

    label: str
    cases: int
    rows: tuple[Row, ...]

    @property
    def model(self) -> Row:
        """The model's own row."""
        return self.rows[0]

    @property
    def rivals(self) -> tuple[Row, ...]:
        """The forecasts that know less; what ships has seen all cases, and is none of them."""
        return tuple(row for row in self.rows[1:] if row.name != SHIPPED)


def contender(name: str, label: str, cases: Sequence[Case], told: Sequence[Forecast]) -> Contender:
    """What a forecaster missed."""
    outcome = [
        float(scores.misses(np.array([each.survival]), np.array([case.happened.passed]))[0])
        for case, each in zip(cases, told)
    ]
    members = [
        scores.brier(each.objects[case.counted], case.blocked[case.counted])
        for case, each in zip(cases, told)
    ]
    return Contender(name, label, np.array(outcome), np.array(members))


def contest(
    label: str, key: str, contenders: Sequence[Contender], among: Bools, seed: int
) -> Contest:
    """The first against all the others, on the cases that are among. (N,)."""
    first = contenders[0]

    def row(one: Contender) -> Row:
        dice = generator(seed, f"validation.{key}.{one.name}")
        means = float(one.outcome[among].mean()), float(one.members[among].mean())
        if one is first:
            return Row(one.name, one.label, *means, None, None)
        return Row(
            one.name,
            one.label,
            *means,
            scores.difference(first.outcome[among], one.outcome[among], dice),
            scores.difference(first.members[among], one.members[among], dice),
        )

    return Contest(label, int(among.sum()), tuple(map(row, contenders)))


# The whole --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fitted:
    """A shared parameter: what was thought of it, and what all the cases say.

    prior, band: one standard deviation either side, the band by leaving one case out at a time.
    """

    parameter: Parameter
    value: float
    prior: tuple[float, float]
    band: tuple[float, float]


@dataclass(frozen=True)
class FirstLook:
    """How the forecasts do without the last parameters that were added: Brier scores, and the surest.

    sure: how many outcomes are put at 80 % and above; said, came: at what on average, how many passed.
    parameters: how many there are without; added: those that came after.
    """

    parameters: int
    added: tuple[str, ...]
    cases: int
    outcome: float
    members: float
    sure: int
    said: float
    came: float


SURE = 0.8
"""Where a forecast begins to be sure."""


def first_look(told: Sequence[LeftOut]) -> FirstLook:
    """What was seen before the last parameters were added, worked out anew."""
    cases, forecasts = [row.case for row in told], [row.forecast.held for row in told]
    scored = contender("before", "", cases, forecasts)
    said = np.array([each.survival for each in forecasts])
    came = np.array([case.happened.passed for case in cases])
    sure = said >= SURE
    return FirstLook(
        parameters=len(PARAMETERS) - len(AFTER_A_LOOK),
        added=AFTER_A_LOOK,
        cases=len(cases),
        outcome=float(scored.outcome.mean()),
        members=float(scored.members.mean()),
        sure=int(sure.sum()),
        said=float(said[sure].mean()) if sure.any() else 0.0,
        came=float(came[sure].mean()) if sure.any() else 0.0,
    )


@dataclass(frozen=True)
class Validation:
    """How well the tool does on decisions whose outcome is known.

    contests: on all cases first, then on parts of them. reply: the check in sample.
    """

    verdicts: tuple[Verdict, ...]
    contests: Mapping[str, Contest]
    history: History
    reply: Reply
    worlds: int
    seed: int

    @property
    def whole(self) -> Contest:
        """The contest on all cases."""
        return self.contests["all"]

    @property
    def first_look(self) -> FirstLook:
        """How the forecasts do without the parameters that were added after a look."""
        return first_look(self.history.before)

    @property
    def right(self) -> int:
        """How many outcomes were said rightly."""
        return sum(verdict.right for verdict in self.verdicts)

    @cached_property
    def _members(self) -> tuple[Reals, Bools]:
        """Of all members that count: how likely each was said to block, and whether it did."""
        rows = [(row.forecast.objects, row.case.blocked, row.case.counted) for row in self.verdicts]
        said = np.concatenate([objects[counted] for objects, _, counted in rows])
        return said, np.concatenate([blocked[counted] for _, blocked, counted in rows])

    @property
    def hits(self) -> Hits:
        """Blockers named at one half and above, over all cases."""
        return scores.hits(*self._members)

    @property
    def weighted_hits(self) -> Hits:
        """The same, everybody named as far as the probability goes."""
        return scores.weighted_hits(*self._members)

    @property
    def outcome_reliability(self) -> tuple[Bin, ...]:
        """What was said of outcomes, against how often things passed."""
        said = np.array([row.forecast.survival for row in self.verdicts])
        came = np.array([row.case.happened.passed for row in self.verdicts])
        return scores.reliability(said, came, OUTCOME_BINS)

    @property
    def member_reliability(self) -> tuple[Bin, ...]:
        """What was said of members, against how often they blocked."""
        return scores.reliability(*self._members, MEMBER_BINS)

    @property
    def fitted(self) -> tuple[Fitted, ...]:
        """The shared parameters."""
        widths = scores.jackknife(self.history.standings).tolist()
        return tuple(
            Fitted(row, row.value(place), row.range(0), row.range(place, width))
            for row, place, width in zip(PARAMETERS, self.history.whole.standing, widths)
        )

    def as_json(self) -> dict[str, Any]:
        """The validation as JSON sees it; fields are only ever added to schema 1."""
        return {
            "schema": 1,
            "seed": self.seed,
            "worlds": self.worlds,
            "versions": versions(),
            "right": self.right,
            "contests": {key: _contest_json(each) for key, each in self.contests.items()},
            "blockers": {"at_half": _hits(self.hits), "weighted": _hits(self.weighted_hits)},
            "reliability": {
                "outcome": [_bin(row) for row in self.outcome_reliability],
                "members": [_bin(row) for row in self.member_reliability],
            },
            "parameters": [_fitted(row) for row in self.fitted],
            "cases": [row.as_json() for row in self.verdicts],
            "reply": self.reply.as_json(),
            "first_look": vars(self.first_look),
        }


def _contest_json(contest: Contest) -> dict[str, Any]:
    rows = [
        vars(row)
        | {key: value and vars(value) for key, value in vars(row).items() if "difference" in key}
        for row in contest.rows
    ]
    return {"label": contest.label, "cases": contest.cases, "rows": rows}


def _hits(hits: Hits) -> dict[str, Any]:
    return vars(hits) | {"precision": hits.precision, "recall": hits.recall}


def _bin(row: Bin) -> dict[str, Any]:
    return vars(row) | {"share": row.share}


def _fitted(row: Fitted) -> dict[str, Any]:
    return {
        "name": row.parameter.name,
        "label": row.parameter.label,
        "unit": row.parameter.unit,
        "value": row.value,
        "band": row.band,
        "centre": row.parameter.centre,
        "prior": row.prior,
        "judgement": row.parameter.judgement,
        "after_a_look": row.parameter.name in AFTER_A_LOOK,
    }


def known_cases() -> list[Case]:
    """The decisions that come with oneveto, each with what happened."""
    scenarios = map(load, precedents())
    return [Case(each, each.happened) for each in scenarios if each.happened]


def validate(
    cases: Sequence[Case] | None = None,
    *,
    worlds: int = WORLDS_EACH,
    seed: int = 0,
    workers: int = 1,
    points: int = POINTS,
    draws: int = DRAWS,
    progress: Progress | None = None,
) -> Validation:
    """Forecast every decision whose outcome is known, from the others, and score that.

    The same numbers at every number of workers. `points` is where the model is asked for the fits,
    `draws` how often the stakes of the check in sample are multiplied. `progress` is told how many of
    how many points are done.

    Raises RequestError with fewer than three cases and for numbers out of range.
    """
    cases = known_cases() if cases is None else list(cases)
    if len(cases) < 3:
        raise RequestError(
            f"it takes three decisions whose outcome is known to learn from them; found: {len(cases)}"
        )
    history = learn(
        cases,
        count=worlds,
        seed=checked_seed(seed),
        workers=workers,
        points=points,
        progress=progress,
    )
    told = [row.forecast.held for row in history.left_out]
    verdicts = [
        Verdict(row.case, forecast, row.fit.values) for row, forecast in zip(history.left_out, told)
    ]
    contenders = [
        contender(MODEL, "oneveto, fitted to the others", cases, told),
        *(
            contender(rival.name, rival.label, cases, _held(naive.forecasts(rival, cases)))
            for rival in naive.RIVALS
        ),
        contender(UNFITTED, "oneveto without any fit", cases, _held(history.unfitted)),
        contender(
            SHIPPED,
            "oneveto as it ships (in sample)",
            cases,
            _held(as_shipped(cases, worlds, seed)),
        ),
    ]
    contests = {
        key: contest(label, key, contenders, among, seed)
        for key, (label, wanted) in PARTS.items()
        if (among := np.array([wanted(case) for case in cases])).any()
    }
    return Validation(
        verdicts=tuple(verdicts),
        contests=contests,
        history=history,
        reply=reply(seed=seed, draws=draws),
        worlds=worlds,
        seed=seed,
    )


def _held(told: Iterable[Forecast]) -> list[Forecast]:
    """Nobody is surer than the model may be."""
    return [forecast.held for forecast in told]


def as_shipped(cases: Sequence[Case], count: int, seed: int) -> list[Forecast]:
    """What the model says with the numbers that the flagship has now; the others as judged.

    In sample: its spread was fitted to these very cases.
    """
    ships = load(FLAGSHIP)
    prior = {row.name: row for row in PARAMETERS}
    values = asked(PRIOR) | {
        RESOLVE: middle_resolve(ships) / prior[RESOLVE].base,
        COHESION: ships.assumptions.cohesion.value,
        SPREAD: ships.assumptions.spread.factor.value,
    }
    return [Hearing(case.scenario, count=count, seed=seed).forecast(values) for case in cases]


PARTS: Mapping[str, tuple[str, Callable[[Case], bool]]] = {
    "all": ("all cases", lambda case: True),
    "data": ("where the members' data alone must tell", lambda case: case.happened.basis == "data"),
    "matter": (
        "where a matter of a member's own is written down",
        lambda case: case.happened.basis == "matter",
    ),
    "table": ("without the added cases", lambda case: not case.added),
}
"""On which cases the contest is held, in words."""
