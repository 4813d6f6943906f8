"""The command line: load, run, print. Data goes to standard output, everything else to error.

Libraries are imported inside the commands that need them, so that `oneveto --help` answers at once.
"""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.constants import FLAGSHIP, MOST
from sim.errors import OnevetoError, RequestError, ScenarioError, short

if TYPE_CHECKING:
    from sim.outcome import Outcome
    from sim.scenario import Scenario

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _whole(typed: str | int) -> int:
    """A whole number from 1, typed with or without separators between thousands."""
    text = str(typed)
    if not re.fullmatch(r"\d+|\d{1,3}([,_]\d{3})+", text):
        raise typer.BadParameter(
            f"`{short(text, 30)}` is no whole number; write it in digits, as 2000"
        )
    number = int(re.sub("[,_]", "", text)[:30])
    if not 1 <= number <= MOST:
        raise typer.BadParameter(f"`{short(text, 30)}` is not between 1 and {MOST:,}")
    return number


def _naming(typed: str | list[str] | None) -> str | list[str] | None:
    """An option that names something must not be given empty."""
    words = [typed] if isinstance(typed, str) else typed or []
    if not all(word.replace(",", " ").strip() for word in words):
        raise typer.BadParameter("it names nothing; write a name, or leave the option out")
    return typed


ScenarioName = Annotated[str, typer.Argument(help="A shipped scenario by name, or a file.")]
Worlds = Annotated[int, typer.Option(parser=_whole, metavar="N", help="How many worlds to play.")]
Seed = Annotated[int, typer.Option(min=0, help="Seed of the dice, a whole number from 0.")]
RuleName = Annotated[
    str | None,
    typer.Option(
        "--rule",
        metavar="RULE",
        callback=_naming,
        help="Another rule: consensus, consensus-2, affirmative, majority, qualified, weighted, "
        "entry-into-force or only:USA; `oneveto rules` says what they mean.",
    ),
]
Sets = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="ADDRESS=VALUE", help="Change one number; may be repeated."),
]
Levers = Annotated[
    list[str] | None,
    typer.Option(
        "--lever",
        metavar="NAME,…",
        callback=_naming,
        help="Pull levers that the scenario suggests; separate with commas, or repeat.",
    ),
]
Drops = Annotated[
    list[str] | None,
    typer.Option(
        "--drop",
        metavar="ID,…",
        callback=_naming,
        help="Leave members out; separate with commas, or repeat.",
    ),
]
Roster = Annotated[
    str | None,
    typer.Option("--members", callback=_naming, help="Another roster, or the year of one."),
]
Process = Annotated[
    str | None,
    typer.Option("--process", metavar="KIND", help="Another process: clauses, package or steps."),
]
Rounds = Annotated[
    int | None, typer.Option("--rounds", metavar="N", help="How often blocked clauses come back.")
]
TrueType = Annotated[
    str | None,
    typer.Option(
        "--true-type",
        metavar="TYPE",
        help="What the proposer is in truth: security_seeker, expansionist or pretext_seeker.",
    ),
]
EvidenceOf = Annotated[
    list[str] | None,
    typer.Option(
        "--evidence",
        metavar="ITEM=COUNT",
        help="How often an item of evidence counts, or until=DATE; may be repeated.",
    ),
]
Budget = Annotated[
    float | None,
    typer.Option("--budget", metavar="AMOUNT", help="Side payments that may buy silence."),
]
Public = Annotated[
    bool | None,
    typer.Option("--public/--private", help="Table the demands in public, or in private."),
]
Opening = Annotated[
    float | None,
    typer.Option(
        "--opening", metavar="SHARE", help="Open with this share of the draft; .6 is moderate."
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress.")]


def _version(wanted: bool) -> None:
    if wanted:
        from importlib import metadata

        print(f"oneveto {metadata.version('oneveto')}")
        raise typer.Exit()


@app.callback()
def oneveto(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """Which clauses of a treaty survive when every member must consent, and who kills the rest."""


@app.command()
def run(
    scenario: ScenarioName,
    worlds: Worlds = 2000,
    seed: Seed = 0,
    rule: RuleName = None,
    changes: Sets = None,
    lever: Levers = None,
    drop: Drops = None,
    members: Roster = None,
    process: Process = None,
    rounds: Rounds = None,
    true_type: TrueType = None,
    evidence: EvidenceOf = None,
    budget: Budget = None,
    public: Public = None,
    opening: Opening = None,
    central: Annotated[bool, typer.Option("--central", help="One world, no dice.")] = False,
    as_json: Json = False,
    csv: Annotated[Path | None, typer.Option(help="Write the clauses to a CSV file.")] = None,
    parquet: Annotated[Path | None, typer.Option(help="Write them to a Parquet file.")] = None,
    workers: Annotated[int, typer.Option(min=1, max=512, help="Processes to use.")] = 1,
    quiet: Quiet = False,
) -> None:
    """Play a scenario: what survives, and who kills the rest."""
    changed = _changed(scenario, rule, changes, lever, drop, members)
    changed = _bargained(changed, process, rounds, true_type, evidence, budget, public, opening)
    _try_places(csv, parquet)
    outcome = _outcome(changed, worlds, seed, central, workers, quiet)
    _save(outcome, csv, parquet)
    if as_json:
        _print_json(outcome.as_json())
    else:
        from sim import console

        _show(console.verdict(outcome))


@app.command()
def explain(
    scenario: ScenarioName,
    member: Annotated[str, typer.Argument(help="A member, as POL or Poland.")],
    clause: Annotated[str, typer.Argument(help="A clause, as N5.1.")],
    world: Annotated[int | None, typer.Option(min=0, help="This world, not the central.")] = None,
    seed: Seed = 0,
    rule: RuleName = None,
    changes: Sets = None,
    lever: Levers = None,
    drop: Drops = None,
    members: Roster = None,
    as_json: Json = False,
) -> None:
    """Why a member takes its stance, and what would flip it."""
    from sim import console
    from sim.explanation import explain as explained

    changed = _changed(scenario, rule, changes, lever, drop, members)
    why = explained(changed, member, clause, world=world, seed=seed)
    _print_json(why.as_json()) if as_json else _show(console.explanation(why))


@app.command()
def rules(
    scenario: ScenarioName,
    worlds: Worlds = 2000,
    seed: Seed = 0,
    changes: Sets = None,
    lever: Levers = None,
    drop: Drops = None,
    members: Roster = None,
    as_json: Json = False,
) -> None:
    """The same worlds under every rule, side by side."""
    from sim import console, ensemble
    from sim.scenario import with_changes

    changed = _changed(scenario, None, changes, lever, drop, members)
    outcomes = {
        name: ensemble.run(with_changes(changed, {"rule": name}), worlds=worlds, seed=seed)
        for name in _rules_of(changed)
    }
    if as_json:
        _print_json(_by_rule(outcomes))
    else:
        _show(console.by_rule(outcomes))


@app.command()
def play(
    scenario: ScenarioName,
    world: Annotated[int | None, typer.Option(min=0, help="This world, not the central.")] = None,
    seed: Seed = 0,
    rule: RuleName = None,
    changes: Sets = None,
    lever: Levers = None,
    drop: Drops = None,
    members: Roster = None,
    process: Process = None,
    rounds: Rounds = None,
    true_type: TrueType = None,
    evidence: EvidenceOf = None,
    budget: Budget = None,
    public: Public = None,
    opening: Opening = None,
    as_json: Json = False,
) -> None:
    """One world, round by round: who said what, and why."""
    from sim import console, replay

    changed = _changed(scenario, rule, changes, lever, drop, members)
    changed = _bargained(changed, process, rounds, true_type, evidence, budget, public, opening)
    played = replay.play(changed, world=world, seed=seed)
    _print_json(played.as_json()) if as_json else _show(console.replayed(played))


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

    second = _relative(first, second)
    found = compared(_what_if(first), _what_if(second), worlds=worlds, seed=seed)
    _print_json(found.as_json()) if as_json else _show(console.comparison(found))


@app.command()
def evidence(
    scenario: ScenarioName,
    changes: Sets = None,
    lever: Levers = None,
    items: EvidenceOf = None,
    as_json: Json = False,
) -> None:
    """What has been seen of the proposer, and what it tells."""
    from sim import console
    from sim.analysis.evidence import report

    changed = _changed(scenario, None, changes, lever, None, None)
    changed = _bargained(changed, None, None, None, items, None, None, None)
    found = report(changed)
    _print_json(found.as_json()) if as_json else _show(console.evidence(found))


@app.command()
def show(
    scenario: ScenarioName,
    part: Annotated[
        str | None, typer.Argument(help="A clause or a member, as N5.1 or POL.")
    ] = None,
    members: Roster = None,
    as_json: Json = False,
) -> None:
    """What a scenario says: as a whole, on a clause, on a member."""
    from sim import console, sheet
    from sim.scenario import part_of

    changed = _changed(scenario, None, None, None, None, members)
    if part is None:
        _print_json(sheet.overview(changed)) if as_json else _show(console.overview(changed))
        return
    kind, name = part_of(changed, part)
    views = {
        "clause": (sheet.clause, console.clause),
        "member": (sheet.member, console.member),
    }
    in_json, on_screen = views[kind]
    _print_json(in_json(changed, name)) if as_json else _show(on_screen(changed, name))


@app.command()
def treaty(
    scenario: ScenarioName,
    logroll: Annotated[
        float | None,
        typer.Option(
            help="How far good clauses pay for bad ones, 0 to 1; the scenario's if left out."
        ),
    ] = None,
    rule: RuleName = None,
    changes: Sets = None,
    lever: Levers = None,
    drop: Drops = None,
    members: Roster = None,
    as_json: Json = False,
) -> None:
    """How far the treaty could have gone, alone and as a package."""
    from sim import console
    from sim.analysis.treaty import best_treaties

    changed = _changed(scenario, rule, changes, lever, drop, members)
    best = best_treaties(changed, logroll=logroll)
    _print_json(best.as_json()) if as_json else _show(console.treaties(best))


@app.command()
def steps(
    scenario: ScenarioName,
    both: Annotated[float, typer.Option(help="What each gets when both cooperate.")] = 1.0,
    loss: Annotated[float, typer.Option(help="What is lost by who is cheated.")] = 1.0,
    trustworthy: Annotated[
        float, typer.Option(help="What a trustworthy side would get by cheating.")
    ] = 0.5,
    untrustworthy: Annotated[float, typer.Option(help="What another side gets by cheating.")] = 1.5,
    changes: Sets = None,
    lever: Levers = None,
    drop: Drops = None,
    members: Roster = None,
    as_json: Json = False,
) -> None:
    """How large a first step would reassure each member."""
    from sim import console
    from sim.analysis.steps import Payoffs, reassurance

    payoffs = Payoffs(both, loss, trustworthy, untrustworthy)
    table = reassurance(_changed(scenario, None, changes, lever, drop, members), payoffs=payoffs)
    _print_json(table.as_json()) if as_json else _show(console.steps(table))


@app.command(name="list")
def list_(as_json: Json = False) -> None:
    """The scenarios that come with oneveto."""
    from sim import scenario as files

    scenarios = [files.load(name) for name in files.names()]
    if as_json:
        rows = [{"name": s.name, "title": s.about.title} for s in scenarios]
        _print_json({"schema": 1, "scenarios": rows})
    else:
        from sim import console

        _show(console.shelf(scenarios))


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
            "--from", callback=_naming, help="Start from this scenario, not from the template."
        ),
    ] = None,
    members: Annotated[
        str | None, typer.Option(metavar="ID,…", callback=_naming, help="Only these, as POL,DEU.")
    ] = None,
) -> None:
    """Write a commented scenario to start from."""
    from sim.scenario.new import write

    path = write(name, source, _separate([members]) if members else None)
    print(f"{path} is written; try: {_program()} run {path}")


@app.command()
def schema() -> None:
    """The JSON Schema of scenario files, for editors."""
    from sim.scenario import schema as schema_of

    _print_json(schema_of())


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
    _show(console.verdict(outcome))
    majority = ensemble.run(with_changes(scenario, {"rule": "majority"}))
    taken = [
        name for name, share in majority.survival.items() if share >= 0.5 > outcome.survival[name]
    ]
    print(f"\nA majority would take {story.listed(taken)} as well. Next:")
    for command, what in NEXT.items():
        print(f"  {_program()} {command}\n      {what}")


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
    page = resources.files("dashboard") / "app.py"
    options = {
        "server.port": port,
        "server.address": "127.0.0.1",
        "server.headless": str(no_browser).lower(),
        "browser.gatherUsageStats": "false",
        "client.toolbarMode": "minimal",
    }
    flags = [f"--{name}={value}" for name, value in options.items()]
    command = [sys.executable, "-m", "streamlit", "run", str(page), *flags, "--", scenario]
    raise typer.Exit(serving.become(command))


# Parts of commands ------------------------------------------------------------------------------


def _changed(
    name: str,
    rule: str | None,
    changes: list[str] | None,
    levers: list[str] | None,
    drop: list[str] | None,
    members: str | None,
) -> Scenario:
    """The scenario with everything that the command line changes."""
    from sim.scenario import load, parse, with_changes

    scenario = load(name)
    wanted: dict[str, Any] = {"members.roster": members} if members else {}
    for lever in _separate(levers):
        wanted |= _lever(scenario, lever)
    if drop:
        wanted["members.drop"] = [*scenario.members.drop, *_separate(drop)]
    typed = dict(parse(assignment) for assignment in changes or [])
    wanted |= _rule(rule, typed) | typed
    return with_changes(scenario, wanted) if wanted else scenario


def _bargained(
    scenario: Scenario,
    process: str | None,
    rounds: int | None,
    true_type: str | None,
    evidence: list[str] | None,
    budget: float | None,
    public: bool | None,
    opening: float | None,
) -> Scenario:
    """The scenario with another process, another proposer or other evidence."""
    from sim import scenario as moves
    from sim.scenario import with_changes

    given = {
        "process.kind": process,
        "process.rounds": rounds,
        "proposer.true_type": true_type,
        "proposer.budget": budget,
    }
    wanted: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    wanted |= {} if public is None else moves.publicity(scenario, float(public))
    wanted |= {} if opening is None else moves.opening(scenario, opening)
    for text in evidence or []:
        wanted |= moves.evidence(scenario, text)
    return with_changes(scenario, scenario.changes | wanted) if wanted else scenario


def _relative(first: str, second: str) -> str:
    """The second what-if in full: with a plus, a change or a lever in front it is the first, changed."""
    from sim.scenario import load

    word = second.strip().partition(" ")[0]
    names = {*load(first.partition(" ")[0]).levers} if first.strip() else set()
    if word.startswith("+") or "=" in word or word in names:
        return f"{first} {second.strip()}" if word != "+" else f"{first} + {second.strip()[1:]}"
    return second


def _what_if(text: str) -> Scenario:
    """A scenario and what changes it, in one word or several: levers and ADDRESS=VALUE."""
    name, *words = (word.removeprefix("+") for word in text.split() or [""])
    if not name or not all(words):
        raise RequestError(
            "nothing to compare; write a scenario, as NAME or 'NAME LEVER rule=majority', or '+LEVER' "
            "for the first with a change"
        )
    changes = [word for word in words if "=" in word]
    return _changed(name, None, changes, [word for word in words if "=" not in word], None, None)


def _separate(words: Iterable[str] | None) -> list[str]:
    """Words that were given one by one, or several with commas between them."""
    parts = (part.strip() for word in words or () for part in word.split(","))
    return [part for part in parts if part]


def _rule(rule: str | None, typed: dict[str, Any]) -> dict[str, Any]:
    """The rule of `--rule`; `--set` must not name another."""
    for address in ("rule", "rule.name"):
        if rule and typed.get(address, rule) != rule:
            raise RequestError(
                f"`--rule {rule}` and `--set {address}={typed[address]}` are two rules; give one"
            )
    return {"rule": rule} if rule else {}


def _lever(scenario: Scenario, name: str) -> dict[str, Any]:
    from sim.errors import did_you_mean

    if name not in scenario.levers:
        hint = did_you_mean(name, scenario.levers)
        raise RequestError(f"{scenario.name} has no lever `{name}`. {hint}".rstrip())
    return scenario.levers[name].set


def _outcome(
    scenario: Scenario, worlds: int, seed: int, central: bool, workers: int, quiet: bool
) -> Outcome:
    from sim import console, ensemble

    if central:
        return ensemble.centre(scenario)
    with console.progress() as bars:
        task = None if quiet else bars.add_task("", total=worlds)

        def progress(done: int) -> None:
            if task is not None:
                bars.update(task, completed=done)

        return ensemble.run(scenario, worlds=worlds, seed=seed, workers=workers, progress=progress)


def _try_places(*paths: Path | None) -> None:
    """Whether results can be written, before they are worked out."""
    given = [path for path in paths if path]
    if not given:
        return
    from sim import tables

    if len({path.absolute() for path in given}) < len(given):
        raise RequestError(f"--csv and --parquet both name {given[0]}; name two files")
    for path in given:
        tables.try_place(path)


def _save(outcome: Outcome, csv: Path | None, parquet: Path | None) -> None:
    if not (csv or parquet):
        return
    from sim import tables

    for path, save in ((csv, tables.save_csv), (parquet, tables.save_parquet)):
        if path:
            save(outcome, path)
            print(f"{path} is written, its manifest beside it", file=sys.stderr)


def _rules_of(scenario: Scenario) -> list[str]:
    """Every rule that fits the scenario; `only` its most populous member."""
    largest = max(scenario.seats, key=lambda iso: scenario.seats[iso].population)
    names = ["consensus", "consensus-2", "majority", "qualified", "affirmative"]
    names += ["entry-into-force", f"only:{largest}"]
    names += ["weighted"] if scenario.rule.weighted else []
    own = [scenario.rule.name] if scenario.rule.name not in names else []
    fits = len(scenario.seats) > 2
    return [name for name in own + names if fits or name != "consensus-2"]


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
    _show(console.findings(found))
    return sum(not row.holds for row in found)


def _problems(name: str, error: OnevetoError) -> list[str]:
    """What is wrong with a file, under the name by which it was asked for."""
    file, problems = Path(name).name, str(error).splitlines()
    if isinstance(error, ScenarioError) and error.where in (name, file, f"{file}.toml"):
        problems = list(error.problems)
    return [f"{short(name, 120)}: {problem}" for problem in problems]


def _show(parts: Iterable[object]) -> None:
    from sim import console

    screen = console.console()
    for part in parts:
        screen.print(part)


def _print_json(data: Any) -> None:
    print(json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False))


def _program() -> str:
    """What to type for this program: its name where that is found, else what it was started by."""
    if shutil.which("oneveto"):
        return "oneveto"
    if sys.argv[0].endswith(".py"):
        return shlex.join([sys.executable, "-m", "sim.cli"])
    return f'"{sys.argv[0]}"' if " " in sys.argv[0] else sys.argv[0]


def _speak_plainly() -> None:
    """Files and pipes get UTF-8; a terminal gets `?` for what it cannot show."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")


def _run() -> None:
    """Run the command and write out all that it printed."""
    _speak_plainly()
    try:
        app()
    finally:
        sys.stdout.flush()


def main() -> None:
    """Run a command; what a person can mend is one sentence and exit code 2, never a traceback."""
    try:
        _run()
    except OnevetoError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:  # the reader, `head` for instance, has seen enough
        _drop_output()
        sys.exit(0)
    except OSError as error:
        _drop_output()
        reason = error.strerror or error
        what = (
            f"{error.filename} cannot be used" if error.filename else "the output cannot be written"
        )
        print(f"{what}: {reason}", file=sys.stderr)
        sys.exit(2)


def _drop_output() -> None:
    """Nobody can take what is still unwritten; do not try again on the way out."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
