"""One operating-system process of the stack: how it is started, watched and ended.

Every process gets a session of its own, so that a Ctrl-C in the terminal reaches only
the supervisor, which then ends the parts in order; and so that what a part has started
itself ends with it. Every process carries a mark in its environment by which a later
start recognises what an earlier one left behind (see `leftovers`).
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

MARK = "FLINKJOBRUNNER_STACK"
_LAUNCHER = Path(__file__).with_name("launch.py")
_INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "JAVA_HOME")


@dataclass(frozen=True, kw_only=True)
class User:
    """Whom to become for a program that refuses to run as root."""

    uid: int
    gid: int


@dataclass(frozen=True, kw_only=True)
class ProcessSpec:
    command: tuple[str, ...]
    output: Path
    # Standard error, where it is to be kept apart from the output.
    errors: Path | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    stop_signal: signal.Signals = signal.SIGTERM
    user: User | None = None
    cwd: Path | None = None


def minimal_environment() -> dict[str, str]:
    return {name: os.environ[name] for name in _INHERITED if name in os.environ}


def launched(spec: ProcessSpec) -> list[str]:
    """The command line that starts the program through the launcher (for `subprocess`)."""
    user = f"{spec.user.uid}:{spec.user.gid}" if spec.user else "-"
    launcher = [sys.executable, "-I", "-S", str(_LAUNCHER)]
    return [*launcher, str(int(spec.stop_signal)), str(os.getpid()), user, "--", *spec.command]


class Child:
    """A running process. It must be started by a thread that lives as long as the process:
    Linux takes the thread that forked for the parent whose death is reported."""

    def __init__(self, spec: ProcessSpec, mark: str) -> None:
        self._spec = spec
        with ExitStack() as files:
            output = files.enter_context(spec.output.open("ab"))
            errors = files.enter_context(spec.errors.open("ab")) if spec.errors else output
            self._process = subprocess.Popen(  # noqa: S603 - a list of arguments, no shell
                launched(spec),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=errors,
                env={**spec.environment, MARK: mark},
                cwd=spec.cwd or spec.output.parent,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    def alive(self) -> bool:
        return self._process.poll() is None

    def wait(self, seconds: float | None) -> bool:
        """Whether it has ended within so many seconds; None waits for the end."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def exit_code(self) -> int | None:
        return self._process.poll()

    def exit_text(self) -> str:
        code = self.exit_code()
        if code is None:
            return "still runs"
        if code >= 0:
            return f"exit code {code}"
        return signal.Signals(-code).name

    def stop(self, grace: float) -> None:
        """Asks it to end, and after `grace` seconds ends it and all it has started."""
        if self.alive():
            self._process.send_signal(self._spec.stop_signal)
            self.wait(grace)
        self.kill()

    def kill(self) -> None:
        """Ends it and everything it has started, now."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()
