"""What `make` needs of the machine: refused in one sentence, before anything is fetched."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
REQUIRE = ROOT / "tools" / "require.sh"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A PATH with what the script itself uses, and nothing else."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("bash", "env", "sed"):
        found = shutil.which(name)
        assert found
        (folder / name).symlink_to(found)
    return folder


def program(folder: Path, name: str, script: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(f"#!/usr/bin/env bash\n{script}\n")
    (folder / name).chmod(0o755)


def require(path: Path, *tools: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [REQUIRE, *tools],
        env={"PATH": str(path), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("tool", "script", "sentence"),
    [
        ("python", None, r"No python3 found: install Python 3\.11 or newer, or name one .*"),
        (
            "python",
            "[[ $2 == *platform* ]] && echo 3.9.2 || exit 1",
            r"python3 is Python 3\.9\.2, but 3\.11 or newer is needed: .*",
        ),
        (
            "python",
            "[[ $2 == *platform* ]] && echo 3.12.1; [[ $2 != *ensurepip* ]]",
            r"python3 cannot make virtual environments: install its venv module .*",
        ),
        ("java", None, r"No Java compiler \(javac\) found: install a JDK 17 or newer, .*"),
        ("java", "echo javac 11.0.21", r"javac is Java 11\.0\.21, but a JDK 17 or newer .*"),
        ("java", "echo javac 1.8.0_392 >&2", r"javac is Java 1\.8\.0_392, but a JDK 17 .*"),
        ("java", "echo nonsense", r"javac is Java .*, but a JDK 17 or newer is needed: .*"),
        ("maven", None, r"No Maven \(mvn\) found: install Maven 3\.8 or newer\."),
    ],
)
def test_refusals(path: Path, tool: str, script: str | None, sentence: str) -> None:
    names = {"python": "python3", "java": "javac", "maven": "mvn"}
    if script is not None:
        program(path, names[tool], script)
    done = require(path, tool)
    assert (done.returncode, done.stdout) == (1, "")
    assert re.fullmatch(sentence + "\n", done.stderr), done.stderr


@pytest.mark.parametrize("version", ["17.0.15", "17", "21-ea", "25.0.1"])
def test_a_java_that_will_do(path: Path, version: str) -> None:
    program(path, "javac", f"echo javac {version}")
    assert require(path, "java").returncode == 0


def test_java_home_comes_first(path: Path, tmp_path: Path) -> None:
    program(path, "javac", "echo javac 11.0.1")
    program(tmp_path / "jdk" / "bin", "javac", "echo javac 21.0.1")
    assert require(path, "java", JAVA_HOME=str(tmp_path / "jdk")).returncode == 0


def test_another_python_can_be_named(path: Path) -> None:
    done = require(path, "python", PYTHON="python3.99")
    assert done.stderr.startswith("No python3.99 found: ")


def test_this_machine_has_it_all() -> None:
    done = require(Path(os.environ["PATH"]), "python", "java", "maven", PYTHON="python3")
    assert (done.returncode, done.stderr) == (0, "")
