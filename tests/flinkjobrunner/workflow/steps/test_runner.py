"""What the queue hears of a step, whatever it does."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from flinkjobrunner.errors import ConfigurationError, DatabaseUnavailableError, Problem
from flinkjobrunner.jobs import StepStatus
from flinkjobrunner.workflow.steps import runner
from flinkjobrunner.workflow.steps.base import StepError

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.plant import Plant


@pytest.fixture
def step(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
    """Makes the step `setup` one that does this."""

    def install(does: Any) -> None:
        module = ModuleType("a_step")
        vars(module)["run"] = does
        monkeypatch.setitem(sys.modules, "a_step", module)
        monkeypatch.setitem(runner.STEPS, "setup", "a_step")

    return install


def raising(error: Exception) -> Any:
    def run(_work: Any) -> dict[str, Any]:
        raise error

    return run


def test_a_result_is_recorded_with_the_success(plant: Plant, step: Callable[[Any], None]) -> None:
    step(lambda work: {"answer": work.deployment})
    assert plant.done("setup") == {"answer": plant.deployment}


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (StepError("no-luck", "it went wrong", "Try again."), "no-luck"),
        (ConfigurationError("a setting"), "bad-configuration"),
        (Problem(status=400, code="bad-thing", title="Bad"), "bad-thing"),
        (DatabaseUnavailableError("away"), "database-unavailable"),
        (ZeroDivisionError("division"), "internal-error"),
    ],
)
def test_every_error_has_a_code(
    plant: Plant, step: Callable[[Any], None], error: Exception, code: str
) -> None:
    step(raising(error))
    assert plant.failed("setup")["code"] == code
    assert len(plant.lines) == 1
    assert plant.lines[0].startswith("error: ")
    assert f"[{code}]" in plant.lines[0]


def test_an_unexpected_one_leaves_its_traceback_without_secrets(
    plant: Plant, step: Callable[[Any], None], capsys: pytest.CaptureFixture[str]
) -> None:
    step(raising(ValueError("https://h/x?X-Amz-Signature=CANARY0123456789")))
    error = plant.failed("setup")
    said = capsys.readouterr().err
    assert "Traceback" in said
    assert "CANARY" not in said + str(error)


def test_in_a_target_of_the_operators_own_a_step_is_not_reported(
    plant: Plant, step: Callable[[Any], None]
) -> None:
    step(lambda _work: {"answer": 1})
    job = plant.job("night-shift", "nothing")
    assert plant.run(job, "setup")
    (only,) = plant.queue.get(job.job_id).steps
    assert (only.name, only.status) == ("night-shift", StepStatus.PENDING)
    assert plant.queue.get(job.job_id).result == {"answer": 1}


def test_both_steps_of_one_target_are_told_apart(plant: Plant, step: Callable[[Any], None]) -> None:
    step(lambda _work: {})
    job = plant.job("setup-and-deploy", "no turtle")
    assert not plant.run(job)
    assert [(one.name, one.status) for one in plant.queue.get(job.job_id).steps] == [
        ("setup", StepStatus.SUCCEEDED),
        ("flink-deploy", StepStatus.FAILED),
    ]
