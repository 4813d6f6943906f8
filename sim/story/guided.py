"""The guided story for a class, scene by scene, in short sentences; every number is the model's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sim.analysis.processes import Process
from sim.analysis.vetoes import Vetoes
from sim.outcome import Outcome
from sim.rules import OBJECT, SUPPORT, Stances
from sim.scenario import Scenario
from sim.story.verdict import Voices, voices
from sim.story.words import FEW, clause_name, counted, listed, member_name, percent, proposer_name

MOST = 0.5
"""A clause survives if it stands in at least this share of worlds."""

TELLING, MANY = 0.05, 4
"""Who brings a clause down in a smaller share of worlds is not named, nor more than so many."""

# Your seat ----------------------------------------------------------------------------------------


def instructions(scenario: Scenario, iso: str, stances: Stances) -> list[str]:
    """What a member's delegation is told: what it cares for, whom it trusts, what it would say alone.

    stances (M, C) as of `sim.analysis.vetoes.by_itself`.
    """
    row = stances[list(scenario.seats).index(iso)]
    return [_cares(scenario, iso), _trusts(scenario, iso), _says(scenario, row)]


def _cares(scenario: Scenario, iso: str) -> str:
    weights = scenario.seats[iso].weight
    first = max(weights, key=lambda name: weights[name].value)
    return f"You care most about **{_lower(scenario.interests[first].title)}**."


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:]


def _trusts(scenario: Scenario, iso: str) -> str:
    name = proposer_name(scenario)
    if scenario.at_its_word:
        return f"Nobody doubts the word of {name} here."
    everybody = [row.trust.value for row in scenario.seats.values()]
    mean = percent(sum(everybody) / len(everybody))
    chance = percent(scenario.seats[iso].trust.value)
    return (
        f"You give {name} a chance of **{chance}** to keep its word; the table, {mean} on average."
    )


def _says(scenario: Scenario, row: Stances) -> str:
    supports, objects = int((row == SUPPORT).sum()), int((row == OBJECT).sum())
    silent = len(row) - supports - objects
    if len(row) == 1:
        does = {supports: "support", silent: "stay silent on", objects: "break the silence on"}[1]
        return f"Alone, before you hear the others, you would {does} the text."
    return (
        f"Alone, before you hear the others, you would support {supports} of the "
        f"{counted(len(row), 'clause')}, stay silent on {silent} and break the silence on {objects}."
    )


# The bet ------------------------------------------------------------------------------------------


def alive(outcome: Outcome) -> list[str]:
    """The clauses that survive in most worlds."""
    return [name for name, share in outcome.survival.items() if share >= MOST]


def judged(bet: int, outcome: Outcome) -> str:
    """Whether a bet on the number of clauses that survive was right."""
    right = len(alive(outcome))
    if bet == right:
        return f"You bet {bet}. **Right.**"
    much = abs(bet - right)
    return f"You bet {bet}. **Too {'high' if bet > right else 'low'}**, by {much}."


def why_judged(bet: int, outcome: Outcome) -> list[str]:
    """Why a bet was wrong, or what a right one has seen."""
    right = len(alive(outcome))
    if bet > right:
        return _fallen(outcome)
    if bet < right:
        return _kept(outcome)
    return [*_kept(outcome), *_fallen(outcome)[:1]]


def _fallen(outcome: Outcome) -> list[str]:
    """What fell: that which most support, and all the rest."""
    rows = outcome.measures()
    taken: list[tuple[str, Voices]] = []
    fallen: list[tuple[str, Voices]] = []
    for name, share in outcome.survival.items():
        if share < MOST:
            back = rows[name]["withdrawn"] > (1 - share) / 2
            (taken if back else fallen).append((name, voices(outcome, name)))
    wanted = [row for row in fallen if row[1].support > row[1].members / 2]
    named = sorted(wanted, key=lambda row: -row[1].support)[:3]
    told = [
        f"**{name}** falls though {said.support:.0f} of {said.members} support it on average: "
        f"{_break(said.object)} the silence."
        for name, said in named
    ]
    rest = [row for row in fallen if row not in named]
    told += [_refused(rest, other=bool(named))] if rest else []
    return told + ([_taken(outcome, len(taken))] if taken else [])


def _taken(outcome: Outcome, many: int) -> str:
    """What falls although the members let it stand."""
    whom = "it" if many == 1 else "them"
    return (
        f"{counted(many, 'clause')} that the members would let stand: "
        f"{outcome.scenario.proposer.name} takes {whom} back, since the rest has fallen."
    )


def _refused(rest: Sequence[tuple[str, Voices]], *, other: bool) -> str:
    """How many break the silence on the clauses that few support."""
    counts = sorted(round(said.object) for _, said in rest)
    low, high = counts[0], counts[-1]
    many = f"{low}" if low == high else f"{low} to {high}"
    which = counted(len(rest), "other clause") if other else _which([name for name, _ in rest])
    falls, each = ("falls", "it") if len(rest) == 1 else ("fall", "each")
    verb = "breaks" if high == 1 else "break"
    return f"{which} {falls}: on {each}, {many} of {rest[0][1].members} {verb} the silence."


def _break(objectors: float) -> str:
    return f"{objectors:.0f} {'breaks' if round(objectors) == 1 else 'break'}"


def _kept(outcome: Outcome) -> list[str]:
    """What survives, and why."""
    names = alive(outcome)
    if not names:
        return ["Nothing survives in most worlds."]
    free = [name for name in names if voices(outcome, name).object < 0.5]
    if len(free) == len(names):
        verb = "survives" if len(names) == 1 else "survive"
        whom = "it" if len(names) == 1 else "them"
        return [f"{_which(names)} {verb}: in most worlds nobody breaks the silence on {whom}."]
    if len(names) == 1:
        return [f"{names[0]} survives, whoever breaks the silence on it."]
    often = "none" if not free else f"{len(free)}"
    return [
        f"{_which(names)} survive in most worlds, though only on {often} of them nobody breaks the "
        "silence."
    ]


def _which(names: Sequence[str]) -> str:
    """The clauses by their names, or how many where they are too many to name."""
    return listed(names) if len(names) <= FEW else counted(len(names), "clause")


# One veto after the other -------------------------------------------------------------------------


def spoken(scenario: Scenario, found: Vetoes, count: int) -> str:
    """Who has spoken last, of so many vetoes; or who is silenced again, and what is left."""
    most, clause = len(found.members), found.clause
    if count == 0:
        return f"Nobody has spoken. **{clause} stands.**"
    if count <= most:
        name = member_name(scenario, found.members[count - 1])
        return f"**{name}** breaks the silence in {percent(found.often[count - 1])} of worlds."
    hushed = count - most
    who = listed(member_name(scenario, iso) for iso in found.members[:hushed])
    return f"**{who}** kept silent{_rest(found, hushed)}"


def _rest(found: Vetoes, hushed: int) -> str:
    if found.alive[hushed] >= MOST:
        return "."
    if hushed < len(found.members):
        return ": a veto that is left is enough."
    return ": too many others stand ready to speak."


def done(found: Vetoes, count: int) -> tuple[str, str]:
    """What so many vetoes have done, as a title and a number: worlds that are lost, or won back."""
    hushed = count - len(found.members)
    if hushed <= 0:
        return f"Worlds in which {found.clause} is dead by now", percent(found.dead[count])
    return survives(found.clause), percent(found.alive[hushed])


def survives(clause: str) -> str:
    """The title of the share of worlds in which a clause survives."""
    return f"Worlds in which {clause} survives"


# The puzzle ---------------------------------------------------------------------------------------


def task(scenario: Scenario, clause: str, share: float, most: int, trust: float) -> str:
    """What is to be done in the puzzle, and what persuading means."""
    name = proposer_name(scenario)
    return (
        f"**{clause_name(scenario, clause)}** survives in {percent(share)} of worlds. Persuade at most "
        f"{counted(most, 'member')}, so that it survives in most. To persuade is to convince that "
        f"{name} seeks no more than its own security: trust rises to {percent(trust)}."
    )


def tried(won: Sequence[str], after: float, left: str) -> str:
    """Whether persuading some members is enough; `left` says who still breaks the silence."""
    if after >= MOST:
        return f"**Won, with {counted(len(won), 'member')}.**"
    return f"**Not yet.** {left}".rstrip()


def still_against(outcome: Outcome, clause: str) -> str:
    """Who brings a clause down most often; nothing where nobody does often."""
    blockers = outcome.measures()[clause]["blockers"]
    often = [
        f"{member_name(outcome.scenario, iso)} ({percent(share)})"
        for iso, share in blockers.items()
        if share >= TELLING
    ]
    return f"Most often brought down by {listed(often[:MANY])}." if often else ""


def hint(scenario: Scenario, iso: str, share: float) -> str:
    """Whom to persuade next."""
    return f"Hint: **{member_name(scenario, iso)}** next, and it would survive in {percent(share)}."


def proof(scenario: Scenario, best: Sequence[str], share: float, sets: int) -> str:
    """Whether any set of so many members does it, where all were tried."""
    who, often = listed(member_name(scenario, iso) for iso in best), percent(share)
    tried = f"{sets:,} sets of {len(best)}" if len(best) > 1 else counted(sets, "member")
    if share >= MOST:
        return f"Yes: {who}, and it survives in {often}; best of all {tried}."
    return f"No: none of the {tried} does it. The best, {who}, gets to {often}."


def never(members: int, share: float) -> str:
    """That not even all members do it; with some of them it survives no more often."""
    return (
        f"No: if all {members} were persuaded, it would survive in {percent(share)}. It is not a "
        "matter of trust."
    )


def least(scenario: Scenario, won: Sequence[str], share: float, proved: int) -> str:
    """How few members do it, as far as the search has come; `proved`: so many do not."""
    who = listed(member_name(scenario, iso) for iso in won)
    if share < MOST:
        return (
            f"Nor does it help to go on: with {who}, it survives in {percent(share)}. "
            "Trust alone does not carry it."
        )
    few = "The least is" if proved == len(won) - 1 else "Persuading one after the other takes"
    return f"{few} **{len(won)}**: {who}. Then it survives in {percent(share)}."


# Stepping back and small steps --------------------------------------------------------------------

Ways = Mapping[tuple[str, bool], Process]
"""How far a treaty gets, by the kind of negotiation and whether the proposer has stepped back."""


def moves(found: Ways, kind: str) -> dict[str, float]:
    """By how many kept clauses each move gets further, all else equal.

    `back`: a step back, in the scenario's own kind; `apart`: clause by clause instead of one package;
    `steps`: small steps instead of clause by clause.
    """
    kept = {way: process.delivered for way, process in found.items()}
    gains = {"apart": kept["clauses", False] - kept["package", False]}
    if (kind, True) in kept:
        gains["back"] = kept[kind, True] - kept[kind, False]
    if ("steps", False) in kept:
        gains["steps"] = kept["steps", False] - kept["clauses", False]
    return gains


MOVES = {
    "back": "{} steps back first",
    "apart": "Clause by clause, not one package",
    "steps": "Small steps, not all at once",
}
"""What can be guessed to do most, in words; the name of the proposer goes into the first."""


def guessed(guess: str, gains: Mapping[str, float], proposer: str) -> str:
    """Whether a guess at what does most was right, and what each move adds."""
    told = ", ".join(
        f"{MOVES[move].format(proposer).lower().replace(proposer.lower(), proposer)} {_added(gain)}"
        for move, gain in sorted(gains.items(), key=lambda pair: -pair[1])
    )
    best = max(gains, key=gains.__getitem__)
    if max(gains.values()) < 0.05:
        return f"**None of them does anything here.** Kept clauses: {told}."
    right = "**Right.**" if guess == best else "**No.**"
    return f"{right} Kept clauses, on average: {told}."


def _added(gain: float) -> str:
    """A number of clauses more or less.

    >>> _added(1.04), _added(-.3), _added(.01)
    ('+1.0', '−0.3', '±0')
    """
    return "±0" if abs(gain) < 0.05 else f"{gain:+.1f}".replace("-", "−")


def reaches(process: Process) -> str:
    """How many clauses stand and are kept, in one way of negotiating."""
    if process.stand < 0.05:
        return f"**None** of {len(process.clauses)} clauses survives."
    return (
        f"**{process.stand:.1f}** of {len(process.clauses)} clauses survive on average, and "
        f"**{process.delivered:.1f}** of these are kept."
    )
