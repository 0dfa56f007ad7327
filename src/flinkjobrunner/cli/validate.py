"""`validate`: are these shapes fine, and do these data conform to them?"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flinkjobrunner.cli.several import SeveralValues

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flinkjobrunner.batch import BatchReport
    from shacl2flink import Compilation

CONFORMS, RESULTS, REFUSED, FAULT = 0, 1, 2, 3


class Numbers(StrEnum):
    JSON_LD = "json-ld"
    DOUBLE = "double"
    DECLARED = "declared"


class Format(StrEnum):
    TEXT = "text"
    TURTLE = "turtle"
    JSON = "json"


def register(app: typer.Typer) -> None:
    app.command(cls=SeveralValues)(validate)


def validate(
    shapes: Annotated[
        list[Path],
        typer.Option("--shapes", metavar="FILE...", help="Shapes graph; several are merged."),
    ],
    knowledge: Annotated[
        list[Path] | None,
        typer.Option("--knowledge", metavar="FILE...", help="Classes and individuals, as RDF."),
    ] = None,
    data: Annotated[
        list[Path] | None,
        typer.Option(
            "--data",
            metavar="FILE...",
            help="Data to validate: Turtle, N-Triples, JSON-LD, or NGSI-LD entities as NDJSON.",
        ),
    ] = None,
    numbers: Annotated[
        Numbers, typer.Option(help="What JSON numbers are: see the documentation of numbers.")
    ] = Numbers.DECLARED,
    report: Annotated[Format, typer.Option("--format", help="How the result is written.")] = (
        Format.TEXT
    ),
    context: Annotated[
        list[str] | None,
        typer.Option("--context", metavar="IRI=FILE...", help="A JSON-LD context that is used."),
    ] = None,
) -> None:
    """Validate shapes, and data against them, without any service.

    Exit code 0: conforms (without --data: the shapes are fine); 1: there are results;
    2: an input is refused, with diagnostics on standard error (with json: on standard
    output); 3: a fault of this program or its installation.
    """
    from flinkjobrunner.batch import BatchError
    from flinkjobrunner.errors import ConfigurationError

    run = _Run(report)
    try:
        code = run.all(shapes, knowledge or [], data or [], numbers, context or [])
    except (BatchError, ConfigurationError) as error:
        typer.echo(f"flinkjobrunner: {error}", err=True)
        code = FAULT
    raise typer.Exit(code)


class _Run:
    """One validation and what is written about it."""

    def __init__(self, report: Format) -> None:
        self._format = report
        self._json = report is Format.JSON

    def all(
        self,
        shapes: Sequence[Path],
        knowledge: Sequence[Path],
        data: Sequence[Path],
        numbers: Numbers,
        context: Sequence[str],
    ) -> int:
        from flinkjobrunner.cli import reading
        from shacl2flink import compile_shapes

        try:
            compilation = compile_shapes(
                reading.inputs(shapes),
                reading.inputs(knowledge),
                contexts=reading.contexts(context),
                numbers=numbers.value,
            )
            reading.readable(data)
        except reading.Unreadable as error:
            return self._refuse([error.diagnostic.document()])
        found = [
            (diagnostic.demoted() if data and diagnostic.scope == "stream" else diagnostic)
            for diagnostic in compilation.diagnostics
        ]
        documents = [diagnostic.document() for diagnostic in found]
        if compilation.refused(stream=not data) or compilation.program is None:
            return self._refuse(documents)
        if not data:
            return self._fine(compilation, documents)
        return self._validate(compilation, compilation.program, data, documents)

    def _fine(self, compilation: Compilation, documents: list[dict[str, Any]]) -> int:
        from flinkjobrunner.workflow import validation_text

        self._diagnose(documents)
        if self._json:
            self._write_json(None, [], documents)
        elif self._format is Format.TEXT:
            self._write(validation_text.summary(compilation.summary, compilation.digest))
        return CONFORMS

    def _validate(
        self,
        compilation: Compilation,
        program: bytes,
        data: Sequence[Path],
        documents: list[dict[str, Any]],
    ) -> int:
        from flinkjobrunner import batch
        from flinkjobrunner.workflow import validation_text

        turtle = self._format is Format.TURTLE
        report = batch.validate(program, data, report="turtle" if turtle else "json")
        if report.refused:
            return self._refuse([*documents, *map(validation_text.of_data, report.diagnostics)])
        self._diagnose(documents)
        if turtle:
            typer.echo(report.output, nl=False)
        else:
            self._write_report(compilation, report, documents)
        return CONFORMS if report.conforms else RESULTS

    def _write_report(
        self, compilation: Compilation, report: BatchReport, documents: list[dict[str, Any]]
    ) -> None:
        import json

        from flinkjobrunner.workflow import validation_text

        content = json.loads(report.output)
        if self._json:
            self._write_json(content["conforms"], content["results"], documents)
        else:
            self._write(validation_text.results(content, compilation.source_of))

    def _refuse(self, documents: list[dict[str, Any]]) -> int:
        if self._json:
            self._write_json(None, [], documents)
        self._diagnose(documents)
        return REFUSED

    def _diagnose(self, documents: list[dict[str, Any]]) -> None:
        from flinkjobrunner.workflow import validation_text

        if not self._json:
            for line in validation_text.diagnostics(documents):
                typer.echo(line, err=True)

    def _write(self, lines: Any) -> None:
        for line in lines:
            typer.echo(line)

    def _write_json(
        self,
        conforms: bool | None,
        results: list[dict[str, Any]],
        documents: list[dict[str, Any]],
    ) -> None:
        import json

        report = {"conforms": conforms, "results": results, "diagnostics": documents}
        typer.echo(json.dumps(report, indent=1, ensure_ascii=False))
