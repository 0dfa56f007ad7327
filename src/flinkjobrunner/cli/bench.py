"""`bench`: what validating costs on this machine, beside jobs that only read or copy."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer


def register(app: typer.Typer) -> None:
    app.command()(bench)


def bench(
    full: Annotated[
        bool,
        typer.Option("--full", help="3 million updates, three repetitions: figures that count."),
    ] = False,
    service: Annotated[
        bool,
        typer.Option("--service", help="Instead: answers, jobs, streams, memory."),
    ] = False,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Also write everything measured to this file.")
    ] = None,
    document: Annotated[
        Path | None,
        typer.Option("--document", help="Also put the tables into this Markdown file."),
    ] = None,
) -> None:
    """Measure throughput, CPU per update, alert latency, deploy and recovery times."""
    from flinkjobrunner.backends.local.layout import StackError
    from flinkjobrunner.bench import BenchError

    try:
        text, measured, write_into = _of_the_service() if service else _of_the_job(full=full)
    except (BenchError, StackError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    typer.echo(text)
    if json_file is not None:
        json_file.write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")
    if document is not None:
        write_into(document)


# As a text, as JSON, and how to put it into a document.
Measured = tuple[str, dict[str, Any], Callable[[Path], None]]


def _of_the_job(*, full: bool) -> Measured:
    from flinkjobrunner.bench import measure, report

    results = measure.run(full=full, say=_say)
    return report.text(results), results.to_json(), lambda path: report.write_into(path, results)


def _of_the_service() -> Measured:
    from flinkjobrunner.bench import serving, serving_report

    figures = serving.measure(say=_say)
    return (
        serving_report.text(figures),
        figures.to_json(),
        lambda path: serving_report.write_into(path, figures),
    )


def _say(line: str) -> None:
    typer.echo(line, err=True)
