"""`flinkjobrunner up` as a process of its own, as a user has it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx2

from flinkjobrunner.backends.local import leftovers
from flinkjobrunner.config import read_stack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

ROOT = Path(__file__).parents[2]
READY_SECONDS = 120.0
END_SECONDS = 60.0


@dataclass(kw_only=True)
class Up:
    """One WORK_ROOT, and the commands that are run for it."""

    work_root: Path
    variables: Mapping[str, str] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        own = ("RUNNER_", "FLINKJOBRUNNER_", "WORK_ROOT", "DIGITALTWIN_ROOT", "KUBECONFIG")
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith(own)},
            "PYTHONPATH": str(ROOT / "src"),
            "WORK_ROOT": str(self.work_root),
            "RUNNER_PORT": "0",
            "RUNNER_KAFKA_BOOTSTRAP": "127.0.0.1:0",
            "RUNNER_FLINK_URL": "http://127.0.0.1:0",
            **self.variables,
        }

    def start(self, command: Sequence[str] = ("-m", "flinkjobrunner", "up")) -> Running:
        process = subprocess.Popen(
            [sys.executable, *command],
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        return Running(up=self, process=process)

    @contextmanager
    def running(self, command: Sequence[str] = ("-m", "flinkjobrunner", "up")) -> Iterator[Running]:
        running = self.start(command)
        try:
            running.await_ready()
            yield running
        finally:
            if running.process.poll() is None:
                running.end(signal.SIGTERM)
            for stream in (running.process.stdout, running.process.stderr):
                if stream is not None:
                    stream.close()

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "flinkjobrunner", *arguments],
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=READY_SECONDS + END_SECONDS,
            check=False,
        )

    def stack(self) -> dict[str, Any]:
        return read_stack(self.work_root)

    def pid(self, name: str) -> int | None:
        pid: int | None = self.stack()["pids"].get(name)
        return pid

    def state(self, name: str) -> str:
        return str(self.stack()["parts"][name]["state"])

    def restarted(self, name: str, before: int) -> bool:
        """Whether another process has taken the place of this one and does its work."""
        return self.pid(name) not in (before, None) and self.state(name) == "ready"

    def processes(self) -> list[int]:
        """What was started for it and lives."""
        return [process.pid for process in leftovers.find(self.work_root)]

    def living(self) -> str:
        """Which those are, for whoever waits for their end in vain."""
        commands = []
        for pid in self.processes():
            with suppress(OSError):
                line = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ")
                commands.append(f"{pid}: {line[:200].decode(errors='replace')}")
        return "\n".join(commands)

    def get(self, path: str) -> Any:
        with httpx2.Client(trust_env=False) as client:
            return client.get(f"{self.stack()['service_url']}{path}")

    def readiness(self) -> dict[str, bool]:
        try:
            dependencies = self.get("/readyz").json()["dependencies"]
        except (httpx2.HTTPError, json.JSONDecodeError):
            return {}
        return {name: one["ready"] for name, one in dependencies.items()}


@dataclass(kw_only=True)
class Running:
    """A foreground `up`."""

    up: Up
    process: subprocess.Popen[str]

    def await_ready(self) -> None:
        eventually(lambda: self._is_ready() or self.process.poll() is not None, READY_SECONDS)
        assert self.process.poll() is None, self.process.communicate()

    def _is_ready(self) -> bool:
        """The file may still be that of an earlier stack which was killed."""
        stack = self.up.stack()
        return bool(stack.get("ready")) and stack["pids"]["up"] == self.process.pid

    def end(self, number: signal.Signals) -> tuple[int, str, str]:
        """Exit code, standard output and error."""
        self.process.send_signal(number)
        out, error = self.process.communicate(timeout=END_SECONDS)
        return self.process.returncode, out, error


def eventually(
    condition: Callable[[], Any], seconds: float = 60.0, explain: Callable[[], str] = str
) -> Any:
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, f"it did not happen in time: {explain()}"
        time.sleep(0.05)
    return found
