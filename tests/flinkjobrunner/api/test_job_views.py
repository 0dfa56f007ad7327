"""`/jobs` looked at: lists, one job, and canceling it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import pytest

from flinkjobrunner.jobs import JobError, JobStatus, Queue, StepStatus
from flinkjobrunner.jobs import steps as reports
from flinkjobrunner.store import begin, claims
from support.jobs import NOTHING, PUBLIC, SECRET, URL, UUID, claim, post, refused

if TYPE_CHECKING:
    from flask.testing import FlaskClient


class TestList:
    def pages(self, client: FlaskClient, **query: Any) -> list[list[str]]:
        found: list[list[str]] = []
        cursor = None
        while True:
            more = {"cursor": cursor} if cursor else {}
            answer = client.get(f"/jobs?{urlencode(query | more, doseq=True)}")
            assert answer.status_code == 200, answer.text
            assert answer.json is not None
            found.append([item["jobId"] for item in answer.json["items"]])
            cursor = answer.json["next"]
            if cursor is None:
                return found

    def test_nothing(self, refusing: FlaskClient) -> None:
        assert refusing.get("/jobs").json == NOTHING

    def test_newest_first_with_no_secret(self, client: FlaskClient) -> None:
        for name in ("a", "b", "c"):
            post(client, jobId=name)
        assert self.pages(client) == [["c", "b", "a"]]
        listed = client.get("/jobs")
        assert SECRET not in listed.text
        one = client.get("/jobs/b").json
        assert one is not None
        one.pop("attempts")
        assert listed.json is not None
        assert listed.json["items"][1] == one

    def test_pages_while_new_ones_arrive(self, client: FlaskClient) -> None:
        names = [f"j{number}" for number in range(25)]
        for name in names:
            post(client, jobId=name)
        found: list[str] = []
        cursor = None
        while cursor is not None or not found:
            page = client.get(
                "/jobs", query_string={"limit": 4} | ({"cursor": cursor} if cursor else {})
            )
            assert page.json is not None
            found += [item["jobId"] for item in page.json["items"]]
            cursor = page.json["next"]
            post(client, target="setup")
        assert found == names[::-1]

    def test_the_last_page_may_be_full(self, client: FlaskClient) -> None:
        for number in range(4):
            post(client, jobId=f"j{number}")
        assert self.pages(client, limit=2) == [["j3", "j2"], ["j1", "j0"]]

    def test_filters(self, client: FlaskClient, queue: Queue) -> None:
        post(client, jobId="v1")
        post(client, jobId="p1", target="plan", deployment="other")
        post(client, jobId="s1", target="setup", deployment="third")
        queue.cancel("p1")
        assert queue.claim(worker="w", lease_seconds=30) is not None
        assert self.pages(client, status="RUNNING") == [["v1"]]
        assert self.pages(client, status=["RUNNING", "CANCELED"]) == [["p1", "v1"]]
        assert self.pages(client, target="plan") == [["p1"]]
        assert self.pages(client, target=["plan", "setup"], limit=1) == [["s1"], ["p1"]]
        assert self.pages(client, deployment="third") == [["s1"]]
        assert self.pages(client, status="FAILED") == [[]]
        assert self.pages(client, target="never-heard-of") == [[]]

    @pytest.mark.parametrize(
        "query",
        ["status=open", "status=", "limit=0", "limit=501", "limit=x", "cursor=-1", "cursor=x",
         "cursor=1e9", f"cursor={'9' * 19}", "offset=3", "target=%00", "deployment=%00",
         "cursor=%00", "status=QUEUED%00", "target=" + "x" * 3000],
    )  # fmt: skip
    def test_a_bad_query_is_refused(self, refusing: FlaskClient, query: str) -> None:
        answer = refusing.get(f"/jobs?{query}")
        code = "unknown-field" if query.startswith("offset") else "invalid-field"
        problem = refused(answer, 400, code)
        assert problem["fields"][0]["field"].split(".")[0] == query.partition("=")[0]

    def test_the_largest_cursor(self, client: FlaskClient) -> None:
        post(client, jobId="one")
        assert self.pages(client, cursor="9" * 18) == [["one"]]


class TestOne:
    def test_steps_attempts_and_result(
        self, client: FlaskClient, queue: Queue, settings: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        post(client, jobId="one", target="setup-and-deploy")
        job = claim(queue)
        monkeypatch.setattr(reports, "get_settings", lambda: settings)
        reports.start("one", "setup", 1)
        now = client.get("/jobs/one").json
        assert now is not None
        assert (now["status"], now["attempt"], now["finishedAt"]) == ("RUNNING", 1, None)
        assert [step["status"] for step in now["steps"]] == ["RUNNING", "PENDING"]
        assert now["steps"][0]["startedAt"] >= now["startedAt"] >= now["createdAt"]
        queue.release(job)
        again = claim(queue)
        reports.start("one", "setup", 2)
        reports.finish("one", "setup", 2)
        reports.record_result("one", 2, {"epoch": 3, "program": "sha256:x"})
        queue.finish(
            again, JobStatus.FAILED, JobError(code="kafka-away", message=f"GET {URL}", hint="wait")
        )
        answer = client.get("/jobs/one")
        assert SECRET not in answer.text
        done = answer.json
        assert done is not None
        assert done["status"] == "FAILED"
        assert done["error"] == {
            "code": "kafka-away",
            "message": f"GET {PUBLIC}?[redacted]",
            "hint": "wait",
        }
        assert done["result"] == {"epoch": 3, "program": "sha256:x"}
        assert [(step["status"], step["attempt"]) for step in done["steps"]] == [
            (StepStatus.SUCCEEDED, 2),
            (StepStatus.FAILED, 0),
        ]
        assert done["steps"][1]["error"]["code"] == "kafka-away"
        assert [(one["attempt"], one["outcome"]) for one in done["attempts"]] == [
            (1, "released"),
            (2, "failed"),
        ]
        assert all(one["finishedAt"] >= one["startedAt"] for one in done["attempts"])

    def test_links_lead_somewhere(self, client: FlaskClient) -> None:
        post(client, jobId="one")
        body = client.get("/jobs/one").json
        assert body is not None
        links = body["links"]
        assert client.get(links["self"]).status_code == 200
        assert client.get(links["logs"], headers={"Accept": "text/plain"}).status_code == 200
        assert client.post(links["cancel"]).status_code == 202

    @pytest.mark.parametrize("path", ["", "/logs"])
    def test_a_job_that_is_not_there(self, refusing: FlaskClient, path: str) -> None:
        refused(refusing.get(f"/jobs/missing{path}"), 404, "job-not-found")
        refused(refusing.get(f"/jobs/{UUID}{path}"), 404, "job-not-found")

    @pytest.mark.parametrize(
        "job_id", ["A", "a\0b", "..", "a.b", "ä", "x" * 46, "a b", "%", "\udcff"]
    )
    def test_what_is_no_id(self, refusing: FlaskClient, job_id: str) -> None:
        path = f"/jobs/{quote(job_id, safe='', errors='surrogateescape')}"
        for answer in (
            refusing.get(path),
            refusing.get(f"{path}/logs"),
            refusing.post(f"{path}/cancel"),
        ):
            refused(answer, 400, "invalid-field")

    def test_no_way_out_of_the_path(self, refusing: FlaskClient) -> None:
        for path in ("/jobs/..%2F..%2Fetc", "/jobs/a%2Fb", "/jobs/one/", "/jobs/one/secrets"):
            refused(refusing.get(path), 404, "not-found")

    @pytest.mark.parametrize(
        ("method", "path", "allowed"),
        [
            ("PUT", "/jobs", {"GET", "HEAD", "OPTIONS", "POST"}),
            ("DELETE", "/jobs/one", {"GET", "HEAD", "OPTIONS"}),
            ("GET", "/jobs/one/cancel", {"OPTIONS", "POST"}),
            ("POST", "/jobs/one/logs", {"GET", "HEAD", "OPTIONS"}),
            ("PATCH", "/jobs/one", {"GET", "HEAD", "OPTIONS"}),
        ],
    )
    def test_a_method_that_is_not_there(
        self, refusing: FlaskClient, method: str, path: str, allowed: set[str]
    ) -> None:
        answer = refusing.open(path, method=method)
        refused(answer, 405, "method-not-allowed")
        assert set(answer.headers["Allow"].split(", ")) == allowed

    def test_unknown_query_parameters(self, client: FlaskClient) -> None:
        post(client, jobId="one")
        for answer in (
            client.get("/jobs/one?expand=1"),
            client.get("/jobs/one/logs?follow=1"),
            client.post("/jobs/one/cancel?force=1"),
        ):
            refused(answer, 400, "unknown-field")
        assert client.get("/jobs/one").json["status"] == "QUEUED"


class TestCancel:
    def test_a_queued_job_is_canceled_at_once_and_again(
        self, client: FlaskClient, queue: Queue
    ) -> None:
        post(client, jobId="one")
        for _ in range(2):
            answer = client.post("/jobs/one/cancel")
            assert (answer.status_code, answer.json and answer.json["status"]) == (202, "CANCELED")
        assert queue.claim(worker="w", lease_seconds=30) is None
        detail = client.get("/jobs/one").json
        assert detail is not None
        assert [step["status"] for step in detail["steps"]] == ["SKIPPED"]

    def test_a_running_job_is_asked_to_end(self, client: FlaskClient, queue: Queue) -> None:
        post(client, jobId="one")
        job = claim(queue)
        for _ in range(2):
            answer = client.post("/jobs/one/cancel", json={})
            assert answer.status_code == 202
            assert answer.json is not None
            assert (answer.json["status"], answer.json["cancelRequested"]) == ("RUNNING", True)
        assert queue.heartbeat(job, 30)
        queue.finish(job, JobStatus.CANCELED)
        ended = client.get("/jobs/one").json
        assert ended is not None
        assert ended["status"] == "CANCELED"
        assert ended["attempts"][0]["outcome"] == "canceled"

    def test_the_wish_survives_the_worker(
        self, client: FlaskClient, queue: Queue, settings: Any
    ) -> None:
        post(client, jobId="one")
        claim(queue)
        client.post("/jobs/one/cancel")
        with begin(settings.database()) as connection:
            claims.expire(connection, worker="w")
        assert queue.claim(worker="next", lease_seconds=30) is None
        assert client.get("/jobs/one").json["status"] == "CANCELED"

    @pytest.mark.parametrize("status", [JobStatus.SUCCEEDED, JobStatus.FAILED])
    def test_what_has_ended_stays(
        self, client: FlaskClient, queue: Queue, status: JobStatus
    ) -> None:
        post(client, jobId="one")
        queue.finish(claim(queue), status)
        assert status in refused(client.post("/jobs/one/cancel"), 409, "job-finished")["detail"]
        assert queue.get("one").status is status

    def test_a_job_that_is_not_there(self, client: FlaskClient) -> None:
        refused(client.post("/jobs/missing/cancel"), 404, "job-not-found")

    def test_it_takes_no_body(self, client: FlaskClient, queue: Queue) -> None:
        post(client, jobId="one")
        refused(client.post("/jobs/one/cancel", json={"force": True}), 400, "unknown-field")
        assert queue.get("one").status is JobStatus.QUEUED
