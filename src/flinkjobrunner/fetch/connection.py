"""Connections that go to addresses which were judged before, and end at a deadline.

The HTTP library keeps the name for the Host header, SNI and the certificate, but opening the
socket is left to us: a second look-up, which could lead elsewhere, does not happen. Time-outs of
single reads are no bound for a server that drips, so every read gets what is left of the whole.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpcore2
import httpx2

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable, Iterator, Sequence

    from flinkjobrunner.fetch.policy import Address


@dataclass(frozen=True, kw_only=True)
class Deadline:
    at: float

    @classmethod
    def in_seconds(cls, seconds: float) -> Deadline:
        return cls(at=time.monotonic() + seconds)

    def within(self, seconds: float | None) -> float:
        """So many seconds, or what is left; raises when nothing is."""
        left = self.at - time.monotonic()
        if left <= 0:
            raise httpcore2.ReadTimeout
        return left if seconds is None else min(seconds, left)


class Transport(httpx2.BaseTransport):
    """For one request to one host, whose addresses are given."""

    def __init__(
        self, addresses: Sequence[Address], deadline: Deadline, context: ssl.SSLContext | None
    ) -> None:
        self._pool = httpcore2.ConnectionPool(
            ssl_context=context, network_backend=_Network(addresses, deadline)
        )

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        url = request.url
        response = self._pool.handle_request(
            httpcore2.Request(
                method=request.method,
                url=httpcore2.URL(
                    scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                ),
                headers=request.headers.raw,
                extensions=request.extensions,
            )
        )
        return httpx2.Response(
            status_code=response.status,
            headers=response.headers,
            stream=_Body(response),
            extensions=response.extensions,
        )

    def close(self) -> None:
        self._pool.close()


class _Body(httpx2.SyncByteStream):
    def __init__(self, response: httpcore2.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        yield from self._response.iter_stream()

    def close(self) -> None:
        self._response.close()


class _Network(httpcore2.NetworkBackend):
    def __init__(self, addresses: Sequence[Address], deadline: Deadline) -> None:
        self._addresses = addresses
        self._deadline = deadline
        self._system = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,  # noqa: ARG002 - it was looked up, and judged, before
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        """To the first of the addresses that answers."""
        failure: Exception = httpcore2.ConnectError("there is no address")
        for address in self._addresses:
            within = self._deadline.within(timeout)
            try:
                stream = self._system.connect_tcp(
                    str(address), port, within, local_address, socket_options
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
            else:
                return _Stream(stream, self._deadline)
        raise failure


class _Stream(httpcore2.NetworkStream):
    def __init__(self, stream: httpcore2.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.within(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.within(timeout))

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        within = self._deadline.within(timeout)
        secured = self._stream.start_tls(ssl_context, server_hostname, within)
        return _Stream(secured, self._deadline)

    def close(self) -> None:
        self._stream.close()

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
