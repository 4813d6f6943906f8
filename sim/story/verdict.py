"""What a run says: what survives, who kills the rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sim import rules
from sim.analysis.rescue import Rescue
from sim.outcome import Outcome, usual_blockers
from sim.scenario import Number, Scenario, unchanged, value_at
from sim.story.words import (
    CENTRE,
    FEW,
    counted,
    listed,
    member_name,
    part,
    percent,
    proposer_name,
    rule_title,
)


def setting(outcome: Outcome) -> str:
    """Under which rule, among whom, in which worlds."""
    return scene(outcome.scenario, outcome.scenario.rule.name, played(outcome))


def scene(scenario: Scenario, rule: str, where: str) -> str:
    """The rule, the members, and the worlds or the world that were played."""
    return f"Rule: {rule} · {counted(len(scenario.seats), 'member')} · {where}"


def played(outcome: Outcome) -> str:
    """The worlds of an outcome."""
    if outcome.seed is None:
        return CENTRE
    return f"{counted(outcome.worlds, 'world')}, seed {outcome.seed}"


def changed(scenario: Scenario) -> list[str]:
    """What differs from the file, one sentence each; the rule is named in the setting."""
    return [
        f"Changed: {change}"
        for address, change in changes(scenario).items()
        if address not in ("rule", "rule.name")
    ]


def changes(scenario: Scenario) -> dict[str, str]:
    """What differs from the file, and what was there, by address."""
    before = unchanged(scenario) if scenario.changes else scenario
    return {
        address: f"{address} = {_value(value)}{_was(before, address)}"
        for address, value in scenario.changes.items()
    }


def _value(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.9g}" if isinstance(value, float) else str(value)


def _was(before: Scenario, address: str) -> str:
    """The number that was there, if it was one."""
    old = value_at(before, address)
    return f" (was {_value(old)})" if isinstance(old, int | float) else ""


def binding(outcome: Outcome) -> str:
    """Whom what is in force would bind, under a rule that binds its supporters only."""
    if outcome.scenario.rule.name != "entry-into-force":
        return ""
    bound = {
        row["id"]: sum(row["bound"].values()) / row["survival"]
        for name, row in outcome.measures().items()
        if name != "treaty" and row["survival"] >= 0.5
    }
    members = len(outcome.scenario.seats)
    parts = [f"{name} {count:.0f}" for name, count in bound.items()]
    return f"In force, a clause binds those who support it, of {members}: {listed(parts)}."


def silence_is_consent(scenario: Scenario) -> bool:
    """Whether a clause stands under the scenario's rule while nobody objects."""
    return rules.named(scenario.rule.name, scenario.table).tolerates is not None


def headline(outcome: Outcome) -> str:
    """What the run says, in two or three sentences."""
    sentences = [_survivors(outcome), _treaty(outcome), _narrowest(outcome)]
    return " ".join(sentence for sentence in sentences if sentence)


def _survivors(outcome: Outcome) -> str:
    total = len(outcome.survival)
    alive = [name for name, share in outcome.survival.items() if share >= 0.5]
    where = "" if outcome.seed is None else " in most worlds"
    if not alive and total == 1:
        return f"The one clause there is does not survive{where}."
    if not alive:
        return f"None of {counted(total, 'clause')} survives{where}."
    which = f": {listed(alive)}" if len(alive) <= FEW else ""
    verb = "survives" if len(alive) == 1 else "survive"
    return f"{len(alive)} of {counted(total, 'clause')} {verb}{where}{which}."


def _treaty(outcome: Outcome) -> str:
    survival = outcome.share(outcome.tally.treaty)
    if outcome.seed is None:
        return f"The treaty as a whole {'survives' if survival else 'does not'}."
    if survival == 0:
        return "The treaty as a whole survives in none."
    return f"The treaty as a whole survives in {percent(survival)}."


@dataclass(frozen=True)
class Voices:
    """How many have a say on a clause, and how many of them support it or object, on average."""

    members: int
    support: float
    object: float


def voices(outcome: Outcome, clause: str) -> Voices:
    """What those who have a say do on a clause."""
    scenario, tally = outcome.scenario, outcome.tally
    heard = rules.named(scenario.rule.name, scenario.table).present(len(scenario.seats))
    column = list(scenario.clauses).index(clause)
    supports, objects = tally.supports[heard, column].sum(), tally.objects[heard, column].sum()
    return Voices(int(heard.sum()), outcome.share(int(supports)), outcome.share(int(objects)))


def narrowest(outcome: Outcome) -> dict[str, Any] | None:
    """The fallen clause that most members support, where more than half do: one veto is enough."""
    fallen = []
    for name, row in outcome.measures().items():
        if name != "treaty" and row["survival"] < 0.5:
            said = voices(outcome, name)
            if said.support > said.members / 2:
                fallen.append((said.support, name, row))
    return max(fallen)[-1] if fallen else None


def telling(outcome: Outcome) -> str:
    """The clause to look at first: the narrowest, else the first that falls, else the first."""
    row = narrowest(outcome)
    if row is not None:
        return str(row["id"])
    fallen = (name for name, share in outcome.survival.items() if share < 0.5)
    return next(fallen, next(iter(outcome.survival)))


def _narrowest(outcome: Outcome) -> str:
    row = narrowest(outcome)
    if row is None:
        return ""
    said = voices(outcome, row["id"])
    support = (
        f"{said.support:.0f} of {counted(said.members, 'member')}{_say(outcome, said)} support"
    )
    if outcome.seed is None:
        return f"{support} {row['id']}, yet it falls{_blame(outcome, row)}."
    falls = f"it falls in {percent(1 - row['survival'])} of worlds"
    return f"{support} {row['id']} on average, yet {falls}{_blame(outcome, row)}."


def _say(outcome: Outcome, said: Voices) -> str:
    return " with a say" if said.members < len(outcome.scenario.seats) else ""


def _blame(outcome: Outcome, row: dict[str, Any]) -> str:
    """Who kills a clause, as the end of a sentence; nothing where those are too many to name."""
    who = [member_name(outcome.scenario, iso) for iso in killers(outcome, row)]
    if not 0 < len(who) <= FEW:
        return ""
    verb = "kills it" if len(who) == 1 else "kill it"
    return f"; {listed(who)} {verb}{'' if outcome.seed is None else ' most often'}"


def fate(outcome: Outcome, clause: str) -> str:
    """What becomes of one clause, and because of whom, in two sentences."""
    row, said = outcome.measures()[clause], voices(outcome, clause)
    survives = f"Survives in {percent(row['survival'])} of worlds{_as_tabled(row)}"
    if outcome.seed is None:
        survives = "Survives" if row["survival"] else "Falls"
    support = (
        f"{said.support:.0f} of {counted(said.members, 'member')}{_say(outcome, said)} support it, "
        f"{said.object:.0f} {'breaks' if round(said.object) == 1 else 'break'} the silence"
    )
    average = "" if outcome.seed is None else " on average"
    blame = _blame(outcome, row) if row["survival"] < 1 else ""
    return f"{survives}. {support}{average}{blame}. {taken_away(outcome, row)}".rstrip()


def taken_away(outcome: Outcome, row: dict[str, Any]) -> str:
    """How often the proposer takes a clause back; nothing where it never does."""
    if not row["withdrawn"]:
        return ""
    share, who = percent(row["withdrawn"]), proposer_name(outcome.scenario)
    return f"In {share} {who} takes it back, since the rest has fallen."


def _as_tabled(row: dict[str, Any]) -> str:
    if not row["survival"]:
        return ""
    if row["as_tabled"] == row["survival"]:
        return ", as tabled"
    return f", as tabled in {percent(row['as_tabled'])}"


def saved(found: Rescue, scenario: Scenario) -> str:
    """What would save a clause, in one sentence."""
    if found.survival >= 0.5:
        return "It needs no saving in most worlds."
    ways = list(_ways(found, scenario))
    if ways:
        return f"What would save it: {'; '.join(ways)}."
    if found.all_or_nothing:
        name = proposer_name(scenario)
        why = f"{name} takes back a part when the rest has fallen"
        return f"What would save it? Nothing by itself: {why}."
    return "What would save it? Nothing here: no lower level, no other rule, too many against it."


def _ways(found: Rescue, scenario: Scenario) -> Iterator[str]:
    if 0 < len(found.killers) <= FEW:
        who = listed(member_name(scenario, iso) for iso in found.killers)
        yield f"{who} keeping silent (then it stands in {percent(found.silenced)} of worlds)"
    if found.ceiling is not None:
        yield f"watering it down: {part(found.ceiling)} stands in half of the worlds"
    if found.cohesion is not None:
        yield (
            "closer consultation: in the central world the last veto falls silent at cohesion "
            f"{found.cohesion:.2f}"
        )
    if found.rules:
        names = (rule_title(scenario, rule).lower() for rule in found.rules)
        yield f"another rule: {' or '.join(names)}"


def rests_on(outcome: Outcome) -> str:
    """How much of the verdict hangs on judgements rather than data, in one sentence."""
    grounds = _grounds(outcome.scenario)
    judged, total = sum(grounds), len(grounds)
    if outcome.scenario.spatial:
        return (
            "Positions and saliences are as the scenario says them; the status quo, how bad a text must "
            "be for an objection and how far members move each other are judgements."
        )
    how_many = f"All {total}" if judged == total else f"{judged} of {total}"
    roster = outcome.scenario.members.roster
    members = ", and so is what makes members' numbers from facts" if roster else ""
    sentence = f"{how_many} stakes, likelihoods and assumptions are judgements{members}"
    if outcome.seed is None:
        return f"{sentence}; here all stand at their central values."
    shares = outcome.survival
    open_ = [name for name, share in shares.items() if 0.05 < share < 0.95]
    settled = (
        f"drawn from their bands they leave {len(shares) - len(open_)} of "
        f"{counted(len(shares), 'clause')} with the same end in 95 % of worlds or more"
    )
    hang = f"; {listed(open_)} {'hangs' if len(open_) == 1 else 'hang'} on them"
    return f"{sentence}; {settled}{hang if 0 < len(open_) <= FEW else ''}."


def _grounds(scenario: Scenario) -> list[bool]:
    """Of every stake, likelihood and assumption, whether it is a judgement."""
    found = []
    for clause in scenario.clauses.values():
        stakes = (*clause.gain.values(), *clause.cost.values())
        found += [not clause.source or bool(clause.judgement) for stake in stakes if stake.value]
    for item in scenario.evidence.values():
        found += [not item.source or bool(item.judgement)] * len(item.likelihood or ())
    tables = (scenario.assumptions, scenario.assumptions.spread, scenario.proposer)
    parts = (scenario.proposer.keep, scenario.proposer.floor)
    for table in (*tables, *parts):
        numbers = [getattr(table, name) for name in type(table).model_fields]
        found += [not row.source for row in numbers if isinstance(row, Number)]
    return found


def _lacks_support(outcome: Outcome, row: dict[str, Any]) -> bool:
    """Whether a clause falls for want of support, not by objections, where support counts."""
    outvoted = row["objectors"] > row["supporters"] or row["price"]["p50"] is not None
    return not silence_is_consent(outcome.scenario) and not (outvoted and row["survival"] < 0.5)


def killers(outcome: Outcome, row: dict[str, Any]) -> list[str]:
    """Members that object in more than half of the worlds in which the clause falls.

    Nobody where it falls for want of support.
    """
    if _lacks_support(outcome, row):
        return []
    return usual_blockers(row)


def killed_by(outcome: Outcome, row: dict[str, Any]) -> str:
    """Who kills a clause, short enough for a table."""
    if row["survival"] == 1:
        return "nobody"
    if row["withdrawn"] > (1 - row["survival"]) / 2:
        return "taken back"
    if _lacks_support(outcome, row):
        return "too little support"
    who, members = killers(outcome, row), len(outcome.scenario.seats)
    if len(who) == members and members > 1:
        return f"all {members}"
    if len(who) > 5:
        return f"{len(who)} of {members}"
    if who:
        return " ".join(sorted(who))
    host = outcome.scenario.clauses[row["id"]].tabled_with
    return "various" if row["blockers"] else f"fall of {host}"
