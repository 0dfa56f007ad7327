"""The results as a text for the terminal and as the table of the documentation."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Any

from flinkjobrunner.bench import workload
from flinkjobrunner.bench.results import COMPILING, FLINK, Results, Throughput

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

BEGIN, END = "<!-- figures:begin -->", "<!-- figures:end -->"
_PARTS = (FLINK, COMPILING, "kafka", "jobmanager", "postgres", "worker", "web")


def text(results: Results) -> str:
    return "\n\n".join((_machine(results), *(aligned(table) for table in _tables(results))))


def markdown(results: Results) -> str:
    return "\n\n".join((_machine(results), *(piped(table) for table in _tables(results))))


def write_into(document: Path, results: Results) -> None:
    """Puts the figures between the two markers of a Markdown file."""
    put_between(document, BEGIN, END, markdown(results))


def put_between(document: Path, begin: str, end: str, figures: str) -> None:
    old = document.read_text(encoding="utf-8")
    before, found, rest = old.partition(begin)
    _, ended, after = rest.partition(end)
    if not (found and ended):
        raise ValueError(f"{document} has no place for figures ({begin} and {end})")
    document.write_text(f"{before}{begin}\n\n{figures}\n\n{end}{after}", encoding="utf-8")


Table = list[list[str]]


def _machine(results: Results) -> str:
    machine = results.machine
    form = "full" if results.full else "small"
    return (
        f"W1, {form} form, {len(results.product)} repetition(s), {results.at}, on"
        f" {machine['processor']}, {machine['cores']} cores, {machine['memory_gib']:.0f} GiB,"
        f" {machine['system']}, Java {machine['java']}, Python {machine['python']}:"
        f" {results.product[0].updates:,} updates of {workload.MACHINES:,} entities with"
        f" {workload.ATTRIBUTES} attributes each, {workload.CONSTRAINTS} constraints."
    )


def _tables(results: Results) -> Iterable[Table]:
    yield _throughput(results)
    yield _latency(results)
    yield _rest(results)


def _throughput(results: Results) -> Table:
    jobs = {
        "discard": results.discard,
        "pass-through": results.pass_through,
        "product": results.product,
    }
    parts = [part for part in _PARTS if part in results.product[0].cpu_seconds]
    table = [["job", "records/s", *(f"CPU us/record: {part}" for part in parts)]]
    for name, runs in jobs.items():
        table.append(
            [
                name,
                _spread([run.per_second for run in runs], "{:,.0f}"),
                *(_spread(_micros(runs, part), "{:.2f}") for part in parts),
            ]
        )
    ratios = _spread(results.ratios(), "{:.2f}")
    steady = _spread(results.steady_ratios(), "{:.2f}")
    table.append(["product / pass-through", "", ratios, *("" for _ in parts[1:])])
    if COMPILING in parts:
        table.append(["the same without compiling", "", steady, *("" for _ in parts[1:])])
    return table


def _micros(runs: list[Throughput], part: str) -> list[float]:
    return [run.cpu_micros(part) for run in runs]


def _latency(results: Results) -> Table:
    table = [["latency in ms", "updates/s", "p50", "p95", "p99"]]
    names = {
        "kafka": "Kafka alone, produce to consume",
        "cleared": "alert cleared",
        "raised": "alert raised (500 ms of settle included)",
    }
    for rate, runs in results.latencies.items():
        for key, name in names.items():
            quantiles = [
                _spread([run[key][quantile] for run in runs if run[key]["count"]], "{:.0f}")
                for quantile in ("p50", "p95", "p99")
            ]
            table.append([name, f"{rate:,}", *quantiles])
        missing = sum(run["missing"] for run in runs)
        table.append(["updates that should have changed an alert and did not", f"{rate:,}"])
        table[-1] += [str(missing), "", ""]
    return table


def _rest(results: Results) -> Table:
    swaps = results.swaps
    rows: list[tuple[str, list[float], str]] = [
        ("start of the whole stack", [results.start_seconds], "{:.1f} s"),
        ("resident memory at start", [results.start_resident_bytes / 2**20], "{:.0f} MiB"),
        ("POST to RUNNING, first deploy", results.first_deploy_seconds, "{:.2f} s"),
        ("POST to RUNNING, new program on a running job", _of(swaps, "succeeded"), "{:.2f} s"),
        ("POST to ACTIVE", _of(swaps, "active"), "{:.2f} s"),
        ("POST to CONVERGED", _of(swaps, "converged"), "{:.2f} s"),
        ("state in a checkpoint", [size / 2**20 for size in results.state_bytes], "{:.1f} MiB"),
        ("alerts again after a killed TaskManager", results.recovery_seconds, "{:.1f} s"),
    ]
    measured = [[name, _spread(values, form)] for name, values, form in rows if values]
    return [["figure", "value"], *measured]


def _of(runs: list[Any], name: str) -> list[float]:
    return [getattr(run, name) for run in runs]


def _spread(values: list[float], form: str) -> str:
    """The median; with several values also the smallest and largest."""
    if not values:
        return "-"
    middle = form.format(median(values))
    if len(values) == 1:
        return middle
    return f"{middle} ({form.format(min(values))} to {form.format(max(values))})"


def aligned(table: Table) -> str:
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines: list[str] = []
    for row in table:
        cells = [_pad(cell, width, first=at == 0) for at, (cell, width) in _cells(row, widths)]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def _cells(row: list[str], widths: list[int]) -> Iterable[tuple[int, tuple[str, int]]]:
    return enumerate(zip(row, widths, strict=True))


def _pad(cell: str, width: int, *, first: bool) -> str:
    justify: Callable[[int], str] = cell.ljust if first else cell.rjust
    return justify(width)


def piped(table: Table) -> str:
    head, *rows = table
    rule = ["---", *("---:" for _ in head[1:])]
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, rule, *rows))
