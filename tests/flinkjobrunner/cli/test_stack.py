"""The whole embedded stack, as `up` runs it: one stack for all tests here, in their order."""

from __future__ import annotations

import json
import os
import signal
from typing import TYPE_CHECKING

import pytest

from support.up import ROOT, Up, eventually

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300)]

PARTS = {"postgres", "kafka", "jobmanager", "taskmanager", "web", "worker"}
# Of the acceptance: 1.2 GiB at the start. Pages that processes share count once for each.
RESIDENT_MIB = 1228


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Up:
    folder = tmp_path_factory.mktemp("stack") / "a folder with spaces"
    runtime = str(ROOT / "build" / "runtime")
    return Up(work_root=folder, variables={"RUNNER_BACKEND": "local", "RUNNER_RUNTIME": runtime})


@pytest.fixture(scope="module")
def stack(up: Up) -> Iterator[Up]:
    started = up.run("up", "--detach")
    try:
        assert started.returncode == 0, started.stderr
        assert started.stdout.startswith("Ready: http://127.0.0.1:")
        yield up
    finally:
        up.run("down")
    assert up.processes() == []


def test_an_interrupted_start_leaves_nothing(up: Up) -> None:
    """Before the module's own start, while PostgreSQL's folder is being made."""
    running = up.start()
    eventually((up.work_root / "data" / "postgres.draft").exists)
    code, said, error = running.end(signal.SIGINT)
    assert (code, error) == (0, "")
    assert said.endswith("Ended.\n")
    assert up.processes() == []


def test_all_parts_are_shown_with_their_memory(stack: Up) -> None:
    shown = json.loads(stack.run("status", "--json").stdout)
    assert (shown["running"], shown["ready"]) == (True, True)
    assert shown["service_url"] == stack.stack()["service_url"]
    processes = {one["name"]: one for one in shown["processes"]}
    assert set(processes) == PARTS
    assert {one["state"] for one in processes.values()} == {"ready"}
    assert {name: one["pid"] for name, one in processes.items()} == {
        name: stack.pid(name) for name in PARTS
    }
    memory = {name: one["memory_mib"] for name, one in processes.items()}
    assert 0 < sum(memory.values()) < RESIDENT_MIB, memory
    assert (shown["deployments"], shown["alerts"]["standing"]) == ([], 0)
    text = stack.run("status").stdout.splitlines()
    assert text[0].startswith("Runs since ")
    assert {line.split()[0] for line in text[1:]} >= PARTS


def test_the_service_reaches_everything(stack: Up) -> None:
    eventually(lambda: stack.readiness() == {"database": True, "kafka": True, "flink": True})


def test_a_second_stack_in_the_same_folder_is_refused(stack: Up) -> None:
    for arguments in (["up"], ["up", "--detach"]):
        refused = stack.run(*arguments)
        assert (refused.returncode, refused.stdout) == (1, "")
        assert "already runs" in refused.stderr
        assert str(stack.pid("up")) in refused.stderr
        assert len(refused.stderr.splitlines()) == 1
    assert stack.get("/healthz").status_code == 200


def test_the_doctor_takes_the_ports_of_its_own_stack_for_right(stack: Up) -> None:
    examined = stack.run("doctor", "--json")
    assert json.loads(examined.stdout)["ok"], examined.stdout


def test_every_part_that_is_killed_becomes_ready_again(stack: Up) -> None:
    for name in ("taskmanager", "jobmanager", "kafka", "postgres", "web", "worker"):
        before = stack.pid(name)
        assert before, name
        os.kill(before, signal.SIGKILL)
        eventually(lambda name=name, before=before: stack.restarted(name, before))
    eventually(lambda: all(stack.state(name) == "ready" for name in PARTS))
    eventually(lambda: stack.readiness() == {"database": True, "kafka": True, "flink": True})
    assert {name for name, part in stack.stack()["parts"].items() if part["restarts"]} == PARTS
    # The database has lost nothing, and the service has found it again.
    assert stack.get("/jobs").json() == {"items": [], "next": None}


def test_a_killed_supervisor_takes_everything_along(stack: Up) -> None:
    os.kill(stack.pid("up") or 0, signal.SIGKILL)
    eventually(lambda: stack.processes() == [], 150, stack.living)
    shown = json.loads(stack.run("status", "--json").stdout)
    assert shown["running"] is False
    assert {one["state"] for one in shown["processes"]} == {"down"}
    assert "Nothing runs in" in stack.run("status").stdout
    assert stack.run("down").stdout == f"Nothing ran in {stack.work_root}.\n"


def test_the_next_start_uses_the_data_again_and_down_ends_it(stack: Up) -> None:
    stack.run("down")
    cluster = (stack.work_root / "data" / "kafka" / "meta.properties").read_text()
    with stack.running() as running:
        assert (stack.work_root / "data" / "kafka" / "meta.properties").read_text() == cluster
        assert stack.run("down").stdout == "Ended.\n"
        assert running.process.wait(10) == 0
    assert stack.processes() == []
    assert stack.stack() == {}
