"""A whole job with marked secrets in its URLs; then every place where they could have stayed."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from flinkjobrunner.config import checkout_root
from flinkjobrunner.jobs import JobStatus, Queue
from flinkjobrunner.workflow.engine import Worker
from support.files import serving_files
from support.service import serving, until

if TYPE_CHECKING:
    from pathlib import Path

    from flinkjobrunner.config import Settings
    from support.service import Running

SIGNATURE, PASSWORD, TOKEN = (
    "CANARYsignature/0123+4",
    "CANARYpassword0123",
    "CANARYtoken-0123456789",
)
MARKER = "CANARY"
JSON = {"Content-Type": "application/json"}
URLS = {
    "shacl": [
        f"https://store.example/shapes.ttl?X-Amz-Signature={SIGNATURE}",
        f"https://user:{PASSWORD}@store.example/more.ttl",
    ],
    "knowledge": f"https://store.example/knowledge.ttl?sig={SIGNATURE}",
    "data": f"https://store.example/data.jsonld?{SIGNATURE}",
}
# What careless steps do: show the whole file, parts of a URL, and say it all again when they fail.
MAKEFILE = """
validate:
\t@cat "$$JOB_DIR/job.json"
\t@cat "$$JOB_DIR/job.json" >&2
\t@"$$PYTHON" "$$JOB_DIR/../../careless.py"
"""
CARELESS = """
import json, os, sys
from urllib.parse import quote, urlsplit
from flinkjobrunner.jobs import JobError, steps
job = json.load(open(os.environ["JOB_DIR"] + "/job.json"))
url = job["urls"]["shacl"][0]
query = urlsplit(url).query
value = query.partition("=")[2]
for text in (url, query, value, quote(value, safe=""), quote(url, safe=""), repr([url])):
    print(text)
    print(text, file=sys.stderr)
steps.start(job["jobId"], "validate", job["attempt"])
steps.record_result(job["jobId"], job["attempt"], {"fetched": [url], url: 1})
error = JobError(code="fetch-failed", message=f"GET {url}: 403", hint=f"Try {url}")
if job["jobId"] == "reported":
    steps.fail(job["jobId"], "validate", job["attempt"], error)
raise ValueError(f"cannot fetch {url}")
"""


# What people look at, and what programs read.
PATHS = (
    "/jobs", "/jobs/{job}", "/jobs/{job}/logs", "/metrics", "/readyz", "/alerts", "/deployments",
    "/openapi.json", "/docs", "/", "/ui/jobs/{job}", "/ui/jobs/{job}/log.txt",
    "/ui/fragments/jobs", "/ui/fragments/alerts", "/ui/fragments/deployments",
    "/ui/fragments/jobs/{job}",
)  # fmt: skip
SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix ex: <https://example.org/> .
ex:Shape a sh:NodeShape ; sh:targetClass ex:Cutter ;
  sh:property [ sh:path ex:speed ; sh:minCount 1 ] .
"""


@pytest.mark.parametrize("job_id", ["reported", "crashed"])
def test_nothing_secret_stays_anywhere(
    settings: Settings, tmp_path: Path, capfd: pytest.CaptureFixture[str], job_id: str
) -> None:
    settings.digitaltwin_root.mkdir()
    (settings.digitaltwin_root / "Makefile").write_text(MAKEFILE)
    settings.work_root.mkdir()
    (settings.work_root / "careless.py").write_text(CARELESS)
    body = {"jobId": job_id, "target": "validate", "urls": URLS}
    seen = run(settings, tmp_path, body, JobStatus.FAILED)
    seen["worker's log"] = "".join(capfd.readouterr())
    assert "https://store.example/shapes.ttl?[redacted]" in seen["text"]  # so there was something
    assert [place for place, text in seen.items() if MARKER in text] == []


@pytest.mark.parametrize(("status", "ends"), [(200, JobStatus.SUCCEEDED), (403, JobStatus.FAILED)])
def test_nor_of_what_is_really_fetched(
    settings: Settings,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    status: int,
    ends: JobStatus,
) -> None:
    """By the Makefile and the steps that users have, from a server that says it all again."""
    with serving_files() as files:
        url = files.add("/shapes.ttl", SHAPES)
        knowledge = files.add("/k.ttl", f"# {SIGNATURE}" if status != 200 else "", status)
        secret = url.replace("://", f"://user:{PASSWORD}@")
        body = {
            "jobId": "fetched",
            "target": "validate",
            "urls": {
                "shacl": f"{secret}?X-Amz-Signature={SIGNATURE}",
                "knowledge": f"{knowledge}?sig={SIGNATURE}#{SIGNATURE}",
            },
        }
        real = settings.model_copy(
            update={
                "digitaltwin_root": checkout_root() / "work" / "shacl2flink",
                "fetch_allow": ("127.0.0.1",),
            }
        )
        seen = run(real, tmp_path, body, ends)
        assert any(SIGNATURE in request for request in files.seen)
    seen["worker's log"] = "".join(capfd.readouterr())
    assert "/shapes.ttl" in seen["text"] or "/k.ttl" in seen["text"]
    assert [place for place, text in seen.items() if MARKER in text] == []


def run(settings: Settings, folder: Path, body: dict[str, Any], ends: JobStatus) -> dict[str, str]:
    """Every place where something could have stayed, with all that stands there."""
    job_id = body["jobId"]
    seen: dict[str, str] = {}
    queue = Queue(settings.database())
    stop = threading.Event()
    worker = threading.Thread(target=Worker(settings, watchers={}).run, args=(stop,))
    with (
        serving(settings, folder, RUNNER_TOKEN=TOKEN) as service,
        service.http(Authorization=f"Bearer {TOKEN}") as http,
    ):
        seen["accepted"] = http.post("/jobs", json=body).text
        worker.start()
        try:
            until(lambda: queue.get(job_id).status.terminal, seconds=60)
        finally:
            stop.set()
            worker.join(30)
        assert queue.get(job_id).status is ends
        seen["again"] = http.post("/jobs", json=body).text
        seen["conflict"] = http.post("/jobs", json=body | {"deployment": "x"}).text
        for path in PATHS:
            answer = http.get(path.format(job=job_id))
            seen[path] = answer.text + str(answer.headers)
        seen["text"] = http.get(f"/jobs/{job_id}/logs", headers={"Accept": "text/plain"}).text
        seen |= careless_clients(service)
    seen["service's log"] = service.log.read_text()
    with psycopg.connect(settings.database()) as connection:
        tables = connection.execute(
            "SELECT quote_ident(table_schema) || '.' || quote_ident(table_name)"
            " FROM information_schema.tables"
            " WHERE table_schema NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
        assert {table.partition(".")[0] for (table,) in tables} == {"public", "shacl"}
        for (table,) in tables:
            rows = connection.execute(f"SELECT t::text FROM {table} t".encode()).fetchall()
            seen[f"table {table}"] = str(rows)
    for file in settings.work_root.rglob("*"):
        if file.is_file():
            seen[str(file.relative_to(settings.work_root))] = file.read_bytes().decode("latin-1")
    assert f"jobs/{job_id}/job.json" in seen
    return seen


def careless_clients(service: Running) -> dict[str, str]:
    """Secrets where they do not belong, and tokens that are nearly right."""
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    requests: list[tuple[str, str, dict[str, Any]]] = [
        ("POST", "/jobs", {"json": {"urls": {"shacl": f"ftp://{SIGNATURE}"}}, "headers": bearer}),
        ("POST", "/jobs", {"json": {f"https://h/x?sig={SIGNATURE}": 1}, "headers": bearer}),
        ("POST", "/jobs", {"json": {"target": f"https://h/x?sig={SIGNATURE}"}, "headers": bearer}),
        ("POST", "/jobs", {"content": SIGNATURE, "headers": bearer | JSON}),
        ("POST", "/notify", {"content": SIGNATURE, "headers": bearer | JSON}),
        ("GET", f"/jobs?limit={SIGNATURE}", {"headers": bearer}),
        ("GET", f"/nowhere?sig={SIGNATURE}", {"headers": bearer}),
        ("GET", "/jobs", {"headers": {"Authorization": f"Bearer {TOKEN}x"}}),
        ("GET", "/jobs", {"headers": {"Authorization": f"Basic {PASSWORD}"}}),
        ("GET", "/jobs", {"headers": {"Cookie": f"flinkjobrunner_session=9.{TOKEN}.x"}}),
        ("GET", f"/?token={TOKEN}x", {}),
        ("GET", f"/?token={TOKEN}&a=b", {}),
        ("POST", "/session", {"data": {"token": f"{TOKEN}x"}}),
        ("POST", "/session", {"data": {"token": TOKEN}}),
    ]
    seen = {}
    for number, (method, path, more) in enumerate(requests):
        with service.http() as http:
            answer = http.request(method, path, **more)
        assert answer.status_code in (303, 400, 401, 403, 404)
        seen[f"careless {number}: {method}"] = answer.text + str(answer.headers)
    return seen
