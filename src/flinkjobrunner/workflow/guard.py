"""Runs one program so that nothing it starts outlives it, or outlives the one who wants it run.

Usage: `python guard.py GRACE CPU-SECONDS FILE-BYTES -- PROGRAM [ARGUMENT]...`

The worker keeps the other end of standard input open. When it closes it, or dies in whatever way,
the guard ends the program: a polite signal to the process group, and after the grace a kill to
every descendant. Descendants that left the group are found all the same, because the guard has
itself made the parent of orphans (a Linux "child subreaper"). It is a process of its own, run by
path with nothing but the standard library, because limits must be set and the parent's death be
noticed in the child, and `preexec_fn` is unsafe in a program with threads.
"""

from __future__ import annotations

import ctypes
import os
import resource
import select
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

_PR_SET_CHILD_SUBREAPER = 36
_NOT_FOUND = 127
_SIGNALED = 128


def main(arguments: list[str]) -> int:
    grace, cpu_seconds, file_bytes, separator, *command = arguments
    if separator != "--" or not command:
        sys.exit("usage: guard.py GRACE CPU-SECONDS FILE-BYTES -- PROGRAM [ARGUMENT]...")
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    wake, wake_writer = os.pipe()
    os.set_blocking(wake_writer, False)
    signal.set_wakeup_fd(wake_writer)
    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: None)
    program = _start(command, int(cpu_seconds), int(file_bytes))
    code = _watch(program, wake)
    if code is None:
        code = _end(program, float(grace))
    _kill_descendants()
    return code


def _start(command: list[str], cpu_seconds: int, file_bytes: int) -> int:
    program = os.fork()
    if program:
        return program
    try:
        _limit(resource.RLIMIT_CPU, cpu_seconds)
        _limit(resource.RLIMIT_FSIZE, file_bytes)
        _limit(resource.RLIMIT_CORE, 0)
        for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGPIPE):
            signal.signal(number, signal.SIG_DFL)
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        os.execvp(command[0], command)  # noqa: S606 - a list of arguments, no shell
    except OSError as error:
        os.write(2, f"{command[0]} cannot be run: {error.strerror}\n".encode())
    finally:
        os._exit(_NOT_FOUND)


def _limit(what: int, wanted: int) -> None:
    _, hard = resource.getrlimit(what)
    value = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(what, (value, value))


def _watch(program: int, wake: int) -> int | None:
    """Until the program ends (its exit code) or is to be ended (None)."""
    while True:
        code = _reap(program)
        if code is not None:
            return code
        ready, _, _ = select.select([0, wake], [], [])
        if 0 in ready and not os.read(0, 1):
            return None
        if wake in ready and signal.SIGTERM in os.read(wake, 64):
            return None


def _reap(program: int) -> int | None:
    """Collect whoever has ended; the exit code of the program if it was among them."""
    code = None
    with suppress(ChildProcessError):
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                break
            if pid == program:
                code = os.waitstatus_to_exitcode(status)
    return code if code is None or code >= 0 else _SIGNALED - code


def _end(program: int, grace: float) -> int:
    os.killpg(0, signal.SIGTERM)
    until = time.monotonic() + grace
    while time.monotonic() < until:
        code = _reap(program)
        if code is not None:
            return code
        time.sleep(0.02)
    return _SIGNALED + signal.SIGKILL


def _kill_descendants() -> None:
    """Kill children until there are none; theirs become ours when they die."""
    with suppress(ChildProcessError):
        while True:
            for pid in _children():
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            os.waitpid(-1, 0)


def _children() -> list[int]:
    me = os.getpid()
    return [int(path.name) for path in Path("/proc").glob("[0-9]*") if _parent(path) == me]


def _parent(process: Path) -> int | None:
    try:
        stat = (process / "stat").read_text()
    except OSError:
        return None
    # The name is in parentheses and may itself contain any of these characters.
    return int(stat.rpartition(")")[2].split()[1])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
