"""`step`: one step of a job, or several in one process; what the Makefile's recipes call."""

from __future__ import annotations

import logging
import os
import sys
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from flinkjobrunner.workflow.compiler import Compiler

_COMPILING = frozenset(("validate", "plan", "flink-deploy", "setup-and-deploy"))


def register(app: typer.Typer) -> None:
    app.command()(step)


def step(
    targets: Annotated[
        list[str], typer.Argument(metavar="TARGET...", help="What to do, in this order.")
    ],
) -> None:
    """Run steps of the job in $JOB_DIR. For recipes; people use `plan`, `deploy`, `undeploy`."""
    job_dir = os.environ.get("JOB_DIR")
    with ExitStack() as ends:
        compiler = None
        if job_dir and not _COMPILING.isdisjoint(targets):
            # Before all else, for it loads while this process does.
            from flinkjobrunner.workflow.compiler import Compiler

            compiler = ends.enter_context(Compiler(Path(job_dir)))
        succeeded = _run(targets, job_dir, compiler)
    raise typer.Exit(0 if succeeded else 1)


def _run(targets: list[str], job_dir: str | None, compiler: Compiler | None) -> bool:
    from flinkjobrunner.config import get_settings
    from flinkjobrunner.errors import ConfigurationError, FencedError
    from flinkjobrunner.jobs.model import steps_of
    from flinkjobrunner.jobs.request import urls_of
    from flinkjobrunner.telemetry import redaction
    from flinkjobrunner.workflow.steps import runner
    from flinkjobrunner.workflow.steps.base import Work

    # What the Kafka client tells of its retries is not for the log of a job.
    logging.getLogger("flinkjobrunner.kafka").addHandler(logging.NullHandler())
    names = [name for target in targets for name in steps_of(target)]
    for name in names:
        if name not in runner.STEPS:
            raise typer.BadParameter(f"{name}: known are {', '.join(runner.STEPS)}")
    if not job_dir:
        typer.echo("JOB_DIR is not set: a step is run by a job, and this is its folder", err=True)
        raise typer.Exit(2)
    try:
        work = replace(Work.of(Path(job_dir), get_settings(), _say), compiler=compiler)
    except (OSError, ValueError, KeyError, ConfigurationError) as error:
        typer.echo(f"The job in JOB_DIR cannot be read: {error}", err=True)
        raise typer.Exit(2) from None
    redaction.register(s for url in urls_of(work.request) for s in redaction.secrets_of_url(url))
    try:
        return all(runner.run(work, name) for name in names)
    except FencedError:
        # Another attempt has the job now; it says what there is to say.
        return False


def _say(line: str) -> None:
    from flinkjobrunner.telemetry import redact

    sys.stdout.write(f"{redact(line)}\n")
    sys.stdout.flush()
