"""How to get the same numbers again, in a terminal and in Python."""

from __future__ import annotations

import shlex

from sim.scenario import Scenario, spelled


def command(scenario: Scenario, name: str, worlds: int, seed: int) -> str:
    """The command line of a what-if; `name` is what a terminal calls the scenario."""
    words = ["oneveto", "run", name, *changing(scenario)]
    return shlex.join([*words, "--worlds", str(worlds), "--seed", str(seed)])


def changing(scenario: Scenario) -> list[str]:
    """The words of a command line that change a scenario as it was changed."""
    return [
        word
        for address, value in scenario.changes.items()
        for word in ("--set", shlex.split(spelled({address: value}))[0])
    ]


def python(scenario: Scenario, name: str, worlds: int, seed: int) -> str:
    """The same in Python."""
    changes = "".join(f"    {key!r}: {value!r},\n" for key, value in scenario.changes.items())
    asked = f"with_changes(load({name!r}), {{\n{changes}}})" if changes else f"load({name!r})"
    return (
        f"from sim import load, run{', with_changes' if changes else ''}\n\n"
        f"scenario = {asked}\n"
        f"outcome = run(scenario, worlds={worlds}, seed={seed})\n"
        "outcome.survival"
    )
