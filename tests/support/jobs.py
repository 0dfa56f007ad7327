"""Asking for jobs over HTTP, as tests of the API do it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from flinkjobrunner.jobs import Job, Queue

SECRET = "CANARY0123456789abcdef"
URL = f"https://store.example/shapes.ttl?X-Amz-Signature={SECRET}"
PUBLIC = "https://store.example/shapes.ttl"
NOTHING = {"items": [], "next": None}
UUID = "0F8FAD5B-D9CB-469F-A165-70867728950E"


def post(client: FlaskClient, **body: Any) -> TestResponse:
    return client.post("/jobs", json={"target": "validate", "urls": {"shacl": URL}} | body)


def refused(answer: TestResponse, status: int, code: str) -> dict[str, Any]:
    """Every refusal has the one form."""
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json"), (
        answer.text
    )
    problem = answer.json
    assert problem is not None
    assert (problem["status"], problem["code"]) == (status, code), problem
    assert problem["title"]
    assert SECRET not in answer.text
    return dict(problem)


def claim(queue: Queue) -> Job:
    job = queue.claim(worker="w", lease_seconds=30)
    assert job is not None
    return job
