"""Where the embedded stack keeps things, and the error that ends a start with one sentence."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class StackError(Exception):
    """The stack cannot start or stop; the text is the one sentence that the user reads."""


@dataclass(frozen=True, kw_only=True)
class Layout:
    """The folders below WORK_ROOT that belong to the stack, and the jars it runs."""

    work_root: Path
    runtime: Path

    @property
    def data(self) -> Path:
        return self.work_root / "data"

    @property
    def logs(self) -> Path:
        return self.work_root / "logs"

    @property
    def stack_file(self) -> Path:
        return self.work_root / "stack.json"

    @property
    def lock_file(self) -> Path:
        return self.work_root / "up.lock"

    @property
    def archives(self) -> Path:
        """Class archives lie beside the jars that they fit, or, where those are read-only, here."""
        beside = self.runtime / "archives"
        return beside if os.access(self.runtime, os.W_OK) else self.data / "archives"

    def jars(self, group: str) -> list[Path]:
        return sorted((self.runtime / group).glob("*.jar"))

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def output(self, name: str) -> Path:
        """What a process writes to its standard output and error, beside its own log."""
        return self.logs / f"{name}.out"

    def create(self) -> None:
        try:
            self.work_root.mkdir(parents=True, exist_ok=True)
            # They hold the database, its password and the deployments' data.
            self.data.mkdir(mode=0o700, exist_ok=True)
            self.logs.mkdir(mode=0o700, exist_ok=True)
            self.lock_file.touch()
        except OSError as error:
            raise StackError(
                f"{self.work_root} cannot be written to ({error.strerror}): set WORK_ROOT to a "
                "folder that can."
            ) from None
