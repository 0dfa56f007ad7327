"""The compiler as a child process with limits, started before it is known what it has to compile.

Loading it takes as long as compiling usual shapes does, and the step that wants it has to load
modules and fetch inputs itself: both go on at the same time.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from types import TracebackType

_INHERITED = ("PATH", "LANG", "LC_ALL", "TMPDIR")


class CompilerTimeoutError(Exception):
    """It did not end in time, and was ended."""


class Compiler:
    """One process for one compilation; used as a context, it never outlives that."""

    def __init__(self, job_dir: Path) -> None:
        self._asked = False
        environment = {name: os.environ[name] for name in _INHERITED if name in os.environ}
        environment["PYTHONPATH"] = str(Path(__file__).resolve().parents[2])
        # By which it is found if all that watch over it were killed (`process.kill_leftovers`).
        environment["JOB_DIR"] = str(job_dir)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "shacl2flink.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=environment,
            start_new_session=True,
        )

    @property
    def waits(self) -> bool:
        """Whether it can still be asked."""
        return not self._asked

    def run(self, request: Path, *, seconds: float) -> tuple[int, bytes]:
        """Its exit code, and what it wrote on standard error."""
        self._asked = True
        try:
            _, errors = self._process.communicate(f"{request}\n".encode(), timeout=seconds)
        except subprocess.TimeoutExpired:
            raise CompilerTimeoutError from None
        return self._process.returncode, errors

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
        with suppress(ValueError, OSError):  # its pipes may be closed already
            self._process.communicate()
