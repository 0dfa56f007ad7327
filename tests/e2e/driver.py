"""What an outside user does, over HTTP and Kafka only; nothing here imports the product."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import httpx2
from confluent_kafka import Consumer, Producer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NGSI_LD = "https://uri.etsi.org/ngsi-ld/"
EX = "https://example.org/e2e/"
ALERTS = "shacl.alerts"
TERMINAL = {"SUCCEEDED", "FAILED", "CANCELED"}


def wait_until(condition: Callable[[], Any], what: Callable[[], str], seconds: float = 60) -> Any:
    """Poll an outside condition; fail with what was seen, so that a failure explains itself."""
    deadline = time.monotonic() + seconds
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > deadline:
            raise AssertionError(what())
        time.sleep(0.05)


class Files:
    """A local HTTP server for shapes and knowledge: the two URLs of a job."""

    def __init__(self) -> None:
        files: dict[str, bytes] = {}
        self.files = files

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = files.get(self.path.split("?")[0])
                self.send_response(200 if body is not None else 404)
                self.send_header("Content-Length", str(len(body or b"")))
                self.end_headers()
                self.wfile.write(body or b"")

            def log_message(self, *args: object) -> None:
                """Quiet: a test's output is for failures."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def put(self, name: str, text: str) -> str:
        self.files[f"/{name}"] = text.encode()
        return f"http://{self.address}/{name}?X-Amz-Signature=canary-secret"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@dataclass(kw_only=True)
class Service:
    """The HTTP interface."""

    url: str
    client: httpx2.Client = field(init=False)

    def __post_init__(self) -> None:
        self.client = httpx2.Client(base_url=self.url, timeout=30, trust_env=False)

    def close(self) -> None:
        self.client.close()

    def post_job(self, **body: Any) -> dict[str, Any]:
        answer = self.client.post("/jobs", json=body)
        assert answer.status_code in (200, 202), answer.text
        job: dict[str, Any] = answer.json()
        return job

    def job(self, job_id: str) -> dict[str, Any]:
        answer = self.client.get(f"/jobs/{job_id}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def log_text(self, job_id: str) -> str:
        return str(self.client.get(f"/jobs/{job_id}/logs", headers={"Accept": "text/plain"}).text)

    def wait_job(self, job_id: str, seconds: float = 120) -> dict[str, Any]:
        """Follow the job's own event stream to its `end`."""
        with self.client.stream("GET", f"/jobs/{job_id}/logs", timeout=seconds) as answer:
            event = ""
            for line in answer.iter_lines():
                event = line.removeprefix("event:").strip() if line.startswith("event:") else event
                if line.startswith("data:") and event == "end":
                    break
                if line == "":
                    event = ""
        job = self.job(job_id)
        assert job["status"] in TERMINAL, job
        return job

    def run(self, **body: Any) -> dict[str, Any]:
        job = self.wait_job(self.post_job(**body)["jobId"])
        assert job["status"] == "SUCCEEDED", f"{job}\n{self.log_text(job['jobId'])}"
        return job

    def entities(self, operation: str, payload: list[Any]) -> None:
        answer = self.client.post(f"/ngsi-ld/v1/entityOperations/{operation}", json=payload)
        assert answer.status_code == 204, answer.text

    def alerts(self, **query: str) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = []
        cursor: str | None = None
        while True:
            page = self.client.get(
                "/alerts", params={**query, **({"cursor": cursor} if cursor else {})}
            ).json()
            items += page["items"]
            cursor = page["next"]
            if not cursor:
                return items


class Kafka:
    """Writes both input families; reads the alert topic from its beginning until it is closed."""

    def __init__(self, bootstrap: str) -> None:
        self.bootstrap = bootstrap
        self.producer = Producer(
            {
                "bootstrap.servers": bootstrap,
                "linger.ms": 0,
                "enable.idempotence": True,
                # The client's own limit is 1 MB; a larger record is to reach the job.
                "message.max.bytes": 2 * 1024 * 1024,
            }
        )
        self.events: list[dict[str, Any]] = []
        self.failed: BaseException | None = None
        self._stop = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        try:
            for event in read_topic(self.bootstrap, ALERTS, self._stop):
                self.events.append(event)
        except BaseException as error:
            self.failed = error
            raise

    def close(self) -> None:
        self._stop.set()
        self._reader.join(10)

    def send(
        self,
        topic: str,
        key: str | None,
        value: bytes | None,
        at: int | None = None,
        **headers: str,
    ) -> None:
        self.producer.produce(
            topic,
            key=key,
            value=value,
            headers={name.replace("_", "-"): text.encode() for name, text in headers.items()},
            **({"timestamp": at} if at else {}),
        )
        self.producer.poll(0)

    def flush(self) -> None:
        assert self.producer.flush(30) == 0

    def iff_entity(self, entity: str, type_: str, *, deleted: bool = False) -> None:
        value = {"id": entity, "type": type_, **({"deleted": True} if deleted else {})}
        self.send("iff.ngsild.entities", entity, json.dumps(value).encode())

    def iff_attribute(
        self, entity: str, name: str, value: Any, *, kind: str = "Property", node: str = "@value"
    ) -> None:
        rest = f"{name}\\@none"
        record = {
            "id": f"{entity}\\{hashlib.sha256(rest.encode()).hexdigest()[:24]}",
            "entityId": entity,
            "name": name,
            "nodeType": node,
            "type": f"{NGSI_LD}{kind}",
            "attributeValue": value,
            "datasetId": "@none",
        }
        self.send("iff.ngsild.attributes", entity, json.dumps(record).encode())

    def transitions(self, since: int = 0) -> list[dict[str, Any]]:
        """The alerts in the topic's order, repeats by (alert id, sequence) removed."""
        assert self.failed is None, self.failed
        seen: set[tuple[str, int]] = set()
        kept = []
        for event in self.events[since:]:
            alert = event["data"]
            if (identity := (alert["alertId"], alert["sequence"])) not in seen:
                seen.add(identity)
                kept.append(alert)
        return kept

    def standing(self) -> dict[str, dict[str, Any]]:
        last: dict[str, dict[str, Any]] = {}
        for alert in self.transitions():
            if alert["sequence"] >= last.get(alert["alertId"], alert)["sequence"]:
                last[alert["alertId"]] = alert
        return {alert_id: alert for alert_id, alert in last.items() if alert["state"] != "cleared"}


def read_topic(bootstrap: str, topic: str, stop: threading.Event) -> Iterator[dict[str, Any]]:
    """Values of a JSON topic from its beginning; tombstones are passed over."""
    consumer = Consumer(
        {
            "bootstrap.servers": bootstrap,
            "group.id": f"e2e-{time.monotonic_ns()}",
            "auto.offset.reset": "earliest",
            "allow.auto.create.topics": False,
            "topic.metadata.refresh.interval.ms": 200,
        }
    )
    consumer.subscribe([topic])
    try:
        while not stop.is_set():
            message = consumer.poll(0.1)
            if message is not None and not message.error() and message.value():
                yield json.loads(message.value())
    finally:
        consumer.close()


def brief(alert: dict[str, Any]) -> tuple[str, str, str, str, str]:
    """What an operator sees of an alert: state, entity, attribute, component, value."""
    path = "/".join(part["name"].removeprefix(EX) for part in alert["attributePath"]) or alert[
        "resultPath"
    ].strip("<>").removeprefix(EX)
    component = (
        alert["sourceConstraintComponent"].rsplit("#", 1)[-1].removesuffix("ConstraintComponent")
    )
    value = alert["value"] or {}
    return (
        alert["state"],
        alert["entity"],
        path,
        component,
        str(value.get("@value", value.get("@id", ""))),
    )
