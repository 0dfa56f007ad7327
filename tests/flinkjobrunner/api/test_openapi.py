"""The description is well-formed, complete and true, for every address that there is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr

from flinkjobrunner.api.app import create_app
from flinkjobrunner.jobs import JobError, JobStatus, Queue
from support.json_schema import violations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from flinkjobrunner.config import Settings

PAGES = re.compile(r"/$|/ui(/|$)|/docs$|/favicon\.ico$|/openapi\.json$|/static/")
REFERENCE = Path(__file__).parents[3] / "docs" / "reference" / "http.md"
TOKEN = "a-token-of-the-tests-0123456789"
# Keywords of JSON Schema 2020-12 that may occur, and what their values are.
KEYWORDS: dict[str, type | tuple[type, ...]] = {
    "$ref": str, "title": str, "description": str, "type": str, "format": str, "pattern": str,
    "enum": list, "const": object, "default": object, "anyOf": list, "oneOf": list, "allOf": list,
    "properties": dict, "required": list, "additionalProperties": (bool, dict), "items": dict,
    "minLength": int, "maxLength": int, "minItems": int, "maxItems": int, "minimum": (int, float),
    "maximum": (int, float), "exclusiveMinimum": (int, float), "maxProperties": int,
    "propertyNames": dict, "examples": list,
}  # fmt: skip
METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}


@pytest.fixture(scope="module")
def document(refusing: FlaskClient) -> dict[str, Any]:
    answer = refusing.get("/openapi.json")
    assert answer.content_type == "application/json"
    assert answer.json is not None
    return dict(answer.json)


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield method, path, operation


def schemas(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from document["components"]["schemas"].values()
    for _, _, operation in operations(document):
        for parameter in operation.get("parameters", ()):
            yield parameter["schema"]
        for body in (operation.get("requestBody", {}), *operation["responses"].values()):
            for media in body.get("content", {}).values():
                yield media["schema"]


def inner(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield schema
    for several in ("anyOf", "oneOf", "allOf"):
        for one in schema.get(several, ()):
            yield from inner(one)
    for one in schema.get("properties", {}).values():
        yield from inner(one)
    for name in ("items", "additionalProperties", "propertyNames"):
        if isinstance(schema.get(name), dict):
            yield from inner(schema[name])


class TestForm:
    def test_it_says_what_it_is(self, document: dict[str, Any]) -> None:
        assert re.fullmatch(r"3\.1\.\d+", document["openapi"])
        assert document["info"]["title"] == "FlinkJobRunner"
        assert document["info"]["version"]
        known = {"openapi", "info", "servers", "paths", "components", "security", "tags"}
        assert set(document) <= known
        names = {tag["name"] for tag in document["tags"]}
        assert all(set(one["tags"]) <= names for _, _, one in operations(document))

    def test_operations(self, document: dict[str, Any]) -> None:
        ids = [operation["operationId"] for _, _, operation in operations(document)]
        assert len(set(ids)) == len(ids)
        for method, path, operation in operations(document):
            assert method in METHODS
            assert path.startswith("/")
            assert operation["summary"], path
            placed = [(one["name"], one["in"]) for one in operation.get("parameters", ())]
            assert len(set(placed)) == len(placed)
            in_path = {name for name, place in placed if place == "path"}
            assert in_path == set(re.findall(r"{(\w+)}", path))
            for one in operation.get("parameters", ()):
                assert one["in"] in ("path", "query", "header")
                assert one["required"] or one["in"] != "path"

    def test_answers(self, document: dict[str, Any]) -> None:
        for method, path, operation in operations(document):
            answers = operation["responses"]
            assert all(re.fullmatch(r"[2345]\d\d", status) for status in answers), path
            assert any(status[0] in "23" for status in answers), (method, path)
            assert all(answer["description"] for answer in answers.values())
            for status, answer in answers.items():
                kinds = set(answer.get("content", {}))
                if status in ("204", "303"):
                    assert not kinds
                elif status >= "400" and (path, status) not in (
                    ("/readyz", "503"),
                    ("/session", "401"),
                ):
                    assert kinds == {"application/problem+json"}, (method, path, status)
                else:
                    assert kinds

    def test_schemas(self, document: dict[str, Any]) -> None:
        for top in schemas(document):
            for schema in inner(top):
                for keyword, value in schema.items():
                    assert isinstance(value, KEYWORDS[keyword]), schema
                if "$ref" in schema:
                    name = schema["$ref"].removeprefix("#/components/schemas/")
                    assert name in document["components"]["schemas"]
                if "pattern" in schema:
                    re.compile(schema["pattern"])
                assert set(schema.get("required", ())) <= set(schema.get("properties", {})) or (
                    "properties" not in schema
                )

    def test_who_may(self, document: dict[str, Any]) -> None:
        schemes = document["components"]["securitySchemes"]
        wanted = [
            document["security"],
            *(one.get("security", []) for _, _, one in operations(document)),
        ]
        assert {name for several in wanted for one in several for name in one} == set(schemes)


class TestComplete:
    def test_every_address_is_described(
        self, refusing: FlaskClient, document: dict[str, Any]
    ) -> None:
        there = {
            (method.lower(), re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule))
            for rule in refusing.application.url_map.iter_rules()
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
            if not PAGES.match(rule.rule)
        }
        described = {(method, path) for method, path, _ in operations(document)}
        assert described == there

    def test_every_address_is_in_the_reference(self, document: dict[str, Any]) -> None:
        text = REFERENCE.read_text()
        for method, path, _ in operations(document):
            if path.startswith("/session"):
                continue
            loose = re.sub(r"{\w+}", r"{[a-zA-Z0-9]+}", path)
            assert re.search(f"`{method.upper()} {loose}(\\?[^`]*)?`", text), (method, path)


def plain(schema: Any) -> Any:
    """The schema without what the small checker does not look at."""
    if isinstance(schema, dict):
        skipped = ("format", "pattern", "maxLength", "minProperties", "maxProperties")
        return {key: plain(value) for key, value in schema.items() if key not in skipped}
    return [plain(one) for one in schema] if isinstance(schema, list) else schema


def check(document: dict[str, Any], method: str, path: str, answer: TestResponse) -> None:
    """The answer is one of those described."""
    described = document["paths"][path][method]["responses"]
    status = str(answer.status_code)
    assert status in described, (method, path, status, answer.text[:500])
    content = described[status].get("content", {})
    if not content:
        return
    assert answer.mimetype in content, (method, path, status, answer.mimetype)
    if answer.mimetype.endswith("json"):
        root = {"$defs": plain(document["components"]["schemas"])}
        wrong = violations(plain(content[answer.mimetype]["schema"]), answer.json, root)
        assert not wrong, (method, path, status, wrong)


class TestTrue:
    def test_what_the_jobs_answer(
        self, client: FlaskClient, queue: Queue, document: dict[str, Any]
    ) -> None:
        body = {"jobId": "one", "urls": {"shacl": "https://a/b?c"}, "target": "plan"}
        for _ in range(2):
            check(document, "post", "/jobs", client.post("/jobs", json=body))
        check(document, "post", "/jobs", client.post("/jobs", json=body | {"deployment": "x"}))
        check(document, "post", "/jobs", client.post("/jobs", json=body | {"target": "x"}))
        job = queue.claim(worker="w", lease_seconds=30)
        assert job is not None
        path = "/jobs/{job_id}"
        check(document, "get", path, client.get("/jobs/one"))
        check(document, "post", f"{path}/cancel", client.post("/jobs/one/cancel"))
        queue.finish(job, JobStatus.FAILED, JobError(code="x", message="y", hint="z"))
        check(document, "get", path, client.get("/jobs/one"))
        check(document, "get", "/jobs", client.get("/jobs?status=FAILED"))
        check(document, "post", f"{path}/cancel", client.post("/jobs/one/cancel"))
        check(document, "get", f"{path}/logs", client.get("/jobs/one/logs"))
        text = client.get("/jobs/one/logs", headers={"Accept": "text/plain"})
        check(document, "get", f"{path}/logs", text)
        for name in ("/healthz", "/readyz", "/metrics", "/alerts"):
            check(document, "get", name, client.get(name))

    @pytest.mark.parametrize("secured", [False, True])
    def test_bad_requests_to_every_address(
        self, shared: Settings, document: dict[str, Any], *, secured: bool
    ) -> None:
        """Whatever is wrong with a request, the answer is one that is described, and never 500."""
        token = SecretStr(TOKEN) if secured else None
        application = create_app(shared.model_copy(update={"token": token}))
        client = application.test_client()
        try:
            for method, path, _ in operations(document):
                for answer in bad_requests(client, method, path):
                    assert answer.status_code < 500 or answer.status_code == 503
                    if answer.status_code >= 400:
                        check(document, method, path, answer)
                    answer.close()  # a stream has no end
        finally:
            application.extensions["probes"].stop()

    def test_wrong_methods_and_paths(self, refusing: FlaskClient, document: dict[str, Any]) -> None:
        for _, path, _ in operations(document):
            url = re.sub(r"{\w+}", "x", path)
            for method in ("DELETE", "PATCH", "TRACE", "BREW"):
                answer = refusing.open(url, method=method)
                if answer.status_code == 405:
                    assert answer.json is not None
                    assert answer.json["code"] == "method-not-allowed"
                assert answer.content_type == "application/problem+json", (method, url)
            answer = refusing.get(f"{url}/nothing/here")
            assert (answer.status_code, answer.content_type) == (404, "application/problem+json")


def bad_requests(client: FlaskClient, method: str, path: str) -> Iterator[TestResponse]:
    json = "application/json"
    for place in ("x", "X", "%00", "%ff", "..", "a" * 300, "%F0%9F%98%80", "'", "%22%3B--"):
        yield client.open(re.sub(r"{\w+}", place, path), method=method)
    url = re.sub(r"{\w+}", "missing", path)
    for query in ("colour=red", "limit=x", "cursor=%00", "text=%00", "state=%ff", "=", "&&", "%"):
        yield client.open(f"{url}?{query}", method=method)
    if method in ("post", "put", "patch"):
        for body in (
            b"",
            b"{",
            b"[",
            b"null",
            b"[7]",
            b'{"a": 1}',
            b"\xff",
            b"[" * 5000,
            b'"\\ud800"',
        ):
            for kind in (
                json,
                "application/ld+json",
                "text/plain",
                "multipart/form-data",
                "",
                "x;",
            ):
                yield client.open(url, method=method, data=body, content_type=kind)
        for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
            yield client.open(url, method=method, data=b"{}", content_type=json, headers=headers)
    for headers in (
        {"Host": "evil.example"},
        {"Last-Event-ID": "x"},
        {"Authorization": "Bearer wrong"},
        {"Cookie": "flinkjobrunner_session=x.y.z"},
        {"Accept": "image/png"},
    ):
        yield client.open(f"{url}?colour=red", method=method, headers=headers)
