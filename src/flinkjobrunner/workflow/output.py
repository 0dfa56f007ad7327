"""From the bytes a recipe writes to the lines of a log."""

from __future__ import annotations

import re

from flinkjobrunner.telemetry import redact

MAX_LINES = 100_000
_MAX_BYTES = 8 * 1024
_ESCAPES = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)?|[@-_])")
# PostgreSQL takes no NUL in a text; the others would garble a terminal that shows the log.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class Lines:
    """Cuts output into clean lines; longer ones than anybody reads are cut in pieces."""

    def __init__(self) -> None:
        self._rest = b""
        self._count = 0

    def feed(self, chunk: bytes) -> list[str]:
        *complete, self._rest = (self._rest + chunk).split(b"\n")
        while len(self._rest) > _MAX_BYTES:
            complete.append(self._rest[:_MAX_BYTES])
            self._rest = self._rest[_MAX_BYTES:]
        return self._bounded([text for line in complete for text in _pieces(line)])

    def end(self) -> list[str]:
        """What was written after the last line end."""
        rest, self._rest = self._rest, b""
        return self._bounded(_pieces(rest)) if rest else []

    def _bounded(self, texts: list[str]) -> list[str]:
        room = MAX_LINES - self._count
        self._count += len(texts)
        if len(texts) <= room:
            return texts
        # Says once that the rest is missing.
        return [*texts[:room], f"(more than {MAX_LINES} lines; the rest is not kept)"][: room + 1]


def _pieces(line: bytes) -> list[str]:
    cut = [line[at : at + _MAX_BYTES] for at in range(0, len(line), _MAX_BYTES)] or [b""]
    return [_clean(piece) for piece in cut]


def _clean(line: bytes) -> str:
    text = line.decode("utf-8", "replace").rstrip("\r")
    # Of a progress display only the last state counts.
    text = _ESCAPES.sub("", text).rpartition("\r")[2]
    return redact(_CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text))
