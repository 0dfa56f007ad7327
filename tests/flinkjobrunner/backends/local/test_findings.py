"""What is refused before a start: one sentence each that says what to do."""

from __future__ import annotations

import os
import re
import socket
from typing import TYPE_CHECKING

import psutil
import pytest

from flinkjobrunner.backends.local import findings, java
from flinkjobrunner.backends.local.layout import Layout, StackError
from flinkjobrunner.backends.local.ports import Address, free_address

if TYPE_CHECKING:
    from pathlib import Path


def program(folder: Path, name: str, script: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def no_java(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(folder))
    return folder


def test_the_java_of_this_machine_will_do() -> None:
    assert findings.java_found().ok
    assert java.find().major >= java.MINIMUM


def test_missing_java(no_java: Path) -> None:
    finding = findings.java_found()
    assert not finding.ok
    assert re.fullmatch(r"No Java found: install a JDK 17 or newer, .*\.", finding.sentence())


@pytest.mark.parametrize("version", ["1.8.0_392", "11.0.21"])
def test_old_java(no_java: Path, version: str) -> None:
    program(no_java, "java", f"echo 'openjdk version \"{version}\" 2023-10-17' >&2")
    with pytest.raises(StackError, match=r"is Java (8|11).*but 17 or newer is needed"):
        java.find()


def test_java_home_comes_first(
    no_java: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(no_java, "java", "exit 1")
    home = tmp_path / "jdk"
    wanted = program(home / "bin", "java", "exit 1")
    (home / "release").write_text('IMPLEMENTOR="x"\nJAVA_VERSION="21.0.2"\n')
    monkeypatch.setenv("JAVA_HOME", str(home))
    assert java.find() == java.Java(program=wanted, version="21.0.2")


def test_port_in_use_names_the_program_and_the_variable() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        address = Address(host="127.0.0.1", port=port)
        (finding,) = findings.ports_free({"RUNNER_PORT": ("web server", address)})
    assert not finding.ok
    assert f"Port {port} for the web server is in use" in finding.sentence()
    assert str(os.getpid()) in finding.sentence()
    assert "choose another port with RUNNER_PORT" in finding.sentence()
    assert findings.ports_free({"RUNNER_PORT": ("web server", address)})[0].ok


def test_an_address_of_another_machine() -> None:
    address = Address(host="192.0.2.1", port=9092)
    (finding,) = findings.ports_free({"RUNNER_KAFKA_BOOTSTRAP": ("Kafka", address)})
    assert "is no address of this machine" in finding.sentence() or "which is no address" in (
        finding.sentence()
    )
    assert "RUNNER_KAFKA_BOOTSTRAP" in finding.sentence()


def test_too_little_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert findings.disk_free(tmp_path / "not" / "yet" / "there").ok
    monkeypatch.setattr(findings, "DISK_NEEDED", 1 << 62)
    finding = findings.disk_free(tmp_path)
    with pytest.raises(StackError, match=r"^Only .* GiB are free for .*WORK_ROOT"):
        findings.require([finding])


def test_little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(findings, "MEMORY_NEEDED", psutil.virtual_memory().total * 2)
    assert not findings.memory_free().ok


def test_missing_jars(tmp_path: Path) -> None:
    layout = Layout(work_root=tmp_path, runtime=tmp_path / "runtime")
    sentence = findings.jars_found(layout).sentence()
    assert all(part in sentence for part in ("flink", "kafka", "validator.jar", "`make build`"))


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("127.0.0.1:9092", "127.0.0.1", 9092),
        ("localhost:1,localhost:2", "localhost", 1),
        ("http://127.0.0.1:8081", "127.0.0.1", 8081),
        ("[::1]:9092", "::1", 9092),
    ],
)
def test_addresses(text: str, host: str, port: int) -> None:
    assert Address.parse(text) == Address(host=host, port=port)


def test_an_address_without_a_port_is_refused() -> None:
    with pytest.raises(ValueError, match="is not host:port"):
        Address.parse("localhost")


def test_a_free_port_is_none_that_the_system_gives_to_connections() -> None:
    ports = {free_address().port for _ in range(20)}
    assert len(ports) > 1
    assert max(ports) < 32_768
