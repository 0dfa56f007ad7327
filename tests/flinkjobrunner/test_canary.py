"""A whole job with marked secrets in its URLs; then every place where they could have stayed."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import psycopg
import pytest

from flinkjobrunner.jobs import JobStatus, Queue
from flinkjobrunner.workflow.engine import Worker
from support.service import serving, until

if TYPE_CHECKING:
    from pathlib import Path

    from flinkjobrunner.config import Settings

SIGNATURE, PASSWORD, TOKEN = (
    "CANARYsignature/0123+4",
    "CANARYpassword0123",
    "CANARYtoken-0123456789",
)
MARKER = "CANARY"
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


@pytest.mark.parametrize("job_id", ["reported", "crashed"])
def test_nothing_secret_stays_anywhere(
    settings: Settings, tmp_path: Path, capfd: pytest.CaptureFixture[str], job_id: str
) -> None:
    settings.digitaltwin_root.mkdir()
    (settings.digitaltwin_root / "Makefile").write_text(MAKEFILE)
    settings.work_root.mkdir()
    (settings.work_root / "careless.py").write_text(CARELESS)
    body = {"jobId": job_id, "target": "validate", "urls": URLS}
    seen: dict[str, str] = {}
    queue = Queue(settings.database())
    stop = threading.Event()
    worker = threading.Thread(target=Worker(settings, watchers={}).run, args=(stop,))
    with (
        serving(settings, tmp_path, RUNNER_TOKEN=TOKEN) as service,
        service.http(Authorization=f"Bearer {TOKEN}") as http,
    ):
        seen["accepted"] = http.post("/jobs", json=body).text
        worker.start()
        try:
            until(lambda: queue.get(job_id).status.terminal)
        finally:
            stop.set()
            worker.join(30)
        assert queue.get(job_id).status is JobStatus.FAILED
        seen["again"] = http.post("/jobs", json=body).text
        seen["conflict"] = http.post("/jobs", json=body | {"deployment": "x"}).text
        seen["refused"] = http.post("/jobs", json={"urls": {"shacl": f"ftp://{SIGNATURE}"}}).text
        for path in ("/jobs", f"/jobs/{job_id}", f"/jobs/{job_id}/logs", "/metrics", "/readyz",
                     "/alerts", "/openapi.json"):  # fmt: skip
            seen[path] = http.get(path).text
        seen["text"] = http.get(f"/jobs/{job_id}/logs", headers={"Accept": "text/plain"}).text
        http.get(f"/?token={TOKEN}")
        http.get(f"/nowhere?sig={SIGNATURE}")
    assert "https://store.example/shapes.ttl?[redacted]" in seen["text"]  # so there was something
    seen["service's log"] = service.log.read_text()
    seen["worker's log"] = "".join(capfd.readouterr())
    with psycopg.connect(settings.database()) as connection:
        tables = connection.execute(
            "SELECT quote_ident(table_name) FROM information_schema.tables"
            " WHERE table_schema = 'public'"
        ).fetchall()
        assert len(tables) > 4
        for (table,) in tables:
            rows = connection.execute(f"SELECT t::text FROM {table} t".encode()).fetchall()
            seen[f"table {table}"] = str(rows)
    for file in settings.work_root.rglob("*"):
        if file.is_file():
            seen[str(file.relative_to(settings.work_root))] = file.read_bytes().decode("latin-1")
    assert f"jobs/{job_id}/job.json" in seen
    assert [place for place, text in seen.items() if MARKER in text] == []
