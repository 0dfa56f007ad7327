"""How parts are kept: in order of need, restarted when they die, told about, ended together."""

from __future__ import annotations

import os
import signal
import threading
from typing import TYPE_CHECKING

import pytest

from flinkjobrunner.backends.local import leftovers
from flinkjobrunner.backends.local.layout import StackError
from flinkjobrunner.backends.local.part import Part
from flinkjobrunner.backends.local.process import ProcessSpec, minimal_environment
from flinkjobrunner.backends.local.supervisor import State, Status, Supervisor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


class Script(Part):
    """A part that is a line of shell; ready when it has made its file, which it knows as $0."""

    title = "script"

    def __init__(
        self,
        folder: Path,
        name: str,
        line: str = "touch $0; exec sleep 600",
        *,
        needs: tuple[str, ...] = (),
        takes_along: tuple[str, ...] = (),
    ) -> None:
        self.name = name  # type: ignore[misc] - several parts of one class, here only
        self.needs = needs  # type: ignore[misc]
        self.takes_along = takes_along  # type: ignore[misc]
        self.file = folder / f"{name}.ready"
        self._folder = folder
        self._line = line

    def prepare(self) -> None:
        self.file.unlink(missing_ok=True)

    def process(self) -> ProcessSpec:
        return ProcessSpec(
            command=("/bin/sh", "-c", self._line, str(self.file)),
            environment=minimal_environment(),
            output=self._folder / f"{self.name}.out",
        )

    def ready(self, _pid: int, /) -> bool:
        return self.file.exists()


class Told:
    """What the supervisor told, in order."""

    def __init__(self) -> None:
        self.statuses: list[Status] = []
        self._condition = threading.Condition()

    def __call__(self, status: Status) -> None:
        with self._condition:
            self.statuses.append(status)
            self._condition.notify_all()

    def until(self, seen: Callable[[list[Status]], object]) -> None:
        with self._condition:
            assert self._condition.wait_for(lambda: seen(self.statuses), 15), self.statuses

    def count(self, name: str, state: State) -> int:
        return sum((status.name, status.state) == (name, state) for status in self.statuses)


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def start(tmp_path: Path, told: Told) -> Iterator[Callable[..., Supervisor]]:
    supervisors: list[Supervisor] = []

    def start(*parts: Part) -> Supervisor:
        supervisors.append(Supervisor(parts, leftovers.mark_of(tmp_path), told))
        supervisors[-1].start()
        return supervisors[-1]

    yield start
    for supervisor in supervisors:
        supervisor.stop()
    assert leftovers.find(tmp_path) == []


def test_a_part_waits_for_what_it_needs(
    tmp_path: Path, told: Told, start: Callable[..., Supervisor]
) -> None:
    start(Script(tmp_path, "second", needs=("first",)), Script(tmp_path, "first")).wait_ready()
    order = [status.name for status in told.statuses if status.state is not State.DOWN]
    assert order == ["first", "first", "second", "second"]


def test_a_dead_part_is_restarted_and_takes_others_along(
    tmp_path: Path, told: Told, start: Callable[..., Supervisor]
) -> None:
    supervisor = start(Script(tmp_path, "head", takes_along=("hand",)), Script(tmp_path, "hand"))
    supervisor.wait_ready()
    before = {status.name: status.pid for status in supervisor.statuses()}
    os.kill(before["head"] or 0, signal.SIGKILL)
    told.until(lambda _: all(told.count(name, State.READY) == 2 for name in ("head", "hand")))
    after = {status.name: status for status in supervisor.statuses()}
    assert all(after[name].pid != before[name] for name in before)
    assert {status.restarts for status in after.values()} == {1}
    assert "SIGKILL" in {status.note for status in told.statuses if status.name == "head"}


def test_a_part_that_never_starts_ends_the_start(
    tmp_path: Path, start: Callable[..., Supervisor]
) -> None:
    supervisor = start(Script(tmp_path, "broken", "echo no such luck; exit 3"))
    with pytest.raises(StackError, match=r"script could not be started \(exit code 3\).*broken"):
        supervisor.wait_ready()


def test_stop_ends_everything_also_in_the_middle_of_a_start(
    tmp_path: Path, told: Told, start: Callable[..., Supervisor]
) -> None:
    supervisor = start(
        Script(tmp_path, "one"),
        Script(tmp_path, "two", needs=("never",)),
        Script(tmp_path, "never", "exec sleep 600"),
    )
    told.until(lambda _: told.count("one", State.READY) and told.count("never", State.STARTING))
    supervisor.stop()
    assert leftovers.find(tmp_path) == []


def test_a_part_whose_preparation_fails_says_why(
    tmp_path: Path, start: Callable[..., Supervisor]
) -> None:
    class Unprepared(Script):
        def prepare(self) -> None:
            raise StackError("The data is of another version.")

    with pytest.raises(StackError, match="another version"):
        start(Unprepared(tmp_path, "unprepared")).wait_ready()


def test_a_part_stays_supervised_whatever_goes_wrong_after_its_start(
    tmp_path: Path, told: Told, start: Callable[..., Supervisor]
) -> None:
    """As when the deployments cannot be restored because the database is away."""

    class Restoring(Script):
        failures = 0

        def when_ready(self) -> None:
            if self.failures:
                self.failures -= 1
                raise RuntimeError("not now")

    part = Restoring(tmp_path, "part")
    supervisor = start(part)
    supervisor.wait_ready()
    part.failures = 2
    os.kill(supervisor.statuses()[0].pid or 0, signal.SIGKILL)
    told.until(lambda _: told.count("part", State.READY) == 2)
    notes = [status.note for status in told.statuses if status.state is State.DOWN]
    assert notes == ["SIGKILL", *["script: RuntimeError('not now')"] * 2]


def test_a_refusal_ends_the_start_at_once_with_its_sentence(
    tmp_path: Path, told: Told, start: Callable[..., Supervisor]
) -> None:
    class Refusing(Script):
        def refusal(self, exit_code: int | None, /) -> str:
            return "The schema is of a newer version." if exit_code == 2 else ""

    supervisor = start(Refusing(tmp_path, "part", "exit 2"))
    with pytest.raises(StackError, match=r"^The schema is of a newer version\.$"):
        supervisor.wait_ready()
    assert told.count("part", State.STARTING) == 1
