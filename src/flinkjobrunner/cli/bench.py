"""`bench`: what validating costs on this machine, beside jobs that only read or copy."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    app.command()(bench)


def bench(
    full: Annotated[
        bool,
        typer.Option("--full", help="3 million updates, three repetitions: figures that count."),
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
    import json

    from flinkjobrunner.backends.local.layout import StackError
    from flinkjobrunner.bench import BenchError, measure, report

    try:
        results = measure.run(full=full, say=lambda line: typer.echo(line, err=True))
    except (BenchError, StackError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    typer.echo(report.text(results))
    if json_file is not None:
        json_file.write_text(json.dumps(results.to_json(), indent=1) + "\n", encoding="utf-8")
    if document is not None:
        report.write_into(document, results)
