"""What a command line may ask: options that several commands share, and what they change.

Nothing but the standard library and typer is imported at the top, so that help answers at once.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.constants import MOST
from sim.errors import RequestError, did_you_mean, short

if TYPE_CHECKING:
    from sim.scenario import Scenario


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


def naming(typed: str | list[str] | None) -> str | list[str] | None:
    """An option that names something must not be given empty."""
    words = [typed] if isinstance(typed, str) else typed or []
    if not all(word.replace(",", " ").strip() for word in words):
        raise typer.BadParameter("it names nothing; write a name, or leave the option out")
    return typed


ScenarioName = Annotated[str, typer.Argument(help="A shipped scenario by name, or a file.")]
ClauseName = Annotated[str, typer.Argument(help="A clause, as N5.1.")]
Worlds = Annotated[int, typer.Option(parser=_whole, metavar="N", help="How many worlds to play.")]
Seed = Annotated[int, typer.Option(min=0, help="Seed of the dice, a whole number from 0.")]
RuleName = Annotated[
    str | None,
    typer.Option(
        "--rule",
        metavar="RULE",
        callback=naming,
        help="Another rule: consensus, consensus-2, affirmative, majority, qualified, weighted, "
        "entry-into-force, vetoes or only:USA; `oneveto rules` says what they mean.",
    ),
]
Sets = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="ADDRESS=VALUE",
        help="Change one number; may be repeated. With * for all of a kind, in quotes.",
    ),
]
Levers = Annotated[
    list[str] | None,
    typer.Option(
        "--lever",
        metavar="NAME,…",
        callback=naming,
        help="Pull levers that the scenario suggests; separate with commas, or repeat.",
    ),
]
Drops = Annotated[
    list[str] | None,
    typer.Option(
        "--drop",
        metavar="ID,…",
        callback=naming,
        help="Leave members out; separate with commas, or repeat.",
    ),
]
Roster = Annotated[
    str | None,
    typer.Option("--members", callback=naming, help="Another roster, or the year of one."),
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


def changed(
    scenario: ScenarioName,
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
) -> Scenario:
    """The scenario with everything that the command line changes; what is typed last weighs most."""
    from sim import scenario as files

    original = files.load(scenario)
    wanted: dict[str, Any] = {"members.roster": members} if members else {}
    for name in separate(lever):
        wanted |= _lever(original, name)
    if drop:
        wanted["members.drop"] = [*original.members.drop, *separate(drop)]
    typed = files.parse_all(changes or [])
    wanted |= _rule(rule, typed) | typed
    given = {
        "process.kind": process,
        "process.rounds": rounds,
        "proposer.true_type": true_type,
        "proposer.budget": budget,
    }
    wanted |= {address: value for address, value in given.items() if value is not None}
    wanted |= {} if public is None else files.publicity(original, float(public))
    wanted |= {} if opening is None else files.opening(original, opening)
    for text in evidence or []:
        wanted |= files.evidence(original, text)
    return files.with_changes(original, wanted) if wanted else original


def changing(command: Callable[..., None]) -> Callable[..., None]:
    """A command on a scenario, with every option that changes one.

    The command's first parameter is the changed scenario; typer sees the options of `changed` instead.
    Where it is None by default, the scenario may be left out, and with it everything that changes one.
    """
    shared = inspect.signature(changed, locals={"Scenario": object}, eval_str=True).parameters
    own = inspect.signature(command, locals={"Scenario": object}, eval_str=True).parameters
    name, *options = shared.values()
    if next(iter(own.values())).default is None:
        name = name.replace(default=None)
    parameters = [
        parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY)
        for parameter in (name, *list(own.values())[1:], *options)
    ]

    def asked(**given: Any) -> None:
        scenario = {key: given.pop(key) for key in shared}
        if scenario[name.name] is None:
            if any(value is not None for value in scenario.values()):
                raise RequestError("these options change a scenario, and none is named")
            command(None, **given)
        else:
            command(changed(**scenario), **given)

    asked.__name__, asked.__doc__ = command.__name__, command.__doc__
    asked.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    asked.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return asked


def what_ifs(first: str, second: str) -> tuple[Scenario, Scenario]:
    """Two scenarios with what changes them, as typed for a comparison."""
    return _what_if(first), _what_if(_relative(first, second))


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
    levers = [word for word in words if "=" not in word]
    return changed(name, changes=changes, lever=levers)


def separate(words: Iterable[str] | None) -> list[str]:
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
    if name not in scenario.levers:
        hint = did_you_mean(name, scenario.levers)
        raise RequestError(f"{scenario.name} has no lever `{name}`. {hint}".rstrip())
    return scenario.levers[name].set
