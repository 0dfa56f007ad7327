from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from flinkjobrunner.bench import report
from flinkjobrunner.bench.results import Results, Swap, Throughput

if TYPE_CHECKING:
    from pathlib import Path


def throughput(seconds: float, flink: float, kafka: float) -> Throughput:
    return Throughput(
        updates=1000, seconds=seconds, cpu_seconds={"taskmanager": flink, "kafka": kafka}
    )


def summary(count: int, milliseconds: float) -> dict[str, Any]:
    quantiles = {"p50": milliseconds, "p95": 2 * milliseconds, "p99": 3 * milliseconds}
    return {"count": count, **(quantiles if count else {})}


@pytest.fixture
def results() -> Results:
    return Results(
        full=True,
        machine={
            "processor": "Some CPU",
            "cores": 2,
            "memory_gib": 24.0,
            "system": "Linux 6",
            "python": "3.11.2",
            "java": "17.0.1",
        },
        at="2026-03-02T06:00:00+00:00",
        start_seconds=12.34,
        start_resident_bytes=900 * 2**20,
        discard=[throughput(0.01, 0.001, 0.002), throughput(0.02, 0.002, 0.002)],
        pass_through=[throughput(0.02, 0.004, 0.006), throughput(0.02, 0.008, 0.006)],
        product=[throughput(0.03, 0.005, 0.002), throughput(0.03, 0.004, 0.002)],
        first_deploy_seconds=[4.0, 3.0, 5.0],
        swaps=[Swap(succeeded=1.5, active=0.9, converged=1.1)],
        latencies={
            10_000: [
                {
                    "rate": 9999.0,
                    "kafka": summary(500, 2),
                    "cleared": summary(250, 11),
                    "raised": summary(0, 0),
                    "missing": 3,
                }
            ]
        },
        state_bytes=[5 * 2**20],
        recovery_seconds=[],
    )


def test_the_ratio_compares_the_jobs_of_one_repetition(results: Results) -> None:
    assert results.ratios() == pytest.approx([1.25, 0.5])
    assert results.to_json()["ratio"] == {"median": 0.875, "each": [1.25, 0.5]}


def test_json_tells_cpu_per_record_of_every_process(results: Results) -> None:
    document = json.loads(json.dumps(results.to_json()))
    (first, _) = document["jobs"]["product"]
    assert first["cpuMicrosPerRecord"] == {"taskmanager": 5.0, "kafka": 2.0}
    assert first["recordsPerSecond"] == round(1000 / 0.03)
    assert document["latencyMillis"]["10000"][0]["cleared"]["p99"] == 33


def test_the_text_shows_medians_with_their_spread(results: Results) -> None:
    lines = report.text(results).splitlines()
    (copying,) = (line for line in lines if line.startswith("pass-through "))
    assert "6.00 (4.00 to 8.00)" in copying
    (deploy,) = (line for line in lines if "first deploy" in line)
    assert deploy.endswith("4.00 s (3.00 s to 5.00 s)")
    (missing,) = (line for line in lines if "did not" in line)
    assert missing.split()[-1] == "3"


def test_what_was_not_measured_is_no_figure(results: Results) -> None:
    text = report.text(results)
    assert "killed TaskManager" not in text
    (raised,) = (line for line in text.splitlines() if line.startswith("alert raised"))
    assert raised.split()[-3:] == ["-", "-", "-"]


def test_the_document_keeps_what_stands_around_the_figures(
    results: Results, tmp_path: Path
) -> None:
    document = tmp_path / "benchmarks.md"
    document.write_text(f"# Before\n{report.BEGIN}\nold\n{report.END}\nafter\n", encoding="utf-8")
    for _ in range(2):
        report.write_into(document, results)
    text = document.read_text(encoding="utf-8")
    assert text.startswith("# Before\n")
    assert text.endswith(f"{report.END}\nafter\n")
    assert "old" not in text
    assert text.count("| product / pass-through |") == 1


def test_a_document_without_a_place_is_left_alone(results: Results, tmp_path: Path) -> None:
    document = tmp_path / "other.md"
    document.write_text("no place here\n", encoding="utf-8")
    with pytest.raises(ValueError, match="no place for figures"):
        report.write_into(document, results)
    assert document.read_text(encoding="utf-8") == "no place here\n"
