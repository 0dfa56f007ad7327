"""The Makefile and the command that its recipes call, as the worker runs them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from flinkjobrunner.config import TARGETS, checkout_root
from flinkjobrunner.jobs import JobStatus, StepStatus
from flinkjobrunner.workflow.process import environment
from support.plant import shapes

if TYPE_CHECKING:
    from flinkjobrunner.jobs import Job
    from support.plant import Plant

FOLDER = checkout_root() / "work" / "shacl2flink"
SOURCE = Path(__file__).parents[3] / "src"


def make(
    plant: Plant, job: Job, target: str, folder: Path = FOLDER
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", "-C", str(folder), target],
        env=environment(plant.settings.environment(), plant.folder(job)),
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def steps(plant: Plant, job: Job) -> dict[str, StepStatus]:
    return {step.name: step.status for step in plant.queue.get(job.job_id).steps}


def test_every_target_is_there_and_its_recipe_needs_no_value() -> None:
    text = (FOLDER / "Makefile").read_text()
    for target in TARGETS:
        recipe = re.search(rf"^{target}:\n\t(.*)\n", text, re.MULTILINE)
        assert recipe, target
        assert re.fullmatch(r'@"\$\$PYTHON" -m flinkjobrunner step [a-z -]+', recipe[1]), target
    for name in ("requirements.txt", "requirements-dev.txt"):
        assert (FOLDER / name).read_text() == f"-r ../../{name}\n"


def test_a_deploy_through_make(plant: Plant) -> None:
    job = plant.job("flink-deploy", shapes("speed"))
    with plant.instances() as instances:
        done = make(plant, job, "flink-deploy")
    assert done.returncode == 0, done.stdout + done.stderr
    assert sorted(instances.programs) == [1]
    assert steps(plant, job) == {"flink-deploy": StepStatus.SUCCEEDED}
    assert "every instance has acknowledged epoch 1" in done.stdout
    assert done.stderr == ""


def test_both_steps_of_setup_and_deploy_and_the_first_failure_ends_it(plant: Plant) -> None:
    job = plant.job("setup-and-deploy", shapes("speed"))
    done = make(plant, job, "setup-and-deploy")
    assert done.returncode != 0
    assert steps(plant, job) == {"setup": StepStatus.FAILED, "flink-deploy": StepStatus.PENDING}
    assert re.search(r"^error: .* \[jar-missing\] `make build`.*$", done.stdout, re.MULTILINE)
    assert plant.flink.jobs == {}


def test_a_fenced_step_says_nothing_and_ends(plant: Plant) -> None:
    job = plant.job("flink-deploy", shapes("speed"))
    plant.queue.finish(job, JobStatus.CANCELED, None)
    done = subprocess.run(
        [sys.executable, "-m", "flinkjobrunner", "step", "flink-deploy"],
        env=environment(plant.settings.environment(), plant.folder(job)),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")


def test_an_operator_adds_a_step_without_touching_a_recipe(plant: Plant, tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    own = 'flink-deploy: look\nlook:\n\t@echo "looking at $$(basename "$$JOB_DIR")"\n'
    (folder / "Makefile").write_text((FOLDER / "Makefile").read_text() + own)
    job = plant.job("flink-deploy", shapes("speed"))
    with plant.instances():
        done = make(plant, job, "flink-deploy", folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"looking at {job.job_id}" in done.stdout.splitlines()[:2]
    assert steps(plant, job) == {"flink-deploy": StepStatus.SUCCEEDED}


@pytest.mark.parametrize(
    ("arguments", "job_dir", "said"),
    [
        (["setup"], None, "JOB_DIR is not set"),
        (["setup"], "/nonexistent", "cannot be read"),
        (["everything"], None, "everything: known are setup"),
    ],
)
def test_misuse_is_explained(arguments: list[str], job_dir: str | None, said: str) -> None:
    variables = {"PATH": os.environ["PATH"], "PYTHONPATH": str(SOURCE), "COLUMNS": "200"}
    done = subprocess.run(
        [sys.executable, "-m", "flinkjobrunner", "step", *arguments],
        env=variables | ({"JOB_DIR": job_dir} if job_dir else {}),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
