"""An embedded stack of the benchmark's own: fresh folder, free ports, gone at the end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flinkjobrunner.backends.local import java
from flinkjobrunner.bench import BenchError, procfs
from flinkjobrunner.bench.results import COMPILING, FLINK
from flinkjobrunner.config import get_settings, read_stack

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_READY_SECONDS = 180.0
_END_SECONDS = 60.0
_ARCHIVES_SECONDS = 90.0


@dataclass(frozen=True, kw_only=True)
class Stack:
    kafka: str
    flink_url: str
    service_url: str
    work_root: Path
    start_seconds: float
    start_resident_bytes: int

    def pids(self) -> dict[str, int]:
        """By part; read anew, since a part that ended is started again as another process."""
        pids: dict[str, int] = read_stack(self.work_root)["pids"]
        return pids

    def cpu(self) -> dict[str, float]:
        """CPU seconds of every part with its child processes."""
        pids = self.pids()
        used = {
            name: sum(procfs.cpu_seconds(pid) for pid in procfs.family(root))
            for name, root in pids.items()
            if name != "up"  # the parent of all the others
        }
        return {**used, COMPILING: procfs.compiling_seconds(pids[FLINK])}

    def writes_archives(self) -> bool:
        """Whether its JVMs will stop for seconds to write class archives, as after every build."""
        command = Path(f"/proc/{self.pids()['taskmanager']}/cmdline").read_bytes()
        return b"-XX:+RecordDynamicDumpInfo" in command

    def await_archives(self) -> None:
        folders = (get_settings().runtime / "archives", self.work_root / "data" / "archives")
        began = time.time()
        while time.time() - began < _ARCHIVES_SECONDS:
            written = [file for folder in folders for file in folder.glob("taskmanager-*.jsa")]
            if any(file.stat().st_mtime > began for file in written):
                return
            time.sleep(0.5)

    def resident(self) -> int:
        everything = {pid for root in self.pids().values() for pid in procfs.family(root)}
        return sum(procfs.resident_bytes(pid) for pid in everything)


@contextmanager
def running(environment: Mapping[str, str] | None = None) -> Iterator[Stack]:
    with (
        tempfile.TemporaryDirectory(prefix="flinkjobrunner-bench-") as folder,
        started(Path(folder), environment or {}) as stack,
    ):
        yield stack


@contextmanager
def started(work_root: Path, environment: Mapping[str, str]) -> Iterator[Stack]:
    """As `flinkjobrunner up` starts it, in this folder; the tests have theirs from here as well."""
    output = work_root / "up.out"
    began = time.monotonic()
    with output.open("wb") as sink:
        process = subprocess.Popen(
            [sys.executable, "-m", "flinkjobrunner", "up"],
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            env=_environment(work_root, environment),
            start_new_session=True,  # Ctrl-C reaches us; the stack is ended in order below
        )
    try:
        content = _await_ready(process, work_root, output)
        yield Stack(
            kafka=content["kafka_bootstrap"],
            flink_url=content["flink_url"],
            service_url=content["service_url"],
            work_root=work_root,
            start_seconds=time.monotonic() - began,
            start_resident_bytes=sum(map(procfs.resident_bytes, procfs.family(process.pid))),
        )
    finally:
        _end(process)


def job_jar() -> Path:
    return get_settings().runtime / "validator.jar"


def java_command(main_class: str, arguments: list[str]) -> list[str]:
    """A program of the job's jar on the classes that Flink brings."""
    jars = [job_jar(), *sorted((get_settings().runtime / "flink").glob("*.jar"))]
    path = os.pathsep.join(map(str, jars))
    return [
        str(java.find().program),
        "-Xmx512m",
        "-XX:+UseParallelGC",
        "-cp",
        path,
        main_class,
        *arguments,
    ]


def java_version() -> str:
    return java.find().version


def _environment(work_root: Path, more: Mapping[str, str]) -> dict[str, str]:
    settings = get_settings()
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("RUNNER_", "FLINKJOBRUNNER_"))
    }
    return {
        **inherited,
        "DIGITALTWIN_ROOT": str(settings.digitaltwin_root),
        "RUNNER_RUNTIME": str(settings.runtime),
        "WORK_ROOT": str(work_root),
        "RUNNER_BACKEND": "local",
        "RUNNER_BIND": "127.0.0.1",
        "RUNNER_PORT": "0",
        "RUNNER_KAFKA_BOOTSTRAP": "127.0.0.1:0",
        "RUNNER_FLINK_URL": "http://127.0.0.1:0",
        "RUNNER_SOURCES": "ngsi-ld,iff",
        **more,
    }


def _await_ready(process: subprocess.Popen[bytes], work_root: Path, output: Path) -> dict[str, Any]:
    deadline = time.monotonic() + _READY_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        content = read_stack(work_root)
        if content.get("ready"):
            return content
        time.sleep(0.02)
    said = output.read_text(encoding="utf-8", errors="replace").strip()
    raise BenchError(f"the benchmark's stack did not start: {said or 'it said nothing'}")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
