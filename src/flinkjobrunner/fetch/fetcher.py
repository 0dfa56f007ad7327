"""Fetches one URL into a file, within limits, connecting only where the policy lets it."""

from __future__ import annotations

import hashlib
import os
import ssl
import tempfile
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import httpcore2
import httpx2

from flinkjobrunner.fetch import errors
from flinkjobrunner.fetch.connection import Deadline, Transport
from flinkjobrunner.fetch.decoding import ACCEPTED, decoded
from flinkjobrunner.fetch.errors import FetchError
from flinkjobrunner.fetch.resolve import resolve

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flinkjobrunner.fetch.policy import Address, Policy
    from flinkjobrunner.fetch.resolve import Resolver

_PORTS = {"https": 443, "http": 80}
_REDIRECTS = frozenset((301, 302, 303, 307, 308))


@dataclass(frozen=True, kw_only=True)
class Limits:
    """`most_bytes` counts as the file is stored, and again as it comes over the wire."""

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
    """`resolver` and `context` replace the system's look-up and its trusted authorities."""

    def __init__(
        self,
        policy: Policy,
        limits: Limits | None = None,
        *,
        resolver: Resolver = resolve,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._policy = policy
        self._limits = limits or Limits()
        self._resolve = resolver
        self._given_context = context

    def fetch(self, url: str, target: Path) -> Fetched:
        """Into a file that is there as a whole or not at all."""
        deadline = Deadline.in_seconds(self._limits.total_seconds)
        current = _parsed(url)
        credentials = (current.username, current.password) if current.username else None
        for _ in range(self._limits.redirects + 1):
            found = self._get(current, credentials, target, deadline)
            if isinstance(found, Fetched):
                return found
            # Whoever is redirected to was not given the credentials by their owner.
            current, credentials = _redirected(current, found), None
        raise FetchError(
            "too-many-redirects",
            f"the URL redirects more than {self._limits.redirects} times",
            "Give the address that it ends at.",
        )

    def _get(
        self,
        url: httpx2.URL,
        credentials: tuple[str, str] | None,
        target: Path,
        deadline: Deadline,
    ) -> Fetched | str:
        """The file, or where the answer redirects to."""
        with _named():
            transport = Transport(
                self._addresses(url, deadline),
                deadline,
                self._context if url.scheme == "https" else None,
            )
            with httpx2.Client(transport=transport, trust_env=False) as client:
                request = self._request(client, url)
                response = client.send(
                    request, stream=True, auth=credentials, follow_redirects=False
                )
                with closing(response):
                    if response.status_code in _REDIRECTS and "location" in response.headers:
                        return str(response.headers["location"])
                    if response.status_code != 200:
                        raise errors.status(response.status_code)
                    return self._store(response, target)

    def _addresses(self, url: httpx2.URL, deadline: Deadline) -> Sequence[Address]:
        """Where the host is; every address of it has passed the policy."""
        host, port = url.raw_host.decode("ascii"), url.port or _PORTS[url.scheme]
        addresses = self._resolve(host, port, deadline.within(self._limits.connect_seconds))
        self._policy.require(host, port, addresses, secure=url.scheme == "https")
        return addresses

    def _request(self, client: httpx2.Client, url: httpx2.URL) -> httpx2.Request:
        limits = self._limits
        extensions: dict[str, object] = {
            "timeout": {
                "connect": limits.connect_seconds,
                "read": limits.read_seconds,
                "write": limits.read_seconds,
                "pool": limits.connect_seconds,
            },
            # No certificate has the dot that ends an absolute name.
            "sni_hostname": url.raw_host.decode("ascii").rstrip("."),
        }
        headers = {"Accept": "*/*", "Accept-Encoding": ACCEPTED, "User-Agent": "flinkjobrunner"}
        bare = url.copy_with(username=None, password=None, fragment=None)
        return client.build_request("GET", bare, headers=headers, extensions=extensions)

    @cached_property
    def _context(self) -> ssl.SSLContext:
        return self._given_context or httpx2.create_ssl_context()

    def _store(self, response: httpx2.Response, target: Path) -> Fetched:
        digest, size, most = hashlib.sha256(), 0, self._limits.most_bytes
        declared = response.headers.get("content-length", "")
        if declared.isdecimal() and int(declared) > most:
            raise errors.too_large(most)
        body = decoded(self._raw(response), response.headers.get("content-encoding", ""))
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-")
        try:
            with os.fdopen(handle, "wb") as file:
                for chunk in body:
                    size += len(chunk)
                    if size > most:
                        raise errors.too_large(most)
                    digest.update(chunk)
                    file.write(chunk)
            Path(name).replace(target)
        finally:
            Path(name).unlink(missing_ok=True)
        media_type = response.headers.get("content-type")
        return Fetched(sha256=digest.hexdigest(), size=size, media_type=media_type)

    def _raw(self, response: httpx2.Response) -> Iterator[bytes]:
        for chunk in response.iter_raw():
            if response.num_bytes_downloaded > self._limits.most_bytes:
                raise errors.too_large(self._limits.most_bytes)
            yield chunk


def _parsed(url: str) -> httpx2.URL:
    try:
        parsed = httpx2.URL(url)
    except (httpx2.InvalidURL, ValueError):
        raise errors.invalid("this is not a URL") from None
    if parsed.scheme not in _PORTS:
        raise FetchError(
            "url-scheme-refused", "the URL is not https", "Only https URLs are fetched."
        )
    if not parsed.host:
        raise errors.invalid("the URL names no host")
    if not 0 < (parsed.port or _PORTS[parsed.scheme]) < 65536:
        raise errors.invalid("the URL's port does not exist")
    return parsed


def _redirected(url: httpx2.URL, location: str) -> httpx2.URL:
    try:
        joined = str(url.join(location))
    except (httpx2.InvalidURL, ValueError):
        raise errors.invalid("the URL redirects to something that is no URL") from None
    return _parsed(joined)


@contextmanager
def _named() -> Iterator[None]:
    """Exceptions of the HTTP library as errors of ours, without addresses and bodies."""
    try:
        yield
    except (httpcore2.TimeoutException, httpx2.TimeoutException):
        raise errors.timed_out() from None
    except httpcore2.ConnectError as error:
        # Its cause is lost on the way; what it was made of is not.
        if any(isinstance(part, ssl.SSLCertVerificationError) for part in error.args):
            raise errors.untrusted() from None
        raise errors.unreachable() from None
    except (httpcore2.NetworkError, httpcore2.ProtocolError, httpx2.HTTPError):
        raise errors.unreachable() from None
