"""`demo`: everything started, the example plant deployed and replayed. What `make run` shows."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flinkjobrunner.cli.client import Service
    from flinkjobrunner.config import Settings

# As many transitions as fit a terminal beside what was said before; the page has them all.
_SHOWN = 14


def register(app: typer.Typer) -> None:
    app.command()(demo)


def demo() -> None:
    """Start everything, deploy the example plant, replay it, show its alerts; Ctrl-C ends it."""
    from flinkjobrunner.cli import running
    from flinkjobrunner.cli.client import one_sentence as of_the_service
    from flinkjobrunner.cli.up import one_sentence

    clock = _Clock()
    with one_sentence(), of_the_service(), running.interruptible():
        with suppress(KeyboardInterrupt), ExitStack() as life:
            _run(clock, life)
        clock.say("Ended.")


class _Clock:
    """Says things with the seconds since the start."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def say(self, text: str) -> None:
        typer.echo(text)

    def tell(self, text: str) -> None:
        self.say(f"  {time.monotonic() - self._began:5.1f} s  {text}")


def _run(clock: _Clock, life: ExitStack) -> None:
    from flinkjobrunner.backends.local.stack import Stack
    from flinkjobrunner.cli.playback import Playback
    from flinkjobrunner.cli.running import Progress
    from flinkjobrunner.config import checkout_root

    plant = checkout_root() / "examples" / "plant"
    files = life.enter_context(_served(plant))
    # Nothing else on this machine becomes reachable by a URL that somebody posts.
    allowed = [os.environ.get("RUNNER_FETCH_ALLOW", ""), files]
    os.environ["RUNNER_FETCH_ALLOW"] = ",".join(filter(None, allowed))
    clock.say("Starting PostgreSQL, Kafka, Flink, the service and its worker")
    stack = life.enter_context(Stack(Progress(clock.say), clock.say))
    service = life.enter_context(_service(stack.settings))
    clock.say("Deploying the example plant: POST /jobs")
    _deploy(clock, service, files)
    shown = _Shown(clock)
    life.enter_context(shown.listening(service))
    playback = life.enter_context(
        Playback(stack.settings.kafka_bootstrap, plant / "recording-ngsi-ld.ndjson")
    )
    clock.say(f"Replaying two minutes of the plant in {playback.seconds:.0f} s; its alerts:")
    playback.play()
    shown.settled()
    url = stack.settings.service_url
    standing = len(service.get("/alerts", limit=500)["items"])
    clock.say(f"{standing} alerts stand. They are at {url} (Ctrl-C ends everything)")
    while True:
        signal.pause()


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    """The example's files over HTTP, as anybody's would be; the value is host and port."""

    class Handler(SimpleHTTPRequestHandler):
        # Not to be annotated anew: the base class declares it.
        extensions_map = {**SimpleHTTPRequestHandler.extensions_map, ".ttl": "text/turtle"}  # noqa: RUF012

        def log_message(self, *_: Any) -> None:
            """Quiet: the terminal is for what the service says."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def _service(settings: Settings) -> Service:
    from flinkjobrunner.cli.client import Service

    token = settings.service_token or settings.token
    return Service(settings.model_copy(update={"service_token": token}))


def _deploy(clock: _Clock, service: Service, files: str) -> None:
    from flinkjobrunner.cli.client import ServiceError

    job = service.post(
        "/jobs",
        {
            "urls": {
                "shacl": f"http://{files}/shapes.ttl",
                "knowledge": f"http://{files}/knowledge.ttl",
            }
        },
    )
    job = service.follow(job["jobId"], lambda line: clock.say(f"          | {line}"))
    if job["status"] != "SUCCEEDED":
        error = job.get("error") or {"message": "see its log"}
        raise ServiceError(f"The job {job['jobId']} is {job['status']}: {error['message']}")
    clock.tell("deployed: every change of an entity is validated from now on")


class _Shown:
    """Prints the first transitions in plain words as they come."""

    def __init__(self, clock: _Clock) -> None:
        self._clock = clock
        self._count = 0
        self._raised: set[str] = set()
        self._left_over = 0
        self._lines = 0
        self._changed = threading.Condition()

    @contextmanager
    def listening(self, service: Service) -> Iterator[None]:
        _, headers = service.page("/alerts", limit=1)
        listener = partial(
            service.listen, "/alerts/stream", self._take, after=headers["Alerts-Position"]
        )
        threading.Thread(target=_until_the_end, args=(listener,), daemon=True).start()
        yield

    def _take(self, data: str) -> None:
        alert = json.loads(data)
        with self._changed:
            self._count += 1
            self._changed.notify_all()
            self._tell(alert)

    def _tell(self, alert: dict[str, Any]) -> None:
        from flinkjobrunner.alerts import words

        cleared = alert["state"] == "cleared"
        if cleared and alert["alertId"] not in self._raised:
            # All begins in order once more, which clears what stood at the end of the last run.
            self._left_over += 1
            return
        self._raised.add(alert["alertId"])
        if self._left_over:
            self._clock.tell(
                f"{'cleared':20}what stood at the end of the last run ({self._left_over})"
            )
            self._left_over = 0
        if self._lines == _SHOWN:
            self._clock.tell("... and more")
        elif self._lines < _SHOWN:
            severity = "" if cleared else words.severity(alert["severity"]).word
            self._clock.tell(f"{alert['state']:8}{severity:12}{words.sentence(alert)}")
        self._lines += 1

    def settled(self, quiet_seconds: float = 6.0) -> None:
        """Until nothing has changed for a moment: the last raises may still be waiting."""
        with self._changed:
            while True:
                before = self._count
                self._changed.wait(quiet_seconds)
                if self._count == before:
                    return


def _until_the_end(listener: Any) -> None:
    """The stream breaks when the stack ends; that is no news then."""
    with suppress(Exception):
        listener()
