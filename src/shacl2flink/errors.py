"""What goes wrong inside of the compiler; it never leaves `compile_shapes`."""

from __future__ import annotations


class LimitExceeded(Exception):
    """A bound on work or size was reached; the text says which and how large it is."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint
