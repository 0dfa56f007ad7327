"""The process that writes the workload and times its echo (`bench.LoadMain` in the job's jar)."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any, Self

from flinkjobrunner.bench import BenchError, workload

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class Load:
    """A context; the process ends with it."""

    def __init__(self, command: list[str], log: Path) -> None:
        self._log = log
        self._sink = log.open("wb")
        self._process = subprocess.Popen(  # noqa: S603 - a list of arguments, no shell
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._sink,
            text=True,
            encoding="utf-8",
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()  # its sign to end
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()
        self._sink.close()

    def entities(self) -> None:
        self._ask("load")

    def burst(self, updates: int, mend_after: int, began: Callable[[], None]) -> dict[str, Any]:
        """Writes the updates at full speed, and answers when the job has read the last one.

        `began` is called when everything before has been read and nothing is under way.
        """
        self._ask(f"burst {updates} {mend_after}")
        began()
        return self._ask("go")

    def rate(
        self, per_second: int, seconds: int, skip_seconds: int, mend_after: int
    ) -> dict[str, Any]:
        return self._ask(f"rate {per_second} {seconds} {skip_seconds} {mend_after}")

    def _ask(self, line: str) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            said = self._log.read_text(encoding="utf-8", errors="replace")[-4000:]
            raise BenchError(f"the load generator ended at {line!r}:\n{said}")
        body: dict[str, Any] = json.loads(answer)
        return body


def arguments(kafka: str, topics: dict[str, str]) -> list[str]:
    """`topics`: where entities and attributes go, and where the echoes are heard."""
    options = {
        "bootstrap": kafka,
        "machines": str(workload.MACHINES),
        "seed": str(workload.SEED),
        **topics,
    }
    return [word for name, value in options.items() for word in (f"--{name}", value)]
