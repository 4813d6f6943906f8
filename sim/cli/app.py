"""The program itself: its name, its version and what its commands have in common."""

from __future__ import annotations

from typing import Annotated

import typer
from typer.core import TyperGroup

ORDER = """
    demo run rules compare explain show play evidence treaty steps tip power baselines
    robust sensitivity discover sweep list new import export check schema dashboard cards
    room debrief report validate
"""
"""Commands as one meets them: play and look, ask why, bring one's own, play with others."""


class _InOrder(TyperGroup):
    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]
        return sorted(super().list_commands(ctx), key=ORDER.split().index)


app = typer.Typer(
    cls=_InOrder,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


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
