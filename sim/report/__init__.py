"""A report: what was found of a what-if as one document that opens anywhere and asks for nothing.

The same what-if gives the same bytes: there is no date of the day in it, and no name of a machine.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import PurePosixPath
from typing import Any

import jinja2

from sim import story
from sim.report.appendix import appendix
from sim.report.drawing import named_apart
from sim.report.findings import STEPS as STEPS
from sim.report.findings import Findings, Progress, find
from sim.report.pieces import Section
from sim.report.sections import sections
from sim.scenario import Scenario, called, spelled
from sim.story import decisions


@dataclass(frozen=True)
class Report:
    """What was found, and what a terminal calls the scenario."""

    findings: Findings
    name: str
    pins: Mapping[str, Mapping[str, Any]]

    @property
    def sections(self) -> tuple[Section, ...]:
        """All sections in reading order, the findings first."""
        return (*sections(self.findings), *appendix(self.findings, self._lines()))

    def html(self) -> str:
        """The whole as one HTML document, without a script and without a link that loads anything."""
        found = self.findings
        return page(
            found.scenario.about.title,
            found.scenario.about.question,
            f"{story.setting(found.outcome)}. Illustrative, not a forecast.",
            self.sections,
            known=decisions.known_outcome(found.scenario),
        )

    def _lines(self) -> dict[str, str]:
        """What to type to get the same numbers, and the same report, again."""
        scenario, outcome = self.findings.scenario, self.findings.outcome
        assert outcome.seed is not None
        asked = scenario, self.name, outcome.worlds, outcome.seed
        run = story.command(*asked)
        pins = [f"--pin {shlex.quote(_pin(name, self.pins[name]))}" for name in self.pins]
        more = ["--clause", self.findings.clause, *pins]
        again = " ".join([run.replace(" run ", " report ", 1), *more])
        where = f", in the folder of {self.name}" if self.name.endswith(".toml") else ""
        return {
            f"In a terminal{where}": f"{run}\n{again}",
            f"In Python{where}": story.python(*asked),
        }


def _pin(name: str, changes: Mapping[str, Any]) -> str:
    return f"{name}: {spelled(changes)}".strip()


def report(
    scenario: Scenario,
    *,
    name: str | None = None,
    worlds: int = 2000,
    seed: int = 0,
    clause: str | None = None,
    pins: Mapping[str, Mapping[str, Any]] | None = None,
    progress: Progress | None = None,
) -> Report:
    """Work out a report on a scenario as it is changed.

    name: what a terminal calls the scenario; left out, its own if it is shipped, else that of its
    file; clause: the one that is looked at closely, the most telling if left out; pins: other what-ifs
    on the same file, as changes by name.
    `progress` is told how many of the `STEPS` are done.

    Raises OnevetoError where a clause or a pin does not fit.
    """
    found = find(
        scenario, worlds=worlds, seed=seed, clause=clause, pins=pins or {}, progress=progress
    )
    return Report(found, name or called(scenario), pins or {})


def page(
    title: str, question: str, setting: str, sections: Iterable[Section], *, known: str = ""
) -> str:
    """Any sections as one HTML document, which loads nothing and runs nothing; words are escaped.

    The first section is what a reader can skip to; its first sentence stands out.
    """
    return _template().render(
        title=title, question=question, setting=setting, known=known, sections=tuple(sections)
    )


def file_name(scenario: Scenario) -> str:
    """What a report on a scenario is called where nobody says otherwise."""
    return f"{PurePosixPath(scenario.name).name}-report.html"


def _template() -> jinja2.Template:
    home = resources.files("sim.report")
    made = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    made.filters |= {"apart": named_apart}
    made.tests["kind"] = lambda piece, name: type(piece).__name__ == name
    made.globals["style"] = (home / "page.css").read_text("utf-8")
    return made.from_string((home / "page.html.jinja").read_text("utf-8"))
