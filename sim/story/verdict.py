"""What a run says: what survives, who kills the rest."""

from __future__ import annotations

from typing import Any

from sim import rules
from sim.outcome import Outcome
from sim.scenario import Scenario, unchanged, value_at
from sim.story.words import CENTRE, FEW, counted, listed, member_name, percent


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
    before = unchanged(scenario) if scenario.changes else scenario
    return [
        f"Changed: {address} = {_value(value)}{_was(before, address)}"
        for address, value in scenario.changes.items()
        if address not in ("rule", "rule.name")
    ]


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


def _narrowest(outcome: Outcome) -> str:
    """The clause that most support and fewest kill: one veto is enough."""
    measures = outcome.measures()
    members = len(outcome.scenario.seats)
    fallen = [
        row
        for name, row in measures.items()
        if name != "treaty" and row["survival"] < 0.5 and row["supporters"] > members / 2
    ]
    if not fallen:
        return ""
    row = max(fallen, key=lambda row: (row["supporters"], row["id"]))
    support = f"{row['supporters']:.0f} of {members} members support {row['id']}"
    falls = f"it falls in {percent(1 - row['survival'])} of worlds"
    if outcome.seed is None:
        falls = "it falls"
    else:
        support += " on average"
    return f"{support}, yet {falls}{_blame(outcome, row)}."


def _blame(outcome: Outcome, row: dict[str, Any]) -> str:
    """Who kills a clause, as the end of a sentence; nothing where those are too many to name."""
    who = [member_name(outcome.scenario, iso) for iso in killers(outcome, row)]
    if not 0 < len(who) <= FEW:
        return ""
    verb = "kills it" if len(who) == 1 else "kill it"
    return f"; {listed(who)} {verb}{'' if outcome.seed is None else ' most often'}"


def _lacks_support(outcome: Outcome, row: dict[str, Any]) -> bool:
    """Whether a clause falls for want of support, not by objections, where support counts."""
    outvoted = row["objectors"] > row["supporters"] and row["survival"] < 0.5
    return not silence_is_consent(outcome.scenario) and not outvoted


def killers(outcome: Outcome, row: dict[str, Any]) -> list[str]:
    """Members that object in more than half of the worlds in which the clause falls.

    Nobody where it falls for want of support.
    """
    if _lacks_support(outcome, row):
        return []
    fallen = 1 - row["survival"]
    return [iso for iso, share in row["blockers"].items() if share > fallen / 2]


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
