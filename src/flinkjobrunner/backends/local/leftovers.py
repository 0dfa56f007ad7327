"""Processes of a stack that its supervisor could not end any more.

The mark in the environment says to which stack a process belongs. A process id alone
would not: ids are given out again.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import psutil

from flinkjobrunner.backends.local.process import MARK

if TYPE_CHECKING:
    from pathlib import Path

_KILL_SECONDS = 5.0


def mark_of(work_root: Path) -> str:
    return str(work_root.resolve())


def find(work_root: Path) -> list[psutil.Process]:
    """Every process that was started for the stack of this folder, but for this one."""
    mark = mark_of(work_root)
    return [
        process
        for process in psutil.process_iter()
        if process.pid != os.getpid() and _mark(process) == mark
    ]


def belongs(pid: int, work_root: Path) -> bool:
    try:
        return _mark(psutil.Process(pid)) == mark_of(work_root)
    except psutil.NoSuchProcess:
        return False


def memory(pid: int) -> int:
    """Resident bytes of a process and of those that it has started."""
    try:
        process = psutil.Process(pid)
        family = [process, *process.children(recursive=True)]
        return sum(member.memory_info().rss for member in family)
    except psutil.NoSuchProcess:
        return 0


def end(processes: list[psutil.Process], grace: float) -> None:
    for process in processes:
        _quietly(process.terminate)
    remaining = _after(processes, grace)
    for process in remaining:
        _quietly(process.kill)
    _after(remaining, _KILL_SECONDS)


def _after(processes: list[psutil.Process], seconds: float) -> list[psutil.Process]:
    """Those that still run when the time is up, or none at once when none does."""
    deadline = time.monotonic() + seconds
    while remaining := [process for process in processes if _runs(process)]:
        if time.monotonic() > deadline:
            break
        time.sleep(0.02)
    return remaining


def _runs(process: psutil.Process) -> bool:
    """A zombie has ended; in a container there may be nobody who buries it."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _mark(process: psutil.Process) -> str | None:
    try:
        return process.environ().get(MARK)
    except (psutil.Error, OSError):  # it has ended, or belongs to another user
        return None


def _quietly(action: object) -> None:
    try:
        action()  # type: ignore[operator]
    except psutil.NoSuchProcess:
        return
