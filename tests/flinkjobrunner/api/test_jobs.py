"""`POST /jobs`: what is accepted, what is repeated, what is refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from flinkjobrunner.api.app import MAX_BODY_BYTES
from flinkjobrunner.jobs import JobRequest, JobStatus
from flinkjobrunner.store import begin, claims
from support.deployed import DIGEST, Deployed
from support.jobs import NOTHING, PUBLIC, SECRET, URL, UUID, post, refused

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from flinkjobrunner.config import Settings
    from flinkjobrunner.jobs import Queue

# Of a plan, what is compared when a deploy insists on it.
CHANGES = {"program": {"from": DIGEST}, "flinkJob": {"action": "keep"}}


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

    @pytest.mark.parametrize(
        ("named", "body"),
        [
            ("urls", {"urls": {"shacl": URL}}),
            ("urls", {"urls": {"knowledge": URL}}),
            ("options.contexts", {"options": {"contexts": {"https://c": URL}}}),
            ("options.numbers", {"options": {"numbers": "double"}}),
            ("target", {"target": "validate"}),
        ],
    )
    def test_a_program_is_complete(
        self, refusing: FlaskClient, named: str, body: dict[str, Any]
    ) -> None:
        options = body.get("options", {}) | {"program": f"sha256:{'a' * 64}"}
        answer = refusing.post("/jobs", json={"target": "plan"} | body | {"options": options})
        problem = refused(answer, 400, "program-and-shapes")
        assert problem["detail"].startswith(named)
        assert refusing.get("/jobs").json == NOTHING

    def test_a_query_is_refused(self, refusing: FlaskClient) -> None:
        refused(refusing.post("/jobs?dry-run=1", json={"target": "setup"}), 400, "unknown-field")


class TestWhatTheDatabaseKnows:
    """Refused at once, and no job is made of it."""

    @pytest.fixture
    def deployed(self, settings: Settings) -> Deployed:
        made = Deployed(settings.database())
        made.deploy()
        return made

    def planned(self, deployed: Deployed, deployment: str = "default", **changes: Any) -> str:
        digest = f"sha256:{'5' * 64}"
        body = {"target": "plan", "deployment": deployment, "urls": {"shacl": URL}}
        deployed.queue.submit(JobRequest.model_validate(body))
        job = deployed.claim()
        plan = {"digest": digest, "changes": CHANGES | changes}
        with begin(deployed.url) as connection:
            claims.merge_result(connection, job.job_id, job.attempt, {"plan": plan})
        deployed.queue.finish(job, JobStatus.SUCCEEDED)
        return digest

    def post(self, client: FlaskClient, digest: str, **body: Any) -> TestResponse:
        options = {"planDigest": digest}
        return post(client, **{"target": "flink-deploy", "options": options} | body)

    @pytest.mark.usefixtures("deployed")
    def test_an_unknown_program(self, client: FlaskClient) -> None:
        body = {"jobId": "back", "target": "flink-deploy"}
        unknown = body | {"options": {"program": f"sha256:{'b' * 64}"}}
        refused(client.post("/jobs", json=unknown), 409, "program-unknown")
        assert client.get("/jobs/back").status_code == 404
        known = body | {"options": {"program": DIGEST}}
        assert client.post("/jobs", json=known).status_code == 202

    def test_a_plan_that_still_may_fit(self, client: FlaskClient, deployed: Deployed) -> None:
        assert self.post(client, self.planned(deployed)).status_code == 202

    def test_a_plan_of_another_program(self, client: FlaskClient, deployed: Deployed) -> None:
        digest = self.planned(deployed, program={"from": None})
        for target in ("flink-deploy", "setup-and-deploy"):
            refused(self.post(client, digest, jobId="late", target=target), 409, "plan-stale")
        assert client.get("/jobs/late").status_code == 404

    def test_a_plan_of_another_deployment(self, client: FlaskClient, deployed: Deployed) -> None:
        digest = self.planned(deployed, "other")
        refused(self.post(client, digest), 409, "plan-stale")

    def test_a_plan_that_kept_a_job_which_was_taken_down(
        self, client: FlaskClient, deployed: Deployed
    ) -> None:
        digest = self.planned(deployed)
        with begin(deployed.url) as connection:
            connection.exec_driver_sql("UPDATE deployments SET desired = 'undeployed'")
        refused(self.post(client, digest), 409, "plan-stale")

    @pytest.mark.usefixtures("deployed")
    def test_a_plan_that_nobody_remembers_is_for_the_step_to_judge(
        self, client: FlaskClient
    ) -> None:
        assert self.post(client, f"sha256:{'6' * 64}").status_code == 202

    def test_another_job_that_waits_may_make_it_fit(
        self, client: FlaskClient, deployed: Deployed
    ) -> None:
        digest = self.planned(deployed, program={"from": None})
        deployed.ask("waiting")
        assert self.post(client, digest).status_code == 202

    def test_a_repetition_is_answered_as_ever(
        self, client: FlaskClient, deployed: Deployed
    ) -> None:
        digest = self.planned(deployed)
        assert self.post(client, digest, jobId="one").status_code == 202
        deployed.queue.finish(deployed.claim(), JobStatus.SUCCEEDED)
        with begin(deployed.url) as connection:
            connection.exec_driver_sql("UPDATE deployments SET desired = 'undeployed'")
        assert self.post(client, digest, jobId="one").status_code == 200


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
