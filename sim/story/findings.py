"""Two what-ifs, the evidence, and how far the treaty could have gone, in sentences."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from sim.analysis.compare import Change, Comparison
from sim.analysis.evidence import BARE_MENTION, Report
from sim.analysis.rescue import takes_part
from sim.analysis.steps import Reassurance, in_steps, one_shot
from sim.scenario import TYPES
from sim.story.words import FEW, KINDS, counted, listed, member_name, part, percent, proposer_name

if TYPE_CHECKING:  # its solver takes a fifth of a second to load
    from sim.analysis.treaty import Treaties

# Two what-ifs -----------------------------------------------------------------------------------


def differences(comparison: Comparison, first: str = "") -> list[str]:
    """What became of the clauses that flip in at least one world in a hundred, in a sentence each.

    The clause named `first` comes first, then the largest difference.
    """
    rows = [row for row in comparison.changes.values() if row.won + row.lost >= 0.01]
    rows.sort(key=lambda row: (row.clause != first, -abs(row.effect)))
    return [_difference(comparison, row) for row in rows]


def _difference(comparison: Comparison, row: Change) -> str:
    before, after = (percent(share) for share in row.survival)
    sentence = f"{row.clause} survives in {after} instead of {before}{_points(row)}{_at(row)}"
    reasons = []
    if row.won >= row.lost and row.by_silence:
        reasons.append(_silent(comparison, row))
    if row.lost >= row.won and row.by_objection:
        who, verb = _movers(comparison, row.by_objection)
        reasons.append(f"where it does not, {who} now {verb} the silence")
    if row.lost > row.won and not row.by_objection and not takes_part(comparison.second):
        reasons.append(f"{proposer_name(comparison.second)} takes it back")
    return sentence + (f": {'; '.join(reasons)}." if reasons else ".")


def _silent(comparison: Comparison, row: Change) -> str:
    """Who has made room for a clause: members that keep silent, or the rule."""
    rule = comparison.second.rule.name
    who, verb = _movers(comparison, row.by_silence)
    if rule.startswith("only:"):
        has = "has" if verb == "breaks" else "have"
        return f"{who} no longer {verb} the silence or {has} no say"
    if rule != comparison.first.rule.name and max(row.by_silence.values()) < 0.5:
        return f"the rule {rule} passes over objections"
    return f"where it does, {who} no longer {verb} the silence"


def _points(row: Change) -> str:
    """The interval of the difference, in points; nothing where it is that number itself."""
    low, high = (f"{100 * end:+.0f}".replace("-", "−") for end in row.interval)
    return f" ({low} to {high} points)" if low != high else ""


def _at(row: Change) -> str:
    """The level at which the clause now stands, where that is another."""
    before, after = row.level
    return "" if after is None or after == (before or 1) else f", at {part(after)}"


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
    if report.scenario.at_its_word:
        name = proposer_name(report.scenario)
        return f"Everybody takes {name} at its word here, so there is nothing for evidence to tell."
    if not any(item.count for item in report.items):
        return "Nothing has been seen of the proposer that counts."
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
        f"Before any of it members would have trusted {proposer_name(report.scenario)} with "
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


def furthest(best: Treaties) -> str:
    """The same for a picture: who limits one package, and whether it gets further."""
    sentences = [_limits(best), _bargain(best)]
    if best.in_other_words:
        short = listed(best.in_other_words)
        one = len(best.in_other_words) == 1
        sentences.append(
            f"One package would hold {short} below {'its' if one else 'their'} least level, which is "
            "the status quo in other words."
        )
    return " ".join(sentences)


def _limits(best: Treaties) -> str:
    names = [member_name(best.scenario, iso) for iso in best.binding]
    if not names:
        return "Nobody limits what one package could hold."
    if len(names) > FEW:
        return f"{len(names)} members limit what one package could hold."
    verb = "alone limits" if len(names) == 1 else "limit"
    return f"{listed(names)} {verb} what one package could hold."


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
        return f"In earnest {numbers}; here the rule asks for something else than silence."
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
