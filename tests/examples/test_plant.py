"""The example plant ends as it says: the stream, the batch and an independent engine agree."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from examples.reference import Finding, findings, term_json, without_twin_suffix

ROOT = Path(__file__).parents[2]
PLANT = ROOT / "examples" / "plant"
SHACL = "http://www.w3.org/ns/shacl#"
SOURCES = ("ngsi-ld", "iff")


def run(*arguments: str, accept: int) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "flinkjobrunner", *arguments],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == accept, done.stderr
    return done.stdout


@cache
def replayed(source: str, *more: str, shapes: Path = PLANT / "shapes.ttl") -> list[dict[str, Any]]:
    printed = run(
        "replay",
        *("--shapes", str(shapes)),
        *("--knowledge", str(PLANT / "knowledge.ttl")),
        *("--changes", str(PLANT / f"recording-{source}.ndjson")),
        *("--source", source),
        *more,
        accept=0,
    )
    return [json.loads(line) for line in printed.splitlines()]


@cache
def validated(numbers: str) -> list[dict[str, Any]]:
    printed = run(
        "validate",
        *("--shapes", str(PLANT / "shapes.ttl")),
        *("--knowledge", str(PLANT / "knowledge.ttl")),
        *("--data", str(PLANT / "entities.ndjson")),
        *("--numbers", numbers, "--format", "json"),
        accept=1,
    )
    results: list[dict[str, Any]] = json.loads(printed)["results"]
    return results


def finding(result: dict[str, Any]) -> Finding:
    """What alerts and validation results have in common, in the terms of the reference."""
    path = tuple((part["name"], part["datasetId"]) for part in result["attributePath"])
    return Finding(
        entity=result["entity"],
        attribute_path=path,
        shape=without_twin_suffix(result["sourceShape"]),
        component=result["sourceConstraintComponent"],
        value=None if result["value"] is None else term_json(result["value"]),
    )


@pytest.mark.parametrize("numbers", ["json-ld", "declared"])
@pytest.mark.parametrize("source", SOURCES)
def test_what_stands_at_the_end_is_what_a_batch_validation_finds(source: str, numbers: str) -> None:
    def full(result: dict[str, Any]) -> tuple[Finding, str, str, str]:
        return finding(result), result["sourceShape"], result["focusNode"], result["severity"]

    standing = Counter(map(full, replayed(source, "--final", "--numbers", numbers)))
    assert standing == Counter(map(full, validated(numbers)))


@pytest.mark.parametrize("source", SOURCES)
def test_an_independent_engine_finds_the_same(source: str) -> None:
    expected = findings(PLANT / "shapes.ttl", PLANT / "knowledge.ttl", PLANT / "entities.ndjson")
    standing = replayed(source, "--final", "--numbers", "json-ld")
    assert Counter(map(finding, standing)) == expected
    assert len(expected) > 10


@pytest.mark.parametrize("source", SOURCES)
def test_the_order_of_shapes_in_the_file_makes_no_difference(source: str, tmp_path: Path) -> None:
    prefixes, *blocks = (PLANT / "shapes.ttl").read_text(encoding="utf-8").strip().split("\n\n")
    assert len(blocks) > 5
    permuted = tmp_path / "shapes.ttl"
    permuted.write_text("\n\n".join([prefixes, *reversed(blocks)]) + "\n", encoding="utf-8")
    assert replayed(source, shapes=permuted) == replayed(source)


def transitions(source: str, entity: str) -> list[tuple[str, str]]:
    """(state, component) in the order of telling."""
    return [
        (alert["state"], alert["sourceConstraintComponent"].removeprefix(SHACL))
        for alert in replayed(source)
        if alert["entity"] == f"urn:plant:{entity}"
    ]


@pytest.mark.parametrize("source", SOURCES)
def test_the_story_is_told(source: str) -> None:
    """The README of the example says what happens; here it does."""
    fever = "MaxExclusiveConstraintComponent", "MaxInclusiveConstraintComponent"
    assert transitions(source, "cutter:2")[:4] == [
        ("raised", fever[0]),
        ("raised", fever[1]),
        ("cleared", fever[1]),
        ("cleared", fever[0]),
    ]
    assert transitions(source, "workpiece:102") == [
        ("raised", "ClassConstraintComponent"),
        ("cleared", "ClassConstraintComponent"),
    ]
    # It arrived in pieces, which nobody should hear of.
    assert transitions(source, "cutter:3") == [("raised", "MaxCountConstraintComponent")]
    assert transitions(source, "conveyor:1") == []


@pytest.mark.parametrize("source", SOURCES)
def test_a_spike_shorter_than_the_patience_is_not_told(source: str) -> None:
    values = [alert["value"] for alert in replayed(source) if alert["value"]]
    assert not [value for value in values if value.get("@value") in {"84.0", "84", "8.4E1"}]


def test_severities_and_languages_reach_the_alert() -> None:
    (maintenance,) = (
        alert for alert in replayed("iff", "--final") if alert["entity"] == "urn:plant:filter:1"
    )
    assert maintenance["severity"] == "https://example.org/plant/severityMaintenance"
    assert {message["@language"] for message in maintenance["messages"]} == {"en", "de"}


def test_the_generator_writes_what_is_committed(tmp_path: Path) -> None:
    script = tmp_path / "make_recording.py"
    script.write_bytes((PLANT / "make_recording.py").read_bytes())
    subprocess.run([sys.executable, str(script)], check=True, timeout=60)
    written = sorted(tmp_path.glob("*.ndjson"))
    assert len(written) == 3
    for file in written:
        assert file.read_bytes() == (PLANT / file.name).read_bytes(), file.name


def test_the_second_version_adds_removes_changes_and_keeps() -> None:
    def blocks(name: str) -> dict[str, str]:
        text = (PLANT / name).read_text(encoding="utf-8")
        found = (block.strip() for block in text.split("\n\n")[1:])
        return {block.split()[0]: block for block in found}

    first, second = blocks("shapes.ttl"), blocks("shapes-v2.ttl")
    assert second["plant:CartridgeShape"] == first["plant:CartridgeShape"]
    assert second["plant:FilterShape"] != first["plant:FilterShape"]
    assert "plant:ConveyorShape" in second.keys() - first.keys()
    assert "plant:WorkpieceShape" in first.keys() - second.keys()
