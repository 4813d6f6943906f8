"""The commands: load, run, print. Libraries are imported inside the commands that need them."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.app import app
from sim.cli.options import (
    Json,
    Quiet,
    ScenarioName,
    Seed,
    Worlds,
    changing,
    naming,
    separate,
    what_ifs,
)
from sim.cli.printing import print_json, show_parts, try_places
from sim.cli.work import progressing
from sim.constants import FLAGSHIP
from sim.errors import OnevetoError, ScenarioError, short

if TYPE_CHECKING:
    from sim.analysis.validation import Validation
    from sim.outcome import Outcome
    from sim.scenario import Scenario


@app.command()
@changing
def run(
    scenario: Scenario,
    worlds: Worlds = 2000,
    seed: Seed = 0,
    central: Annotated[bool, typer.Option("--central", help="One world, no dice.")] = False,
    as_json: Json = False,
    csv: Annotated[Path | None, typer.Option(help="Write the clauses to a CSV file.")] = None,
    parquet: Annotated[Path | None, typer.Option(help="Write them to a Parquet file.")] = None,
    workers: Annotated[int, typer.Option(min=1, max=512, help="Processes to use.")] = 1,
    quiet: Quiet = False,
) -> None:
    """Play a scenario: what survives, and who kills the rest."""
    try_places(csv, parquet)
    outcome = _outcome(scenario, worlds, seed, central, workers, quiet)
    _save(outcome, csv, parquet)
    if as_json:
        print_json(outcome.as_json())
    else:
        from sim import console

        show_parts(console.verdict(outcome))


@app.command()
@changing
def explain(
    scenario: Scenario,
    member: Annotated[str, typer.Argument(help="A member, as POL or Poland.")],
    clause: Annotated[str, typer.Argument(help="A clause, as N5.1.")],
    world: Annotated[int | None, typer.Option(min=0, help="This world, not the central.")] = None,
    seed: Seed = 0,
    as_json: Json = False,
) -> None:
    """Why a member takes its stance, and what would flip it."""
    from sim import console
    from sim.explanation import explain as explained

    why = explained(scenario, member, clause, world=world, seed=seed)
    print_json(why.as_json()) if as_json else show_parts(console.explanation(why))


@app.command()
@changing
def rules(
    scenario: Scenario,
    worlds: Worlds = 2000,
    seed: Seed = 0,
    as_json: Json = False,
) -> None:
    """The same worlds under every rule, side by side."""
    from sim import console, ensemble
    from sim.scenario import rules_of, with_changes

    outcomes = {
        name: ensemble.run(with_changes(scenario, {"rule": name}), worlds=worlds, seed=seed)
        for name in rules_of(scenario)
    }
    if as_json:
        print_json(_by_rule(outcomes))
    else:
        show_parts(console.by_rule(outcomes))


@app.command()
@changing
def play(
    scenario: Scenario,
    world: Annotated[int | None, typer.Option(min=0, help="This world, not the central.")] = None,
    seed: Seed = 0,
    as_json: Json = False,
) -> None:
    """One world, round by round: who said what."""
    from sim import console, replay

    played = replay.play(scenario, world=world, seed=seed)
    print_json(played.as_json()) if as_json else show_parts(console.replayed(played))


@app.command()
def compare(
    first: Annotated[
        str,
        typer.Argument(
            metavar="A", help="A scenario; with changes, in quotes: 'NAME rule=majority LEVER'."
        ),
    ],
    second: Annotated[
        str,
        typer.Argument(
            metavar="B", help="Another; '+LEVER' or '+ADDRESS=VALUE' is A with changes."
        ),
    ],
    worlds: Worlds = 2000,
    seed: Seed = 0,
    as_json: Json = False,
) -> None:
    """Two what-ifs on the same worlds: what flips, and why."""
    from sim import console
    from sim.analysis.compare import compare as compared

    found = compared(*what_ifs(first, second), worlds=worlds, seed=seed)
    print_json(found.as_json()) if as_json else show_parts(console.comparison(found))


@app.command()
@changing
def evidence(
    scenario: Scenario,
    as_json: Json = False,
) -> None:
    """What has been seen of the proposer, and what it tells."""
    from sim import console
    from sim.analysis.evidence import report

    found = report(scenario)
    print_json(found.as_json()) if as_json else show_parts(console.evidence(found))


@app.command()
@changing
def show(
    scenario: Scenario,
    part: Annotated[
        str | None, typer.Argument(help="A clause or a member, as N5.1 or POL.")
    ] = None,
    as_json: Json = False,
) -> None:
    """What a scenario says: as a whole, on a clause, on a member."""
    from sim import console, sheet
    from sim.scenario import part_of

    if part is None:
        print_json(sheet.overview(scenario)) if as_json else show_parts(console.overview(scenario))
        return
    kind, name = part_of(scenario, part)
    views = {
        "clause": (sheet.clause, console.clause),
        "member": (sheet.member, console.member),
    }
    in_json, on_screen = views[kind]
    print_json(in_json(scenario, name)) if as_json else show_parts(on_screen(scenario, name))


@app.command()
@changing
def treaty(
    scenario: Scenario,
    logroll: Annotated[
        float | None,
        typer.Option(
            help="How far good clauses pay for bad ones, 0 to 1; the scenario's if left out."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """How far the treaty could have gone, alone and as a package."""
    from sim import console
    from sim.analysis.treaty import best_treaties

    best = best_treaties(scenario, logroll=logroll)
    print_json(best.as_json()) if as_json else show_parts(console.treaties(best))


@app.command()
@changing
def steps(
    scenario: Scenario,
    both: Annotated[float, typer.Option(help="What each gets when both cooperate.")] = 1.0,
    loss: Annotated[float, typer.Option(help="What is lost by who is cheated.")] = 1.0,
    trustworthy: Annotated[
        float, typer.Option(help="What a trustworthy side would get by cheating.")
    ] = 0.5,
    untrustworthy: Annotated[float, typer.Option(help="What another side gets by cheating.")] = 1.5,
    as_json: Json = False,
) -> None:
    """How large a first step would reassure each member."""
    from sim import console
    from sim.analysis.steps import Payoffs, reassurance

    payoffs = Payoffs(both, loss, trustworthy, untrustworthy)
    table = reassurance(scenario, payoffs=payoffs)
    print_json(table.as_json()) if as_json else show_parts(console.steps(table))


@app.command()
def validate(
    worlds: Worlds = 1024,
    seed: Seed = 0,
    workers: Annotated[int, typer.Option(min=1, max=512, help="Processes to use.")] = 2,
    as_json: Json = False,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="Write the page as Markdown."),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """How well it does on decisions whose outcome is known."""
    from sim import console, tables
    from sim.story import page
    from sim.story import validation as story

    if output:
        tables.try_text(output)
    found = _validation(worlds, seed, workers, quiet)
    parts = story.page(found)
    if output:
        tables.save_text(page.markdown(story.TITLE, parts), output)
        print(f"{output} is written", file=sys.stderr)
    print_json(found.as_json()) if as_json else show_parts(console.page(story.TITLE, parts))


@app.command(name="list")
def list_(as_json: Json = False) -> None:
    """The scenarios that come with oneveto."""
    from sim import scenario as files

    scenarios = [files.load(name) for name in files.names()]
    if as_json:
        rows = [{"name": s.name, "title": s.about.title} for s in scenarios]
        print_json({"schema": 1, "scenarios": rows})
    else:
        from sim import console

        show_parts(console.shelf(scenarios))


@app.command()
def check(
    files: Annotated[list[str], typer.Argument(help="Scenario files or names.", metavar="FILE…")],
    claims: Annotated[bool, typer.Option("--claims", help="Put the claims to the test.")] = False,
    seed: Seed = 0,
    worlds: Worlds = 2000,
) -> None:
    """Check scenario files; with --claims, also their claims."""
    wrong: list[str] = []
    failed = 0
    for name in files:
        try:
            failed += _failed(name, claims, worlds, seed)
        except OnevetoError as error:
            wrong += _problems(name, error)
    if wrong:
        raise OnevetoError("\n".join(wrong))
    if failed:
        raise typer.Exit(1)


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="The new scenario; NAME.toml is written here.")],
    source: Annotated[
        str | None,
        typer.Option(
            "--from", callback=naming, help="Start from this scenario, not from the template."
        ),
    ] = None,
    members: Annotated[
        str | None, typer.Option(metavar="ID,…", callback=naming, help="Only these, as POL,DEU.")
    ] = None,
) -> None:
    """Write a commented scenario to start from."""
    from sim.scenario.new import write

    path = write(name, source, separate([members]) if members else None)
    print(f"{path} is written; try: {program()} run {path}")


@app.command()
def schema() -> None:
    """The JSON Schema of scenario files, for editors."""
    from sim.scenario import schema as schema_of

    print_json(schema_of())


NEXT = {
    f"explain {FLAGSHIP} POL N5.1": "why Poland breaks the silence",
    f"rules {FLAGSHIP}": "the same worlds under every rule",
    f"show {FLAGSHIP}": "the clauses, the members, and what to try",
    "dashboard": "a page in the browser",
}


@app.command()
def demo() -> None:
    """The verdict on the draft treaty of December 2021."""
    from sim import console, ensemble, story
    from sim.scenario import load, with_changes

    scenario = load(FLAGSHIP)
    outcome = ensemble.run(scenario)
    show_parts(console.verdict(outcome))
    majority = ensemble.run(with_changes(scenario, {"rule": "majority"}))
    taken = [
        name for name, share in majority.survival.items() if share >= 0.5 > outcome.survival[name]
    ]
    print(f"\nA majority would take {story.listed(taken)} as well. Next:")
    for command, what in NEXT.items():
        print(f"  {program()} {command}\n      {what}")


@app.command()
def dashboard(
    scenario: ScenarioName = FLAGSHIP,
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")] = 8501,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Open no browser.")] = False,
) -> None:
    """Open a page in the browser; Ctrl+C stops it."""
    from importlib import resources

    from sim import serving
    from sim.scenario import load

    load(scenario)
    serving.check(port)
    page = resources.files("dashboard") / "server.py"
    flags = serving.streamlit(port, no_browser)
    command = [sys.executable, "-m", "streamlit", "run", str(page), *flags, "--", scenario]
    raise typer.Exit(serving.become(command))


# Parts of commands ------------------------------------------------------------------------------


def _outcome(
    scenario: Scenario, worlds: int, seed: int, central: bool, workers: int, quiet: bool
) -> Outcome:
    from sim import ensemble

    if central:
        return ensemble.centre(scenario)
    with progressing(worlds, quiet) as progress:
        return ensemble.run(scenario, worlds=worlds, seed=seed, workers=workers, progress=progress)


def _validation(worlds: int, seed: int, workers: int, quiet: bool) -> Validation:
    from sim.analysis.fitting import POINTS
    from sim.analysis.validation import validate as validated

    with progressing(POINTS, quiet, noun="settings") as progress:
        return validated(worlds=worlds, seed=seed, workers=workers, progress=progress)


def _save(outcome: Outcome, csv: Path | None, parquet: Path | None) -> None:
    if not (csv or parquet):
        return
    from sim import tables

    for path, save in ((csv, tables.save_csv), (parquet, tables.save_parquet)):
        if path:
            save(outcome, path)
            print(f"{path} is written, its manifest beside it", file=sys.stderr)


def _by_rule(outcomes: dict[str, Outcome]) -> dict[str, Any]:
    first = next(iter(outcomes.values())).provenance()
    del first["rule"], first["levers"]["rule"]
    rules = {
        name: {"treaty": outcome.share(outcome.tally.treaty), "clauses": outcome.survival}
        for name, outcome in outcomes.items()
    }
    return {"schema": 1, **first, "rules": rules}


def _failed(name: str, claims: bool, worlds: int, seed: int) -> int:
    """Say of a scenario file that it is fine, and measure its claims if asked: how many failed."""
    from sim.scenario import load, warnings
    from sim.story import counted

    scenario = load(name)
    size = f"{counted(len(scenario.clauses), 'clause')}, {counted(len(scenario.seats), 'member')}"
    print(f"{name}: fine; {size}, {counted(len(scenario.expect), 'claim')}")
    for warning in warnings(scenario):
        print(f"{name}: warning: {warning}", file=sys.stderr)
    failed = _failed_claims(scenario, worlds, seed) if claims else 0
    if failed:
        print(f"{name}: {failed} of the measured claims failed", file=sys.stderr)
    return failed


def _failed_claims(scenario: Scenario, worlds: int, seed: int) -> int:
    from sim import claims, console

    found = list(claims.check(scenario, worlds=worlds, seed=seed))
    show_parts(console.findings(found))
    return sum(not row.holds for row in found)


def _problems(name: str, error: OnevetoError) -> list[str]:
    """What is wrong with a file, under the name by which it was asked for."""
    file, problems = Path(name).name, str(error).splitlines()
    if isinstance(error, ScenarioError) and error.where in (name, file, f"{file}.toml"):
        problems = list(error.problems)
    return [f"{short(name, 120)}: {problem}" for problem in problems]


def program() -> str:
    """What to type for this program: its name where that is found, else what it was started by."""
    if shutil.which("oneveto"):
        return "oneveto"
    if sys.argv[0].endswith(".py"):
        return shlex.join([sys.executable, "-m", "sim.cli"])
    return f'"{sys.argv[0]}"' if " " in sys.argv[0] else sys.argv[0]
