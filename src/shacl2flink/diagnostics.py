"""What the compiler has to say about its inputs.

A shapes graph is either evaluated as the specification says or refused; a diagnostic
is how it is refused. It names the thing, what was expected, what to do, and where the
rule is written, so that nobody has to guess.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

# More than anybody reads; a file that is not SHACL at all could have one per line.
MAX_DIAGNOSTICS = 1000


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Scope(StrEnum):
    """Whom a diagnostic concerns: everybody, or only who validates a stream of entities."""

    ALL = "all"
    STREAM = "stream"


@dataclass(frozen=True, kw_only=True)
class Source:
    """A place in an input; formats that have no lines that mean anything give only the file."""

    file: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part)

    def document(self) -> dict[str, Any]:
        return {"file": self.file, "line": self.line, "column": self.column}


@dataclass(frozen=True, kw_only=True)
class Diagnostic:
    """`code` is stable and in kebab-case; scripts compare it."""

    code: str
    message: str
    severity: Severity = Severity.ERROR
    scope: Scope = Scope.ALL
    shape: str | None = None
    term: str | None = None
    source: Source | None = None
    hint: str = ""
    section: str | None = None

    def document(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "severity": self.severity.value,
            "shape": self.shape,
            "term": self.term,
            "source": self.source.document() if self.source else None,
            "message": self.message,
            "hint": self.hint,
            "section": self.section,
        }

    def demoted(self) -> Diagnostic:
        """The same as a warning: where the whole graph is at hand, the stream's limits are none."""
        return replace(self, severity=Severity.WARNING)


class Refused(Exception):
    """An input as a whole cannot be used; the diagnostic says why."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


@dataclass
class Findings:
    """Collects diagnostics; `locate` finds the source of a triple when one is reported."""

    locate: Callable[[Any], Source | None] = lambda _where: None
    found: list[Diagnostic] = field(default_factory=list)

    def add(self, diagnostic: Diagnostic, where: Any = None) -> None:
        if len(self.found) >= MAX_DIAGNOSTICS:
            return
        if where is not None and diagnostic.source is None:
            diagnostic = replace(diagnostic, source=self.locate(where))
        if diagnostic not in self.found[-20:]:
            self.found.append(diagnostic)

    @property
    def has_errors(self) -> bool:
        """Whether anything refuses the shapes for everybody."""
        return any(is_error(diagnostic) for diagnostic in self.found)


def is_error(diagnostic: Diagnostic, *, stream: bool = False) -> bool:
    concerned = stream or diagnostic.scope is Scope.ALL
    return concerned and diagnostic.severity is Severity.ERROR


def ordered(diagnostics: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    """By place, so that the order says nothing about how a graph happened to be stored."""

    def key(diagnostic: Diagnostic) -> tuple[object, ...]:
        source = diagnostic.source or Source(file="")
        place = (source.file, source.line or 0, source.column or 0)
        return (*place, diagnostic.code, diagnostic.shape or "", diagnostic.message)

    return tuple(sorted(diagnostics, key=key))
