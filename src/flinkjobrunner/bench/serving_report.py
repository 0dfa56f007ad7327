"""The figures of the service as a text for the terminal and as a table of the documentation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flinkjobrunner.bench.report import aligned, piped, put_between

if TYPE_CHECKING:
    from pathlib import Path

    from flinkjobrunner.bench.report import Table
    from flinkjobrunner.bench.serving import Figures, Latency

BEGIN, END = "<!-- service figures:begin -->", "<!-- service figures:end -->"


def text(figures: Figures) -> str:
    return "\n\n".join((_about(figures), *(aligned(table) for table in _tables(figures))))


def write_into(document: Path, figures: Figures) -> None:
    tables = "\n\n".join((_about(figures), *(piped(table) for table in _tables(figures))))
    put_between(document, BEGIN, END, tables)


def _about(figures: Figures) -> str:
    return f"{figures.at}, on {figures.machine}."


def _tables(figures: Figures) -> tuple[Table, Table, Table]:
    return _latencies(figures), _memory(figures), _rest(figures)


def _latencies(figures: Figures) -> Table:
    with_streams = f"GET /healthz, {figures.size.streams} streams held"
    rows = figures.answers | {with_streams: figures.health_with_streams}
    return [
        ["time of an answer in ms", "requests", "p50", "p95", "most"],
        *([name, *_cells(latency)] for name, latency in rows.items()),
    ]


def _cells(latency: Latency) -> list[str]:
    times = (latency.p50, latency.p95, latency.most)
    return [f"{latency.count:,}", *(f"{time:.1f}" for time in times)]


def _memory(figures: Figures) -> Table:
    moments = list(figures.resident)
    parts = figures.resident[moments[0]]
    return [
        ["resident memory", *moments],
        *(
            [part, *(f"{figures.resident[moment][part] / 2**20:.0f} MiB" for moment in moments)]
            for part in parts
        ),
    ]


def _rest(figures: Figures) -> Table:
    size = figures.size
    rows = [
        ["figure", "value"],
        ["jobs accepted, and canceled again, a second", f"{figures.accepted_per_second:.0f}"],
        [f"jobs run a second ({size.run_jobs} that do nothing)", f"{figures.run_per_second:.1f}"],
    ]
    for part, before in figures.before.items():
        after = figures.after[part]
        for name in ("files", "threads", "processes"):
            value = f"{getattr(before, name)} → {getattr(after, name)}"
            rows.append([f"{name} of {part} before and after {size.cycles} cycles", value])
    return rows
