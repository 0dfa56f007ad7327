"""What the kernel knows of processes and of the machine."""

from __future__ import annotations

import os
import platform
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_PROC = Path("/proc")
# What asking for a process that has ended meanwhile comes to.
_ENDED = (FileNotFoundError, ProcessLookupError)


def cpu_seconds(pid: int) -> float:
    """User and system time that a process has used, its finished children not counted."""
    fields = _stat(pid)
    return (int(fields[11]) + int(fields[12])) / _TICKS


def compiling_seconds(pid: int) -> float:
    """What of it the compiler threads of a JVM have used: it has compiled all that is hot, once."""
    total = 0
    for task in (_PROC / str(pid) / "task").iterdir():
        try:
            _, _, rest = (task / "stat").read_text(encoding="utf-8").partition(" (")
        except _ENDED:
            continue  # It has ended since the folder was listed.
        name, _, fields = rest.rpartition(") ")
        if name.startswith(("C1 Compiler", "C2 Compiler")):
            total += sum(int(field) for field in fields.split()[11:13])
    return total / _TICKS


def resident_bytes(pid: int) -> int:
    """0 of a process that has ended, as with all that follows."""
    with suppress(*_ENDED):
        for line in (_PROC / str(pid) / "status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
    return 0


def open_files(pid: int) -> int:
    return _entries(pid, "fd")


def threads(pid: int) -> int:
    return _entries(pid, "task")


def _entries(pid: int, folder: str) -> int:
    with suppress(*_ENDED):
        return sum(1 for _ in (_PROC / str(pid) / folder).iterdir())
    return 0


def family(pid: int) -> list[int]:
    """A process and all that descend from it: gunicorn and PostgreSQL are several."""
    children: dict[int, list[int]] = {}
    for entry in _PROC.iterdir():
        if entry.name.isdigit():
            try:
                parent = int(_stat(int(entry.name))[1])
            except _ENDED:
                continue  # It has ended since the folder was listed.
            children.setdefault(parent, []).append(int(entry.name))
    found = [pid]
    for one in found:
        found += children.get(one, [])
    return found


def _stat(pid: int) -> list[str]:
    # The name, in parentheses, may hold anything, so count from the last one.
    return (_PROC / str(pid) / "stat").read_text(encoding="utf-8").rpartition(") ")[2].split()


@dataclass(frozen=True, kw_only=True)
class Machine:
    processor: str
    cores: int
    memory_gib: float
    system: str
    python: str
    java: str

    def to_json(self) -> dict[str, object]:
        return asdict(self)

    def __str__(self) -> str:
        return (
            f"{self.processor}, {self.cores} cores, {self.memory_gib:.0f} GiB, {self.system},"
            f" Python {self.python}, Java {self.java}"
        )


def machine(java_version: str) -> Machine:
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return Machine(
        processor=_processor(),
        cores=len(os.sched_getaffinity(0)),
        memory_gib=pages / 2**30,
        system=f"{platform.system()} {platform.release()}",
        python=platform.python_version(),
        java=java_version,
    )


def _processor() -> str:
    for line in (_PROC / "cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
