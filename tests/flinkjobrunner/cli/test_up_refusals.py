"""What `up` refuses: one sentence on standard error, exit code 1, and nothing left running."""

from __future__ import annotations

import re
import shutil
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from flinkjobrunner.backends.local import findings, leftovers
from flinkjobrunner.cli import build

if TYPE_CHECKING:
    from collections.abc import Iterator

    from click.testing import Result

RUNTIME = Path(__file__).parents[3] / "build" / "runtime"


@pytest.fixture
def work_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clean_environment: None
) -> Iterator[Path]:
    work_root = tmp_path / "work"
    for name, value in {
        "WORK_ROOT": str(work_root),
        "RUNNER_RUNTIME": str(RUNTIME),
        "RUNNER_PORT": "0",
        "RUNNER_KAFKA_BOOTSTRAP": "127.0.0.1:0",
        "RUNNER_FLINK_URL": "http://127.0.0.1:0",
    }.items():
        monkeypatch.setenv(name, value)
    yield work_root
    assert leftovers.find(work_root) == []


def run(*arguments: str) -> Result:
    return CliRunner().invoke(build(arguments), arguments)


def refused(expected: str) -> None:
    result = run("up")
    assert (result.exit_code, result.stdout) == (1, "")
    assert re.fullmatch(expected, result.stderr.rstrip("\n")), result.stderr


@pytest.mark.parametrize(
    ("variable", "form", "what"),
    [
        ("RUNNER_PORT", "{port}", "web server"),
        ("RUNNER_KAFKA_BOOTSTRAP", "127.0.0.1:{port}", "Kafka"),
        ("RUNNER_FLINK_URL", "http://127.0.0.1:{port}", "Flink"),
    ],
)
def test_a_port_in_use(
    work_root: Path, monkeypatch: pytest.MonkeyPatch, variable: str, form: str, what: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setenv(variable, form.format(port=port))
        refused(
            rf"Port {port} for the {what} is in use by .* \(process \d+\): "
            rf"end that program, or choose another port with {variable}\."
        )
    assert not (work_root / "stack.json").exists()


@pytest.mark.parametrize("variable", ["RUNNER_KAFKA_BOOTSTRAP", "RUNNER_FLINK_URL"])
@pytest.mark.parametrize("text", ["localhost", "localhost:99999", "127.0.0.1:port"])
def test_an_address_that_is_none(
    work_root: Path, monkeypatch: pytest.MonkeyPatch, variable: str, text: str
) -> None:
    monkeypatch.setenv(variable, text)
    refused(rf"{variable}: .*host:port.*")


def test_an_address_of_another_machine(work_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNNER_BIND", "192.0.2.1")
    refused(r"The web server cannot listen on 192\.0\.2\.1:\d+, which is no address of .*")


@pytest.fixture
def only_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(folder))
    return folder


def test_no_java(work_root: Path, only_path: Path) -> None:
    refused(r"No Java found: install a JDK 17 or newer, or set JAVA_HOME to one\.")


def test_a_java_that_is_too_old(work_root: Path, only_path: Path) -> None:
    java = only_path / "java"
    java.write_text("#!/bin/sh\necho 'openjdk version \"11.0.21\" 2023-10-17' >&2\n")
    java.chmod(0o755)
    refused(rf"{java} is Java 11\.0\.21, but 17 or newer is needed: install a JDK 17, .*")


def test_too_little_disk(work_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(findings, "DISK_NEEDED", 1 << 62)
    refused(rf"Only [\d.]+ GiB are free for {work_root}: free some space .*WORK_ROOT.*\.")


def test_no_jars(work_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNNER_RUNTIME", str(tmp_path / "nothing"))
    refused(rf"Missing in {tmp_path}/nothing: flink, kafka, validator\.jar: run `make build`\.")


def test_a_work_root_that_cannot_be_made(work_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work_root.write_text("a file in its place")
    monkeypatch.setenv("WORK_ROOT", str(work_root / "below"))
    refused(rf"{work_root}/below cannot be written to \(.*\): set WORK_ROOT to a folder that can\.")
    work_root.unlink()


def test_data_of_another_postgresql(work_root: Path) -> None:
    folder = work_root / "data" / "postgres"
    folder.mkdir(parents=True)
    (folder / "PG_VERSION").write_text("12\n")
    result = run("up")
    assert result.exit_code == 1
    assert "was written by PostgreSQL 12" in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_a_detached_start_says_what_the_foreground_would(
    work_root: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("RUNNER_RUNTIME", str(tmp_path / "nothing"))
    result = run("up", "--detach")
    assert result.exit_code == 1
    assert re.fullmatch(r"Missing in .*: run `make build`\.\n", result.stderr)


def test_down_when_nothing_was_ever_started(work_root: Path) -> None:
    result = run("down")
    assert (result.exit_code, result.stdout) == (0, f"Nothing runs in {work_root}.\n")
    assert not work_root.exists()


def test_the_doctor_finds_everything_that_up_refuses(
    work_root: Path, only_path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("RUNNER_RUNTIME", str(tmp_path / "nothing"))
    monkeypatch.setattr(findings, "DISK_NEEDED", 1 << 62)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setenv("RUNNER_PORT", str(taken.getsockname()[1]))
        result = run("doctor", "--json")
    assert result.exit_code == 1
    found = json_of(result)
    bad = {one["name"].split()[0] for one in found["findings"] if not one["ok"]}
    assert bad == {"java", "maven", "jars", "disk", "port"}
    assert all(one["advice"] for one in found["findings"] if not one["ok"])
    assert not work_root.exists()


def test_the_doctor_is_content_here(work_root: Path) -> None:
    result = run("doctor")
    assert result.exit_code == 0, result.stdout
    assert all(line.startswith("ok ") for line in result.stdout.splitlines())


def test_without_maven_built_jars_will_do(work_root: Path, only_path: Path) -> None:
    (only_path / "java").symlink_to(str(JAVA))
    result = run("doctor", "--json")
    assert result.exit_code == 0, result.stdout


JAVA = shutil.which("java")


def json_of(result: Result) -> dict[str, list[dict[str, object]]]:
    import json

    return json.loads(result.stdout)
