"""`worker`: run what is in the queue, until a signal."""

from __future__ import annotations

import signal
import sys
import threading
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    app.command()(worker)


def worker(
    slots: Annotated[int, typer.Option(min=1, max=64, help="Jobs to run at the same time.")] = 2,
) -> None:
    """Claim jobs and run them; several workers may run, here and elsewhere."""
    from flinkjobrunner.config import get_settings
    from flinkjobrunner.errors import ConfigurationError
    from flinkjobrunner.telemetry import configure
    from flinkjobrunner.workflow.engine import Worker

    configure()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    try:
        Worker(get_settings(), slots=slots).run(stop, started=_say_so)
    except ConfigurationError as error:
        typer.echo(str(error), err=True)
        sys.exit(2)


def _say_so() -> None:
    """What `up` waits for; a person reads it as well."""
    typer.echo("The worker claims jobs.")
