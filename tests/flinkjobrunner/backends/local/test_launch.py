"""A process does not outlive its supervisor, and does not keep root where it must not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from flinkjobrunner.backends.local.process import Child, ProcessSpec, User, minimal_environment

NOBODY = 65534

SUPERVISOR = """
import sys, time
from pathlib import Path
from flinkjobrunner.backends.local.process import Child, ProcessSpec
child = Child(ProcessSpec(command=("/bin/sleep", "600"), output=Path(sys.argv[1])), "test")
print(child.pid, flush=True)
time.sleep(600)
"""


def spec(tmp_path: Path, *command: str, user: User | None = None) -> ProcessSpec:
    return ProcessSpec(
        command=command,
        output=tmp_path / "out",
        environment=minimal_environment(),
        user=user,
        cwd=Path("/"),
    )


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux reports a parent's death")
def test_a_child_ends_with_its_killed_supervisor(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR, str(tmp_path / "out")],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as supervisor:
        assert supervisor.stdout is not None
        child = psutil.Process(int(supervisor.stdout.readline()))
        wait_for_program(child, "sleep")
        supervisor.kill()
        assert child.wait(5) is None  # it is somebody else's child: gone, with an unknown code


def wait_until_gone(pid: int) -> None:
    deadline = time.monotonic() + 5
    while psutil.pid_exists(pid):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def wait_for_program(process: psutil.Process, name: str) -> None:
    deadline = time.monotonic() + 5
    while process.name() != name:
        assert time.monotonic() < deadline, process.name()
        time.sleep(0.01)


def test_a_program_that_is_missing_ends_with_its_reason(tmp_path: Path) -> None:
    child = Child(spec(tmp_path, "/no/such/program"), "test")
    assert child.wait(5)
    assert "FileNotFoundError" in (tmp_path / "out").read_text()


def test_what_a_child_has_started_ends_with_it(tmp_path: Path) -> None:
    child = Child(spec(tmp_path, "/bin/sh", "-c", "sleep 600 & echo $!; wait"), "test")
    deadline = time.monotonic() + 5
    while not (text := (tmp_path / "out").read_text()):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    child.stop(grace=5)
    assert child.exit_text() == "SIGTERM"
    wait_until_gone(int(text))


def test_a_child_that_ignores_its_signal_is_killed(tmp_path: Path) -> None:
    script = "trap '' TERM; echo up; while :; do sleep 0.05; done"
    child = Child(spec(tmp_path, "/bin/sh", "-c", script), "test")
    deadline = time.monotonic() + 5
    while not (tmp_path / "out").read_text():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    child.stop(grace=0.2)
    assert child.exit_text() == signal.Signals.SIGKILL.name


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_root_becomes_another_user_below_a_closed_folder(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    inside = closed / "inside"
    inside.mkdir(parents=True)
    os.chown(inside, NOBODY, NOBODY)
    closed.chmod(0o700)
    writer = "import os, sys; open(sys.argv[1] + '/who', 'w').write(str(os.geteuid()))"
    child = Child(
        spec(
            tmp_path,
            os.path.realpath(sys.executable),
            "-c",
            writer,
            str(inside),
            user=User(uid=NOBODY, gid=NOBODY),
        ),
        "test",
    )
    assert child.wait(10)
    assert child.exit_text() == "exit code 0", (tmp_path / "out").read_text()
    assert (inside / "who").read_text() == str(NOBODY)
    assert (inside / "who").stat().st_uid == NOBODY
    assert closed.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_no_capability_is_kept_where_folders_are_open(tmp_path: Path) -> None:
    shown = "grep CapEff /proc/self/status"
    child = Child(spec(tmp_path, "/bin/sh", "-c", shown, user=User(uid=NOBODY, gid=NOBODY)), "test")
    assert child.wait(10)
    assert int((tmp_path / "out").read_text().split()[1], 16) == 0
