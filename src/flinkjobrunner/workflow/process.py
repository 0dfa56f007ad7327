"""A make target as a process: guarded, limited, with a minimal environment, read line by line."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from flinkjobrunner import failpoints

if TYPE_CHECKING:
    from collections.abc import Mapping

GRACE_SECONDS = 5.0
_CPU_SECONDS = 3600
_FILE_BYTES = 4 * 1024**3
_READ_BYTES = 64 * 1024
_GUARD = Path(__file__).with_name("guard.py")

# All that a recipe gets of the worker's own environment. FLINKJOBRUNNER_STACK is the mark by
# which the embedded stack recognises what it has started, the other one is for tests of crashes.
_INHERITED = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "TZ",
    "TMPDIR",
    "JAVA_HOME",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "FLINKJOBRUNNER_STACK",
    failpoints.VARIABLE,
)


class GuardedProcess:
    """A running program whose whole offspring ends with it."""

    def __init__(self, command: list[str], environment: Mapping[str, str], folder: Path) -> None:
        limits = [str(GRACE_SECONDS), str(_CPU_SECONDS), str(_FILE_BYTES)]
        self._process = subprocess.Popen(  # noqa: S603 - a list of arguments, no shell
            [sys.executable, "-I", "-S", str(_GUARD), *limits, "--", *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=dict(environment),
            cwd=folder,
            start_new_session=True,
            bufsize=0,
        )

    @property
    def pid(self) -> int:
        """The guard, which also is the process group of all that stayed in it."""
        return self._process.pid

    def read(self, timeout: float) -> bytes | None:
        """Output as it comes; None when there was none in this time, empty at its end."""
        output = self._process.stdout
        assert output is not None
        ready, _, _ = select.select([output], [], [], timeout)
        return os.read(output.fileno(), _READ_BYTES) if ready else None

    def exit_code(self) -> int | None:
        return self._process.poll()

    def wait(self) -> int:
        """After the end of the output: the exit code, which is there in no time."""
        try:
            return self._process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self.end()
            return self._process.wait()

    def ask_to_end(self) -> None:
        """Returns at once; the guard sees to it, output still comes."""
        assert self._process.stdin is not None
        self._process.stdin.close()

    def end(self) -> None:
        """End it with all it has started; returns when that is done."""
        self.ask_to_end()
        try:
            self._process.wait(GRACE_SECONDS + 2)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def close(self) -> None:
        if self.exit_code() is None:
            self.end()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()


def environment(settings: Mapping[str, str], job_dir: Path) -> dict[str, str]:
    """What a recipe may know: where its job is, which Python to use, the service's settings."""
    inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    package_root = str(Path(__file__).resolve().parents[2])
    variables = {
        "PATH": os.defpath,
        **inherited,
        **settings,
        "JOB_DIR": str(job_dir),
        "PYTHON": sys.executable,
        # A checkout need not be installed for `python -m flinkjobrunner` to work.
        "PYTHONPATH": package_root,
        "PYTHONUNBUFFERED": "1",
    }
    if not os.access(package_root, os.W_OK):
        variables["PYTHONDONTWRITEBYTECODE"] = "1"
    return variables


def kill_leftovers(job_dir: Path) -> int:
    """Kill every process of an earlier attempt of this job on this machine.

    They are recognised by the job's folder in their environment, which needs no record that could
    be missing: even the guard may have been killed.
    """
    mark = f"JOB_DIR={job_dir}".encode()
    killed = 0
    deadline = time.monotonic() + GRACE_SECONDS
    while pids := [pid for pid in _processes() if mark in _environment_of(pid)]:
        for pid in pids:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
                killed += 1
        if time.monotonic() > deadline:
            break
        time.sleep(0.02)
    return killed


def _processes() -> list[int]:
    me = os.getpid()
    found = (int(path.name) for path in Path("/proc").glob("[0-9]*"))
    return [pid for pid in found if pid != me]


def _environment_of(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return []


def start_time(pid: int) -> str | None:
    """When the process of this number was started; tells it from a later one. None if gone."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()
    return None if fields[0] == "Z" else fields[19]
