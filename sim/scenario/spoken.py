"""Members and clauses by the words that people use for them: ids and names, in any case."""

from __future__ import annotations

from collections.abc import Mapping

from sim.errors import RequestError, closest, did_you_mean
from sim.scenario import files
from sim.scenario.tables import Scenario


def pair_of(scenario: Scenario, member: str, clause: str) -> tuple[str, str]:
    """The ids of a member and a clause, in this order.

    Raises RequestError with a sentence: for the wrong order, a stranger, a misspelling.
    """
    members, clauses = _members(scenario), _clauses(scenario)
    iso, name = _found(member, members), _found(clause, clauses)
    if iso and name:  # a word may be both: EST is Estonia, `est` a treaty
        return iso, name
    if _found(member, clauses) and _found(clause, members):
        raise RequestError(
            f"`{member}` is a clause and `{clause}` a member; write `{clause} {member}`"
        )
    if iso is None:
        raise RequestError(_stranger(scenario, member) or _unknown("member", member, members))
    raise RequestError(_unknown("clause", clause, clauses))


def part_of(scenario: Scenario, word: str) -> tuple[str, str]:
    """Whether a word means a "clause" or a "member", and its id.

    Raises RequestError with a sentence for a stranger or a misspelling.
    """
    kinds = {"clause": _clauses(scenario), "member": _members(scenario)}
    for kind, names in kinds.items():
        found = _found(word, names)
        if found:
            return kind, found
    known = kinds["clause"] | kinds["member"]
    raise RequestError(_stranger(scenario, word) or _unknown("clause or member", word, known))


def _members(scenario: Scenario) -> dict[str, str]:
    return {iso: row.name for iso, row in scenario.seats.items()}


def _clauses(scenario: Scenario) -> dict[str, str]:
    return {name: row.title for name, row in scenario.clauses.items()}


def _found(word: str, names: Mapping[str, str]) -> str | None:
    """The id that is spelt so, else so in another case, else the id that has this name."""
    if word in names:
        return word
    typed = word.casefold()
    same = [key for key in names if key.casefold() == typed]
    same += [key for key, name in names.items() if name.casefold() == typed]
    return next(iter(same), None)


def _unknown(kind: str, word: str, names: Mapping[str, str]) -> str:
    by_name = closest(word, names) is None and closest(word, names.values()) is not None
    hint = did_you_mean(word, names.values() if by_name else names) or _by_a_word(word, names)
    return f"there is no {kind} `{word}`. {hint}".rstrip()


def _by_a_word(word: str, names: Mapping[str, str]) -> str:
    """What is meant by a word of one name only, as `missiles`; otherwise how one is written."""
    typed = word.casefold()
    named = [key for key, name in names.items() if len(typed) > 2 and typed in name.casefold()]
    if len(named) == 1:
        return f"Did you mean `{named[0]}`, {names[named[0]]}?"
    return f"Write its id, as {next(iter(names))}." if names else ""


def _stranger(scenario: Scenario, word: str) -> str | None:
    """A sentence on somebody who is known and has no seat here."""
    typed, proposer = word.casefold(), scenario.proposer.name
    if len(typed) > 2 and proposer.casefold().startswith(typed):
        return f"{proposer} tables the treaty and has no seat among the members"
    return _elsewhere(scenario, word)


def _elsewhere(scenario: Scenario, word: str) -> str | None:
    """A sentence on somebody who sits in this roster and was left out, or in another shipped one."""
    current = scenario.members.roster
    for name in files.kin(current) if current else ():
        file, _ = files.roster(name, files.shipped(), name)
        found = _found(word, {iso: row.name for iso, row in file.members.items()})
        if found in scenario.members.drop:
            return f"`{found}` is left out of the members (`members.drop`)"
        if found:
            wanted = name.removeprefix(f"{str(current).rpartition('-')[0]}-")
            return f"`{found}` has no seat here but in the roster {name}; try --members {wanted}"
    return None
