from __future__ import annotations

import os
import subprocess
import sys
import time

from flinkjobrunner.bench import procfs


def test_cpu_time_grows_with_work() -> None:
    before = procfs.cpu_seconds(os.getpid())
    deadline = time.process_time() + 0.1
    while time.process_time() < deadline:
        pass
    assert procfs.cpu_seconds(os.getpid()) - before >= 0.05


def test_memory_of_this_process() -> None:
    assert procfs.resident_bytes(os.getpid()) > 2**20


def test_a_family_has_its_grandchildren() -> None:
    script = (
        "import subprocess, sys;"
        "subprocess.run([sys.executable, '-c', \"print('up', flush=True); input()\"])"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        family = procfs.family(process.pid)
        process.communicate("\n")
    assert family[0] == process.pid
    assert len(family) == 2


def test_the_machine_is_described() -> None:
    machine = procfs.machine("17.0.1")
    assert machine.cores >= 1
    assert machine.memory_gib > 0
    assert machine.processor in str(machine)


def test_a_process_that_has_ended_has_nothing() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    assert procfs.resident_bytes(ended.pid) == 0
    assert procfs.open_files(ended.pid) == procfs.threads(ended.pid) == 0
