"""Round by round in one world and in all, three processes side by side, and where all could meet."""

from __future__ import annotations

import streamlit as st

from dashboard import controls, pictures, results, work
from dashboard.question import Question, WhatIf
from sim import charts, story
from sim.analysis import processes
from sim.analysis.rounds import Turn
from sim.errors import OnevetoError
from sim.replay import Replay, Round
from sim.scenario import Scenario

SIX = {"process.rounds": 6}
"""What is played on request where a what-if has a single round."""

LIST = 4
"""Groups of objectors that are shown at once; the others are folded away."""


def show(question: Question) -> None:
    """The whole page, from one world to all of them, to other processes, to the best treaty."""
    _headline(question.what_if)
    st.subheader("One world, round by round", anchor=False)
    one_world(question)
    st.subheader("All worlds, round by round", anchor=False)
    all_worlds(question)
    st.subheader("Clause by clause, one package, or steps", anchor=False)
    side_by_side(question.what_if)
    st.subheader("Where all could meet", anchor=False)
    meeting(question.what_if)


def _headline(asked: WhatIf) -> None:
    """What the rounds bring, and a way to more of them where there is one."""
    scenario, found = results.scenario(asked), results.rounds(asked)
    several = scenario.process.rounds > 1
    headline = story.gained(found) if several else story.single_round(scenario)
    st.markdown(f"##### {headline} {story.taken_back(found)}".rstrip())
    st.caption(f"{story.manner(scenario)}.")
    if not several:
        st.button(
            "Play six rounds",
            on_click=controls.write,
            args=(SIX, results.file(asked.name)),
            help="Blocked clauses come back, each time a little lower; undo takes it back.",
        )


# One world ---------------------------------------------------------------------------------------


@st.fragment
def one_world(asked: Question) -> None:
    """One world: what is on the table in a round, who breaks the silence, what members believe."""
    left, right = st.columns(2, gap="medium", vertical_alignment="bottom")
    with left:
        world = _world(asked.what_if)
    found = results.rounds_of_one(asked.what_if, world)
    played = results.replay(asked.what_if, world)
    with right:
        now = _turn(found.scenario, found.turns)
    left, right = st.columns(2, gap="medium")
    with left:
        pictures.show(
            charts.course(found, now),
            "course_of_one",
            "For each clause and round, the level on the table and whether it is adopted then",
        )
        st.caption(
            "Numbers, where there is room: the level on the table, 1 as drafted. ✓ adopted in this "
            "round, ✕ refused; plain blue: it stands already. The frame is the round that is looked at. "
            + _where(asked.what_if, world)
        )
    with right:
        _round(played, _row(played, now))
        if not found.scenario.at_its_word:
            pictures.show(
                charts.beliefs(found, now),
                "beliefs_of_one",
                "Average belief of the members in each type of proposer, round by round, in this world",
            )
        st.caption(story.beliefs(played, _row(played, now)))
        st.markdown(f"**The end.** {story.ending(played)}")


def _row(played: Replay, turn: Turn) -> Round:
    """The same round in the replay, which knows every member."""
    return next(
        row for row in played.rounds if (row.stage, row.number) == (turn.stage, turn.number)
    )


def _world(asked: WhatIf) -> int | None:
    """The world that is looked at; None for the central one."""
    kind = st.segmented_control(
        "Which world",
        ["The central one", "One with dice"],
        default="The central one",
        required=True,
        key="which",
        bind="query-params",
    )
    if kind != "One with dice":
        return None
    return int(
        st.number_input(
            f"World, of {asked.worlds:,}",
            0,
            asked.worlds - 1,
            min(3, asked.worlds - 1),
            key="world",
            bind="query-params",
            help="Every world is one draw of everything that nobody knows for sure.",
        )
    )


def _where(asked: WhatIf, world: int | None) -> str:
    if world is None:
        return "Every assumption has its central value; no dice."
    return f"World {world:,} of seed {asked.seed}."


def _turn(scenario: Scenario, turns: tuple[Turn, ...]) -> Turn:
    """The round that is looked at: the only one, or the one chosen."""
    names = {_named(scenario, turn): turn for turn in turns}
    if len(names) == 1:
        return turns[0]
    if st.session_state.get("round", "") not in ["", *names]:  # of another negotiation
        del st.session_state["round"]
    return names[str(st.select_slider("Round", list(names), key="round", bind="query-params"))]


def _named(scenario: Scenario, turn: Turn) -> str:
    one = len(scenario.stages) == 1
    return f"{turn.number}" if one else f"step {turn.stage}, round {turn.number}"


def _round(played: Replay, row: Round) -> None:
    """What is on the table, what is adopted, and who breaks the silence on the rest."""
    title = story.stage_title(played, row.stage)
    stage = f"**{title}.** " if title else ""
    st.markdown(
        f"{stage}Round {row.number} of {played.scenario.process.rounds}. "
        f"{story.on_the_table(played, row)}"
    )
    lines = [f"✓ adopted: {story.listed(row.adopted)}"] if row.adopted else []
    lines += [f"✕ {names}: {who}" for names, who in story.blocked(played, row)]
    st.markdown("\n".join(f"- {line}" for line in lines[:LIST]))
    if lines[LIST:]:
        with st.expander(f"{len(lines) - LIST} more"):
            st.markdown("\n".join(f"- {line}" for line in lines[LIST:]))


# All worlds --------------------------------------------------------------------------------------


def all_worlds(asked: Question) -> None:
    """All worlds: what is adopted by when, who breaks the silence on a clause, what is believed."""
    found = results.rounds(asked.what_if)
    where = f"{found.worlds:,} worlds, seed {found.seed}"
    left, right = st.columns(2, gap="medium")
    with left:
        pictures.show(
            charts.course(found),
            "course_of_all",
            "For each clause and round, the share of worlds in which it has been adopted by then",
        )
        st.caption(
            "Colour: how often the clause has been adopted by then. Numbers, where there is room: the "
            f"level in the middle of the worlds in which it is still on the table. {where}."
        )
    with right:
        _refusals(asked)
        st.markdown(story.beliefs_moved(found))
        if not found.scenario.at_its_word:
            pictures.show(
                charts.beliefs(found),
                "beliefs_of_all",
                "Average belief of the members in each type of proposer, round by round, in all worlds",
            )
            st.caption(f"Shades: where the members' average lies in nine of ten worlds. {where}.")


def _refusals(asked: Question) -> None:
    """Who breaks the silence on the clause that is looked at."""
    found = results.rounds(asked.what_if)
    st.markdown(story.refusing(found, asked.clause))
    picture = charts.refusals(found, asked.clause)
    if picture is None:
        return
    pictures.show(
        picture,
        "refusals",
        f"For each member and round, how often it breaks the silence on {asked.clause}.",
    )
    st.caption(
        "In how many worlds a member breaks the silence while the clause is on the table, where that is "
        "one in a hundred or more. Another clause: choose it in the side bar."
    )


# Side by side ------------------------------------------------------------------------------------


def side_by_side(asked: WhatIf) -> None:
    """The same worlds in three processes, as things stand and after a step back."""
    scenario = results.scenario(asked)
    found = work.gathered("processes", asked, _ways(asked), _reached, "Playing every process")
    if not found:
        return
    st.markdown(f"{story.side_by_side(found)} {story.no_steps(scenario)}".strip())
    left, right = st.columns(2, gap="medium")
    with left:
        pictures.show(
            charts.standing(found),
            "standing",
            "How many clauses survive in each process, and how many of them are kept",
        )
        back = scenario.levers.get(processes.STEP_BACK)
        meant = f" The step back is the scenario's own: {back.title}." if back else ""
        st.caption(
            "Pale bar: clauses that survive, on average over worlds. Full bar: those that are kept as "
            f"well.{meant}"
        )
    with right:
        pictures.show(
            charts.processes([way for way in found if not way.back], scenario),
            "processes",
            "For each clause and process, how often it survives and how often it is kept",
        )
        st.caption(
            "How often a clause survives, and its level in the middle of worlds; below, how often it is "
            f"adopted and kept. {asked.worlds:,} worlds, seed {asked.seed}, the same in every column."
        )


def _ways(asked: WhatIf) -> list[tuple[WhatIf, bool]]:
    """The what-if in every process it allows, as it is and after the step back if there is one."""
    scenario = results.scenario(asked)
    kinds, back = processes.possible(scenario), processes.step_back(scenario)
    plain = [(asked.but({"process.kind": kind}), False) for kind in kinds]
    return plain + [(way.but(back), True) for way, _ in plain if back]


def _reached(way: tuple[WhatIf, bool]) -> processes.Process:
    return results.process(*way)


# Zones -------------------------------------------------------------------------------------------


def meeting(asked: WhatIf) -> None:
    """Where proposer and members could meet, and the best treaties that all could accept."""
    try:
        best = results.treaties(asked)
    except OnevetoError as error:
        st.warning(str(error))
        return
    st.markdown(f"{story.meeting(best)} {story.furthest(best)}")
    pictures.show(
        charts.zones(best),
        "zones",
        "The zone of possible agreement of each clause, and the best treaties",
    )
    proposer = story.proposer_name(best.scenario)
    st.caption(
        f"In the central world. Bar: from what {proposer} would settle for to the lowest "
        "ceiling of those who decide. Dashed: no level suits both; the name is whose ceiling stands in "
        f"between. The best treaties are the best for {proposer} that the members would let pass: each "
        "clause by itself, one package, and a package without clauses below their least level. They may "
        f"go below what {proposer} would settle for. What a clause is worth to {proposer} is a "
        "judgement: its largest cost to the members."
    )
