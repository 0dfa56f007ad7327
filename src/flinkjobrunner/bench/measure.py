"""The benchmark itself: the three jobs in turn, and what only the product has."""

from __future__ import annotations

import os
import signal
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flinkjobrunner.bench import procfs, stack, status, workload
from flinkjobrunner.bench.flink import Flink
from flinkjobrunner.bench.load import Load, arguments
from flinkjobrunner.bench.results import Results, Swap, Throughput
from flinkjobrunner.bench.service import Service
from flinkjobrunner.bench.topics import PARTITIONS, Topics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PACKAGE = "org.flinkjobrunner.validator.bench"
# A violation is mended so many updates later: long enough to be told before it is mended, at
# the speed of a burst and at a fixed rate.
_MEND_AFTER_IN_BURST = 200_000
_MEND_AFTER_SECONDS = 2
_LATENCY_SECONDS = 15
_LATENCY_SKIP_SECONDS = 5

_BENCH_TOPICS = {
    "entities": "bench.entities",
    "attributes": "bench.attributes",
    "echoes": "bench.echoes",
}
_COPIES = "bench.copies"
_PRODUCT_TOPICS = {
    "entities": "iff.ngsild.entities",
    "attributes": "iff.ngsild.attributes",
    "echoes": "shacl.alerts",
}


@dataclass(frozen=True, kw_only=True)
class Size:
    warm_up: int
    updates: int
    repetitions: int
    rates: tuple[int, ...]
    recovery: bool

    @classmethod
    def of(cls, *, full: bool) -> Size:
        if full:
            return cls(
                warm_up=1_500_000,
                updates=3_000_000,
                repetitions=3,
                rates=(10_000, 25_000),
                recovery=True,
            )
        return cls(
            warm_up=1_000_000, updates=500_000, repetitions=1, rates=(10_000,), recovery=False
        )


def run(*, full: bool, say: Callable[[str], None]) -> Results:
    size = Size.of(full=full)
    with stack.running() as running:
        if running.writes_archives():
            say("a first start writes class archives; then it begins")
            running.await_archives()
    with stack.running() as running:
        say(f"stack ready after {running.start_seconds:.1f} s")
        results = Results(
            full=full,
            machine=procfs.machine(stack.java_version()).to_json(),
            at=datetime.now(UTC).isoformat(timespec="seconds"),
            start_seconds=running.start_seconds,
            start_resident_bytes=running.start_resident_bytes,
        )
        bench = Bench(running, size, results, say)
        bench.warm_up()
        for repetition in range(1, size.repetitions + 1):
            bench.repeat(repetition)
    return results


class Bench:
    def __init__(
        self, running: stack.Stack, size: Size, results: Results, say: Callable[[str], None]
    ) -> None:
        self._stack = running
        self._size = size
        self._results = results
        self._say = say
        self._flink = Flink(running.flink_url)
        self._service = Service(running.service_url)
        self._topics = Topics(running.kafka)

    def warm_up(self) -> None:
        """Flink's own code is compiled once and for all jobs: not at the cost of the first one."""
        self._reference(f"{PACKAGE}.PassThroughJob")
        self._say("warm")

    def repeat(self, repetition: int) -> None:
        jobs = {
            "discard": (f"{PACKAGE}.DiscardJob", self._results.discard),
            "pass-through": (f"{PACKAGE}.PassThroughJob", self._results.pass_through),
        }
        for name, (main_class, into) in jobs.items():
            into.append(self._told(name, self._reference(main_class)))
        self._product(repetition)

    def _reference(self, main_class: str) -> Throughput:
        topics = (*_BENCH_TOPICS.values(), _COPIES)
        self._topics.delete(*topics)
        self._topics.create(*topics)
        job = self._flink.submit(
            stack.job_jar(),
            main_class,
            [
                *("--bootstrap", self._stack.kafka),
                *("--input", _BENCH_TOPICS["attributes"]),
                *("--echoes", _BENCH_TOPICS["echoes"]),
                *("--output", _COPIES),
            ],
        )
        try:
            with self._load(_BENCH_TOPICS) as load:
                load.entities()
                return self._throughput(load)
        finally:
            self._flink.cancel(job)

    def _product(self, repetition: int) -> None:
        deployment = f"bench-{repetition}"
        self._topics.delete(_PRODUCT_TOPICS["entities"], _PRODUCT_TOPICS["attributes"])
        self._service.setup()
        first = self._service.deploy(deployment, workload.shapes(), "setup-and-deploy")
        self._results.first_deploy_seconds.append(first.seconds)
        self._say(f"product: POST to RUNNING {first.seconds:.2f} s")
        job = self._flink.job_named(f"shacl-{deployment}")
        with self._load(_PRODUCT_TOPICS) as load:
            load.entities()
            self._results.product.append(self._told("product", self._throughput(load)))
            self._swap(deployment)
            for rate in self._size.rates:
                self._latency(load, rate)
            self._results.state_bytes.append(int(self._flink.checkpoint(job).get("state_size", 0)))
            if self._size.recovery:
                self._recovery(load, job)
        self._service.undeploy(deployment)

    @contextmanager
    def _load(self, topics: dict[str, str]) -> Iterator[Load]:
        log = self._stack.work_root / "load.log"
        command = stack.java_command(f"{PACKAGE}.LoadMain", arguments(self._stack.kafka, topics))
        with Load(command, log) as load:
            yield load

    def _throughput(self, load: Load) -> Throughput:
        load.burst(self._size.warm_up, _MEND_AFTER_IN_BURST, lambda: None)
        before: dict[str, float] = {}
        answer = load.burst(
            self._size.updates,
            _MEND_AFTER_IN_BURST,
            lambda: before.update(self._stack.cpu()),
        )
        after = self._stack.cpu()
        return Throughput(
            updates=self._size.updates + PARTITIONS,
            seconds=answer["seconds"],
            cpu_seconds={name: after[name] - before.get(name, 0.0) for name in after},
        )

    def _told(self, name: str, throughput: Throughput) -> Throughput:
        self._say(
            f"{name}: {throughput.per_second:,.0f} records/s,"
            f" {throughput.cpu_micros():.2f} us of Flink per record"
        )
        return throughput

    def _swap(self, deployment: str) -> None:
        with status.Watch(self._stack.kafka, deployment) as watch:
            job = self._service.deploy(deployment, workload.shapes(limit=91.0), "flink-deploy")
            active, converged = watch.await_both()
        swap = Swap(
            succeeded=job.seconds,
            active=active - job.posted_at,
            converged=converged - job.posted_at,
        )
        self._results.swaps.append(swap)
        self._say(
            f"product: new program {swap.succeeded:.2f} s,"
            f" active {swap.active:.2f} s, converged {swap.converged:.2f} s"
        )

    def _latency(self, load: Load, rate: int) -> None:
        answer = load.rate(
            rate, _LATENCY_SECONDS, _LATENCY_SKIP_SECONDS, rate * _MEND_AFTER_SECONDS
        )
        self._results.latencies.setdefault(rate, []).append(answer)
        self._say(
            f"product: at {answer['rate']:,.0f} updates/s cleared after"
            f" {_quantiles(answer['cleared'])}, Kafka alone {_quantiles(answer['kafka'])}"
        )

    def _recovery(self, load: Load, job: str) -> None:
        began = time.monotonic()
        os.kill(self._stack.pids()["taskmanager"], signal.SIGKILL)
        # The sentinels' echo, heard before the burst, is the proof that it validates again.
        load.burst(0, _MEND_AFTER_IN_BURST, lambda: None)
        self._flink.await_running(job)
        seconds = time.monotonic() - began
        self._results.recovery_seconds.append(seconds)
        self._say(f"product: TaskManager killed, alerts again after {seconds:.1f} s")


def _quantiles(summary: dict[str, float]) -> str:
    if not summary.get("count"):
        return "(nothing)"
    return " / ".join(f"{summary[name]:.0f}" for name in ("p50", "p95", "p99")) + " ms"
