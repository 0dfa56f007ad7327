"""What Prometheus can ask of this process. Labels are bounded: routes and names, never ids."""

from __future__ import annotations

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

registry = CollectorRegistry(auto_describe=True)
ProcessCollector(registry=registry)

http_requests = Counter(
    "flinkjobrunner_http_requests_total",
    "Requests answered, by route and status.",
    ("method", "route", "status"),
    registry=registry,
)
http_seconds = Histogram(
    "flinkjobrunner_http_request_seconds",
    "Time until the answer's first byte.",
    ("method", "route"),
    registry=registry,
)
streams = Gauge(
    "flinkjobrunner_event_streams",
    "Server-Sent Event streams now open.",
    registry=registry,
)
dependency_ready = Gauge(
    "flinkjobrunner_dependency_ready",
    "1 while the dependency answers.",
    ("dependency",),
    registry=registry,
)
jobs_by_status = Gauge(
    "flinkjobrunner_jobs",
    "Jobs in the database by status, as last observed.",
    ("status",),
    registry=registry,
)
jobs_accepted = Counter(
    "flinkjobrunner_jobs_accepted_total",
    "Jobs accepted by this process.",
    ("target",),
    registry=registry,
)


def exposition() -> bytes:
    return generate_latest(registry)
