"""Fetches one URL into a file, within limits, connecting only where the policy lets it.

A name is looked up once; the addresses it has then are judged, and the connection goes to one of
them by number, so that a second look-up cannot lead elsewhere. TLS still verifies the name. A
watchdog bounds the whole time, which time-outs of single reads do not: a server may drip.
"""

from __future__ import annotations

import hashlib
import os
import socket
import tempfile
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import TYPE_CHECKING

import httpx2

from flinkjobrunner.fetch.policy import FetchError, Policy

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator

    Address = IPv4Address | IPv6Address
    Resolver = Callable[[str, int], list[Address]]

_REDIRECTS = {301, 302, 303, 307, 308}
_CHUNK = 64 * 1024


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Bytes as they are stored, and as they come over the wire; seconds."""

    most_bytes: int = 64 * 1024 * 1024
    connect_seconds: float = 5.0
    read_seconds: float = 15.0
    total_seconds: float = 120.0
    redirects: int = 3


@dataclass(frozen=True, kw_only=True)
class Fetched:
    sha256: str
    size: int
    media_type: str | None


class Fetcher:
    def __init__(
        self,
        policy: Policy,
        limits: Limits | None = None,
        *,
        resolver: Resolver | None = None,
        verify: ssl.SSLContext | bool = True,
    ) -> None:
        self._policy = policy
        self._limits = limits or Limits()
        self._resolve = resolver or resolve
        self._verify = verify

    def fetch(self, url: str, target: Path) -> Fetched:
        """Into a file that is there as a whole or not at all."""
        deadline = time.monotonic() + self._limits.total_seconds
        current = _parsed(url)
        for step in range(self._limits.redirects + 1):
            location = self._get(current, target, deadline, credentials=step == 0)
            if isinstance(location, Fetched):
                return location
            current = _redirected(current, location)
        raise FetchError(
            "too-many-redirects",
            f"the URL redirects more than {self._limits.redirects} times",
            "Give the address that it ends at.",
        )

    def _get(
        self, url: httpx2.URL, target: Path, deadline: float, *, credentials: bool
    ) -> Fetched | str:
        """The file, or where the answer redirects to."""
        address = self._checked_address(url)
        with self._connection(deadline) as client, _named(deadline):
            request = client.build_request(
                "GET",
                url.copy_with(host=str(address), username=None, password=None, fragment=None),
                headers={"Host": url.netloc.decode("ascii"), "Accept": "*/*"},
                extensions={
                    "sni_hostname": url.raw_host.decode("ascii"),
                    "timeout": self._timeout(deadline),
                },
            )
            auth = (url.username, url.password) if credentials and url.username else None
            response = client.send(request, stream=True, auth=auth, follow_redirects=False)
            try:
                if response.status_code in _REDIRECTS and "location" in response.headers:
                    return str(response.headers["location"])
                if response.status_code != 200:
                    raise _status(response.status_code)
                return self._store(response, target, deadline)
            finally:
                response.close()

    def _checked_address(self, url: httpx2.URL) -> Address:
        host, port = url.host, url.port or (443 if url.scheme == "https" else 80)
        addresses = self._resolve(host, port)
        self._policy.check(host, port, addresses)
        if url.scheme != "https" and not self._policy.allows(host, port, addresses):
            raise FetchError(
                "url-scheme-refused",
                "the URL is http, which anybody on the way could change",
                "Give an https URL, or let an operator name its host in RUNNER_FETCH_ALLOW.",
            )
        return addresses[0]

    @contextmanager
    def _connection(self, deadline: float) -> Iterator[httpx2.Client]:
        """No proxy, no credentials of the environment, and an end at the deadline."""
        client = httpx2.Client(verify=self._verify, trust_env=False)
        watchdog = threading.Timer(max(0.0, deadline - time.monotonic()), client.close)
        watchdog.daemon = True
        watchdog.start()
        try:
            yield client
        finally:
            watchdog.cancel()
            client.close()

    def _timeout(self, deadline: float) -> dict[str, float]:
        left = max(0.001, deadline - time.monotonic())
        connect = min(self._limits.connect_seconds, left)
        read = min(self._limits.read_seconds, left)
        return {"connect": connect, "read": read, "write": read, "pool": connect}

    def _store(self, response: httpx2.Response, target: Path, deadline: float) -> Fetched:
        digest, size, most = hashlib.sha256(), 0, self._limits.most_bytes
        declared = response.headers.get("content-length", "")
        if declared.isdecimal() and int(declared) > most:
            raise _too_large(most)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-")
        try:
            with os.fdopen(handle, "wb") as file:
                for chunk in response.iter_bytes(_CHUNK):
                    size += len(chunk)
                    if max(size, response.num_bytes_downloaded) > most:
                        raise _too_large(most)
                    if time.monotonic() > deadline:
                        raise _timed_out()
                    digest.update(chunk)
                    file.write(chunk)
            Path(name).replace(target)
        finally:
            Path(name).unlink(missing_ok=True)
        media_type = response.headers.get("content-type")
        return Fetched(sha256=digest.hexdigest(), size=size, media_type=media_type)


def resolve(host: str, port: int) -> list[Address]:
    """Every address that the name has now."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise FetchError(
            "unreachable", "the URL's host has no address", "Is the name spelt right?"
        ) from None
    texts = dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found)
    return [ip_address(text) for text in texts]


def _parsed(url: str) -> httpx2.URL:
    try:
        parsed = httpx2.URL(url)
    except (httpx2.InvalidURL, ValueError):
        raise FetchError("url-invalid", "this is not a URL") from None
    if parsed.scheme not in ("https", "http"):
        raise FetchError(
            "url-scheme-refused", "the URL is not https", "Only https URLs are fetched."
        )
    if not parsed.host:
        raise FetchError("url-invalid", "the URL names no host")
    return parsed


def _redirected(url: httpx2.URL, location: str) -> httpx2.URL:
    try:
        joined = url.join(location)
    except (httpx2.InvalidURL, ValueError):
        raise FetchError("unreachable", "the URL redirects to something that is no URL") from None
    return _parsed(str(joined))


@contextmanager
def _named(deadline: float) -> Iterator[None]:
    """Exceptions of the HTTP library as errors of ours, without addresses and bodies."""
    try:
        yield
    except httpx2.TimeoutException:
        raise _timed_out() from None
    except (httpx2.HTTPError, httpx2.StreamError, RuntimeError) as error:
        # The watchdog closes the client under its reader, who then fails in some way or other.
        if time.monotonic() >= deadline:
            raise _timed_out() from None
        if isinstance(error, httpx2.DecodingError):
            raise FetchError("unreachable", "the file is damaged: it cannot be decoded") from None
        raise FetchError(
            "unreachable",
            "the server could not be reached, or broke off",
            "Does the URL work from this machine?",
        ) from None


def _status(status: int) -> FetchError:
    hints = {
        401: "Has the presigned URL expired?",
        403: "Has the presigned URL expired?",
        404: "Is the path right, and has the file been uploaded?",
    }
    return FetchError("http-status", f"the server answered {status}", hints.get(status, ""))


def _too_large(most: int) -> FetchError:
    return FetchError(
        "too-large",
        f"the file is larger than {most // (1024 * 1024)} MiB",
        "Split it: a job takes several URLs.",
    )


def _timed_out() -> FetchError:
    return FetchError("timed-out", "the file did not arrive in time", "Is the server overloaded?")
