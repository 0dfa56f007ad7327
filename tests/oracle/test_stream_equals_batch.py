"""The standing alerts at the end of any history equal a batch validation of its last state."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from oracle.history import Recording

HERE = Path(__file__).parent
HISTORIES = 400
LINKED = {
    "https://example.org/oracle/LinkedShape",
    "<https://example.org/oracle/LinkedShape>/<https://example.org/oracle/name>",
}
COMPONENTS = {
    f"http://www.w3.org/ns/shacl#{name}ConstraintComponent"
    for name in (
        "Class",
        "Closed",
        "Datatype",
        "Disjoint",
        "Equals",
        "In",
        "LanguageIn",
        "LessThan",
        "LessThanOrEquals",
        "MaxCount",
        "MinCount",
        "Node",
        "Not",
        "Or",
        "QualifiedMaxCount",
        "QualifiedMinCount",
        "Xone",
    )
}
SHAPES = ("--shapes", str(HERE / "shapes.ttl"), "--knowledge", str(HERE / "knowledge.ttl"))


def run(*arguments: str, accept: set[int]) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "flinkjobrunner", *arguments],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode in accept, done.stderr
    return done.stdout


def write(path: Path, lines: list[dict[str, Any]]) -> str:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return str(path)


def identity(result: dict[str, Any]) -> tuple[str, ...]:
    path = json.dumps(result["attributePath"])
    return (
        result["entity"],
        path,
        result["focusNode"],
        result["resultPath"] or "",
        result["sourceShape"],
        result["sourceConstraintComponent"],
    )


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("family", "seed"), [("ngsi-ld", 1), ("ngsi-ld", 2), ("iff", 3), ("iff", 4)]
)
def test_standing_alerts_equal_batch_validation(family: str, seed: int, tmp_path: Path) -> None:
    recording = Recording(seed, HISTORIES, family)
    changes = write(tmp_path / "changes.ndjson", recording.lines)
    data = write(tmp_path / "final.ndjson", recording.final)

    replayed = run(
        "replay", *SHAPES, "--changes", changes, "--source", family, "--final", accept={0}
    )
    validated = json.loads(
        run("validate", *SHAPES, "--data", data, "--format", "json", accept={0, 1})
    )

    alerts = [json.loads(line) for line in replayed.splitlines()]
    standing = {identity(alert) for alert in alerts if alert["entityTypes"]}
    batch = {identity(result) for result in validated["results"]}
    untyped = {alert["sourceShape"] for alert in alerts if not alert["entityTypes"]}
    assert untyped <= LINKED, "class targets wait until the type of an entity is known"
    assert {result["sourceConstraintComponent"] for result in validated["results"]} >= COMPONENTS
    assert len(batch) > HISTORIES / 4, "the histories violate too little to show anything"
    assert standing - batch == set(), "phantom alerts"
    assert batch - standing == set(), "lost alerts"
