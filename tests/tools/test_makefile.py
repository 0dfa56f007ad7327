"""The Makefile is the first thing that a visitor runs: its help is complete, nothing is redone."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def make(*arguments: str, root: Path = ROOT) -> subprocess.CompletedProcess[str]:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))
    }
    return subprocess.run(
        ["make", "-C", str(root), "--no-print-directory", f"PYTHON={sys.executable}", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def targets() -> set[str]:
    """Those for people: not the parts of `test` and `check`, nor what all need."""
    (line,) = re.findall(r"^\.PHONY:(.*)$", MAKEFILE, re.MULTILINE)
    return {name for name in line.split() if "-" not in name} - {"help", "environment"}


def test_help_names_every_target_and_only_those() -> None:
    shown = re.findall(r"^make (\S+) ", make("help").stdout, re.MULTILINE)
    assert set(shown) == targets()
    assert {"run", "test", "check", "bench", "build", "clean"} <= targets()
    assert make().stdout == make("help").stdout


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A checkout in which everything was made a moment ago, with a Maven that only tells."""
    for name in ("Makefile", "requirements.txt", "requirements-dev.txt", "tools", "validator"):
        ignore = shutil.ignore_patterns("target")
        source, copy = ROOT / name, tmp_path / name
        if source.is_dir():
            shutil.copytree(source, copy, ignore=ignore)
        else:
            shutil.copy2(source, copy)
    for file in [path for path in tmp_path.rglob("*") if path.is_file()]:
        os.utime(file, (1_000_000_000, 1_000_000_000))
    stamps = (".venv/.installed", ".venv/.installed-dev", "build/runtime/.copied")
    for number, name in enumerate([*stamps, "build/runtime/validator.jar"]):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (1_100_000_000 + number, 1_100_000_000 + number))
    return tmp_path


def would_do(root: Path, *arguments: str) -> str:
    done = make("-n", *arguments, root=root)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_nothing_is_done_twice(built: Path) -> None:
    done = make("build", root=built)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("changed", "rebuilt"),
    [
        ("validator/src/main/java/org/flinkjobrunner/validator/batch/ValidateMain.java", {"job"}),
        ("validator/pom.xml", {"job"}),
        ("validator/runtime/pom.xml", {"jars", "job"}),
        ("requirements.txt", {"environment"}),
        ("requirements-dev.txt", set()),
    ],
)
def test_a_change_rebuilds_what_depends_on_it(built: Path, changed: str, rebuilt: set[str]) -> None:
    assert (built / changed).exists()
    (built / changed).touch()
    plan = would_do(built, "build")
    words = {"job": "jar:jar", "jars": "dependency:copy-dependencies", "environment": "-m venv"}
    assert {name for name, word in words.items() if word in plan} == rebuilt


def test_an_environment_that_was_not_finished_is_made_again(built: Path) -> None:
    """Its stamp comes last, so that an interrupted one has none."""
    (built / ".venv/.installed").unlink()
    plan = would_do(built, "build").splitlines()
    begun = next(n for n, line in enumerate(plan) if "-m venv" in line)
    assert "touch .venv/.installed" in plan[-1] or any(
        "touch .venv/.installed" in line for line in plan[begun + 1 :]
    )


def test_a_failure_leaves_no_stamp(built: Path) -> None:
    (built / ".venv/.installed").unlink()
    (built / "requirements.txt").write_text("no-such-package-anywhere==0 --hash=sha256:00\n")
    done = make(".venv/.installed", root=built)
    assert done.returncode != 0
    assert not (built / ".venv/.installed").exists()
