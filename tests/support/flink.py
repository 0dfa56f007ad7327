"""A server that answers as Flink 2.3's REST interface does, as far as deployments use it.

The answers have the members that were recorded from a real cluster; a call that a real one would
refuse is refused with the same status.
"""

from __future__ import annotations

import json
import re
import threading
import time
import uuid
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MAIN_CLASS = "org.flinkjobrunner.validator.stream.ValidatorJob"
RUN_MEMBERS = {
    "entryClass",
    "programArgsList",
    "jobId",
    "savepointPath",
    "allowNonRestoredState",
}
ENDED = {"FAILED", "CANCELED", "FINISHED"}
TRACE = (
    "org.apache.flink.runtime.JobException: Recovery is suppressed by NoRestartBackoffTime\n"
    "\tat org.apache.flink.runtime.Handler.handle(Handler.java:1)\n"
    "Caused by: java.lang.IllegalStateException: topic {topic} is gone\n"
    "\tat org.example.Source.open(Source.java:7)\n\t... 3 more\n"
)

TOO_EARLY = (
    "org.apache.flink.runtime.checkpoint.CheckpointException: Checkpoint triggering task entity"
    " (1/2) is not being executed at the moment. Aborting checkpoint."
    " Failure reason: Not all required tasks are currently running.\n"
    "\tat org.apache.flink.runtime.Checkpoints.trigger(Checkpoints.java:1)\n"
)


class Refused(Exception):
    def __init__(self, status: int, *errors: str) -> None:
        super().__init__(errors)
        self.status = status
        self.errors = errors


@dataclass(kw_only=True)
class Job:
    jid: str
    name: str
    arguments: list[str]
    restored_from: str | None
    started: int
    # Whether it may leave out what it has no operator for.
    lenient: bool = False
    state: str = "RUNNING"
    total: int = 4
    running: int = 4
    checkpoints: dict[str, Any] = field(default_factory=dict)
    exceptions: list[dict[str, Any]] = field(default_factory=list)

    def overview(self) -> dict[str, Any]:
        tasks = dict.fromkeys(
            ("canceling", "canceled", "created", "scheduled", "deploying", "reconciling"), 0
        )
        ended = self.state in ENDED
        tasks |= {
            "total": self.total,
            "running": 0 if ended else self.running,
            "finished": self.total if self.state == "FINISHED" else 0,
            "initializing": 0 if ended else self.total - self.running,
            "failed": self.total if self.state == "FAILED" else 0,
        }
        return {
            "jid": self.jid,
            "name": self.name,
            "jobType": "STREAMING",
            "schedulerType": "Default",
            "start-time": self.started,
            "end-time": self.started + 5 if ended else -1,
            "duration": 5,
            "state": self.state,
            "last-modification": self.started,
            "tasks": tasks,
            "pending-operators": 0,
        }

    def fail(self, topic: str = "shacl.programs") -> None:
        self.state = "FAILED"
        self.exceptions = [
            {
                "exceptionName": "org.apache.flink.runtime.JobException",
                "stacktrace": TRACE.format(topic=topic),
                "timestamp": self.started,
                "failureLabels": {},
                "taskName": None,
                "endpoint": None,
                "taskManagerId": None,
                "concurrentExceptions": [],
            }
        ]


@dataclass(kw_only=True)
class FakeFlink:
    jars: dict[str, str] = field(default_factory=dict)
    jobs: dict[str, Job] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    on_run: Callable[[Job], None] = lambda _job: None
    savepoint_fails: bool = False
    # How often it still says so.
    savepoint_too_early: int = 0
    savepoint_looks: int = 2
    disposal_fails: bool = False
    disposed: list[str] = field(default_factory=list)
    # Files are made in it where it exists.
    savepoints: Path = Path("/savepoints")
    url: str = ""
    _looks: dict[str, int] = field(default_factory=dict)

    @classmethod
    @contextmanager
    def start(cls) -> Iterator[Self]:
        fake = cls()
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(fake))
        fake.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield fake
        finally:
            server.shutdown()
            server.server_close()
            thread.join()

    def job(self, deployment: str) -> Job:
        """The newest of this deployment."""
        return [job for job in self.jobs.values() if job.name == f"shacl-{deployment}"][-1]

    def add(self, deployment: str, **more: Any) -> Job:
        """One that somebody else has submitted."""
        job = Job(
            jid=uuid.uuid4().hex,
            name=f"shacl-{deployment}",
            arguments=[],
            restored_from=None,
            started=time.time_ns() // 1_000_000,
            **more,
        )
        self.jobs[job.jid] = job
        return job

    def count(self, call: str) -> int:
        return sum(re.fullmatch(call, one) is not None for one in self.calls)

    # The calls

    def overview(self) -> Any:
        return {
            "taskmanagers": 1,
            "slots-total": 4,
            "slots-available": 4,
            "jobs-running": 0,
            "flink-version": "2.3.0",
            "flink-commit": "c0f8d1a",
        }

    def jars_listed(self) -> Any:
        files = [
            {"id": jar_id, "name": name, "uploaded": 1, "entry": []}
            for jar_id, name in self.jars.items()
        ]
        return {"address": self.url, "files": files}

    def upload(self, body: bytes) -> Any:
        found = re.search(rb'name="jarfile"; filename="([^"]+\.jar)"', body)
        if not found:
            raise Refused(400, "Exactly 1 file must be sent, received 0.")
        name = found[1].decode()
        jar_id = f"{uuid.uuid4()}_{name}"
        self.jars[jar_id] = name
        return {"filename": f"/upload/flink-web-upload/{jar_id}", "status": "success"}

    def run(self, jar_id: str, body: dict[str, Any]) -> Any:
        if jar_id not in self.jars:
            raise Refused(404, "Jar file does not exist")
        if unknown := body.keys() - RUN_MEMBERS:
            raise Refused(400, f"Unrecognized field {unknown}")
        if body["entryClass"] != MAIN_CLASS or body["jobId"] in self.jobs:
            raise Refused(
                400,
                "Could not execute application.\n"
                "Caused by: org.apache.flink.runtime.client.DuplicateApplicationSubmissionException"
                ": Application has already been submitted.\n",
            )
        arguments = body["programArgsList"]
        deployment = arguments[arguments.index("--deployment") + 1]
        job = Job(
            jid=body["jobId"],
            name=f"shacl-{deployment}",
            arguments=arguments,
            restored_from=body.get("savepointPath"),
            lenient=body["allowNonRestoredState"],
            started=time.time_ns() // 1_000_000,
        )
        self.jobs[job.jid] = job
        self.on_run(job)
        return {"jobid": job.jid, "applicationId": job.jid}

    def listed(self) -> Any:
        return {"jobs": [job.overview() for job in self.jobs.values()]}

    def cancel(self, jid: str) -> Any:
        job = self._known(jid)
        if job.state in ENDED:
            raise Refused(409, f"already reached another terminal state ({job.state})")
        job.state = "CANCELED"
        return {}

    def stop(self, jid: str, body: dict[str, Any]) -> Any:
        assert body == {"drain": False}
        self._known(jid)
        request = uuid.uuid4().hex
        self._looks[request] = self.savepoint_looks
        return {"request-id": request}

    def savepoint(self, jid: str, request: str) -> Any:
        self._looks[request] -= 1
        if self._looks[request] > 0:
            return {"status": {"id": "IN_PROGRESS"}, "operation": None}
        if self.savepoint_too_early:
            self.savepoint_too_early -= 1
            failure = {"class": "E", "stack-trace": TOO_EARLY, "serialized": ""}
            return {"status": {"id": "COMPLETED"}, "operation": {"failure-cause": failure}}
        if self.savepoint_fails:
            failure = {"class": "E", "stack-trace": TRACE.format(topic="x"), "serialized": ""}
            return {"status": {"id": "COMPLETED"}, "operation": {"failure-cause": failure}}
        job = self._known(jid)
        job.state = "FINISHED"
        folder = self.savepoints / f"savepoint-{jid[:6]}-{request[:12]}"
        if self.savepoints.exists():
            folder.mkdir()
            (folder / "_metadata").touch()
        return {"status": {"id": "COMPLETED"}, "operation": {"location": f"file:{folder}"}}

    def dispose(self, body: dict[str, Any]) -> Any:
        request = uuid.uuid4().hex
        self.disposed.append(body["savepoint-path"])
        return {"request-id": request}

    def disposal(self, _request: str) -> Any:
        if self.disposal_fails:
            failure = {"class": "E", "stack-trace": TRACE.format(topic="x"), "serialized": ""}
            return {"status": {"id": "COMPLETED"}, "operation": {"failure-cause": failure}}
        return {"status": {"id": "COMPLETED"}, "operation": {}}

    def checkpoints(self, jid: str) -> Any:
        latest = {"completed": None, "savepoint": None, "failed": None, "restored": None}
        return {"latest": latest | self._known(jid).checkpoints}

    def exceptions(self, jid: str) -> Any:
        entries = self._known(jid).exceptions
        return {"exceptionHistory": {"entries": entries, "truncated": False}}

    def _known(self, jid: str) -> Job:
        if jid not in self.jobs:
            raise Refused(
                404,
                f"org.apache.flink.runtime.rest.NotFoundException: Job {jid} not found\n\tat x\n"
                "Caused by: org.apache.flink.runtime.messages.FlinkJobNotFoundException: Could not"
                f" find Flink job ({jid})\n",
            )
        return self.jobs[jid]


def _handler(fake: FakeFlink) -> type[BaseHTTPRequestHandler]:
    routes: list[tuple[str, str, Callable[..., Any]]] = [
        ("GET", "/overview", fake.overview),
        ("GET", "/jars", fake.jars_listed),
        ("POST", "/jars/upload", fake.upload),
        ("POST", "/jars/([^/]+)/run", fake.run),
        ("GET", "/jobs/overview", fake.listed),
        ("PATCH", r"/jobs/([^/]+)\?mode=cancel", fake.cancel),
        ("POST", "/jobs/([^/]+)/stop", fake.stop),
        ("GET", "/jobs/([^/]+)/savepoints/([^/]+)", fake.savepoint),
        ("POST", "/savepoint-disposal", fake.dispose),
        ("GET", "/savepoint-disposal/([^/]+)", fake.disposal),
        ("GET", "/jobs/([^/]+)/checkpoints", fake.checkpoints),
        ("GET", "/jobs/([^/]+)/exceptions", fake.exceptions),
    ]

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            fake.calls.append(f"{self.command} {self.path}")
            try:
                status, answer = 200, self._call(content)
            except Refused as refused:
                status, answer = refused.status, {"errors": list(refused.errors)}
            body = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _call(self, content: bytes) -> Any:
            for method, pattern, function in routes:
                found = re.fullmatch(pattern, self.path)
                if found and method == self.command:
                    is_json = self.headers.get("Content-Type") == "application/json"
                    more = [json.loads(content)] if is_json else [content] if content else []
                    return function(*found.groups(), *more)
            raise Refused(404, f"Not found: {self.path}")

        do_GET = do_POST = do_PATCH = _answer  # noqa: N815 - the base class looks for these

        def log_message(self, *args: object) -> None:
            """Quiet: a test's output is for failures."""

    return Handler
