"""The service as the command line sees it: HTTP with a token, problems as sentences."""

from __future__ import annotations

import hashlib
import json
import time
from contextlib import closing, contextmanager
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote, urlsplit

import httpx2
import typer

from flinkjobrunner.config import load_settings
from flinkjobrunner.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping
    from pathlib import Path

    from flinkjobrunner.config import Settings

_RECONNECTS = 10
_LONGEST_PAUSE_SECONDS = 5.0
# What a service (or a proxy before it) answers while it is being restarted.
_OUTAGES = (502, 503, 504)
_MEDIA_TYPES = {
    ".ttl": "text/turtle",
    ".nt": "application/n-triples",
    ".trig": "application/trig",
    ".jsonld": "application/ld+json",
    ".json": "application/ld+json",
}


class ServiceError(Exception):
    """The service refused, or could not be reached; the text is for the person who asked."""


class _OutageError(Exception):
    """The service is away for a while."""


@contextmanager
def one_sentence() -> Iterator[None]:
    """What goes wrong is said on standard error, without a traceback; exit code 1."""
    try:
        yield
    except (ServiceError, ConfigurationError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None


class Service:
    """The calls that the commands need."""

    def __init__(self, settings: Settings | None = None) -> None:
        settings = settings or load_settings()
        self._url = settings.service_url.rstrip("/")
        headers = {}
        if settings.service_token is not None:
            headers["Authorization"] = f"Bearer {settings.service_token.get_secret_value()}"
        try:
            self._client = httpx2.Client(
                base_url=self._url,
                headers=headers,
                timeout=30,
                # A proxy of the environment has no way to this machine's own loopback.
                trust_env=not _is_loopback(self._url),
            )
        except (ValueError, httpx2.InvalidURL):
            raise ServiceError(f"FLINKJOBRUNNER_URL: {self._url} is not a URL") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def get(self, path: str, **query: Any) -> Any:
        return self._call("GET", path, params=query).json()

    def page(self, path: str, **query: Any) -> tuple[Any, Mapping[str, str]]:
        """With the headers, which say where the list stands."""
        response = self._call("GET", path, params=query)
        return response.json(), response.headers

    def post(self, path: str, body: Any = None) -> Any:
        return self._call("POST", path, **({"json": body} if body is not None else {})).json()

    def text(self, path: str) -> Iterator[str]:
        with (
            self._reached(),
            self._client.stream("GET", path, headers={"Accept": "text/plain"}) as response,
        ):
            _refuse(response)
            yield from response.iter_text()

    def upload(self, file: Path) -> str:
        """Send a file; the answer is the URL by which a job can name it."""
        try:
            content = file.read_bytes()
        except OSError as error:
            raise ServiceError(f"{file}: {error.strerror}") from None
        digest = hashlib.sha256(content).hexdigest()
        media_type = _MEDIA_TYPES.get(file.suffix.lower(), "application/octet-stream")
        headers = {"Content-Type": media_type}
        self._call("PUT", f"/inputs/{digest}", content=content, headers=headers)
        return f"input:{digest}"

    def follow(self, job_id: str, on_line: Callable[[str], None]) -> dict[str, Any]:
        """Hand over each log line as it comes, across interruptions; the answer is the job."""
        with closing(self._events(f"{job_path(job_id)}/logs")) as events:
            for event in events:
                if event.event == "message":
                    on_line(event.data)
                elif event.event == "end":
                    break
        job: dict[str, Any] = self.get(job_path(job_id))
        return job

    def listen(self, path: str, on_data: Callable[[str], None], **query: Any) -> None:
        """Hand over what a stream without an end tells, across interruptions."""
        with closing(self._events(path, **query)) as events:
            for event in events:
                on_data(event.data)

    def _events(self, path: str, **query: Any) -> Generator[httpx2.ServerSentEvent, None, None]:
        """Of a stream that was opened once the end is only an interruption: it goes on after the
        last event that was seen."""
        last, failures, opened = "", 0, False
        while failures <= _RECONNECTS:
            try:
                with self._stream(path, last, query) as response:
                    failures, opened = 0, True
                    for event in httpx2.EventSource(response):
                        # The library takes how long to wait before a reconnect for an event too.
                        if event.retry is None:
                            last = event.id or last
                            yield event
            except (httpx2.HTTPError, _OutageError) as error:
                if not opened:
                    raise self._absence(error) from None
            failures += 1
            time.sleep(min(0.2 * 2**failures, _LONGEST_PAUSE_SECONDS))
        raise ServiceError(f"the connection to {self._url} breaks again and again")

    @contextmanager
    def _stream(self, path: str, last: str, query: dict[str, Any]) -> Iterator[httpx2.Response]:
        headers = {"Accept": "text/event-stream"} | ({"Last-Event-ID": last} if last else {})
        # Heartbeats come every 15 s; silence for longer is a broken connection.
        with self._client.stream(
            "GET", path, params=query, headers=headers, timeout=45
        ) as response:
            if response.status_code in _OUTAGES:
                raise _OutageError(f"status {response.status_code}")
            _refuse(response)
            yield response

    def _call(self, method: str, path: str, **arguments: Any) -> httpx2.Response:
        with self._reached():
            response = self._client.request(method, path, **arguments)
        _refuse(response)
        return response

    @contextmanager
    def _reached(self) -> Iterator[None]:
        try:
            yield
        except httpx2.InvalidURL:
            raise ServiceError(f"FLINKJOBRUNNER_URL: {self._url} is not a URL") from None
        except httpx2.HTTPError as error:
            raise self._absence(error) from None

    def _absence(self, error: Exception) -> ServiceError:
        what = str(error) if isinstance(error, _OutageError) else type(error).__name__
        return ServiceError(
            f"the service at {self._url} does not answer ({what});"
            " start it with `flinkjobrunner up`, or set FLINKJOBRUNNER_URL"
        )


def job_path(job_id: str) -> str:
    return f"/jobs/{quote(job_id, safe='')}"


def deployment_path(name: str) -> str:
    return f"/deployments/{quote(name, safe='')}"


def _refuse(response: httpx2.Response) -> None:
    if response.status_code < 400:
        return
    response.read()
    try:
        problem = json.loads(response.text)
        text = f"{problem['code']}: {problem.get('detail') or problem['title']}"
    except (ValueError, KeyError, TypeError):
        raise ServiceError(
            f"{response.url.host} answered {response.status_code}, and not as this service does"
        ) from None
    raise ServiceError(text + (f"\n{problem['hint']}" if problem.get("hint") else ""))


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
