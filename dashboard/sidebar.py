"""What can be changed, in plain words: the side bar, which is the same on every page."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

import streamlit as st

from dashboard import folds, results
from dashboard.controls import Desk
from dashboard.question import Question
from sim import belief
from sim import scenario as files
from sim.analysis.dials import ELSEWHERE
from sim.scenario import CONCEDED, HELD_FIRM, TYPES
from sim.story import KINDS, rule_meaning, rule_title

PROCESSES = {
    "clauses": "Clause by clause",
    "package": "One package, all or nothing",
    "steps": "In steps, each tests the word",
}


def show(desk: Desk, question: Question) -> None:
    """All sections; the first is open."""
    doubted = not desk.current.at_its_word
    sections: dict[str, Callable[[Desk, Question], None]] = {
        "Suggested what-ifs": suggested,
        **({"Trust and motives": motives} if doubted else {}),
        "Evidence and opening" if desk.original.evidence and doubted else "Opening": evidence,
        "Rule and consultation": rule,
        "Who sits at the table": table,
        "How it is negotiated": process,
        f"The clause {question.clause}": clause,
        f"The member {question.member}": member,
    }
    for title, section in sections.items():
        content, first = partial(section, desk, question), section is suggested
        folds.section(title, section.__name__, content, expanded=first)


def suggested(desk: Desk, _: Question) -> None:
    """The levers of the scenario, each on or off."""
    if not desk.original.levers:
        st.caption("This scenario suggests none.")
    for name, lever in desk.original.levers.items():
        changes = lever.set
        as_now, as_read = files.says(desk.current, changes), files.says(desk.original, changes)
        desk.switch(
            f"lever {name}",
            lever.title,
            as_now,
            lambda on, changes=changes: changes if on else dict.fromkeys(changes),
            files.spelled(changes) + ("; so it is in the file of this scenario" if as_read else ""),
            disabled=as_now and as_read,
        )


def motives(desk: Desk, _: Question) -> None:
    """What members think of the proposer, and what it is in truth."""
    proposer = desk.original.proposer.name
    desk.slider(
        "assumptions.trust",
        "Trust, shifted for every member (log-odds)",
        (-2.0, 2.0, 0.25),
        "0 is the trust of the day. Every 0.7 to the right doubles the odds, in every member's eyes, "
        f"that {proposer} is a security seeker: one that wants to be safe and keeps a bargain that "
        "makes it so, not one that wants more, or only a refusal to point at.",
    )
    desk.slider(
        "assumptions.pretext",
        "If no security seeker, a pretext seeker with (chance)",
        (0.0, 1.0, 0.05),
        "A pretext seeker wants the refusal and breaks its word soonest; an expansionist wants more.",
    )
    desk.choice(
        "proposer.true_type",
        f"What {proposer} is in truth",
        TYPES,
        dict(zip(TYPES, KINDS)),
        "Members do not know it. It decides how far it comes down and whether it keeps its word.",
    )


def evidence(desk: Desk, _: Question) -> None:
    """What has been seen, and how the proposer opened."""
    shown = {} if desk.current.at_its_word else desk.original.evidence
    for name, item in shown.items():
        if name in ELSEWHERE or item.complement_of:
            continue
        usual = item.count or 1.0
        desk.switch(
            f"evidence {name}",
            item.title,
            desk.current.evidence[name].count > 0,
            lambda on, name=name, usual=usual: {f"evidence.{name}": usual if on else 0.0},
            "Seen, or not seen. What members make of it is a judgement; About says which.",
        )
    desk.dial(
        "opening",
        "Opening (share of the draft)",
        desk.current.proposer.opening,
        (0.05, 1.0, 0.05),
        "1 asks for everything, .6 is moderate. What members read into a maximal demand moves with it.",
        lambda share: files.opening(desk.original, share),
    )
    desk.dial(
        "publicity",
        "Publicity (0 private, 1 public)",
        desk.current.proposer.publicity,
        (0.0, 1.0, 0.25),
        "Who has asked in public loses face by coming down, and is read as wanting to be refused.",
        lambda public: files.publicity(desk.original, public),
    )


def rule(desk: Desk, _: Question) -> None:
    """How stances become a decision, and how members move each other."""
    scenario, name = desk.current, desk.current.rule.name
    seats = scenario.seats
    known = files.rules_of(scenario)
    few = next(rule for rule in [name, *known] if rule.startswith("only:"))
    words = {rule: rule_title(scenario, rule) for rule in known} | {few: "Only some have a say"}
    desk.choice("rule", "Rule", known, words, rule_meaning(scenario, name))
    if name.startswith("only:"):
        desk.several(
            "only",
            "Who has a say",
            list(seats),
            name.removeprefix("only:").split(","),
            lambda who: {"rule": f"only:{','.join(who)}" if who else None},
            lambda iso: seats[iso].name or iso,
            "The others are not asked and not heard.",
        )
    desk.slider(
        "assumptions.cohesion",
        "Cohesion (0 each for itself, 1 the others' view)",
        (0.0, 1.0, 0.02),
        "How far members move towards those they consult; Why shows where the verdict tips.",
    )
    desk.slider(
        "process.consultations",
        "Exchanges before they speak (times)",
        (0, 6, 1),
        "How often members hear each other out.",
    )
    resolves = [member.resolve.value for member in seats.values()]
    least, most = min(resolves), max(resolves)
    desk.dial(
        "resolve",
        "Resolve of every member (weight units)",
        files.middle_resolve(scenario),
        (0.0, 0.3, 0.005),
        "The harm that a member swallows before it breaks the silence, and what it must gain to "
        "support.",
        lambda harm: {"members.*.resolve": harm},
    )
    if least < most:
        st.caption(
            f"Members differ, from {least:.3g} to {most:.3g}; this is the middle one. "
            "Turned, it is every member's."
        )


def table(desk: Desk, question: Question) -> None:
    """Who is a member."""
    roster = desk.original.members.roster
    if roster:
        years = results.rosters(roster)
        desk.choice("members.roster", "Roster", list(years), years, "Members, with their numbers.")
    names = results.names(question.what_if.name, desk.current.members.roster)
    desk.several(
        "drop",
        "Not at the table",
        list(names),
        list(desk.current.members.drop),
        lambda who: {"members.drop": who},
        lambda iso: names[iso],
        "Take members away and see whether somebody else would have vetoed.",
    )


def process(desk: Desk, _: Question) -> None:
    """How the clauses are negotiated."""
    original = desk.original
    kinds = [kind for kind in PROCESSES if kind != "steps" or original.process.stages]
    desk.choice("process.kind", "Process", kinds, PROCESSES, "How the clauses hang together.")
    desk.slider(
        "process.rounds",
        "Rounds",
        (1, 12, 1),
        "Blocked clauses come back at lower levels, as far as the proposer comes down.",
    )
    items = [name for name in original.evidence if name not in (CONCEDED, HELD_FIRM)]
    desk.choice(
        "process.condition",
        "Binding only if it comes true",
        items if original.process.condition else ["", *items],
        {"": "No condition"} | {name: original.evidence[name].title for name in items},
        "Then everything weighs as much as that is likely, and trust is the trust after it.",
    )
    desk.slider(
        "proposer.budget",
        "Side payments (weight units)",
        (0.0, 5.0, 0.1),
        "With what the proposer can buy silence, the cheapest clauses first.",
    )
    desk.slider(
        "assumptions.logroll",
        "In a package, good clauses pay for bad ones (share)",
        (0.0, 1.0, 0.05),
        "0: good clauses never pay for bad ones; 1: members add everything up.",
    )


def clause(desk: Desk, question: Question) -> None:
    """The level and the coded stakes of the chosen clause."""
    at, row = f"clauses.{question.clause}", desk.original.clauses[question.clause]
    if row.least == 1:
        st.caption("All or nothing: a lower level would be the status quo in other words.")
    else:
        _level(desk, at, row.least)
    if desk.original.spatial:
        _scale(desk, at)
        return
    st.caption("The coded stakes: a judgement, so change it. At level 1, in weight units.")
    for kind in ("gain", "cost"):
        _numbers(desk, f"{at}.{kind}", f"{kind.title()} in")


def _level(desk: Desk, at: str, least: float) -> None:
    desk.slider(
        f"{at}.level",
        "Level (share of the text)",
        (least, 1.0, 0.05),
        f"1 is as drafted. Below {least:g} it would be the status quo in other words.",
    )


def _scale(desk: Desk, at: str) -> None:
    """Where things stand without an agreement, and where the text would bring them."""
    scale = desk.original.clauses[at.removeprefix("clauses.")].scale
    ends = (float(scale.low), float(scale.high), _fine(scale))
    st.caption(f"A scale from {scale.low:g} to {scale.high:g}.")
    without, text = "Where things stand without an agreement.", "Where the text would bring them."
    desk.slider(f"{at}.scale.status_quo", "Status quo", ends, without)
    desk.slider(f"{at}.scale.tabled", "Tabled text", ends, text)


def _fine(scale: files.Scale) -> float:
    """A step of about a hundredth of a scale: 1, 2 or 5 times a power of ten."""
    rough = (scale.high - scale.low) / 100
    power = 10.0 ** math.floor(math.log10(rough))
    return next(times * power for times in (1, 2, 5, 10) if times * power >= rough * (1 - 1e-9))


def member(desk: Desk, question: Question) -> None:
    """Trust, resolve, weights and exposures of the chosen member; or where it stands."""
    at = f"members.{question.member}"
    if not desk.original.spatial:
        _trust(desk, at)
    desk.slider(
        f"{at}.resolve",
        "Resolve (weight units)",
        (0.0, 0.3, 0.005),
        "How bad it must be before it breaks the silence.",
    )
    if desk.original.spatial:
        _stands(desk, at)
        return
    for kind in ("weight", "exposure"):
        _numbers(desk, f"{at}.{kind}", f"{kind.title()}:")


def _stands(desk: Desk, at: str) -> None:
    """Where the member stands on every clause, and how much it cares."""
    for name, row in desk.original.clauses.items():
        ends = (float(row.scale.low), float(row.scale.high), _fine(row.scale))
        desk.slider(
            f"{at}.ideal.{name}", f"Ideal point: {row.title}", ends, "What it would like best."
        )
        cares = "How much it cares: how sharply it loses by what lies further from that."
        desk.slider(f"{at}.weight.{name}", f"Salience: {row.title}", (0.0, 1.0, 0.01), cares)


def _trust(desk: Desk, at: str) -> None:
    """Nothing to turn where the proposer is taken at its word."""
    if desk.current.at_its_word:
        st.caption("The proposer is taken at its word: everybody's trust is 1.")
        return
    low, high = belief.bounds(desk.current.keep, desk.current.assumptions.pretext.value)
    desk.slider(
        f"{at}.trust",
        "Trust (chance that the word is kept)",
        _inside(low, high),
        f"Between {low:.2f} (surely no security seeker) and {high:.2f} (surely one).",
    )


def _inside(low: float, high: float) -> tuple[float, float, float]:
    """First and last hundredth between two numbers, neither of them itself, and the step."""
    first, last = math.floor(round(low * 100, 9)) + 1, math.ceil(round(high * 100, 9)) - 1
    return first / 100, last / 100, 0.01


def _numbers(desk: Desk, at: str, label: str) -> None:
    """A slider for every interest."""
    for name, interest in desk.original.interests.items():
        title = f"{label} {interest.title}"
        desk.slider(f"{at}.{name}", title, (0.0, 2.0, 0.01), interest.title)
