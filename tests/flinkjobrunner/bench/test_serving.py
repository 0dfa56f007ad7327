"""The benchmark of the service, with few requests but as many cycles as show a leak."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from flinkjobrunner.api.sse import MAX_STREAMS
from flinkjobrunner.bench import serving, serving_report
from flinkjobrunner.bench.serving import Figures, Latency, Size

if TYPE_CHECKING:
    from pathlib import Path

CYCLES = 50
SMALL = Size(jobs=20, run_jobs=4, requests=20, streams=5, cycles=CYCLES)
# A pool may still fill by a thread or a connection; what leaks does so at every cycle.
SLACK = CYCLES // 5


@pytest.fixture(scope="module")
def figures() -> Figures:
    return serving.measure(SMALL)


def test_everything_is_measured(figures: Figures) -> None:
    assert json.loads(json.dumps(figures.to_json()))["size"]["jobs"] == 20
    assert figures.accepted_per_second > 0
    assert figures.run_per_second > 0
    for latency in (*figures.answers.values(), figures.health_with_streams):
        assert 0 < latency.p50 <= latency.p95 <= latency.most
        assert latency.count == 20
    for resident in figures.resident.values():
        assert set(resident) == {"postgres", "web", "worker"}
        assert min(resident.values()) > 2**20


def test_the_tables_go_between_their_markers(figures: Figures, tmp_path: Path) -> None:
    document = tmp_path / "figures.md"
    document.write_text(f"a\n{serving_report.BEGIN}\nold\n{serving_report.END}\nz\n")
    serving_report.write_into(document, figures)
    written = document.read_text()
    assert written.startswith(f"a\n{serving_report.BEGIN}\n\n{figures.at}")
    assert written.endswith(f"|\n\n{serving_report.END}\nz\n")
    assert "old" not in written
    rows = [line for line in written.splitlines() if line.startswith("|")]
    assert len(rows) == 2 + 7 + 2 + 3 + 2 + 2 + 6
    assert serving_report.text(figures).count("\n") > 20


def test_the_documentation_has_a_place_for_them(pytestconfig: pytest.Config) -> None:
    text = (pytestconfig.rootpath / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    assert text.index(serving_report.BEGIN) < text.index(serving_report.END)


def test_the_house_is_full_when_it_says_so() -> None:
    assert Size().streams == serving.MOST_STREAMS == MAX_STREAMS


def test_quantiles() -> None:
    latency = Latency.of([n / 1000 for n in range(1, 102)])
    assert (latency.count, latency.p50, latency.p95, latency.most) == pytest.approx(
        (101, 51, 96, 101)
    )


def test_fifty_cycles_leave_nothing_behind(figures: Figures) -> None:
    """Files, threads, processes: of jobs, streams, refusals, inputs and pages."""
    assert figures.size.cycles == CYCLES
    for part, held in figures.before.items():
        found = figures.after[part]
        assert found.processes <= held.processes, (part, held, found)
        assert found.files <= held.files + SLACK, (part, held, found)
        assert found.threads <= held.threads + SLACK, (part, held, found)
