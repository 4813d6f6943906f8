"""What hangs on the council: its rule, its size, who sits in it, and who would do without it."""

from __future__ import annotations

import numpy as np
import streamlit as st

from dashboard import pictures, results, work
from dashboard.question import Question
from dashboard.views import baselines
from sim import charts, story
from sim.analysis.table import Alone, heard_at_once
from sim.errors import OnevetoError
from sim.outcome import Outcome
from sim.scenario import Scenario, rules_of


def show(question: Question) -> None:
    """The same worlds under every rule, beside other schools, at smaller tables, and without some."""
    _under_rules(question)
    baselines.section(question)
    _growth(question)
    _without(question)
    _alone(question)


# The same worlds under every rule -----------------------------------------------------------------


def _under_rules(question: Question) -> None:
    asked = question.what_if
    scenario = results.scenario(asked)
    st.subheader("The same worlds under every rule")
    names = rules_of(scenario)
    found = work.gathered(
        "rules.under",
        asked,
        names,
        lambda rule: results.beside(asked, results.under(asked, rule)),
        "Playing the same worlds under every rule",
    )
    if found is None:
        return
    outcomes, now = dict(zip(names, found)), scenario.rule.name
    st.markdown(f"**{story.by_rule(outcomes)}**")
    pictures.show(
        charts.under_rules(outcomes, now),
        "rules.picture",
        f"How often each clause survives under each rule. {story.by_rule(outcomes)}",
    )
    st.caption(
        "Per cent of worlds in which a clause survives, the same worlds in every column "
        f"({story.played(outcomes[now])}); ▸ marks the rule in force here. "
        f"{story.other_rules_are(scenario)} {_same_text(scenario)}"
    )
    with st.expander("What each rule means, and what it changes"):
        st.markdown("\n".join(_meanings(outcomes, now)))


def _same_text(scenario: Scenario) -> str:
    """How far members say the same under all rules."""
    if scenario.process.rounds > 1 or len(scenario.stages) > 1:
        return "What is adopted early changes what members see and what is tabled later."
    return (
        "Members judge the text in the same way under all of them; only where a few decide alone, "
        "these consult nobody else."
    )


def _meanings(outcomes: dict[str, Outcome], now: str) -> list[str]:
    """One line a rule: its name, what it means, what it changes against the one in force."""
    scenario = outcomes[now].scenario
    return [
        f"- **{story.rule_title(scenario, rule)}** (`{rule}`): {story.rule_meaning(scenario, rule)} "
        + ("The rule in force here." if rule == now else f"Against that in force, {changed}.")
        for rule, outcome in outcomes.items()
        if (changed := story.against(outcomes[now], outcome))
    ]


# The size of the table ----------------------------------------------------------------------------


def _growth(question: Question) -> None:
    grown = results.growth(results.under(question.what_if, "consensus"))
    clause = question.clause
    title = grown.scenario.clauses[clause].title
    st.subheader(f"Consensus on {clause} as the table grows")
    said = story.growth(grown, clause)
    st.markdown(f"**{said}**")
    pictures.show(
        charts.growth(grown, clause),
        "rules.growth",
        f"The chance that nobody objects to {clause}, by the number of members. {said}",
    )
    st.caption(
        f"{clause}: {title}. Blue: members taken at random from these {grown.members}, each with the "
        "stance that it took in the whole council. In a smaller council they would have consulted fewer "
        "others and might have spoken differently; that is left out here. Grey: what it would be if "
        "members objected independently of each other, all at the mean rate. The line across is a half. "
        "This is about consensus, whatever rule is in force."
    )


# Without one member -------------------------------------------------------------------------------


def _without(question: Question) -> None:
    asked, member = question.what_if, question.member
    whole = results.outcome(asked)
    name = story.member_name(whole.scenario, member)
    st.subheader(f"With and without {name}")
    if reason := story.decides_alone(whole.scenario, member):
        st.info(reason)
        return
    try:
        rest = results.beside(asked, results.without(asked, member))
    except OnevetoError as error:
        st.info(f"{name} cannot be taken away here: {error}")
        return
    said = f"{story.without(whole, rest, member)} {story.moved(whole, rest, question.clause)}"
    st.markdown(f"**{said}**")
    pictures.show(
        charts.without(whole, rest, member),
        "rules.without",
        f"How often each clause survives with {name} at the table and without. {said}",
    )
    st.caption(
        f"The same worlds with {len(whole.scenario.seats)} members and with {len(rest.scenario.seats)}, "
        f"under the same rule; those who stay consult each other without {name}."
    )


# Without any treaty -------------------------------------------------------------------------------


def _alone(question: Question) -> None:
    member, clause = question.member, question.clause
    proposer = story.proposer_name(results.scenario(question.what_if))
    st.subheader(f"Without any treaty: one member alone with {proposer}")
    found = _found_alone(question)
    if found is None:
        return
    said = f"{story.willing(found, clause)} {story.alone(found, member)}"
    st.markdown(f"**{said}**")
    pictures.show(
        charts.alone(found, member),
        "rules.alone",
        f"In how many worlds each member alone would let each clause stand. {said}",
    )
    st.caption(
        f"One row a member, as if it sat alone with {proposer} and nobody else had a say: it consults "
        "nobody and speaks its own mind. Willing is not able: whether a member has in its own hands "
        "what a clause asks for is not in the model. "
        f"▸ marks {story.member_name(found.scenario, member)}."
    )


def _found_alone(question: Question) -> Alone | None:
    """From one run where that tells, else played for one member after the other."""
    asked = results.under(question.what_if, "consensus")  # the rule makes no difference here
    scenario = results.scenario(asked)
    if heard_at_once(scenario):
        return results.alone(asked)
    rows = work.gathered(
        "rules.alone",
        asked,
        list(scenario.seats),
        lambda iso: results.alone_with(asked, iso),
        "Playing every member alone with the proposer",
    )
    return None if rows is None else Alone(scenario, asked.seed, asked.worlds, np.array(rows))
