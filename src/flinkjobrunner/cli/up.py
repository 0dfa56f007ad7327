"""`up`, `down`, `status`, `doctor`: the embedded stack with its service, from the command line."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator

Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


def register(app: typer.Typer) -> None:
    app.command()(up)
    app.command()(down)
    app.command()(status)
    app.command()(doctor)


def up(
    detach: Annotated[
        bool, typer.Option("--detach", help="Return when everything is ready; `down` ends it.")
    ] = False,
    build: Annotated[
        bool, typer.Option("--build", help="In a checkout, first build the jars that are missing.")
    ] = False,
) -> None:
    """Start PostgreSQL, Kafka, Flink, the service and its worker; Ctrl-C ends them all."""
    from flinkjobrunner.cli import running

    with one_sentence():
        if build:
            running.build_missing(typer.echo)
        if detach:
            running.start_detached(typer.echo)
        else:
            running.run_in_foreground(typer.echo)


def down() -> None:
    """End what `up` has started."""
    from flinkjobrunner.cli import running

    with one_sentence():
        typer.echo(running.end())


def status(as_json: Json = False) -> None:
    """Show the processes, the deployments and how many alerts stand; works when all is down."""
    from flinkjobrunner.cli import overview

    with one_sentence():
        _print(overview.observe(), overview.lines, as_json=as_json)


def doctor(as_json: Json = False) -> None:
    """Look at this machine: is there all that the stack needs? What is to be done if not?"""
    from flinkjobrunner.cli import overview

    with one_sentence():
        found = overview.examine()
    _print(found, overview.finding_lines, as_json=as_json)
    if not found["ok"]:
        raise typer.Exit(1)


@contextmanager
def one_sentence() -> Iterator[None]:
    """An error that the user can mend is one sentence and exit code 1, never a traceback."""
    from flinkjobrunner.backends.local.layout import StackError
    from flinkjobrunner.errors import ConfigurationError

    try:
        yield
    except (StackError, ConfigurationError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None


def _print(content: dict[str, Any], lines: Any, *, as_json: bool) -> None:
    typer.echo(json.dumps(content, indent=1) if as_json else "\n".join(lines(content)))
