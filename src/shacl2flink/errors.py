"""The exceptions of the compiler; none of them leaves `compile_shapes`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shacl2flink.diagnostics import Diagnostic


class Refused(Exception):
    """An input as a whole cannot be used; the diagnostic says why."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


class LimitExceeded(Exception):
    """A bound on work or size was reached; the text says which and how large it is."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint
