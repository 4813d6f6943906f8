"""What the lesson tells a class is what the model says: its sentences, with the model's numbers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim import load, run, with_changes
from sim.analysis import winning
from sim.outcome import Outcome

TREATY = load("draft-treaty-2021")
TEACHING = Path(__file__).parent.parent / "docs" / "teaching"
LESSON, ANSWERS = (
    " ".join((TEACHING / page).read_text("utf-8").split()) for page in ("lesson.md", "answers.md")
)
FOUR = ("EST", "LTU", "LVA", "POL")


def played(changes: dict[str, Any] | None = None) -> Outcome:
    return run(with_changes(TREATY, changes or {}), worlds=2000, seed=0)


def percent(share: float) -> str:
    return f"{100 * share:.0f}"


def survives(changes: dict[str, Any] | None = None) -> str:
    return percent(played(changes).survival["N5.1"])


def hushed(*members: str) -> str:
    return survives({f"members.{iso}.resolve": 10 for iso in members})


def won(*members: str) -> str:
    return survives(winning.changes(TREATY, members))


def dead(*members: str) -> str:
    """In how many worlds the clause is dead when only these may speak."""
    others = {f"members.{iso}.resolve": 10 for iso in TREATY.seats if iso not in members}
    return percent(1 - played(others).survival["N5.1"])


def kept(changes: dict[str, Any]) -> float:
    rows = played(changes).measures()
    return sum(rows[clause]["delivered"] for clause in TREATY.clauses)


def the_bet() -> list[str]:
    alive = [clause for clause, share in played().survival.items() if share >= 0.5]
    return [f"{len(alive)} of {len(TREATY.clauses)} clauses survive"]


def the_seats() -> list[str]:
    trust = {iso: member.trust.value for iso, member in TREATY.seats.items()}
    return [
        f"it gives Russia a chance of {percent(trust['POL'])} % of keeping its word",
        f"Germany: risk reduction, {percent(trust['DEU'])} %",
        f"On average the thirty give {percent(sum(trust.values()) / len(trust))} %",
    ]


def the_vetoes() -> list[str]:
    first, second, third, fourth = (dead(*FOUR[:count]) for count in range(1, 5))
    often = played().measures()["N5.1"]["blockers"]
    each = [percent(often[iso]) for iso in FOUR]
    one, two, three, four = (hushed(*FOUR[:count]) for count in range(1, 5))
    return [
        f"nor in {first} %: in {second} %.",
        f"After Latvia {third} %, after Poland {fourth} %.",
        f"after each: {first}, {second}, {third}, {fourth} %",
        f"object to N5.1 in {', '.join(each[:3])} and {each[3]} % of worlds",
        f"In {one} % instead of {survives()} %. Three vetoes are left",
        f"With two kept silent {two} %, with three {three} %, with all four {four} %.",
    ]


def the_rules() -> list[str]:
    return [f"N5.1 goes from {survives()} % to {survives({'rule': 'majority'})} %"]


def the_puzzle() -> list[str]:
    three, four, large = won(*FOUR[:3]), won(*FOUR), won("USA", "DEU", "FRA")
    return [
        f"are Estonia, Latvia and Lithuania: {three} %.",
        f"With Poland, four, it survives in {four} %.",
        f"the United States, Germany and France give {large} %.",
        f"In {four} % of worlds. In the rest somebody else objects",
    ]


def the_steps() -> list[str]:
    package, clauses, steps = (kept({"process": kind}) for kind in ("package", "clauses", "steps"))
    back = kept({"evidence.step_back": 1})
    return [
        f"({package:.0f} of 18 kept; one by one {clauses:.1f}). A step back adds {back - clauses:.1f}. "
        f"Small steps add {steps - clauses:.1f}.",
        f"after a step back N5.1 survives in {survives({'evidence.step_back': 1})} % instead of "
        f"{survives()} %",
    ]


def the_sandbox() -> list[str]:
    return [
        f"N5.1 in {survives({'assumptions.cohesion': 0.6})} %. Trust at +1: "
        f"{survives({'assumptions.trust': 1})} %."
    ]


@pytest.mark.parametrize(
    "scene", [the_seats, the_bet, the_vetoes, the_rules, the_puzzle, the_steps, the_sandbox]
)
def test_the_lesson_says_what_the_model_says(scene: Callable[[], list[str]]):
    for sentence in scene():
        assert sentence in LESSON, f"lesson.md lacks: {sentence}"


SETS = {
    "Germany, France, Italy": ("DEU", "FRA", "ITA"),
    "United States, Germany, France": ("USA", "DEU", "FRA"),
    "Estonia, Lithuania": FOUR[:2],
    "Estonia, Poland, United States": ("EST", "POL", "USA"),
    "Lithuania, Latvia, Poland": FOUR[1:],
    "Estonia, Lithuania, Poland": ("EST", "LTU", "POL"),
    "Estonia, Lithuania, Latvia": FOUR[:3],
    "all four": FOUR,
}


@pytest.mark.parametrize("names", SETS)
def test_the_table_for_the_board_says_what_the_model_says(names):
    assert f"| {names} | {won(*SETS[names])} % |" in ANSWERS
