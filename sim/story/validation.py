"""How well the tool does on decisions whose outcome is known: the result first, whichever it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Protocol

from sim.story.page import Grid, Heading, Items, Paragraph, Part
from sim.story.words import counted, listed, percent, signed

if TYPE_CHECKING:  # what they need takes most of a second to load, and words need none of it
    from sim.analysis.reply import Answer, Reply
    from sim.analysis.scores import Bin, Difference, Hits
    from sim.analysis.validation import Contest, FirstLook, Fitted, Row, Validation, Verdict

TITLE = "Decisions whose outcome is known"

REMARK = (
    "Brier score: the mean squared distance between what was said and what happened, 0 for a seer, "
    "0.25 for who always says one half. Difference: how much more oneveto misses, below 0 it misses "
    "less, with the 95 % interval over cases (bootstrap). Better, worse: oneveto is, and the interval "
    "excludes zero; open: nobody can tell."
)

LIMITS = (
    "The cases were chosen because something is known of them. Blocked decisions are remembered and "
    "quiet ones are not, so that more are blocked here than at the table; survival is measured against "
    "these cases, not against all that allies decide.",
    "The steps were coded by hand, by people who could know how they ended, and some grounds tell it: "
    "of the gravest matters of a member's own nearly all blocked, of the slightest hardly any. That "
    "helps oneveto and the forecast from a matter of one's own alike.",
    "Matters of a member's own are dated to before the day. Of facts, only who sat there and what is "
    "named in the rosters is of the day; gas, votes in the United Nations and populations are of 2021.",
    "Cases hang together: the same members, often the same quarrel, sometimes the same meeting (Finland "
    "and Sweden in 2022). Intervals over cases take each for one of its own, and so are too narrow "
    "rather than too wide; a case is easier where its twin is among the others.",
    "A fifth of the blockers that were named rightly are those of one case, the draft of 2009, in which "
    "nobody is known to have been silent; without it the members' data alone name hardly any.",
    "What ships is not quite what is scored here: scenarios take over the spread, keep resolve and "
    "cohesion, which lie within or near their bands, and keep engagement at its formula, though the fit "
    "would halve it, since that moves with which other parameters are free.",
    "A decision counts as it was first put, at the first occasion. Most of what fell then was "
    "adopted later, changed, unbundled or paid for, which is not scored.",
)


def page(validation: Validation) -> list[Part]:
    """All that is said of a validation."""
    return [
        Paragraph(result(validation)),
        Paragraph(advice(validation)),
        Paragraph(choice(validation)),
        *_contests(validation),
        *_blockers(validation),
        *_reliability(validation),
        *_cases(validation),
        *_parameters(validation),
        *_reply(validation.reply),
        Heading("Limits"),
        Items(LIMITS),
    ]


# The result ---------------------------------------------------------------------------------------


class Scored(Protocol):
    """A validation that has just been made, or the record of one."""

    @property
    def whole(self) -> Contest:
        """The contest on all cases."""

    @property
    def right(self) -> int:
        """How many outcomes were said rightly."""

    @property
    def first_look(self) -> FirstLook:
        """How the forecasts do without the parameters that were added after a look."""


def result(validation: Scored) -> str:
    """How the model did, in one paragraph."""
    whole, cases = validation.whole, validation.whole.cases
    first = (
        f"Of {counted(cases, 'decision')} by consensus whose outcome is known, each forecast after a "
        f"fit to the other {cases - 1}, oneveto says {validation.right} outcomes rightly."
    )
    return " ".join(
        [
            first,
            _standing(whole, "outcomes", of_outcome),
            _standing(whole, "who blocks", of_members),
        ]
    )


Pick = Callable[["Row"], "tuple[float, Difference | None]"]


def of_outcome(row: Row) -> tuple[float, Difference | None]:
    """What was missed of outcomes, and how much more the model misses."""
    return row.outcome, row.outcome_difference


def of_members(row: Row) -> tuple[float, Difference | None]:
    """The same of who blocks."""
    return row.members, row.members_difference


def _standing(contest: Contest, what: str, pick: Pick) -> str:
    """Whom the model clearly beats, whom it does not, and to whom it loses."""
    own, _ = pick(contest.model)
    groups: dict[str, list[str]] = {"better": [], "open": [], "worse": []}
    for row in contest.rivals:
        score, gap = pick(row)
        groups[standing(gap)].append(f"“{row.label}” ({score:.3f})")
    if len(groups["better"]) == len(contest.rivals):
        verdict = "better than every forecast that knows less, with intervals that exclude zero"
        return f"On {what} its Brier score is {own:.3f}: {verdict}: {listed(groups['better'])}."
    said = [
        ("better", "clearly better than"),
        ("open", "not to be told apart from"),
        ("worse", "clearly worse than"),
    ]
    parts = [f"{words} {listed(groups[key])}" for key, words in said if groups[key]]
    return (
        f"On {what} its Brier score is {own:.3f}, not better than every forecast that knows less: "
        f"{'; '.join(parts)}."
    )


def standing(gap: Difference | None) -> str:
    """Whether the model is better or worse than another, or whether that is open."""
    if gap is None or not gap.sure:
        return "open"
    return "better" if gap.mean < 0 else "worse"


def advice(validation: Scored) -> str:
    """What that means for whoever uses the tool."""
    outcome = _beats_all(validation.whole, of_outcome)
    members = _beats_all(validation.whole, of_members)
    sentences = [
        "What that means: survival may be read as a probability, within what the table of reliability "
        "shows."
        if outcome
        else "What that means: survival is no probability to bet on. Read it as an order, which clause "
        "stands before which and what moves it, and bet on the simplest forecast that is not beaten.",
        "Who breaks the silence may be read as a list of those to talk to first, each with its chance."
        if members
        else "Who breaks the silence is a list of those to look at, not a forecast.",
    ]
    return " ".join(sentences)


def choice(validation: Scored) -> str:
    """What of the model was chosen after its forecasts had been seen, and how they do without it."""
    first, now = validation.first_look, validation.whole.model
    return (
        f"Of the parameters that are fitted, {listed(first.added)} were added to the other "
        f"{first.parameters} after a first look, which showed forecasts that were "
        f"too sure. Without them, of {first.cases} outcomes {first.sure} are put at 80 % and above, at "
        f"{percent(first.said)} on average, and {percent(first.came)} of these passed. The Brier scores "
        f"are {first.outcome:.3f} on outcomes and {first.members:.3f} on who blocks without them, "
        f"{now.outcome:.3f} and {now.members:.3f} with them. Every case is left out of its own fit, "
        "so each forecast stays honest. The choice of parameters does not: it was made by who had seen "
        "how all the cases ended."
    )


def _beats_all(contest: Contest, pick: Pick) -> bool:
    return all(standing(pick(row)[1]) == "better" for row in contest.rivals)


def honesty(bins: Sequence[Bin], came: str) -> str:
    """Where what was said does not lie within the interval of what happened, in a sentence."""
    off = [row for row in bins if not row.honest]
    if not off:
        return "What was said lies within the interval of what happened in every group."
    where = (
        f"said {percent(row.said)}, {came} in {percent(row.share)} ({row.happened} of {row.count:,})"
        for row in off
    )
    return f"What was said is off in {len(off)} of {counted(len(bins), 'group')}: {listed(where)}."


def blockers(plain: Hits) -> str:
    """Who was named against who it was, in a sentence."""
    return (
        f"Of {plain.real:g} members that blocked in all, {plain.hit:g} were named: said to be more "
        f"likely to do so than not. Named in all: {plain.named:g}."
    )


# Tables -------------------------------------------------------------------------------------------

SHORT = {
    "model": "oneveto",
    "nobody": "nobody",
    "base_rate": "rates",
    "bilateral": "matter",
    "shipped": "ships",
}
"""Forecasters as heads of columns, as many as a narrow terminal has room for."""

PARTS = {
    "all": "all",
    "data": "members' data alone",
    "matter": "a matter of one's own",
    "table": "without those added",
}


def _contests(validation: Validation) -> Iterable[Part]:
    yield Heading("Against forecasts that know less")
    yield Paragraph(REMARK)
    for title, pick in (("Outcome", of_outcome), ("Who blocks", of_members)):
        rows = [_contender(row, pick) for row in validation.whole.rows]
        columns = (title, "Brier", "Difference", "")
        yield Grid(columns, tuple(rows), frozenset({1, 2}), frozenset({0}))
    yield Paragraph(
        "The same on parts of the cases; a star where the interval of the difference excludes zero. "
        "Rates: base rate of the others; matter: a matter of one's own alone; ships: oneveto with the "
        "numbers that the draft treaty has."
    )
    for title, pick in (("Outcome", of_outcome), ("Who blocks", of_members)):
        heads = [SHORT[row.name] for row in validation.whole.rows if row.name in SHORT]
        parts = [
            (
                PARTS[key],
                str(each.cases),
                *(_starred(row, pick) for row in each.rows if row.name in SHORT),
            )
            for key, each in validation.contests.items()
        ]
        numbers = frozenset(range(1, 2 + len(heads)))
        yield Grid((title, "Cases", *heads), tuple(parts), numbers, frozenset({0}))


def _contender(row: Row, pick: Pick) -> tuple[str, ...]:
    score, gap = pick(row)
    if gap is None:
        return row.label, f"{score:.3f}", "", ""
    span = f"{signed(gap.mean)} ({signed(gap.low)} to {signed(gap.high)})"
    return row.label, f"{score:.3f}", span, standing(gap)


def _starred(row: Row, pick: Pick) -> str:
    score, gap = pick(row)
    return f"{score:.3f}" + ("*" if standing(gap) != "open" else "")


def _blockers(validation: Validation) -> Iterable[Part]:
    """Who was named against who it was."""
    plain, weighted = validation.hits, validation.weighted_hits
    yield Heading("Who blocks")
    yield Grid(
        ("", "Named", "Real", "Hit", "Precision", "Recall"),
        (_hits("at one half and above", plain, "g"), _hits("by chance", weighted, ".1f")),
        frozenset(range(1, 6)),
        frozenset({0}),
    )
    yield Paragraph(
        "By chance: everybody counts as named as far as its chance goes. Precision: how much of what "
        "was named is real. Recall: how much of what is real was named. "
        "Members that were cool, or of whom nothing is known, count neither way."
    )


def _hits(label: str, row: Hits, form: str) -> tuple[str, ...]:
    rates = ("none" if rate is None else percent(rate) for rate in (row.precision, row.recall))
    return label, format(row.named, form), format(row.real, "g"), format(row.hit, form), *rates


def _reliability(validation: Validation) -> Iterable[Part]:
    yield Heading("Reliability")
    for title, bins, noun in (
        ("Survival", validation.outcome_reliability, "Cases"),
        ("Blocks", validation.member_reliability, "Members"),
    ):
        yield Grid(
            (title, noun, "Said", "Happened", "95 %", ""),
            tuple(map(_reliable, bins)),
            frozenset(range(5)),
        )
    yield Paragraph(
        "95 %: of the share that happened, as far as the number of forecasts goes (Wilson)."
    )


def _reliable(row: Bin) -> tuple[str, ...]:
    low, high = (percent(end) for end in row.interval)
    return (
        f"{100 * row.low:.0f}–{100 * row.high:.0f} %",
        f"{row.count}",
        percent(row.said),
        percent(row.share),
        f"{low} to {high}",
        "" if row.honest else "off",
    )


def _cases(validation: Validation) -> Iterable[Part]:
    yield Heading("Case by case")
    rows = sorted(validation.verdicts, key=lambda row: row.case.happened.date)
    yield Grid(
        ("Decision", "", "Passed", "Said", "", "Blocked by", "Named"),
        tuple(map(_case, rows)),
        frozenset({3}),
        frozenset({0, 5, 6}),
    )
    yield Paragraph(
        "Said: how likely it was to be adopted as first put. D: the members' data alone must tell; "
        "M: a matter of a member's own is written down. Named: those more likely to block than not."
    )
    failed = [sentence for row in rows if (sentence := failure(row))]
    yield Heading(f"What fails: {len(failed)} of {len(rows)}")
    yield Items(tuple(failed)) if failed else Paragraph("Nothing.")


def _case(row: Verdict) -> tuple[str, ...]:
    happened = row.case.happened
    return (
        row.name,
        "D" if happened.basis == "data" else "M",
        "yes" if happened.passed else "no",
        percent(row.forecast.survival),
        "✓" if row.right else "✕",
        " ".join(happened.blockers),
        " ".join(row.named),
    )


def failure(row: Verdict) -> str:
    """What was said wrongly of a case; nothing where all was right."""
    said = percent(row.forecast.survival)
    became = "passed" if row.case.happened.passed else "did not pass"
    wrong = []
    if not row.right:
        wrong.append(f"survival was put at {said}, and it {became}")
    if row.missed:
        who = (f"{iso} ({percent(row.chances[iso])})" for iso in row.missed)
        wrong.append(f"not named: {listed(who)}")
    if row.false_alarms:
        who = (f"{iso} ({percent(row.chances[iso])})" for iso in row.false_alarms)
        wrong.append(f"named and silent: {listed(who)}")
    return f"{row.name}: {'; '.join(wrong)}." if wrong else ""


def _parameters(validation: Validation) -> Iterable[Part]:
    yield Heading("What history says of what all cases share")
    yield Grid(
        ("Parameter", "Prior", "All cases", "Unit"),
        tuple(map(_parameter, validation.fitted)),
        folds=frozenset({1, 2, 3}),
    )
    yield Paragraph(
        "Ranges: one standard deviation of the prior, one standard error by leaving out one case at a "
        "time (jackknife). Each forecast above uses the fit without its own case."
    )
    labels = (f"{row.parameter.name}: {row.parameter.label}." for row in validation.fitted)
    grounds = (row.parameter.judgement for row in validation.fitted)
    yield Items(tuple(f"{label} {ground}" for label, ground in zip(labels, grounds)))


def _parameter(row: Fitted) -> tuple[str, ...]:
    parameter = row.parameter
    prior, band = (f"{low:.3g} to {high:.3g}" for low, high in (row.prior, row.band))
    return (
        parameter.name,
        f"{parameter.centre:.3g} ({prior})",
        f"{row.value:.3g} ({band})",
        parameter.unit,
    )


# The reply ----------------------------------------------------------------------------------------


def _reply(reply: Reply) -> Iterable[Part]:
    """The reply of 26 January 2022, clause by clause: a check in sample."""
    yield Heading("A consistency check in sample: the reply of 26 January 2022")
    yield Paragraph(in_sample(reply))
    yield Grid(
        ("Clause", "", "Reply", "Survives", "Ceiling", ""),
        tuple(map(_answer, reply.answers)),
        frozenset({3, 4}),
        frozenset({1}),
    )
    wrong = [row for row in reply.scored if not row.right]
    yield Paragraph(
        "Ceiling: how much of the text all could live with, exact where every assumption has its "
        "central value; > 1: more than it asks."
    )
    yield Items(tuple(disagrees(row) for row in wrong)) if wrong else Paragraph("None fails.")
    yield Paragraph(order(reply))


def in_sample(reply: Reply) -> str:
    """How far the two agree, and why that proves little."""
    right = sum(bool(row.right) for row in reply.scored)
    return (
        "No validation: whoever coded the stakes knew the reply, and the verdict on an article is a "
        f"reading of reports. Of {counted(len(reply.scored), 'clause')} whose article NATO offered in "
        f"kind or refused, {right} survive or fall accordingly (Brier {reply.brier:.3f}). Talks on an "
        "article are not its text, so the debated are only put in order."
    )


def _answer(row: Answer) -> tuple[str, ...]:
    mark = {True: "✓", False: "✕", None: ""}[row.right]
    return row.clause, row.title, row.verdict, percent(row.survival), ceiling(row), mark


def ceiling(row: Answer) -> str:
    """How much of the text all could live with."""
    return "> 1" if row.ceiling > 1 else f"{row.ceiling:.2f}"


def disagrees(row: Answer) -> str:
    """What the model says against the reply."""
    return (
        f"{row.clause}: its article was {row.verdict}, and it survives in {percent(row.survival)}. "
        f"What the reply did with Article {row.article}, in our words: {row.reply}."
    )


def order(reply: Reply) -> str:
    """How firm the order is when the stakes are others."""
    firm = reply.robustness
    shares = [
        _held(firm.survival, firm.draws, "by the clauses' mean survival"),
        _held(firm.ceiling, firm.draws, "by their mean ceiling"),
        _held(firm.strictly, firm.draws, "clause by clause, without exception,"),
    ]
    low, middle, high = (percent(share) for share in firm.pairs)
    return (
        "The offered above the debated above the refused: when every stake is multiplied at random by "
        f"½ to 2, {firm.draws} times, that order holds {listed(shares)}; "
        "the answers are by article, and the clauses of one article differ. Of two clauses with "
        f"different answers, the more welcome has the higher ceiling in {middle} of pairs "
        f"({low} to {high}), and with the stakes as they are in {percent(reply.order.pairs)}."
    )


def _held(held: int, draws: int, how: str) -> str:
    return f"{how} in {percent(held / draws)}"
