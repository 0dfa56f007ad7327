"""Keeps the parts of the stack running: starts them in parallel, restarts what dies, stops all.

One thread per part starts its process and waits for its end. The thread must live as
long as the process does (see `process.Child`), and it is the simplest way to start
everything at once. Before all parts have been ready once, a part that cannot start ends
the whole start with its reason; afterwards a dead part is restarted for ever, at
growing intervals.
"""

from __future__ import annotations

import contextlib
import threading
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from flinkjobrunner.backends.local.layout import StackError
from flinkjobrunner.backends.local.process import Child

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from flinkjobrunner.backends.local.part import Part

_PAUSES = (0.1, 0.5, 1.0, 2.0, 5.0, 10.0)
_GOOD_AFTER = 60.0
_START_TRIES = 3
_START_SECONDS = 120.0
_PROBE_SECONDS = 0.05


class State(StrEnum):
    WAITING = "waiting"
    STARTING = "starting"
    READY = "ready"
    DOWN = "down"


@dataclass(frozen=True, kw_only=True)
class Status:
    name: str
    state: State
    pid: int | None
    since: float
    restarts: int
    # How the process before this one ended, or why this one is not ready yet.
    note: str = ""
    # Whether the whole stack is being ended.
    stopping: bool = False


class Supervisor:
    def __init__(self, parts: Sequence[Part], mark: str, changed: Callable[[Status], None]) -> None:
        self._changed = changed
        self._mark = mark
        self._stopping = threading.Event()
        self._condition = threading.Condition()
        self._failure: str | None = None
        self._keepers = {part.name: _Keeper(self, part) for part in parts}

    def start(self) -> None:
        for keeper in self._keepers.values():
            keeper.start()

    def wait_ready(self) -> None:
        """Until every part has been ready once; the first that cannot start is the error."""
        with self._condition:
            self._condition.wait_for(
                lambda: (
                    self._is_over() or all(keeper.was_ready for keeper in self._keepers.values())
                )
            )
        if self._failure:
            raise StackError(self._failure)

    def statuses(self) -> list[Status]:
        return [keeper.status() for keeper in self._keepers.values()]

    def stop(self) -> None:
        self._stopping.set()
        with self._condition:
            self._condition.notify_all()
        for stage in sorted({keeper.part.stop_stage for keeper in self._keepers.values()}):
            stoppers = [
                threading.Thread(target=keeper.stop)
                for keeper in self._keepers.values()
                if keeper.part.stop_stage == stage
            ]
            for stopper in stoppers:
                stopper.start()
            for stopper in stoppers:
                stopper.join()

    # For the keepers.

    def launch(self, part: Part) -> Child | None:
        """None when the stack is being stopped, which a preparation may have taken long to see."""
        if not self._stopping.is_set():
            part.prepare()
        return None if self._stopping.is_set() else Child(part.process(), self._mark)

    def wait_for(self, names: Sequence[str]) -> bool:
        """Until these parts are ready; False when the stack ends instead."""
        with self._condition:
            self._condition.wait_for(
                lambda: self._is_over() or all(self._is_ready(name) for name in names)
            )
            return not self._is_over()

    def is_stopping(self) -> bool:
        return self._stopping.is_set()

    def pause(self, seconds: float) -> None:
        self._stopping.wait(seconds)

    def report(self, status: Status) -> None:
        with self._condition:
            self._condition.notify_all()
        self._changed(status)

    def fail(self, reason: str) -> None:
        with self._condition:
            self._failure = self._failure or reason
            self._condition.notify_all()

    def restart(self, names: Sequence[str]) -> None:
        for name in names:
            if keeper := self._keepers.get(name):
                keeper.kill()

    def _is_over(self) -> bool:
        return self._stopping.is_set() or self._failure is not None

    def _is_ready(self, name: str) -> bool:
        keeper = self._keepers.get(name)
        return keeper is None or keeper.status().state is State.READY


class _Keeper(threading.Thread):
    """Keeps one part running."""

    def __init__(self, supervisor: Supervisor, part: Part) -> None:
        super().__init__(name=f"keep-{part.name}", daemon=True)
        self.part = part
        self.was_ready = False
        self._supervisor = supervisor
        self._lock = threading.Lock()
        self._child: Child | None = None
        self._state = State.WAITING
        self._since = time.time()
        self._starts = 0
        self._note = ""

    def status(self) -> Status:
        child = self._child
        return Status(
            name=self.part.name,
            state=self._state,
            pid=child.pid if child and self._state is not State.DOWN else None,
            since=self._since,
            restarts=max(0, self._starts - 1),
            note=self._note,
            stopping=self._supervisor.is_stopping(),
        )

    def run(self) -> None:
        failures = 0
        while self._supervisor.wait_for(self.part.needs):
            started = time.monotonic()
            final = self._live()
            self._set(State.DOWN)
            if self._supervisor.is_stopping():
                return
            failures = 0 if time.monotonic() - started > _GOOD_AFTER else failures
            if not self.was_ready and (final or failures + 1 >= _START_TRIES):
                self._supervisor.fail(final or self._complaint())
                return
            self._supervisor.restart(self.part.takes_along)
            self._supervisor.pause(_PAUSES[min(failures, len(_PAUSES) - 1)])
            failures += 1

    def _live(self) -> str:
        """One life of the process, from its preparation to its end. What it returns says why
        another try would end alike; whatever happens, the part stays supervised."""
        child = None
        final = ""
        try:
            child = self._launch()
            if child is not None:
                self._watch(child)
        except (StackError, OSError) as error:
            final = str(error)
        except Exception as error:  # noqa: BLE001 - it is told, and the part is started again
            final = f"{self.part.title}: {error!r}"
        if child is not None:
            final = final or self.part.refusal(child.exit_code())
            self._note = self._note or child.exit_text()
            child.kill()
        self._note = final or self._note
        return final

    def stop(self) -> None:
        with self._lock:
            child = self._child
        if child:
            child.stop(self.part.stop_grace)
        if self.is_alive():
            self.join()

    def kill(self) -> None:
        with self._lock:
            child = self._child
        if child:
            child.kill()

    def _launch(self) -> Child | None:
        """Under the lock, so that a stop either prevents the start or sees the process."""
        with self._lock:
            child = self._supervisor.launch(self.part)
            if child is None:
                return None
            self._child = child
            self._starts += 1
        self._note = ""
        self._set(State.STARTING)
        return child

    def _watch(self, child: Child) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while not child.wait(_PROBE_SECONDS):
            if self.part.ready(child.pid):
                self.part.when_ready()
                self.was_ready = True
                self._set(State.READY)
                child.wait(None)
                return
            if time.monotonic() > deadline:
                self._note = f"not ready within {_START_SECONDS:.0f} s"
                return

    def _complaint(self) -> str:
        return f"{self.part.title} could not be started ({self._note}): see {self._newest_log()}."

    def _newest_log(self) -> Path:
        output = self.part.process().output
        candidates = [output, output.with_suffix(".log")]
        existing = [path for path in candidates if path.exists() and path.stat().st_size]
        return max(existing, key=lambda path: path.stat().st_mtime, default=output)

    def _set(self, state: State) -> None:
        self._state = state
        self._since = time.time()
        with contextlib.suppress(OSError):  # a full disk must not end the supervision
            self._supervisor.report(self.status())
