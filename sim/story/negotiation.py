"""How a treaty is negotiated, and one world round by round."""

from __future__ import annotations

from sim.replay import Replay, Round
from sim.scenario import TYPES, Scenario
from sim.story.words import FEW, KINDS, counted, listed, member_name, percent, proposer_name


def bargained(scenario: Scenario) -> bool:
    """Whether more can happen than one verdict on each clause."""
    process, proposer = scenario.process, scenario.proposer
    plain = process.rounds == 1 and process.kind == "clauses" and process.condition is None
    return not plain or proposer.budget > 0 or proposer.opening < 1


def manner(scenario: Scenario) -> str:
    """How the treaty is negotiated, where that is more than one verdict on each clause."""
    process, proposer = scenario.process, scenario.proposer
    kinds = {"clauses": "clause by clause", "package": "as one package", "steps": "in steps"}
    words = [kinds[process.kind], counted(process.rounds, "round")]
    kind = dict(zip(TYPES, KINDS))[proposer.true_type]
    words += [] if scenario.at_its_word else [f"{proposer_name(scenario)} is {kind}"]
    words += [f"binding only if {process.condition}"] if process.condition else []
    return "Negotiated " + " · ".join(words)


def stage_title(replay: Replay, number: int) -> str:
    """What a stage is called; nothing where there is only one."""
    stages = replay.scenario.stages
    if len(stages) == 1:
        return ""
    title = stages[number - 1].title
    return f"Step {number} of {len(stages)}" + (f": {title}" if title else "")


def on_the_table(replay: Replay, row: Round) -> str:
    """What the proposer puts on the table in a round."""
    bundle = " as one package" if _is_bundle(replay, row) else ""
    levels = sorted(set(row.level.values()))
    at = " in full" if levels == [1.0] else f", {_levels(levels)} of the text"
    return f"On the table: {counted(len(row.level), 'clause')}{bundle}{at}."


def _is_bundle(replay: Replay, row: Round) -> bool:
    return replay.scenario.stages[row.stage - 1].kind == "package"


def _levels(levels: list[float]) -> str:
    low, high = f"{levels[0]:.2f}", f"{levels[-1]:.2f}"
    return low if low == high else f"{low} to {high}"


def blocked(replay: Replay, row: Round) -> list[tuple[str, str]]:
    """Clauses that fell in a round, those together on which the same members broke the silence."""
    fell = [name for name in row.level if name not in row.adopted]
    together: dict[tuple[str, ...], list[str]] = {}
    for name in fell:
        together.setdefault(row.objectors[name], []).append(name)
    if _is_bundle(replay, row):
        together = {who: ["the package"] for who in together}
    return [
        (", ".join(names), _breakers(who, len(replay.scenario.seats), replay.scenario))
        if who or not _hanging(replay, names)
        else (", ".join(names), "falls with what it hangs on")
        for who, names in together.items()
    ]


def _hanging(replay: Replay, names: list[str]) -> bool:
    clauses = replay.scenario.clauses
    return all(name in clauses and clauses[name].tabled_with for name in names)


def _breakers(who: tuple[str, ...], members: int, scenario: Scenario) -> str:
    if not who:
        return "too little support"
    if len(who) == members:
        return f"all {members} break the silence"
    if len(who) > FEW:
        return f"{len(who)} of {members} break the silence"
    names = listed(member_name(scenario, iso) for iso in who)
    return f"{names} {'breaks' if len(who) == 1 else 'break'} the silence"


def beliefs(replay: Replay, row: Round) -> str:
    """What members believe, on average, and who trusts least and most."""
    if replay.scenario.at_its_word:
        return f"Everybody takes {proposer_name(replay.scenario)} at its word."
    parts = [f"{percent(share)} {kind}" for share, kind in zip(row.mean_belief, KINDS)]
    low, high = min(row.trust, key=row.trust.__getitem__), max(row.trust, key=row.trust.__getitem__)
    spread = f"{percent(row.trust[low])} ({member_name(replay.scenario, low)})"
    top = f"{percent(row.trust[high])} ({member_name(replay.scenario, high)})"
    return (
        f"On average members believe that {proposer_name(replay.scenario)} is: {listed(parts)}. "
        f"Trust that it keeps its word runs from {spread} to {top}."
    )


def ending(replay: Replay) -> str:
    """How a negotiation ended."""
    scenario, total = replay.scenario, len(replay.scenario.clauses)
    proposer = scenario.proposer.name
    sentences = []
    if replay.bought:
        sentences.append(f"Side payments buy silence on {listed(replay.bought)}.")
    if replay.withdrawn:
        sentences.append(
            f"{proposer} will not take a part for the whole and withdraws "
            f"{listed(replay.withdrawn)}."
        )
    stands = [
        name if level == scenario.clauses[name].level else f"{name} at {level:.2f}"
        for name, level in replay.adopted.items()
    ]
    verb = "stands" if len(stands) == 1 else "stand"
    sentences.append(
        f"{len(stands)} of {counted(total, 'clause')} {verb}: {listed(stands)}."
        if stands
        else f"None of {counted(total, 'clause')} stands."
        if total > 1
        else "The one clause there is falls."
    )
    if replay.come is not None and replay.adopted:
        item = scenario.evidence[str(scenario.process.condition)].title
        comes = "comes true" if replay.come else "does not come true, so that nothing binds"
        sentences.append(f"The condition ({item}) {comes}.")
    if len(scenario.stages) == 1:
        sentences.append(kept_word(replay, 1))
    return " ".join(sentence for sentence in sentences if sentence)


def kept_word(replay: Replay, stage: int) -> str:
    """Whether the proposer kept its word after a stage; nothing where nothing bound it."""
    if not replay.adopted or replay.come is False or stage not in replay.kept:
        return ""
    keeps = "keeps" if replay.kept[stage] else "breaks"
    on = "" if len(replay.scenario.stages) == 1 else f" on step {stage}"
    return f"{replay.scenario.proposer.name} {keeps} its word{on}."
