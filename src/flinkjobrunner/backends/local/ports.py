"""TCP addresses of the embedded parts: those that users know are fixed, others any free port."""

from __future__ import annotations

import secrets
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

LOOPBACK = "127.0.0.1"
# Below what Linux (32768) and macOS (49152) give to outgoing connections.
_SERVER_PORTS = range(20_000, 32_000)


@dataclass(frozen=True, kw_only=True)
class Address:
    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> Address:
        """Of `host:port`, of the first of several separated by commas, or of a URL."""
        first = text.split(",", maxsplit=1)[0].strip()
        try:
            parts = urlsplit(first if "://" in first else f"//{first}")
            host, port = parts.hostname, parts.port
        except ValueError:  # no number, a number too large, or brackets that do not match
            host = port = None
        if host is None or port is None:
            raise ValueError(f"{text!r} is not host:port")
        return cls(host=host, port=port)

    @property
    def reachable_host(self) -> str:
        """A host to connect to: a server bound to every interface answers on the loopback one."""
        return {"0.0.0.0": LOOPBACK, "::": "::1"}.get(self.host, self.host)  # noqa: S104 - not bound here

    def with_port(self) -> Address:
        """With a free port instead of port 0."""
        return self if self.port else free_address(self.host)

    @property
    def reachable(self) -> str:
        """As a client writes it."""
        return str(Address(host=self.reachable_host, port=self.port))

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"

    def is_free(self) -> bool:
        """Whether a server could listen here; fading connections of an earlier one do not count."""
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self.host, self.port))
            except OSError:
                return False
        return True

    def accepts(self) -> bool:
        """Whether somebody listens here."""
        try:
            socket.create_connection((self.reachable_host, self.port), timeout=0.5).close()
        except OSError:
            return False
        return True


def free_address(host: str = LOOPBACK) -> Address:
    """A port that nobody listens on now, and that no outgoing connection will be given.

    A port that the system chooses is of the range which outgoing connections use as
    well: one of them may have taken it before the server, slow to start, listens there.
    """
    while True:
        address = Address(
            host=host, port=_SERVER_PORTS.start + secrets.randbelow(len(_SERVER_PORTS))
        )
        if address.is_free():
            return address
