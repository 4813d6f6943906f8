"""All worlds round by round, three processes side by side, and zones of agreement, in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.analysis.processes import Process
from sim.analysis.rounds import Rounds, Turn
from sim.scenario import Scenario
from sim.story.words import FEW, KINDS, counted, listed, member_name, percent, proposer_name

if TYPE_CHECKING:  # its solver takes a fifth of a second to load
    from sim.analysis.treaty import Treaties, Zone

PROCESS_WORDS = {"clauses": "clause by clause", "package": "as one package", "steps": "in steps"}
"""How a treaty is negotiated, in words."""

TELLING = 0.05
"""A share of worlds that a sentence mentions."""

# All worlds, round by round ----------------------------------------------------------------------


def single_round(scenario: Scenario) -> str:
    """Why there is nothing to follow where every clause is judged once."""
    proposer = proposer_name(scenario)
    if len(scenario.stages) > 1:
        return (
            f"In each step {proposer} tables its text once, take it or leave it: no second round."
        )
    return (
        f"Here {proposer} tables its text once, take it or leave it: one verdict, and no second round "
        "in which to come down."
    )


def gained(found: Rounds) -> str:
    """What the later rounds bring, over all worlds."""
    first, last = _ends(found)
    clauses = list(found.scenario.clauses)
    late = {
        name: (first[place], last[place])
        for place, name in enumerate(clauses)
        if last[place] - first[place] >= TELLING
    }
    if not late:
        return "The later rounds bring next to nothing: what is refused at first is refused to the end."
    names = sorted(late, key=lambda name: late[name][0] - late[name][1])
    told = [f"{name} in {_instead(*late[name])}" for name in names[:3]]
    more = len(names) - len(told)
    rest = f" {counted(more, 'more clause')} {'gains' if more == 1 else 'gain'}." if more else ""
    return (
        f"By the last round more is adopted than after the first: {listed(told)} of worlds.{rest}"
    )


def _instead(before: float, after: float) -> str:
    return f"{percent(after)} instead of {percent(before)}"


def _ends(found: Rounds) -> tuple[list[float], list[float]]:
    """The share of worlds in which each clause is adopted after its first round and after its last."""
    shares = found.adopted
    first = [0.0] * len(found.scenario.clauses)
    for place, name in enumerate(found.scenario.clauses):
        turns = found.of(name)
        first[place] = float(shares[turns[0].place, place]) if turns else 0.0
    return first, shares[-1].tolist()


def taken_back(found: Rounds) -> str:
    """What the proposer withdraws at the end; nothing where it withdraws nothing."""
    share = found.course.withdrawn.max() / found.worlds
    if not share:
        return ""
    where = "in the end" if share == 1 else f"in {percent(share)} of worlds"
    proposer = proposer_name(found.scenario)
    return f"But {where} {proposer} will not take a part for the whole, and takes it back."


def beliefs_moved(found: Rounds) -> str:
    """How the average belief in each type moves from the first round to the last."""
    proposer, turns = proposer_name(found.scenario), found.turns
    if found.scenario.at_its_word:
        return f"Everybody takes {proposer} at its word."
    first, last = (found.mean_belief[turn.place].tolist() for turn in (turns[0], turns[-1]))
    told = [f"{kind} {_moved(before, after)}" for kind, before, after in zip(KINDS, first, last)]
    where = "" if found.worlds == 1 else ", averaged over all worlds"
    return f"Members believe that {proposer} is {'; '.join(told)}{where}."


def _moved(before: float, after: float) -> str:
    one, other = percent(before), percent(after)
    return (
        f"with {one} throughout" if one == other else f"with {one} at first and {other} at the end"
    )


def refusing(found: Rounds, clause: str) -> str:
    """Who still breaks the silence on a clause when it is on the table for the last time."""
    turns = found.of(clause)
    if not turns:
        return f"{clause} never comes to the table: what it hangs on has fallen."
    column = list(found.scenario.clauses).index(clause)
    if not found.course.objects[[turn.place for turn in turns], :, column].any():
        return f"Nobody ever breaks the silence on {clause}."
    first, last = (_objectors(found, turn, column) for turn in (turns[0], turns[-1]))
    stage = found.scenario.stages[turns[0].stage - 1]
    text = f"the package with {clause}" if stage.kind == "package" else clause
    if len(turns) == 1:
        return f"On {text} {_named(found.scenario, first)}."
    return (
        f"On {text}: in round {turns[0].number}, {_named(found.scenario, first)}; in round "
        f"{turns[-1].number}, {_named(found.scenario, last)}."
    )


def _objectors(found: Rounds, turn: Turn, column: int) -> dict[str, float]:
    shares = found.objects[turn.place, :, column].tolist()
    seats = zip(found.scenario.seats, shares)
    pairs = [(iso, share) for iso, share in seats if round(share, 2) >= TELLING]  # as it is shown
    return dict(sorted(pairs, key=lambda pair: -pair[1]))


def _named(scenario: Scenario, who: dict[str, float]) -> str:
    if not who:
        return f"nobody breaks the silence in more than {percent(TELLING)} of worlds"
    low, high = percent(min(who.values())), percent(max(who.values()))
    if len(who) > FEW:
        each = high if low == high else f"{low} to {high}"
        return f"{len(who)} members break the silence, each in {each} of worlds"
    told = [f"{member_name(scenario, iso)} ({percent(share)})" for iso, share in who.items()]
    return f"{listed(told)} {'breaks' if len(who) == 1 else 'break'} the silence"


# Side by side ------------------------------------------------------------------------------------


def side_by_side(found: Sequence[Process]) -> str:
    """Which process gets furthest, and what a step back adds."""
    plain = [process for process in found if not process.back]
    total = len(plain[0].clauses)
    told = [f"{_number(process.stand)} {PROCESS_WORDS[process.kind]}" for process in plain]
    sentence = f"Of {counted(total, 'clause')} this many survive on average: {listed(told)}."
    later = {process.kind: process.stand for process in found if process.back}
    added = [
        f"{_number(later[process.kind] - process.stand, 'nothing')} {PROCESS_WORDS[process.kind]}"
        for process in plain
        if process.kind in later
    ]
    return sentence + (f" A step back would add {listed(added)}." if added else "")


def _number(count: float, nothing: str = "none") -> str:
    """A number of clauses on average; nothing is written out.

    >>> _number(9.52), _number(0.01), _number(-0.2)
    ('9.5', 'none', '−0.2')
    """
    return f"{count:.1f}".replace("-", "−") if abs(count) >= 0.05 else nothing


def no_steps(scenario: Scenario) -> str:
    """Said where a scenario cannot be negotiated in steps; nothing where it can."""
    if scenario.process.stages:
        return ""
    return "This scenario names no stages, so it cannot be negotiated in steps."


# Zones -------------------------------------------------------------------------------------------


def meeting(best: Treaties) -> str:
    """On which clauses proposer and members could meet, and who stands in between on the others."""
    could = [zone for zone in best.zones if not zone.empty]
    apart = [zone for zone in best.zones if zone.empty]
    proposer = proposer_name(best.scenario)
    sentences = [
        f"On {len(could)} of {counted(len(best.zones), 'clause')} {proposer} and the members could meet."
    ]
    if apart:
        sentences.append(
            f"On {_some(apart)} they could not: {_between(best.scenario, apart)} before "
            f"{proposer} would settle."
        )
    return " ".join(sentences)


def _some(apart: Sequence[Zone]) -> str:
    if len(apart) > FEW:
        return counted(len(apart), "clause")
    return listed(zone.clause for zone in apart)


def _between(scenario: Scenario, apart: Sequence[Zone]) -> str:
    who = list(dict.fromkeys(iso for zone in apart for iso in zone.binding))
    if not who:
        return "the rule's ceiling is reached"
    if len(who) > FEW:
        return f"the ceilings of {len(who)} members are reached"
    names = listed(member_name(scenario, iso) for iso in who)
    return f"{names} {'reaches its ceiling' if len(who) == 1 else 'reach their ceilings'}"
