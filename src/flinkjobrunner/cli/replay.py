"""`replay`: what would these shapes have said about this recording?"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from flinkjobrunner.cli.several import SeveralValues
from flinkjobrunner.cli.validate import FAULT, REFUSED, Numbers

if TYPE_CHECKING:
    from collections.abc import Sequence


class SourceFamily(StrEnum):
    NGSI_LD = "ngsi-ld"
    IFF = "iff"


def register(app: typer.Typer) -> None:
    app.command(cls=SeveralValues)(replay)


def replay(
    shapes: Annotated[
        list[Path],
        typer.Option("--shapes", metavar="FILE...", help="Shapes graph; several are merged."),
    ],
    changes: Annotated[
        Path, typer.Option("--changes", metavar="FILE", help="The recording: NDJSON, by lines.")
    ],
    source: Annotated[
        SourceFamily, typer.Option("--source", help="Which topics' form the recording has.")
    ],
    knowledge: Annotated[
        list[Path] | None,
        typer.Option("--knowledge", metavar="FILE...", help="Classes and individuals, as RDF."),
    ] = None,
    final: Annotated[
        bool, typer.Option("--final", help="Only the alerts that stand at the end.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write there instead.")
    ] = None,
    numbers: Annotated[
        Numbers, typer.Option(help="What JSON numbers are: see the documentation of numbers.")
    ] = Numbers.DECLARED,
    context: Annotated[
        list[str] | None,
        typer.Option("--context", metavar="IRI=FILE...", help="A JSON-LD context that is used."),
    ] = None,
) -> None:
    """Run the real Flink job over a recording, in one local process.

    Prints each transition of an alert as a line of JSON. Exit code 2: an input is refused,
    with diagnostics on standard error; 3: a fault of this program or its installation.
    """
    from flinkjobrunner import batch
    from flinkjobrunner.errors import ConfigurationError
    from flinkjobrunner.workflow.validation_text import of_data

    program = _program(shapes, knowledge or [], changes, numbers, context or [])
    if out is not None:
        _writable(out)
    try:
        replayed = batch.replay(program, changes, source.value, final=final)
    except (batch.BatchError, ConfigurationError) as error:
        typer.echo(f"flinkjobrunner: {error}", err=True)
        raise typer.Exit(FAULT) from None
    if replayed.errors:
        typer.echo(replayed.errors, err=True, nl=False)
    if replayed.diagnostics:
        _refuse([of_data(diagnostic) for diagnostic in replayed.diagnostics])
    if out is None:
        typer.echo(replayed.output, nl=False)
    else:
        out.write_text(replayed.output, encoding="utf-8")


def _writable(out: Path) -> None:
    """Before the work, whose result would otherwise be lost."""
    try:
        out.touch()
    except OSError as error:
        typer.echo(f"flinkjobrunner: --out {out}: {error.strerror}", err=True)
        raise typer.Exit(FAULT) from None


def _program(
    shapes: Sequence[Path],
    knowledge: Sequence[Path],
    changes: Path,
    numbers: Numbers,
    context: Sequence[str],
) -> bytes:
    from flinkjobrunner.cli import reading
    from shacl2flink import compile_shapes

    try:
        compilation = compile_shapes(
            reading.inputs(shapes),
            reading.inputs(knowledge),
            contexts=reading.contexts(context),
            numbers=numbers.value,
        )
        reading.readable([changes])
    except reading.Unreadable as error:
        _refuse([error.diagnostic.document()])
    documents = [diagnostic.document() for diagnostic in compilation.diagnostics]
    if compilation.refused() or compilation.program is None:
        _refuse(documents)
    _diagnose(documents)
    return compilation.program


def _refuse(documents: list[dict[str, Any]]) -> NoReturn:
    _diagnose(documents)
    raise typer.Exit(REFUSED)


def _diagnose(documents: list[dict[str, Any]]) -> None:
    from flinkjobrunner.workflow import validation_text

    for text in validation_text.diagnostics(documents):
        typer.echo(text, err=True)
