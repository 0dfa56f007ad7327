"""Which addresses a URL of a user may lead to.

Judged are resolved addresses, never the text of a host: whatever the spelling (decimal, octal,
a name that points inside), it is the address that is connected to that counts. Everything that is
not public is refused unless the operator has named it; addresses that hand out a cloud's
credentials are refused even then.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING

from flinkjobrunner.errors import ConfigurationError
from flinkjobrunner.fetch.errors import FetchError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_METADATA = frozenset(
    ip_address(text)
    for text in (
        "169.254.169.254",  # nearly everybody
        "169.254.169.253",
        "169.254.170.2",  # AWS: tasks of ECS
        "169.254.170.23",  # AWS: pods of EKS
        "169.254.0.23",  # Tencent
        "100.100.100.200",  # Alibaba
        "168.63.129.16",  # Azure
        "192.0.0.192",  # Oracle
        "fd00:ec2::254",
        "fd00:ec2::23",
        "fd20:ce::254",  # Google
        "fe80::a9fe:a9fe",  # OpenStack
    )
)
# Of IPv6 only this is handed out to the public; the rest is local, reserved, or IPv4 in disguise.
_PUBLIC_V6 = IPv6Network("2000::/3")
# Within it, they lead to an IPv4 address or are for documentation and experiments.
_NOT_PUBLIC = (
    IPv6Network("2001::/23"),
    IPv6Network("2001:db8::/32"),
    IPv6Network("2002::/16"),
    IPv6Network("3fff::/20"),
    # Which parts of the first are global has changed with Python's patch releases.
    IPv4Network("192.0.0.0/24"),
    IPv4Network("192.88.99.0/24"),
)
_NAT64_LOCAL = IPv6Network("64:ff9b:1::/48")
_LAST_FOUR_BYTES = tuple(
    IPv6Network(text) for text in ("::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96")
)


@dataclass(frozen=True, kw_only=True)
class Policy:
    """What RUNNER_FETCH_ALLOW names: hosts, host:port, addresses or networks."""

    hosts: frozenset[str] = frozenset()
    ports: frozenset[tuple[str, int]] = frozenset()
    networks: tuple[Network, ...] = ()

    @classmethod
    def of(cls, entries: Iterable[str]) -> Policy:
        hosts: set[str] = set()
        ports: set[tuple[str, int]] = set()
        networks: list[Network] = []
        for entry in entries:
            network = _network(entry)
            if network is not None:
                networks.append(network)
                continue
            host, port = _host_and_port(entry)
            if port is None:
                hosts.add(host)
            else:
                ports.add((host, port))
        return cls(hosts=frozenset(hosts), ports=frozenset(ports), networks=tuple(networks))

    def require(self, host: str, port: int, addresses: Sequence[Address], *, secure: bool) -> None:
        """Every address must pass, or none is used. `secure`: the URL is https."""
        if any(map(is_metadata, addresses)):
            raise FetchError(
                "url-not-allowed",
                "the URL leads to an address that hands out a machine's credentials",
                "Such an address is never fetched, whatever RUNNER_FETCH_ALLOW says.",
            )
        allowed = [self._allows(host, port, address) for address in addresses]
        public = map(is_public, addresses)
        if not all(one or other for one, other in zip(allowed, public, strict=True)):
            raise FetchError(
                "url-not-allowed",
                "the URL leads to a private address",
                "An operator can allow its host, host:port or network in RUNNER_FETCH_ALLOW.",
            )
        if not secure and not all(allowed):
            raise FetchError(
                "url-scheme-refused",
                "the URL is http, which anybody on the way could change",
                "Give an https URL, or let an operator name its host in RUNNER_FETCH_ALLOW.",
            )

    def _allows(self, host: str, port: int, address: Address) -> bool:
        """Whether the operator has named this place: then it may be private, and use http."""
        for name in (host.lower().rstrip("."), str(address)):
            if name in self.hosts or (name, port) in self.ports:
                return True
        return any(address in network for network in self.networks)


def is_public(address: Address) -> bool:
    if isinstance(address, IPv6Address) and address not in _PUBLIC_V6:
        return False
    if any(address in network for network in _NOT_PUBLIC):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def is_metadata(address: Address) -> bool:
    """Also by way of an IPv6 address that leads to one of IPv4."""
    return address in _METADATA or any(inner in _METADATA for inner in _inside(address))


def _inside(address: Address) -> list[IPv4Address]:
    if isinstance(address, IPv4Address):
        return []
    found = [*(address.teredo or ()), *([address.sixtofour] if address.sixtofour else [])]
    number = int(address)
    if address in _NAT64_LOCAL or any(address in network for network in _LAST_FOUR_BYTES):
        found.append(IPv4Address(number & 0xFFFFFFFF))
    if address in _NAT64_LOCAL:
        # After 48 bits the IPv4 address is split by eight bits that are zero (RFC 6052).
        found.append(IPv4Address((number >> 64 & 0xFFFF) << 16 | number >> 40 & 0xFFFF))
    return found


def _network(entry: str) -> Network | None:
    try:
        return ip_network(entry.strip("[]"), strict=False)
    except ValueError:
        if "/" in entry:
            raise ConfigurationError(
                f"RUNNER_FETCH_ALLOW: {entry!r} is no network; expected such as 10.0.0.0/8"
            ) from None
        return None


def _host_and_port(entry: str) -> tuple[str, int | None]:
    host, separator, port = entry.rpartition(":")
    if not separator:
        return _host(entry), None
    if not port.isdecimal() or not 0 < int(port) < 65536 or not host:
        raise ConfigurationError(
            f"RUNNER_FETCH_ALLOW: {entry!r} is neither a host, a host:port nor a network"
        )
    return _host(host), int(port)


def _host(text: str) -> str:
    """As a URL's host is compared: names in the form that goes over the wire, addresses short."""
    bare = text.strip("[]").lower().rstrip(".")
    try:
        return str(ip_address(bare))
    except ValueError:
        pass
    try:
        return bare.encode("idna").decode("ascii")
    except UnicodeError:
        raise ConfigurationError(f"RUNNER_FETCH_ALLOW: {text!r} is no host") from None
