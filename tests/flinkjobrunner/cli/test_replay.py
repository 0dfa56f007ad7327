"""`flinkjobrunner replay`: a contract with scripts; run as they run it, with the real job.

That what it tells is right is the business of tests/examples and tests/oracle.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

SHAPES = """\
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix ex: <https://example.org/> .
@prefix n: <https://uri.etsi.org/ngsi-ld/> .
ex:S a sh:NodeShape ; sh:targetClass ex:C ;
  sh:property [ sh:path ex:speed ; sh:property [ sh:path n:hasValue ; sh:maxInclusive 80 ] ] .
"""


def speed(at: str, value: object) -> str:
    member = {"type": "Property", "value": value, "observedAt": at}
    entity = {"id": "urn:a", "type": "https://example.org/C", "https://example.org/speed": member}
    return json.dumps({"_timestamp": at, **entity})


RECORDING = [
    speed("2026-01-01T00:00:00Z", 90),
    speed("2026-01-01T00:00:10Z", 70),
    speed("2026-01-01T00:00:20Z", 95),
]


@dataclass(frozen=True, kw_only=True)
class Inputs:
    folder: Path

    def file(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def replay(
        self, *more: str, shapes: str = SHAPES, lines: list[str] = RECORDING, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        inputs = (
            *("--shapes", str(self.file("shapes.ttl", shapes))),
            *("--changes", str(self.file("changes.ndjson", "\n".join(lines)))),
        )
        return run(*inputs, "--source", "ngsi-ld", *more, **environment)


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "JAVA_HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-m", "flinkjobrunner", "replay", *arguments],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
        env={**kept, "PYTHONPATH": os.pathsep.join(sys.path), **environment},
    )


@pytest.fixture
def inputs(tmp_path: Path) -> Inputs:
    return Inputs(folder=tmp_path)


def test_transitions_are_lines_and_nothing_else_is_said(inputs: Inputs) -> None:
    done = inputs.replay()
    assert (done.returncode, done.stderr) == (0, "")
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(one["state"], one["sequence"], one["entity"]) for one in told] == [
        ("raised", 1, "urn:a"),
        ("cleared", 2, "urn:a"),
        ("raised", 3, "urn:a"),
    ]


def test_what_stands_at_the_end_into_a_file(inputs: Inputs) -> None:
    out = inputs.folder / "standing.ndjson"
    done = inputs.replay("--final", "--out", str(out))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    (standing,) = map(json.loads, out.read_text(encoding="utf-8").splitlines())
    assert (standing["state"], standing["value"]["@value"]) == ("raised", "95")


def test_a_bad_line_is_named_by_its_number(inputs: Inputs) -> None:
    done = inputs.replay(lines=[RECORDING[0], '{"id": '])
    assert (done.returncode, done.stdout) == (2, "")
    assert "changes.ndjson" in done.stderr
    assert ":2" in done.stderr or "line 2" in done.stderr


def test_a_record_that_is_refused_is_told_and_stops_nothing(inputs: Inputs) -> None:
    done = inputs.replay("--final", lines=['{"id": "no IRI", "type": "T"}', *RECORDING])
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 1
    assert done.stderr != ""
    assert "SLF4J" not in done.stderr


@pytest.mark.parametrize(
    ("shapes", "code"),
    [
        ("ex:S a sh:NodeShape .", "syntax"),
        (SHAPES.replace("sh:maxInclusive 80", "sh:expression ex:limit"), "sh:expression"),
    ],
)
def test_shapes_that_are_refused(inputs: Inputs, shapes: str, code: str) -> None:
    done = inputs.replay(shapes=shapes)
    assert (done.returncode, done.stdout) == (2, "")
    assert "shapes.ttl" in done.stderr
    assert code in done.stderr


@pytest.mark.parametrize("missing", ["--shapes", "--changes", "--knowledge"])
def test_a_file_that_is_not_there(inputs: Inputs, missing: str) -> None:
    files = {
        "--shapes": str(inputs.file("shapes.ttl", SHAPES)),
        "--changes": str(inputs.file("changes.ndjson", "")),
        missing: str(inputs.folder / "nowhere"),
    }
    done = run(*(word for pair in files.items() for word in pair), "--source", "iff")
    assert (done.returncode, done.stdout) == (2, "")
    assert "nowhere" in done.stderr
    assert "No such file" in done.stderr


@pytest.mark.parametrize("arguments", [[], ["--source", "kafka"]])
def test_a_source_has_to_be_named(inputs: Inputs, arguments: list[str]) -> None:
    shapes, changes = inputs.file("s.ttl", SHAPES), inputs.file("c.ndjson", "")
    done = run("--shapes", str(shapes), "--changes", str(changes), *arguments)
    assert done.returncode == 2
    assert "--source" in done.stderr


def test_nothing_is_run_when_the_result_cannot_be_written(inputs: Inputs) -> None:
    done = inputs.replay("--out", str(inputs.folder / "no" / "such" / "folder"))
    assert (done.returncode, done.stdout) == (3, "")
    assert "--out" in done.stderr
    assert "Traceback" not in done.stderr


def test_missing_jars_are_our_fault_and_not_the_inputs(inputs: Inputs) -> None:
    done = inputs.replay(RUNNER_RUNTIME=str(inputs.folder / "empty"))
    assert done.returncode == 3
    assert "make build" in done.stderr
