"""The command line, assembled from one module per group of commands.

A make recipe starts this program anew for every step, so start-up time is part of
every job: only the module that owns the command asked for is imported, and the
modules themselves import what is heavy inside their commands.

Each module of `MODULES` offers `register(app)`, which adds its commands.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

# Module (of this package) and the commands it registers, in the order of `--help`.
MODULES: dict[str, tuple[str, ...]] = {
    "demo": ("demo",),
    "up": ("up", "down", "status", "doctor"),
    "serve": ("serve",),
    "worker": ("worker",),
    "step": ("step",),
    "validate": ("validate",),
    "deploy": ("plan", "deploy", "rollback", "undeploy"),
    "jobs": ("jobs", "logs"),
    "alerts": ("alerts",),
    "replay": ("replay",),
    "bench": ("bench",),
}


def build(arguments: Sequence[str]) -> typer.Typer:
    """The application with as many commands as these arguments can need."""
    app = typer.Typer(
        name="flinkjobrunner",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    # Without a callback typer turns an application of one command into that command.
    app.callback()(_options)
    for module in _needed(arguments):
        import_module(f"{__name__}.{module}").register(app)
    return app


def main() -> None:
    build(sys.argv[1:])()


def _print_version(wanted: bool) -> None:
    if wanted:
        from flinkjobrunner import __version__

        typer.echo(__version__)
        raise typer.Exit


def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            help="Print the version and exit.",
            is_eager=True,
            callback=_print_version,
        ),
    ] = False,
) -> None:
    """Continuous SHACL validation of NGSI-LD entities on Apache Flink."""


def _needed(arguments: Sequence[str]) -> list[str]:
    for module, commands in MODULES.items():
        if arguments and arguments[0] in commands:
            return [module]
    return [module for module in MODULES if _present(module)]


def _present(module: str) -> bool:
    from importlib.util import find_spec

    return find_spec(f"{__name__}.{module}") is not None
