"""An outcome as sentences: what survives, who kills the rest, why a member breaks the silence."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from sim import rules
from sim.analysis.compare import Change, Comparison
from sim.analysis.evidence import BARE_MENTION, Report
from sim.analysis.steps import Reassurance, in_steps, one_shot
from sim.explanation import Explanation, Flip
from sim.outcome import Outcome
from sim.replay import Replay, Round
from sim.rules import Stance
from sim.scenario import TYPES, Clause, Evidence, Member, Scenario, unchanged, value_at

if TYPE_CHECKING:  # its solver takes a fifth of a second to load
    from sim.analysis.treaty import Treaties

SAYS = {
    Stance.OBJECT: "breaks the silence",
    Stance.ACQUIESCE: "stays silent",
    Stance.SUPPORT: "supports it",
}
"""NATO has no voting: these are the words for what a member does."""

FEW = 8
"""Members that a sentence names; more are counted."""

KINDS = ("a security seeker", "an expansionist", "a pretext seeker")
"""The types of proposer in words, in the order of every belief."""

CENTRE = "the central world, no dice"

ON_TOP = (
    "The numbers to change are those of the scenario, on which this world's noise comes on top."
)

FAR = 4
"""Changes of a number by more than so many times itself are not worth a sentence."""


def listed(words: Iterable[str]) -> str:
    """Words as a list in a sentence.

    >>> listed(["Poland", "Estonia", "Latvia"])
    'Poland, Estonia and Latvia'
    """
    *head, last = list(words) or ["nobody"]
    return f"{', '.join(head)} and {last}" if head else last


def percent(share: float) -> str:
    """A share for a sentence; never 0 % for what happened, never 100 % for what did not always.

    >>> percent(.0002), percent(0), percent(.42), percent(.9999)
    ('< 1 %', '0 %', '42 %', '> 99 %')
    """
    if 0 < share < 0.005:
        return "< 1 %"
    if 0.995 < share < 1:
        return "> 99 %"
    return f"{100 * share:.0f} %"


def counted(number: int, noun: str) -> str:
    """A number of things.

    >>> counted(1, "claim"), counted(2000, "world")
    ('1 claim', '2,000 worlds')
    """
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def signed(value: float) -> str:
    """A number with its sign, as people write it.

    >>> signed(-.03), signed(0)
    ('−0.030', '0')
    """
    return f"{value:+.3f}".replace("-", "−") if value else "0"


def part(level: float) -> str:
    """A level as a part of the text, rounded down.

    >>> part(.6), part(.629), part(0.001)
    ('.6 of the text', '.62 of the text', 'none of the text')
    """
    return f"{_fraction(math.floor(level * 100 + 1e-6) / 100) or 'none'} of the text"


def _fraction(number: float) -> str:
    """A number below one without the zero before its point; nothing for nothing."""
    return f"{number:g}".removeprefix("0")


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
    words.append(f"{proposer.name} is {dict(zip(TYPES, KINDS))[proposer.true_type]}")
    words += [f"binding only if {process.condition}"] if process.condition else []
    return "Negotiated " + " · ".join(words)


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


# One member on one clause -----------------------------------------------------------------------


def explanation(why: Explanation) -> str:
    """Why a member takes its stance, in sentences."""
    sentences = [_stance(why), _balance(why), _heard(why), _limit(why), _flip(why)]
    return " ".join(sentences)


def world_of(why: Explanation) -> str:
    """The world in which a member is explained."""
    return CENTRE if why.world is None else f"world {why.world:,}, seed {why.seed}"


def _stance(why: Explanation) -> str:
    name = member_name(why.scenario, why.member)
    title = why.scenario.clauses[why.clause].title
    return f"On {why.clause} ({title}), {tabled(why.level)}, {name} {SAYS[why.stance]}."


def tabled(level: float) -> str:
    """How much of a clause is on the table.

    >>> tabled(1), tabled(.6)
    ('tabled in full', 'tabled at .6 of the text')
    """
    return "tabled in full" if level == 1 else f"tabled at {_fraction(level)} of the text"


def member_name(scenario: Scenario, iso: str) -> str:
    """A member's name, or its id if it has none."""
    return scenario.seats[iso].name or iso


def _balance(why: Explanation) -> str:
    gain = sum(part.gain for part in why.contributions)
    cost = sum(part.cost for part in why.contributions)
    return (
        f"It {_chance(why.trust)}. What it hopes to gain counts {gain:.3f}, what it would give up "
        f"{cost:.3f}: by itself {signed(why.appraisal)}."
    )


def _chance(trust: float) -> str:
    return f"gives the proposer a chance of {percent(trust)} to keep its word"


def _thresholds(resolve: float) -> str:
    low, high = signed(-resolve), signed(resolve)
    return f"below {low} it breaks the silence, above {high} it supports"


def _heard(why: Explanation) -> str:
    moved = f"Hearing the others out adds {signed(why.consultation)}, so {signed(why.expressed)}."
    return f"{moved} {_thresholds(why.resolve).capitalize()}.{_moved(why)}"


def _moved(why: Explanation) -> str:
    """What consultation has turned round."""
    if why.reservation:
        return (
            f" So it {SAYS[why.stance]} with a reservation: by itself it would break the silence, "
            "but the others have talked it round."
        )
    if why.solidarity:
        return (
            " So it breaks the silence out of solidarity: by itself it would not, but the others have "
            "drawn it along."
        )
    return ""


def _limit(why: Explanation) -> str:
    level = why.ceiling["expressed"]
    if level >= 1:
        return "It could live with the full text."
    return f"It could live with at most {part(level)}."


def _flip(why: Explanation) -> str:
    flips = near(why)
    if not flips:
        return f"No single one of its numbers would change that, moved by up to {FAR} times itself."
    noise = "" if why.world is None else f" {ON_TOP}"
    return f"The smallest single change in proportion: {flipped(flips[0])}.{noise}"


def near(why: Explanation) -> list[Flip]:
    """The flips that do not move a number out of all proportion, the smallest first."""
    return [flip for flip in why.flips if flip.size <= FAR]


def flipped(flip: Flip) -> str:
    """A flip in words."""
    return f"{flip.address} from {flip.start:g} to {flip.to:g}, and it {SAYS[flip.becomes]}"


# What a scenario says ---------------------------------------------------------------------------


def terms(clause: Clause) -> str:
    """On what terms a clause is tabled, in sentences."""
    article = f" Article {clause.article} of the draft." if clause.article else ""
    host = f" It cannot stand without {clause.tabled_with}." if clause.tabled_with else ""
    least = (
        "It is all or nothing."
        if clause.least == 1
        else f"Below {part(clause.least)} it is the status quo in other words."
    )
    return f"{tabled(clause.level).capitalize()}.{article}{host} {least}"


def portrait(member: Member) -> str:
    """A member's numbers apart from its interests, in sentences."""
    trust, resolve = member.trust.value, member.resolve.value
    return (
        f"Population {member.population:,.0f}. Trust {trust:g}: it {_chance(trust)}. "
        f"Resolve {resolve:g}: {_thresholds(resolve)}."
    )


def seen(item: Evidence) -> str:
    """An item of evidence, and whether it has happened."""
    if item.count == 0:
        return f"{item.title} (has not happened)"
    return item.title + ("" if item.count == 1 else f" (counts {item.count:g} times)")


# One world, round by round ----------------------------------------------------------------------


def stage_title(replay: Replay, number: int) -> str:
    """What a stage is called; nothing where there is only one."""
    stages = replay.scenario.stages
    if len(stages) == 1:
        return ""
    title = stages[number - 1].title
    return f"Step {number} of {len(stages)}" + (f": {title}" if title else "")


def on_the_table(replay: Replay, row: Round) -> str:
    """What the proposer puts on the table in a round."""
    proposer = replay.scenario.proposer.name
    bundle = " as one package" if replay.scenario.stages[row.stage - 1].kind == "package" else ""
    levels = sorted(set(row.level.values()))
    at = "in full" if levels == [1.0] else f"at {_levels(levels)} of the text"
    return f"{proposer} tables {counted(len(row.level), 'clause')}{bundle} {at}."


def _levels(levels: list[float]) -> str:
    low, high = f"{levels[0]:.2f}", f"{levels[-1]:.2f}"
    return low if low == high else f"{low} to {high}"


def blocked(replay: Replay, row: Round) -> list[tuple[str, str]]:
    """Clauses that fell in a round, those together on which the same members broke the silence."""
    fell = [name for name in row.level if name not in row.adopted]
    together: dict[tuple[str, ...], list[str]] = {}
    for name in fell:
        together.setdefault(row.objectors[name], []).append(name)
    return [
        (", ".join(names), _breakers(who, len(replay.scenario.seats), replay.scenario))
        for who, names in together.items()
    ]


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
    parts = [f"{percent(share)} {kind}" for share, kind in zip(row.mean_belief, KINDS)]
    low, high = min(row.trust, key=row.trust.__getitem__), max(row.trust, key=row.trust.__getitem__)
    spread = f"{percent(row.trust[low])} ({member_name(replay.scenario, low)})"
    top = f"{percent(row.trust[high])} ({member_name(replay.scenario, high)})"
    return (
        f"On average members believe that {replay.scenario.proposer.name} is: {listed(parts)}. "
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
    )
    sentences += [
        f"{proposer} {'keeps' if kept else 'breaks'} its word" + _on_stage(replay, stage)
        for stage, kept in replay.kept.items()
        if replay.adopted
    ]
    return " ".join(sentences)


def _on_stage(replay: Replay, stage: int) -> str:
    return "." if len(replay.scenario.stages) == 1 else f" on step {stage}."


# Two what-ifs -----------------------------------------------------------------------------------


def differences(comparison: Comparison) -> list[str]:
    """What became of the clauses that flip in at least one world in a hundred, in a sentence each."""
    return [
        sentence
        for row in comparison.changes.values()
        if (sentence := _difference(comparison, row)) and row.won + row.lost >= 0.01
    ]


def _difference(comparison: Comparison, row: Change) -> str:
    before, after = (percent(share) for share in row.survival)
    low, high = (f"{100 * end:+.0f}".replace("-", "−") for end in row.interval)
    sentence = f"{row.clause} survives in {after} instead of {before} ({low} to {high} points)"
    reasons = []
    if row.won >= row.lost and row.by_silence:
        who, verb = _movers(comparison, row.by_silence)
        reasons.append(f"{who} no longer {verb} the silence")
    if row.lost >= row.won and row.by_objection:
        who, verb = _movers(comparison, row.by_objection)
        reasons.append(f"{who} now {verb} the silence")
    return sentence + (f": {'; '.join(reasons)}." if reasons else ".")


def _movers(comparison: Comparison, shares: Mapping[str, float]) -> tuple[str, str]:
    """Those who moved in at least half of the flipped worlds, or the one who did most often."""
    often = [iso for iso, share in shares.items() if share >= 0.5] or list(shares)[:1]
    verb = "breaks" if len(often) == 1 else "break"
    if len(often) > FEW:
        return counted(len(often), "member"), verb
    return listed(member_name(comparison.second, iso) for iso in often), verb


# Evidence ---------------------------------------------------------------------------------------


def told_apart(report: Report) -> str:
    """Which types of proposer the evidence can tell apart, and what trust would be without it."""
    words = dict(zip(TYPES, KINDS))
    sentences = [
        f"{_first_up(words[one])} and {words[other]} cannot be told apart on this evidence: all of it "
        f"together is {max(ratio, 1 / ratio):.2f} times as likely under one as under the other, and "
        f"below {BARE_MENTION:g} that is not worth more than a bare mention (Kass & Raftery 1995)."
        for (one, other), ratio in report.ratios.items()
        if (one, other) in report.alike
    ]
    low, high = min(report.before.values()), max(report.before.values())
    sentences.append(
        f"Before any of it members would have trusted {report.scenario.proposer.name} with "
        f"{low:.2f} to {high:.2f}."
    )
    return " ".join(sentences)


def _first_up(text: str) -> str:
    return text[:1].upper() + text[1:]


# How far the treaty could have gone --------------------------------------------------------------


def treaties(best: Treaties) -> str:
    """What the best treaties say: who writes them, and whether one text gets further."""
    sentences = [_writers(best), _bargain(best), _other_words(best)]
    return " ".join(sentence for sentence in sentences if sentence)


def _writers(best: Treaties) -> str:
    names = [member_name(best.scenario, iso) for iso in best.binding]
    if not names:
        return "Nobody limits the package."
    if len(names) > FEW:
        return f"{len(names)} members write the package's ceiling."
    one = len(names) == 1
    first = f"{listed(names)} {'alone writes' if one else 'write'} the package's ceiling"
    iso, price = max(best.binding.items(), key=lambda pair: pair[1])
    name = member_name(best.scenario, iso)
    if math.isinf(price):
        return f"{first}; {name}, without any resolve, rules clauses out altogether."
    whose = "its resolve" if one else f"the resolve of {name}"
    return f"{first}: 0.01 more of {whose} would be worth {price / 100:.4f} to the proposer."


def _bargain(best: Treaties) -> str:
    alone, whole = best.worth(best.alone), best.worth(best.earnest)
    numbers = f"{whole:.3f} against {alone:.3f} clause by clause"
    if not best.one_veto:
        rule = best.scenario.rule.name
        return f"In earnest {numbers}, where the rule {rule} asks for something else than silence."
    if abs(whole - alone) < 0.0005:
        return f"One text in earnest gets as far as clause by clause, {alone:.3f}."
    if whole > alone:
        return f"In earnest, one text gets further, {numbers}: what members like pays for the rest."
    return (
        f"One text in earnest gets less far, {numbers}: small harms add up, and in one text the "
        "members' patience is spent once."
    )


def _other_words(best: Treaties) -> str:
    if not best.in_other_words:
        return ""
    return (
        f"In brackets: {listed(best.in_other_words)}, below the least level and so the status quo in "
        "other words."
    )


def steps(table: Reassurance) -> str:
    """How far trust carries at one stroke and in steps, and what one first step would tell."""
    stroke = one_shot(table.payoffs)
    sure = _some(int((table.prior >= stroke).sum()))
    enough = _some(int(table.works.sum()))
    return (
        f"A belief in a security seeker of {stroke:.4f} carries the bargain at one stroke, of "
        f"{in_steps(table.payoffs):.4f} in steps; of {len(table.prior)} members {sure} the first, "
        f"{enough} the second. {_one_step(table)}"
    )


def _some(number: int) -> str:
    return f"{number or 'none'} {'reaches' if number < 2 else 'reach'}"


def _one_step(table: Reassurance) -> str:
    if table.step is None:
        return "No first step is a signal to anybody: what would tell is too big to be risked."
    found = Counter(table.readings.values())
    big, small = (found[word] + found["both"] for word in ("too big", "too small"))
    without = [iso for iso, works in zip(table.scenario.seats, table.works) if not works]
    sentence = (
        f"The first step that is a signal to most is {table.step:.4f} of the whole: a signal to "
        f"{found['signal']}, too big to be risked for {big or 'none'}, too small to be a signal for "
        f"{small or 'none'}."
    )
    if not without:
        return sentence
    who = f" ({', '.join(without)})" if len(without) <= FEW else ""
    return f"{sentence} For {len(without)}{who} no step at all would do."
