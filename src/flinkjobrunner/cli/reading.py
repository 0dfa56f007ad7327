"""Files that a command was given; one that cannot be read is a diagnostic like any other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shacl2flink import Diagnostic, Input, Source

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

# What the compiler reads at most; reading on would only fill the memory.
_MAX_BYTES = 64 * 1024 * 1024 + 1


class Unreadable(Exception):
    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


def inputs(paths: Sequence[Path]) -> list[Input]:
    return [Input(name=str(path), content=content(path)) for path in paths]


def content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_MAX_BYTES)
    except OSError as error:
        raise unreadable(path, error.strerror or str(error)) from None


def readable(paths: Sequence[Path]) -> None:
    """Whether files that another process will read can be read."""
    for path in paths:
        try:
            with path.open("rb") as file:
                file.read(1)
        except OSError as error:
            raise unreadable(path, error.strerror or str(error)) from None


def contexts(definitions: Sequence[str]) -> dict[str, bytes]:
    """Of `IRI=FILE`; an IRI may hold an equals sign, so the last one separates."""
    from pathlib import Path

    found: dict[str, bytes] = {}
    for definition in definitions:
        iri, separator, file = definition.rpartition("=")
        if not separator or ":" not in iri or not file:
            raise Unreadable(
                Diagnostic(
                    code="bad-option",
                    message=f"--context {definition} is not of the form IRI=FILE",
                    hint="such as --context https://example.org/context.jsonld=context.jsonld",
                )
            )
        found[iri] = content(Path(file))
    return found


def unreadable(path: Path, why: str) -> Unreadable:
    return Unreadable(
        Diagnostic(
            code="unreadable-file",
            source=Source(file=str(path)),
            message=f"{path} cannot be read: {why}",
            hint="mend the name, or the rights of the file",
        )
    )
