from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import pytest

from flinkjobrunner.api.app import MAX_BODY_BYTES
from flinkjobrunner.jobs import Job, JobError, JobStatus, Queue, StepStatus
from flinkjobrunner.jobs import steps as reports
from flinkjobrunner.store import begin, claims

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

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


class TestPost:
    def test_a_job_is_accepted(self, client: FlaskClient, queue: Queue) -> None:
        answer = client.post("/jobs", json={"urls": {"shacl": URL}})
        assert answer.status_code == 202
        body = answer.json
        assert body is not None
        assert answer.headers["Location"] == f"/jobs/{body['jobId']}" == body["links"]["self"]
        assert (body["status"], body["target"]) == ("QUEUED", "setup-and-deploy")
        assert body["deployment"] == "default"
        assert body["createdAt"] == queue.get(body["jobId"]).created_at.isoformat().replace(
            "+00:00", "Z"
        )
        assert [step["name"] for step in body["steps"]] == ["setup", "flink-deploy"]
        assert body["urls"] == {"shacl": [PUBLIC], "knowledge": []}

    def test_everything_that_can_be_said(self, client: FlaskClient, queue: Queue) -> None:
        said = {
            "jobId": "all-of-it",
            "target": "plan",
            "urls": {"shacl": [URL, f"input:{'a' * 64}"], "knowledge": URL, "data": URL},
            "context": {"kubeContext": "kind-test"},
            "deployment": "plant",
            "options": {
                "numbers": "double",
                "onUnsupported": "skip",
                "contexts": {"https://example.org/c.jsonld": URL},
                "planDigest": f"sha256:{'0' * 64}",
            },
        }
        answer = client.post("/jobs", json=said)
        assert answer.status_code == 202, answer.text
        stored = queue.get("all-of-it").request
        assert stored["urls"] == said["urls"] | {"knowledge": [URL]}  # type: ignore[operator]
        assert stored["options"] == said["options"]
        assert SECRET not in answer.text
        assert answer.json is not None
        assert answer.json["urls"]["data"] == PUBLIC
        assert answer.json["urls"]["shacl"] == [PUBLIC, f"input:{'a' * 64}"]

    def test_the_same_again_is_the_same_job(self, client: FlaskClient, queue: Queue) -> None:
        first = post(client, jobId="one")
        again = post(client, jobId="one")
        assert (first.status_code, again.status_code) == (202, 200)
        assert again.json == first.json
        assert again.headers["Location"] == first.headers["Location"]
        queue.cancel("one")
        ended = post(client, jobId="one")
        assert (ended.status_code, ended.json and ended.json["status"]) == (200, "CANCELED")

    def test_another_body_under_the_same_id_is_refused(self, client: FlaskClient) -> None:
        first = post(client, jobId="one")
        refused(post(client, jobId="one", deployment="other"), 409, "job-id-taken")
        other_secret = {"shacl": URL.replace(SECRET, "another-signature")}
        refused(post(client, jobId="one", urls=other_secret), 409, "job-id-taken")
        assert client.get("/jobs/one").json == first.json | {"attempts": []}  # type: ignore[operator]

    def test_a_uuid_is_answered_as_it_was_sent(self, client: FlaskClient) -> None:
        answer = post(client, jobId=UUID)
        assert (answer.json and answer.json["jobId"]) == UUID
        assert answer.headers["Location"] == f"/jobs/{UUID}"
        again = post(client, jobId=UUID.lower())
        assert (again.status_code, again.json and again.json["jobId"]) == (200, UUID)
        found = client.get(f"/jobs/{UUID.lower()}")
        assert (found.status_code, found.json and found.json["jobId"]) == (200, UUID)

    @pytest.mark.parametrize("job_id", ["a", "a1", "a-b", "x" * 45, UUID, UUID.lower()])
    def test_ids_that_fit(self, client: FlaskClient, job_id: str) -> None:
        assert post(client, jobId=job_id).status_code == 202

    @pytest.mark.parametrize(
        "job_id",
        ["", "A", "1a", "-a", "a-", "a_b", "a.b", "a/b", "../a", "a b", "x" * 46, "a\n", "ä",
         UUID[:-1], UUID + "0", f"{{{UUID}}}", UUID.replace("-", "")],
    )  # fmt: skip
    def test_ids_that_do_not(self, refusing: FlaskClient, job_id: str) -> None:
        problem = refused(post(refusing, jobId=job_id), 400, "invalid-field")
        assert [one["field"] for one in problem["fields"]] == ["jobId"]

    @pytest.mark.parametrize(
        ("field", "body"),
        [
            ("jobId", {"jobId": 7}),
            ("target", {"target": ["validate"]}),
            ("urls", {"urls": URL}),
            ("urls.shacl", {"urls": {"shacl": {"url": URL}}}),
            ("urls.shacl", {"urls": {"shacl": [URL] * 65}}),
            ("urls.shacl.1", {"urls": {"shacl": [URL, 1]}}),
            ("urls.shacl.0", {"urls": {"shacl": "ftp://store.example/x"}}),
            ("urls.shacl.0", {"urls": {"shacl": "file:///etc/passwd"}}),
            ("urls.shacl.0", {"urls": {"shacl": "shapes.ttl"}}),
            ("urls.shacl.0", {"urls": {"shacl": "https:///shapes.ttl"}}),
            ("urls.shacl.0", {"urls": {"shacl": "https://a b/"}}),
            ("urls.shacl.0", {"urls": {"shacl": "https://a/\r\nHost: b"}}),
            ("urls.shacl.0", {"urls": {"shacl": "https://[::1/"}}),
            ("urls.shacl.0", {"urls": {"shacl": "https://a:99999/"}}),
            ("urls.shacl.0", {"urls": {"shacl": ""}}),
            ("urls.shacl.0", {"urls": {"shacl": "https://a/" + "x" * 8192}}),
            ("urls.shacl.0", {"urls": {"shacl": "input:../../etc/passwd"}}),
            ("urls.shacl.0", {"urls": {"shacl": f"input:{'A' * 64}"}}),
            ("urls.data", {"urls": {"shacl": URL, "data": [URL]}}),
            ("context", {"context": "kind-test"}),
            ("context.kubeContext", {"context": {"kubeContext": ""}}),
            ("deployment", {"deployment": "../default"}),
            ("deployment", {"deployment": None}),
            ("options.numbers", {"options": {"numbers": "float"}}),
            ("options.onUnsupported", {"options": {"onUnsupported": "ignore"}}),
            ("options.contexts", {"options": {"contexts": []}}),
            ("options.contexts.https://c", {"options": {"contexts": {"https://c": "x"}}}),
            ("options.planDigest", {"options": {"planDigest": "sha256:0"}}),
        ],
    )
    def test_a_malformed_field_is_named(
        self, refusing: FlaskClient, field: str, body: dict[str, Any]
    ) -> None:
        problem = refused(post(refusing, **body), 400, "invalid-field")
        assert [one["field"] for one in problem["fields"]] == [field]
        assert problem["detail"].startswith(f"{field}: ")
        assert refusing.get("/jobs").json == NOTHING

    @pytest.mark.parametrize(
        ("field", "body"),
        [
            ("colour", {"colour": "red"}),
            ("job_id", {"job_id": "a"}),
            ("urls.shapes", {"urls": {"shacl": URL, "shapes": URL}}),
            ("context.namespace", {"context": {"namespace": "x"}}),
            ("options.plan_digest", {"options": {"plan_digest": "x"}}),
        ],
    )
    def test_an_unknown_field_is_refused(
        self, refusing: FlaskClient, field: str, body: dict[str, Any]
    ) -> None:
        problem = refused(post(refusing, **body), 400, "unknown-field")
        assert problem["fields"] == [{"field": field, "message": "is not known here"}]

    def test_all_faults_are_told_at_once(self, refusing: FlaskClient) -> None:
        answer = post(refusing, jobId="A", deployment="B", colour="red", options={"numbers": 1})
        problem = refused(answer, 400, "unknown-field")
        fields = {one["field"] for one in problem["fields"]}
        assert fields == {"jobId", "deployment", "colour", "options.numbers"}

    def test_values_are_not_quoted(self, refusing: FlaskClient) -> None:
        answer = post(refusing, urls={"shacl": f"ftp://u:{SECRET}@h/x?{SECRET}", SECRET: 1})
        assert answer.status_code == 400
        assert answer.json is not None
        assert all(SECRET not in one["message"] for one in answer.json["fields"])

    @pytest.mark.parametrize("target", ["clean", "all", "../setup", "setup; id", "-f", "Setup"])
    def test_a_target_that_is_not_allowed(self, refusing: FlaskClient, target: str) -> None:
        problem = refused(post(refusing, target=target), 403, "target-not-allowed")
        assert "setup-and-deploy" in problem["detail"]

    def test_an_operators_own_target(self, client: FlaskClient) -> None:
        settings = client.application.extensions["settings"]
        client.application.extensions["settings"] = settings.model_copy(
            update={"allowed_targets": ("Own_Target",)}
        )
        assert post(client, target="Own_Target").status_code == 202
        refused(post(client, target="validate"), 403, "target-not-allowed")

    @pytest.mark.parametrize(
        ("target", "status"),
        [("validate", 400), ("plan", 400), ("flink-deploy", 400), ("setup-and-deploy", 400),
         ("setup", 202), ("flink-undeploy", 202)],
    )  # fmt: skip
    def test_shapes_are_required_where_they_are_used(
        self, client: FlaskClient, target: str, status: int
    ) -> None:
        for urls in ({}, {"knowledge": URL}, {"shacl": []}):
            answer = client.post("/jobs", json={"target": target, "urls": urls})
            assert answer.status_code == status
            if status == 400:
                refused(answer, 400, "shapes-missing")

    def test_a_query_is_refused(self, refusing: FlaskClient) -> None:
        refused(refusing.post("/jobs?dry-run=1", json={"target": "setup"}), 400, "unknown-field")


class TestBody:
    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"{",
            b"null",
            b"[]",
            b"7",
            b'"x"',
            b"\xff\xfe",
            b'\xef\xbb\xbf{"target": "setup"}',
            b'{"target": "setup"} x',
            b'{"target": "setup", "target": "plan"}',
            b'{"target": NaN}',
            b'{"target": -Infinity}',
            b'{"target": ' + b"9" * 5000 + b"}",
            b'{"target": "a\x00b"}',
            b'{"target": "a\\u0000b"}',
            b'{"a\\u0000b": 1}',
            b'{"urls": {"shacl": [["\\u0000"]]}}',
            b'{"options": {"contexts": {"\\ud800": "https://a/"}}}',
            b'{"target": "\\udc00\\ud800"}',
            b'{"urls": ' * 100_000,
            b"[" * 100_000,
            b'{"urls": ' + b"[" * 50_000 + b"]" * 50_000 + b"}",
        ],
        ids=lambda body: repr(body[:40]),
    )
    def test_what_is_no_json_object(self, refusing: FlaskClient, body: bytes) -> None:
        answer = refusing.post("/jobs", data=body, content_type="application/json")
        assert refused(answer, 400, "invalid-json")["detail"]
        assert refusing.get("/jobs").json == NOTHING

    def test_where_it_stops_being_json_is_told(self, refusing: FlaskClient) -> None:
        answer = refusing.post("/jobs", data=b'{\n "target" 1}', content_type="application/json")
        assert refused(answer, 400, "invalid-json")["detail"].startswith("Line 2, column 11")

    @pytest.mark.parametrize(
        "kind", [None, "text/plain", "application/x-www-form-urlencoded", "text/turtle", "x"]
    )
    def test_what_is_not_declared_as_json(self, refusing: FlaskClient, kind: str | None) -> None:
        answer = refusing.post("/jobs", data=b'{"target": "setup"}', content_type=kind)
        refused(answer, 415, "unsupported-media-type")

    @pytest.mark.parametrize(
        "kind", ["application/json; charset=utf-8", "application/merge-patch+json"]
    )
    def test_json_by_other_names(self, client: FlaskClient, kind: str) -> None:
        answer = client.post("/jobs", data=b'{"target": "setup"}', content_type=kind)
        assert answer.status_code == 202

    def test_a_giant_body(self, refusing: FlaskClient) -> None:
        body = json.dumps({"target": "setup", "x": "x" * MAX_BODY_BYTES})
        answer = refusing.post("/jobs", data=body, content_type="application/json")
        refused(answer, 413, "body-too-large")
        assert refusing.get("/jobs").json == NOTHING

    def test_text_of_all_languages_is_fine(self, client: FlaskClient) -> None:
        iri = "https://例え.example/😀"
        answer = post(client, options={"contexts": {iri: URL}})
        assert answer.status_code == 202
        assert answer.json is not None
        assert answer.json["options"]["contexts"] == {iri: PUBLIC}


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
        assert client.get("/jobs/one").json["status"] == "QUEUED"  # type: ignore[index]


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
        assert client.get("/jobs/one").json["status"] == "CANCELED"  # type: ignore[index]

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
